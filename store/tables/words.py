"""The words that stand in the tables, each set of them declared once."""

from typing import Literal

JobKind = Literal["archive", "digest", "fold", "task_due", "task_soon", "turn", "update"]
"""What is planned; each has its handler in `handlers/routes/events.py`."""
