"""Every sign is seen as it was typed, and makes no mention, hashtag, smiley, channel, markup or wrong address.

What is expected here was found with the web client of 11.6 and the parser of the mobile one, over some ten thousand
strings in a dozen surroundings.
"""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.escaping import JOINER, as_kept, as_typed, label, without_meaning
from handlers.text.words import escape, one_line, quote, unlinked

WRITTEN = {
    # Markup of Markdown.
    "a < b > c": "a &#60; b > c",
    "*a* **b** ~~c~~ `d`": "&#42;a&#42; &#42;&#42;b&#42;&#42; &#126;&#126;c&#126;&#126; &#96;d&#96;",
    "_a_ __init__": "&#95;a&#95; &#95;&#95;init&#95;&#95;",
    "checkout_api is down": "checkout_api is down",
    "Réparer_café_": "Réparer_café&#95;",
    "[a](b) ![c](d)": "&#91;a&#93;(b) !&#91;c&#93;(d)",
    "$x$ for $5": "&#36;x&#36; for &#36;5",
    "&lt; &#64; &amp; R&D & more": "&#38;lt; &#38;#64; &#38;amp; R&D & more",
    "C:\\temp": "C&#58;\\temp",
    "\\\\server\\share": "&#92;\\server\\share",
    "\\* \\": "&#92;&#42; &#92;",
    "\\🔥 \\… \\“a”": "\\🔥 \\… \\“a”",
    "\\www.a.de": "&#92;&#119;ww.a.de",
    # Lines that begin something.
    "- a": "&#45; a",
    "-5 °C": "-5 °C",
    "1. a": "1&#46; a",
    "12) a": "12&#41; a",
    "1.5 GB": "1.5 GB",
    "# a": "&#35; a",
    "> a": "&#62; a",
    "---": "&#45;--",
    "= =": "&#61; =",
    "| a | b |": "| a | b |",
    # Names.
    "@bob and @all": f"@{JOINER}bob and @{JOINER}all",
    "a.@bob": f"a.@{JOINER}bob",
    "é@bob": f"é@{JOINER}bob",
    "bob@example.com": "bob&#64;example.com",
    "at 5 @ noon": "at 5 @ noon",
    "~town-square": "&#126;town-square",
    "#outage #1": "&#35;outage #1",
    "see #outage, #12": "see &#35;outage, #12",
    # Smileys.
    ":smile: :) :-D :'( :/": "&#58;smile: &#58;) &#58;-D &#58;'( &#58;/",
    ";) x-d X-D <3 </3": "&#59;) x&#45;d X&#45;D &#60;3 &#60;/3",
    "17:30 and 9:05": "17:30 and 9:05",
    "10:00:30": "10&#58;00&#58;30",
    "Now: down": "Now: down",
    "Update:": "Update&#58;",
    # Addresses.
    "service:checkout_api": "service&#58;checkout_api",
    "http://a.example/b_c_(d)": "http://a.example/b_c_(d)",
    "https://bücher.example/ä_b?c=1&d=2#e": "https://bücher.example/ä_b?c=1&d=2#e",
    "(see http://a.example/x).": "(see http://a.example/x).",
    "http://a.example/~bob/": "http://a.example/~bob/",
    "http://u@a.example/": "http://u@a.example/",
    "http://a.example/@bob": f"http&#58;//a.example/@{JOINER}bob",
    "http://a.example/*b*": "http&#58;//a.example/&#42;b&#42;",
    "http://a.example/?b=1&lt;": "http&#58;//a.example/?b=1&#38;lt&#59;",
    "<http://a.example>": "&#60;http&#58;//a.example>",
    "<http://a.example [http://a.example": "&#60;http://a.example &#91;http://a.example",
    "ftp://a.example mailto:a@b.c": "ftp&#58;//a.example mailto&#58;a&#64;b.c",
    "x_y_www.a.example": "x_y_&#119;ww.a.example",
    "www.a.example a.de/b": "&#119;ww.a.example a&#46;de/b",
}


@pytest.mark.parametrize("typed", WRITTEN)
def test_a_sign_that_means_something_is_written_by_its_number(typed: str) -> None:
    assert escape(typed) == WRITTEN[typed]
    assert as_typed(escape(typed)) == typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("@bob :smile: #tag ~town", f"@{JOINER}bob :{JOINER}smile: #{JOINER}tag ~{JOINER}town"),
        ("*a* _b_ <b> 17:30 C:\\x #1", f"*a* _b_ <b> 17:30 C:{JOINER}\\x #1"),
        ("<3 ;) x-d bob@a.de", f"<{JOINER}3 ;{JOINER}) x{JOINER}-d bob@{JOINER}a.de"),
    ],
)
def test_in_a_label_a_sign_is_parted_from_what_it_would_make(typed: str, shown: str) -> None:
    assert label(typed) == shown


