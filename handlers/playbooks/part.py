"""What all parts of a playbook have in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a playbook: what it does not know it refuses, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
