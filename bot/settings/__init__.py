"""What can be set: the sections, their defaults, and where values come from."""
