"""The beginning of what an author wrote as Markdown, where all of it would leave no room for anything else."""

import re

from handlers.text.words import Safe, prose, shorten, unmarked

LINES = 6
LIMIT = 280
"""How much of it is shown, in lines and characters: half a screen of a phone."""

FENCE = "```"
_END = re.compile(r"[.!?…](?=\s)|[。！？]")


def opening(text: str) -> Safe:
    """Return the first lines, cut between words where they are long; a block of code that is cut is closed."""
    whole = prose(text)
    head = "\n".join(whole.splitlines()[:LINES])
    if len(head) > LIMIT:
        head = head[: head.rfind(" ", LIMIT // 2, LIMIT) if " " in head[LIMIT // 2 : LIMIT] else LIMIT]
    if len(head) == len(whole):
        return whole
    is_open = head.count(FENCE) % 2
    return Safe(f"{head.rstrip()} …" + (f"\n{FENCE}" if is_open else ""))


def first_sentence(text: str, limit: int) -> str:
    """Return the first sentence of what an author wrote, without the signs of its Markdown, as one line."""
    line = next((line for each in text.splitlines() if (line := unmarked(each).strip())), "")
    end = _END.search(line)
    return shorten(line[: end.end()] if end else line, limit)
