"""What is said is read: however a command is written, it does the same; and what cannot be read is refused in words."""

from functools import cache

import pytest
from desk import ALICE, BOB, INCIDENT, Desk, one, started_run, words_of
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import effects as do
from handlers.context import Context
from handlers.events import CommandGiven, Person, Place
from handlers.playbooks.playbook import Playbook
from handlers.routes import COMMANDS, handle
from handlers.unsure import Unsure

ASKED = {"metrics": [{"title": "Users", "type": "integer"}]}
BOOK = Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"], "retrospective": ASKED})
DOTTED = Person(id="dotted", username="bob.")
SPACES = st.sampled_from([" ", "\n", "\t", "  ", "\u00a0", "\u3000", "\u2003", " \n"])
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789.#@/"}


class Undone(Exception):
    """Ends a trial, so that nothing of it stays."""


@cache
def scene() -> tuple[Desk, Place]:
    """Return a desk with a run, whose place is told."""
    desk = Desk(BOOK)
    place = started_run(desk)
    for words in ("set ticket A", "due 1.1 tomorrow", "skip 2.3", 'done-when 2.2 "ok"', "note Here"):
        desk.commands(words, place=place)
    return desk, place


def effects(text: str, by: Person = ALICE) -> list[do.Effect]:
    """Return what would follow from a command; nothing of it stays."""
    desk, place = scene()
    event = CommandGiven(at=desk.now, text=text, asker=by, place=place)
    found: list[do.Effect] = []
    try:
        with desk.database.transaction() as store:
            found += handle(event, Context(desk.now, store, desk.here))
            store.write()
            raise Undone
    except Undone:
        return found
    except Unsure as unsure:
        desk.asked(event, unsure)
        return effects(text, by)


def said(text: str) -> str:
    """Return what would be answered; with what a change is undone by left out."""
    found = effects(text)
    answers = [each.content for each in found if isinstance(each, do.Answer)]
    refusals = [f"refused: {each.text}" for each in found if isinstance(each, do.Refuse)]
    return "\n".join([*refusals, *(f"{each.text}{[words_of(card) for card in each.cards]}" for each in answers)])


PLAIN = (
    "check 1.1", "check 1.1 2.1", "uncheck 1.1", "start 1.1", "skip 1.2", "restore 2.3", "take 1.1", "assign 1.1 @bob",
    "assign 1.1 2.1 @bob @carla", "assign 1.1 scribe", "assign 1.1 me", "due 1.1 none", "move 2.3 1.1", "move 2.1 1",
    "duplicate 1.1", "remove 2.1", "history 1.1", "do 1.1", "owner @bob", "handover @bob", "invite @carla", "roles",
    "remove @bob", "role scribe @bob", "role scribe nobody", "role scribe", "unset ticket", "timeline 1", "finish now",
    "timeline remove 1", "checklist skip 1", "checklist move 2 1", "checklist remove 2", "pulse", "brief", "todo",
    "settings daily off", "settings", "list", "list finished", "help", "help check", "done-when 2.2 off", "undo",
    "join", "follow", "unfollow", "info",
    "export", "why", "why 1", "why again 1", "insights", "insights 30d", "insights incident 30d table",
    "time", "time mitigated 1 min ago", "metric", "metric users 12",
    "webhooks", "check-up", "edit 1.1 description: none", "delete now", "move-run ~town-square",
    "playbooks", "newer", "archive incident-response", "try incident-response", "publish incident-response",
    "share incident-response",
)  # fmt: skip
"""Commands whose words are all read, none of them text that is kept."""


def test_each_kind_of_command_is_among_those_that_are_tried() -> None:
    texts = {"add", "attribute", "edit", "note", "retro", "update", "summary", "rename", "set", "run", "create"}
    texts |= {"save-as"}
    elsewhere = {"leave", "open", "restart", "accept", "decline", "movehere", "snooze", "import", "confirm"}
    assert {text.split()[0] for text in PLAIN} | texts | elsewhere == set(COMMANDS)


@pytest.mark.parametrize("text", PLAIN)
@settings(max_examples=4, deadline=None)
@given(st.data())
def test_separators_wide_signs_and_punctuation_change_nothing(text: str, data: st.DataObject) -> None:
    word, *rest = text.split(" ")
    parts = [data.draw(st.sampled_from([each, each.translate(WIDE)])) for each in rest]
    if parts and not parts[-1].endswith(":"):
        parts[-1] += data.draw(st.sampled_from(["", ".", "!"]))
    head = data.draw(st.sampled_from([word, f"/{word}", f"／{word}", word.upper(), f"{word}!", f"{word}:"]))
    call = data.draw(st.sampled_from(["", "", "/playbook ", "@muster: ", "＠muster /playbook\n"]))
    odd = call + head + "".join(data.draw(SPACES) + each for each in parts)
    assert said(odd) == said(text), odd


