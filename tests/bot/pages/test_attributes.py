"""Attributes on pages over real sockets: shown, changed, and what hangs on them; tasks are taken there, too."""

from pathlib import Path

from pages import browser, let_in, pages
from stage import INCIDENT, stage

BOOK = {
    **INCIDENT,
    "channel": {"visibility": "public"},
    "attributes": [
        {"name": "Severity", "type": "select", "options": ["High", "Low"]},
        {"name": "Regions", "type": "multiselect", "options": ["EU", "US"]},
        {"name": "Users", "type": "number", "show": "always"},
        {"name": "Lead", "type": "person", "description": "Who leads."},
    ],
    "checklists": [
        {
            "title": "Triage",
            "tasks": [
                {"title": "Look", "links": ["https://runbook.example/1"], "needs": ["Users"]},
                {"title": "Call legal", "when": {"attribute": "Severity", "is": "High"}},
            ],
        }
    ],
}


async def test_attributes_are_changed_on_a_page_and_tasks_come_with_them(tmp_path: Path) -> None:
    async with stage(tmp_path, (BOOK,), pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await scene.alice.command(scene.town["id"], f"/{scene.trigger} run incident-response Checkout")
        await scene.alice.sees("Checkout", "Tasks")
        await let_in(scene, mine)
        seen = await mine.get("/runs/1")
        assert "1 task to be done only if it comes to that" in seen.words
        assert "if Severity is High (it has no value)" in seen.words
        assert "Users not said yet" in seen.words
        assert "runbook.example/1" in seen.words
        assert "Needed before it can be done: Users (not said yet)." in seen.words
        wrong = await mine.send(seen.form("/act/attribute.save"), attribute1="High", attribute3="many")
        assert "“many” is no number that I can read" in wrong.words
        assert "0 of 1" in wrong.words
        seen = await mine.send(seen.form("/act/attribute.save"), attribute1="High", attribute3="12", attribute4="me")
        await scene.alice.sees("so this task is to be done, too: **1.2** “Call legal”")
        assert "Severity is High." in seen.words
        assert "It is here because Severity is High (it is High)." in seen.words
        assert "0 of 2" in seen.words
        taking = next(one for one in seen.forms if one.action == "/act/task.turn")
        seen = await mine.send(taking, verb="take")
        assert f"@{scene.alice.username}" in seen.words
        assert "Take it" in seen.words
