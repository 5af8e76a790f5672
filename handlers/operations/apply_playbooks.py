"""Playbooks as code: what would have to change here for some files to be in use, and doing just that."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.operations.store_playbook import Stored, archive_playbook, store_playbook
from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.playbook import Playbook, playbook_of
from store import PlaybookRow, PlaybookVersion, Store

APPLIED = "made:applied:"
"""The source of playbooks that were applied from a file, with its name; people may change them here, too."""

Sign = Literal["+", "~", "-", "=", "!"]
Why = Literal["", "followed", "two_files", "prefix"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A playbook as it is to be, and the file that says so."""

    book: Playbook
    file: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one playbook: added, changed, archived, left as it is, or (!) not possible, and `why`.

    `version` and `digest` are those in use when it was planned, 0 and empty where none is. `drifted_by` are who has
    changed it here since it was applied, `has_draft` tells that somebody is at it. `what` is the other file, or the
    playbook that has the prefix already.
    """

    sign: Sign
    key: str
    title: str
    wanted: Wanted | None = None
    version: int = 0
    digest: str = ""
    differences: tuple[Difference, ...] = ()
    drifted_by: tuple[str, ...] = ()
    has_draft: bool = False
    why: Why = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps, in the order of the keys."""

    steps: tuple[Step, ...]

    @property
    def is_possible(self) -> bool:
        return not self.count("!")

    @property
    def changes(self) -> bool:
        return any(step.sign in "+~-" for step in self.steps)

    def count(self, sign: Sign) -> int:
        return sum(step.sign == sign for step in self.steps)


class Stale(Exception):
    """Something was changed here since a plan was made; `keys` are the playbooks."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(keys)
        self.keys = tuple(keys)


def plan_for(store: Store, wanted: Sequence[Wanted], *, archive_others: bool = False) -> Plan:
    """Return what is to be done; with `archive_others` what was applied before and is in no file goes out of use."""
    rows = {row.key: row for row in store.all_playbooks()}
    found: dict[str, Step] = {}
    for one in wanted:
        found[one.book.key] = _step(store, rows.get(one.book.key), one, found, list(rows.values()))
    if archive_others:
        found |= {row.key: _archiving(store, row) for row in rows.values() if _is_applied(row) and row.key not in found}
    return Plan(tuple(step for _, step in sorted(found.items())))


def apply_plan(store: Store, plan: Plan, now: datetime) -> list[Stored]:
    """Do what is planned. Raises `Stale` where something is not as it was when it was planned; then nothing is done."""
    if stale := stale_in(store, plan):
        raise Stale(stale)
    done = []
    for step in plan.steps:
        row = store.playbook_by_key(step.key)
        if step.sign in ("+", "~") and step.wanted is not None:
            done.append(_apply(store, step, step.wanted, now))
        elif step.sign == "-" and row is not None:
            done.append(archive_playbook(store, row, now))
    return done


def stale_in(store: Store, plan: Plan) -> list[str]:
    """Return the playbooks that are not as they were when it was planned."""
    return [step.key for step in plan.steps if (step.version, step.digest) != _in_use(store, step.key)]


def _step(
    store: Store, row: PlaybookRow | None, one: Wanted, before: dict[str, Step], rows: Sequence[PlaybookRow]
) -> Step:
    key, title = one.book.key, one.book.title
    if (other := before.get(key)) is not None and other.wanted is not None:
        return Step("!", key, title, one, why="two_files", what=other.wanted.file)
    if row is not None and not row.is_made_here and row.archived_at is None:
        return Step("!", key, title, one, why="followed", what=row.source.partition(":")[2])
    if taken := _prefix_of_another(one.book, rows, before.values()):
        return Step("!", key, title, one, why="prefix", what=taken)
    if row is None or not row.version or row.archived_at is not None:
        return Step("+", key, title, one, *_in_use(store, key), has_draft=row is not None and not row.version)
    version = store.playbook_version(row)
    found = differences(playbook_of(version.definition), one.book)
    sign: Sign = "~" if found else "="
    at = (version.version, version.digest)
    return Step(sign, key, title, one, *at, found, _drift(store, row), store.draft(row.id) is not None)


def _archiving(store: Store, row: PlaybookRow) -> Step:
    return Step("-", row.key, row.title, None, *_in_use(store, row.key), drifted_by=_drift(store, row))


def _apply(store: Store, step: Step, wanted: Wanted, now: datetime) -> Stored:
    words = ", ".join(f"{one.sign} {one.path}" for one in step.differences[:3])
    done = store_playbook(store, wanted.book, APPLIED + wanted.file, now, wanted.text, words=words[:200])
    row = store.playbook_by_key(step.key)
    if row is not None and (draft := store.draft(row.id)) is not None and not step.version:
        store.drop_draft(draft)
    return done


def _in_use(store: Store, key: str) -> tuple[int, str]:
    """Return the number and digest of the version in use, 0 and nothing where none is."""
    row = store.playbook_by_key(key)
    if row is None or not row.version or row.archived_at is not None:
        return 0, ""
    return row.version, store.playbook_version(row).digest


def _drift(store: Store, row: PlaybookRow) -> tuple[str, ...]:
    """Return who has changed a playbook here since it was last applied or read from a file."""
    found: list[str] = []
    for version in _since_applied(store.versions_of(row.id, row.version)):
        person = store.person(version.by)
        found.append(f"@{person.username}" if person is not None else version.by)
    return tuple(dict.fromkeys(found))


def _since_applied(versions: Sequence[PlaybookVersion]) -> Iterator[PlaybookVersion]:
    for version in versions:
        if not version.by:
            return
        yield version


def _is_applied(row: PlaybookRow) -> bool:
    return row.source.startswith(APPLIED) and row.archived_at is None


def _prefix_of_another(book: Playbook, rows: Sequence[PlaybookRow], before: Collection[Step]) -> str:
    """Return the playbook that has a prefix already, empty where it is free."""
    taken = {row.prefix.casefold(): row.key for row in rows if row.archived_at is None and row.key != book.key}
    taken |= {step.wanted.book.prefix.casefold(): step.key for step in before if step.wanted is not None}
    return taken.get(book.prefix.casefold(), "") if book.prefix else ""
