"""Which words complete a task is seen and changed while the run is in progress."""

import pytest
from desk import ALICE, BOB, CARLA, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import Hit, MessageHeard, Person, Place
from store import KnownPerson


def begun() -> tuple[Desk, Place]:
    desk = Desk()
    return desk, started_run(desk)


def answer(desk: Desk, place: Place, text: str, by: Person = ALICE) -> str:
    return words_of(one(desk.commands(text, by, place=place, trigger=""), do.Answer).content)


def refusal(desk: Desk, place: Place, text: str) -> str:
    return str(one(desk.commands(text, place=place), do.Refuse).text)


def heard(desk: Desk) -> list[tuple[int, list[str]]]:
    return [(row[0], row[1]) for row in desk.ask(lambda store: list(store.tasks_to_hear()))]


def said(desk: Desk, place: Place, by: Person, post: str) -> bool:
    """Let somebody say the words of task 3, and return whether that completes it."""
    hit = Hit(playbook_id=0, keywords=("build is green",), task_id=3)
    message = MessageHeard(
        at=desk.now, post_id=post, root_id="", place=place, author=by, text="The build is green", hits=(hit,)
    )
    desk.take(message)
    return bool(desk.ask(lambda store: store.task(3).state == "done"))


def words_kept(desk: Desk, task_id: int = 3) -> tuple[list[str], list[str]]:
    task = desk.ask(lambda store: store.task(task_id))
    return task.words, task.words_by


def test_words_are_set_heard_by_whom_they_name_and_taken_away() -> None:
    desk, place = begun()
    told = answer(desk, place, 'done-when 2.1 "build is green" by @bob')
    assert told == "**2.1** “Roll back” is done as soon as @bob says “build is green” in the run's channel."
    assert heard(desk) == [(3, ["build is green"])]
    assert not said(desk, place, CARLA, "p1")
    assert said(desk, place, BOB, "p2")
    desk.commands("uncheck 2.1", place=place)
    assert answer(desk, place, "done-when 2.1 off") == "No words complete **2.1** “Roll back” any more."
    assert heard(desk) == []
    assert "Nothing changed" in answer(desk, place, "done-when 2.1 off")
    assert not said(desk, place, BOB, "p3"), "heard with the words of a moment ago"


@pytest.mark.parametrize(
    ("written", "says", "by"),
    [
        ('"build is green"', ["build is green"], []),
        ("build is green", ["build is green"], []),
        ("“build is green” or “all passed”", ["build is green", "all passed"], []),
        ('"a b", "c" by @bob and @carla', ["a b", "c"], ["bob", "carla"]),
        ("it is   green by @Bob, @carla", ["it is green"], ["bob", "carla"]),
        ("deployed by me", ["deployed"], ["alice"]),
        ('"reviewed by @bob"', ["reviewed by @bob"], []),
        ("stand by", ["stand by"], []),
        ('the "green" one', ['the "green" one'], []),
        ("„fertig“", ["fertig"], []),
        ("« terminé »", ["terminé"], []),
    ],
)
def test_words_are_read_as_they_are_written(written: str, says: list[str], by: list[str]) -> None:
    desk, place = begun()
    desk.commands(f"done-when 2.1 {written}", place=place)
    assert words_kept(desk) == (says, by)


def test_what_cannot_be_is_said_with_what_can() -> None:
    desk, place = begun()
    assert "at most 100 characters" in refusal(desk, place, f"done-when 2.1 {'x' * 101}")
    many = ", ".join(f'"w{number}"' for number in range(21))
    assert "at most 20 words" in refusal(desk, place, f"done-when 2.1 {many}")
    assert "by @name" in refusal(desk, place, "done-when 2.1 by @bob")
    assert "nobdoy" in refusal(desk, place, "done-when 2.1 green by @nobdoy")
    assert "9.9" in refusal(desk, place, "done-when 9.9 green")
    assert words_kept(desk) == ([], [])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("`green`", "code, links and addresses"),
        ("https://ci.example.com/4", "code, links and addresses"),
        ("ann@example.com", "code, links and addresses"),
        ('"green", "`ok`"', "code, links and addresses"),
        ('"\u200b"', "Nobody sees these words"),
    ],
)
def test_words_that_can_never_be_heard_are_refused_with_the_reason(words: str, why: str) -> None:
    desk, place = begun()
    assert why in refusal(desk, place, f"done-when 2.1 {words}")
    dialog = one(desk.commands("done-when 2.1", place=place), do.Ask).dialog
    typed = words.replace('"', "").replace(", ", "\n")
    assert why in one(desk.submits(dialog, words=typed, people="", place=place), do.Correct).errors["words"]
    assert heard(desk) == []


