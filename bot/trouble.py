"""A failure that a person can put right: its text says what is wrong and what to do, and no traceback is shown."""


class Trouble(Exception):
    """Something that keeps Muster from working and is no fault of its code."""
