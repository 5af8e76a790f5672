"""Names and times made from what people write hold for any text."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text import times
from handlers.text.naming import channel_name, headline

LEGAL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")
ZONES = ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", "Australia/Lord_Howe"]
NOW = st.integers(1_577_836_800, 2_208_988_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.text(max_size=200), st.text(max_size=80), st.integers(1, 10**9))
def test_any_title_gives_a_channel_name_that_every_server_takes(wish: str, fallback: str, number: int) -> None:
    name = channel_name(wish, fallback, number)
    assert LEGAL.fullmatch(name)
    assert len(name) <= 60
    assert name.endswith(f"-{number}")


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=10), max_size=3))
def test_a_headline_is_one_short_line(text: str, keywords: list[str]) -> None:
    line = headline(text, keywords)
    assert len(line) <= 64
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sev-1, checkout is down", "Checkout is down"),
        ("SEV-1!! checkout", "Checkout"),
        ("sev-1", ""),
        ("```\ncode\n```\nsev-1 look", "Look"),
        ("> sev-1: quoted\nmore", "Quoted"),
        ("see https://x.example/sev-1 now", "See now"),
        ("we have a sev-1 here", "We have a sev-1 here"),
    ],
)
def test_a_headline_is_what_the_message_is_about(text: str, line: str) -> None:
    assert headline(text, ["sev-1"]) == line


@given(st.text(max_size=30), st.sampled_from(ZONES), NOW)
def test_any_words_are_a_time_or_are_refused(words: str, zone: str, now: datetime) -> None:
    try:
        at = times.parse(words, ZoneInfo(zone), now)
    except times.Unreadable:
        return
    assert at.tzinfo is UTC


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(ZONES), NOW)
def test_an_hour_is_the_next_time_that_the_clock_there_shows_it(
    hour: int, minute: int, zone: str, now: datetime
) -> None:
    at = times.parse(f"{hour:02}:{minute:02}", ZoneInfo(zone), now)
    # An hour that a change of the clocks leaves out is told by the clock a little later.
    assert timedelta(0) < at - now <= timedelta(hours=25, minutes=1)


@given(st.integers(1, 9), st.integers(0, 59), st.sampled_from(ZONES), NOW)
def test_an_hour_of_one_digit_is_that_time_too_or_it_is_asked_which_half_of_the_day_is_meant(
    hour: int, minute: int, zone: str, now: datetime
) -> None:
    morning, evening = (times.parse(f"{one:02}:{minute:02}", ZoneInfo(zone), now) for one in (hour, hour + 12))
    try:
        meant = [times.parse(f"{hour}:{minute:02}", ZoneInfo(zone), now)]
    except times.Ambiguous as unclear:
        meant = unclear.choices
    assert meant in ([morning], sorted((morning, evening)))
    assert len(meant) == 2 or morning < evening or hour >= 7


@given(st.sampled_from(ZONES), st.timedeltas(timedelta(0), timedelta(days=2900)))
def test_a_date_that_was_shown_is_read_back_as_the_same_time(zone: str, after: timedelta) -> None:
    where, now = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC)
    shown = (now + after).replace(second=0, microsecond=0).astimezone(where)
    if shown.fold == 0:
        assert abs(times.parse(f"{shown:%Y-%m-%d %H:%M}", where, now) - shown) <= timedelta(hours=1)
