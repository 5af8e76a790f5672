"""`/playbook check-up [playbook]`, and once a week to a playbook's admins where something is new: what is not right."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.editing.finding import meant
from handlers.effects import Answer, Content, Effects, Tell
from handlers.events import CommandGiven
from handlers.rules.check_up import Found, found_in
from handlers.rules.check_up_time import plan_check_up
from handlers.rules.drafts import ruling
from handlers.rules.playbook_rights import may_edit, require_see
from handlers.rules.run_request import stored
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from store import Job, PlaybookCheck, PlaybookRow

MOST = 20
"""How many playbooks one answer is about, and how many lines each has."""


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """Say what is not right with a playbook, or with all that somebody may change."""
    every = ctx.store.playbooks()
    if words := bare(words):
        row, _ = meant(ctx, event.asker, words, "check-up")
        require_see(ctx, event.asker, row)
        rows = [row] if row.version and row.archived_at is None else []
    else:
        rows = [row for row in every if may_edit(ctx, event.asker, ruling(ctx, row))]
    found = {row.key: found_in(ctx, row, every) for row in rows[:MOST]}
    texts = [of_playbook(ctx, row, found[row.key]) for row in rows[:MOST] if found[row.key]]
    fine = ctx.say("check_up", count=len(rows), title=rows[0].title if len(rows) == 1 else "")
    head = [] if texts else [fine["fine" if rows else "none"]]
    more = [ctx.say("check_up", count=len(rows) - MOST)["more"]] if len(rows) > MOST else []
    yield Answer(content=Content("\n\n".join([*head, *texts, *more])))


def due(job: Job, ctx: Context) -> Effects:
    """Look at a playbook once a week, and tell its admins what has come since they were told last."""
    row = ctx.store.playbook(int(job.subject_id))
    if row is None or row.archived_at is not None or row.version == 0:
        return
    ctx.store.write()
    book = stored(ctx, row)
    plan_check_up(ctx.store, row, book, ctx.now)
    found = found_in(ctx, row, ctx.store.playbooks())
    known = ctx.store.playbook_check(row.id)
    told = set(known.told) if known is not None else set()
    new = [one for one in found if one.key not in told]
    if known is None:
        ctx.store.add(PlaybookCheck(playbook_id=row.id, told=[one.key for one in found], at=ctx.now))
    else:
        known.told, known.at = [one.key for one in found], ctx.now
    yield from _told(ctx, row, new)


def of_playbook(ctx: Context, row: PlaybookRow, found: list[Found]) -> str:
    """Return a playbook's title, and a line for each thing that is not right with it, with its remedy."""
    head = ctx.say("check_up", title=row.title, count=len(found))["head"]
    lines = [
        ctx.say("check_up", subject=one.subject, count=one.count, other=one.other, key=Safe(row.key))[one.kind]
        for one in found[:MOST]
    ]
    return "\n".join([head, *(f"- {line}" for line in lines)])


def _told(ctx: Context, row: PlaybookRow, new: list[Found]) -> Iterator[Tell]:
    if not new:
        return
    names = [name.removeprefix("@") for name in stored(ctx, row).admins if name.startswith("@")]
    for person in (ctx.store.person_named(name) for name in names):
        if person is not None and person.is_active:
            text = of_playbook(ctx.to(ctx.reader_of(person)), row, new)
            yield Tell(person_id=person.id, content=Content(text))
