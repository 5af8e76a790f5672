"""What somebody has to do over all channels: on demand, and once each morning of their own."""

from datetime import UTC, datetime, timedelta

from desk import ALICE, BOB, CARLA, INCIDENT, TOWN, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import ButtonPressed, PeopleInvited
from handlers.playbooks.playbook import Playbook

MINE = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "checklists": [
            {
                "title": "First",
                "tasks": [
                    {"title": "Look *here*", "assignee": "@bob", "due": "15m"},
                    {"title": "Tell", "assignee": "@bob"},
                    {"title": "Write", "assignee": "owner"},
                ],
            }
        ]
    }
)


def text(content: do.Content) -> str:
    return "\n".join([content.text, *(words_of(card) for card in content.cards)])


def todo(desk: Desk, who: object = BOB) -> do.Content:
    content: do.Content = one(desk.commands("todo", who, place=TOWN), do.Answer).content  # type: ignore[arg-type]
    return content


def digests(desk: Desk, who: str = "bob") -> list[do.Tell]:
    return [
        tell
        for tell in all_of(desk.what_is_due(), do.Tell)
        if tell.person_id == who and any("digest" in one.label for card in tell.content.cards for one in card.controls)
    ]


def test_my_tasks_runs_and_overdue_updates_are_in_one_answer() -> None:
    desk = Desk(MINE)
    started_run(desk)
    said = text(todo(desk))
    assert "**1.1** Look &#42;here&#42; · [Checkout is down](" in said
    assert "**1.2** Tell" in said
    assert "Write" not in said
    assert "**Your runs**" in said
    assert "1.3** Write" in text(todo(desk, ALICE))
    assert "you own it" in text(todo(desk, ALICE))
    desk.later(minutes=31)
    said = text(todo(desk))
    assert "**Overdue updates**" in said
    assert "**overdue since" in said
    assert "Nothing to do" in text(todo(desk, CARLA))


def test_the_first_tasks_have_a_button_that_says_what_it_did() -> None:
    desk = Desk(MINE)
    place = started_run(desk)
    buttons = todo(desk).cards[0].controls
    assert [one.label for one in buttons] == ["✓ Look *here*", "✓ Tell", "Any task…"]
    found = desk.presses(buttons[1].action, buttons[1].arg, BOB)
    assert "**Tell** in **Checkout is down** is done" in one(found, do.Tell).content.text
    assert "Tell" not in text(todo(desk))
    found = desk.presses(buttons[1].action, buttons[1].arg, BOB)
    assert "was done already by @bob" in one(found, do.Tell).content.text
    desk.commands("finish now", place=place)
    assert one(desk.presses(buttons[0].action, buttons[0].arg, BOB), do.Refuse).title == "Already finished"


def test_the_digest_comes_at_the_persons_own_morning() -> None:
    desk = Desk(MINE)
    started_run(desk)
    planned = desk.ask(lambda store: {who: store.planned_digest(who).due_at for who in ("alice", "bob")})
    assert planned["bob"] == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert planned["alice"] == datetime(2026, 11, 24, 7, tzinfo=UTC)  # 8:00 in Berlin


def test_after_a_time_away_one_digest_comes_and_one_each_day() -> None:
    desk = Desk(MINE)
    started_run(desk)
    desk.now = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
    (tell,) = digests(desk)
    assert "2 open tasks, 1 overdue update" in tell.content.text
    assert "Your runs" not in text(tell.content)
    assert digests(desk) == []
    desk.now = datetime(2026, 11, 28, 8, 1, tzinfo=UTC)
    assert len(digests(desk)) == 1


def test_mondays_digest_is_the_longer_one() -> None:
    desk = Desk(MINE)
    started_run(desk)
    desk.now = datetime(2026, 11, 30, 8, tzinfo=UTC)
    (tell,) = digests(desk)
    assert "Your week" in tell.content.text
    assert "**Your runs**" in text(tell.content)
    assert tell.content.cards[0].controls[-1].label == "No weekly digest"


