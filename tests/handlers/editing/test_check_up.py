"""What is not right with a playbook any more is said with its remedy, and told its admins once a week if it is new."""

from datetime import timedelta
from typing import Any

import pytest
from desk import BOB, CARLA, GUEST, INCIDENT, START, Desk, all_of, one

from handlers import effects as do
from handlers.context import Context
from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.playbook import Playbook
from handlers.rules.check_up import Kind, found_in
from store import WebhookAddress


def book(**said: Any) -> Playbook:
    told = {
        "title": "Outage",
        "admins": ["@alice"],
        "checklists": [{"title": "A", "tasks": [{"title": "x", "assignee": "owner"}]}],
    }
    return Playbook.model_validate(told | said)


def kept(playbook: Playbook) -> Desk:
    """Return a desk with a playbook as it is stored, beside the one for incidents."""
    desk = Desk(INCIDENT)
    desk.ask(lambda store: store_playbook(store, playbook, "made:", START))
    desk.in_team("alice", "bob", "carla")
    return desk


def kinds(desk: Desk) -> list[tuple[Kind, str]]:
    def look(store: Any) -> list[tuple[Kind, str]]:
        ctx = Context(desk.now, store, desk.here)
        found = found_in(ctx, store.playbook_by_key("outage"), store.playbooks())
        return [(each.kind, each.subject) for each in found]

    return desk.ask(look)


def said(found: list[do.Effect]) -> str:
    texts = [effect.content.text for effect in found if isinstance(effect, do.Answer | do.Tell)]
    return "\n".join([*texts, *(effect.text for effect in all_of(found, do.Refuse))])


def test_a_playbook_that_is_fine_is_said_to_be() -> None:
    desk = kept(book())
    assert kinds(desk) == []
    assert "everything is as it should be" in said(desk.commands("check-up outage"))


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"invite": ["@mallory"]}, ("person_gone", "@mallory")),
        ({"owner": "@mallory"}, ("person_gone", "@mallory")),
        ({"roles": [{"name": "lead", "person": "@mallory"}]}, ("person_gone", "@mallory")),
        ({"actions": [{"invite": ["@mallory"]}]}, ("person_gone", "@mallory")),
        ({"updates": {"every": "1h", "broadcast": ["~nowhere"]}}, ("channel_gone", "~nowhere")),
        ({"channel": {"use": "~nowhere"}}, ("channel_gone", "~nowhere")),
        ({"actions": [{"post": "Hi", "channel": "~nowhere"}]}, ("channel_gone", "~nowhere")),
        ({"insights": {"channel": "~nowhere"}}, ("channel_gone", "~nowhere")),
        ({"keywords": ["SEV-1"]}, ("keyword_twice", "SEV-1")),
        ({"keywords": ["`down`"]}, ("keyword_deaf", "`down`")),
        ({"keywords": ["https://status.example.org"]}, ("keyword_deaf", "https://status.example.org")),
        ({"checklists": [{"title": "A", "tasks": ["x", "y"]}]}, ("unassigned", "")),
        ({"updates": {"template": "What changed?"}}, ("no_updates", "")),
        ({"actions": [{"on": "finish", "run": "review"}]}, ("playbook_gone", "review")),
    ],
)
def test_each_thing_that_is_not_right_is_found(more: dict[str, Any], found: tuple[Kind, str]) -> None:
    desk = kept(book(**more))
    assert kinds(desk) == [found]
    words = said(desk.commands("check-up outage"))
    assert "1 thing is not right" in words
    assert words.count("\n- ") == 1


def test_somebody_who_is_in_none_of_its_teams_is_found() -> None:
    desk = kept(book(invite=["@bob"]))
    assert kinds(desk) == []
    desk.strangers = {"bob"}
    desk.in_team("bob")
    assert kinds(desk) == [("person_outside", "@bob")]


def test_channels_and_playbooks_that_are_there_are_fine() -> None:
    said_of = {"broadcast": ["~town-square"], "every": "1h"}
    assert kinds(kept(book(updates=said_of, actions=[{"on": "finish", "run": "incident-response"}]))) == []


def test_an_address_that_is_off_or_fails_is_found() -> None:
    desk = kept(book(webhooks=[{"name": "pager", "url": "https://pager.example.org"}]))

    def off(store: Any) -> None:
        row = store.playbook_by_key("outage")
        store.add(WebhookAddress(playbook_id=row.id, name="pager", secret="whsec_", off_at=START, why_off="failing"))

    desk.ask(off)
    assert kinds(desk) == [("address_off", "pager")]


def test_what_was_imported_and_is_held_is_found() -> None:
    desk = kept(book())

    def hold(store: Any) -> None:
        store.playbook_by_key("outage").held = ["webhooks"]

    desk.ask(hold)
    assert kinds(desk) == [("held", "webhooks")]


def test_without_a_name_all_are_looked_at_that_somebody_may_change() -> None:
    desk = kept(book(invite=["@mallory"], edit_by="admins"))
    assert "Outage" in said(desk.commands("check-up"))
    assert "Outage" not in said(desk.commands("check-up", BOB))
    assert "Outage" not in said(desk.commands("check-up", GUEST))


def test_of_a_private_playbook_nothing_is_said_to_others() -> None:
    desk = kept(book(members=["@alice"], keywords=["sev-1"]))
    assert "Outage" not in said(desk.commands("check-up outage", CARLA))
    assert "Outage" not in said(desk.commands("check-up incident-response", CARLA))


def test_once_a_week_its_admins_are_told_what_is_new_and_nobody_twice() -> None:
    desk = kept(book(invite=["@mallory"]))
    desk.now = START + timedelta(days=7)
    told = [effect for effect in all_of(desk.what_is_due(), do.Tell) if "Outage" in effect.content.text]
    assert [effect.person_id for effect in told] == ["alice"]
    assert "@mallory is not there any more" in told[0].content.text
    desk.now += timedelta(days=7)
    assert not any("Outage" in effect.content.text for effect in all_of(desk.what_is_due(), do.Tell))
    changed = book(invite=["@mallory"], channel={"use": "~nowhere"})
    desk.ask(lambda store: store_playbook(store, changed, "made:", desk.now))
    desk.now += timedelta(days=7)
    again = one([effect for effect in desk.what_is_due() if isinstance(effect, do.Tell)], do.Tell)
    assert "~nowhere" in again.content.text
    assert "@mallory" not in again.content.text


def test_an_archived_playbook_is_left_alone() -> None:
    desk = kept(book(invite=["@mallory"]))

    def archive(store: Any) -> None:
        store.playbook_by_key("outage").archived_at = START

    desk.ask(archive)
    desk.now = START + timedelta(days=7)
    assert not all_of(desk.what_is_due(), do.Tell)
