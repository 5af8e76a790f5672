"""One transaction's rows: read once, kept, and written when it ends."""
