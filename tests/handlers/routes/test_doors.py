"""Whatever comes through a door, nothing raises: any text, digits and choices; and no field holds more than it says."""

from collections.abc import Iterator
from typing import Any

import pytest
from desk import ALICE, INCIDENT, Desk, all_of, one, started_run
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import effects as do
from handlers.context import Context
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Place
from handlers.playbooks.playbook import Playbook
from handlers.routes import ANYWHERE, BUTTONS, DIALOGS, IN_A_RUN, MORE, handle
from handlers.routes.dialogs import LIMITS, LONGEST
from handlers.rules.permissions import Unsure
from handlers.text.numbers import number

BOOK = Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"]})
DIGITS = st.sampled_from(["0", "1", "9" * 9, "9" * 10, "9" * 30, "7" * 5000, "٣", "²", "１", "-1", "+1", "1_0", " 1 "])
WORDS = st.one_of(
    st.text(max_size=20),
    DIGITS,
    st.builds("{0}.{1}".format, DIGITS, DIGITS),
    st.builds("#{0} {1}".format, DIGITS, DIGITS),
    st.sampled_from(
        ["1.1", "1.1-1.2", "1", "remove 1", "@bob", "next=2h", "nobody", "none", "today", "\x00", "::", "a:b"]
    ),
)
TEXT = st.lists(WORDS, max_size=4).map(" ".join)
ARGS = st.one_of(DIGITS, st.builds("{0}:{1}".format, DIGITS, DIGITS), st.builds("1:{0}".format, TEXT), TEXT)
FIELDS = sorted({"name", "value", "summary", "title", "description", "state", "assignee", "others", "due", "number",
                 "command", "also", "checklist", "tasks", "task", "words", "people", "text", "next", "note", "person",
                 "role", "to", "now", "playbook", "where", "channel"})  # fmt: skip
VALUES = st.dictionaries(st.sampled_from(FIELDS), st.one_of(TEXT, st.booleans()), max_size=8)


class Undone(Exception):
    """Ends a trial, so that nothing of it stays."""


@pytest.fixture(scope="module")
def scene() -> tuple[Desk, Place]:
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.commands("set ticket A", place=place)
    return desk, place


def tried(desk: Desk, event: Any) -> None:
    try:
        with desk.database.transaction() as store:
            list(handle(event, Context(desk.now, store, desk.here)))
            store.write()
            raise Undone
    except (Undone, Unsure):
        pass


@settings(max_examples=300)
@given(st.sampled_from(sorted({*ANYWHERE, *IN_A_RUN})), TEXT)
def test_no_command_raises(scene: tuple[Desk, Place], word: str, words: str) -> None:
    desk, place = scene
    for trigger in ("", "t"):
        tried(desk, CommandGiven(at=desk.now, text=f"{word} {words}", asker=ALICE, place=place, trigger_id=trigger))


@settings(max_examples=300)
@given(st.sampled_from(sorted(BUTTONS)), ARGS, TEXT)
def test_no_press_raises(scene: tuple[Desk, Place], action: str, arg: str, choice: str) -> None:
    desk, place = scene
    for chosen in (choice, ""):
        tried(desk, press(desk, place, action, arg, chosen))


@settings(max_examples=200)
@given(st.sampled_from([*sorted(MORE), "nonsense"]), ARGS)
def test_no_choice_of_the_menu_raises(scene: tuple[Desk, Place], choice: str, arg: str) -> None:
    desk, place = scene
    tried(desk, press(desk, place, "run.more", arg, choice))


@settings(max_examples=300)
@given(st.sampled_from(sorted(DIALOGS)), ARGS, VALUES)
def test_no_dialog_raises(scene: tuple[Desk, Place], action: str, arg: str, values: dict[str, str | bool]) -> None:
    desk, place = scene
    for meant in (arg, "1", "1:1", "command::1", "prompt:1:1"):
        tried(
            desk,
            DialogSubmitted(
                at=desk.now, action=action, arg=meant, once="once", values=values, asker=ALICE, place=place
            ),
        )


