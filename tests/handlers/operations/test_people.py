"""What is done to the people of a run is told as data; what cannot be done is refused before anything is changed."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, BOT, CARLA, GUEST, INCIDENT, Desk, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.effects import Effect, Refused
from handlers.events import Person
from handlers.operations import participants
from handlers.operations.change_owner import OwnerChanged, change_owner
from handlers.operations.give_role import RoleGiven, free_role, give_role
from handlers.operations.hand_over import HandedOver, HandoverAnswered, answer_handover, hand_over
from handlers.operations.participants import Brought, Removed
from handlers.playbooks.playbook import Playbook
from store import Handover, Run

STRANGER = Person(id="stranger", username="stranger")
WITH_ROLES = Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"]})
Deed = Callable[[Context, Run], Generator[Effect, None, Any]]


def done(desk: Desk, deed: Deed) -> Any:
    """Return what an operation says that it did; to who asked it says nothing."""

    def did(store: Any) -> tuple[Any, list[Effect]]:
        run, effects = store.run(1), []
        found = deed(Context(desk.now, store, desk.here), run)
        while True:
            try:
                effects.append(next(found))
            except StopIteration as end:
                return end.value, effects

    desk.in_team(*(one.id for one in (ALICE, BOB, CARLA, GUEST, ADMIN)))
    told, effects = desk.ask(did)
    assert not [one for one in effects if isinstance(one, do.Answer | do.Ask | do.Refuse | do.Correct)]
    return told


@pytest.fixture
def desk() -> Desk:
    made = Desk(WITH_ROLES)
    started_run(made)
    return made


def asked(ctx: Context) -> Handover:
    found = ctx.store.open_handover(1)
    assert found is not None
    return found


def role(ctx: Context) -> Any:
    return ctx.store.role_holder(1, "scribe")


def test_an_owner_is_changed_once(desk: Desk) -> None:
    assert done(desk, lambda ctx, run: change_owner(ctx, run, BOB, ALICE)) == OwnerChanged("bob", "alice")
    again = done(desk, lambda ctx, run: change_owner(ctx, run, BOB, BOB))
    assert (again, again.is_new) == (OwnerChanged("bob", "bob"), False)


def test_a_run_is_handed_over_and_the_question_answered(desk: Desk) -> None:
    assert done(desk, lambda ctx, run: hand_over(ctx, run, BOB, ALICE, "Please")) == HandedOver(BOB, "alice", "asked")
    assert done(desk, lambda ctx, run: hand_over(ctx, run, BOB, ALICE)).what == "asked_before"
    answer = done(desk, lambda ctx, run: answer_handover(ctx, run, asked(ctx), BOB, "accepted"))
    assert answer == HandoverAnswered(1, "alice", "accepted")
    assert desk.run().owner_id == "bob"
    assert done(desk, lambda ctx, run: hand_over(ctx, run, CARLA, BOB, at_once=True)).what == "given"
    assert desk.run().owner_id == "carla"


def test_a_role_is_given_and_freed(desk: Desk) -> None:
    assert done(desk, lambda ctx, run: give_role(ctx, run, role(ctx), BOB, ALICE)) == RoleGiven("scribe", "bob", "")
    assert not done(desk, lambda ctx, run: give_role(ctx, run, role(ctx), BOB, ALICE)).is_new
    assert done(desk, lambda ctx, run: free_role(ctx, run, role(ctx), ALICE)) == RoleGiven("scribe", "", "bob")


def test_people_come_and_go(desk: Desk) -> None:
    assert done(desk, lambda ctx, run: participants.invite(ctx, run, [BOB, CARLA])) == Brought((CARLA,), True)
    assert done(desk, lambda ctx, run: participants.join(ctx, run, BOB)) == Brought()
    assert done(desk, lambda ctx, run: participants.remove(ctx, run, [BOB, CARLA], ALICE)) == Removed((BOB,))
    assert done(desk, lambda ctx, run: participants.leave(ctx, run, BOB)) == Removed()


@pytest.mark.parametrize(
    "deed",
    [
        lambda ctx, run: change_owner(ctx, run, BOT, ALICE),
        lambda ctx, run: change_owner(ctx, run, GUEST, ALICE),
        lambda ctx, run: change_owner(ctx, run, BOB, STRANGER),
        lambda ctx, run: hand_over(ctx, run, ALICE, ALICE),
        lambda ctx, run: hand_over(ctx, run, BOT, ALICE),
        lambda ctx, run: give_role(ctx, run, role(ctx), BOT, ALICE),
        lambda ctx, run: give_role(ctx, run, role(ctx), STRANGER, ALICE),
        lambda ctx, run: participants.join(ctx, run, STRANGER),
        lambda ctx, run: participants.invite(ctx, run, [BOB, STRANGER]),
        lambda ctx, run: participants.remove(ctx, run, [BOB, ALICE], BOB),
        lambda ctx, run: participants.leave(ctx, run, ALICE),
    ],
)
def test_what_is_refused_changes_nothing(desk: Desk, deed: Deed) -> None:
    desk.strangers.add(STRANGER.id)
    desk.in_team(STRANGER.id)

    def refused(store: Any) -> None:
        with pytest.raises(Refused):
            next(deed(Context(desk.now, store, desk.here), store.run(1)))

    before = (desk.run().owner_id, len(desk.ask(lambda store: list(store.moments(1)))))
    desk.in_team(*(one.id for one in (ALICE, BOB, CARLA, GUEST, BOT)))
    desk.ask(refused)
    assert (desk.run().owner_id, len(desk.ask(lambda store: list(store.moments(1))))) == before
