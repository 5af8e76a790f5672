"""Who owns a run: shown, or changed at once."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Refuse
from handlers.events import CommandGiven, Person
from handlers.operations.change_owner import change_owner
from handlers.rules import people_named, permissions, teams
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`owner` shows, `owner @bob` changes."""
    person, _ = people_named.leading(event, words, ctx)
    if person is None:
        yield _answer(ctx, run, "owner")
        return
    if isinstance(person, Refuse):
        yield person
    elif (refusal := _not_changed(ctx, run, person, event.asker)) is not None:
        yield refusal
    elif person.id == run.owner_id:
        yield _answer(ctx, run, "owner_before")
    else:
        before = ctx.username(run.owner_id)
        yield from change_owner(ctx, run, person, event.asker)
        yield _answer(ctx, run, "owner_changed", before)


def _not_changed(ctx: Context, run: Run, person: Person, asker: Person) -> Refuse | None:
    """Return why this person may not be made the owner by this one."""
    if (refusal := permissions.refusal(ctx, "own", asker, run)) is not None:
        return refusal
    if not run.is_active:
        return permissions.finished(ctx, run, asker)
    if person.is_bot or person.is_guest:
        said = ctx.say("members", owner=person.username)
        return Refuse(title=said["not_for_title"], text=said["not_for_bot" if person.is_bot else "not_for_guest"])
    return teams.not_in_team(ctx, run, [person.id])


def _answer(ctx: Context, run: Run, block: str, before: str = "") -> Answer:
    owner = ctx.username(run.owner_id)
    said = ctx.say("members", run=run, link=ctx.run_link(run), owner=owner, before=before)
    return Answer(content=Content(said[block]))
