"""Times and lengths of time are told as their reader's clock shows them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.readers import ANYBODY, Reader, zone
from handlers.text.sentences import clock, clock_in_list, span


def test_a_time_is_told_as_it_is_read_there() -> None:
    now = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    berlin = Reader("en", zone("Europe/Berlin"))
    assert clock(now, berlin, now) == "15:00"
    assert berlin.zone_name(now) == "CET"
    assert clock(now + timedelta(days=1), berlin, now) == "Tue 24 Nov, 15:00"
    assert clock(now + timedelta(hours=9), berlin, now) == "Tue 24 Nov, 00:00"
    assert clock(now + timedelta(days=79), berlin, now) == "Wed 10 Feb, 15:00"
    assert clock(now + timedelta(days=270), berlin, now) == "Fri 20 Aug 2027, 16:00"
    assert clock(now - timedelta(days=300), berlin, now) == "Tue 27 Jan, 15:00"
    assert clock(now - timedelta(days=365), berlin, now) == "Sun 23 Nov 2025, 15:00"


def test_a_time_of_the_other_half_of_the_year_has_its_zone_in_a_list() -> None:
    berlin, now = Reader("en", zone("Europe/Berlin")), datetime(2026, 3, 28, 14, tzinfo=UTC)
    assert clock_in_list(now, berlin, now) == "15:00"
    assert clock_in_list(now + timedelta(days=1), berlin, now) == "Sun 29 Mar, 16:00 CEST"


@given(st.text(max_size=20))
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone(name) == ZoneInfo("UTC") or str(zone(name)) == name


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "1 min"), (60, "1 min"), (1800, "30 min"), (5400, "1 h 30 min"), (86400, "1 d")]
)
def test_a_span_is_told_in_minutes_at_least(seconds: int, said: str) -> None:
    assert span(seconds, ANYBODY) == said
