"""What fixed menus offer, as the routes declare it; what is drawn is told here, and needs no handler."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """An item of a menu; its label is a block of the template of what it leads to."""

    name: str
    template: str
    finished: bool = False

    @property
    def block(self) -> str:
        """Return the name of the label's block."""
        return f"item_{self.name.replace('.', '_')}"


Menus = Mapping[str, Sequence[Offer]]
"""All fixed menus by the names of their controls."""
