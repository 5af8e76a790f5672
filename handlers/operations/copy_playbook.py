"""Making a playbook of another one, or of a run as it went; whoever asks for it."""

from typing import Any

from handlers.context import Context
from handlers.events import Person
from handlers.operations.edit_playbook import Drafted, create_playbook
from handlers.playbooks.playbook import Playbook, key_for, playbook_of
from handlers.rules import permissions
from handlers.rules.drafts import drafted
from handlers.rules.playbook_rights import require_see
from handlers.rules.run_as_playbook import as_planned
from handlers.rules.run_request import stored
from handlers.rules.run_texts import as_written
from handlers.text.words import Safe
from store import PlaybookRow, Run


def duplicate_playbook(ctx: Context, row: PlaybookRow, title: str, asker: Person) -> Drafted:
    """Make a draft that says what a playbook says, of which who asked is the admin. Raises `Refused`.

    Its keywords and its prefix stay the first one's alone: heard twice, each message would be asked about twice.
    """
    require_see(ctx, asker, row)
    book = stored(ctx, row) if row.version else drafted(ctx, row)
    done = create_playbook(ctx, _anew(book, title or ctx.say("playbook", title=Safe(book.title))["copy_of"]), asker)
    done.row.held = list(row.held)
    return done


def save_run(ctx: Context, run: Run, title: str, asker: Person) -> Drafted:
    """Make a draft of a run: its checklists as they are now, all else as its playbook said. Raises `Refused`."""
    permissions.require(ctx, "see", asker, run)
    team = ctx.store.team(run.team_id)
    planned = as_planned(ctx, run)
    if run.playbook_id is None:
        teams = (team.name,) if team is not None else ()
        return create_playbook(
            ctx,
            playbook_of({"title": title or run.name, "key": key_for(title or run.name), "teams": teams, **planned}),
            asker,
        )
    done = create_playbook(ctx, _anew(playbook_of({**_written(run), **planned}), title or run.name), asker)
    row = ctx.store.playbook(run.playbook_id)
    done.row.held = list(row.held) if row is not None else []
    return done


def _written(run: Run) -> dict[str, Any]:
    """Return what a run's playbook says with its templates as they are written; tasks are named as they are called."""
    said = as_written(run).definition()
    pairs = zip(said["actions"], run.definition.get("actions", ()), strict=False)
    return {**said, "actions": [{**one, "task": named["task"]} for one, named in pairs]}


def _anew(book: Playbook, title: str) -> Playbook:
    said = {
        **book.definition(),
        "title": title[:200],
        "key": key_for(title),
        "keywords": [],
        "prefix": "",
        "admins": [],
    }
    return playbook_of(said)
