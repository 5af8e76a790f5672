"""Commands of tasks: filled in, run once by the server, remembered, and handed over where the bot may not run them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk import ALICE, BOB, CARLA, GUEST, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import CommandRan, Place
from handlers.playbooks.playbook import Playbook

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


def begun(command: str = "/jira create $ticket", may_run: tuple[str, ...] = ("/jira create",)) -> tuple[Desk, Place]:
    book = BOOK.definition()
    book["checklists"][0]["tasks"][0]["command"] = command
    desk = Desk(Playbook.model_validate(book))
    desk.here = replace(desk.here, may_run=may_run)
    return desk, started_run(desk)


def handed_over(desk: Desk, place: Place, number: str = "1.1") -> str:
    """Return what is said when a command is not run, but handed over."""
    found = desk.commands(f"do {number}", place=place)
    assert all_of(found, do.RunCommand) == []
    return str(one(found, do.Tell).content.text)


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
        task_id=1, place_id=place.id, command="/jira create ABC-1", by_id="bob", is_allowed=True
    )
    assert "Running `/jira create ABC-1`" in one(found, do.Answer).content.text
    ran = desk.take(CommandRan(at=desk.now, task_id=1, by_id="bob", command="/jira create ABC-1", answer="made"))
    assert "@bob ran `/jira create ABC-1`" in all_of(ran, do.Post)[0].content.text
    task = desk.ask(lambda store: store.task(1))
    assert (task.ran_by, task.ran_at) == ("bob", desk.now)
    assert "command_ran" in [moment.kind for moment in desk.ask(lambda store: list(store.moments(1)))]


def test_why_it_was_not_run_is_told_though_the_dialog_closed() -> None:
    desk, place = begun()
    dialog = one(desk.presses("task.choose", 1, choice="1", place=place), do.Ask).dialog
    values = {entry.name: entry.default for entry in dialog.entries} | {"also": "run"}
    said = one(desk.submits(dialog, place=place, **values), do.Answer)
    assert "`$ticket`" in said.content.text
    assert said.to_read


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


def test_what_one_may_not_do_oneself_is_not_done_by_the_bot() -> None:
    """As it was done: a bare checklist, a variable with a tab in it, and a command made of it."""
    desk = Desk(BOOK)
    desk.here = replace(desk.here, may_run=("/jira",))
    desk.commands("checklist mine; one", GUEST)
    desk.commands("summary $x=invite\t@guesty ~private-secret", GUEST)
    desk.commands("edit 1.1 command: /$x", GUEST)
    found = desk.commands("do 1.1", GUEST)
    assert all_of(found, do.RunCommand) == []
    assert "```\n/$x\n```" in one(found, do.Tell).content.text


@pytest.mark.parametrize("command", ["/deploy production", "/echo @channel", "/jira delete X", "/jiracreate", "/leave"])
def test_a_command_that_the_administrator_does_not_allow_is_handed_over(command: str) -> None:
    text = handed_over(*begun(command))
    assert f"```\n{command}\n```" in text
    assert "administrator's list" in text


def test_nothing_is_run_where_the_administrator_has_allowed_nothing() -> None:
    assert "administrator's list" in handed_over(*begun("/jira create", ()))


@pytest.mark.parametrize(
    ("command", "may_run", "runs"),
    [
        ("/jira create", "/jira create", True),
        ("/JIRA\u00a0Create  now", "/jira create", True),
        ("/jira create now", "/jira\u2003 CREATE", True),
        ("/jira creates", "/jira create", False),
        ("/jira", "/jira create", False),
        ("/İnvite x", "/invite", True),
        ("/İnvite x", "/jira", False),
        ("/in\u200bvite x", "/invite", False),
        ("/paß x", "/pass", False),
    ],
)
def test_commands_are_compared_as_the_server_reads_them(command: str, may_run: str, runs: bool) -> None:
    found = (desk := begun(command, (may_run,)))[0].commands("do 1.1", place=desk[1])
    assert [one.command for one in all_of(found, do.RunCommand)] == ([" ".join(command.split())] if runs else [])


@pytest.mark.parametrize("command", ["/playbook finish now", "/PlayBook finish now"])
def test_my_own_command_is_for_people_even_where_it_is_listed(command: str) -> None:
    assert "my own command" in handed_over(*begun(command, ("/playbook",)))


def test_a_value_cannot_make_another_command_than_the_administrator_allows() -> None:
    desk, place = begun("/jira $verb $ticket")
    desk.commands("set ticket ABC-1", place=place)
    desk.commands("set verb delete", place=place)
    assert "/jira delete ABC-1" in handed_over(desk, place)
    desk.commands("set verb create", place=place)
    assert one(desk.commands("do 1.1", place=place), do.RunCommand).command == "/jira create ABC-1"


@pytest.mark.parametrize(
    "value",
    [
        *("two words", "a\tb", "a\u00a0b", "a\u3000b", "a\u200bb", "a\u202eb", "a\x00b", "a\x85b", "\ufeffx"),
        *("@bob", "＠bob", "~status", "～status", "/leave", "／leave", "-f", "－f", "—f", "−f", "﹣f"),
        *("(@channel)", "a.@here"),
        *('"--force', "'-x'", "\\-f", "`-f", '"/kick', "|/x", "(~status", "\"'−f", "“—f”", "℀-f", "./x"),
    ],
)
def test_a_value_that_could_mean_more_is_not_put_in(value: str) -> None:
    desk, place = begun()
    desk.ask(lambda store: setattr(store.run(1), "attributes", {"ticket": value}))
    text = handed_over(desk, place)
    assert "```\n/jira create $ticket\n```" in text
    assert "`$ticket` has a value" in text


@pytest.mark.parametrize(
    "value", ["ABC-1", "bob@example.com", "https://x.example/~a/b-c?d=1", '"a-b"', "(x/y)", "Größe", "障害", "a$ticket"]
)
def test_other_values_are(value: str) -> None:
    desk, place = begun()
    desk.ask(lambda store: setattr(store.run(1), "attributes", {"ticket": value}))
    assert one(desk.commands("do 1.1", place=place), do.RunCommand).command == f"/jira create {value}"


def test_a_command_that_was_written_in_the_run_is_handed_over_until_it_is_as_in_the_playbook_again() -> None:
    desk, place = begun("/jira create A", ("/jira",))
    desk.commands("edit 1.1 command: /jira create B", place=place)
    assert "written in this run" in handed_over(desk, place)
    desk.commands("undo", place=place)
    assert one(desk.commands("do 1.1", place=place), do.RunCommand).command == "/jira create A"
    dialog = one(desk.presses("task.choose", 1, choice="1", place=place), do.Ask).dialog
    values = {entry.name: entry.default for entry in dialog.entries} | {"command": "/jira create C"}
    desk.submits(dialog, place=place, **values)
    assert "written in this run" in handed_over(desk, place)


def test_a_command_of_an_added_task_or_at_another_task_than_in_the_playbook_is_handed_over() -> None:
    desk, place = begun("/jira create A", ("/jira",))
    desk.commands("edit 1.2 command: /jira create A", place=place)
    assert "written in this run" in handed_over(desk, place, "1.2")
    desk.commands("add New", place=place)
    desk.commands("edit 1.3 command: /jira create A", place=place)
    assert "written in this run" in handed_over(desk, place, "1.3")


def test_a_task_that_is_moved_renamed_or_duplicated_keeps_its_command() -> None:
    desk, place = begun("/jira create A", ("/jira",))
    for words in ("edit 1.1 Another title", "move 1.1 to 1.2", "duplicate 1.2", "checklist duplicate 1"):
        desk.commands(words, place=place)
    for number in ("1.2", "1.3", "2.2", "2.3"):
        assert one(desk.commands(f"do {number}", place=place), do.RunCommand).command == "/jira create A"


def test_what_somebody_wrote_is_escaped_where_it_is_handed_over() -> None:
    desk, place = begun()
    for command in ("/x ```\n@all [a](https://evil) ~~~ `b`", "/x ````` \u202eevil"):
        desk.commands(f"edit 1.1 command: {command}", place=place)
        text = handed_over(desk, place)
        inside = text.partition("```\n")[2].partition("\n```")[0]
        assert "`" * 3 not in inside
        assert "\n" not in inside
        assert "\u202e" not in text
        assert text.endswith(f"```\n{inside}\n```")


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
