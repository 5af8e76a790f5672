"""Reactions stand for buttons, with one rule behind both; without buttons nothing shows one."""

from dataclasses import replace
from typing import Any

from desk import ALICE, CARLA, INCIDENT, TOWN, Desk, all_of, one, started_run, words_of
from sqlalchemy import event

from handlers import effects as do
from handlers.events import ButtonsSwitched, Hit, JobDue, Person, Place, ReactionAdded
from handlers.playbooks.playbook import Playbook
from store import Message


def without_buttons(*books: Playbook) -> Desk:
    desk = Desk(*books)
    desk.here = replace(desk.here, buttons=False)
    return desk


def reacts(
    desk: Desk, emoji: str, message: int, by: Person = ALICE, place: Place = TOWN, once: str = ""
) -> list[do.Effect]:
    return desk.take(
        ReactionAdded(
            at=desk.now, emoji=emoji, once=once, asker=by, place=place, post_id=f"own{message}", message_id=message
        )
    )


def run_by_reaction(desk: Desk) -> Place:
    desk.says("sev-1, checkout is down")
    desk.stands(1)
    reacts(desk, "arrow_forward", 1)
    return desk.opens()


def message(desk: Desk, kind: str, at: int = 0) -> int:
    found: Any = desk.ask(lambda store: [row.id for row in store.messages(kind, run_id=1)])
    return int(found[at])


def states(desk: Desk) -> list[str]:
    found: Any = desk.ask(lambda store: [task.state for task in store.tasks(1)])
    return list(found)


def test_a_prompt_bears_reactions_instead_of_buttons() -> None:
    desk = without_buttons()
    posted = one(desk.says("sev-1"), do.Post)
    assert posted.content.cards[0].controls == ()
    assert "▶️ starts it" in words_of(posted.content.cards[0])
    desk.stands(1)
    assert one(desk.sent, do.React).emoji == ("arrow_forward", "x", "no_entry_sign")


def test_with_buttons_no_reaction_is_put_but_one_means_the_same() -> None:
    desk = Desk()
    desk.says("sev-1")
    desk.stands(1)
    assert all_of(desk.sent, do.React) == []
    assert one(reacts(desk, "arrow_forward", 1), do.OpenChannel)


def test_start_begins_at_once_with_the_playbooks_name() -> None:
    desk = without_buttons()
    run_by_reaction(desk)
    assert desk.run().name == "Checkout is down"


def test_with_several_playbooks_numbers_choose_one() -> None:
    desk = without_buttons(INCIDENT, Playbook.model_validate({"title": "Release", "keywords": ["sev-1"]}))
    hits = [Hit(playbook_id=number, keywords=("sev-1",)) for number in (1, 2)]
    posted = one(desk.says("sev-1", hits=hits), do.Post)
    assert "2️⃣ Release" in words_of(posted.content.cards[0])
    desk.stands(1)
    assert one(desk.sent, do.React).emoji == ("one", "two", "x", "no_entry_sign")
    reacts(desk, "two", 1)
    assert desk.run().definition["title"] == "Release"


def test_the_check_mark_is_for_the_next_task_each_time_and_numbers_for_their_own() -> None:
    desk = without_buttons()
    place = run_by_reaction(desk)
    fix = message(desk, "checklist", 1)
    reacts(desk, "two", fix, place=place)
    assert states(desk)[2:] == ["open", "done", "open"]
    reacts(desk, "white_check_mark", fix, place=place)
    assert states(desk)[2:] == ["done", "done", "open"]
    reacts(desk, "white_check_mark", fix, place=place)
    assert states(desk)[2:] == ["done", "done", "done"]
    assert reacts(desk, "white_check_mark", fix, place=place) == []
    assert reacts(desk, "nine", fix, place=place) == []


