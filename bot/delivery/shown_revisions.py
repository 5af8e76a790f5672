"""Which content the bot's posts show, as the server tells it, so that nothing is sent that is there already.

Two replies to presses, or a reply and an edit, can reach a post in another order than they were decided in. Then the
post shows an older revision than it did before, and has to be drawn anew.
"""

from threading import Lock

from cachetools import LRUCache

MOST = 2000


class Shown:
    """The last and the newest revision told of each of the bot's last posts; the longest unseen are forgotten."""

    def __init__(self) -> None:
        self._told: LRUCache[str, tuple[int, int]] = LRUCache(MOST)
        self._lock = Lock()  # the courier's transactions ask from a thread of their own

    def notice(self, post_id: str, revision: int) -> bool:
        """Take note of the revision that a post shows now; return whether it fell back behind a newer one."""
        with self._lock:
            _, newest = self._told.get(post_id, (0, 0))
            self._told[post_id] = (revision, max(revision, newest))
        return revision < newest

    def revision(self, post_id: str) -> int:
        """Return the revision that a post shows, as last told; 0 if nothing is known."""
        with self._lock:
            return self._told.get(post_id, (0, 0))[0]