def test_the_bot_is_not_listened_to_and_so_says_no_words() -> None:
    desk, place = begun()
    desk.ask(lambda store: store.learn(KnownPerson(id="bot", username="muster", seen_at=desk.now)))
    assert "That is me" in refusal(desk, place, "done-when 2.1 green by @muster")
    dialog = one(desk.commands("done-when 2.1", place=place), do.Ask).dialog
    found = desk.submits(dialog, words="green", people="@muster", place=place)
    assert "That is me" in one(found, do.Correct).errors["people"]
    assert heard(desk) == []


def test_the_words_are_shown_without_becoming_markup() -> None:
    desk, place = begun()
    told = answer(desk, place, 'done-when 2.1 "@all **green**" by @bob')
    assert "@all" not in told
    assert "**green**" not in told
    listed = answer(desk, place, "done-when")
    assert "**2.1** Roll back" in listed
    assert "by @bob" in listed
    assert "@all" not in listed
    assert "No words complete a task here" in answer(begun()[0], place, "done-when")
    dialog = one(desk.presses("task.choose", 2, choice="3", place=place), do.Ask).dialog
    assert "@bob says" in dialog.intro
    assert "done-when 2.1" in dialog.intro


def test_it_is_told_in_the_history_and_taken_back() -> None:
    desk, place = begun()
    desk.commands('done-when 2.1 "green" by @bob', place=place)
    desk.commands('done-when 2.1 "green" by @carla', place=place)
    desk.commands("done-when 2.1 none", place=place)
    told = answer(desk, place, "history 2.1")
    assert "let “green” said by @bob complete it" in told
    assert "let only @carla say the words that complete it" in told
    assert "let no words complete it" in told
    undone = answer(desk, place, "undo")
    assert "Taken back: words that complete it: 2.1 Roll back" in undone
    assert words_kept(desk) == (["green"], ["carla"])
    assert heard(desk) == [(3, ["green"])]


def test_the_answer_has_a_button_that_takes_it_back() -> None:
    desk, place = begun()
    shown = one(desk.commands('done-when 2.1 "green"', place=place), do.Answer).content
    (button,) = shown.cards[0].controls
    desk.presses(button.action, button.arg, place=place)
    assert words_kept(desk) == ([], [])


def test_what_is_to_be_heard_is_noticed_as_changed() -> None:
    desk, place = begun()
    desk.commands('done-when 2.1 "green"', place=place)
    with desk.database.transaction() as store:
        store.task(3).words = []
    assert store.has_changed_listening


def test_the_command_asks_with_what_there_is() -> None:
    desk, place = begun()
    desk.commands('done-when 2.1 "green", "go" by @bob', place=place)
    dialog = one(desk.commands("done-when 2.1", place=place), do.Ask).dialog
    shown = {entry.name: entry.default for entry in dialog.entries}
    assert shown == {"words": "green\ngo", "people": "@bob"}
    assert "Roll back" in dialog.intro
    assert one(desk.submits(dialog, words="ready\n\n steady ", people="@carla, me", place=place), do.Tell)
    assert words_kept(desk) == (["ready", "steady"], ["carla", "alice"])
    desk.submits(dialog, words="", people="@carla", place=place)
    assert words_kept(desk) == ([], [])


def test_the_menu_asks_for_the_task_as_well() -> None:
    desk, place = begun()
    dialog = one(desk.presses("run.more", 1, choice="task.words", place=place), do.Ask).dialog
    assert "9.9" in one(desk.submits(dialog, task="9.9", words="green", place=place), do.Correct).errors["task"]
    wrong = one(desk.submits(dialog, task="2.1", words="green", people="@nobdoy", place=place), do.Correct)
    assert "nobdoy" in wrong.errors["people"]
    assert "words" in one(desk.submits(dialog, task="2.1", words="x" * 101, place=place), do.Correct).errors
    assert words_kept(desk) == ([], [])
    found = desk.submits(dialog, task="Roll", words="green", people="", place=place)
    assert "as soon as “green” is said" in one(found, do.Tell).content.text
    assert words_kept(desk) == (["green"], [])


def test_a_dialog_about_a_task_that_is_gone_says_so() -> None:
    desk, place = begun()
    dialog = one(desk.commands("done-when 2.1", place=place), do.Ask).dialog
    desk.commands("remove 2.1", place=place)
    assert "has changed since" in one(desk.submits(dialog, words="green", place=place), do.Correct).error


def test_several_tasks_at_once() -> None:
    desk, place = begun()
    told = answer(desk, place, 'done-when 2.1-2.2 "green"')
    assert "2 tasks (2.1, 2.2) are done as soon as “green” is said" in told
    assert [words for _, words in heard(desk)] == [["green"], ["green"]]
    assert all_of(desk.commands("done-when 2.1,2.2", place=place), do.Answer)
