"""Spans of time that figures are about, as people write them, and which days and weeks things belong to."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.periods import Period, last_days, read_period, week_of, weeks

TODAY = date(2026, 11, 27)
AUCKLAND, HONOLULU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("30d", "2026-10-29", "2026-11-27"),
        ("1 day", "2026-11-27", "2026-11-27"),
        ("2 weeks", "2026-11-14", "2026-11-27"),
        ("3 months", "2026-08-28", "2026-11-27"),
        ("1y", "2025-11-28", "2026-11-27"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026-q1", "2026-01-01", "2026-03-31"),
        ("2026 Q4", "2026-10-01", "2026-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2026-10-05..2026-10-09", "2026-10-05", "2026-10-09"),
        ("2026-10-05 to today", "2026-10-05", "2026-11-27"),
        ("500 years", "1990-01-01", "2026-11-27"),
    ],
)
def test_a_period_is_read_as_whole_days(words: str, first: str, last: str) -> None:
    assert read_period(words, TODAY) == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_all_has_no_beginning_and_nothing_before_it() -> None:
    assert read_period("all", TODAY) == Period(None, TODAY)
    assert Period(None, TODAY).before is None
    assert Period(None, TODAY).days is None


@pytest.mark.parametrize(
    "words",
    [
        "",
        "30",
        "3h",
        "2026-13",
        "2026-10-09..2026-10-05",
        "yesterday",
        "1990-01-01..9999-12-31",
        "2026-02-30..now",
    ],
)
def test_what_is_no_period_is_refused(words: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (whoever asks says what is allowed)
        read_period(words, TODAY)


def test_the_period_before_is_as_long_and_touches() -> None:
    period = last_days(30, TODAY)
    assert period.days == 30
    assert period.before == Period(date(2026, 9, 29), date(2026, 10, 28))


def test_a_run_belongs_to_the_day_of_its_playbooks_zone() -> None:
    at = datetime(2026, 11, 27, 11, 30, tzinfo=UTC)
    assert Period(TODAY, TODAY).holds(at, HONOLULU)
    assert not Period(TODAY, TODAY).holds(at, AUCKLAND)
    assert week_of(datetime(2026, 11, 22, 11, 30, tzinfo=UTC), AUCKLAND) == date(2026, 11, 23)
    assert week_of(datetime(2026, 11, 22, 11, 30, tzinfo=UTC), HONOLULU) == date(2026, 11, 16)


def test_weeks_have_no_gap() -> None:
    assert list(weeks(date(2026, 11, 11), date(2026, 11, 23))) == [
        date(2026, 11, 9),
        date(2026, 11, 16),
        date(2026, 11, 23),
    ]


@given(st.text(max_size=30))
def test_any_words_are_a_period_or_refused(words: str) -> None:
    try:
        period = read_period(words, TODAY)
    except ValueError:
        return
    assert period.first is None or period.first <= period.last


@given(
    st.integers(946_684_800, 2_524_608_000).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.sampled_from([AUCKLAND, HONOLULU, UTC, ZoneInfo("Europe/Berlin")]),
    st.integers(1, 60),
)
def test_what_is_in_a_period_is_between_its_bounds(at: datetime, where: ZoneInfo, count: int) -> None:
    period = last_days(count, at.astimezone(where).date())
    begin, end = period.bounds()
    assert period.holds(at, where)
    assert begin is not None
    assert begin <= at < end
    assert not period.holds(at - timedelta(days=count + 1), where)
