"""The timeline: what enters it, how it reads, and taking entries out."""

from datetime import timedelta

from desk import ALICE, BOB, CARLA, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import Person, Place, ReactionAdded


def text(effects: list[do.Effect]) -> str:
    content = one(effects, do.Answer).content
    return content.text + "\n".join(words_of(card) for card in content.cards)


def test_it_lists_what_happened_the_newest_first_with_the_time_since_the_start() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.later(minutes=65)
    desk.commands("check 1.1", place=place)
    desk.commands("note Rolled back to 4.2", by=BOB, place=place)
    shown = text(desk.commands("timeline", place=place))
    lines = [line for line in shown.splitlines() if line]
    assert "@bob: Rolled back to 4.2" in lines[0]
    assert "@alice did “Acknowledge the alert” · after 1 h 5 min" in lines[1]
    assert "@alice started the run" in lines[-1]


def test_an_entry_is_removed_and_restored_under_the_same_number() -> None:
    desk = Desk()
    place = started_run(desk)
    answer = one(desk.commands("note wrong", place=place), do.Answer).content
    number = answer.text.rsplit(maxsplit=1)[-1].rstrip(".")
    assert "out of the timeline" in text(desk.commands(f"timeline remove {number}", place=place))
    assert "wrong" not in text(desk.commands("timeline", place=place))
    assert "again" in text(desk.commands(f"timeline restore {number}", place=place))
    assert f"**{number}**" in text(desk.commands("timeline", place=place))
    removed = one(desk.commands(f"timeline remove {number}", place=place), do.Answer).content
    undo = removed.cards[0].controls[0]
    desk.presses(undo.action, undo.arg, place=place)
    assert "wrong" in text(desk.commands("timeline", place=place))
    assert one(desk.commands("timeline remove 99", place=place), do.Refuse)
    assert one(desk.commands("timeline what", place=place), do.Refuse)
    assert one(desk.commands("note", place=place, trigger=""), do.Refuse)


def test_the_menu_tells_changes_of_the_summary_apart() -> None:
    desk = Desk()
    place = started_run(desk)
    for words in ("Checkout is down", "Checkout is slow"):
        desk.commands(f"summary {words}", place=place)
    desk.commands("summary", place=place)
    (card,) = one(desk.commands("timeline", place=place), do.Answer).content.cards
    labels = [option.text for control in card.controls if isinstance(control, do.Menu) for option in control.options]
    assert sum(label.endswith(("· Checkout is down", "· Checkout is slow")) for label in labels) == 2


def test_a_note_is_taken_by_dialog_too_and_even_when_the_run_is_over() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.commands("note", place=place), do.Ask).dialog
    assert "Write it" in one(desk.submits(dialog, note=" ", place=place), do.Correct).errors["note"]
    desk.commands("finish now", place=place)
    dialog = one(desk.presses("run.more", 1, choice="note.ask", place=place), do.Ask).dialog
    said = one(desk.submits(dialog, note="Rolled back\nto 4.2", place=place), do.Answer).content
    assert "Entered into the timeline" in said.text
    assert "Rolled back to 4.2" in text(desk.commands("timeline", place=place))
    undo = said.cards[0].controls[0]
    desk.presses(undo.action, undo.arg, place=place)
    assert "Rolled back" not in text(desk.commands("timeline", place=place))


def test_long_ones_come_in_pages_the_newest_first_to_be_shown() -> None:
    desk = Desk()
    place = started_run(desk)
    for at in range(40):
        desk.commands(f"note entry-{at}.", place=place)
    first = one(desk.commands("timeline", place=place), do.Answer).content
    assert "entry-39." in words_of(first.cards[0])
    assert "entry-10." not in words_of(first.cards[0])
    earlier = first.cards[0].controls[0]
    second = one(desk.presses(earlier.action, earlier.arg, place=place), do.Answer).content
    assert "entry-24." in words_of(second.cards[0])
    assert "entry-25." not in words_of(second.cards[0])
    remove = second.cards[0].controls[-1]
    gone = one(desk.presses(remove.action, remove.arg, choice=remove.options[0].value, place=place), do.Answer)
    assert "out of the timeline" in gone.content.text
    assert "entry-24." not in text(desk.commands("timeline 2", place=place))


def pin(desk: Desk, place: Place, by: Person = ALICE) -> list[do.Effect]:
    return desk.take(
        ReactionAdded(
            at=desk.now,
            emoji="pushpin",
            asker=by,
            place=place,
            post_id="x1",
            author_id="bob",
            text="The *cache* was cold @channel",
            said_at=desk.now - timedelta(minutes=3),
        )
    )


def test_a_pushpin_enters_a_message_once_at_the_time_it_was_written() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.later(minutes=10)
    told = one(pin(desk, place), do.Tell)
    assert told.person_id == "alice"
    assert "Entered into the timeline" in told.content.text
    assert pin(desk, place) == []
    shown = text(desk.commands("timeline", place=place))
    assert "📌 @bob" in shown
    assert "after 7 min" in shown
    assert "/pl/x1" in shown
    assert "@channel" not in shown


def test_a_strangers_pushpin_is_only_a_reaction() -> None:
    desk = Desk()
    place = started_run(desk)
    assert pin(desk, place, by=CARLA) == []
    assert all_of(desk.sent, do.Tell)[-1].person_id != "carla"
