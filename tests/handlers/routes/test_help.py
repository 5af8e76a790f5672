"""Help comes from one table: it names every command, and every command has it."""

import pytest
from desk import Desk, one

from handlers import effects as do
from handlers.routes import ANYWHERE, IN_A_RUN, KNOWN
from handlers.routes.help import HINT, TOPICS, WORDS


def help_(words: str) -> str:
    return str(one(Desk().commands(f"help {words}"), do.Answer).content.text)


def test_every_command_has_help_and_all_help_is_about_a_command() -> None:
    assert sorted(WORDS) == sorted({*ANYWHERE, *IN_A_RUN} - {""})
    assert len(set(WORDS)) == len(WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_explained_with_an_example_and_who_may(word: str) -> None:
    said = help_(word)
    assert said.startswith(f"**{word}** ")
    assert f"- `/playbook {word}" in said
    assert " may" in said.splitlines()[-1]


def test_the_overview_names_all_words_and_is_short() -> None:
    said = help_("")
    assert all(f"`{word}`" in said for word in KNOWN)
    assert len(said.splitlines()) < 14


def test_a_mistyped_word_is_answered_with_the_nearest() -> None:
    assert "Did you mean `/playbook help handover`?" in help_("handovr")


def test_the_hint_fits_the_line_of_the_autocomplete() -> None:
    assert len(HINT) < 100
    assert all(one.word in HINT for one in TOPICS if one.hinted)
