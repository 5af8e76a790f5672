"""What other channels and programs are told: each on or off, in one thread, with a row for each."""

from typing import Any

import pytest
from actions import book, row, rows
from desk import ADMIN, BOB, TOWN, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import Undeliverable, WebhookAnswered
from handlers.operations.store_playbook import store_playbook
from handlers.operations.take_newer import newer_of, take_newer
from handlers.playbooks.playbook import Playbook

HOOK = {"webhooks": [{"name": "pager", "url": "https://pager.example.com/hook", "events": ["run.finished"]}]}


def telling(**flags: bool) -> Playbook:
    """Return the incident that tells the town square what the flags say, and nothing else."""
    off = dict.fromkeys(("start", "update", "finish", "restart", "retrospective"), False) | flags
    updates = {"broadcast": ["~town-square"], **{f"broadcast_{name}": is_on for name, is_on in off.items()}}
    return book(updates=updates, retrospective={"template": "What went well?"})


def in_town(effects: Any) -> list[do.Post]:
    return [post for post in all_of(effects, do.Post) if post.place_id == TOWN.id]


def life(desk: Desk) -> dict[str, list[do.Post]]:
    """Let a run live, and return what the town square was told at each point."""
    place = started_run(desk)
    told = {"start": in_town(desk.sent)[1:]}
    told["update"] = in_town(desk.commands("update All is calm", place=place))
    told["finish"] = in_town(desk.commands("finish now", place=place, trigger=""))
    told["restart"] = in_town(desk.commands("restart", place=place))
    desk.commands("finish now", place=place, trigger="")
    told["retrospective"] = in_town(desk.commands("retro publish anyway", place=place))
    return told


@pytest.mark.parametrize("on", ["start", "update", "finish", "restart", "retrospective"])
def test_a_channel_is_told_of_just_what_the_playbook_says(on: str) -> None:
    desk = Desk(telling(**{on: True}))
    told = life(desk)
    assert {point for point, posts in told.items() if posts} == {on}
    assert [key for key, each in rows(desk).items() if each.kind == "broadcast"] == [f"broadcast:{on}"]
    assert row(desk, f"broadcast:{on}").state == "done"


def test_nobody_is_told_where_all_is_off_but_who_follows() -> None:
    desk = Desk(telling())
    place = started_run(desk)
    desk.commands("follow", by=BOB, place=place)
    found = desk.commands("update All is calm", place=place)
    assert in_town(found) == []
    assert [tell.person_id for tell in all_of(found, do.Tell)] == ["bob"]


def test_all_that_a_channel_is_told_stands_in_one_thread() -> None:
    desk = Desk(telling(start=True, update=True, finish=True, restart=True, retrospective=True))
    told = life(desk)
    (first,) = told.pop("start")
    assert all(post.under == first.message_id for posts in told.values() for post in posts)
    assert all(len(posts) == 1 for posts in told.values())


def test_the_dialogs_speak_of_no_channel_that_is_not_told() -> None:
    desk = Desk(telling(finish=True))
    place = started_run(desk)
    assert "~town-square" not in one(desk.commands("update", place=place), do.Ask).dialog.intro
    desk.commands("finish now", place=place, trigger="")
    assert "only if you want it" in one(desk.commands("retro publish", place=place), do.Ask).dialog.intro


def test_of_retrospectives_that_are_told_in_any_case_the_dialog_asks_nothing() -> None:
    desk = Desk(telling(retrospective=True))
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    dialog = one(desk.commands("retro publish", place=place), do.Ask).dialog
    assert "~town-square are told, too" in dialog.intro
    assert "channels" not in [entry.name for entry in dialog.entries]


def test_a_channel_that_is_not_there_is_told_in_the_run_and_the_row_says_so() -> None:
    desk = Desk(book(updates={"broadcast": ["~nowhere"]}))
    place = started_run(desk)
    found = desk.commands("update All is calm", place=place)
    assert any("did not go to ~nowhere" in post.content.text for post in all_of(found, do.Post))
    assert all_of(found, do.Tell) == []
    assert (row(desk, "broadcast:update").state, row(desk, "broadcast:update").about) == ("failed", "~nowhere")


