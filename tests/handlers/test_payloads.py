"""What controls carry comes back as it was, and what buttons carried ever since is still read."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from handlers import controls as on
from handlers import payloads as of

ROOT = Path(__file__).parents[2] / "handlers"


@pytest.mark.parametrize(
    ("control", "arg", "choice", "payload"),
    [
        (on.BARE_ASK, "", "", of.Nothing()),
        (on.DESCRIBE_UNDO, "7", "", of.OfMoment(7)),
        (on.DIGEST_OFF, "weekly", "", of.Setting("weekly")),
        (on.FINISH_ASK, "3", "", of.OfRun(3)),
        (on.HANDOVER_TAKE, "4", "", of.OfHandover(4)),
        (on.PROMPT_DISMISS, "5", "", of.OfPrompt(5)),
        (on.PROMPT_START, "5", "", of.OfPrompt(5)),
        (on.PROMPT_START, "5", "2", of.OfPrompt(5, 2)),
        (on.REMINDER_SNOOZE, "3", "1800", of.RunLater(3, 1800)),
        (on.RUN_LOOK, "", "3", of.OfRun(3)),
        (on.RUN_MORE, "3", "task.add", of.ItemOfRun(3, "task.add")),
        (on.RUN_WHICH, "q:abc", "3", of.KeptCommand("q:abc", 3)),
        (on.RUN_WHICH, "update next=2h: all is well", "3", of.KeptCommand("update next=2h: all is well", 3)),
        (on.SETTINGS_TURN, "daily:off", "", of.Setting("daily", "off")),
        (on.TASK_CHOOSE, "6", "new", of.ItemOfList(6, "new")),
        (on.TASK_DONE, "9", "", of.OfTask(9)),
        (on.TASK_PICK, "", "9", of.OfTask(9)),
        (on.TASK_SNOOZE, "9", "3600", of.TaskLater(9, 3600)),
        (on.TIMELINE_CHANGE, "remove", "8", of.TimelineEntry("remove", 8)),
        (on.TIMELINE_CHANGE, "restore:8", "", of.TimelineEntry("restore", 8)),
        (on.TIMELINE_PAGE, "3:2", "", of.PageOfRun(3, 2)),
        (on.UNDO, "3:k1", "", of.ChangeOfRun(3, "k1")),
        (on.VARIABLE_UNDO, "3:8", "", of.ValueOfRun(3, "8")),
        (on.VARIABLE_UNDO, "3:ticket:OLD:er", "", of.ValueOfRun(3, "ticket", "OLD:er")),
        (on.VARIABLE_UNDO, "3:ticket:", "", of.ValueOfRun(3, "ticket", "")),
        (on.RUN_START, "command::", "", of.StartedBy("command")),
        (on.RUN_START, "here::2", "", of.StartedBy("here", None, 2)),
        (on.RUN_START, "prompt:5:2", "", of.StartedBy("prompt", 5, 2)),
        (on.TASK_SAVE, "3:9", "", of.TaskOfRun(3, 9)),
        (on.TASK_WORDS, "3", "", of.TaskOfRun(3)),
        (on.CHECKLIST_SAVE, "3:6", "", of.ListOfRun(3, 6)),
    ],
)
def test_what_standing_buttons_carry_is_read(control: Any, arg: str, choice: str, payload: of.Payload) -> None:
    found = control.carries.read(arg, choice, getattr(control, "chosen", ""))
    assert found == payload


@pytest.mark.parametrize("kind", of.Payload.__subclasses__() + of.OfRun.__subclasses__() + of.OfTask.__subclasses__())
@given(st.data())
def test_what_is_packed_is_read_again(kind: type[of.Payload], data: st.DataObject) -> None:
    kinds = {int: st.integers(0, 10**9 - 1), str: st.from_regex(r"\A[a-z.]{1,9}\Z")}
    made = kind(
        *(
            data.draw(kinds[part.type] if part.type in kinds else st.from_type(part.type).filter(_fits))
            for part in fields(kind)
        )
    )
    assert kind.read(made.packed()) == made


def _fits(part: object) -> bool:
    return part is None or (0 <= part < 10**9 if isinstance(part, int) else bool(re.fullmatch(r"[a-z.]+", str(part))))


@given(
    st.sampled_from([one for one in vars(on).values() if isinstance(one, on.Control | on.Form)]), st.text(), st.text()
)
def test_whatever_comes_back_is_read(control: Any, arg: str, choice: str) -> None:
    assert isinstance(control.carries.read(arg, choice, getattr(control, "chosen", "")), control.carries)


def test_no_handler_reads_what_a_control_carries_by_itself() -> None:
    raw = re.compile(r"event\.(?:arg|choice|values)\b|f\"dialog:")
    found = [path.name for path in ROOT.rglob("*.py") if raw.search(path.read_text(encoding="utf-8"))]
    assert sorted(found) == ["buttons.py", "dialogs.py", "pages.py"]
