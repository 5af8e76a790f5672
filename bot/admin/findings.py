"""What an examination finds: a sentence for each thing that was tried, and what to do where it is not well."""

from dataclasses import dataclass
from typing import Literal

from rich.text import Text

_SIGNS = {"well": ("✓", "green"), "ill": ("✗", "red"), "note": ("–", "dim")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: well, ill (then nothing works without it), or to be noted."""

    state: Literal["well", "ill", "note"]
    words: str
    remedy: str = ""

    def shown(self) -> Text:
        """Return it as lines for the terminal."""
        sign, style = _SIGNS[self.state]
        lines = Text.assemble((sign, style), f" {self.words}")
        return lines.append(f"\n    → {self.remedy}") if self.remedy else lines


def well(words: str) -> Finding:
    """Return that something works."""
    return Finding("well", words)


def ill(words: str, remedy: str) -> Finding:
    """Return that something needed does not work."""
    return Finding("ill", words, remedy)


def note(words: str, remedy: str = "") -> Finding:
    """Return what is good to know, and keeps nothing from working."""
    return Finding("note", words, remedy)
