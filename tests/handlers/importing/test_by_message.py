"""A file in a direct message is imported: its plan first, and by a press all that it says, or nothing."""

from dataclasses import replace

from desk import ADMIN, BOB, GUEST, Desk
from importing_scene import all_shown, controls, presses, sends, words_of
from mattermost_files import example, of_2022

from handlers import effects as do
from handlers.controls import CONTROLS
from handlers.exchange.files import MOST_BYTES
from handlers.importing.reading import Words, read_words
from store import KnownTeam


def titles(desk: Desk) -> list[str]:
    return [row.title for row in desk.ask(lambda store: store.playbooks())]


def test_the_plan_comes_first_and_a_press_carries_it_out() -> None:
    desk = Desk()
    told = sends(desk, "import", example())
    assert "1 to create, 0 to update, 0 to skip" in words_of(told)
    assert "its commands are only handed over" in words_of(told)
    assert titles(desk) == ["Incident response"]
    assert set(controls(told)) == {"import.do", "import.cancel"}
    done = presses(desk, told, "import.do")
    assert "**Database failover drill** is imported" in words_of(done)
    assert titles(desk) == ["Database failover drill", "Incident response"]
    assert "This import is done" in words_of(presses(desk, told, "import.do"))


def test_nothing_is_imported_where_somebody_cancels() -> None:
    desk = Desk()
    told = sends(desk, "import", example())
    assert "forgotten" in words_of(presses(desk, told, "import.cancel"))
    assert titles(desk) == ["Incident response"]


def test_nobody_decides_the_import_of_somebody_else() -> None:
    desk = Desk()
    told = sends(desk, "import", example())
    assert "This import is done" in words_of(presses(desk, told, "import.do", by=BOB))
    assert titles(desk) == ["Incident response"]


def test_a_conflict_is_settled_by_a_choice() -> None:
    desk = Desk()
    presses(desk, told := sends(desk, "import", of_2022()), "import.do")
    assert told
    told = sends(desk, "import", of_2022() | {"description": "Changed"})
    assert "import.do" not in controls(told)
    told = presses(desk, told, "import.how", "new-version")
    assert "a new version" in words_of(told)
    assert "new version 2" in words_of(presses(desk, told, "import.do"))


def test_the_words_beside_the_file_can_say_it_all() -> None:
    desk = Desk()
    assert "is imported" in words_of(sends(desk, "import now", of_2022()))
    changed = of_2022() | {"description": "Changed"}
    assert "1 conflict" in words_of(sends(desk, "import now", changed))
    assert "new version 2" in words_of(sends(desk, "import new-version now", changed))
    assert read_words("into ops SKIP leave-unknown") == Words("ops", "skip", leave_unknown=True)


def test_a_team_is_chosen_by_who_is_in_several() -> None:
    desk = Desk()
    desk.ask(lambda store: store.learn(KnownTeam(id="t2", name="core", title="Core", seen_at=desk.now)))
    told = sends(desk, "import", of_2022())
    assert "For which team is it?" in words_of(told)
    assert "import.do" not in controls(told)
    told = presses(desk, told, "import.team", "core")
    presses(desk, told, "import.do")
    assert desk.ask(lambda store: store.playbook_by_key("incident-of-old").teams) == ["core"]


def test_a_plan_that_is_another_one_by_now_is_not_carried_out() -> None:
    desk = Desk()
    told = sends(desk, "import", of_2022())
    sends(desk, "import now", of_2022() | {"description": "First"}, by=ADMIN)
    assert "Something of it is still to be settled" in words_of(presses(desk, told, "import.do"))


def test_a_guest_imports_nothing() -> None:
    desk = Desk()
    assert "ask" in words_of(sends(desk, "import", of_2022(), by=GUEST)).lower()
    assert titles(desk) == ["Incident response"]


def test_a_file_that_cannot_be_read_is_told() -> None:
    desk = Desk()
    assert "is no JSON" in words_of(sends(desk, "import", b'{"title": '))
    large = b"[" + b" " * MOST_BYTES + b"]"
    assert "larger than 5 MB" in words_of(sends(desk, "import", large))
    many = {"title": "X", "checklists": [{"title": "A", "items": [{"title": "x"}] * 10_000}], "version": 1}
    assert "at most 500 tasks" in words_of(sends(desk, "import", many))
    assert "is neither JSON nor text" in words_of(sends(desk, "import", b"\xff\xfe\x00"))
    assert titles(desk) == ["Incident response"]


def test_a_yaml_file_is_imported_too() -> None:
    desk = Desk()
    assert "is imported" in words_of(sends(desk, "import now", b"title: Release\nchecklists:\n  - title: A\n"))
    assert "Release" in titles(desk)


def test_who_sends_no_file_is_told_how() -> None:
    assert "Send me the file by direct message" in words_of(Desk().commands("import"))


def test_an_admin_looks_at_what_is_off_and_turns_it_on() -> None:
    desk = Desk()
    sends(desk, "import now", example())
    shown = desk.commands("confirm database-failover-drill")
    assert "/echo drill $WINDOW begins" in words_of(shown)
    refused = presses(desk, shown, "import.confirm", by=BOB)
    assert "are confirmed by its admins: @alice" in words_of(refused)
    assert "a system administrator confirms" in words_of(presses(desk, shown, "import.confirm"))
    assert "are on" in words_of(presses(desk, shown, "import.confirm", by=ADMIN))
    assert "Nothing of" in words_of(desk.commands("confirm database-failover-drill"))


def test_what_came_since_it_was_shown_is_not_turned_on() -> None:
    desk = Desk()
    sends(desk, "import now", of_2022())
    shown = desk.commands("confirm incident-of-old", ADMIN)
    other = of_2022()
    other["checklists"][0]["items"][1]["command"] = "/invite @alice"
    sends(desk, "import new-version now", other)
    assert "has changed since" in words_of(presses(desk, shown, "import.confirm", by=ADMIN))
    assert desk.ask(lambda store: store.playbook_by_key("incident-of-old").held)


def test_a_command_that_is_off_is_not_run() -> None:
    desk = Desk()
    desk.here = replace(desk.here, may_run=("/page",))
    sends(desk, "import now", of_2022())
    desk.commands("run incident-of-old Now")
    desk.opens()
    (told,) = [one for one in desk.commands("#1 do 1.2") if isinstance(one, do.Tell)]
    assert "this command is not confirmed" in told.content.text
    desk.ask(lambda store: setattr(store.playbook_by_key("incident-of-old"), "held", []))
    assert [one for one in desk.commands("#1 do 1.2") if isinstance(one, do.RunCommand)]


def test_without_buttons_the_plan_says_what_to_write() -> None:
    desk = Desk()
    desk.here = replace(desk.here, buttons=False)
    assert "`import now`" in words_of(sends(desk, "import", of_2022()))
    assert "is imported" in words_of(sends(desk, "import now", of_2022()))


def test_all_its_buttons_are_shown() -> None:
    contents = [one.content for one in all_shown(Desk()) if isinstance(one, do.Tell | do.Edit | do.Answer)]
    shown = {one.action for content in contents for card in content.cards for one in card.controls}
    assert {one for one in CONTROLS if one.startswith("import.")} <= shown


def test_a_file_without_the_word_is_told_how_it_is_imported() -> None:
    desk = Desk()
    (refused,) = sends(desk, "here it is", example())
    assert isinstance(refused, do.Refuse)
    assert "send it once more with the word `import`" in refused.text
