"""What a playbook says of its retrospectives."""

from pydantic import Field

from handlers.playbooks import values as of
from handlers.playbooks.metrics import MOST, Metric


class Retrospective(of.Part):
    """What is asked when a run is over, and the `metrics` that its runs are compared by."""

    metrics: tuple[Metric, ...] = Field(default=(), max_length=MOST)
