"""Commands: help, lists, information, and what is said to words that mean nothing."""

import pytest
from desk import ALICE, BOB, CARLA, INCIDENT, PUBLIC, TOWN, Desk, all_of, one, started_run
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import effects as do
from handlers.events import MessageHeard, Place
from handlers.routes import KNOWN


def answer(effects: list[do.Effect]) -> str:
    return str(one(effects, do.Answer).content.text)


def by_message(desk: Desk, text: str, place: Place = TOWN, post: str = "m1") -> list[do.Effect]:
    return desk.take(
        MessageHeard(at=desk.now, post_id=post, root_id="", place=place, author=ALICE, text=text, command=text)
    )


@pytest.mark.parametrize("text", ["", "help", "HELP", "/help", " help me "])
def test_help_shows_every_command(text: str) -> None:
    said = answer(Desk().commands(text))
    assert [word for word in KNOWN if word not in said and word != "help"] == []


@pytest.mark.parametrize(
    ("typo", "meant"), [("chek 1.1", "check"), ("finnish", "finish"), ("lst", "list"), ("hlep", "help")]
)
def test_a_mistyped_word_gets_the_nearest(typo: str, meant: str) -> None:
    assert f"Did you mean `/playbook {meant}`?" in one(Desk().commands(typo), do.Refuse).text


def test_a_word_near_to_nothing_gets_help_and_is_quoted_harmlessly() -> None:
    said = one(Desk().commands("@all`" + "x" * 16000), do.Refuse).text
    assert "`/playbook help` shows what I can do" in said
    assert "@all" not in said
    assert len(said) < 300


def test_list_names_playbooks_and_runs() -> None:
    desk = Desk()
    started_run(desk)
    said = answer(desk.commands("list"))
    assert "**Incident response** `/playbook run incident-response` · keywords: sev-1, \\#incident" in said
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
    assert "channels/checkout-is-down-1) · run 1 · @alice · 0 of 5 tasks · Mon 23 Nov, 15:00" in content.text
    assert "`/playbook brief #1` tells about one, `/playbook restart #1` takes it up again." in content.text
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
    assert "**1.1**" not in content.text
    assert "- **1.2** Open a bridge call · due 15:15" in content.text
    assert content.cards[0].controls == ()
    assert content.cards[0].title == "Checkout is down"


def test_info_still_tells_of_a_finished_run() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("finish now", place=place)
    assert "Finished" in one(desk.commands("info", place=place), do.Answer).content.cards[0].fields[1].value


@pytest.mark.parametrize("words", ["check 1.1", "uncheck 1.1", "update x", "finish now", "info"])
def test_where_there_is_no_run_those_in_progress_are_named(words: str) -> None:
    desk = Desk()
    assert "`/playbook list` shows the playbooks" in one(desk.commands(words), do.Refuse).text
    started_run(desk)
    assert "Runs in progress: [Checkout is down]" in one(desk.commands(words), do.Refuse).text


def test_the_same_words_in_a_message_do_the_same() -> None:
    desk = Desk()
    assert all_of(by_message(desk, "run incident-response Checkout"), do.OpenChannel)
    assert by_message(desk, "run incident-response Checkout") == []


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([*KNOWN, "", "runn", "/"]),
    st.one_of(st.text(max_size=40), st.sampled_from(["1.1", "9.9", "now", "incident-response", "incident-response X"])),
    st.booleans(),
)
def test_no_message_to_the_bot_makes_it_stumble_or_ask_for_a_dialog(word: str, rest: str, in_run: bool) -> None:
    desk = Desk()
    place = started_run(desk) if in_run else TOWN
    found = by_message(desk, f"{word} {rest}", place, post="typed")
    assert all_of(found, do.Ask) == all_of(found, do.Correct) == []


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.booleans())
def test_no_command_makes_it_stumble(text: str, in_run: bool) -> None:
    desk = Desk()
    place = started_run(desk) if in_run else Place(id="dm", kind="D")
    assert desk.commands(text, place=place)
