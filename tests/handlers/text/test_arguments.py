"""Words taken apart: whatever is written, and in one way for every command and dialog."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.arguments import (
    NONE,
    first_name,
    first_part,
    first_word,
    is_none,
    lines,
    names,
    phrases,
    text_or_none,
)
from handlers.text.quotes import MARKS

ODD = st.text() | st.text(alphabet=f"{MARKS} ,;.:#@-0123abor\n\t\x00", max_size=60)
PLAIN = st.text(alphabet=st.characters(exclude_characters=MARKS, exclude_categories=("C", "Z")), min_size=1)
NAME = st.from_regex(r"@[a-z0-9._-]{1,20}", fullmatch=True)
SPACES = (" ", "\n", "\t", "\u00a0", "\u3000", "\u2003", "\u2028", " \u200b ")


@given(ODD)
def test_any_text_is_read_without_an_error_and_nothing_is_made_up(text: str) -> None:
    for read in (first_word, first_part, first_name):
        first, rest = read(text)
        assert set(first + rest) <= set(text)
    for word in (*names(text), *lines(text), *phrases(text)):
        assert word
    assert text_or_none(text) in text


@given(st.lists(PLAIN, min_size=1, max_size=5, unique=True))
def test_quoted_phrases_are_read_as_they_are_said_again(words: list[str]) -> None:
    assert phrases(", ".join(f'"{word}"' for word in words)) == words
    assert phrases(" or ".join(f"“{word}”" for word in words)) == words
    assert phrases("; ".join(f"‘{word}’" for word in words)) == words
    assert first_part(f"„{words[0]}“ and more") == (words[0], "and more")


@given(st.lists(NAME, max_size=5, unique=True), st.sampled_from(SPACES))
def test_names_are_read_as_they_are_said_again(people: list[str], space: str) -> None:
    for between in (
        space,
        f",{space}",
        ",",
        f"{space}and{space}",
        f", and{space}",
        ";",
        "、",
        "，",
        f"{space}&{space}",
    ):
        assert names(between.join(people)) == people


def test_what_stands_before_names_is_none_of_them() -> None:
    assert first_name("to @bob, and more") == ("@bob", "and more")
    assert first_name(" and, to ") == ("", "")


@pytest.mark.parametrize("word", sorted(NONE))
def test_a_word_for_none_in_quotation_marks_is_the_word_itself(word: str) -> None:
    for written in (word, f" {word.upper()} ", f"{word}.", f"({word})", f"{word}!"):
        assert is_none(written)
    assert text_or_none(word) == ""
    for pair in ('""', "“”", "„“", "«»", "‘’", "''"):
        assert text_or_none(pair[0] + word + pair[1]) == word
        assert not is_none(pair[0] + word + pair[1])
    assert phrases(f'"{word}"') == [word]


def test_only_a_word_for_none_loses_its_quotation_marks() -> None:
    assert text_or_none('"Ask the vendor"') == '"Ask the vendor"'
    assert not is_none("")
    assert not is_none("none of it")


def test_words_that_are_quoted_in_part_are_one_phrase() -> None:
    for text in ('"build" is green', "the users' list", "don't panic", 'say "go"'):
        assert phrases(text) == [text]