MESSAGES = [path.read_text() for path in (Path(__file__).parents[3] / "templates" / "messages").glob("*.md.j2")]

BITS = st.sampled_from(
    [
        *"\\`*_~[]()<>|#@!-+=.:;&\"'$^%{}/?, ",
        *(
            "@all",
            "@bob",
            "~town-square",
            "#tag",
            "#障害",
            ":smile:",
            ":)",
            ";)",
            ":D",
            "<3",
            "x-d",
            "17:30",
            "1. ",
            "- ",
        ),
        *(
            "http://",
            "https://a.example/b",
            "http://bücher.example/ä",
            "http://a/b_(c)",
            "www.",
            "a.de/b",
            "mailto:a@b.c",
        ),
        *(
            "&lt;",
            "&#64;",
            "&copy;",
            "a",
            "B",
            "7",
            "ü",
            "障害",
            "é",
            "🔥",
            "c_d",
            "service:api",
            "```",
            "---",
            "\u2424",
        ),
    ]
)
TYPED = st.lists(BITS, max_size=12).map("".join).map(one_line)

# The web client's own patterns (webapp text_formatting.tsx, emoticons.tsx, constants.tsx, marked 0.3.6), which it tries
# on what is left of the Markdown; JavaScript's \w, \b and \B are ASCII.
MADE = {
    "mention": r"(?a:\B|\b_+)@(?=[a-zA-Z0-9._-])",
    "channel": r"(?a:\B)~(?=[a-z0-9._-])",
    "hashtag": r"(?:^|(?a:\W))#[^\W\d_][\w.-]*\w",
    "e-mail": r"[\w.+-]@[\w.-]+\.\w{2}",
    "emoji": r":[a-zA-Z0-9_+-]+:",
    "smiley": r"(?ai:(?:^|\B)(?::-?\)|;-?\)|:-?\]|:-?\[|:@|:-?\(|:'-?\(|:-?/|:-?\||:-?\$)(?:$|\B))",
    "word-like smiley": r"(?ai:(?:^|\B):-?[odps](?:$|\b)|(?:^|\b)x-d(?:$|\b)|<\/?3(?:$|\b))",
    "markup": r"[`*\[\]~<$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|\\[!-/:-@\[-`{-~]|&(?:[a-z]+|#x\w+);",
    "address": r"[A-Za-z][A-Za-z\d.+-]*:(?:/{1,3}|[\w%])|(?a:\b)www\d{0,3}\.|[\w.-]+\.[^\W\d_]{2,4}/.",
}
ADDRESS = re.compile(r"(?:^|(?<=[\s(\"“>|])|(?<=&#(?:60|62|91);))https?://\S+?(?=[.,!?'\")”]*(?:\s|$))")


@given(TYPED)
def test_nothing_that_is_typed_makes_something_else_of_itself(typed: str) -> None:
    said = without_meaning(typed)
    left = ADDRESS.sub(lambda found: found[0] if "&#" in found[0] else "", said)
    # A letter that is written by its number is one to what stands beside it, and begins no address.
    left = re.sub(r"&#\d+;", "\u2060", left.replace("&#119;", "w\u2060"))
    for what, pattern in MADE.items():
        assert not re.search(pattern, left), (what, said)


@given(TYPED)
def test_what_is_shown_is_what_was_typed(typed: str) -> None:
    for said in (without_meaning(typed), without_meaning(typed, links=False)):
        assert html.unescape(said).replace(JOINER, "") == typed
    assert as_typed(without_meaning(typed)) == typed
    assert label(typed).replace(JOINER, "") == typed


@given(TYPED)
def test_in_a_title_nothing_is_an_address(typed: str) -> None:
    assert "://" not in unlinked(typed)


def test_an_address_at_the_end_of_a_quotation_does_not_take_the_mark_along() -> None:
    assert quote("down, see http://a.example/x") == "“down, see http://a.example/x”"
    behind = [mark for text in MESSAGES for mark in re.findall(r"\|quote(?:\(\d+\))? }}(.)", text)]
    assert behind
    assert not [mark for mark in behind if mark not in "{ "], "clients take what follows for a part of the address"


def test_lines_that_were_left_alone_stay_words_and_new_ones_are_their_authors_markdown() -> None:
    before = f"{escape('sev-1 *checkout* @carla')}\n{escape('- one')}"
    field = as_typed(before)
    assert field == "sev-1 *checkout* @carla\n- one"
    assert as_kept(field, before) == before
    assert as_kept(f"{field}\n*mine*", before) == f"{before}\n*mine*"
    assert as_kept("sev-1 *search*\n- one", before) == f"sev-1 *search*\n{escape('- one')}"
