"""The tables, with their own small rules."""
