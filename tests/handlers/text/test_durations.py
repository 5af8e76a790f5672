"""Lengths of time: what people may write, and that what is told to them can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.durations import LONGEST, parse, written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("1h 30m", 5400),
        ("1h30m", 5400),
        ("2d", 172800),
        ("1w", 604800),
        (" 1 Hour 5 MIN ", 3900),
        ("1 week 2 days", 777600),
        ("3650d", LONGEST),
        ("an hour and a half", 5400),
        ("half an hour", 1800),
        ("1.5h", 5400),
        ("2h30", 9000),
        ("2 hrs, 15 mins", 8100),
        ("two weeks", 1209600),
        ("1.5 days", 129600),
        ("30m 1h", 5400),
        ("05 m", 300),
    ],
)
def test_a_length_of_time_is_read(text: str, seconds: int) -> None:
    assert parse(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "30",
        "m",
        "-5m",
        "1.5m 2",
        "5 fortnights",
        "1h 1h",
        "30m!",
        "0m",
        "3651d",
        "9" * 40 + "d",
        "1 month",
        "0.5d",
        "2.5w",
    ],
)
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="a length of time is"):
        parse(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (1800, "30 min"), (5400, "1 h 30 min"), (90061, "1 d 1 h 1 min 1 s"), (1209600, "14 d")],
)
def test_a_length_of_time_is_told(seconds: int, words: str) -> None:
    assert written(seconds) == words


@given(st.integers(1, LONGEST))
def test_what_is_told_can_be_read_back(seconds: int) -> None:
    assert parse(written(seconds)) == seconds


@given(st.text())
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        seconds = parse(text)
    except ValueError:
        return
    assert 0 < seconds <= LONGEST
