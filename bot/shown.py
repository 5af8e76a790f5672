"""Which content the bot's posts are known to show, so that nothing is sent that is there already."""

from collections import OrderedDict

MOST = 2000


class Shown:
    """The newest revision seen of each of the bot's last posts; the longest unseen are forgotten."""

    def __init__(self) -> None:
        self._revisions: OrderedDict[str, int] = OrderedDict()

    def notice(self, post_id: str, revision: int) -> None:
        self._revisions[post_id] = max(revision, self._revisions.pop(post_id, 0))
        if len(self._revisions) > MOST:
            self._revisions.popitem(last=False)

    def revision(self, post_id: str) -> int:
        """Return the newest revision that a post is known to have shown, 0 if none is known."""
        return self._revisions.get(post_id, 0)
