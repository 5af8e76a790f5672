"""What a page is asked for, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.events import Person
from store import Flash


class NotThere(Exception):
    """There is no such page, or not for who asks: both get the same answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as its address names it: `path` holds the parts that vary, `query` what stands behind the question mark.

    Of a name that stands there more than once the last counts. `told` is what came of the form that led here.
    """

    asker: Person
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Flash, ...] = ()

    def number(self, name: str) -> int:
        """Return a number of the address. Raises `NotThere` where that is none which a row can have."""
        written = self.path.get(name, "")
        if not (written.isascii() and written.isdigit() and len(written) < 10):
            raise NotThere
        return int(written)
