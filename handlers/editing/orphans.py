"""Playbooks whose admins have all left: they go on, and who may take one over is told so once."""

from collections.abc import Iterator

from handlers.context import Context, known_person
from handlers.controls import PLAYBOOK_TAKE_OVER
from handlers.editing.cards import answer
from handlers.effects import Card, Content, Effects
from handlers.events import Person, Press, TeamLeft
from handlers.messages.as_direct_message import told
from handlers.operations.share_playbook import take_over_playbook
from handlers.payloads import OfPlaybook
from handlers.playbooks.playbook import Playbook
from handlers.rules import groups, teams
from handlers.rules.admins_watch import watch_admins
from handlers.rules.drafts import ruling
from handlers.rules.groups import named_in_words
from handlers.rules.playbook_rights import has_admin, may_see, teams_of
from handlers.text.words import Safe
from handlers.views.editing import refresh_cards
from handlers.views.keep import tell
from store import Job, Message, PlaybookRow

PUBLISHED = 20
"""How many versions are looked at for who knows a playbook where it names no members."""


def left_team(event: TeamLeft, ctx: Context) -> None:
    """Have the playbooks looked at soon that somebody looks after who left a team."""
    name = f"@{ctx.username(event.person_id)}"
    for row in ctx.store.all_playbooks():
        if row.is_made_here and name in ruling(ctx, row).admins:
            watch_admins(ctx, row, at=ctx.now)


def due(job: Job, ctx: Context) -> Effects:
    """Look whether anybody looks after a playbook, as once a day."""
    row = ctx.store.playbook(int(job.subject_id))
    if row is None or row.archived_at is not None or not row.is_made_here:
        return
    ctx.store.write()
    watch_admins(ctx, row)
    rules = ruling(ctx, row)
    if has_admin(ctx, rules):
        return
    left = ",".join(rules.admins)
    for person in _who_may(ctx, row, rules):
        if ctx.store.once(f"admins:{row.id}:{left}:{person.id}", ctx.now):
            yield from _told(ctx, row, rules, person)


def taken_over(event: Press[OfPlaybook], ctx: Context) -> Effects:
    """*Take over* below that."""
    row = ctx.store.playbook(event.payload.playbook_id)
    if row is None:
        raise ctx.refused("playbook", "gone")
    take_over_playbook(ctx, row, event.asker)
    yield from told(event, [answer(ctx.say("editing", title=row.title, key=Safe(row.key))["taken_over"])])
    yield from refresh_cards(ctx, row)


def _told(ctx: Context, row: PlaybookRow, rules: Playbook, person: Person) -> Effects:
    ctx = ctx.to(ctx.reader_of(person))
    said = ctx.say("editing", title=row.title, admins=named_in_words(rules.admins), count=len(rules.admins))
    button = PLAYBOOK_TAKE_OVER.button(said["take_over"], OfPlaybook(row.id), "primary")
    content = Content(said["orphaned"], (Card(controls=(button,)),))
    yield from tell(ctx, Message(kind="note", person_id=person.id, playbook_id=row.id), content)


def _who_may(ctx: Context, row: PlaybookRow, rules: Playbook) -> Iterator[Person]:
    """Yield who is told: members, who has published it, and who looks after the server, as far as they may see it."""
    named = (ctx.store.person_named(name.removeprefix("@")) for name in rules.members if name.startswith("@"))
    published = (one.by for one in ctx.store.versions_of(row.id, PUBLISHED) if one.by)
    ids = [*(one.id for one in named if one is not None), *groups.members_of(ctx, rules.members), *published]
    there = {each for team in teams_of(ctx, rules) for each in set(ids) - teams.outside_team(ctx, team.id, ids)}
    people = ctx.store.people(sorted({*there, *ctx.store.system_admins()}))
    for person in (known_person(one) for _, one in sorted(people.items()) if one.is_active and not one.is_bot):
        if may_see(ctx, person, rules):
            yield person
