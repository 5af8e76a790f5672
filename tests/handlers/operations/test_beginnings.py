"""Starting a run, making a checklist and answering a prompt are told as data, or refused before anything changes."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
from desk import ALICE, BOB, GUEST, INCIDENT, TOWN, Desk

from handlers import effects as do
from handlers.context import Context
from handlers.effects import Effect, Refused
from handlers.events import Place
from handlers.operations.answer_prompt import PromptClosed, decline_prompt
from handlers.operations.make_checklist import make_checklist
from handlers.operations.start_run import offered, start_run
from handlers.rules.run_request import Wish, stored

Deed = Callable[[Context], Generator[Effect, None, Any]]
AWAY = Place(id="away", team_id="t1")


def begun(desk: Desk, deed: Deed) -> Any:
    """Return what an operation says that it did; to who asked it says nothing."""

    def did(store: Any) -> Any:
        found = deed(Context(desk.now, store, desk.here))
        while True:
            try:
                assert not isinstance(next(found), do.Answer | do.Ask | do.Refuse | do.Correct)
            except StopIteration as end:
                return end.value

    desk.in_team("alice", "bob", "guest")
    return desk.ask(did)


def wish(ctx: Context, asker: Any = ALICE, name: str = "Checkout is down") -> Wish:
    row = ctx.store.playbook_by_key(INCIDENT.key)
    assert row is not None
    return Wish(row=row, book=stored(ctx, row), asker=asker, team_id="t1", name=name)


def from_prompt(ctx: Context, asker: Any = ALICE) -> Wish:
    prompt = ctx.store.prompt(1)
    assert prompt is not None
    return offered(ctx, prompt, 1, asker)


def test_a_run_is_started_in_its_own_channel_or_here() -> None:
    desk = Desk()
    own = begun(desk, lambda ctx: start_run(ctx, wish(ctx)))
    assert (own.run.name, own.is_opening) == ("Checkout is down", True)
    here = begun(desk, lambda ctx: start_run(ctx, wish(ctx), TOWN))
    assert (here.run.channel_id, here.is_opening) == ("town", False)


def test_a_prompt_is_answered_by_the_run_that_is_started_from_it() -> None:
    desk = Desk()
    desk.says("sev-1")
    started = begun(desk, lambda ctx: start_run(ctx, from_prompt(ctx)))
    prompt = desk.ask(lambda store: store.prompt(1))
    assert (prompt.state, prompt.run_id, prompt.answered_by) == ("started", started.run.id, "alice")
    with pytest.raises(Refused, match="@alice"):
        begun(desk, lambda ctx: start_run(ctx, from_prompt(ctx, BOB)))


def test_a_prompt_is_declined_once() -> None:
    desk = Desk()
    desk.says("sev-1", post="root")
    assert begun(desk, lambda ctx: decline_prompt(ctx, 1, BOB, "muted")) == PromptClosed(1, "muted")
    assert desk.ask(lambda store: store.is_muted("root"))
    with pytest.raises(Refused):
        begun(desk, lambda ctx: decline_prompt(ctx, 1, ALICE, "dismissed"))


def test_a_checklist_is_made_where_somebody_is() -> None:
    desk = Desk()
    made = begun(desk, lambda ctx: make_checklist(ctx, "Before the release", ["Freeze", "Tag"], ALICE, TOWN))
    assert (made.run.name, made.run.channel_id, made.count) == ("Before the release", "town", 2)


@pytest.mark.parametrize(
    "deed",
    [
        lambda ctx: start_run(ctx, wish(ctx, GUEST)),
        lambda ctx: start_run(ctx, wish(ctx), AWAY),
        lambda ctx: make_checklist(ctx, "", [], ALICE, TOWN),
        lambda ctx: make_checklist(ctx, "Release", ["x" * 201], ALICE, TOWN),
        lambda ctx: make_checklist(ctx, "Release", [], ALICE, AWAY),
    ],
)
def test_what_is_refused_begins_nothing(deed: Deed) -> None:
    desk = Desk()
    with pytest.raises(Refused):
        begun(desk, deed)
    assert desk.ask(lambda store: store.run(1)) is None
