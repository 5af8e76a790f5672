"""Paths of pages, as people and browsers name them: only such as lead to a page of these, and to no other place."""

import re

HOME = "/runs"
LONGEST = 2000
_LOCAL = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+(?:\?[A-Za-z0-9/_.~%?&=+:,@!$'()*;-]*)?")
"""A path below the pages: no host, no scheme, no way up, and nothing that a browser would make one of."""
_DOOR = re.compile(r"/(?:act|events|in|oauth|out|static)?(?:[/?]|$)")
"""What is no page: nobody comes back there."""


def is_page(path: str) -> bool:
    """Return whether a path may lead to a page of these."""
    return len(path) <= LONGEST and _LOCAL.fullmatch(path) is not None and _DOOR.match(path) is None


def wanted(path: str) -> str:
    """Return the page that somebody wanted, where it is one of these; the first one otherwise."""
    return path if is_page(path) else HOME