def test_a_checklist_that_grows_bears_more_numbers_and_one_that_is_only_worked_does_not() -> None:
    desk = without_buttons()
    place = run_by_reaction(desk)
    triage, fix = message(desk, "checklist", 0), message(desk, "checklist", 1)
    for words in ("check 1.1", "add 1 Call the vendor", "undo", "move 2.1 to 1.1", "duplicate 2.1"):
        desk.later(minutes=1)
        desk.sent.clear()
        desk.commands(words, place=place)
        put = {effect.message_id: effect.emoji for effect in all_of(desk.sent, do.React)}
        if words == "check 1.1":
            assert put == {}
        if words.startswith("add"):
            assert put[triage] == ("white_check_mark", "one", "two", "three")
        if words.startswith("move"):
            assert put[fix] == ("white_check_mark", "one", "two")
    assert put[fix] == ("white_check_mark", "one", "two", "three")
    reacts(desk, "three", triage, place=place)
    assert [task.title for task in desk.ask(lambda store: list(store.tasks(1))) if task.state == "done"] == [
        "Acknowledge the alert",
        "Open a bridge call",
    ]


def test_what_was_changed_before_is_not_read_for_the_reactions() -> None:
    desk = without_buttons()
    place = run_by_reaction(desk)
    asked: list[str] = []
    event.listen(desk.database.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    for words in ("check 1.1", "add 1 Call the vendor", "move 2.1 to 1.1"):
        desk.commands(words, place=place)
    assert len([one for one in asked if one.startswith("INSERT INTO change")]) == 3
    assert [one for one in asked if "FROM change" in one] == []


def test_the_very_same_reaction_counts_once() -> None:
    desk = without_buttons()
    place = run_by_reaction(desk)
    for _ in range(2):
        reacts(desk, "white_check_mark", message(desk, "checklist", 1), place=place, once="reaction:1")
    assert states(desk)[2:] == ["done", "open", "open"]


def test_who_may_not_is_told_so_and_nothing_changes() -> None:
    desk = without_buttons()
    place = run_by_reaction(desk)
    told = one(reacts(desk, "one", message(desk, "checklist"), by=CARLA, place=place), do.Tell)
    assert told.person_id == "carla"
    assert told.place_id == place.id
    assert states(desk)[0] == "open"


def test_the_alarm_clock_puts_an_update_off() -> None:
    desk = without_buttons()
    place = run_by_reaction(desk)
    desk.later(minutes=31)
    for due in desk.ask(lambda store: list(store.due_jobs(desk.now, 9))):
        desk.take(JobDue(at=desk.now, job_id=due))
    reminder = message(desk, "reminder")
    desk.stands(reminder)
    assert all_of(desk.sent, do.React)[-1].emoji == ("alarm_clock",)
    reacts(desk, "alarm_clock", reminder, place=place)
    update_due_at = desk.run().update_due_at
    assert update_due_at is not None
    assert (update_due_at - desk.now).total_seconds() == 1800


def test_a_reaction_to_something_else_is_only_a_reaction() -> None:
    desk = without_buttons()
    run_by_reaction(desk)
    assert reacts(desk, "white_check_mark", message(desk, "card")) == []
    assert reacts(desk, "one", 9999) == []


def switched(desk: Desk) -> list[do.Effect]:
    """Tell of the other way for prompts, and for the one run."""
    return [effect for some in ((), (1,)) for effect in desk.take(ButtonsSwitched(at=desk.now, run_ids=some))]


def test_what_stands_is_drawn_anew_when_the_way_begins_to_work_and_when_it_ends() -> None:
    desk = Desk()
    started_run(desk)
    desk.says("sev-1 again", post="other")
    desk.stands(max(one.message_id for one in all_of(desk.sent, do.Post)))
    assert all_of(switched(desk), do.Edit) == []

    desk.here = replace(desk.here, buttons=False)
    found = switched(desk)
    edits = all_of(found, do.Edit)
    assert len(edits) == 4
    assert all(not card.controls for edit in edits for card in edit.content.cards)
    assert len(all_of(found, do.React)) == 3
    assert switched(desk) == []

    desk.here = replace(desk.here, buttons=True)
    edits = all_of(switched(desk), do.Edit)
    assert len(edits) == 4
    assert all(card.controls for edit in edits for card in edit.content.cards)


def test_a_deleted_message_means_nothing_any_more() -> None:
    desk = without_buttons()
    run_by_reaction(desk)
    fix = message(desk, "checklist", 1)

    def delete(store: Any) -> None:
        row: Message = store.message(fix)
        row.gone_at = desk.now

    desk.ask(delete)
    assert reacts(desk, "one", fix) == []
