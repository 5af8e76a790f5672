"""Who may see, start and change a playbook: people and groups, as its keys say."""

from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, CARLA, GUEST, INCIDENT, Desk, all_of, asked_of, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.events import Person
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules import permissions
from handlers.rules.groups import KNOWN_FOR, members_of
from handlers.rules.playbook_rights import may_edit, may_see
from handlers.unsure import OfGroups, Unsure

PEOPLE = (ALICE, BOB, CARLA, GUEST, ADMIN)
IN_SRE = {"sre": {"carla"}}


def book(**said: Any) -> Playbook:
    return playbook_of({**INCIDENT.definition(), **said})


def who(question: Any, of: Playbook) -> str:
    """Return the first letters of those of whom a question is answered with yes."""
    desk = Desk(of)
    desk.groups = IN_SRE

    def answer(person: Person) -> bool:
        return bool(asked_of(desk, person, lambda ctx, asker: question(ctx, asker, of)))

    return "".join(one.username[0] for one in PEOPLE if answer(one))


def starts(ctx: Context, asker: Person, of: Playbook) -> bool:
    return permissions.may_start(ctx, asker, "t1", of)


@pytest.mark.parametrize(
    ("said", "see", "start", "edit"),
    [
        ({}, "abcvr", "abcr", "abcr"),
        ({"members": ["@bob"]}, "br", "br", "br"),
        ({"members": ["group:sre"]}, "cr", "cr", "cr"),
        ({"members": ["group:sre"], "admins": ["@bob"]}, "bcr", "bcr", "bcr"),
        ({"members": ["@bob"], "visibility": "public"}, "abcvr", "abcr", "abcr"),
        ({"visibility": "private", "admins": ["@alice"]}, "ar", "ar", "ar"),
        ({"start_by": ["group:sre"]}, "abcvr", "cr", "abcr"),
        ({"start_by": ["@bob"], "admins": ["@alice"]}, "abcvr", "abr", "abcr"),
        ({"start_by": ["@visitor"]}, "abcvr", "r", "abcr"),
        ({"edit_by": "admins", "admins": ["group:sre"]}, "abcvr", "abcr", "cr"),
        ({"edit_by": "admins"}, "abcvr", "abcr", "r"),
        ({"members": ["@visitor"]}, "vr", "r", "r"),
        ({"teams": ["elsewhere"]}, "r", "abcr", "r"),
    ],
)
def test_who_may_is_what_its_keys_say(said: dict[str, Any], see: str, start: str, edit: str) -> None:
    of = book(**said)
    assert (who(may_see, of), who(starts, of), who(may_edit, of)) == (see, start, edit)


def test_who_may_not_start_is_told_who_does() -> None:
    desk = Desk(book(start_by=["@bob", "group:sre"]))
    refused = all_of(desk.commands("run incident-response Now", ALICE), do.Refuse)
    assert "@bob" in refused[0].text
    assert "sre" in refused[0].text
    assert all_of(desk.commands("run incident-response Now", BOB), do.OpenChannel)


def test_it_is_asked_who_is_in_a_group_and_again_after_a_while() -> None:
    desk = Desk()

    def found() -> frozenset[str]:
        return desk.ask(lambda store: members_of(Context(desk.now, store, desk.here), ["group:sre", "@bob"]))

    with pytest.raises(Unsure) as raised:
        found()
    assert raised.value.question == OfGroups(("sre",))
    desk.groups = IN_SRE
    desk.in_groups("sre")
    assert found() == {"carla"}
    desk.now += KNOWN_FOR
    with pytest.raises(Unsure):
        found()


def test_where_the_server_cannot_be_asked_what_was_said_last_counts_and_else_nobody() -> None:
    desk = Desk()

    def found(name: str) -> frozenset[str]:
        return desk.ask(lambda store: members_of(Context(desk.now, store, desk.here, asks=False), [f"group:{name}"]))

    assert found("sre") == frozenset()
    desk.groups = IN_SRE
    desk.in_groups("sre", "gone")
    desk.later(days=9)
    assert (found("sre"), found("gone")) == ({"carla"}, frozenset())


@pytest.mark.parametrize(("see_runs", "members", "seen"), [("", [], "abcr"), ("members", ["group:sre"], "acr"),
                                                          ("participants", ["group:sre"], "ar")])  # fmt: skip
def test_who_sees_its_runs(see_runs: str, members: list[str], seen: str) -> None:
    of = book(channel={"visibility": "public"}, visibility="public", see_runs=see_runs, members=members, invite=[])
    desk = Desk(of)
    desk.groups = IN_SRE
    started_run(desk)
    desk.ask(lambda store: setattr(store.participant(1, "bob"), "left_at", desk.now))

    def sees(person: Person) -> bool:
        return bool(asked_of(desk, person, lambda ctx, asker: permissions.is_listed(ctx, asker, ctx.store.run(1))))

    assert "".join(one.username[0] for one in PEOPLE if sees(one)) == seen
