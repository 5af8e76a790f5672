"""Trying a playbook's draft: a run in a private channel of its own, of which nobody else and nothing else is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.create_run import make_run, open_channel
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules import pace
from handlers.rules.drafts import drafted
from handlers.rules.playbook_rights import require_edit, require_see, require_teams
from handlers.rules.run_request import Wish
from store import PlaybookRow, Run


@dataclass(frozen=True, slots=True)
class WouldDo:
    """Something that a run does by itself, and a trial does not: a kind of it, and with whom or what."""

    kind: str
    what: str = ""


def try_playbook(ctx: Context, row: PlaybookRow, asker: Person, team_id: str) -> Doing[Run]:
    """Start a run of what a playbook is to become, which invites, calls and tells nobody. Raises `Refused`."""
    require_see(ctx, asker, row)
    if row.is_made_here:
        require_edit(ctx, asker, row)
    team = ctx.store.team(team_id)
    if team is None or asker.is_guest:
        raise ctx.refused("playbook", "not_for_guests" if asker.is_guest else "no_place_to_try")
    pace.require_start(ctx, asker)
    book = drafted(ctx, row)
    require_teams(ctx, asker, book.model_copy(update={"teams": (team.name,)}))
    name = ctx.say("playbook", ctx.everybody(), title=book.title)["trial_name"]
    wish = Wish(row=row, book=alone(book, asker), asker=asker, team_id=team_id, name=name, is_trial=True)
    run = make_run(ctx, wish)
    yield from open_channel(ctx, run)
    return run


def alone(book: Playbook, asker: Person) -> Playbook:
    """Return a playbook whose runs name nobody but who tries it, and reach nothing but their channel."""
    said: dict[str, Any] = book.definition()
    said |= {"owner": "creator", "invite": [], "members": [], "admins": [f"@{asker.username}"], "start_by": []}
    said |= {"visibility": "private", "see_runs": "", "actions": [], "webhooks": [], "insights": None, "keywords": []}
    said |= {"roles": [{"name": one.name} for one in book.roles], "prefix": ""}
    quiet = {"broadcast": [], "broadcast_start": False}
    said["updates"] = said["updates"] | quiet
    said["channel"] |= {"visibility": "private", "use": None, "name": None, "category": None, "archive": True}
    for checklist in said["checklists"]:
        for task in checklist["tasks"]:
            _without_people(task)
    return playbook_of(said)


def would_do(book: Playbook) -> Iterator[WouldDo]:
    """Yield all that a run of a playbook would do besides, in its order."""
    if book.owner != "creator":
        yield WouldDo("owner", book.owner)
    for role in book.roles:
        who = role.person or (", ".join(dict.fromkeys(role.rota.people)) if role.rota is not None else "")
        yield from (WouldDo("role", f"{role.name}: {who}"),) if who else ()
    if book.invite:
        yield WouldDo("invite", ", ".join(book.invite))
    people = dict.fromkeys(name for task in book.tasks for name in task.people if name.startswith("@"))
    if people:
        yield WouldDo("assign", ", ".join(people))
    channel = book.channel
    yield from (WouldDo("use", channel.use),) if channel.use else ()
    yield from (WouldDo("public"),) if not channel.use and channel.visibility == "public" else ()
    yield from (WouldDo("category", channel.category),) if channel.category else ()
    if book.updates.broadcast:
        yield WouldDo("broadcast", ", ".join(book.updates.broadcast))
    for action in book.actions:
        what = action.post or action.command or action.run or action.webhook or ", ".join(action.invite)
        yield WouldDo(f"action_{action.on}", what)
    for webhook in book.webhooks:
        yield WouldDo("webhook", webhook.name)


def _without_people(task: dict[str, Any]) -> None:
    if (task.get("assignee") or "").startswith("@"):
        task["assignee"] = None
    task["assignees"] = [name for name in task["assignees"] if not name.startswith("@")]
    if task.get("done_when"):
        task["done_when"] = task["done_when"] | {"by": []}
