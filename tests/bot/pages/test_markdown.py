"""What people wrote becomes safe HTML, whatever it is."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.pages.markdown import html

ALLOWED = {
    *("a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
PIECES = st.sampled_from(
    [
        *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>", "<!--", "-->"),
        *("[x](javascript:alert(1))", "[x](data:text/html,hi)", "![x](https://evil.example/a.png)", "[x]: vbscript:a"),
        *("<svg/onload=1>", "<style>*{}</style>", "&lt;script&gt;", "&#60;script&#62;", "\x00", "\u202e", "`", "```\n"),
        *("~~", "**", "_", "> ", "- ", "1. ", "| a | b |\n|---|---|\n", "\n\n", "\n", "[x](<java\nscript:a>)", "\\"),
        *("[a](//evil.example)", "<https://a.example>", "<javascript:alert(1)>", "[x](JaVaScRiPt:1)", 'x" onclick="1'),
    ]
)
WORDS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25).map("".join)


class Read(HTMLParser):
    """Gathers what a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


@given(WORDS)
@example("<scr<script>ipt>alert(1)</script>")
@example("[x](&#106;avascript:alert(1))")
@example("[" * 300)
@example("> " * 300 + "x")
def test_nothing_that_people_write_can_do_more_than_look(text: str) -> None:
    read = Read()
    read.feed(html(text))
    assert read.tags <= ALLOWED
    for tag, name, value in read.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel"), ("ol", "start"), ("li", "class")}
        if name == "href":
            assert value.partition(":")[0].lower() in ("http", "https", "mailto") or ":" not in value.split("/")[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**bold** _it_ ~~gone~~", "<p><strong>bold</strong> <em>it</em> <s>gone</s></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("@ann and ~status", "<p>@ann and ~status</p>\n"),
        ("- [ ] @bob *fix*", '<ul>\n<li class="todo">☐ @bob <em>fix</em></li>\n</ul>\n'),
        ("1. [X] done", '<ol>\n<li class="todo">☑ done</li>\n</ol>\n'),
        ("&#42;not bold&#42;", "<p>*not bold*</p>\n"),
        (
            "[x](https://a.example)",
            '<p><a href="https://a.example" rel="noopener noreferrer nofollow">x</a></p>\n',
        ),
    ],
)
def test_markdown_as_people_know_it(text: str, found: str) -> None:
    assert html(text) == found


def test_a_picture_is_words() -> None:
    assert "<img" not in html("![a picture](https://evil.example/1.png)")
    assert "a picture" in html("![a picture](https://evil.example/1.png)")


def test_what_only_looks_like_a_box_to_tick_is_none() -> None:
    for text in ("- one [ ] two", "- [x](https://a.example)", "[ ] two", "- `[ ] two`", "- [ ]two", "- \n\n  [ ] two"):
        assert "todo" not in html(text), text
