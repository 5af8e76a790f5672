"""What people wrote, as safe HTML: Markdown as in chat, without pictures; names and channels are plain words."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_PLAIN = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    .enable("strikethrough")
    .disable(["image", "html_block", "html_inline"])
)
_WITH_TABLES = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    .enable(["table", "strikethrough"])
    .disable(["image", "html_block", "html_inline"])
)
CELLS = 3000
"""How many cells the tables of a text have together at most, as each short row is filled up; else none is drawn."""
_LINE_END = re.compile(r"\r\n?|\n")
_BOX = re.compile(r"\[([ xX])\] +(?=\S|$)")
_TAGS = {
    *("a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


def _ticked(state: StateCore) -> None:
    """Let an item that begins with `[ ]` or `[x]` begin with a box, and be known as one to do."""
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        first = inline.children[0] if inline.children else None
        if item.type == "list_item_open" and paragraph.type == "paragraph_open" and first is not None:
            box = _BOX.match(first.content) if first.type == "text" else None
            if box is not None:
                item.attrSet("class", "todo")
                first.content = f"{'☐' if box[1] == ' ' else '☑'} {first.content[box.end() :]}"


for _reader in (_PLAIN, _WITH_TABLES):
    _reader.core.ruler.push("ticked", _ticked)


@lru_cache(256)
def html(text: str) -> str:
    """Return Markdown as HTML that can do nothing but look; too large a table stays the text that it is."""
    reader = _PLAIN if _cells(text) > CELLS else _WITH_TABLES
    return nh3.clean(
        reader.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        allowed_classes={"li": {"todo"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def _cells(text: str) -> int:
    """Return how many cells the tables of a text have at most: below each line of bars and dashes, to the next gap."""
    rows = cells = 0
    for line in reversed(_LINE_END.split(text)):
        rows = rows + 1 if line.strip(" \t>") else 0
        # It may stand in a quote or a list.
        is_ruler = "|" in line and "-" in line and not line.strip(" \t|:->*+.)0123456789")
        cells += (rows + 1) * (line.count("|") + 1) if is_ruler else 0
    return cells
