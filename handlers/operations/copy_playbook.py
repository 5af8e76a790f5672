"""Making a playbook of another one, or of a run as it went; whoever asks for it."""

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.events import Person
from handlers.operations.edit_playbook import Drafted, create_playbook
from handlers.playbooks.playbook import Playbook, key_for
from handlers.rules import permissions
from handlers.rules.drafts import drafted, ruling
from handlers.rules.fit_playbook import fit
from handlers.rules.playbook_rights import may_edit, may_see, not_yours, require_see
from handlers.rules.run_as_playbook import as_planned
from handlers.rules.run_request import stored
from handlers.rules.run_texts import as_written
from handlers.text.words import Safe
from store import PlaybookRow, Run


def duplicate_playbook(ctx: Context, row: PlaybookRow, title: str, asker: Person) -> Drafted:
    """Make a draft that says what a playbook says, of which who asked is the admin. Raises `Refused`.

    Its keywords and its prefix stay the first one's alone: heard twice, each message would be asked about twice.
    """
    rules = require_see(ctx, asker, row)
    if not row.version and not may_edit(ctx, asker, rules):
        raise not_yours(ctx, row, rules)
    book = stored(ctx, row) if row.version else drafted(ctx, row)
    title = title or ctx.say("playbook", title=Safe(book.title))["copy_of"]
    done = create_playbook(ctx, _anew(ctx, book.definition(), title), asker)
    done.row.held = list(row.held)
    return done


def save_run(ctx: Context, run: Run, title: str, asker: Person) -> Drafted:
    """Make a draft of a run: its checklists as they are now, all else as its playbook said. Raises `Refused`.

    To whom the playbook is not shown, it is the checklists alone, as the run shows them.
    """
    permissions.require(ctx, "see", asker, run)
    team = ctx.store.team(run.team_id)
    row = ctx.store.playbook(run.playbook_id) if run.playbook_id is not None else None
    is_known = row is not None and may_see(ctx, asker, ruling(ctx, row))
    planned, title = as_planned(ctx, run, is_known=is_known), title or run.name
    if not is_known:
        teams = (team.name,) if team is not None else ()
        said = {"title": title, "key": key_for(title), "teams": teams, **planned}
        return create_playbook(ctx, fit(ctx, said), asker)
    said = {**_written(run), **planned}
    there = {task["title"] for one in planned["checklists"] for task in one["tasks"]}
    # What follows on a task that was taken out follows on nothing.
    said["actions"] = [one for one in said["actions"] if one["task"] is None or one["task"] in there]
    done = create_playbook(ctx, _anew(ctx, said, title), asker)
    done.row.held = list(row.held) if row is not None else []
    return done


def _written(run: Run) -> dict[str, Any]:
    """Return what a run's playbook says with its templates as they are written; tasks are named as they are called."""
    said = as_written(run).definition()
    pairs = zip(said["actions"], run.definition.get("actions", ()), strict=False)
    return {**said, "actions": [{**one, "task": named["task"]} for one, named in pairs]}


def _anew(ctx: Context, before: Mapping[str, Any], title: str) -> Playbook:
    own = {"title": title[:200], "key": key_for(title), "keywords": [], "prefix": "", "admins": []}
    return fit(ctx, {**before, **own})
