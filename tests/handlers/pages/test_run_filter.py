"""The filter in an address: read, written, and refused where it is none."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.pages.filter_reading import LAST_PAGE, NoFilter, read_filter
from handlers.pages.run_filter import ORDERS, STATES, RunFilter
from handlers.text.readers import ANYBODY, Reader, zone
from handlers.text.words import one_line

names = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
days = st.none() | st.dates(date(1970, 1, 1), date(9000, 12, 31))
filters = st.builds(
    RunFilter,
    words=st.text(max_size=60).map(one_line),
    state=st.sampled_from(STATES),
    playbook=st.just("") | names,
    team=st.just("") | names,
    owner=st.just("") | names,
    mine=st.booleans(),
    late=st.booleans(),
    since=days,
    until=days,
    order=st.sampled_from(ORDERS),
    backwards=st.booleans(),
    page=st.integers(1, LAST_PAGE),
)


def read(query: str) -> tuple[RunFilter, tuple[NoFilter, ...]]:
    return read_filter(dict(parse_qsl(query, keep_blank_values=True)))


@given(filters)
def test_an_address_holds_the_filter(chosen: RunFilter) -> None:
    assert read(chosen.query) == (chosen, ())


@given(st.dictionaries(st.text(max_size=8) | st.sampled_from(["from", "page", "sort", "state", "mine"]), st.text()))
def test_whatever_stands_in_an_address_is_a_filter_or_is_told(query: dict[str, str]) -> None:
    found, wrong = read_filter(query)
    assert read(found.query) == (found, ())
    assert {one.name for one in wrong} <= {name[:60] for name in query}
    # Whoever reads the reader's clock can always say when those days begin and end.
    for reader in (ANYBODY, Reader(zone=zone("Pacific/Kiritimati")), Reader(zone=zone("America/Los_Angeles"))):
        for at in (found.begin(reader), found.end(reader)):
            assert at is None or at.astimezone(UTC)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("state=open", "state"), ("sort=id", "sort"), ("sort=--next", "sort"), ("mine=perhaps", "mine")),
        *(("from=yesterday", "from"), ("from=2026-02-30", "from"), ("until=0001-01-01", "until")),
        *(("until=9999-12-31", "until"), ("from=2026-W05-1", "from"), ("from=20260131", "from")),
        *(("page=0", "page"), ("page=-1", "page"), ("page=1e3", "page"), ("page=٣", "page"), ("page=99999", "page")),
        (f"q={'x' * 201}", "q"),
        ("statee=active", "statee"),
    ],
)
def test_what_is_no_filter_is_told_and_leaves_nothing_out(query: str, name: str) -> None:
    found, wrong = read(query)
    assert found == RunFilter()
    assert [one.name for one in wrong] == [name]


def test_the_last_day_is_included_by_the_readers_clock() -> None:
    berlin = Reader(zone=zone("Europe/Berlin"))
    found, _ = read("from=2026-10-24&until=2026-10-25")
    assert found.begin(berlin) == datetime(2026, 10, 23, 22, tzinfo=UTC)
    assert found.end(berlin) == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_a_press_on_a_head_sorts_and_turns_around() -> None:
    found, _ = read("q=down&page=3")
    once = found.sorted_by("name")
    assert once.query == "q=down&sort=name"
    assert once.sorted_by("name").query == "q=down&sort=-name"
    assert once.sorted_by("name").sorted_by("started").query == "q=down&sort=started"


def test_quick_filters_turn_and_keep_the_rest() -> None:
    found, _ = read("q=down&page=3&late=1&state=active")
    assert found.toggled("mine").query == "q=down&state=active&mine=1&late=1"
    assert found.toggled("late").query == "q=down&state=active"
    assert found.toggled("active").query == "q=down&late=1"
    assert found.toggled("finished").query == "q=down&state=finished&late=1"
    assert found.toggled("").query == ""
    assert found.is_narrow
    assert not read("sort=name&page=2")[0].is_narrow