@pytest.mark.parametrize("text", [each for each in PLAIN if COMMANDS[each.split()[0]].numbered == "around"])
def test_the_number_of_the_run_stands_before_or_behind(text: str) -> None:
    word, _, rest = text.partition(" ")
    usual = said(text)
    for odd in (f"#1 {text}", f"{word} #1 {rest}", f"{word} ＃1: {rest}"):
        assert said(odd) == usual, odd
    if len(rest.split()) >= COMMANDS[word].own:
        assert said(f"{text} #1") == said(f"{text}\u3000#1.") == usual


@pytest.mark.parametrize("text", [each for each in PLAIN if COMMANDS[each.split()[0]].numbered != "nowhere"])
def test_a_run_that_there_is_not_is_never_taken_for_the_one_here(text: str) -> None:
    word, _, rest = text.partition(" ")
    where = COMMANDS[word].numbered
    odd = [f"#77 {text}"]
    odd += [f"{word} #77 {rest}"] if where in ("around", "first") else []
    odd += [f"{text} #77"] if where == "around" and len(rest.split()) >= COMMANDS[word].own else []
    for one_way in odd:
        assert said(one_way).startswith("refused: There is no run 77"), one_way


@pytest.mark.parametrize("odd", ["2.1; 2.2", "2.1 and 2.2", "2.1—2.2", "2.1 to 2.2", "2.1, 2.2", "2.2-2.1", "2.1-2",
                                 "２．１、２．２", "(2.1) & 2.2.", "2.1\n2.2", "#2.1/#2.2", "2.1 … 2.2",
                                 "Roll back, Tell support", '"Roll back" and ‘Tell support’', "„Roll back“; 2.2",
                                 "Roll back and Tell support", "roll; TELL"])  # fmt: skip
def test_several_tasks_are_read_whatever_stands_between_them(odd: str) -> None:
    for word in ("check", "skip", "take", "duplicate", "remove"):
        assert said(f"{word} {odd}") == said(f"{word} 2.1 2.2")


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("check 2.1; 2.9", "There is no task 2.9. The last one of that checklist is 2.3."),
        ("check 2.1-2.9", "There is no task 2.9."),
        ("check 1.1 foo", "No task is called “1.1 foo”."),
        ("check 1.1, foo", "No task is called “foo”."),
        ("check 1 2", "1.2 is “Open a bridge call”. Write for example `/playbook check 1.2`."),
        ("checkremove 0 1", "A task has a number with a point, as in the list."),
        ("check 2", "No task is called “2”."),
        ("owner bob and more", "takes one name, and nothing behind it: what is “and more”?"),
        ("role scribe @bob @carla", "takes one name"),
        ("add 9 hello", "there is no checklist 9. There are **1** Triage, **2** Fix."),
        ("checkadd 0 hello", "there is no checklist 0."),
        ("edit 1.2 command post opened", "is that the command, or a new title that begins so?"),
        ("edit 1.2 description Hello", "is that the description, or a new title that begins so?"),
        ("edit 1.2 due: tomorrow", "“due” is changed by `/playbook due`"),
        ("undo 1.1", "I do not know what “1.1” says behind it."),
        ("join please", "I do not know what “please” says behind it."),
        ("delete nwo", "I do not know what “nwo” says there."),
        ("list foo", "I know no list “foo”."),
        ("set ticket", "A variable has a name"),
    ],
)
def test_what_is_not_understood_is_refused_with_what_is_true(text: str, truth: str) -> None:
    assert said(text).startswith("refused: ")
    assert truth in said(text)
    assert not any(isinstance(each, do.Lasting) for each in effects(text))


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("set ticket A", "Nothing changed: `$ticket` is A already."),
        ("settings daily on", "Nothing changed: the daily digest is **on** already."),
        (
            "done-when 1.1 no",
            "Nothing changed: no words complete **1.1** “Acknowledge the alert”, and none did before.",
        ),
        ("uncheck 1.1", "is already open"),
        ("due 1.2 none", "has no due time any more"),
        ("checklist rename 2 Fix", "Nothing changed in checklist **2** “Fix”"),
        ("rename Checkout is down", "says so already. Nothing was changed."),
    ],
)
def test_what_is_so_already_is_said_to_be(text: str, truth: str) -> None:
    assert truth in said(text)


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("edit 1.2 command /echo hi", "edit 1.2 command: /echo hi"),
        ("edit 1.2 command：／echo hi", "edit 1.2 command: /echo hi"),
        ("edit 1.2 title: Call", "edit 1.2 Call"),
        ("claim 2.2", "assign 2.2 me"),
        ("take 2.2", "assign 2.2 @alice"),
        ("done 1.1", "check 1.1"),
        ("checkadd 1 hello", "add 1 hello"),
        ("checkremove 2.1", "remove 2.1"),
        ("commander @bob", "owner @bob"),
        ("end now", "finish now"),
        ("settings digest off", "settings daily off"),
        ("settings weekly-digest off", "settings weekly off"),
        ("assign 2.2 to (@bob); carla", "assign 2.2 @bob @carla"),
        ("owner to bob!", "owner @bob"),
        ("move 2.3 behind 1.1", "move 2.3 1.2"),
        ("move 1.1 after 1.2", "move 1.1 1.2"),
        ("move 2.1 to checklist 1", "move 2.1 1"),
        ("set $ticket: 12", "set ticket 12"),
        ("checklist rename 2: Repair", "checklist rename 2 Repair"),
        ("checklist rename „Fix“ Repair", "checklist rename 2 Repair"),
        ("done-when 1.1 ‘a’; «b» by ＠bob.", 'done-when 1.1 "a", "b" by @bob'),
        ("summary -", "summary none"),
    ],
)
def test_other_ways_to_say_it_mean_the_same(odd: str, plain: str) -> None:
    assert said(odd) == said(plain)


