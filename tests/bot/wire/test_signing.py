"""What the tokens in buttons and dialogs promise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire.signing import Expired, Forged, Press, Showing, Signer

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SIGNER = Signer("a secret of the tests")


def showing(action: str = "update", arg: str = "7", person_id: str = "ann", **more: Any) -> str:
    return SIGNER.showing(action, arg, person_id, NOW, **{"place_id": "town", "team_id": "crew"} | more)


@given(st.text(), st.text(), st.integers(0, 2**63 - 1))
def test_a_press_says_what_was_signed(action: str, arg: str, message_id: int) -> None:
    token = SIGNER.press(action, arg, message_id, NOW)

    assert SIGNER.read_press(token) == Press(action, arg, message_id, int(NOW.timestamp()))


@given(st.text(max_size=30), st.text(max_size=30), st.data())
def test_any_changed_sign_is_refused(action: str, arg: str, data: st.DataObject) -> None:
    token = SIGNER.press(action, arg, 7, NOW)
    at = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters().filter(lambda sign: sign != token[at]))

    with pytest.raises(Forged):
        SIGNER.read_press(token[:at] + sign + token[at + 1 :])


@given(st.data())
def test_any_flipped_bit_is_refused(data: st.DataObject) -> None:
    token = SIGNER.press("task.done", "17", 7, NOW).encode()
    at, bit = data.draw(st.integers(0, len(token) - 1)), data.draw(st.integers(0, 7))
    flipped = bytes([*token[:at], token[at] ^ (1 << bit), *token[at + 1 :]])

    with pytest.raises(Forged):
        SIGNER.read_press(flipped.decode("latin-1"))


@given(st.text())
def test_any_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Forged):
        SIGNER.read_press(text)


@pytest.mark.parametrize("add", ["=", "==", "A", "\n", " "])
def test_a_token_with_something_after_it_is_refused(add: str) -> None:
    with pytest.raises(Forged):
        SIGNER.read_press(SIGNER.press("task.done", "17", 7, NOW) + add)


def test_another_secret_makes_other_tokens() -> None:
    with pytest.raises(Forged):
        Signer("another secret of the tests").read_press(SIGNER.press("task.done", "17", 7, NOW))


def test_a_usual_button_needs_no_hundred_characters() -> None:
    assert len(SIGNER.press("checklist.pick", "run:12345", 123456, NOW)) <= 100


@given(st.text(), st.text(), st.text())
def test_a_dialog_says_what_was_signed(action: str, arg: str, person_id: str) -> None:
    read = SIGNER.read_showing(showing(action, arg, person_id), person_id, NOW)

    assert (read.action, read.arg, read.person_id, read.place_id, read.team_id) == (
        action,
        arg,
        person_id,
        "town",
        "crew",
    )


def test_a_dialog_from_before_they_told_where_they_were_opened_is_read_and_has_no_place() -> None:
    old = msgspec.defstruct("Showing", Showing.__struct_fields__[:6], array_like=True, frozen=True)
    at = int(NOW.timestamp())
    token = SIGNER._sign(old("update", "7", "ann", "once", at, at + 60))

    assert SIGNER.read_showing(token, "ann", NOW) == Showing("update", "7", "ann", "once", at, at + 60, "", "")


def test_a_usual_dialog_needs_no_three_hundred_characters() -> None:
    ids = {"person_id": "u" * 26, "place_id": "c" * 26, "team_id": "t" * 26}

    assert len(showing("run.start", "prompt:123456:1234", **ids)) <= 300


def test_each_showing_of_a_dialog_is_another_one() -> None:
    tokens = [showing() for _ in range(2)]
    first, second = (SIGNER.read_showing(token, "ann", NOW).once for token in tokens)

    assert first != second


def test_a_dialog_counts_only_from_whom_it_was_shown_to() -> None:
    with pytest.raises(Forged):
        SIGNER.read_showing(showing(), "ben", NOW)


def test_a_dialog_can_be_submitted_until_its_time_is_over() -> None:
    token = showing(life=timedelta(minutes=5))

    assert SIGNER.read_showing(token, "ann", NOW + timedelta(minutes=5)).arg == "7"
    with pytest.raises(Expired):
        SIGNER.read_showing(token, "ann", NOW + timedelta(minutes=5, seconds=1))


def test_a_button_is_never_taken_for_a_dialog_or_the_other_way() -> None:
    with pytest.raises(Forged):
        SIGNER.read_showing(SIGNER.press("update", "7", 1, NOW), "ann", NOW)
    with pytest.raises(Forged):
        SIGNER.read_press(showing())


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Signer("short")


def test_the_secret_is_not_shown() -> None:
    assert "a secret" not in repr(SIGNER)


def test_the_thread_goes_with_buttons_and_dialogs_and_tokens_from_before_that_are_read() -> None:
    pressed = SIGNER.read_press(SIGNER.press("task.done", "17", 7, NOW, "root"))
    assert (pressed.arg, pressed.root_id) == ("17", "root")
    seen = SIGNER.read_showing(showing(root_id="root"), "ann", NOW)
    assert (seen.place_id, seen.team_id, seen.root_id) == ("town", "crew", "root")
    old = msgspec.defstruct("Press", Press.__struct_fields__[:4], array_like=True, frozen=True)
    at = int(NOW.timestamp())
    assert SIGNER.read_press(SIGNER._sign(old("task.done", "17", 7, at))) == Press("task.done", "17", 7, at, "")
