"""What is imported out of the files that people give, and what the words beside them say of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from handlers.events import Given
from handlers.exchange.files import MOST_BYTES, Document, documents_in, is_json, too_large
from handlers.exchange.plan import OnConflict
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.mistakes import Mistake, sentence

LEAVE_UNKNOWN, NOW = "leave-unknown", "now"


@dataclass(frozen=True, slots=True)
class Words:
    """What stands behind `import`: a team, what to do with those that are here, and whether to wait for nobody."""

    team: str = ""
    on_conflict: OnConflict = "fail"
    leave_unknown: bool = False
    now: bool = False


def read_words(text: str) -> Words:
    """Read them in any order; what is no word of ours is the team."""
    said = [word.casefold() for word in text.split()]
    how: list[OnConflict] = [one for one in get_args(OnConflict) if one in said]
    ours = {LEAVE_UNKNOWN, NOW, *get_args(OnConflict), "into", "in", "for"}
    team = next((word.lstrip("~") for word in said if word not in ours), "")
    return Words(team, how[-1] if how else "fail", LEAVE_UNKNOWN in said, NOW in said)


def documents_of(files: Sequence[Given]) -> tuple[Document, ...]:
    """Return all playbooks in some files. Raises `PlaybookMistake` for the first that cannot be read."""
    return tuple(document for file in files for document in _documents(file))


def _documents(file: Given) -> Iterator[Document]:
    if file.size > MOST_BYTES:
        raise too_large(file.name)
    if is_json(file.content):
        yield from documents_in(file.content, file.name)
        return
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlaybookMistake(file.name, [Mistake(0, "", sentence("no_text_file"))]) from None
    yield Document(read_playbook(text, file.name).definition(), file.name, is_ours=True)
