"""What a client of one's own sends to the callback door is read within limits, and never raises."""

import json
from typing import Any

import pytest

from bot.wire.requests import MOST_CHOSEN, MOST_FIELDS, BadRequest, command, submission

WHO = {"user_id": "u" * 26, "channel_id": "c" * 26, "team_id": "t" * 26, "state": "token"}


def read(submitted: Any) -> dict[str, str | bool]:
    return submission(json.dumps(WHO | {"submission": submitted}).encode()).values


def test_of_thousands_of_invented_people_hardly_one_is_looked_up() -> None:
    ids = {f"person{number}": f"{number:026d}" for number in range(7000)}
    given = submission(json.dumps(WHO | {"submission": ids}).encode())
    assert len(given.values) == MOST_FIELDS
    assert len(given.chosen_people()) == MOST_CHOSEN


def test_fields_are_text_or_true_and_false() -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    values = {"a": "text", "b": True, "c": 12, "d": 1.5, "e": None, "f": ["x"], "g": {"x": 1}, "h": deep, "i": "a\0b"}
    expected = {"a": "text", "b": True, "c": "12", "d": "1.5", "f": "", "g": "", "h": "", "i": "ab"}
    assert read(values) == expected


@pytest.mark.parametrize("digits", [30, 4300, 5000, 100_000])
def test_a_number_of_many_digits_is_borne_or_refused(digits: int) -> None:
    body = json.dumps(WHO)[:-1] + ', "submission": {"next": ' + "9" * digits + "}}"
    try:
        assert set(submission(body.encode()).values) == {"next"}
    except BadRequest:
        assert digits > 4000


def test_no_text_of_a_command_has_what_a_database_cannot_keep() -> None:
    form = WHO | {"token": "t", "text": "note a\0b", "trigger_id": "", "root_id": ""}
    assert command(form, []).text == "note ab"
