"""One decision: read, decide, write, and what leaves with it."""
