"""A playbook as fields that are filled in: its parts, what they hold, what people wrote, and two who write at once."""
