"""Where links lead: to a run's channel or direct messages, to its checklists; and nowhere where there is nothing."""

from pathlib import Path
from typing import Any

import pytest
from desk import ALICE, BOB, INCIDENT, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.events import MessagePosted, Place, PostDeleted
from handlers.playbooks.playbook import Playbook
from handlers.text.words import linked
from handlers.views.card import card
from store import KnownPlace, Run, Store

TEMPLATES = Path(__file__).parents[2] / "templates/messages"
CHAT = "https://chat.example.com"
TALK = Place(id="talk", team_id="t1", kind="D", name="alice__bot")
GROUP = Place(id="group", team_id="t1", kind="G", name="f" * 40)


def in_context(desk: Desk, ask: Any) -> Any:
    """Return what is found of run 1."""

    def asked(store: Store) -> Any:
        run = store.run(1)
        assert run is not None
        return ask(Context(desk.now, store, desk.here), run)

    return desk.ask(asked)


def link_of(desk: Desk) -> str:
    return str(in_context(desk, lambda ctx, run: ctx.run_link(run)))


def checklists_on_card(desk: Desk) -> str:
    def found(ctx: Context, run: Run) -> str:
        return next(field.value for field in card(ctx, run).cards[0].fields if field.title == "Checklists")

    return str(in_context(desk, found))


def begun(place: Place) -> Desk:
    """Begin a bare checklist somewhere, and let its messages be posted."""
    desk = Desk()
    known = KnownPlace(id=place.id, kind=place.kind, name=place.name, is_member=True, seen_at=desk.now)
    desk.ask(lambda store: store.learn(known))
    for post in all_of(desk.commands("checklist Move; boxes; van", place=place), do.Post):
        desk.stands(post.message_id)
    return desk


def test_a_run_in_a_channel_is_reached_by_the_channels_name() -> None:
    desk = Desk()
    started_run(desk)
    assert link_of(desk) == f"{CHAT}/ops/channels/checkout-is-down-1"


@pytest.mark.parametrize(
    ("place", "link"), [(TALK, f"{CHAT}/ops/messages/@muster"), (GROUP, f"{CHAT}/ops/messages/{'f' * 40}")]
)
def test_a_checklist_in_direct_messages_is_reached_there(place: Place, link: str) -> None:
    desk = begun(place)
    assert link_of(desk) == link
    (post,) = [one.post_id for one in desk.ask(lambda store: store.messages("checklist", run_id=1))]
    assert checklists_on_card(desk) == f"[1 Move]({CHAT}/_redirect/pl/{post}) 0 of 2"
    assert f"[Move]({link})" in str(one(desk.commands("todo", place=place), do.Answer).content)


@pytest.mark.parametrize("place", [TALK, GROUP])
def test_where_no_team_leads_to_direct_messages_the_link_is_the_cards(place: Place) -> None:
    desk = begun(Place(id=place.id, team_id="", kind=place.kind, name=place.name))
    (post,) = [one.post_id for one in desk.ask(lambda store: store.messages("card", run_id=1))]
    assert link_of(desk) == f"{CHAT}/_redirect/pl/{post}"


def test_a_run_that_has_no_channel_yet_is_named_without_a_link() -> None:
    desk = Desk()
    desk.commands("run incident-response Checkout")
    listed = one(desk.commands("list"), do.Answer).content
    assert "- Checkout · run 1" in str(listed)
    assert "]()" not in str(listed)


def test_no_template_makes_a_link_that_may_lead_nowhere() -> None:
    assert [path.name for path in TEMPLATES.glob("*.j2") if "](" in path.read_text(encoding="utf-8")] == []
    assert (linked("a [b](c)", ""), linked("Move", f"{CHAT}/x")) == (linked("a [b](c)", ""), f"[Move]({CHAT}/x)")
    assert "](" not in linked("a [b](c)", "")


