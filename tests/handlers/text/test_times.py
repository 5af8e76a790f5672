"""Times in words, read in the zone of who writes them: never as another time than is meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phrases import AMBIGUOUS, BERLIN, NO_TIMES, NOW, TIMES

from handlers.text.readers import Reader
from handlers.text.sentences import clock
from handlers.text.times import Ambiguous, FarAway, Unreadable, length, parse

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo",
     "America/Sao_Paulo", "Asia/Shanghai"]
).map(ZoneInfo)  # fmt: skip
NOWS = st.integers(0, 15 * 365 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
MINUTES = st.integers(2, 3650 * 24 * 60 - 60)
HOURS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)) | st.builds(
    "{}{}".format, st.integers(1, 12), st.sampled_from(["am", "pm", " am", " p.m."])
) | st.just("noon")  # fmt: skip
DAYS = st.sampled_from(["mon", "Tuesday", "weds", "thu", "friday", "sat", "sun"])
PIECES = st.sampled_from(sorted({word for words, _ in [*TIMES, *AMBIGUOUS] for word in words.split()} | {"soon"}))
PHRASES = st.sampled_from([words for words, _ in TIMES]) | st.lists(PIECES, min_size=1, max_size=6).map(" ".join)


def read(words: str, where: ZoneInfo, now: datetime, language: str = "en") -> datetime | None:
    try:
        return parse(words, where, now, language)
    except Unreadable:
        return None


def shown(at: datetime, where: ZoneInfo) -> str:
    return f"{at.astimezone(where):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("words", "local"), TIMES)
def test_words_name_a_time(words: str, local: str) -> None:
    assert shown(parse(words, BERLIN, NOW), BERLIN) == local


@pytest.mark.parametrize("words", NO_TIMES)
def test_what_names_no_time_is_refused(words: str) -> None:
    with pytest.raises(Unreadable):
        parse(words, BERLIN, NOW)


@pytest.mark.parametrize(("words", "choices"), AMBIGUOUS)
def test_what_people_mean_differently_is_refused_with_the_choice(words: str, choices: list[str]) -> None:
    with pytest.raises(Ambiguous) as refused:
        parse(words, BERLIN, NOW)
    assert [shown(at, BERLIN) for at in refused.value.choices] == choices


@pytest.mark.parametrize(
    ("words", "part"),
    [("soon", "soon"), ("tomorrow soon", "soon"), ("by 5pm or so", "or so"), ("2026-02-30", "2026-02-30")],
)
def test_what_was_not_understood_is_named(words: str, part: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(words, BERLIN, NOW)
    assert refused.value.part == part


@pytest.mark.parametrize("words", ["9999-12-31", "0001-01-01", "99999999d", "999999999 months", "in 11 years"])
def test_what_is_further_than_ten_years_away_is_refused(words: str) -> None:
    with pytest.raises(FarAway):
        parse(words, BERLIN, NOW)


@given(PHRASES, ZONES, NOWS, st.data())
def test_case_white_space_and_points_do_not_matter(words: str, where: ZoneInfo, now: datetime, data: object) -> None:
    spaced = words.replace(" ", "\N{NO-BREAK SPACE}\t\N{IDEOGRAPHIC SPACE}\n")
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in words)
    expected = read(words, where, now)
    assert {read(other, where, now) for other in (words.upper(), spaced, f" “{words}.” ", f"{words},", wide)} == {
        expected
    }


@given(PHRASES, ZONES, NOWS)
def test_what_is_read_is_read_again_as_the_bot_writes_it(words: str, where: ZoneInfo, now: datetime) -> None:
    at = read(words, where, now)
    if at is not None and at > now + timedelta(minutes=1):
        written = f"{clock(at, Reader('en', where), now)} {Reader('en', where).zone_name(at)}"
        assert read(written, where, now) == at.replace(second=0, microsecond=0)


@given(st.sampled_from(["en", "de", "fr", "es", "pl", "pt_BR", "ru"]), ZONES, NOWS, MINUTES)
@example("en", ZoneInfo("UTC"), datetime(2020, 1, 1, tzinfo=UTC), 270 * 24 * 60)
@example("es", BERLIN, datetime(2026, 2, 28, tzinfo=UTC), 3 * 24 * 60)
def test_the_bot_reads_what_it_writes(language: str, where: ZoneInfo, now: datetime, minutes: int) -> None:
    at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    reader = Reader(language, where)
    assert parse(f"{clock(at, reader, now)} {reader.zone_name(at)}", where, now, language) == at


@given(HOURS, ZONES, NOWS)
def test_an_hour_is_the_next_time_that_the_clock_shows_it(words: str, where: ZoneInfo, now: datetime) -> None:
    at = parse(words, where, now)
    # An hour that a clock set forward leaves out comes as late as the clock was set forward.
    assert now < at <= now + timedelta(hours=25)


@given(DAYS, HOURS | st.just(""), ZONES, NOWS)
def test_a_weekday_is_never_over_and_has_its_name(day: str, hour: str, where: ZoneInfo, now: datetime) -> None:
    at = parse(f"{day} {hour}", where, now)
    assert now < at <= now + timedelta(days=7, hours=2)
    assert f"{at.astimezone(where):%a}".casefold() == day[:3].casefold()


@given(ZONES, NOWS, st.integers(0, 23), st.integers(0, 59))
def test_what_a_clock_shows_is_what_was_written(where: ZoneInfo, now: datetime, hour: int, minute: int) -> None:
    written = f"tomorrow {hour:02}:{minute:02}"
    at = parse(written, where, now).astimezone(where)
    shown = at.replace(tzinfo=None)
    day = now.astimezone(where).date() + timedelta(days=1)
    naive = datetime.combine(day, shown.time().replace(hour=hour, minute=minute))
    exists = naive.replace(tzinfo=where).astimezone(UTC).astimezone(where).replace(tzinfo=None) == naive
    assert shown == naive or not exists


@given(ZONES, NOWS, st.integers(1, 400))
def test_days_and_weeks_keep_the_hour_of_the_clock(where: ZoneInfo, now: datetime, days: int) -> None:
    local = now.astimezone(where).replace(tzinfo=None) + timedelta(days=days)
    at = parse(f"in {days} days", where, now)
    # An hour that is left out that day comes as late as the clock was set forward.
    assert at == local.replace(tzinfo=where, fold=0).astimezone(UTC)
    assert parse(f"in {days} weeks", where, now) == parse(f"{days * 7}d", where, now)


@given(ZONES, NOWS, st.integers(1, 9000))
def test_hours_are_time_that_passes(where: ZoneInfo, now: datetime, hours: int) -> None:
    assert parse(f"{hours}h", where, now) == parse(f"in {hours} hours", where, now) == now + timedelta(hours=hours)


def test_over_a_clock_change_a_day_is_not_24_hours() -> None:
    saturday = datetime(2026, 10, 24, 16, 0, tzinfo=UTC)
    assert shown(parse("in 3 days", BERLIN, saturday), BERLIN) == "2026-10-27 18:00"
    assert shown(parse("in 72 hours", BERLIN, saturday), BERLIN) == "2026-10-27 17:00"
    assert shown(parse("1 month", BERLIN, datetime(2027, 1, 31, 9, tzinfo=UTC)), BERLIN) == "2027-02-28 10:00"


def test_an_hour_that_is_set_back_comes_twice_and_its_zone_says_which() -> None:
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    once, again = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert parse("02:30", BERLIN, first) == parse("02:30 CEST", BERLIN, first) == once
    assert parse("02:30", BERLIN, first + timedelta(minutes=30)) == parse("02:30 CET", BERLIN, first) == again
    assert parse("tomorrow 9:00", BERLIN, first - timedelta(days=1)) == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "zone", "utc"),
    [
        ("9:00 CST", "America/Chicago", "15:00"),
        ("9:00 CST", "Asia/Shanghai", "01:00"),
        ("9:00 IST", "Asia/Kolkata", "03:30"),
        ("9:00 BST", "Europe/London", "09:00"),
        ("9:00 CET", "Europe/Berlin", "08:00"),
        ("9:00 EST", "Europe/Berlin", "14:00"),
        ("9:00 ET", "Europe/Berlin", "14:00"),
        ("09:00 -03", "America/Sao_Paulo", "12:00"),
    ],
)
def test_a_short_name_is_the_zone_of_who_writes_it(words: str, zone: str, utc: str) -> None:
    assert f"{parse(f'tomorrow {words}', ZoneInfo(zone), NOW):%H:%M}" == utc


@pytest.mark.parametrize("words", ["tomorrow 9am UTC", "9:00 UTC on friday"])
def test_where_it_is_another_day_in_the_named_zone_the_day_is_asked_for(words: str) -> None:
    angeles, evening = ZoneInfo("America/Los_Angeles"), datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    with pytest.raises(Ambiguous):
        parse("tomorrow 9am UTC", angeles, evening)
    assert parse(words, angeles, evening - timedelta(hours=12)).hour == 9


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("2h", 7200), ("in 1h 30m", 5400), ("for an hour", 3600), ("2 days", 172800), ("5pm", 0), ("1 month", 0), ("", 0)],
)
def test_a_length_of_time_has_seconds(words: str, seconds: int) -> None:
    assert length(words) == seconds


@given(st.text(max_size=30) | st.lists(PIECES, max_size=20).map(" ".join), ZONES, NOWS)
@example("dec 1 1/2 " * 7, BERLIN, NOW)
def test_any_words_are_a_time_or_refused(words: str, where: ZoneInfo, now: datetime) -> None:
    at = read(words, where, now)
    assert at is None or at.tzinfo is UTC


def test_gmt_in_summer_is_asked_about_where_the_own_clocks_show_it_in_winter() -> None:
    london = ZoneInfo("Europe/London")
    with pytest.raises(Ambiguous) as asked:
        parse("17:00 GMT", london, datetime(2027, 5, 12, 8, tzinfo=UTC))
    assert [shown(at, london) for at in asked.value.choices] == ["2027-05-12 17:00", "2027-05-12 18:00"]
    assert shown(parse("17:00 GMT", london, datetime(2026, 12, 1, 8, tzinfo=UTC)), london) == "2026-12-01 17:00"
