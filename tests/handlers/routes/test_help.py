"""Help comes from one table: it names every command, and every command has it."""

import pytest
from desk import Desk, one, words_of

from handlers import effects as do
from handlers.routes import COMMANDS, HINT, KNOWN


def help_(words: str) -> str:
    return words_of(one(Desk().commands(f"help {words}"), do.Answer).content)


@pytest.mark.parametrize("text", ["", "help", "HELP", "/help", " help me "])
def test_help_shows_every_command(text: str) -> None:
    said = words_of(one(Desk().commands(text), do.Answer).content)
    assert [word for word in KNOWN if word not in said and word != "help"] == []


@pytest.mark.parametrize("word", KNOWN)
def test_a_word_is_explained_with_an_example_and_who_may(word: str) -> None:
    said = help_(word)
    assert said.startswith(f"**{word}** ")
    assert f"- `/playbook {word}" in said
    assert " may" in said.splitlines()[-1]


def test_the_overview_names_all_words_and_is_short() -> None:
    said = help_("")
    assert all(f"`{word}`" in said for word in KNOWN)
    assert len(said.splitlines()) < 14
    named = [word for line in said.splitlines() if line.startswith("- **") for word in line.split("`")[1::2]]
    assert named == list(COMMANDS)


def test_a_mistyped_word_is_answered_with_the_nearest() -> None:
    assert "Did you mean `/playbook help handover`?" in help_("handovr")


def test_the_hint_fits_the_line_of_the_autocomplete() -> None:
    assert len(HINT) < 100
    assert all(name in HINT for name, row in COMMANDS.items() if row.hinted)
