"""Who may do what: the one place that says so, by the data of `permission_table`."""

from collections.abc import Sequence

from handlers.context import Context, known_person
from handlers.effects import Refused
from handlers.events import Person
from handlers.playbooks.playbook import Playbook
from handlers.rules import teams
from handlers.rules.groups import is_named, named_in_words
from handlers.rules.permission_table import MAY, NOT_GUESTS, STRICT, Action, Part
from handlers.rules.places import is_open, place_of, sees_as_member
from handlers.rules.run_request import stored
from handlers.text.words import Safe
from handlers.unsure import HeadOf, Unsure
from store import PlaybookRow, Run


def may_start(ctx: Context, asker: Person, team_id: str, book: Playbook | None = None) -> bool:
    """Members of a team may start its playbooks; guests never; a private playbook only those that it names."""
    if asker.is_admin:
        return True
    allowed = not asker.is_guest and (book is None or may_use_and_start(ctx, asker, book))
    return allowed and not teams.outside_team(ctx, team_id, [asker.id])


def may_use(ctx: Context, asker: Person, book: Playbook) -> bool:
    """A private playbook is seen by its members and its admins alone. Raises `Unsure`."""
    return not book.is_private or asker.is_admin or is_named(ctx, asker, (*book.members, *book.admins))


def may_use_and_start(ctx: Context, asker: Person, book: Playbook) -> bool:
    """Who may see a playbook starts it, unless it names who does, which its admins may in any case."""
    if not may_use(ctx, asker, book):
        return False
    return not book.start_by or asker.is_admin or is_named(ctx, asker, (*book.start_by, *book.admins))


def playbooks_for(ctx: Context, asker: Person, team_id: str) -> Sequence[PlaybookRow]:
    """Return the playbooks of a team that somebody may see and use."""
    return [row for row in ctx.playbooks_in(team_id) if may_use(ctx, asker, stored(ctx, row))]


def parts_of(ctx: Context, asker: Person, run: Run) -> frozenset[Part]:
    """Return all that somebody is to a run: nothing to one of another team, but for admins. Raises `Unsure`."""
    if is_outside(ctx, asker, run):
        return frozenset({"guest"}) if asker.is_guest else frozenset()
    participant = ctx.store.participant(run.id, asker.id)
    inside = participant is not None and participant.is_in
    said = run.definition
    held: dict[Part, bool] = {
        "system admin": asker.is_admin,
        "playbook admin": is_named(ctx, asker, said.get("admins", ())),
        "channel admin": run.channel_id in asker.heads,
        "playbook member": sees_as_member(said) and is_named(ctx, asker, said.get("members", ())),
        "owner": asker.id == run.owner_id,
        "creator": asker.id == run.creator_id,
        "participant": inside,
        "teammate": not inside and not asker.is_guest and is_open(ctx, run),
        "guest": asker.is_guest,
    }
    return frozenset(part for part, holds in held.items() if holds)


def is_outside(ctx: Context, asker: Person, run: Run) -> bool:
    """Return whether a run is another team's to somebody; who looks after the server is at home in all of them."""
    return not asker.is_admin and bool(teams.outside(ctx, run, [asker.id]))


def is_over_for(ctx: Context, run: Run, person_id: str) -> bool:
    """Return whether somebody is told nothing of a run any more: out of its team, or let go and not to see it.

    Who never was in it may be on the way, and is told as long as they are in its team. Raises `Unsure` as that does.
    """
    if teams.outside(ctx, run, [person_id]):
        return True
    row, person = ctx.store.participant(run.id, person_id), ctx.store.person(person_id)
    was_let_go = row is not None and not row.is_in
    return was_let_go and not (person is not None and is_listed(ctx, known_person(person), run))


def may(ctx: Context, action: Action, asker: Person, run: Run) -> bool:
    """Return whether somebody may do this to a run. Raises `Unsure` as long as nobody asked what that depends on."""
    parts, strict = parts_of(ctx, asker, run), is_strict(run)
    if allows(action, parts, strict=strict):
        return True
    if (
        run.channel_id
        and run.channel_id not in asker.asked
        and not is_outside(ctx, asker, run)
        and allows(action, parts | {"channel admin"}, strict=strict)
    ):
        raise Unsure(HeadOf(run.channel_id))
    return False


def allows(action: Action, parts: frozenset[Part], *, strict: bool = False) -> bool:
    """Return whether those who are all this may do it."""
    if "guest" in parts and action in NOT_GUESTS:
        return False
    return bool(parts & (STRICT.get(action, MAY[action]) if strict else MAY[action]))


def is_strict(run: Run) -> bool:
    """Return whether only the owner finishes a run and gives it away."""
    return bool(run.definition.get("only_owner_finishes"))


