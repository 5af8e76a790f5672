"""What users write can never become markup, a mention or a link to somewhere else."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from handlers.text.words import (
    bar,
    code,
    escape,
    fenced,
    one_line,
    plain,
    prose,
    quote,
    seen,
    shorten,
)

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

NASTY = st.lists(
    st.sampled_from(
        [
            *"\\`*_~[]()<>|#@!-+=.:;&\"'$^%{}/? \t\n",
            *(
                "@all",
                "@here",
                "@channel",
                "~town-square",
                "http://",
                "https://a.b/",
                "www.",
                "1.",
                "```",
                "&lt;",
                "&#64;",
            ),
            *("- ", "> ", "a", "B", "7", "ü", "障害", "🔥", "\u200b", "\u2028", "\x00", "\r"),
        ]
    ),
    max_size=30,
).map("".join)
ANY = st.one_of(st.text(max_size=60), NASTY)

# How the server finds mentions: app/notification.go, processText.
CALLS = re.compile(r"(?<![^\W_])@(all|channel|here)(?![^\W_])", re.IGNORECASE)


def shown(markdown: str) -> str:
    """Return what a client shows, and refuse everything that is not plain words in one paragraph."""
    words = []
    for token in MARKDOWN.parse(markdown):
        assert token.type in ("paragraph_open", "inline", "paragraph_close"), (token.type, markdown)
        for child in token.children or []:
            assert child.type == "text", (child.type, markdown)
            words.append(child.content)
    return "".join(words)


def meant(text: str) -> str:
    """Return a text without what only keeps it from being more than text."""
    return one_line(text)


@given(ANY)
def test_whatever_somebody_writes_is_shown_as_words(text: str) -> None:
    assert meant(shown(escape(text))) == meant(text)


@given(ANY, ANY)
def test_words_stay_words_in_the_middle_of_a_sentence(before: str, after: str) -> None:
    assert meant(shown(f"Run {escape(before)} by {escape(after)} now")) == meant(f"Run {before} by {after} now")


@given(ANY)
def test_escaped_words_call_nobody_and_lead_to_no_channel(text: str) -> None:
    said = escape(text)
    assert not re.search(r"@[^\W]", said)
    assert "~" not in said
    assert "\n" not in said


@given(ANY)
def test_an_authors_markdown_calls_nobody_in_the_channel(text: str) -> None:
    assert not CALLS.search(prose(text))
    assert not CALLS.search(plain(text))
    assert prose(text).replace("\u2060", "") == seen(text).strip()


@pytest.mark.parametrize("text", ["@all", "@ALL", "@here_", "x.@channel", "(@here)", "@all.", "@here-now", "@channel:"])
def test_a_call_to_everybody_is_neutralised_however_it_ends(text: str) -> None:
    assert not CALLS.search(prose(text))
    assert prose(text).replace("\u2060", "") == text


@pytest.mark.parametrize("text", ["@alice", "@allison", "@hereford", "@channels", "mail@all-hands.example"])
def test_other_names_in_an_update_still_call_their_people(text: str) -> None:
    assert prose(text) == text or "@\u2060all" in prose(text)


def test_an_address_still_leads_there() -> None:
    assert escape("see https://a.example:8443/x_y/z?q=1&r=2 now") == "see https://a.example:8443/x_y/z?q=1&r=2 now"


@pytest.mark.parametrize("text", ["https://@all", "https://x.example/@channel", "https://*a*", "xhttps://~town"])
def test_an_address_is_no_way_around(text: str) -> None:
    assert not CALLS.search(escape(text))
    assert shown(escape(text))


def test_words_from_right_to_left_do_not_turn_what_follows() -> None:
    assert escape("\u202eevil") == "evil"
    assert escape("שלום *עולם*") == "\u2068שלום &#42;עולם&#42;\u2069"
    assert plain("مرحبا\u202e") == "\u2068مرحبا\u2069"
    assert escape("障害 café") == plain("障害 café") == "障害 café"


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Ll"])))
def test_nothing_that_turns_or_is_not_seen_is_left_anywhere(text: str) -> None:
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
    for said in (prose(text), plain(text), code(text), fenced(text), one_line(text), escape(text)):
        left = [
            sign for sign in said if unicodedata.bidirectional(sign) in turning and sign not in "\u200b\u200c\u200d"
        ]
        assert not [sign for sign in left if sign not in "\u2068\u2069" or "\u2068" not in said], ascii(said)
        said.encode()


def test_scripts_and_emoji_keep_what_they_are_written_with() -> None:
    for text in ("می\u200cخواهم", "👩\u200d👩\u200d👧", "❤️", "ខ្មែរ\u200bភាសា", "شركة مثال", "שלום"):
        assert prose(text) == one_line(text) == text


@given(ANY, st.integers(2, 80))
def test_a_shortened_text_is_one_line_that_fits(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == one_line(text) or short.endswith("…")


@given(ANY)
def test_a_quotation_is_words_between_marks(text: str) -> None:
    # What is written from right to left is kept from turning what stands around it.
    said = shown(quote(text, 40)).strip("\u2068\u2069")
    assert said.startswith("“")
    assert said.endswith("”")


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_progress_bar_is_always_as_wide_and_full_only_at_the_end(done: int, total: int) -> None:
    said = bar(min(done, total), total)
    assert len(said) == 8
    assert ("▱" not in said) == (total > 0 and done >= total)
