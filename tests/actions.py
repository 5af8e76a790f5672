"""Playbooks with actions for tests, and what became of these."""

from typing import Any

from desk import ALICE, PUBLIC, Desk, all_of, asked_of

from handlers import effects as do
from handlers.events import MessagePosted, PageActed, Place
from handlers.pages.asked import Asked
from handlers.pages.run import RunPage, run_page
from handlers.playbooks.playbook import Playbook
from store import ActionRow


def book(*actions: dict[str, Any], **more: Any) -> Playbook:
    """Return the incident with actions, in a public channel."""
    return Playbook.model_validate(PUBLIC.definition() | {"actions": list(actions), "key": "", **more})


def rows(desk: Desk, run_id: int = 1) -> dict[str, ActionRow]:
    return {row.key: row for row in desk.ask(lambda store: list(store.action_rows(run_id)))}


def row(desk: Desk, key: str = "action:1") -> ActionRow:
    return rows(desk)[key]


def position(desk: Desk, key: str = "action:1") -> int:
    return list(rows(desk)).index(key) + 1


def settles(desk: Desk, key: str = "action:1") -> list[do.Effect]:
    """Let the message of an action stand."""
    return desk.take(MessagePosted(at=desk.now, message_id=row(desk, key).message_id or 0, post_id=f"post-{key}"))


def posted(effects: Any) -> list[str]:
    return [post.content.text for post in all_of(effects, do.Post)]


def page(desk: Desk) -> RunPage:
    found: RunPage = asked_of(desk, ALICE, lambda ctx, who: run_page(ctx, Asked(who, {"run": "1"})))
    return found


def sends_again(desk: Desk, action: int) -> list[do.Effect]:
    """Let Alice send the form of the page that repeats an action."""
    act = PageActed(
        at=desk.now, action="action.again", run_id=1, once=f"form{action}", values={"action": str(action)},
        asker=ALICE, place=Place(id="channel1"),
    )  # fmt: skip
    return desk.take(act)
