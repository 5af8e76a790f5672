"""Lists and information."""

from desk import BOB, CARLA, INCIDENT, PUBLIC, Desk, one, started_run, words_of

from handlers import effects as do
from handlers.events import Place


def answer(effects: list[do.Effect]) -> str:
    return words_of(one(effects, do.Answer).content)


def test_list_names_playbooks_and_runs() -> None:
    desk = Desk()
    started_run(desk)
    said = answer(desk.commands("list"))
    assert "**Incident response** `/playbook run incident-response` · keywords: sev-1, &#35;incident" in said
    assert (
        "[Checkout is down](https://chat.example.com/ops/channels/checkout-is-down-1) · run 1 · @alice · 0 of 5 tasks"
        in said
    )


def test_a_private_run_is_listed_for_its_people_only() -> None:
    desk = Desk()
    started_run(desk)
    assert "Checkout is down" in answer(desk.commands("list", by=BOB))
    assert "Checkout is down" not in answer(desk.commands("list", by=CARLA))
    assert "Checkout is down" not in one(desk.commands("check 1.1", by=CARLA), do.Refuse).text


def test_a_public_run_is_listed_for_all() -> None:
    desk = Desk(PUBLIC)
    started_run(desk)
    assert "Checkout is down" in answer(desk.commands("list", by=CARLA))


def test_finished_runs_are_found_again_looked_at_and_restarted() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "is finished yet" in answer(desk.commands("list finished"))
    desk.commands("finish now", place=place)
    desk.later(days=1)
    assert "Checkout" not in answer(desk.commands("list"))
    assert "`/playbook list finished` shows the runs that are over" in answer(desk.commands("list"))
    content = one(desk.commands("list Finished"), do.Answer).content
    assert "channels/checkout-is-down-1) · run 1 · @alice · 0 of 5 tasks · Mon 23 Nov, 15:00 CET" in words_of(content)
    assert "`/playbook brief #1` tells about one, `/playbook restart #1` takes it up again." in words_of(content)
    (menu,) = content.cards[0].controls
    looked = one(desk.presses(menu.action, choice=menu.options[0].value), do.Answer).content
    assert "finished Mon 23 Nov" in looked.text
    (restart,) = looked.cards[0].controls
    assert "goes on" in answer(desk.presses(restart.action, restart.arg))
    assert desk.run().is_active
    assert "is finished yet" in answer(desk.commands("list finished"))


def test_finished_runs_are_shown_to_who_may_see_them_and_restarted_by_who_may() -> None:
    desk = Desk(INCIDENT.model_copy(update={"only_owner_finishes": True}))
    desk.commands("finish now", place=started_run(desk))
    assert "Checkout" not in answer(desk.commands("list finished", by=CARLA))
    assert "Checkout" in answer(desk.commands("list finished", by=BOB))
    assert "Checkout" not in answer(desk.commands("list finished", place=Place(id="x", team_id="t2")))
    assert one(desk.presses("run.look", choice="1", by=BOB), do.Answer).content.cards[0].controls == ()
    assert one(desk.presses("run.look", choice="1"), do.Answer).content.cards[0].controls


def test_of_many_finished_runs_the_latest_are_shown_and_of_many_private_ones_those_that_are_seen() -> None:
    desk = Desk(PUBLIC)
    for number in range(1, 24):
        desk.commands(f"run incident-response Outage {number}")
        desk.later(minutes=1)
        desk.commands(f"#{number} finish now")
    said = answer(desk.commands("list finished", by=CARLA))
    assert "Outage 23" in said
    assert said.count("Outage") == 20
    assert "Outage 3 " not in said


def test_a_team_with_nothing_is_told_so() -> None:
    said = answer(Desk(INCIDENT.model_copy(update={"teams": ("sales",)})).commands("list"))
    assert "none for this team" in said
    assert "**Runs in progress**\n- none" in said


def test_info_tells_how_the_run_stands_and_what_is_open() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.presses("task.done", 1)
    content = one(desk.commands("info", place=place), do.Answer).content
    assert "**1.1**" not in words_of(content)
    assert "- **1.2** Open a bridge call · due 15:15 CET" in words_of(content)
    assert content.cards[0].controls == ()
    assert content.cards[0].title == "Checkout is down"


def test_info_still_tells_of_a_finished_run() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("finish now", place=place)
    assert "Finished" in one(desk.commands("info", place=place), do.Answer).content.cards[0].fields[1].value


def test_info_of_a_task_tells_all_of_it_and_leads_to_its_dialog() -> None:
    desk = Desk()
    place = started_run(desk)
    for words in (
        "assign 1.2 @bob",
        "edit 1.2 description: **Who** joins?",
        "edit 1.2 command: /call now",
        "start 1.2",
    ):
        desk.commands(words, place=place)
    desk.commands('done-when 1.2 "all there" by @bob', place=place)
    found = one(desk.commands("info 1.2", place=place), do.Answer).content
    assert found.text == (
        "**1.2 Open a bridge call** · In progress (@alice, 15:00 CET) · @bob · due 15:15 CET\n\n**Who** joins?\n\n"
        "Command: `/call now`\n\nDone as soon as @bob says “all there” in the channel."
    )
    (button,) = found.cards[0].controls
    assert one(desk.presses(button.action, button.arg, place=place), do.Ask).dialog.title == "Task 1.2"
    assert "It has no description." in answer(desk.commands("info 1.1", place=place))
    both = one(desk.commands("info 1.1-1.2", place=place), do.Answer).content
    assert ("**1.1 " in both.text, "**1.2 " in both.text, both.cards) == (True, True, ())


def test_info_of_a_task_is_for_who_may_see_the_run_and_of_a_task_that_is_there() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "1.9" in one(desk.commands("info 1.9", place=place), do.Refuse).text
    assert "Acknowledge" not in one(desk.commands("info #1 1.1", by=CARLA), do.Refuse).text
    desk.commands("finish now", place=place)
    assert one(desk.commands("info 1.1", place=place), do.Answer).content.cards == ()


def test_a_checklist_shows_which_tasks_say_more_and_how_to_read_it() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.sent.clear()
    desk.commands("edit 1.2 description: Who joins?", place=place)
    card = next(edit.content.cards[0] for edit in desk.sent if "Open a bridge call ⓘ" in str(edit))
    assert card.footer.endswith(" · ⓘ /playbook info 1.2 tells more")
    assert "Acknowledge the alert ⓘ" not in str(card)
    desk.commands("check 1.2", place=place)
    assert "ⓘ" not in str(desk.sent[-2:])
