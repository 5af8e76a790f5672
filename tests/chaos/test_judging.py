"""The judges see what is missing, what is doubled and what was promised otherwise, and nothing in a clean episode."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace as Row

import pytest

from chaos.done import Done, Outcome, told
from chaos.judging import judge
from chaos.plan import BASE, Act, Deed
from chaos.record import Place, Record, Shown
from handlers.text.sentences import say

NAME = "W00x is down"
WELCOME = f"👋 Welcome to **{NAME}**"
WHISPER = f"👋 Welcome to **[{NAME}](http://x)**"
TASK = f"📌 A task for you: **2.1** Two · [{NAME}](http://x)"
UPDATE = f"**Update 1 · {NAME}**\nw04x is better"


def did(deed: Deed, outcome: Outcome = Outcome.YES, who: str = "alice", **more: str) -> Done:
    known = {name: more.pop(name) for name in ("post_id", "trigger", "said") if name in more}
    return Done(Act(0.0, who, deed, **more), outcome, **known)


def post(id: str, place_id: str, text: str, **more: object) -> Shown:
    return Shown(id, place_id, "bot", text, **more)  # type: ignore[arg-type]


def clean() -> Record:
    """Return an episode in which all went well: a run, a task done, a note, an update, and carla who follows."""
    lists = [Row(id=1, run_id=1, position=1), Row(id=2, run_id=1, position=2)]
    tasks = [
        Row(id=1, run_id=1, checklist_id=1, position=1, title="One", state="done"),
        Row(id=2, run_id=1, checklist_id=2, position=1, title="Two", state="open", assignees=["c"]),
    ]
    posts = [
        post("prompt", "town", "started", root_id="heard"),
        post("card", "run", f"{NAME}\nOwner: @alice\n1 of 2", is_pinned=True, effect="e1"),
        post("list1", "run", "1 · Triage\n- [x] ~~1.1 One~~", effect="e2"),
        post("list2", "run", "2 · Fix\n- [ ] **2.1** Two", effect="e3"),
        post("update", "run", UPDATE),
        post("broadcast", "status", UPDATE),
    ]
    moments = [
        Row(run_id=1, kind="task_done", subject="One", post_id=""),
        Row(run_id=1, kind="note", subject="w03x was seen", post_id=""),
        Row(run_id=1, kind="update", subject="w04x is better", post_id=""),
        Row(run_id=1, kind="pinned", subject="", post_id="pin"),
    ]
    return Record(
        bot_id="bot",
        people={"alice": "a", "carla": "c"},
        town="town",
        status="status",
        done=[
            did(Deed.KEYWORD, word=BASE, post_id="heard"),
            did(Deed.START, word=BASE, trigger="t1"),
            did(Deed.CHECK_BY_COMMAND, task="1.1"),
            did(Deed.CHECK_BY_COMMAND, Outcome.UNKNOWN, task="2.1"),
            did(Deed.NOTE_BY_COMMAND, word="w03x"),
            did(Deed.UPDATE, word="w04x"),
            did(Deed.ASSIGN, task="2.1", to="carla"),
            did(Deed.PIN, word="w05x", post_id="pin"),
        ],
        posts=posts,
        places=[
            Place("run", NAME, "Incident, run 1 (key)", frozenset({"a", "bot"})),
            Place("direct", "", "", frozenset({"c", "bot"}), is_direct=True),
        ],
        screens={
            "alice": [post("hello", "run", WELCOME)],
            "carla": [post("told", "direct", UPDATE), post("task", "direct", TASK)],
        },
        runs=[Row(id=1, key="key", name=NAME, channel_id="run")],
        checklists=lists,
        tasks=tasks,
        moments=moments,
        participants=[Row(run_id=1, person_id="a", joined_at=1, left_at=None)],
        followers=[Row(run_id=1, person_id="c")],
        jobs=[Row(run_id=1, kind="update", payload={}), Row(run_id=1, kind="update", payload={"round": 1})],
        messages=[
            *(Row(id=at, kind="note", run_id=1, post_id=one.id, gone_at=None) for at, one in enumerate(posts)),
            Row(id=99, kind="reminder_closed", run_id=1, post_id="old", gone_at=1),
        ],
    )


def without(record: Record, id: str) -> Record:
    return replace(record, posts=[one for one in record.posts if one.id != id])


def with_post(record: Record, one: Shown) -> Record:
    return replace(record, posts=[*record.posts, one])


def with_done(record: Record, *done: Done) -> Record:
    return replace(record, done=[*record.done, *done])


def with_log(record: Record, *lines: str, **more: object) -> Record:
    return replace(record, log=[f"muster 1: {line}" for line in lines], **more)  # type: ignore[arg-type]


TRACEBACK = ("Traceback (most recent call last):", '  File "x.py", line 1, in x')
STORAGE = "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) disk I/O error"
SPOILT: dict[str, tuple[str, Callable[[Record], Record]]] = {
    "a prompt is missing": ("keywords", lambda one: without(one, "prompt")),
    "a prompt came twice": (
        "keywords",
        lambda one: with_post(one, post("again", "town", "asks", root_id="heard")),
    ),
    "a run was lost": ("runs", lambda one: replace(one, runs=[])),
    "a run began twice": ("runs", lambda one: replace(one, runs=[*one.runs, *one.runs])),
    "a run began that was refused": (
        "runs",
        lambda one: replace(
            with_done(one, did(Deed.START_BY_COMMAND, Outcome.NO, word="w09x", run="w09x")),
            runs=[*one.runs, Row(id=2, key="k2", name="w09x", channel_id="run")],
        ),
    ),
    "a card came twice": ("runs", lambda one: with_post(one, post("card2", "run", f"{NAME}\nOwner: 1 of 2"))),
    "a list is missing": ("runs", lambda one: without(one, "list2")),
    "an unknown post": ("own_messages", lambda one: with_post(one, post("stray", "town", "?"))),
    "a message that stands nowhere": ("own_messages", lambda one: without(one, "broadcast")),
    "one effect was posted twice": (
        "own_messages",
        lambda one: with_post(one, post("twin", "run", "1 · Triage", effect="e2")),
    ),
    "a task was promised": ("tasks", lambda one: with_done(one, did(Deed.CHECK_BY_COMMAND, task="2.1"))),
    "a task is done that was refused": (
        "tasks",
        lambda one: replace(one, done=[*one.done[:2], did(Deed.CHECK_BY_COMMAND, Outcome.NO, task="1.1")]),
    ),
    "a task was entered twice": ("tasks", lambda one: replace(one, moments=[*one.moments, one.moments[0]])),
    "a list shows something else": (
        "tasks",
        lambda one: with_post(without(one, "list1"), post("list1", "run", "1 · Triage\n- [ ] **1.1** One")),
    ),
    "a note was lost": ("notes", lambda one: with_done(one, did(Deed.NOTE_BY_MESSAGE, word="w08x"))),
    "a pin was lost": ("notes", lambda one: with_done(one, did(Deed.PIN, word="w08x", post_id="p2"))),
    "an update was not broadcast": ("updates", lambda one: without(one, "broadcast")),
    "a follower was told twice": (
        "updates",
        lambda one: replace(
            one, screens={**one.screens, "carla": [*one.screens["carla"], post("2", "direct", UPDATE)]}
        ),
    ),
    "somebody was not told of a task": (
        "assignments",
        lambda one: replace(one, screens={**one.screens, "carla": one.screens["carla"][:1]}),
    ),
    "somebody was told twice of a task": (
        "assignments",
        lambda one: replace(one, screens={**one.screens, "carla": [*one.screens["carla"], post("3", "direct", TASK)]}),
    ),
    "a task is for nobody": (
        "assignments",
        lambda one: replace(one, tasks=[one.tasks[0], Row(**{**vars(one.tasks[1]), "assignees": []})]),
    ),
    "somebody takes part who is not there": (
        "people",
        lambda one: replace(
            one, participants=[*one.participants, Row(run_id=1, person_id="c", joined_at=1, left_at=None)]
        ),
    ),
    "nobody was welcomed": ("people", lambda one: replace(one, screens={**one.screens, "alice": []})),
    "somebody was welcomed twice": (
        "people",
        lambda one: replace(one, screens={**one.screens, "alice": [post(id, "run", WELCOME) for id in "12"]}),
    ),
    "somebody was whispered to twice": (
        "people",
        lambda one: replace(
            one, whispers=True, screens={**one.screens, "alice": [post(id, "run", WHISPER) for id in "12"]}
        ),
    ),
    "a reminder was swallowed": ("reminders", lambda one: replace(one, messages=one.messages[:-1])),
    "an error of our own": ("log", lambda one: with_log(one, *TRACEBACK, "KeyError: 'x'", storage_failed=True)),
    "a statement that the storage cannot run": (
        "log",
        lambda one: with_log(one, *TRACEBACK, "sqlalchemy.exc.ProgrammingError: no such column", storage_failed=True),
    ),
    "an error of the storage that was well": ("log", lambda one: with_log(one, *TRACEBACK, STORAGE)),
    "a process that died": ("log", lambda one: replace(one, ends=[1], storage_failed=True)),
}


def test_in_a_clean_episode_nothing_is_wrong() -> None:
    assert judge(clean()) == []


def test_a_whisper_of_which_nobody_knows_whether_it_came_is_not_repeated() -> None:
    assert judge(replace(clean(), whispers=True, screens={**clean().screens, "alice": []})) == []


def test_errors_of_a_storage_that_was_made_to_fail_are_none_of_ours() -> None:
    assert judge(with_log(clean(), *TRACEBACK, STORAGE, storage_failed=True)) == []


@pytest.mark.parametrize(("judged", "spoil"), SPOILT.values(), ids=list(SPOILT))
def test_what_is_wrong_is_seen(judged: str, spoil: Callable[[Record], Record]) -> None:
    found = judge(spoil(clean()))
    assert any(wrong.startswith(f"{judged}: ") for wrong in found), found


def test_a_press_that_was_refused_in_a_dialog_or_perhaps_in_a_message_promises_nothing() -> None:
    pressed = with_done(clean(), did(Deed.CHECK_BY_BUTTON, task="2.1", trigger="t7"))
    assert judge(pressed) == ["tasks: task 2.1 of W00x is down done: 0 instead of 1"]
    assert judge(replace(pressed, dialogs={"alice": {"t7": "Nothing was changed."}})) == []
    failed = post("sorry", "direct", say("door")["failed"])
    assert judge(replace(pressed, screens={**pressed.screens, "alice": [*pressed.screens["alice"], failed]})) == []


def test_who_is_told_that_nobody_knows_may_find_it_either_way() -> None:
    doubt = say("door")["in_doubt"]
    assert told(doubt, positive=False) is Outcome.UNKNOWN
    pressed = replace(
        clean(), done=[*clean().done[:2], did(Deed.CHECK_BY_BUTTON, task="1.1", trigger="t7"), *clean().done[3:]]
    )
    assert judge(replace(pressed, dialogs={"alice": {"t7": doubt}})) == []
    assert judge(replace(pressed, dialogs={"alice": {"t7": "Nothing was changed."}})) != []
