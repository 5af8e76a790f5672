"""What is written to the bot alone: about one's own runs, whichever is meant, and in which team one is to start."""

from collections.abc import Sequence

import pytest
from desk import ALICE, CARLA, INCIDENT, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import Hit, MessageHeard, Person, Place
from store import KnownTeam

SEV = (Hit(playbook_id=1, keywords=("sev-1",)),)


def writes(desk: Desk, text: str, by: Person = ALICE, hits: Sequence[Hit] = ()) -> list[do.Effect]:
    """Let somebody write to the bot alone."""
    desk._posts += 1
    place = Place(id=f"dm-{by.id}", kind="D", name=f"{by.id}__bot")
    return desk.take(
        MessageHeard(
            at=desk.now, post_id=f"dm{desk._posts}", root_id="", place=place, author=by, text=text, command=text,
            hits=tuple(hits),
        )
    )  # fmt: skip


def told(found: Sequence[do.Effect]) -> str:
    answers = [each.content for each in found if isinstance(each, do.Answer)]
    refusals = [each.text for each in found if isinstance(each, do.Refuse)]
    return "\n".join([*refusals, *(f"{each.text}{''.join(words_of(card) for card in each.cards)}" for each in answers)])


def two_runs() -> Desk:
    desk = Desk()
    started_run(desk)
    desk.commands("run incident-response Second")
    desk.opens(2, "second-2")
    return desk


def two_teams() -> Desk:
    desk = Desk()
    desk.ask(lambda store: store.learn(KnownTeam(id="t2", name="sales", title="Sales", seen_at=desk.now)))
    return desk


@pytest.mark.parametrize("text", ["check 1.1", "/playbook check 1.1", "＠muster /playbook check 1.1", "done 1.1."])
def test_ones_only_run_is_meant(text: str) -> None:
    desk = Desk()
    started_run(desk)
    assert "**1.1** “Acknowledge the alert” is done" in told(writes(desk, text))
    assert "Taken back" in told(writes(desk, "undo"))


def test_of_several_runs_it_is_asked_which_and_the_number_says_so() -> None:
    desk = two_runs()
    asked = told(writes(desk, "check 1.1"))
    assert "You take part in several runs. Which one do you mean?" in asked
    assert "**#1** Checkout is down" in asked
    assert "**#2** Second" in asked
    for text in ("#2 check 1.1", "check #2 2.1", "check 2.2 #2", "add #2 Call", "note #2 Looked"):
        assert "Which one do you mean?" not in told(writes(desk, text))
    tasks = desk.ask(lambda store: [(task.title, task.state) for task in store.tasks(2)])
    assert [title for title, state in tasks if state == "done"] == [
        "Acknowledge the alert",
        "Roll back",
        "Tell support",
    ]
    assert tasks[-1][0] == "Call"


def test_the_run_that_lives_in_the_direct_message_comes_first() -> None:
    desk = two_runs()
    for title in ("My day", "Move house"):
        assert f"**{title}**" in told(writes(desk, f"checklist {title}; Coffee; Mail"))
        if title == "My day":
            assert "**1.2** “Mail” is done" in told(writes(desk, "check 1.2"))
            assert "Taken back" in told(writes(desk, "undo"))
            assert "**1.1** “Acknowledge the alert” is done" in told(writes(desk, "#1 check 1.1"))
    asked = told(writes(desk, "check 1.1"))
    assert all(f"**#{number}** " in asked for number in (1, 2, 3, 4))
    for number in (4, 3):
        writes(desk, f"#{number} finish now")
    assert "Which one do you mean?" in told(writes(desk, "check 1.1"))


def test_the_menu_gives_the_command_to_the_run_that_is_chosen() -> None:
    desk = two_runs()
    menu = one(writes(desk, "check 1.1"), do.Answer).content.cards[0].controls[0]
    place = Place(id="dm-alice", kind="D", name="alice__bot")
    found = desk.presses(menu.action, menu.arg, choice="1", place=place)
    assert "**1.1** “Acknowledge the alert” is done" in one(found, do.Answer).content.text


def test_who_takes_part_in_none_is_told_so() -> None:
    desk = Desk()
    started_run(desk)
    assert "You take part in no run that is in progress" in told(writes(desk, "check 1.1", by=CARLA))


def test_the_list_holds_playbooks_and_runs_of_ones_teams() -> None:
    desk = Desk()
    desk.strangers = {CARLA.id}
    started_run(desk)
    found = told(writes(desk, "list"))
    assert "`/playbook run incident-response`" in found
    assert "[Checkout is down]" in found
    assert "incident-response" not in told(writes(desk, "list", by=CARLA))


def test_a_keyword_is_asked_about_and_the_run_starts_in_ones_team() -> None:
    desk = Desk()
    post = one(writes(desk, "sev-1, checkout is down", hits=SEV), do.Post)
    assert "sev-1" in post.content.cards[0].text
    dialog = one(desk.presses("prompt.start", 1, place=Place(id="dm-alice", kind="D")), do.Ask).dialog
    desk.submits(dialog, name="Checkout is down", place=Place(id="dm-alice", kind="D"))
    assert desk.run().team_id == "t1"


def test_a_keyword_that_begins_no_run_for_one_is_answered_all_the_same() -> None:
    desk = Desk()
    desk.strangers = {CARLA.id}
    assert "I do not know “sev-1”" in told(writes(desk, "sev-1, help", by=CARLA, hits=SEV))


@pytest.mark.parametrize("text", ["sev-1, checkout is down", "run incident-response Checkout is down", "run"])
def test_where_one_is_in_several_teams_it_is_asked_in_which(text: str) -> None:
    desk = two_teams()
    found = writes(desk, text, hits=SEV if "sev-1" in text else ())
    assert "Several of your teams have this playbook" in told(found)
    assert "Sales: `/playbook run incident-response in sales`" in told(found)
    assert not all_of(found, do.OpenChannel)


def test_the_team_is_named_before_the_name_of_the_run() -> None:
    desk = two_teams()
    assert "Starting **Checkout**" in told(writes(desk, "run incident-response in Sales: Checkout"))
    assert (desk.run().team_id, desk.run().name) == ("t2", "Checkout")


def test_a_playbook_of_one_team_alone_needs_no_team() -> None:
    desk = Desk(INCIDENT.model_copy(update={"teams": ("sales",)}))
    desk.ask(lambda store: store.learn(KnownTeam(id="t2", name="sales", title="Sales", seen_at=desk.now)))
    assert "Starting **Checkout**" in told(writes(desk, "run incident-response Checkout"))
    assert desk.run().team_id == "t2"


def test_without_buttons_the_answer_says_how_in_words() -> None:
    desk = two_runs()
    desk.here = type(desk.here)(bot=desk.here.bot, site_url=desk.here.site_url, menus=desk.here.menus, buttons=False)
    asked = one(writes(desk, "check 1.1"), do.Answer).content
    assert "`@muster #2 check 1.1`" in words_of(asked.cards[0])
    assert not asked.cards[0].controls
    assert "is done" in told(writes(desk, "@muster #2 check 1.1"))
