"""Spreads an answer that no server would take in one message over several, broken between its lines."""

from collections.abc import Iterator

from handlers.effects import Content


def pages(content: Content, limit: int) -> Iterator[Content]:
    """Yield content in parts whose text has `limit` characters at most; cards come with the last.

    A table that goes on has its head again, where that leaves room for a row. Only a single line that is longer than
    the limit is broken inside.
    """
    if len(content.text) <= limit:
        yield content
        return
    parts = list(_parts(content.text, limit))
    yield from (Content(part) for part in parts[:-1])
    yield Content(parts[-1], content.cards)


def _parts(text: str, limit: int) -> Iterator[str]:
    now: list[str] = []
    head: list[str] = []
    size = 0
    for line in _lines(text, limit):
        before, head = head, _head(head, now, line)
        if now and size + len(line) + 1 > limit:
            # The rule below a table's first line stays with it.
            top = [now.pop()] if head and not before else _fitting(head, line, limit)
            if now:
                yield "\n".join(now)
            now, size = top, sum(len(one) + 1 for one in top)
        now.append(line)
        size += len(line) + 1
    yield "\n".join(now)


def _head(head: list[str], now: list[str], line: str) -> list[str]:
    """Return the two lines that a table goes on with after `line`; none outside of one."""
    if not line.startswith("|"):
        return []
    is_rule = "-" in line and set(line) <= set("|-: ")
    return head or ([now[-1], line] if is_rule and now and now[-1].startswith("|") else [])


def _fitting(head: list[str], line: str, limit: int) -> list[str]:
    return list(head) if sum(len(one) + 1 for one in (*head, line)) <= limit else []


def _lines(text: str, limit: int) -> Iterator[str]:
    # The two lines of a table's head go together.
    most = max(1, limit // 2 - 1)
    for line in text.split("\n"):
        if len(line) <= most:
            yield line
        else:
            yield from (line[at : at + most] for at in range(0, len(line), most))
