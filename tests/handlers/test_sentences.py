"""Every sentence that people read can be said, and each is said somewhere; every button leads somewhere."""

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import BOB, INCIDENT, START, Desk, all_of, started_run

from handlers import effects as do
from handlers.events import Hit, PlaceClosed, ReminderDue
from handlers.playbook import Playbook
from handlers.routes import BUTTONS, DIALOGS
from handlers.words import Safe, say, zone
from store import PlaybookRow, Run

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates" / "messages").glob("*.md.j2"))
BLOCK = re.compile(r"{%-?\s*block (\w+)\s*-?%}")
BLOCKS = [(path.name.removesuffix(".md.j2"), name) for path in TEMPLATES for name in BLOCK.findall(path.read_text())]

DONE = Run(
    id=1, key="k", team_id="t1", playbook_id=1, playbook_version=1, name="Checkout *is* down", summary="Payments fail.",
    owner_id="alice", creator_id="alice", origin_text="sev-1", created_at=START, finished_at=START + timedelta(hours=1),
    update_due_at=START, last_update_at=START, last_update_text="Rolling back.", updates=1,
)  # fmt: skip
TASK = {
    "number": Safe("1.1"), "title": "Look", "state": "done", "by": "bob", "changed_at": START,
    "assignees": Safe("@alice"), "due_at": START, "late": True,
}  # fmt: skip
LINKED = {
    "name": "Checkout",
    "link": Safe("https://x.example"),
    "number": 1,
    "owner": "bob",
    "done": 1,
    "total": 2,
    "late": True,
}
VALUES: dict[str, Any] = {
    "run": DONE, "now": START + timedelta(hours=2), "zone": zone("Europe/Berlin"), "trigger": Safe("playbook"),
    "tasks": [TASK, TASK | {"state": "skipped"}, TASK | {"state": "open"}], "runs": [LINKED], "done": 1, "total": 2,
    "open": Safe("1 task is"), "next_task": TASK, "safe": Safe, "until": START, "seconds": 900, "round": 1, "more": 3,
    "position": 1, "part": 1, "parts": 2, "number": Safe("1.1"), "count": 5, "limit": 3,
    "playbooks": [PlaybookRow(key="incident-response", title="Incident", keywords=["sev-1"])],
}  # fmt: skip


@pytest.mark.parametrize(("template", "block"), BLOCKS)
def test_every_sentence_can_be_said(template: str, block: str) -> None:
    names = ("playbook", "name", "who", "link", "owner", "title", "why", "what", "keywords", "key", "channel", "mark",
             "origin_link", "creator", "heading", "zone_name", "bot", "nearest", "word", "examples", "welcome",
             "remedy", "people", "titles", "invited", "checklists", "reason", "example", "description", "words", "team",
             "channels", "broadcast")  # fmt: skip
    values = dict.fromkeys(names, "something") | VALUES
    if template in ("prompt", "start") and "playbook." in (ROOT / f"templates/messages/{template}.md.j2").read_text():
        values["playbook"] = INCIDENT
    said = say(template, **values)[block]
    assert said
    assert "{{" not in said
    assert "{%" not in said


def constants() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return all words, and all patterns of words, that the code could name a template or block by."""
    words, patterns = set[str](), []
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    made = "".join(
                        re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
                    )
                    if re.fullmatch(r"[\w\\+]+", made) and re.search("[a-z]_|_[a-z]", made):
                        patterns.append(re.compile(made))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    words.add(node.value)
    return words, patterns


WORDS, PATTERNS = constants()


@pytest.mark.parametrize(("template", "block"), BLOCKS)
def test_no_sentence_is_left_that_nobody_says(template: str, block: str) -> None:
    assert template in WORDS
    assert block in WORDS or any(pattern.fullmatch(block) for pattern in PATTERNS)


def test_a_sentence_that_nobody_says_would_be_noticed() -> None:
    unsaid = "prompt_that_nobody_asks"
    assert unsaid not in WORDS
    assert not any(pattern.fullmatch(unsaid) for pattern in PATTERNS)


def everything_shown() -> list[do.Effect]:
    """Let a run live through everything that shows buttons or opens dialogs."""
    desk = Desk(INCIDENT, Playbook.model_validate({"title": "Release", "keywords": ["sev-1"]}))
    found = desk.says("sev-1")
    found += desk.says("sev-1", hits=[_hit(1), _hit(2)])
    place = started_run(desk)
    found += desk.commands("run") + desk.commands("update", place=place) + desk.commands("finish", place=place)
    found += desk.presses("prompt.start", 1) + desk.presses("task.choose", 1, choice="1")
    found += desk.presses("update.ask", 1) + desk.presses("finish.ask", 1, by=BOB)
    desk.later(minutes=30)
    for id in desk.ask(lambda store: list(store.due_reminders(desk.now, 9))):
        found += desk.take(ReminderDue(at=desk.now, reminder_id=id))
    found += desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="removed"))
    return [*found, *desk.sent]


def _hit(playbook_id: int) -> Hit:
    return Hit(playbook_id=playbook_id, keywords=("sev-1",))


def test_every_button_and_dialog_leads_somewhere_and_each_way_is_used() -> None:
    shown = everything_shown()
    contents = [effect.content for effect in shown if hasattr(effect, "content")]
    buttons = {control.action for content in contents for card in content.cards for control in card.controls}
    dialogs = {effect.dialog.action for effect in all_of(shown, do.Ask)}
    assert buttons == set(BUTTONS)
    assert dialogs == set(DIALOGS)


def test_no_message_has_more_than_four_controls() -> None:
    for effect in everything_shown():
        for card in getattr(getattr(effect, "content", None), "cards", ()):
            assert len(card.controls) <= 4


def test_dialogs_fit_what_every_server_takes() -> None:
    for ask in all_of(everything_shown(), do.Ask):
        assert len(ask.dialog.title) <= 24
        assert all(len(entry.label) <= 24 and len(entry.help) <= 150 for entry in ask.dialog.entries)
        assert all(len(entry.default) <= 3000 for entry in ask.dialog.entries)


@pytest.mark.parametrize(("template", "block"), [one for one in BLOCKS if one[1].endswith("_title")])
def test_the_title_of_a_refusal_fits_a_dialog(template: str, block: str) -> None:
    assert len(say(template, **VALUES)[block]) <= 24
