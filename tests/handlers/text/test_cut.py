"""A label that is too long is cut where no sign is cut in two."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.text.cut import cut
from handlers.text.words import shorten


@given(st.text(), st.integers(1, 50))
def test_a_shortened_label_fits(text: str, limit: int) -> None:
    short = cut(text, limit)

    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_no_sign_is_cut_in_two() -> None:
    assert cut("ab👩🏽‍🚒", 5) == "ab…"
    assert cut("abcde\u0301", 5) == "abcd…"
    assert cut("a🇩🇪🇫🇷", 4) == "a🇩🇪…"
    assert cut("a🇩🇪🇫🇷", 3) == "a…"
    assert shorten("ab👩🏽‍🚒", 5) == "ab…"


def test_words_that_just_fit_are_not_cut() -> None:
    assert shorten("Tell everybody who was told that it is over", 28) == "Tell everybody who was told…"
