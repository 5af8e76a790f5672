"""Rights on pages: all pages and all forms tried by everybody, in runs of every kind; one rule, the one of chat."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from desk import ADMIN, ALICE, INCIDENT, START, Desk, Undone, all_of, asked_of, started_run
from msgspec.structs import replace

from bot.pages.rows import PAGES, Page
from handlers import effects as do
from handlers.context import Context, person_row
from handlers.events import PageActed, PeopleInvited, Person, PersonLeft, Place
from handlers.pages.asked import Asked, NotThere
from handlers.playbooks.playbook import Playbook
from handlers.routes import handle
from handlers.routes.pages import PAGE_FORMS
from handlers.routes.rows import RunPageForm
from handlers.rules import permissions
from handlers.rules.permission_table import action_of
from handlers.unsure import HeadOf, InTeam, Unsure

NAME = "Checkout is down"
ABSENT = 9999

OWNER = Person(id="owner", username="owner")
PARTICIPANT = Person(id="participant", username="participant")
LET_GO = ALICE
TEAMMATE = Person(id="teammate", username="teammate")
OTHER_TEAM = Person(id="other", username="other")
BOOK_ADMIN = Person(id="bookadmin", username="bookadmin")
BOOK_MEMBER = Person(id="bookmember", username="bookmember")
CHIEF = Person(id="chief", username="chief")
GUEST_IN = Person(id="guestin", username="guestin", is_guest=True)
GUEST_OUT = Person(id="guestout", username="guestout", is_guest=True)
GONE = Person(id="gone", username="gone", is_active=False)
PEOPLE = (
    *(ADMIN, OWNER, PARTICIPANT, LET_GO, TEAMMATE, OTHER_TEAM, BOOK_ADMIN, BOOK_MEMBER),
    *(CHIEF, GUEST_IN, GUEST_OUT, GONE),
)
SCENES: Mapping[str, dict[str, Any]] = {
    "public channel": {"channel": {"visibility": "public"}},
    "private channel": {"channel": {"visibility": "private"}},
    "private playbook": {"channel": {"visibility": "public"}, "members": ["@bookmember", "@alice"]},
    "strict": {"channel": {"visibility": "private"}, "only_owner_finishes": True},
}
SEEING = {
    "public channel": {*PEOPLE} - {OTHER_TEAM, GUEST_OUT, GONE},
    "private channel": {ADMIN, OWNER, PARTICIPANT, LET_GO, BOOK_ADMIN, CHIEF, GUEST_IN},
    "private playbook": {ADMIN, OWNER, PARTICIPANT, LET_GO, BOOK_ADMIN, BOOK_MEMBER, CHIEF, GUEST_IN},
    "strict": {ADMIN, OWNER, PARTICIPANT, LET_GO, BOOK_ADMIN, CHIEF, GUEST_IN},
}
"""Who sees the run of each scene: worked out by docs/permissions.md; Alice started it and has left."""
FILLED: Mapping[str, dict[str, str]] = {
    "task.turn": {"task": "1", "verb": "skip"},
    "task.give": {"task": "1", "assignee": "me", "due": "in 2h"},
    "task.new": {"title": "One more", "checklist": "1"},
    "update.post": {"text": "All is well", "next": "0"},
}


def scene(name: str) -> Desk:
    said = INCIDENT.definition() | {"admins": ["@bookadmin"]} | SCENES[name]
    desk = Desk(Playbook.model_validate(said))
    started_run(desk)
    desk.strangers = {"other"}
    desk.heads = {("chief", "channel1")}
    desk.ask(lambda store: store.learn(*(person_row(one, START) for one in PEOPLE if one not in (ADMIN, ALICE))))
    desk.take(PeopleInvited(at=desk.now, run_id=1, added=(OWNER, PARTICIPANT, GUEST_IN), refused={}))
    desk.ask(lambda store: setattr(store.run(1), "owner_id", "owner"))
    desk.take(PersonLeft(at=desk.now, place_id="channel1", person_id="alice"))
    return desk


@pytest.fixture(scope="module")
def desks() -> dict[str, Desk]:
    return {name: scene(name) for name in SCENES}


def pages_about(number: int) -> Iterator[tuple[Page, dict[str, str]]]:
    for page in PAGES:
        if isinstance(page, Page) and "{run}" in page.path:
            yield page, {"run": str(number)}


def shown(desk: Desk, page: Page, path: dict[str, str], asker: Person) -> object:
    """Return what somebody is shown, or that there is nothing for them."""
    try:
        return asked_of(desk, asker, lambda ctx, who: page.show(ctx, Asked(who, path)))
    except NotThere as none:
        return repr(none)


@pytest.mark.parametrize("name", SCENES)
def test_who_sees_a_run_in_chat_sees_its_pages_and_nobody_else(desks: dict[str, Desk], name: str) -> None:
    desk = desks[name]
    assert list(pages_about(1))
    for who in PEOPLE:
        sees = who in SEEING[name]
        assert asked_of(desk, who, lambda ctx, one: permissions.may_see(ctx, one, ctx.store.run(1))) == sees, (
            who.username
        )
        for page, path in pages_about(1):
            found = shown(desk, page, path, who)
            assert (NAME in repr(found)) == sees, (page.path, who.username)
            if not sees:
                assert found == shown(desk, page, {"run": str(ABSENT)}, who)


@pytest.mark.parametrize("name", SCENES)
def test_no_list_names_a_run_to_who_may_not_see_it(desks: dict[str, Desk], name: str) -> None:
    desk = desks[name]
    lists = [page for page in PAGES if isinstance(page, Page) and "{run}" not in page.path]
    assert {"/runs", "/tasks", "/playbooks/{key}"} <= {page.path for page in lists}
    for who in PEOPLE:
        for page in lists:
            found = repr(shown(desk, page, {"key": "incident-response"}, who))
            # Of channel admins nobody asks for a list: it would be a question for each run.
            if NAME in found:
                assert who in SEEING[name], (page.path, who.username)
            elif page.path in ("/runs", "/playbooks/{key}"):
                assert who not in SEEING[name] - {CHIEF} or "NotThere" in found, (page.path, who.username)


@pytest.mark.parametrize("name", SCENES)
def test_a_private_playbook_is_shown_to_those_that_it_names_alone(desks: dict[str, Desk], name: str) -> None:
    page = next(one for one in PAGES if isinstance(one, Page) and one.path == "/playbooks/{key}")
    for who in PEOPLE:
        found = shown(desks[name], page, {"key": "incident-response"}, who)
        named = who in (ADMIN, ALICE, BOOK_ADMIN, BOOK_MEMBER) or name != "private playbook"
        assert ("NotThere" not in repr(found)) == (named and who not in (OTHER_TEAM, GONE)), who.username
        if "NotThere" in repr(found):
            assert found == shown(desks[name], page, {"key": "unheard-of"}, who)


def sent(desk: Desk, action: str, who: Person, run_id: int) -> list[do.Effect]:
    """Return what follows from a form that somebody sends, of which nothing stays; the number of the run left out."""
    asker = replace(who, asked=frozenset())
    while True:
        event = PageActed(
            at=desk.now, action=action, run_id=run_id, once="1", values=FILLED.get(action, {}), asker=asker,
            place=Place(id="channel1"),
        )  # fmt: skip
        try:
            found: list[do.Effect] = []
            with desk.database.transaction() as store:
                found = list(handle(event, Context(desk.now, store, desk.here)))
                raise Undone
        except Undone:
            return found
        except Unsure as unsure:
            what = unsure.question
        match what:
            case InTeam(team_id, person_ids):
                desk.in_team(*person_ids, team_id=team_id)
            case HeadOf(place_id):
                heads = frozenset({place_id} if (asker.id, place_id) in desk.heads else ())
                asker = replace(asker, asked=asker.asked | {place_id}, heads=asker.heads | heads)


FORMS = {name: row for name, row in PAGE_FORMS.items() if isinstance(row, RunPageForm)}


def said(effects: list[do.Effect], number: int) -> list[str]:
    return [repr(effect).replace(str(number), "N") for effect in effects]


@pytest.mark.parametrize("action", sorted(FORMS))
@pytest.mark.parametrize("name", SCENES)
def test_a_form_obeys_the_rule_of_chat(desks: dict[str, Desk], name: str, action: str) -> None:
    desk, row = desks[name], FORMS[action]
    for who in PEOPLE:
        found = sent(desk, action, who, 1)
        if who not in SEEING[name]:
            assert NAME not in repr(found)
            assert said(found, 1) == said(sent(desk, action, who, ABSENT), ABSENT), (action, who.username)
            continue
        may = asked_of(
            desk, who, lambda ctx, one, row=row: permissions.may(ctx, action_of(row.who), one, ctx.store.run(1))
        )
        refusals = [one.title for one in all_of(found, do.Refuse)]
        denied = any(title in ("Only for participants", "Only for the owner", "Not for guests") for title in refusals)
        assert denied != may, (action, who.username, refusals)


def test_a_task_of_another_run_is_not_reached_through_ones_own(desks: dict[str, Desk]) -> None:
    desk = scene("private channel")
    place = Place(id="mine", team_id="t1", kind="P", name="mine")
    desk.ask(lambda store: store.know_place("mine", "t1", "P", "mine", "Mine", desk.now))
    desk.ask(lambda store: setattr(store.place("mine"), "is_member", True))
    desk.commands("checklist Mine: one, two", TEAMMATE, place=place)
    for action in ("task.turn", "task.give"):
        (refused,) = all_of(sent(desk, action, TEAMMATE, 2), do.Refuse)
        assert refused.title == "This task is gone"
