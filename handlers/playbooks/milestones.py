"""The milestones of a run by name: those that come by themselves, those that people set, and those of tasks."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from handlers.playbooks.mistakes import sentence
from handlers.text.nearest import nearest
from handlers.text.words import folded

Automatic = Literal[
    "keyword", "started", "acknowledged", "first-task", "first-update", "last-update", "finished", "published"
]
"""They come by themselves."""
ByPeople = Literal["impact-started", "detected", "mitigated", "impact-ended"]
"""They are set during a run or afterwards, by people or by a task."""

AUTOMATIC: tuple[Automatic, ...] = get_args(Automatic)
BY_PEOPLE: tuple[ByPeople, ...] = get_args(ByPeople)
NAMES: tuple[str, ...] = (*AUTOMATIC, *BY_PEOPLE)
MAY_BE_SAID = frozenset({"keyword", "acknowledged", *BY_PEOPLE})
"""Of these people may say when they were though nothing tells of them; of all others only that it was another time."""
AT_THE_BEGINNING = frozenset(
    {"keyword", "started", "acknowledged", "first-task", "first-update", "impact-started", "detected"}
)
"""Of these the first one counts where a run was taken up again; of all others the last one."""
IN_ORDER: tuple[tuple[str, str], ...] = (
    ("impact-started", "detected"),
    ("impact-started", "mitigated"),
    ("impact-started", "impact-ended"),
    ("detected", "mitigated"),
    ("detected", "impact-ended"),
    ("mitigated", "impact-ended"),
    ("keyword", "started"),
    ("keyword", "acknowledged"),
    ("started", "acknowledged"),
    ("started", "finished"),
    ("acknowledged", "finished"),
)
"""Pairs of which the first is expected not to be later than the second; `published` may be whenever it is."""

TASK = "task:"
"""What the name of a task's milestone begins with; its title in the playbook is the rest."""

_TASK = re.compile(r"task[\s:]+(?:done[\s:]+)?(.+)", re.IGNORECASE)
_MARKS = "\"'“”„‟«»‘’"
_ALSO = {
    "said": "keyword",
    "keyword-said": "keyword",
    "start": "started",
    "ack": "acknowledged",
    "impact-start": "impact-started",
    "impact-began": "impact-started",
    "detect": "detected",
    "mitigate": "mitigated",
    "impact-end": "impact-ended",
    "impact-over": "impact-ended",
    "finish": "finished",
}


def is_task(name: str) -> bool:
    """Return whether a milestone is that a task is done."""
    return name.startswith(TASK)


def task_title(name: str) -> str:
    """Return the title of the task of such a milestone."""
    return name.removeprefix(TASK)


def plain_name(words: str) -> str:
    """Return the milestone that words name, such as `impact started`; empty where they name none."""
    name = re.sub(r"[\s_-]+", "-", words.strip().casefold())
    name = _ALSO.get(name, name)
    return name if name in NAMES else ""


def named(words: str) -> str:
    """Return the milestone that words name, of tasks as `task "Fail over"`. Raises `ValueError` that says which are."""
    if name := plain_name(words):
        return name
    if (found := _TASK.fullmatch(words.strip())) is not None and (title := folded(found[1].strip(_MARKS))):
        return f"{TASK}{title}"
    raise ValueError(sentence("milestone", nearest=nearest(words, NAMES), known=NAMES))


def titled(title: str, titles: Iterable[str]) -> str:
    """Return the one of a playbook's tasks that a title means, whatever its capitals; empty where there is none."""
    return next((one for one in titles if folded(one).casefold() == folded(title).casefold()), "")


def _named(value: object) -> object:
    return named(value) if isinstance(value, str) else value


def _by_people(value: object) -> object:
    return plain_name(value) or value if isinstance(value, str) else value


MilestoneName = Annotated[str, BeforeValidator(_named)]
SetName = Annotated[ByPeople, BeforeValidator(_by_people)]