def test_a_broadcast_is_repeated_by_the_post_that_shows_how_the_run_stands() -> None:
    desk = Desk(telling(update=True))
    place = started_run(desk)
    desk.commands("update All is calm", place=place)
    first = next(one for one in in_town(desk.sent) if one.under is None and one.root_id == "")
    gone = Undeliverable(at=desk.now, effect="Post", reason="forbidden", message_id=first.message_id, place_id=TOWN.id)
    desk.take(gone)
    told = row(desk, "broadcast:update")
    assert (told.state, told.why, told.about) == ("failed", "forbidden", "~town-square")
    number = list(rows(desk)).index("broadcast:update") + 1
    assert len(in_town(desk.commands(f"why again {number}", place=place))) == 1
    assert row(desk, "broadcast:update").state == "done"


def answered(desk: Desk, why: Any, status: int | None = 200) -> list[do.Effect]:
    delivery = row(desk, "webhook:pager:finish").delivery_id or 0
    return desk.take(WebhookAnswered(at=desk.now, delivery_id=delivery, status=status, why=why, took_ms=5))


def finished(*, held: bool = False) -> Desk:
    desk = Desk(book(**HOOK))
    place = started_run(desk)
    if held:
        with desk.database.transaction() as store:
            store.playbook(1).held = ["webhooks"]  # type: ignore[union-attr]
    desk.commands("finish now", place=place, trigger="")
    return desk


def test_a_webhook_has_a_row_for_what_it_hears_which_is_done_when_the_address_took_it() -> None:
    desk = finished()
    hooks = [key for key, each in rows(desk).items() if each.kind == "webhook"]
    assert hooks == ["webhook:pager:finish"]
    assert row(desk, hooks[0]).state == "waiting"
    answered(desk, "")
    assert row(desk, hooks[0]).state == "done"


def test_a_webhook_that_is_tried_again_is_waited_for_until_it_is_given_up() -> None:
    desk = finished()
    answered(desk, "timeout", None)
    assert row(desk, "webhook:pager:finish").state == "waiting"
    desk.later(days=2)
    answered(desk, "timeout", None)
    assert (row(desk, "webhook:pager:finish").state, row(desk, "webhook:pager:finish").why) == ("failed", "hook_failed")


def test_a_webhook_of_an_imported_playbook_is_off_until_an_admin_confirms_it() -> None:
    desk = finished(held=True)
    assert (row(desk, "webhook:pager:finish").state, row(desk, "webhook:pager:finish").why) == ("skipped", "held")
    assert row(desk, "webhook:pager:finish").delivery_id is None


def test_an_action_calls_a_webhook_also_of_what_that_does_not_hear() -> None:
    quiet = {"webhooks": [{"name": "pager", "url": "https://pager.example.com/hook", "events": ["run.restarted"]}]}
    desk = Desk(book({"on": "task", "task": "Roll back", "webhook": "pager"}, **quiet))
    place = started_run(desk)
    desk.commands("check 2.1", place=place)
    delivery = row(desk).delivery_id
    assert delivery is not None
    body = desk.ask(lambda store: store.webhook_delivery(delivery).body)
    assert '"type":"task.done"' in body
    assert "Roll back" in body


def test_a_run_that_takes_over_what_a_newer_version_tells_has_a_row_for_that() -> None:
    desk = Desk(telling(finish=True))
    place = started_run(desk)
    desk.ask(lambda store: store_playbook(store, telling(finish=True, update=True), "test", desk.now))
    desk.does(lambda ctx, run: take_newer(ctx, run, newer_of(ctx, run).lines, ADMIN))
    assert {key for key, each in rows(desk).items() if each.kind == "broadcast"} == {
        "broadcast:update",
        "broadcast:finish",
    }
    assert len(in_town(desk.commands("update All is calm", place=place))) == 2
    assert row(desk, "broadcast:update").state == "done"
