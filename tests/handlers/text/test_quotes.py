"""Quotation marks of all languages, and apostrophes, which are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.quotes import MARKS, covered, is_opening, quoted, unquoted

PAIRS = (
    '""', "“”", "„“", "„”", "””", "«»", "»«", "‹›", "›‹", "''", "‘’", "‚‘", "‚’", "’’", "「」", "『』", "＂＂",
    "〝〞", "〝〟",
)  # fmt: skip
INNER = st.text(alphabet=st.characters(exclude_characters=MARKS, exclude_categories=("C", "Z")), min_size=1)


@pytest.mark.parametrize("pair", PAIRS)
@given(INNER, st.sampled_from([" ", "\n", "\u00a0", ", ", "; ", ": ", "."]), st.sampled_from(["", "now", "don't"]))
def test_whatever_stands_between_two_marks_is_read(pair: str, inner: str, behind: str, rest: str) -> None:
    text = f"{pair[0]}{inner}{pair[1]}{behind}{rest}"
    assert quoted(text) == (inner, len(inner) + 2)
    assert unquoted(f" {pair[0]} {inner} {pair[1]} ") == inner
    assert covered(f"a {text}")[2:] == "." * (len(inner) + 2) + behind + rest


@pytest.mark.parametrize("mark", "'’")
def test_an_apostrophe_inside_a_word_is_no_mark(mark: str) -> None:
    assert quoted(f"'don{mark}t panic'") == (f"don{mark}t panic", 13)
    for text in (f"don{mark}t panic, it{mark}s fine", f"{mark}til noon", f"the users{mark} list"):
        assert quoted(text) is None
        assert covered(text) == unquoted(text) == text


def test_marks_of_two_languages_close_each_other() -> None:
    assert quoted('"Roll back” now') == ("Roll back", 11)
    assert quoted("“Say “go”” now") == ("Say “go", 9)


def test_a_mark_that_nothing_closes_is_none() -> None:
    assert quoted('"Open') is None
    assert is_opening('"Open')
    assert not is_opening("'Open")
    assert unquoted('"Open') == "Open"


@given(st.text() | st.text(alphabet=f"{MARKS} a,\n", max_size=60))
def test_any_text_is_covered_sign_by_sign(text: str) -> None:
    assert len(covered(text)) == len(text)
    assert all(shown in (".", sign) for shown, sign in zip(covered(text), text, strict=True))
