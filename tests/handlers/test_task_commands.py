"""Commands of tasks: filled in, run once by the server, remembered, and handed over where the bot may not run them."""

from datetime import timedelta

import pytest
from desk import ALICE, BOB, CARLA, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import CommandRan, Place
from handlers.playbook import Playbook

BOOK = Playbook.model_validate(
    {
        "title": "Incident response",
        "key": "incident-response",
        "keywords": ["sev-1"],
        "name": "{message}",
        "channel": {"visibility": "private"},
        "checklists": [
            {"title": "Triage", "tasks": [{"title": "Open a ticket", "command": "/jira create $ticket"}, "Look"]}
        ],
    }
)


def begun() -> tuple[Desk, Place]:
    desk = Desk(BOOK)
    return desk, started_run(desk)


def test_a_variable_that_is_missing_is_named_and_nothing_runs() -> None:
    desk, place = begun()
    found = desk.commands("do 1.1", place=place)
    assert "`$ticket`" in one(found, do.Refuse).text
    assert all_of(found, do.RunCommand) == []


def test_the_command_runs_in_the_runs_channel_and_who_ran_it_is_remembered() -> None:
    desk, place = begun()
    assert "`$ticket` is ABC-1" in one(desk.commands("set ticket ABC-1", place=place), do.Answer).content.text
    found = desk.commands("do 1.1", by=BOB, place=place)
    assert one(found, do.RunCommand) == do.RunCommand(
        task_id=1, place_id=place.id, command="/jira create ABC-1", by_id="bob"
    )
    assert "Running `/jira create ABC-1`" in one(found, do.Answer).content.text
    ran = desk.take(CommandRan(at=desk.now, task_id=1, by_id="bob", command="/jira create ABC-1", answer="made"))
    assert "@bob ran `/jira create ABC-1`" in all_of(ran, do.Post)[0].content.text
    task = desk.ask(lambda store: store.task(1))
    assert (task.ran_by, task.ran_at) == ("bob", desk.now)
    assert "command_ran" in [moment.kind for moment in desk.ask(lambda store: list(store.moments(1)))]


def test_the_button_runs_it_too_and_goes_when_it_ran() -> None:
    desk, place = begun()
    desk.commands("set ticket = ABC-1", place=place)
    posts = [one for one in desk.sent if isinstance(one, do.Post) and one.content.cards]
    labels = [control.label for post in posts for control in post.content.cards[0].controls]
    assert "▶ 1.1 Open a ticket" in labels
    assert one(desk.presses("task.run", 1, place=place), do.RunCommand).command == "/jira create ABC-1"
    found = desk.take(CommandRan(at=desk.now, task_id=1, by_id="alice", command="/jira create ABC-1"))
    shown = [control.label for edit in all_of(found, do.Edit) for control in edit.content.cards[0].controls]
    assert "✓ 1.1 Open a ticket" in shown
    assert "▶ 1.1 Open a ticket" not in shown


def test_what_the_bot_may_not_run_is_offered_ready_to_paste() -> None:
    desk, _ = begun()
    found = desk.take(CommandRan(at=desk.now, task_id=1, by_id="alice", command="/jira create A", trouble="unknown"))
    told = one(found, do.Tell)
    assert told.person_id == "alice"
    assert "```\n/jira create A\n```" in told.content.text
    assert desk.ask(lambda store: store.task(1)).ran_at is None


@pytest.mark.parametrize("command", ["/playbook finish now", "/leave", "/Kick @bob"])
def test_what_acts_for_whoever_gives_it_is_never_run_by_the_bot(command: str) -> None:
    book = BOOK.model_dump(mode="json", exclude_defaults=True)
    book["checklists"][0]["tasks"][0]["command"] = command
    desk = Desk(Playbook.model_validate(book))
    place = started_run(desk)
    found = desk.commands("do 1.1", place=place)
    assert all_of(found, do.RunCommand) == []
    assert f"```\n{command}\n```" in one(found, do.Tell).content.text


def test_a_stranger_may_not_run_anything() -> None:
    desk, place = begun()
    assert one(desk.presses("task.run", 1, by=CARLA, place=place), do.Refuse)


def test_a_task_without_a_command_says_so_and_do_alone_lists_those_with_one() -> None:
    desk, place = begun()
    assert "has no command" in one(desk.commands("do 1.2", place=place), do.Refuse).text
    assert "**1.1** Open a ticket `/jira create $ticket`" in one(desk.commands("do", place=place), do.Refuse).text


def test_lines_of_the_summary_are_variables_and_set_lists_all() -> None:
    desk, place = begun()
    desk.commands("summary Payments fail.\n$ticket=XYZ-9", place=place)
    assert "`$ticket` XYZ-9" in one(desk.commands("set", place=place), do.Answer).content.text
    assert one(desk.commands("do 1.1", place=place), do.RunCommand).command == "/jira create XYZ-9"


def test_a_variable_is_undone_and_taken_away_and_stands_on_the_card() -> None:
    desk, place = begun()
    desk.commands("set ticket A", place=place)
    found = desk.commands("set ticket B", place=place)
    edits = [edit.content.cards[0] for edit in all_of(found, do.Edit)]
    assert "ticket: B" in [field.value for card in edits for field in card.fields]
    button = one(found, do.Answer).content.cards[0].controls[0]
    desk.presses(button.action, button.arg, place=place)
    assert desk.run().attributes == {"ticket": "A"}
    desk.commands("unset ticket", by=ALICE, place=place)
    assert desk.run().attributes == {}
    assert "no variable" in one(desk.commands("unset ticket", place=place), do.Refuse).text


def test_wrong_names_and_values_are_refused() -> None:
    desk, place = begun()
    for words in ("set a-b c", "set ticket", "set ticket " + "x" * 501, "set ü 1"):
        assert one(desk.commands(words, place=place), do.Refuse)
    assert desk.run().attributes == {}
    assert desk.now - desk.run().created_at == timedelta()


def test_the_tasks_dialog_runs_it_and_a_new_command_has_not_run_yet() -> None:
    desk, place = begun()
    dialog = one(desk.presses("task.choose", 1, choice="1", place=place), do.Ask).dialog
    values = {entry.name: entry.default for entry in dialog.entries}
    missing = desk.submits(dialog, place=place, **values | {"also": "run"})
    assert "`$ticket`" in one(missing, do.Answer).content.text
    desk.commands("set ticket A", place=place)
    assert one(desk.submits(dialog, place=place, **values | {"also": "run"}), do.RunCommand)
    desk.take(CommandRan(at=desk.now, task_id=1, by_id="alice", command="/jira create A"))
    desk.submits(dialog, place=place, **values | {"command": "/jira close $ticket"})
    assert desk.ask(lambda store: store.task(1)).ran_at is None
