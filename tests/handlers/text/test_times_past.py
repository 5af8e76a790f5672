"""Times that are over: an hour is the last one of the clock, and nothing else is bent to be over."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.text import times
from handlers.text.readers import zone
from handlers.text.times_past import parse_past

BERLIN = zone("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""A Monday, at 15:00 in Berlin."""


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("now", "Mon 23 15:00"),
        ("13:40", "Mon 23 13:40"),
        ("15:00", "Mon 23 15:00"),
        ("15:01", "Sun 22 15:01"),
        ("23:50", "Sun 22 23:50"),
        ("11pm", "Sun 22 23:00"),
        ("midnight", "Mon 23 00:00"),
        ("noon", "Mon 23 12:00"),
        ("13:40 UTC", "Mon 23 14:40"),
        ("today 13:40", "Mon 23 13:40"),
        ("yesterday 17:00", "Sun 22 17:00"),
        ("friday 9:00", "Fri 20 09:00"),
        ("mon 9:00", "Mon 23 09:00"),
        ("mon 16:00", "Mon 16 16:00"),
        ("22 nov 8:00", "Sun 22 08:00"),
        ("2026-11-20 23:10", "Fri 20 23:10"),
        ("20 min ago", "Mon 23 14:40"),
        ("an hour ago", "Mon 23 14:00"),
        ("2 days ago", "Sat 21 15:00"),
        # What can only be to come stays so, for it to be refused.
        ("today 16:00", "Mon 23 16:00"),
        ("tomorrow 9:00", "Tue 24 09:00"),
        ("in 5 min", "Mon 23 15:05"),
    ],
)
def test_a_time_is_the_last_that_the_words_can_mean(words: str, local: str) -> None:
    assert parse_past(words, BERLIN, NOW).astimezone(BERLIN).strftime("%a %d %H:%M") == local


def test_what_may_be_two_times_is_asked_about_as_two_that_are_over() -> None:
    with pytest.raises(times.Ambiguous) as found:
        parse_past("3:40", BERLIN, NOW)
    assert [at.astimezone(BERLIN).strftime("%a %H:%M") for at in found.value.choices] == ["Sun 15:40", "Mon 03:40"]


@pytest.mark.parametrize("words", ["soon", "ago", "x ago", "9999999 years ago", "40000 months ago", "", "last week"])
def test_what_is_no_time_is_none(words: str) -> None:
    with pytest.raises(times.Unreadable):
        parse_past(words, BERLIN, NOW)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(-500_000, 500_000))
@example(2, 0, -42601)
def test_an_hour_of_24_is_within_the_last_day_by_the_clock(hour: int, minute: int, ago: int) -> None:
    now = NOW + timedelta(minutes=ago)
    at = parse_past(f"{hour:02}:{minute:02}", BERLIN, now)
    assert at <= now
    # A day on which clocks are set back has 25 hours.
    assert now - at <= timedelta(hours=25)
    local = at.astimezone(BERLIN)
    assert local.minute == minute
    assert abs(local.hour - hour) <= 1
