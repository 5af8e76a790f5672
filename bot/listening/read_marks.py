"""Up to when each channel has been heard and dealt with, so that after a gap nothing is missed.

A mark is the server's time (ms) of a channel's last message of which nothing remains to be done. While messages may
have been lost, marks stand still until catch-up has read the channel: what comes meanwhile must not hide the gap.
"""

from collections import Counter


class Watermarks:
    """The marks of all channels; `passed` is on the path of every message and does next to nothing."""

    def __init__(self) -> None:
        self._safe: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._pending: dict[str, Counter[int]] = {}
        self._changed: dict[str, int] = {}
        self._caught: set[str] = set()
        self._gap = True

    def start(self, marks: dict[str, int]) -> None:
        """Take over the marks of an earlier time."""
        self._safe.update(marks)

    def passed(self, place_id: str, at: int) -> None:
        """Note a message that came by."""
        if at > self._seen.get(place_id, 0):
            self._seen[place_id] = at

    def begin(self, place_id: str, at: int = 0) -> int:
        """Hold a channel's mark before `at` until `done`; return the time to be given to it.

        Without a time it is that of the last message that came by.
        """
        at = at or self._seen.get(place_id) or self.heard(place_id)
        self._pending.setdefault(place_id, Counter())[at] += 1
        return at

    def done(self, place_id: str, at: int) -> None:
        """Let the mark pass a time again."""
        pending = self._pending[place_id]
        pending[at] -= 1
        if pending[at] <= 0:
            del pending[at]
        if not pending:
            del self._pending[place_id]

    def lose(self) -> None:
        """Stop all marks where they are: something may have been lost."""
        self._settle()
        self._gap = True
        self._caught.clear()

    def caught_up(self, place_id: str, until: int) -> None:
        """Let a channel's mark move again: all up to `until` was read, or is pending."""
        self.passed(place_id, until)
        self._caught.add(place_id)

    def closed(self) -> None:
        """Let all marks move again."""
        self._gap = False
        self._caught.clear()

    def heard(self, place_id: str) -> int:
        """Return a channel's mark, 0 if it has none."""
        return self._safe.get(place_id, 0)

    def newest(self) -> int:
        """Return the newest of all marks, 0 if there is none."""
        return max(self._safe.values(), default=0)

    def take_changed(self) -> dict[str, int]:
        """Return the marks that moved since the last time; `put_back` them if they cannot be stored."""
        self._settle()
        changed, self._changed = self._changed, {}
        return changed

    def put_back(self, marks: dict[str, int]) -> None:
        """Take back marks that could not be stored."""
        self._changed = marks | self._changed

    def _settle(self) -> None:
        for place_id in list(self._seen):
            if not self._gap or place_id in self._caught:
                self._settle_one(place_id)

    def _settle_one(self, place_id: str) -> None:
        until, pending = self._seen[place_id], self._pending.get(place_id)
        if pending:
            until = min(until, min(pending) - 1)
        else:
            del self._seen[place_id]
        if until > self._safe.get(place_id, -1):
            self._safe[place_id] = self._changed[place_id] = until
