"""What comes to light while a file is converted is kept once, however much it is."""

import pytest

from handlers.exchange.found import Findings, Match, Names, Note
from handlers.exchange.from_mattermost import playbook_from
from handlers.playbooks.file import PlaybookMistake


def test_each_thing_is_found_once_and_in_turn() -> None:
    found = Findings(Names(people={"u1": "@dana"}))
    for key in ("u1", "u2", "u1", ""):
        found.name("person", key)
        found.note("unknown_key", key)
    assert found.matches == (Match("person", "u1", "@dana"), Match("person", "u2", ""))
    assert found.notes == tuple(Note("unknown_key", key) for key in ("u1", "u2", ""))


def test_a_file_of_many_unknown_keys_is_read_soon() -> None:
    """It took time that grew with the square of them: minutes for these."""
    said = {"title": "Many"} | {f"key{number}": 1 for number in range(40_000)}
    found = Findings()
    with pytest.raises(PlaybookMistake, match="than can be kept"):
        playbook_from(said, "many.json", found)
    assert len(found.notes) == 40_000