def test_the_card_leads_to_each_checklist_as_soon_as_it_stands_and_wherever_it_is() -> None:
    desk = Desk()
    place = started_run(desk)
    to = [f"{CHAT}/ops/pl/{one.post_id}" for one in desk.ask(lambda store: store.messages("checklist", run_id=1))]
    assert checklists_on_card(desk) == f"[1 Triage]({to[0]}) 0 of 2 · [2 Fix]({to[1]}) 0 of 3"
    desk.commands("check 1.1-1.2", place=place)
    desk.commands("checklist rename 2 Repair", place=place)
    assert checklists_on_card(desk) == f"[1 Triage]({to[0]}) ✓ · [2 Repair]({to[1]}) 0 of 3"
    desk.commands("checklist move 2 1", place=place)
    assert checklists_on_card(desk) == f"[1 Repair]({to[0]}) 0 of 3 · [2 Triage]({to[1]}) ✓"
    desk.commands("checklist remove 1", place=place)
    assert checklists_on_card(desk) == f"[1 Triage]({to[0]}) ✓"
    added = one(desk.commands("checklist add Afterwards", place=place), do.Post)
    assert checklists_on_card(desk) == f"[1 Triage]({to[0]}) ✓ · 2 Afterwards 0 of 0"
    shown = desk.take(MessagePosted(at=desk.now, message_id=added.message_id, post_id="new"))
    assert [edit.content.cards[0].title for edit in all_of(shown, do.Edit)] == []
    desk.stands(added.message_id)
    assert checklists_on_card(desk).endswith(f"[2 Afterwards]({CHAT}/ops/pl/own{added.message_id}) 0 of 0")


def test_the_card_is_drawn_when_a_checklist_stands_that_it_did_not_lead_to() -> None:
    desk = Desk()
    place = started_run(desk)
    (fix,) = [one for one in desk.ask(lambda store: store.messages("checklist", run_id=1)) if one.part == 1][1:]
    again = one(desk.take(PostDeleted(at=desk.now, post_id=fix.post_id, place_id=place.id)), do.Post)
    assert "2 Fix 0 of 3" in checklists_on_card(desk)
    desk.ask(lambda store: setattr(store.message(again.message_id), "post_id", "again"))
    (edit,) = all_of(desk.take(MessagePosted(at=desk.now, message_id=again.message_id, post_id="again")), do.Edit)
    assert f"[2 Fix]({CHAT}/ops/pl/again) 0 of 3" in str(edit)


def test_a_long_checklist_is_entered_where_it_goes_on() -> None:
    tasks = [f"Task {number} {'x' * 180}" for number in range(40)]
    book = INCIDENT.definition() | {"checklists": [{"title": "All", "tasks": tasks}]}
    desk = Desk(Playbook.model_validate(book))
    place = started_run(desk)
    posts = [one.post_id for one in desk.ask(lambda store: store.messages("checklist", run_id=1))]
    assert len(posts) > 1
    assert f"/pl/{posts[0]})" in checklists_on_card(desk)
    desk.commands("check 1.1-1.39", place=place)
    assert f"/pl/{posts[-1]})" in checklists_on_card(desk)


def test_of_many_checklists_those_with_open_tasks_are_named() -> None:
    lists = [{"title": f"List {number}", "tasks": ["One"]} for number in range(1, 14)]
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"checklists": lists}))
    place = started_run(desk)
    desk.commands("check 1.1, 3.1, 13.1", place=place)
    shown = checklists_on_card(desk)
    assert shown.count("](") == 10
    assert [number for number in range(1, 14) if f"[{number} List" not in shown] == [1, 3, 13]


def test_a_channel_opens_at_the_card_and_a_bare_checklist_at_its_list() -> None:
    desk = Desk()
    place = started_run(desk)
    posts = [effect for effect in desk.sent if isinstance(effect, do.Post) and effect.place_id == place.id]
    assert posts[-1].content.cards[0].title == "Checkout is down"
    assert posts[-1].content.cards[0].controls[0].label == "✓ 1.1 Acknowledge the alert"
    bare = all_of(desk.commands("checklist Move; boxes; van", place=Place(id="town", team_id="t1")), do.Post)
    assert [post.content.cards[0].title for post in bare] == ["Move", "1 · Move"]


def test_the_next_task_is_done_from_the_card_which_then_shows_the_one_after() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("assign 1.2 @bob", place=place)
    message = desk.ask(lambda store: store.messages("card", run_id=1)[0].id)
    found = desk.presses("task.done", 1, by=BOB, place=place)
    (shown,) = [edit.content.cards[0] for edit in all_of(found, do.Edit) if edit.message_id == message]
    fields = {field.title: field.value for field in shown.fields}
    assert fields["Next"].startswith("**1.2** Open a bridge call · @bob · due ")
    assert "Next due" not in fields
    assert shown.controls[0].label == "✓ 1.2 Open a bridge call"
    desk.commands("check 1.2, 2.1-2.3", by=ALICE, place=place)
    assert "Next" not in str(in_context(desk, lambda ctx, run: card(ctx, run).cards[0].fields[-1].title))