def test_an_overdue_update_is_posted_and_any_task_opened_from_there() -> None:
    desk = Desk(MINE)
    place = started_run(desk)
    desk.later(minutes=31)
    late, *done, menu = todo(desk).cards[0].controls
    assert (late.label, menu.label) == ("Update Checkout is down", "Any task…")
    assert [one.label for one in done] == ["✓ Look *here*", "✓ Tell"]
    assert one(desk.presses(late.action, late.arg, BOB), do.Ask).dialog.action == "update.post"
    assert [option.text for option in menu.options] == ["Look *here* · Checkout is down", "Tell · Checkout is down"]
    dialog = one(desk.presses(menu.action, menu.arg, BOB, choice=menu.options[1].value), do.Ask).dialog
    assert dialog.title == "Task 1.2"
    desk.submits(dialog, BOB, title="Tell", state="done")
    assert "Tell" not in text(todo(desk))
    assert one(desk.presses(menu.action, menu.arg, BOB, choice="99"), do.Refuse)
    shown = one(desk.presses("run.more", 1, BOB, choice="todo", place=place), do.Answer).content
    assert "What you have to do" in shown.text


def test_a_digest_that_was_switched_off_is_switched_on_again_by_its_answer() -> None:
    desk = Desk(MINE)
    answer = one(desk.presses("digest.off", "daily", BOB), do.Tell).content
    back = answer.cards[0].controls[0]
    assert back.label == "Turn it on again"
    assert "is **on**" in one(desk.presses(back.action, back.arg, BOB), do.Tell).content.text


def test_a_task_done_in_the_digest_leaves_it() -> None:
    desk = Desk(MINE)
    started_run(desk)
    desk.later(days=1)
    (tell,) = digests(desk)
    assert tell.message_id is not None
    desk.stands(tell.message_id)
    button = tell.content.cards[0].controls[1]
    found = desk.take(
        ButtonPressed(
            at=desk.now,
            action=button.action,
            arg=button.arg,
            asker=BOB,
            place=TOWN,
            message_id=tell.message_id,
            post_id=f"own{tell.message_id}",
        )
    )
    edit = next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id)
    assert "Look" not in text(edit.content)


def test_the_button_switches_the_digest_off_and_settings_switch_it_on() -> None:
    desk = Desk(MINE)
    started_run(desk)
    assert "daily digest is **off**" in one(desk.presses("digest.off", "daily", BOB), do.Tell).content.text
    desk.later(days=1)
    assert digests(desk) == []
    assert "**off**" in one(desk.commands("settings", BOB), do.Answer).content.text
    assert "digest is **on**" in one(desk.commands("settings daily on", BOB), do.Answer).content.text
    desk.later(days=1)
    assert len(digests(desk)) == 1
    desk.commands("settings weekly off", BOB)
    desk.now = datetime(2026, 11, 30, 8, tzinfo=UTC)
    (tell,) = digests(desk)
    assert "Your week" not in tell.content.text


def test_a_mistyped_setting_is_answered_with_the_nearest() -> None:
    desk = Desk()
    assert "Did you mean `daily off`" in one(desk.commands("settings daly off"), do.Refuse).text


def test_settings_have_buttons() -> None:
    desk = Desk()
    buttons = one(desk.commands("settings", BOB), do.Answer).content.cards[0].controls
    assert [one.label for one in buttons] == ["Turn the daily digest off", "Turn the weekly digest off"]
    assert "**off**" in one(desk.presses(buttons[1].action, buttons[1].arg, BOB), do.Tell).content.text
    assert not desk.ask(lambda store: store.settings("bob").weekly)


def test_with_nothing_to_do_no_digest_comes_and_none_is_planned_until_there_is() -> None:
    desk = Desk(MINE)
    place = started_run(desk)
    desk.commands("finish now", place=place)
    desk.later(days=1)
    assert digests(desk) == []
    assert desk.ask(lambda store: store.planned_digest("bob")) is None
    desk.commands("run incident-response Again")
    desk.opens(2)
    assert desk.ask(lambda store: store.planned_digest("bob")) is not None
    desk.take(PeopleInvited(at=desk.now, run_id=2, added=(CARLA,), refused={}))
    assert desk.ask(lambda store: store.planned_digest("carla")) is not None
    assert timedelta(0) < desk.ask(lambda store: store.planned_digest("bob").due_at) - desk.now <= timedelta(days=1)
