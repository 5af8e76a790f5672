"""Named roles of a run, such as commander or scribe: shown, claimed, given, freed, passed on; their tasks follow."""

from collections.abc import Iterator

from handlers.context import Context, known_person
from handlers.controls import ROLE_GIVE
from handlers.effects import Answer, Ask, Content, Correct, Dialog, Effect, Entry, Option, Refuse, Tell
from handlers.events import ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled
from handlers.operations.as_direct_message import told
from handlers.operations.change_tasks import settled
from handlers.operations.participants import bring_in, is_in
from handlers.payloads import OfRun
from handlers.rules import people_named, permissions, teams
from handlers.rules.assignees import ROLE
from handlers.rules.digest_time import plan_digest
from handlers.rules.planned_people import in_turn, mentioned
from handlers.rules.progress import progress
from handlers.rules.rotas import is_turn_of, plan_turn, rota_of, turning
from handlers.text.arguments import first_word, is_none
from handlers.text.nearest import nearest
from handlers.text.words import Safe, Said, escape, mention, zone
from handlers.views.assignment import tell_taken_over
from handlers.views.keep import note, tell_about
from store import Job, RoleHolder, Run


class RoleForm(Filled, frozen=True):
    """The dialog that gives a role to a person, or frees it."""

    role: str
    person: str


