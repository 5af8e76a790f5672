"""Attributes of a run: shown, given values by command, dialog and page, and taken away."""
