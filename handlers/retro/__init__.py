"""Looking back on a run: the draft is asked for, written, read by others, published or skipped."""
