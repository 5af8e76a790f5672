"""What an examination finds: a sentence for each thing that was tried, and what to do where it is not well."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.text import Text

_SIGNS = {"well": ("✓", "green"), "ill": ("✗", "red"), "note": ("–", "dim")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: well, ill, or to be noted.

    `still` says what works although it is ill; empty, and nothing does.
    """

    state: Literal["well", "ill", "note"]
    words: str
    remedy: str = ""
    still: str = ""

    def shown(self) -> Text:
        """Return it as lines for the terminal."""
        sign, style = _SIGNS[self.state]
        lines = Text.assemble((sign, style), f" {self.words}")
        lines.append(f"\n    → {self.remedy}" if self.remedy else "")
        return lines.append(f"\n    Works all the same: {self.still}" if self.still else "")


def verdict(findings: Sequence[Finding]) -> str:
    """Return in a sentence whether Muster can work, and what has to be seen to."""
    troubles = [finding for finding in findings if finding.state == "ill"]
    if not troubles:
        return "Muster can work."
    if any(not finding.still for finding in troubles):
        return "Muster cannot work like this; see what stands behind ✗."
    return "Muster can work, but not all of it does; see what stands behind ✗, and what works all the same."


def well(words: str) -> Finding:
    """Return that something works."""
    return Finding("well", words)


def ill(words: str, remedy: str, still: str = "") -> Finding:
    """Return that something does not work, and what `still` does."""
    return Finding("ill", words, remedy, still)


def note(words: str, remedy: str = "") -> Finding:
    """Return what is good to know, and keeps nothing from working."""
    return Finding("note", words, remedy)
