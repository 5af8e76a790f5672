"""What may be changed in a playbook because of how its runs went: as values, and in the playbook that they change."""

from collections.abc import Sequence
from typing import Any

import msgspec

from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.text import durations


class RemoveTask(msgspec.Struct, frozen=True, tag="remove_task"):
    """Leave a task out, the first one of this title in the first checklist of that."""

    checklist: str
    title: str


class SetDue(msgspec.Struct, frozen=True, tag="set_due"):
    """Give a task another time, in seconds after the start; none for 0."""

    checklist: str
    title: str
    seconds: int


class AddTask(msgspec.Struct, frozen=True, tag="add_task"):
    """Add a task at the end of a checklist."""

    checklist: str
    title: str


class SetEvery(msgspec.Struct, frozen=True, tag="set_every"):
    """Ask for status updates every so many seconds."""

    seconds: int


class RemoveKeyword(msgspec.Struct, frozen=True, tag="remove_keyword"):
    """Listen for a keyword no more."""

    word: str


PlaybookChange = RemoveTask | SetDue | AddTask | SetEvery | RemoveKeyword


class NotThere(Exception):
    """The playbook has nothing of what is to be changed, or no more."""


def changed(book: Playbook, change: PlaybookChange) -> Playbook:
    """Return a playbook as it is with a change. Raises `NotThere`."""
    said: dict[str, Any] = book.definition()
    match change:
        case SetEvery(seconds):
            said["updates"]["every"] = durations.written(seconds)
        case RemoveKeyword(word):
            if word not in said["keywords"]:
                raise NotThere
            said["keywords"] = [one for one in said["keywords"] if one != word]
        case AddTask(checklist, title):
            tasks = said["checklists"][_at(said["checklists"], checklist)]["tasks"]
            tasks.append({"title": title})
        case RemoveTask(checklist, title) | SetDue(checklist, title):
            tasks = said["checklists"][_at(said["checklists"], checklist)]["tasks"]
            at = _at(tasks, title)
            if isinstance(change, SetDue) and not change.seconds:
                del tasks[at]["due"]
            elif isinstance(change, SetDue):
                tasks[at]["due"] = durations.written(change.seconds)
            else:
                del tasks[at]
    return playbook_of(said)


def _at(entries: Sequence[dict[str, Any]], title: str) -> int:
    found = next((at for at, one in enumerate(entries) if one["title"] == title), None)
    if found is None:
        raise NotThere
    return found
