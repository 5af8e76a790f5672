"""Whatever comes through a door, nothing raises: any text, digits and choices; and no field holds more than it says.

What is tried is taken from the tables, so that a new command, button, item, dialog or reaction is tried by itself.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from desk import ADMIN, ALICE, GUEST, INCIDENT, TOWN, Desk, all_of, one, started_run
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.wire.elements import HINT, LABEL
from handlers import effects as do
from handlers.context import Context
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, PageActed, Person, Place, ReactionAdded
from handlers.forms import fields_of
from handlers.messages.reactions import MEANINGFUL
from handlers.playbooks.playbook import Playbook
from handlers.routes import BUTTONS, COMMANDS, DIALOGS, MENUS, MORE, handle
from handlers.routes.pages import PAGE_FORMS
from handlers.text.numbers import number
from handlers.unsure import Unsure

ASKED = {"metrics": [{"title": "Users who could do nothing at all", "type": "integer"}]}
SAID = [
    {
        "name": "How many users could do nothing at all",
        "type": "number",
        "description": "Counted by the gateway. " * 20,
    },
    {"name": "Severity", "type": "select", "options": ["High", "x" * 100]},
    {"name": "Regions", "type": "multiselect", "options": [f"region-{number}" for number in range(60)]},
    {"name": "Lead", "type": "person"},
]
BOOK = Playbook.model_validate(
    INCIDENT.definition() | {"roles": ["scribe"], "retrospective": ASKED, "attributes": SAID}
)
STRANGER = Person(id="dana", username="dana")
ASKERS = st.sampled_from([ALICE, GUEST, STRANGER, ADMIN])
SCENES = ("active", "finished", "none")
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
ARGS = st.one_of(
    DIGITS, st.builds("{0}:{1}".format, DIGITS, DIGITS), st.builds("1:{0}".format, TEXT), TEXT,
    st.sampled_from(["1", "1:1", "command::1", "prompt:1:1", "here::1"]),
)  # fmt: skip
ITEMS = sorted({offer.name for offers in MENUS.values() for offer in offers})
CHOICES = st.one_of(st.just(""), TEXT, st.sampled_from(ITEMS))


class Undone(Exception):
    """Ends a trial, so that nothing of it stays."""


@cache
def scene(name: str) -> tuple[Desk, Place]:
    """Return a desk with a run as named, and where that is told of."""
    desk = Desk(BOOK)
    desk.strangers = {STRANGER.id}
    if name == "none":
        return desk, TOWN
    place = started_run(desk)
    for words in ("set ticket A", "assign 1.1 me", "due 1.1 tomorrow", *(["finish now"] * (name == "finished"))):
        desk.commands(words, place=place)
    return desk, place


def tried(name: str, event: Any, asks: int = 3) -> None:
    """Let an event be decided, and nothing of it stay; what is not known is asked."""
    desk, _ = scene(name)
    try:
        with desk.database.transaction() as store:
            list(handle(event, Context(desk.now, store, desk.here)))
            store.write()
            raise Undone
    except Undone:
        pass
    except Unsure as unsure:
        if not asks:
            raise
        tried(name, desk.asked(event, unsure), asks - 1)


def everywhere(event: Any) -> None:
    """Try an event in an active run, in a finished one, and where there is none."""
    for name in SCENES:
        desk, place = scene(name)
        tried(name, replace(event, at=desk.now, place=place))


def press(action: str, arg: str, choice: str, asker: Person = ALICE) -> ButtonPressed:
    return ButtonPressed(
        at=scene("none")[0].now, action=action, arg=arg, choice=choice, asker=asker, place=TOWN, message_id=0,
        post_id="p", trigger_id="t",
    )  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(["", *COMMANDS]), TEXT, ASKERS, st.sampled_from(["", "t"]))
def test_no_command_raises(word: str, words: str, asker: Person, trigger: str) -> None:
    now = scene("none")[0].now
    everywhere(CommandGiven(at=now, text=f"{word} {words}", asker=asker, place=TOWN, trigger_id=trigger))


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(BUTTONS)), ARGS, CHOICES, ASKERS)
def test_no_press_raises(action: str, arg: str, choice: str, asker: Person) -> None:
    everywhere(press(action, arg, choice, asker))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(MENUS)), st.sampled_from([*ITEMS, "nonsense"]), ARGS, ASKERS)
def test_no_item_of_a_menu_raises(menu: str, item: str, arg: str, asker: Person) -> None:
    for carried in (arg, "1"):
        everywhere(press(menu, carried, item, asker))


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(DIALOGS)), ARGS, ASKERS, st.data())
def test_no_dialog_raises(action: str, arg: str, asker: Person, data: st.DataObject) -> None:
    fields = st.sampled_from([*fields_of(DIALOGS[action].form), "other"])
    values = data.draw(st.dictionaries(fields, st.one_of(TEXT, st.booleans()), max_size=8))
    for carried in (arg, "1:1"):
        everywhere(
            DialogSubmitted(
                at=scene("none")[0].now, action=action, arg=carried, once="once", values=values, asker=asker, place=TOWN
            )
        )


@pytest.mark.parametrize("action", [*sorted(PAGE_FORMS), "no.such.form"])
@settings(max_examples=10, deadline=None)
@given(DIGITS, st.data(), ASKERS)
def test_no_form_of_a_page_raises(action: str, run: str, data: Any, asker: Person) -> None:
    fields = fields_of(PAGE_FORMS[action].form) if action in PAGE_FORMS else ("text",)
    values = data.draw(st.dictionaries(st.sampled_from(sorted(fields) or ["text"]), TEXT, max_size=8))
    for run_id in (number(run), 1):
        everywhere(
            PageActed(
                at=scene("none")[0].now,
                action=action,
                run_id=run_id,
                once="once",
                values=values,
                asker=asker,
                place=TOWN,
            )
        )


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.sampled_from(sorted(MEANINGFUL)), st.text(max_size=9)), st.integers(0, 9), ASKERS, TEXT)
def test_no_reaction_raises(emoji: str, message: int, asker: Person, text: str) -> None:
    everywhere(
        ReactionAdded(
            at=scene("none")[0].now, emoji=emoji, once="r", asker=asker, place=TOWN, post_id=f"own{message}",
            message_id=message or None, text=text,
        )
    )  # fmt: skip


@pytest.mark.parametrize("choice", ["9" * 30, "7" * 5000])
def test_what_once_raised_does_so_no_more(choice: str) -> None:
    everywhere(press("task.choose", "1", choice))
    everywhere(CommandGiven(at=scene("none")[0].now, text=f"timeline {choice}", asker=ALICE, place=TOWN))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12", 12),
        (" 7 ", 7),
        ("", 0),
        ("x", 0),
        ("٣", 3),
        ("１２", 12),
        ("²", 0),
        ("-1", 0),
        ("9" * 10, 0),
        ("9" * 5000, 0),
    ],
)
def test_a_number_is_read_or_it_is_none(text: str, read: int) -> None:
    assert number(text) == read


def opened(desk: Desk, place: Place) -> Iterator[do.Dialog]:
    """Yield every dialog that there is."""
    presses = [("finish.ask", 1, ""), ("handover.ask", 1, ""), ("update.ask", 1, "")]
    presses += [("task.choose", 1, "1"), ("task.choose", 1, "new"), ("task.choose", 1, "list"), ("run.ask", "", "")]
    presses += [("task.read", 1, "")]
    for action, arg, choice in [*presses, *(("run.more", 1, choice) for choice in MORE)]:
        for ask in all_of(desk.presses(action, arg, choice=choice, place=place), do.Ask):
            yield ask.dialog
    yield one(desk.presses("bare.ask"), do.Ask).dialog
    yield one(desk.commands("create", place=place), do.Ask).dialog
    desk.commands("create Tea; Boil", place=place)
    book_id = desk.ask(lambda store: store.playbook_by_key("tea").id)
    yield one(desk.presses("edit.choose", book_id, choice="basics"), do.Ask).dialog
    yield one(desk.presses("edit.do", f"{book_id}:publish"), do.Ask).dialog
    desk.commands("run incident-response Another")
    there = desk.opens(desk.ask(lambda store: store.runs(1)[0].id), "another")
    for words in ("retro on", "finish now"):
        desk.commands(words, place=there)
    for words in ("retro 1", "retro publish", "retro skip", "retro review", "retro comment", "retro event 1"):
        yield one(desk.commands(words, place=there), do.Ask).dialog


def every_dialog(desk: Desk) -> tuple[dict[str, do.Dialog], Place]:
    """Return one of each kind of dialog, and where the run is."""
    desk.says("sev-1, again", post="another")
    first = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(first, name="Checkout is down")
    place = desk.opens()
    dialogs = {dialog.action: dialog for dialog in [first, *opened(desk, place)]}
    assert set(dialogs) == set(DIALOGS)
    return dialogs, place


def test_no_dialog_is_made_that_a_phone_could_not_send() -> None:
    with pytest.raises(ValueError, match="no field"):
        do.Dialog(action="a", title="T", entries=())
    for dialog in every_dialog(Desk(BOOK))[0].values():
        assert dialog.entries, dialog.action


def test_all_that_a_dialog_says_fits_a_client() -> None:
    for dialog in every_dialog(Desk(BOOK))[0].values():
        assert 0 < len(dialog.title) <= LABEL, dialog.title
        assert dialog.submit, dialog.action
        for entry in dialog.entries:
            assert 0 < len(entry.label) <= LABEL, (dialog.action, entry.label)
            assert len(entry.help) <= HINT, (dialog.action, entry.help)
            assert len(entry.placeholder) <= HINT, (dialog.action, entry.placeholder)


def test_every_field_that_holds_too_much_is_corrected_where_it_stands() -> None:
    desk = Desk(BOOK)
    dialogs, place = every_dialog(desk)
    for action, dialog in dialogs.items():
        values = {entry.name: entry.default for entry in dialog.entries}
        fields = fields_of(DIALOGS[action].form)
        # What parts of a playbook hold, the playbook says itself.
        if set(fields) == {"values"}:
            continue
        assert set(values) <= set(fields), action
        for entry in dialog.entries:
            assert fields[entry.name].is_tick == (entry.kind == "bool")
            if entry.kind in ("text", "textarea"):
                limit = fields[entry.name].kind.limit
                assert limit >= entry.max_length, (action, entry.name)
                for length in (limit + 1, 262_145):
                    found = desk.submits(dialog, place=place, **values | {entry.name: "x" * length})
                    assert f"At most {limit} fit" in one(found, do.Correct).errors[entry.name], (action, entry.name)


def test_a_dialog_counts_once_and_only_when_it_is_not_to_be_corrected() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    dialog = one(desk.presses("run.more", 1, choice="note.ask", place=place), do.Ask).dialog
    assert one(desk.submits(dialog, once="shown", place=place, note=" "), do.Correct).errors["note"]
    assert all_of(desk.submits(dialog, once="shown", place=place, note="It was the disk"), do.Answer)
    assert desk.submits(dialog, once="shown", place=place, note="It was the disk") == []
    assert [one.kind for one in desk.ask(lambda store: store.moments(1))].count("note") == 1


def test_a_dialog_that_is_refused_late_counts_when_it_is_corrected() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.strangers = {"carla"}
    dialog = one(desk.presses("handover.ask", 1, place=place), do.Ask).dialog
    assert one(desk.submits(dialog, once="shown", place=place, to="carla"), do.Correct).errors["to"]
    assert all_of(desk.submits(dialog, once="shown", place=place, to="bob"), do.Tell)


def test_what_buttons_menus_and_dialogs_carry_is_short() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    long = "x" * 500
    for words in ("checklist B; two", "run incident-response here B", f"set ticket {long}", "set ticket B",
                  f"summary {long}", f"note {long}", "list", "info", "settings", "todo", "timeline", "brief",
                  "role scribe @bob", f"done-when 1.1 {long[:90]}", f"#1 set ticket {long}", f"set ticket {long}",
                  "handover #1 @bob", "check #1 1.1"):  # fmt: skip
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
    desk.commands("run incident-response here B", place=place)
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
