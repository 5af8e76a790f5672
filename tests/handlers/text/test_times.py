"""Times in words, read in the zone of who writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.times import Unreadable, parse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]
).map(ZoneInfo)
NOWS = st.integers(0, 15 * 365 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
HOURS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)) | st.builds(
    "{}{}".format, st.integers(1, 12), st.sampled_from(["am", "pm", " am", " pm"])
) | st.sampled_from(["noon", "midnight"])  # fmt: skip
DAYS = st.sampled_from(["mon", "Tuesday", "weds", "thu", "friday", "sat", "sun", "next fri"])


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("tomorrow 5pm", "2026-11-24 17:00"),
        ("Tomorrow at 5 PM", "2026-11-24 17:00"),
        ("5pm tomorrow", "2026-11-24 17:00"),
        ("in 2h 30m", "2026-11-23 17:30"),
        ("in 3 days", "2026-11-26 15:00"),
        ("fri", "2026-11-27 09:00"),
        ("friday 9:00", "2026-11-27 09:00"),
        ("9:00 on fri", "2026-11-27 09:00"),
        ("friday, noon", "2026-11-27 12:00"),
        ("monday 14:00", "2026-11-30 14:00"),
        ("mon 18:00", "2026-11-23 18:00"),
        ("next mon 18:00", "2026-11-30 18:00"),
        ("next week", "2026-11-30 09:00"),
        ("today", "2026-11-23 17:00"),
        ("today 18:00", "2026-11-23 18:00"),
        ("5pm", "2026-11-23 17:00"),
        ("at 5pm", "2026-11-23 17:00"),
        ("noon", "2026-11-24 12:00"),
        ("12am", "2026-11-24 00:00"),
        ("17:30", "2026-11-23 17:30"),
        ("2026-12-01 09:00", "2026-12-01 09:00"),
        ("2026-12-01T09:30", "2026-12-01 09:30"),
        ("2026-12-01 at 5pm", "2026-12-01 17:00"),
        ("2026-12-01", "2026-12-01 09:00"),
    ],
)
def test_words_name_a_time(words: str, local: str) -> None:
    assert f"{parse(words, BERLIN, NOW).astimezone(BERLIN):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize(
    "words", ["soon", "", "13pm", "0am", "25:00", "9:60", "9", "fri sat", "tomorrow tomorrow", "next", "2026-13-01",
              "9999-12-31", "0001-01-01", "99999999d", "٣pm", "in"],
)  # fmt: skip
def test_what_names_no_time_is_refused(words: str) -> None:
    with pytest.raises(Unreadable):
        parse(words, BERLIN, NOW)


@given(HOURS, ZONES, NOWS)
def test_an_hour_is_the_next_time_that_the_clock_shows_it(words: str, where: ZoneInfo, now: datetime) -> None:
    at = parse(words, where, now)
    # An hour that a clock set forward leaves out comes as late as the clock was set forward.
    assert now < at <= now + timedelta(hours=25)


@given(DAYS, HOURS | st.just(""), ZONES, NOWS)
def test_a_weekday_is_never_over_and_has_its_name(day: str, hour: str, where: ZoneInfo, now: datetime) -> None:
    at = parse(f"{day} {hour}", where, now)
    assert now < at <= now + timedelta(days=14, hours=2)
    assert f"{at.astimezone(where):%a}".casefold() == day.split()[-1][:3].casefold()


@given(ZONES, NOWS, st.integers(0, 23), st.integers(0, 59))
def test_what_a_clock_shows_is_what_was_written(where: ZoneInfo, now: datetime, hour: int, minute: int) -> None:
    written = f"tomorrow {hour:02}:{minute:02}"
    at = parse(written, where, now).astimezone(where)
    shown = at.replace(tzinfo=None)
    day = now.astimezone(where).date() + timedelta(days=1)
    naive = datetime.combine(day, shown.time().replace(hour=hour, minute=minute))
    exists = naive.replace(tzinfo=where).astimezone(UTC).astimezone(where).replace(tzinfo=None) == naive
    assert shown == naive or not exists


@given(st.text(max_size=30), ZONES, NOWS)
def test_any_words_are_a_time_or_refused(words: str, where: ZoneInfo, now: datetime) -> None:
    try:
        at = parse(words, where, now)
    except Unreadable:
        return
    assert at.tzinfo is UTC


def test_an_hour_that_is_set_back_comes_twice() -> None:
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    assert parse("2:30", BERLIN, first) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert parse("2:30", BERLIN, first + timedelta(minutes=30)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert parse("tomorrow 9:00", BERLIN, first - timedelta(days=1)) == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)
