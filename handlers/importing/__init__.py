"""Bringing playbooks along, asked for in a message with files, or on a page."""
