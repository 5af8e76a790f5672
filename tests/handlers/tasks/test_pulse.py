"""The pulse of a run: how many of its tasks are open, in progress, done and skipped."""

from desk import BOB, TOWN, Desk, one, started_run

from handlers import effects as do
from store import Run


def test_it_tells_how_many_tasks_are_in_which_state() -> None:
    desk = Desk()
    place = started_run(desk)
    assert said(desk.commands("pulse", place=place)) == (
        "**Checkout is down**: 5 open · 0 in progress · 0 done · 0 skipped"
    )
    for words in ("check 1.1", "check 2.1", "start 1.2", "skip 2.3"):
        desk.commands(words, place=place)
    now = "**Checkout is down**: 1 open · 1 in progress · 2 done · 1 skipped"
    assert said(desk.commands("pulse", BOB, place=place)) == now
    assert said(desk.commands("pulse #1", place=TOWN)) == now
    assert said(desk.presses("run.more", 1, choice="pulse", place=place)) == now


def test_it_tells_of_a_finished_run_too() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("check 1.1", place=place)
    desk.commands("finish now", place=place)
    over = "**Checkout is down**: 4 open · 0 in progress · 1 done · 0 skipped"
    assert said(desk.commands("pulse", place=place)) == over
    assert said(desk.presses("run.more", 1, choice="pulse", place=place)) == over


def test_a_run_without_tasks_has_none_in_any_state() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("remove 1.1-2.3", place=place)
    assert said(desk.commands("pulse", place=place)).endswith("0 open · 0 in progress · 0 done · 0 skipped")


def test_who_asks_is_told_alone_and_nothing_changes() -> None:
    desk = Desk()
    place = started_run(desk)
    before, revision = len(desk.sent), revision_of(desk)
    assert [type(effect) for effect in desk.commands("pulse", place=place)] == [do.Answer]
    assert (len(desk.sent), revision_of(desk)) == (before, revision)


def said(effects: list[do.Effect]) -> str:
    return str(one(effects, do.Answer).content.text)


def revision_of(desk: Desk) -> int:
    run: Run = desk.run()
    return run.revision
