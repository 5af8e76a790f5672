"""The list of runs: who sees which, and what of it is said."""

from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, GUEST, INCIDENT, PUBLIC, Desk, asked_of, started_run
from msgspec.structs import replace

from handlers.events import Person
from handlers.pages.asked import Asked
from handlers.pages.runs import PAGE, RunsPage, runs_page
from handlers.playbooks.playbook import Playbook
from store import Run

STRANGER = Person(id="stranger", username="stranger")
SECRET = Playbook.model_validate(INCIDENT.definition() | {"title": "Secret", "key": "secret", "members": ["@bob"]})


def page(desk: Desk, asker: Person = ALICE, **query: str) -> RunsPage:
    """Return the list as somebody sees it."""
    given = {name.rstrip("_"): said for name, said in query.items()}
    found: RunsPage = asked_of(desk, asker, lambda ctx, who: runs_page(ctx, Asked(who, {}, given)))
    return found


def names(desk: Desk, asker: Person = ALICE, **query: str) -> list[str]:
    return [run.name for run in page(desk, asker, **query).runs]


def add(desk: Desk, name: str, **more: Any) -> None:
    said = {"key": name, "team_id": "t1", "definition": {}, "owner_id": "alice", "creator_id": "alice"}
    desk.ask(lambda store: store.add(Run(**said | {"name": name, "created_at": desk.now} | more)))


def test_a_line_says_how_a_run_stands() -> None:
    desk = Desk(PUBLIC)
    place = started_run(desk)
    desk.commands("check 1.1", place=place)
    (line,) = page(desk).runs
    assert (line.number, line.name, line.playbook, line.playbook_key) == (
        1,
        "Checkout is down",
        "Incident response",
        "incident-response",
    )
    assert (line.owner, line.team, line.done, line.total, line.is_late) == ("alice", "Operations", 1, 5, False)
    desk.later(minutes=40)
    (line,) = page(desk, late="1").runs
    assert line.is_late
    assert line.lasted.total_seconds() == 40 * 60
    desk.later(minutes=5)
    desk.commands("finish now All well", place=place)
    (line,) = page(desk, state="finished").runs
    assert line.lasted.total_seconds() == 45 * 60
    assert not line.is_late
    assert names(desk, late="1") == names(desk, state="active") == []


def test_everybody_sees_their_own_runs_alone() -> None:
    desk = Desk(PUBLIC, SECRET)
    started_run(desk)
    add(desk, "private", channel_id="nobody-knows")
    add(desk, "bob's", channel_id="nobody-knows", owner_id="bob", creator_id="bob")
    assert names(desk, ALICE) == ["Checkout is down", "private"]
    assert names(desk, BOB) == ["Checkout is down", "bob's"]
    assert names(desk, ADMIN) == ["Checkout is down", "bob's", "private"]
    assert names(desk, GUEST) == names(desk, replace(STRANGER, is_guest=True)) == []
    desk.strangers = {"stranger"}
    desk.later(minutes=20)
    assert names(desk, STRANGER) == []
    assert page(desk, ALICE).count == 2


def test_filters_find_what_they_say() -> None:
    desk = Desk(PUBLIC)
    started_run(desk)
    add(desk, "Cleaning", owner_id="bob", creator_id="alice", channel_id="channel1")
    assert names(desk, owner="bob") == ["Cleaning"]
    assert names(desk, owner="@bob") == ["Cleaning"]
    assert names(desk, owner="me") == ["Checkout is down"]
    assert names(desk, mine="1") == ["Checkout is down"]
    assert names(desk, playbook="incident-response") == ["Checkout is down"]
    assert names(desk, playbook="-") == ["Cleaning"]
    assert names(desk, team="ops") == ["Checkout is down", "Cleaning"]
    assert names(desk, q="payments") == ["Checkout is down"]
    assert names(desk, q="#2") == ["Cleaning"]
    assert names(desk, until="2026-11-22") == []
    assert names(desk, from_="2026-11-23", until="2026-11-23", sort="name") == ["Checkout is down", "Cleaning"]
    assert names(desk, sort="-name") == ["Cleaning", "Checkout is down"]


@pytest.mark.parametrize(("part", "said"), [("playbook", "secret"), ("team", "elsewhere"), ("owner", "nobody")])
def test_what_is_not_for_somebody_is_told_as_what_is_not_there(part: str, said: str) -> None:
    desk = Desk(PUBLIC, SECRET)
    started_run(desk)
    found, unknown = page(desk, **{part: said}), page(desk, **{part: "unheard-of"})
    assert found.runs == unknown.runs == ()
    assert [one.name for one in found.wrong] == [one.name for one in unknown.wrong] == [part]
    assert "secret" not in dict(found.choices.playbooks)
    assert dict(page(desk, BOB).choices.playbooks)["secret"] == "Secret"
    assert page(desk, BOB, playbook="secret").wrong == ()


def test_a_long_list_has_pages() -> None:
    desk = Desk(PUBLIC)
    for number in range(PAGE + 5):
        add(desk, f"Run {number:02}", state="active")
    first, second, third = (page(desk, page=str(one)) for one in (1, 2, 3))
    assert [len(one.runs) for one in (first, second, third)] == [PAGE, 5, 0]
    assert [one.is_last for one in (first, second, third)] == [False, True, True]
    assert first.count == second.count == PAGE + 5
    assert len({run.number for one in (first, second) for run in one.runs}) == PAGE + 5
