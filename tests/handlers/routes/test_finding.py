"""Finding the command and the run that are meant, and what is said to words that mean nothing."""

import pytest
from desk import ALICE, TOWN, Desk, all_of, one, started_run
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import effects as do
from handlers.events import MessageHeard, Place
from handlers.routes import KNOWN


def by_message(desk: Desk, text: str, place: Place = TOWN, post: str = "m1") -> list[do.Effect]:
    return desk.take(
        MessageHeard(at=desk.now, post_id=post, root_id="", place=place, author=ALICE, text=text, command=text)
    )


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
