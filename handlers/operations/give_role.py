"""Giving a named role of a run, such as scribe, to somebody, freeing it, and passing it on; its tasks follow."""

from dataclasses import dataclass

from handlers.context import Context, known_person
from handlers.effects import Doing, Effects
from handlers.events import Person
from handlers.operations.change_tasks import settled
from handlers.operations.participants import bring_in
from handlers.rules import permissions, teams
from handlers.rules.jobs import plan_digest
from handlers.rules.planned_people import in_turn, mentioned
from handlers.rules.rotas import is_turn_of, plan_turn, turning
from handlers.views.keep import in_words, note_if_open, tell_about
from handlers.views.role import of_role
from store import RoleHolder, Run


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """The ids of who has a role now and who had it before, empty for nobody; the same where nothing was changed."""

    role: str
    holder_id: str
    before_id: str

    @property
    def is_new(self) -> bool:
        return self.holder_id != self.before_id


def give_role(ctx: Context, run: Run, role: RoleHolder, to: Person, by: Person) -> Doing[RoleGiven]:
    """Give a role to somebody, whose its tasks are then. Raises `Refused` for bots, and whom `by` cannot bring in."""
    if to.is_bot:
        raise ctx.refused("role", "not_a_bot", holder=to.username)
    if to.id == by.id:
        teams.require(ctx, run, [to.id])
    else:
        permissions.require_given(ctx, by, run, [to.id])
    given = RoleGiven(role.role, to.id, role.person_id)
    if given.is_new:
        role.person_id, role.by_hand = to.id, not is_turn_of(ctx, run, role.role, to.username)
        yield from bring_in(ctx, run, [to])
        plan_digest(ctx, to.id)
        ctx.note(run, "role", by.id, subject=f"{role.role}: @{to.username}")
        yield from _changed(ctx, run)
        if to.id != by.id:
            said = ctx.say("role", **of_role(ctx, run, role, holder=to.username, who=by.username))
            yield in_words(ctx, to.id, said, "given_you")
        yield from _tell_before(ctx, run, role, given, by)
    return given


def free_role(ctx: Context, run: Run, role: RoleHolder, by: Person) -> Doing[RoleGiven]:
    """Let nobody have a role, until its rota gives it on."""
    freed = RoleGiven(role.role, "", role.person_id)
    role.person_id, role.by_hand = "", False
    if freed.is_new:
        ctx.note(run, "role_freed", by.id, subject=role.role)
        yield from _changed(ctx, run)
        yield from _tell_before(ctx, run, role, freed, by)
    return freed


def turn_roles(ctx: Context, run: Run) -> Doing[list[RoleGiven]]:
    """Give the roles to those whose turn has begun, unless people decided who has them."""
    turned = []
    for role, rota in turning(ctx, run):
        found, passed = in_turn(ctx, run, rota, ctx.now)
        if passed:
            then = found.username if found is not None else ""
            said = ctx.say("role", role=role.role, people=mentioned(passed), count=len(passed), holder=then)
            # Somebody who has a role is better than nobody.
            yield from note_if_open(ctx, run, said, "turn_passed_over" if found is not None else "turn_unknown")
        if found is not None and found.id != role.person_id:
            turned.append(RoleGiven(role.role, found.id, role.person_id))
            yield from _pass_on(ctx, run, role, known_person(found))
    plan_turn(ctx, run)
    yield from settled(ctx, run)
    return turned


def _pass_on(ctx: Context, run: Run, role: RoleHolder, person: Person) -> Effects:
    before = role.person_id
    role.person_id = person.id
    ctx.note(run, "turned", subject=f"{role.role}: @{person.username}")
    yield from bring_in(ctx, run, [person])
    plan_digest(ctx, person.id)
    name = ctx.username(before) if before else ""
    said = ctx.say("role", **of_role(ctx, run, role, holder=person.username, before=name))
    yield in_words(ctx, person.id, said, "turn_yours")
    if before:
        yield from tell_about(ctx, run, before, said, "turn_over")


def _tell_before(ctx: Context, run: Run, role: RoleHolder, given: RoleGiven, by: Person) -> Effects:
    """Tell who had a role that somebody else took from them: the card, which shows it, notifies nobody."""
    if given.before_id not in ("", by.id):
        holder = ctx.username(given.holder_id) if given.holder_id else ""
        said = ctx.say(
            "role", is_taken=given.holder_id == by.id, **of_role(ctx, run, role, holder=holder, who=by.username)
        )
        yield from tell_about(ctx, run, given.before_id, said, "no_longer_yours")


def _changed(ctx: Context, run: Run) -> Effects:
    plan_turn(ctx, run)
    yield from settled(ctx, run)
