"""What each keyword of a playbook led to, when somebody said it: a run, a no, or nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from store import PromptState


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that named a playbook: which of its keywords were said, and what became of it.

    `is_mine` tells that this playbook was started, not another one that was offered beside it.
    """

    words: tuple[str, ...]
    state: PromptState
    is_mine: bool


@dataclass(frozen=True, slots=True)
class LedTo:
    """A keyword: how often it was asked about, how often the run was `started`, `declined`, or nobody answered."""

    word: str
    n: int = 0
    started: int = 0
    declined: int = 0
    ignored: int = 0
    waiting: int = 0


def led_to(asked: Iterable[Asked]) -> tuple[LedTo, ...]:
    """Return what each keyword led to, the most frequent first; who starts another playbook declines this one."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in asked:
        for word in one.words:
            found[word].append(_came(one))
    told = [
        LedTo(word, len(came), *(came.count(what) for what in ("started", "declined", "ignored", "waiting")))
        for word, came in found.items()
    ]
    return tuple(sorted(told, key=lambda one: (-one.n, one.word)))


def _came(one: Asked) -> str:
    match one.state:
        case "started":
            return "started" if one.is_mine else "declined"
        case "dismissed" | "muted":
            return "declined"
        case "folded":
            return "ignored"
        case "open":
            return "waiting"
