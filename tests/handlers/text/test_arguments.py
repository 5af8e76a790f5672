"""Words taken apart: whatever is written, and in one way for every command and dialog."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.arguments import (
    MARKS,
    NONE,
    first_part,
    first_reference,
    first_word,
    is_none,
    lines,
    names,
    phrases,
    text_or_none,
)

ODD = st.text() | st.text(alphabet=f"{MARKS} ,;.:#@-0123abor\n\t\x00", max_size=60)
PLAIN = st.text(alphabet=st.characters(exclude_characters=MARKS, exclude_categories=("C", "Z")), min_size=1)


@given(ODD)
def test_any_text_is_read_without_an_error_and_nothing_is_made_up(text: str) -> None:
    for read in (first_word, first_part, first_reference):
        first, rest = read(text)
        assert set(first + rest) <= set(text)
    for word in (*names(text), *lines(text), *phrases(text)):
        assert word
    assert text_or_none(text) in text


@given(st.lists(PLAIN, min_size=1, max_size=5, unique=True))
def test_quoted_phrases_are_read_as_they_are_said_again(words: list[str]) -> None:
    assert phrases(", ".join(f'"{word}"' for word in words)) == words
    assert phrases(" or ".join(f"“{word}”" for word in words)) == words
    assert first_part(f"„{words[0]}“ and more") == (words[0], "and more")


@given(st.lists(st.from_regex(r"@[a-z0-9._-]{1,20}", fullmatch=True), max_size=5, unique=True))
def test_names_are_read_as_they_are_said_again(people: list[str]) -> None:
    for between in (" ", ", ", ",", " and ", ", and "):
        assert names(between.join(people)) == people


@pytest.mark.parametrize("word", sorted(NONE))
def test_a_word_for_none_in_quotation_marks_is_the_word_itself(word: str) -> None:
    assert is_none(f" {word.upper()} ")
    assert text_or_none(word) == ""
    assert text_or_none(f'"{word}"') == text_or_none(f"“{word}”") == word
    assert phrases(f'"{word}"') == [word]


def test_only_a_word_for_none_loses_its_quotation_marks() -> None:
    assert text_or_none('"Ask the vendor"') == '"Ask the vendor"'
    assert not is_none("")
    assert not is_none("none of it")


@pytest.mark.parametrize(
    ("text", "reference", "rest"),
    [
        ("1.1 New title", "1.1", "New title"),
        ("1.1, 1.3 ,2.1 @bob", "1.1,1.3,2.1", "@bob"),
        ('"Open a bridge" me', "Open a bridge", "me"),
        ("“Say “go”” now", "Say “go", "” now"),
        ('"Open', "Open", ""),
        ("", "", ""),
    ],
)
def test_a_reference_stands_before_other_words(text: str, reference: str, rest: str) -> None:
    assert first_reference(text) == (reference, rest)