def shown(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`roles`: who has which."""
    holders = ctx.store.role_holders(run.id)
    roles = [
        {
            "role": one.role,
            "who": mention(ctx.username(one.person_id)) if one.person_id else "",
            **_next_turn(ctx, run, one),
        }
        for one in holders
    ]
    said = ctx.say("role", run=run, owner=ctx.username(run.owner_id), roles=roles, zone=zone(event.asker.timezone))
    yield Answer(content=Content(said["shown"]))


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`role scribe` claims, `role scribe @bob` gives, `role scribe nobody` frees."""
    name, rest = first_word(words)
    role = _role(ctx, run, name)
    if isinstance(role, Refuse):
        yield role
    elif is_none(rest):
        yield from _free(ctx, run, role, event.asker)
    else:
        person, _ = people_named.leading(event, rest, ctx)
        if isinstance(person, Refuse):
            yield person
        else:
            yield from _give(ctx, run, role, person or event.asker, event.asker)


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Roles…* in the menu: a dialog with the role and the person."""
    holders = ctx.store.role_holders(run.id)
    yield Ask(dialog=_dialog(ctx, run, [one.role for one in holders])) if holders else _no_roles(ctx, run)


def by_dialog(event: Submission[OfRun, RoleForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog, filled in; without a person the role is free."""
    role = _role(ctx, run, event.form.role)
    if isinstance(role, Refuse):
        yield Correct(errors={"role": role.text})
    else:
        person = people_named.chosen(ctx, event.form.person)
        found = _give(ctx, run, role, person, event.asker) if person else _free(ctx, run, role, event.asker)
        yield from told(event, found, "person")


def turned(job: Job, ctx: Context) -> Iterator[Effect]:
    """Somebody's turn has begun: the role and its tasks are theirs, unless people decided who has it."""
    run = ctx.store.run(job.run_id)
    if run is None or not run.is_active:
        return
    for role, rota in turning(ctx, run):
        found, passed = in_turn(ctx, run, rota, ctx.now)
        if passed:
            then = found.username if found is not None else ""
            said = ctx.say("role", role=role.role, people=mentioned(passed), count=len(passed), holder=then)
            # Somebody who has a role is better than nobody.
            yield from _said_here(ctx, run, said["turn_passed_over" if found is not None else "turn_unknown"])
        if found is not None and found.id != role.person_id:
            yield from _pass_on(ctx, run, role, known_person(found))
    plan_turn(ctx, run)
    yield from settled(ctx, run)


def _pass_on(ctx: Context, run: Run, role: RoleHolder, person: Person) -> Iterator[Effect]:
    before = role.person_id
    role.person_id = person.id
    ctx.note(run, "turned", subject=f"{role.role}: @{person.username}")
    if not is_in(ctx, run, person.id):
        yield from bring_in(ctx, run, [person])
    plan_digest(ctx, person.id)
    said = ctx.say(
        "role",
        run=run,
        link=ctx.run_link(run),
        role=role.role,
        holder=person.username,
        before=ctx.username(before) if before else "",
        tasks=_open_tasks(ctx, run, role),
    )
    yield from _said_here(ctx, run, said["turned_here"])
    yield Tell(person_id=person.id, content=Content(said["turn_yours"]))
    if before:
        yield from tell_about(ctx, run, before, Content(said["turn_over"]))
    yield from tell_taken_over(ctx, run, f"{ROLE}{role.role}", person.id)


def _next_turn(ctx: Context, run: Run, role: RoleHolder) -> dict[str, object]:
    rota = rota_of(run, role.role)
    if rota is None or not run.is_active:
        return {"at": None, "then": "", "waits": False}
    at = rota.after(ctx.now)
    person, _ = in_turn(ctx, run, rota, at)
    then = person.username if person is not None else rota.at(at).removeprefix("@")
    return {"at": None if role.by_hand else at, "then": then, "waits": role.by_hand}


def _said_here(ctx: Context, run: Run, words: str) -> Iterator[Effect]:
    if run.channel_id and not run.closed_place:
        yield from note(ctx, run, words)


def _give(ctx: Context, run: Run, role: RoleHolder, person: Person, by: Person) -> Iterator[Effect]:
    said = _said(ctx, run, role, person.username, by)
    if person.is_bot:
        yield Refuse(title=said["not_a_bot_title"], text=said["not_a_bot"])
        return
    if (refused := _not_given(ctx, run, person, by)) is not None:
        yield refused
        return
    if role.person_id == person.id:
        yield Answer(content=Content(said["before"]))
        return
    role.person_id, role.by_hand = person.id, not is_turn_of(ctx, run, role.role, person.username)
    if not is_in(ctx, run, person.id):
        yield from bring_in(ctx, run, [person])
    plan_digest(ctx, person.id)
    yield from _changed(ctx, run, role, by, said["taken" if person.id == by.id else "given_here"])
    if person.id != by.id:
        yield Tell(person_id=person.id, content=Content(said["given_you"]))
    yield Answer(content=Content(said["mine" if person.id == by.id else "given"]))


def _not_given(ctx: Context, run: Run, person: Person, by: Person) -> Refuse | None:
    """Return why this person may not have a role from this one; who works on a run takes one without being asked."""
    if person.id == by.id:
        return teams.not_in_team(ctx, run, [person.id])
    return permissions.not_given(ctx, by, run, [person.id])


def _free(ctx: Context, run: Run, role: RoleHolder, by: Person) -> Iterator[Effect]:
    before = ctx.username(role.person_id) if role.person_id else ""
    role.person_id, role.by_hand = "", False
    said = _said(ctx, run, role, before, by)
    if not before:
        yield Answer(content=Content(said["free_before"]))
        return
    yield from _changed(ctx, run, role, by, said["freed_here"])
    yield Answer(content=Content(said["freed"]))


def _changed(ctx: Context, run: Run, role: RoleHolder, by: Person, words: str) -> Iterator[Effect]:
    ctx.note(run, "role", by.id, subject=f"{role.role}: {_holder(ctx, role)}")
    plan_turn(ctx, run)
    yield from _said_here(ctx, run, words)
    yield from settled(ctx, run)


def _holder(ctx: Context, role: RoleHolder) -> str:
    return f"@{ctx.username(role.person_id)}" if role.person_id else "nobody"


def _role(ctx: Context, run: Run, name: str) -> RoleHolder | Refuse:
    word = name.strip().casefold()
    holders = ctx.store.role_holders(run.id)
    found = [one for one in holders if one.role == word] or [
        one for one in holders if word and one.role.startswith(word)
    ]
    if len(found) == 1:
        return found[0]
    if not holders:
        return _no_roles(ctx, run)
    known = [one.role for one in holders]
    said = ctx.say(
        "role",
        role=Safe(escape(name)),
        nearest=Safe(nearest(word, known)),
        known=Safe(", ".join(f"`{one}`" for one in known)),
        is_owner=word in ("owner", "creator"),
    )
    return Refuse(title=said["which_title"], text=said["which"])


def _no_roles(ctx: Context, run: Run) -> Refuse:
    said = ctx.say("role", run=run)
    return Refuse(title=said["none_title"], text=said["none"])


def _said(ctx: Context, run: Run, role: RoleHolder, username: str, by: Person) -> Said:
    return ctx.say(
        "role",
        run=run,
        link=ctx.run_link(run),
        role=role.role,
        holder=username,
        who=by.username,
        tasks=_open_tasks(ctx, run, role),
        zone=zone(by.timezone),
        turn=_next_turn(ctx, run, role),
    )


def _open_tasks(ctx: Context, run: Run, role: RoleHolder) -> Safe:
    mine = [one.number for one in progress(ctx, run).open if f"{ROLE}{role.role}" in one.task.assignees]
    return Safe(", ".join(mine[:8]) + (", …" if len(mine) > 8 else ""))


def _dialog(ctx: Context, run: Run, names: list[str]) -> Dialog:
    said = ctx.say("role", run=run)
    return ROLE_GIVE.dialog(
        OfRun(run.id),
        said["dialog_title"],
        entries=(
            Entry(name="role", label=said["role"], kind="select", options=tuple(Option(n, n) for n in names)),
            Entry(name="person", label=said["person"], kind="users", help=said["person_help"], optional=True),
        ),
        submit=said["submit"],
    )
