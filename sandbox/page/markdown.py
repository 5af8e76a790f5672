"""Turns the Markdown of messages into HTML that is safe to show: what is not known is escaped."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

EMOJI: dict[str, str] = json.loads(Path(__file__).with_name("emoji.json").read_text("utf-8"))

_SCHEMES = re.compile(r"(?:https?|mailto|tel):|[/#](?!/)", re.IGNORECASE)
_SCHEME_BEFORE = re.compile(r"(?:^|[^a-z0-9])(https?)$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f]+", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\] ")
_NOTATION = re.compile(
    r"(?<![\w@.\-])@(?P<mention>[a-z0-9][a-z0-9._\-]*[a-z0-9]|[a-z0-9])"
    r"|(?<![\w~])~(?P<channel>[a-z0-9](?:[a-z0-9._\-]*[a-z0-9])?)(?!~)"
    r"|(?<![\w#&/])#(?P<hashtag>[^\W\d_][\w.\-]+\w)"
    r"|:(?P<emoji>[a-z0-9_+\-]+):",
    re.IGNORECASE,
)


def render(text: str) -> str:
    """Return a message as HTML."""
    return str(_PARSER.render(text))


class _Renderer(RendererHTML):
    """Draws pictures as links, and every link so that it opens beside the page."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        address = escapeHtml(str(tokens[idx].attrs["src"]))
        words = escapeHtml(tokens[idx].content) or address
        return address and f'<a href="{address}" target="_blank" rel="noopener noreferrer">{words}</a>'

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        if tokens[idx].attrs["href"]:
            tokens[idx].attrs |= {"target": "_blank", "rel": "noopener noreferrer"}
        else:
            tokens[idx].attrs.clear()
        return self.renderToken(tokens, idx, options, env)


def _allowed(address: str) -> bool:
    return _SCHEMES.match(address.strip()) is not None


def _bare_address(state: StateInline, silent: bool) -> bool:
    """Make a link of an address that stands in the text as it is."""
    if state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    word = _SCHEME_BEFORE.search(state.pending[-6:])
    if word is None:
        return False
    match = _ADDRESS.match(state.src, state.pos - len(word[1]))
    address = _without_end(match[0]) if match else ""
    if len(address) <= len(word[1]) + 3:
        return False
    if not silent:
        state.pending = state.pending[: -len(word[1])]
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": state.md.normalizeLink(address)}
        state.push("text", "", 0).content = address
        state.push("link_close", "a", -1)
    state.pos += len(address) - len(word[1])
    return True


def _without_end(address: str) -> str:
    """Leave out the punctuation that belongs to the sentence, and brackets around the address."""
    while address:
        last = address[-1]
        unopened = last == ")" and address.count(")") > address.count("(")
        if last not in "?!.,:;*_~'\"|\\]" and not unopened:
            break
        address = address[:-1]
    return address


def _notations(state: StateCore) -> None:
    """Find mentions, channels, hashtags and emoji; an escaped sign is a token of its own here."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            depth, found = 0, []
            for child in token.children:
                depth += child.nesting if child.type in ("link_open", "link_close") else 0
                found += list(_split(child, depth > 0)) if child.type == "text" else [child]
            token.children = found


def _split(token: Token, in_link: bool) -> Iterator[Token]:
    end = 0
    for match in _NOTATION.finditer(token.content):
        markup = _markup(match, in_link)
        if markup:
            yield Token("text", "", 0, content=token.content[end : match.start()])
            yield Token("html_inline", "", 0, content=markup)
            end = match.end()
    yield Token("text", "", 0, content=token.content[end:])


def _markup(match: re.Match[str], in_link: bool) -> str:
    kind, name = str(match.lastgroup), escapeHtml(match[str(match.lastgroup)])
    if kind == "emoji":
        sign = EMOJI.get(name.lower(), "")
        return sign and f'<span class="emoji" role="img" aria-label="{name}" title=":{name}:">{sign}</span>'
    if in_link:
        return ""
    if kind == "hashtag":
        return f'<span class="hashtag">#{name}</span>'
    return f'<a class="{kind}" data-name="{name.lower()}">{escapeHtml(match[0])}</a>'


def _tasks(state: StateCore) -> None:
    """Draw list items that begin with brackets as checkboxes nobody can click."""
    for item, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        first = inline.children[0] if item.type == "list_item_open" and inline.children else None
        match = _TASK.match(first.content) if first is not None and first.type == "text" else None
        if first is None or match is None:
            continue
        first.content = first.content[match.end() :]
        checked = "" if match[1] == " " else " checked"
        box = f'<input type="checkbox" disabled{checked}> '
        inline.children = [Token("html_inline", "", 0, content=box), *(inline.children or [])]
        item.attrs["class"] = "task"


def _alignments(state: StateCore) -> None:
    """Align the cells of tables by a class, since the page allows no styles in its markup."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs = {"class": str(token.attrs["style"]).replace("text-align:", "align-")}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"])
    parser.validateLink = _allowed  # type: ignore[assignment]  # the parser's own way to say which links are good
    parser.inline.ruler.before("escape", "bare_address", _bare_address)
    parser.core.ruler.before("text_join", "tasks", _tasks)
    parser.core.ruler.before("text_join", "notations", _notations)
    parser.core.ruler.push("alignments", _alignments)
    return parser


_PARSER = _parser()
