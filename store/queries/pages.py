"""Questions about who is signed in to the pages, and how they get in."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, func, true
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.base import new_key
from store.tables.pages import NOTED_EVERY, Flash, PagePass, PageSession, key_of
from store.tables.runs import Run

CODE_LENGTH = 10
"""31 letters and digits: some 50 bits, more than can be tried while a pass lasts, even by who reads the database."""

MOST_TOLD, MOST_WRITTEN = 5, 600_000
"""How much waits for the next page: so many things to say, with so many characters that were written in vain."""


class AboutPages(Asking):
    """Questions about who is signed in to the pages, and how they get in."""

    def revisions(self, run_ids: Collection[int]) -> dict[int, str]:
        """Return for runs a word that changes with each of their changes; for 0 one of all, told to nobody."""
        rows = self.session.db.execute(select(col(Run.id), col(Run.revision)).where(col(Run.id).in_(run_ids)))
        found = {run_id: str(revision) for run_id, revision in rows}
        if 0 in run_ids:
            found[0] = self.revision_of_all(true())
        return found

    def revision_of_all(self, seen: ColumnElement[bool]) -> str:
        """Return a word that changes with each change of a run that is in progress and `seen`."""
        count, total, last = func.count(), func.sum(Run.revision), func.max(Run.id)
        in_progress = select(count, total, last).where(col(Run.state).in_(("opening", "active")), seen)
        return "-".join(str(each or 0) for each in self.session.db.execute(in_progress).one())

    def page_session(self, key: str) -> PageSession | None:
        return self.session.get(PageSession, key)

    def page_sessions_of(self, person_id: str, now: datetime) -> Sequence[PageSession]:
        """Return the sessions of somebody that are not over, the one used last first."""
        found = self.session.exec(
            select(PageSession).where(PageSession.person_id == person_id).order_by(col(PageSession.used_at).desc())
        )
        return [row for row in found if not row.is_over(now)]

    def begin_page_session(
        self, person_id: str, now: datetime, instead_of: str = "", told: Sequence[Flash] = ()
    ) -> str:
        """Sign somebody in; return the secret for their browser, whose session before, by its key, ends."""
        secret = secrets.token_urlsafe(32)
        self._drop(PageSession, col(PageSession.key) == instead_of)
        row = PageSession(key=key_of(secret), person_id=person_id, made_at=now, used_at=now)
        row.flashes = [msgspec.to_builtins(one) for one in told]
        self.add(row)
        return secret

    def use_page_session(self, key: str, now: datetime) -> None:
        """Note that a session is used, and that what was to be said has been."""
        row = self.page_session(key)
        if row is not None and not row.is_over(now):
            row.flashes = []
            row.used_at = now if now - row.used_at >= NOTED_EVERY else row.used_at

    def tell_page_session(self, key: str, told: Sequence[Flash]) -> None:
        """Have the next page of a session say something."""
        if (row := self.page_session(key)) is not None:
            row.flashes = _in_short([*row.flashes, *(msgspec.to_builtins(one) for one in told)])

    def end_page_session(self, key: str) -> None:
        self._drop(PageSession, col(PageSession.key) == key)

    def end_page_sessions(self, person_id: str) -> int:
        """End all sessions and passes of somebody; return how many sessions there were."""
        self._drop(PagePass, col(PagePass.person_id) == person_id)
        return self._drop(PageSession, col(PageSession.person_id) == person_id)

    def new_page_pass(self, person_id: str, wanted: str, now: datetime) -> tuple[str, str]:
        """Make a pass for somebody, in place of the one before; return the secret for its link, and its code."""
        self._drop(PagePass, col(PagePass.person_id) == person_id)
        secret, code = secrets.token_urlsafe(24), new_key(CODE_LENGTH)
        self.add(PagePass(key=key_of(secret), code_key=key_of(code), person_id=person_id, wanted=wanted, made_at=now))
        return secret, code

    def page_pass(self, secret: str, now: datetime, *, is_code: bool = False) -> PagePass | None:
        """Return the pass of a link, or of a code, None where it is over or used up."""
        which = PagePass.code_key if is_code else PagePass.key
        found = self.session.exec(select(PagePass).where(which == key_of(secret))).first()
        return None if found is None or found.is_over(now) else found

    def use_page_pass(self, secret: str, now: datetime, *, is_code: bool = False) -> PagePass | None:
        """Use a pass up; None where it is over, or somebody was quicker."""
        found = self.page_pass(secret, now, is_code=is_code)
        return found if found is not None and self._drop(PagePass, col(PagePass.key) == found.key) else None

    def _drop(self, table: type[PagePass | PageSession], which: Any) -> int:
        return int(self.session.db.execute(delete(table).where(which)).rowcount)


def _in_short(flashes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last of what is told; what was written before the newest is left out where it is too much."""
    found: list[dict[str, Any]] = []
    left = MOST_WRITTEN
    for one in reversed(flashes[-MOST_TOLD:]):
        left -= sum(len(name) + len(said) for name, said in one.get("values", {}).items())
        found.append(one if left >= 0 else {**one, "values": {}})
    return found[::-1]
