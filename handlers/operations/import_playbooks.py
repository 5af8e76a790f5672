"""Carrying out the plan of an import, all of it or nothing; and having on what of it was off until looked at."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.events import Person
from handlers.exchange.plan import Imported, Plan, Step
from handlers.operations.edit_playbook import create_playbook, free_key, save_draft
from handlers.operations.plan_import import Wish, planned
from handlers.operations.publish_playbook import publish_draft
from handlers.operations.store_playbook import archive_playbook, store_playbook
from handlers.rules.held import mark_of
from handlers.rules.playbook_rights import is_admin_of, require_create, require_see
from handlers.text.words import Safe
from store import PlaybookRow


def import_playbooks(ctx: Context, wish: Wish, agreed: str = "") -> tuple[Plan, Sequence[Imported]]:
    """Import what is wished for, as the plan has it that somebody `agreed` to by its digest, if anybody did.

    Raises `Refused` where that is not settled, or is another one by now; `PlaybookMistake` for a file that cannot be
    read. Nothing is changed then.
    """
    plan = planned(ctx, wish)
    if not plan.is_settled:
        raise ctx.refused("exchange", "not_settled")
    if agreed and plan.digest != agreed:
        raise ctx.refused("exchange", "stale")
    if wish.asker is not None:
        for step in plan.changes:
            require_create(ctx, wish.asker, step.book)
    return plan, [_carried_out(ctx, wish.asker, step) for step in plan.changes]


def confirm_playbook(ctx: Context, row: PlaybookRow, asker: Person, seen: str | None = None) -> tuple[str, ...]:
    """Have on what of a playbook was off until now; return what that was. Raises `Refused`.

    Commands run with the bot's rights, so who looks after the server has them on, and the playbook's admins the rest.
    `seen` is the mark of what they have looked at (`mark_of`); where it is another one now, nothing is had on.
    """
    book = require_see(ctx, asker, row)
    if not is_admin_of(ctx, asker, book):
        admins = [Safe(one) for one in book.admins]
        raise ctx.refused("exchange", "not_yours_to_confirm", title=row.title, admins=admins)
    if seen is not None and seen != mark_of(row, book):
        raise ctx.refused("exchange", "changed_since_shown", title=row.title)
    left = [one for one in row.held if one == "commands" and not asker.is_admin]
    if left == row.held != []:
        raise ctx.refused("exchange", "commands_not_yours", title=row.title)
    held, row.held = tuple(one for one in row.held if one not in left), left
    return held


def _carried_out(ctx: Context, asker: Person | None, step: Step) -> Imported:
    if asker is None:
        row = _by_host(ctx, step)
    else:
        row = _drafted(ctx, asker, step)
        row.source = step.source
        publish_draft(ctx, row, _words(ctx, step), asker)
    if step.what == "create" and step.why == "archived_there":
        archive_playbook(ctx.store, row, ctx.now)
    row.held = [*dict.fromkeys([*row.held, *step.held])]
    return Imported(step, row)


def _drafted(ctx: Context, asker: Person, step: Step) -> PlaybookRow:
    if step.what == "create":
        return create_playbook(ctx, step.book, asker, step.source).row
    row = _row(ctx, step)
    return save_draft(ctx, row, step.book, row.revision, asker).row


def _by_host(ctx: Context, step: Step) -> PlaybookRow:
    key = free_key(ctx, step.book.key) if step.what == "create" else _row(ctx, step).key
    book = step.book.model_copy(update={"key": key})
    store_playbook(ctx.store, book, step.source, ctx.now, words=_words(ctx, step))
    row = ctx.store.playbook_by_key(key)
    if row is None:
        raise LookupError(key)
    return row


def _row(ctx: Context, step: Step) -> PlaybookRow:
    row = ctx.store.playbook(step.row_id)
    if row is None:
        raise LookupError(step.row_id)
    return row


def _words(ctx: Context, step: Step) -> str:
    return str(ctx.say("exchange", ctx.everybody(), file=step.file)["imported_from"])
