"""Showing an event at another time and in other words, while what was recorded stays as it was recorded."""

from datetime import timedelta

from desk import ALICE, CARLA, START, Desk, all_of, one, words_of
from retrospects import finished, text_of

from handlers import effects as do
from handlers.operations.reword_moment import reword_moment
from store import Moment


def update(desk: Desk) -> Moment:
    return next(one for one in desk.ask(lambda store: list(store.moments(1))) if one.kind == "update")


def number(desk: Desk) -> int:
    rows = sorted(desk.ask(lambda store: list(store.moments(1))), key=lambda row: row.id)
    return [row.kind for row in rows].index("update") + 1


def test_an_event_is_shown_otherwise_and_the_record_stays() -> None:
    desk, place, _ = finished()
    at = number(desk)
    found = desk.commands(f"retro event {at} 14:50 We began to roll back", place=place)
    assert f"Event {at} is shown at 14:50 CET: “We began to roll back”" in one(found, do.Answer).content.text
    moment = update(desk)
    assert (moment.at, moment.subject) == (START + timedelta(minutes=5), "We roll back")
    assert (moment.shown_at, moment.shown_words) == (START - timedelta(minutes=10), "We began to roll back")
    shown = words_of(one(desk.commands("retro", place=place), do.Answer).content)
    assert "14:50 · update by @alice: “We began to roll back” ✎ recorded 15:05" in shown
    timeline = words_of(one(desk.commands("timeline", place=place), do.Answer).content.cards[0])
    assert "14:50 @alice: “We began to roll back” ✎ recorded 15:05" in timeline
    assert "“We began to roll back” ✎" in text_of(found, do.Edit)


def test_it_is_taken_back() -> None:
    desk, place, _ = finished()
    at = number(desk)
    desk.commands(f"retro event {at} 14:50", place=place)
    assert "as it was recorded" in one(desk.commands(f"retro event {at} recorded", place=place), do.Answer).content.text
    assert not update(desk).is_reworded


def test_words_alone_keep_the_time_and_a_time_alone_the_words() -> None:
    desk, place, _ = finished()
    at = number(desk)
    desk.commands(f"retro event {at} Rolling back", place=place)
    desk.commands(f"retro event {at} 14:58", place=place)
    moment = update(desk)
    assert (moment.shown_words, moment.shown_at) == ("Rolling back", START - timedelta(minutes=2))


def test_the_dialog_shows_what_was_recorded_and_empty_fields_bring_it_back() -> None:
    desk, place, _ = finished()
    menu = one(desk.presses("retro.more", 1, choice="retro.event", place=place), do.Tell).content.cards[0].controls[0]
    dialog = one(desk.presses(menu.action, menu.arg, choice=menu.options[-1].value, place=place), do.Ask).dialog
    assert "We roll back" in dialog.intro
    assert [entry.default for entry in dialog.entries] == ["2026-11-23 15:05", "We roll back"]
    desk.submits(dialog, place=place, when="2026-11-23 15:05", words_shown="We rolled back")
    assert (update(desk).shown_at, update(desk).shown_words) == (None, "We rolled back")
    desk.submits(dialog, place=place, when="", words_shown="")
    assert not update(desk).is_reworded


def test_what_cannot_be_is_refused() -> None:
    desk, place, _ = finished()
    at = number(desk)
    assert "still to come" in one(desk.commands(f"retro event {at} 23:00", place=place), do.Refuse).text
    assert "Write an entry's number" in one(desk.commands("retro event 99 14:00", place=place), do.Refuse).text
    assert "Write a time" in one(desk.commands(f"retro event {at}", place=place, trigger=""), do.Refuse).text
    assert all_of(desk.commands(f"retro event {at} 14:00", CARLA, place=place), do.Refuse)
    dialog = one(desk.commands(f"retro event {at}", place=place), do.Ask).dialog
    assert one(desk.submits(dialog, place=place, when="soonish", words_shown=""), do.Correct).errors["when"]


def test_an_operation_takes_values() -> None:
    desk, _, _ = finished()
    moment = update(desk)
    _, done = desk.does(
        lambda ctx, run, by: reword_moment(ctx, run, ctx.store.moment(moment.id), by, at=START, words="We roll back"),
        ALICE,
    )
    assert (done.at, done.recorded_at, done.words) == (START, START + timedelta(minutes=5), "We roll back")
