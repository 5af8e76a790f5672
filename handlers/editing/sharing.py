"""Saying who may do what with a playbook, and handing over those of somebody who leaves."""

import re

from handlers.context import Context, known_person
from handlers.editing.cards import answer, rights_asked
from handlers.editing.finding import meant, seen_by
from handlers.effects import Answer, Effects
from handlers.events import CommandGiven
from handlers.operations.share_playbook import share_playbook, transfer_playbooks
from handlers.playbooks import values as of
from handlers.rules.groups import GROUP, named_in_words
from handlers.rules.playbook_rights import require_admin
from handlers.text.arguments import first_word, names
from handlers.text.words import Safe
from handlers.views.editing import refresh_cards
from handlers.views.keep import in_words
from handlers.views.listed import listed
from store import PlaybookRow

_AS = {"admin": "admins", "admins": "admins", "member": "members", "members": "members"}


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`share PLAYBOOK` opens a dialog, `share PLAYBOOK @ann group:sre [as admin]` adds people."""
    row, rest = meant(ctx, event.asker, words, "share")
    if not rest and event.trigger_id:
        yield rights_asked(ctx, row, event.asker)
        return
    rules = require_admin(ctx, event.asker, row)
    key, said = _with_whom(ctx, row, rest)
    before: tuple[str, ...] = getattr(rules, key)
    # Naming a member must not take away from everybody else what everybody has.
    open_to_all = {} if rules.is_private else {"visibility": "public"}
    now = share_playbook(ctx, row, {key: list(dict.fromkeys((*before, *said))), **open_to_all}, event.asker)
    about = {"title": row.title, "people": named_in_words(said), "count": len(said), "private": now.is_private}
    yield answer(ctx.say("editing", **about)["shared" if key == "admins" else "shared_with"])
    yield from refresh_cards(ctx, row)


def _with_whom(ctx: Context, row: PlaybookRow, words: str) -> tuple[str, list[str]]:
    """Return which key of a playbook the people that words name come into, and them. Raises `Refused`."""
    head, _, role = words.rpartition(" as ")
    key = _AS.get(role.strip().casefold(), "") if head else ""
    said = [
        name if name.startswith((GROUP, "@")) else f"@{name}" for name in names((head if key else words).casefold())
    ]
    unknown = [name for name in said if not _is_there(ctx, name)]
    if not said or unknown:
        raise ctx.refused("editing", "nobody", name="".join(unknown[:1]) or words, key=Safe(row.key))
    return key or "members", said


def _is_there(ctx: Context, name: str) -> bool:
    """Return whether a name is somebody's, or can be a group's."""
    return ctx.store.person_named(name[1:]) is not None if name.startswith("@") else bool(re.fullmatch(of.GROUP, name))


def playbooks(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`playbooks` lists those that one may see, `playbooks transfer @old @new` hands over."""
    word, rest = first_word(words)
    if word.casefold() == "transfer":
        yield from _transfer(event, rest, ctx)
        return
    seen, wants_archived = seen_by(ctx, event.asker), word.casefold() == "archived"
    archived = [row for row in seen if row.archived_at is not None]
    rows = archived if wants_archived else [row for row in seen if row.archived_at is None]
    lines = [ctx.say("editing", row=row, draft=ctx.store.draft(row.id) is not None)["book_line"] for row in rows]
    about = {"count": len(archived), "key": Safe(archived[0].key) if archived else ""}
    said, head = ctx.say("editing", **about), "books_archived" if wants_archived else "books"
    more = ["", said["books_archived"]] if archived and not wants_archived else []
    above = said[f"{head}_head" if rows else f"{head}_none"]
    yield Answer(content=listed(ctx, "\n".join((*lines, *more)), above=above))


def _transfer(event: CommandGiven, words: str, ctx: Context) -> Effects:
    said = [name.removeprefix("@") for name in names(words.casefold())]
    new = ctx.store.person_named(said[1]) if len(said) == 2 else None
    if len(said) != 2 or new is None:
        raise ctx.refused("editing", "transfer_how")
    done = transfer_playbooks(ctx, said[0], known_person(new), event.asker)
    changed = [row.title for row in done.changed]
    about = {"new": new.username, "old": said[0], "changed": changed, "in_files": [row.title for row in done.in_files]}
    yield answer(ctx.say("editing", **about)["transferred"])
    if changed and new.id != event.asker.id:
        key = Safe(done.changed[0].key)
        yield in_words(ctx, new.id, ctx.say("editing", who=event.asker.username, changed=changed, key=key), "now_yours")
    for row in done.changed:
        yield from refresh_cards(ctx, row)
