"""What the figures mean: pure functions over what is known of runs; `docs/metrics.md` says the same in words."""
