"""Which playbook words begin with: by its title, its key, or how its key begins."""

from collections.abc import Sequence

from handlers.text.arguments import first_part, first_word
from handlers.text.plain_forms import aligned, bare
from handlers.text.plain_text import even
from handlers.text.words import one_line
from store import PlaybookRow


def named(rows: Sequence[PlaybookRow], words: str) -> tuple[PlaybookRow | None, str]:
    """Find the playbook that the words begin with, by its whole name or how its key begins; the rest is the run's."""
    if (exact := whole(rows, words))[0] is not None:
        return exact
    first, rest = first_word(words)
    key = bare(first).casefold()
    beginnings = [row for row in rows if key and row.key.startswith(key)]
    return (beginnings[0], one_line(rest)) if len(beginnings) == 1 else (None, "")


def whole(rows: Sequence[PlaybookRow], words: str) -> tuple[PlaybookRow | None, str]:
    """Find the playbook whose key or title the words begin with, quoted or not, and what stands behind."""
    quoted, behind = first_part(words)
    same = [row for row in rows if even(quoted).casefold() in (row.key, even(row.title).casefold())]
    if len(same) == 1:
        return same[0], one_line(behind)
    plain = aligned(words).casefold()
    for row in sorted(rows, key=lambda row: -len(row.title)):
        for called in (row.key, row.title):
            end = len(called)
            if plain.startswith(aligned(called).casefold()) and not plain[end : end + 1].strip(" \n:,;"):
                return row, one_line(words[end:].lstrip(" \t\n:,;"))
    return None, ""