def test_an_exact_user_name_comes_before_its_punctuation() -> None:
    desk, _ = scene()
    desk.ask(lambda store: Context(desk.now, store, desk.here).meet(DOTTED))
    for written, meant in (("@bob.", "bob."), ("@bob", "bob"), ("bob..", "bob."), ("@bob!", "bob"), ("@bob.,", "bob.")):
        assert f"@{meant} owns" in said(f"owner {written}").replace("\\", ""), written


def test_a_title_that_holds_a_comma_or_a_run_number_is_one_title() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.commands("add 1 Page the DBA, then restart #7 and wait", place=place)
    for words in ("Page the DBA, then restart #7 and wait", "„Page the DBA, then“", "Page the DBA, then restart #7"):
        found = one(desk.commands(f"start {words}", place=place), do.Answer)
        assert "**1.3** “Page the DBA, then restart" in found.content.text
        desk.commands("uncheck 1.3", place=place)


def test_text_that_is_kept_keeps_its_signs() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.commands("add 1 Ｗｉｄｅ “quoted” – １，２", place=place)
    desk.commands("summary It’s „down“；１２", place=place)
    desk.commands("set ticket ＡＢ－１", place=place)
    titles = desk.ask(lambda store: [task.title for task in store.tasks(1)])
    assert "Ｗｉｄｅ “quoted” – １，２" in titles
    assert (desk.run().summary, desk.run().attributes) == ("It’s „down“；１２", {"ticket": "ＡＢ－１"})


def test_a_number_that_text_may_begin_with_is_a_runs_where_it_is_that_of_here() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    for words in ("note #1 Looked", "note #7 fails again", "add #2 Call"):
        desk.commands(words, place=place)
    notes = desk.ask(lambda store: [one.subject for one in store.moments(1) if one.kind == "note"])
    assert notes == ["Looked", "#7 fails again"]
    assert desk.ask(lambda store: [task.title for task in store.tasks(1)])[-1] == "Call"


def test_without_a_number_what_is_added_says_where() -> None:
    assert said("add Call").startswith("**2.4** “Call” is added to the last checklist, **2** Fix.")
    assert said("add 1 Call").startswith("**1.3** “Call” is added.")


def test_start_is_a_run_where_it_names_a_playbook_and_a_task_otherwise() -> None:
    assert "Starting **Payments**" in said("start incident-response Payments")
    assert "in progress" in said("start 1.1")
    desk = Desk(BOOK)
    assert one(desk.commands("start 1.1"), do.Refuse).title == "No run here"
    assert "Starting **X**" in one(desk.commands("start incident-response X", by=BOB), do.Answer).content.text


def test_whatever_calls_the_bot_again_and_again_is_a_word_that_it_does_not_know() -> None:
    assert said("/playbook " * 2000).startswith("refused: I do not know “playbook”.")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("edit Roll back Restore the database", "The task is now called **2.1** “Restore the database”."),
        ("edit roll Restore the database", "The task is now called **2.1** “Restore the database”."),
        ("assign Watch the graphs @bob", "**2.3** “Watch the graphs” is for @bob now."),
        ("move 1.1, 1.2 to 2", "Moved; now they are 2 tasks (2.4, 2.5)."),
        ("duplicate 1.1, 1.2", "Duplicated; the copies are 2 tasks (1.2, 1.4)."),
        ("info nothing of ours", "refused: No task is called “nothing of ours”."),
        ("info 7", "refused: No task is called “7”."),
        ("info “Roll back”", "**2.1 Roll back**"),
        ("timeline 1 #7", "refused: The timeline has 1 page;"),
        ("movehere #7", "refused: There is no run 7 that you may see."),
    ],
)
def test_no_word_of_a_command_is_dropped_unsaid(text: str, answer: str) -> None:
    assert answer in said(text)


def test_a_number_before_what_changes_a_checklist_makes_no_other_run() -> None:
    desk, _ = scene()
    found = one(desk.commands("checklist #1 add Repairs", place=Place(id="dm", kind="D", name="alice__bot")), do.Refuse)
    assert "`/playbook checklist add" in found.text
    assert desk.ask(lambda store: store.run(2)) is None