def may_work(ctx: Context, asker: Person, run: Run) -> bool:
    """Return whether somebody may change a run, its tasks and its updates."""
    return may(ctx, "change", asker, run)


def may_see(ctx: Context, asker: Person, run: Run) -> bool:
    """Return whether somebody may look at a run."""
    return may(ctx, "see", asker, run)


def is_listed(ctx: Context, asker: Person, run: Run) -> bool:
    """Return whether a run is named to somebody in a list; of each run's channel admins nobody is asked."""
    return is_offered(ctx, "see", asker, run)


def is_offered(ctx: Context, action: Action, asker: Person, run: Run) -> bool:
    """Return whether a button for this is shown to somebody; whether they may is asked anew when they press it."""
    return allows(action, parts_of(ctx, asker, run), strict=is_strict(run))


def require(ctx: Context, action: Action, asker: Person, run: Run, here: str = "") -> None:
    """Raise `Refused` where somebody may not do this, with who could.

    `here` is the channel that they ask in: who is in a run's own reads there whose it is.
    """
    if not may(ctx, action, asker, run):
        raise _why_not(ctx, action, asker, run, here)


def _why_not(ctx: Context, action: Action, asker: Person, run: Run, here: str) -> Refused:
    if is_outside(ctx, asker, run):
        return not_of_team(ctx)
    about = {"owner": ctx.username(run.owner_id), "action": Safe(ctx.say("permission")[action])}
    if asker.is_guest and action in NOT_GUESTS and may(ctx, "see", asker, run):
        return ctx.refused("permission", "guest", **about)
    if not may(ctx, "change", asker, run):
        return _not_yours(ctx, run, is_shown=here == run.channel_id or may_see(ctx, asker, run))
    return ctx.refused(
        "permission",
        "owner",
        name=run.name,
        creator=ctx.username(run.creator_id) if action == "delete" and run.creator_id != run.owner_id else "",
        admins=named_in_words(run.definition.get("admins", ())),
        heads="channel admin" in (STRICT.get(action, MAY[action]) if is_strict(run) else MAY[action]),
        **about,
    )


def not_of_team(ctx: Context) -> Refused:
    """Say that something is another team's, and nothing of what it is."""
    return ctx.refused("permission", "outside")


def _not_yours(ctx: Context, run: Run, *, is_shown: bool) -> Refused:
    """Say who may, and how to become one of them; of a run that somebody may not see nothing is told."""
    place = place_of(ctx, run) if is_open(ctx, run) else None
    return ctx.refused(
        "command",
        "not_yours" if is_shown else "not_shown",
        "not_yours",
        name=run.name,
        channel=place.name if place else "",
        owner=ctx.username(run.owner_id),
    )


def require_start(ctx: Context, asker: Person, team_id: str, book: Playbook) -> None:
    """Raise `Refused` where somebody may not start a playbook; who is not named in a private one learns no more."""
    if may_start(ctx, asker, team_id, book):
        return
    if not may_use(ctx, asker, book):
        raise ctx.refused("permission", "private")
    if asker.is_guest:
        raise ctx.refused("start", "guests", playbook=book.title)
    if not may_use_and_start(ctx, asker, book):
        raise ctx.refused("start", "not_by_you", playbook=book.title, people=named_in_words(book.start_by))
    raise not_of_team(ctx)


def finished(ctx: Context, run: Run, asker: Person) -> Refused:
    """Say that a finished run does not change any more, and who ended it when."""
    who = ctx.username(run.finished_by) if run.finished_by else ""
    return ctx.refused("finish", "before", run=run, who=who)


def require_given(ctx: Context, asker: Person, run: Run, people: Sequence[str]) -> None:
    """Raise `Refused` where somebody cannot give something of a run to these people, who come into it with that."""
    teams.require(ctx, run, people)
    if brought_in(ctx, run, people):
        require(ctx, "people", asker, run)


def brought_in(ctx: Context, run: Run, people: Sequence[str]) -> list[str]:
    """Return those of some people who come into a run with what they are given of it."""
    rows = {person_id: ctx.store.participant(run.id, person_id) for person_id in people}
    inside = {run.owner_id, run.creator_id, *(id for id, row in rows.items() if row is not None and row.is_in)}
    return [person_id for person_id in people if person_id not in inside]


def archived(ctx: Context, row: PlaybookRow) -> Refused:
    """Say that a playbook is not in use any more, or not in this team."""
    return ctx.refused("start", "archived", playbook=row.title)


def task_gone(ctx: Context) -> Refused:
    """Say that a task no longer exists."""
    return ctx.refused("task", "gone")


def gone(ctx: Context) -> Refused:
    """Say that what a message belongs to no longer exists."""
    return ctx.refused("command", "gone")
