"""People who send the bot files of playbooks by direct message."""

import json
from typing import Any

from desk import ADMIN, ALICE, Desk
from mattermost_files import example, of_2022

from handlers import effects as do
from handlers.events import Given, MessageHeard, Person, Place
from store import KnownTeam

DIRECT = Place(id="direct", kind="D", name="alice__bot")


def sends(
    desk: Desk, words: str, *files: dict[str, Any] | bytes, by: Person = ALICE, place: Place = DIRECT
) -> list[do.Effect]:
    """Let somebody send files with words: documents of Mattermost Playbooks, or whatever stands in a file."""
    desk._posts += 1
    contents = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in files]
    given = tuple(Given(f"file{at}.json", len(one), one) for at, one in enumerate(contents, 1))
    post_id = f"import{desk._posts}"
    heard = MessageHeard(
        at=desk.now, post_id=post_id, root_id="", place=place, author=by, text=words, command=words, files=given
    )
    return desk.take(heard)


def controls(found: list[do.Effect]) -> dict[str, do.Button | do.Menu]:
    """Return what can be pressed or chosen in the last message that was shown, by its action."""
    content = next(one.content for one in reversed(found) if isinstance(one, do.Tell | do.Edit | do.Answer))
    return {each.action: each for card in content.cards for each in card.controls}


def words_of(found: list[do.Effect]) -> str:
    """Return all that the last message shows, or why something was refused."""
    last = next(one for one in reversed(found) if isinstance(one, do.Tell | do.Edit | do.Answer | do.Refuse))
    if isinstance(last, do.Refuse):
        return last.text
    return "\n".join([last.content.text, *(card.text for card in last.content.cards)])


def presses(desk: Desk, found: list[do.Effect], action: str, choice: str = "", by: Person = ALICE) -> list[do.Effect]:
    """Let somebody press what the last message shows."""
    shown = controls(found)[action]
    message_id = next((one.message_id for one in reversed(found) if isinstance(one, do.Tell | do.Edit)), 0)
    return desk.presses(action, shown.arg, by, choice=choice, message=message_id or 0, place=DIRECT)


def all_shown(desk: Desk) -> list[do.Effect]:
    """Let an import go through everything that can be decided of one."""
    desk.ask(lambda store: store.learn(KnownTeam(id="t2", name="core", title="Core", seen_at=desk.now)))
    found = sends(desk, "import now ops", of_2022(), by=ADMIN)
    document = of_2022() | {"description": "Changed", "channel_mode": "link_existing_channel", "channel_id": "nowhere"}
    told = sends(desk, "import", document, example(), by=ADMIN)
    found += told
    for action, choice in (("import.how", "new-version"), ("import.leave", ""), ("import.team", "ops")):
        told = presses(desk, told, action, choice, ADMIN) or told
        found += told
    found += presses(desk, told, "import.do", by=ADMIN)
    return [*found, *desk.commands("confirm incident-of-old", ADMIN)]
