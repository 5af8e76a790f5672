"""A run as files: everything that is known of it, for people and for programs."""
