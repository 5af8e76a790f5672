"""What people wrote, as safe HTML: Markdown as in chat, without pictures; names and channels are plain words."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_READER = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    .enable(["table", "strikethrough"])
    .disable(["image", "html_block", "html_inline"])
)
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


_READER.core.ruler.push("ticked", _ticked)


def html(text: str) -> str:
    """Return Markdown as HTML that can do nothing but look."""
    return nh3.clean(
        _READER.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        allowed_classes={"li": {"todo"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