def press(desk: Desk, place: Place, action: str, arg: str, choice: str) -> ButtonPressed:
    return ButtonPressed(
        at=desk.now, action=action, arg=arg, choice=choice, asker=ALICE, place=place, message_id=0, post_id="p",
        trigger_id="t",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "read"),
    [("12", 12), (" 7 ", 7), ("", 0), ("x", 0), ("٣", 0), ("²", 0), ("-1", 0), ("9" * 10, 0), ("9" * 5000, 0)],
)
def test_a_number_is_read_or_it_is_none(text: str, read: int) -> None:
    assert number(text) == read


def opened(desk: Desk, place: Place) -> Iterator[do.Dialog]:
    """Yield every dialog that there is."""
    presses = [("finish.ask", 1, ""), ("handover.ask", 1, ""), ("update.ask", 1, ""), ("bare.ask", "", "")]
    presses += [("task.choose", 1, "1"), ("task.choose", 1, "new"), ("task.choose", 1, "list"), ("run.ask", "", "")]
    for action, arg, choice in [*presses, *(("run.more", 1, choice) for choice in MORE)]:
        for ask in all_of(desk.presses(action, arg, choice=choice, place=place), do.Ask):
            yield ask.dialog


def test_every_field_that_holds_too_much_is_corrected_where_it_stands() -> None:
    desk = Desk(BOOK)
    desk.says("sev-1, again", post="another")
    first = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(first, name="Checkout is down")
    place = desk.opens()
    dialogs = {dialog.action: dialog for dialog in [first, *opened(desk, place)]}
    assert set(dialogs) == set(DIALOGS)
    for action, dialog in dialogs.items():
        values = {entry.name: entry.default for entry in dialog.entries}
        for entry in dialog.entries:
            if entry.kind in ("text", "textarea"):
                limit = LIMITS.get(action, {}).get(entry.name, LONGEST)
                assert limit >= entry.max_length, (action, entry.name)
                for length in (limit + 1, 262_145):
                    found = desk.submits(dialog, place=place, **values | {entry.name: "x" * length})
                    assert f"At most {limit} fit" in one(found, do.Correct).errors[entry.name], (action, entry.name)


def test_what_buttons_menus_and_dialogs_carry_is_short() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    long = "x" * 500
    for words in ("checklist B; two", f"set ticket {long}", "set ticket B", f"summary {long}", f"note {long}", "list",
                  "info", "settings", "todo", "timeline", "brief", "role scribe @bob", f"done-when 1.1 {long[:90]}",
                  f"#1 set ticket {long}", f"set ticket {long}", "handover #1 @bob", "check #1 1.1"):  # fmt: skip
        sent = [*desk.commands(words, place=place)]
        for effect in sent:
            for control in controls(effect):
                assert len(control.action) + len(control.arg) <= 40, control
                for option in getattr(control, "options", ()):
                    assert len(option.value) <= 40, option
    for dialog in opened(desk, place):
        assert len(dialog.action) + len(dialog.arg) <= 40


def controls(effect: Any) -> Iterator[Any]:
    content = getattr(effect, "content", None)
    for card in content.cards if content is not None else ():
        yield from card.controls


def test_a_command_about_one_of_several_runs_is_given_when_the_run_is_chosen() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.commands("checklist B; two", place=place)
    menu = next(controls(one(desk.commands("set ticket ABC", place=place), do.Answer)))
    assert "ABC" not in menu.arg
    gone = one(desk.presses(menu.action, f"{menu.arg}x", choice="1", place=place), do.Refuse)
    assert "no longer" in gone.text
    desk.presses(menu.action, menu.arg, choice="1", place=place)
    assert desk.run(1).attributes == {"ticket": "ABC"}
    desk.presses("run.which", "set ticket OLD", choice="1", place=place)
    assert desk.run(1).attributes == {"ticket": "OLD"}


def test_an_undo_button_of_a_variable_gives_back_just_what_it_took() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.commands("set ticket A", place=place)
    undo = next(controls(one(desk.commands("set ticket B", place=place), do.Answer)))
    desk.commands("set ticket C", place=place)
    assert one(desk.presses(undo.action, undo.arg, place=place), do.Refuse).title == "Changed since"
    desk.commands("set ticket B", place=place)
    desk.presses(undo.action, undo.arg, place=place)
    assert desk.run(1).attributes == {"ticket": "A"}
    # As a button of an older version carries it.
    desk.presses("variable.undo", "1:ticket:OLD:er", place=place)
    assert desk.run(1).attributes == {"ticket": "OLD:er"}
