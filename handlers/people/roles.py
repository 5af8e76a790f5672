"""Named roles of a run, such as commander or scribe: shown, claimed, given, freed, and passed on."""

from handlers.context import Context
from handlers.controls import ROLE_GIVE
from handlers.effects import Effects, Entry, Option
from handlers.events import ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.give_role import free_role, give_role, turn_roles
from handlers.payloads import OfRun
from handlers.rules import people_named
from handlers.rules.rotas import next_turn
from handlers.text.arguments import first_part, is_none
from handlers.text.nearest import nearest
from handlers.text.plain_forms import bare
from handlers.text.words import Safe, escape, mention
from handlers.views.role import of_role
from store import Job, RoleHolder, Run


class RoleForm(Filled, frozen=True):
    """The dialog that gives a role to a person, or frees it."""

    role: str
    person: str


def shown(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`roles`: who has which."""
    roles = [
        {
            "role": one.role,
            "who": mention(ctx.username(one.person_id)) if one.person_id else "",
            **next_turn(ctx, run, one),
        }
        for one in ctx.store.role_holders(run.id)
    ]
    yield ctx.answer("role", "shown", run=run, owner=ctx.username(run.owner_id), roles=roles)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`role scribe` claims, `role scribe @bob` gives, `role scribe nobody` frees."""
    name, rest = first_part(words)
    role = _role(ctx, run, name)
    if is_none(rest):
        yield from _free(ctx, run, role, event.asker)
    else:
        person = people_named.alone(event, rest, ctx, f"role {role.role}")
        yield from _give(ctx, run, role, person or event.asker, event.asker)


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Roles…* in the menu: a dialog with the role and the person."""
    said = ctx.say("role", run=run)
    names = tuple(Option(one.role, one.role) for one in _roles(ctx, run))
    role = Entry(name="role", label=said["role"], kind="select", options=names)
    person = Entry(name="person", label=said["person"], kind="users", help=said["person_help"], optional=True)
    yield ROLE_GIVE.ask(OfRun(run.id), said, role, person)


def by_dialog(event: Submission[OfRun, RoleForm], run: Run, ctx: Context) -> Effects:
    """The dialog, filled in; without a person the role is free."""
    with at_field("role"):
        role = _role(ctx, run, event.form.role)
    person = people_named.chosen(ctx, event.form.person)
    found = _give(ctx, run, role, person, event.asker) if person else _free(ctx, run, role, event.asker)
    yield from told(event, found, "person")


def turned(job: Job, ctx: Context) -> Effects:
    """Somebody's turn has begun."""
    run = ctx.store.run(job.run_id)
    if run is not None and run.is_active:
        yield from turn_roles(ctx, run)


def _give(ctx: Context, run: Run, role: RoleHolder, to: Person, by: Person) -> Effects:
    given = yield from give_role(ctx, run, role, to, by)
    block = "before" if not given.is_new else "mine" if to.id == by.id else "given"
    yield ctx.answer("role", block, is_you=to.id == by.id, **of_role(ctx, run, role, holder=to.username))


def _free(ctx: Context, run: Run, role: RoleHolder, by: Person) -> Effects:
    freed = yield from free_role(ctx, run, role, by)
    holder = ctx.username(freed.before_id) if freed.is_new else ""
    yield ctx.answer("role", "freed" if freed.is_new else "free_before", **of_role(ctx, run, role, holder=holder))


def _role(ctx: Context, run: Run, name: str) -> RoleHolder:
    word = bare(name).casefold()
    holders = _roles(ctx, run)
    begun = [one for one in holders if word and one.role.startswith(word)]
    found = [one for one in holders if one.role == word] or begun
    if len(found) == 1:
        return found[0]
    known = [one.role for one in holders]
    raise ctx.refused(
        "role",
        "which",
        role=Safe(escape(name)),
        nearest=Safe(nearest(word, known)),
        known=Safe(", ".join(f"`{one}`" for one in known)),
        is_owner=word in ("owner", "creator"),
    )


def _roles(ctx: Context, run: Run) -> list[RoleHolder]:
    holders = list(ctx.store.role_holders(run.id))
    if not holders:
        raise ctx.refused("role", "none", run=run)
    return holders
