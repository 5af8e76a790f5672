"""Compares what people saw with what was decided; each judge yields what it finds wrong, in words."""

import re
from collections.abc import Callable, Iterator

from chaos.judging_messages import keywords, own_messages, reminders, runs, told_twice
from chaos.judging_work import assignments, notes, people, tasks, updates
from chaos.record import Record

_RAISED = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception|Full|Conflict|Refused|Unreachable|Unsure)\b")
_STORAGE = re.compile(r"OperationalError|InterfaceError|DatabaseError|AdminShutdown|DiskFull|Conflict|Unavailable|Away")
"""What a storage that fails is told by; a statement that it cannot run at all is none of these."""


def judge(record: Record) -> list[str]:
    """Return all that is wrong with an episode."""
    return [f"{judged.__name__}: {wrong}" for judged in JUDGES for wrong in judged(record)]


def log(record: Record) -> Iterator[str]:
    """No error is raised but those of the storage that was made to fail; no process ends by itself in an error."""
    in_traceback = False
    for line in record.log:
        _, _, said = line.partition(": ")
        in_traceback = in_traceback or "Traceback (most recent call last)" in said
        if in_traceback and said[:1].isalpha() and _RAISED.match(said):
            in_traceback = False
            if not (record.storage_failed and _STORAGE.search(said)):
                yield f"raised: {line[:200]}"
    for code in record.ends:
        if code != 2 or not record.storage_failed:
            yield f"a process ended by itself with {code}"


JUDGES: tuple[Callable[[Record], Iterator[str]], ...] = (
    keywords,
    runs,
    own_messages,
    tasks,
    notes,
    updates,
    assignments,
    people,
    reminders,
    told_twice,
    log,
)
