"""People of a run: who joins and leaves, who is invited and removed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from handlers.context import Context
from handlers.controls import PEOPLE_INVITE, PEOPLE_REMOVE, Form
from handlers.effects import Answer, Ask, Content, Correct, Effect, Entry, Refuse, Tell
from handlers.events import ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled
from handlers.operations.as_direct_message import told
from handlers.operations.participants import bring_in, is_in, let_go, membership, out_of_channel
from handlers.payloads import OfRun
from handlers.rules import people_named, permissions, teams
from handlers.text.words import Safe, Said, mention
from store import Run

What = Literal["invite", "remove"]
_FORMS: Mapping[What, Form[OfRun]] = {"invite": PEOPLE_INVITE, "remove": PEOPLE_REMOVE}


class PersonForm(Filled, frozen=True):
    """The dialog that asks for a person."""

    person: str


def join(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`join`: take part, and come into the channel where the run says so."""
    yield from _join(ctx, run, event.asker)


def joins(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Take part* in the menu, and below what somebody was told about a run."""
    yield from told(event, _join(ctx, run, event.asker))


def leave(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`leave`: take part no longer; the owner hands over first."""
    yield from _leave(ctx, run, event.asker)


def invite(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`invite @a @b`."""
    people = people_named.people(event, words, ctx)
    if isinstance(people, Refuse):
        yield people
    elif people:
        yield from _invite(ctx, run, people)
    else:
        yield _whom(ctx, run, "invite")


def remove(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`remove @a`."""
    people = permissions.refusal(ctx, "people", event.asker, run) or people_named.people(event, words, ctx)
    if isinstance(people, Refuse):
        yield people
    elif people:
        yield from _remove(ctx, run, people, event.asker)
    else:
        yield _whom(ctx, run, "remove")


def asked(event: ButtonPressed, run: Run, ctx: Context, what: What) -> Iterator[Effect]:
    """*Invite people…* and *Remove somebody…* in the menu: a dialog."""
    said = _said(ctx, run)
    person = Entry(name="person", label=said["person"], kind="users")
    yield Ask(
        dialog=_FORMS[what].dialog(
            OfRun(run.id), said[f"{what}_title"], entries=(person,), submit=said[f"{what}_submit"]
        )
    )


def by_dialog(event: Submission[OfRun, PersonForm], run: Run, ctx: Context, what: What) -> Iterator[Effect]:
    """Somebody was chosen to be invited or removed."""
    person = people_named.chosen(ctx, event.form.person)
    if person is None:
        yield Correct(errors={"person": _said(ctx, run)["person_missing"]})
    else:
        found = _invite(ctx, run, [person]) if what == "invite" else _remove(ctx, run, [person], event.asker)
        yield from told(event, found)


def leaves(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Leave* in the menu."""
    yield from told(event, _leave(ctx, run, event.asker))


def _join(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    if is_in(ctx, run, asker.id):
        yield _answer(_said(ctx, run), "joined_before")
        return
    if teams.outside(ctx, run, [asker.id]):
        # Who looks after the server may see it all the same.
        said = _said(ctx, run)
        yield Refuse(title=said["not_in_team_title"], text=said["join_outside"])
        return
    yield from bring_in(ctx, run, [asker])
    yield _answer(_said(ctx, run), "joined" if is_in(ctx, run, asker.id) else "joining")


def _invite(ctx: Context, run: Run, people: Sequence[Person]) -> Iterator[Effect]:
    new = [one for one in people if not is_in(ctx, run, one.id) and not one.is_bot]
    if (refused := teams.not_in_team(ctx, run, [one.id for one in new])) is not None:
        yield refused
        return
    if not new:
        yield _answer(_said(ctx, run, people), "invited_before")
        return
    yield from bring_in(ctx, run, new)
    by_channel = membership(run).join_channel and run.channel_id and not run.closed_place
    yield _answer(_said(ctx, run, new), "inviting" if by_channel else "invited")


def _remove(ctx: Context, run: Run, people: Sequence[Person], asker: Person) -> Iterator[Effect]:
    inside = [one for one in people if is_in(ctx, run, one.id)]
    if any(one.id == run.owner_id for one in people):
        yield _owner_stays(ctx, run)
    elif not inside:
        yield _answer(_said(ctx, run, people), "removed_before")
    else:
        for one in inside:
            yield from _out(ctx, run, one.id)
            if one.id != asker.id:
                told = ctx.say("members", run=run, who=asker.username, owner=ctx.username(run.owner_id))
                yield Tell(person_id=one.id, content=Content(told["removed_told"]))
        yield _answer(_said(ctx, run, inside), "removed")


def _leave(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    if not is_in(ctx, run, asker.id):
        yield _answer(_said(ctx, run), "left_before")
    elif asker.id == run.owner_id and run.is_active:
        yield _owner_stays(ctx, run)
    else:
        yield from _out(ctx, run, asker.id)
        yield _answer(_said(ctx, run), "left")


def _out(ctx: Context, run: Run, person_id: str) -> Iterator[Effect]:
    yield from let_go(ctx, run, person_id)
    yield from out_of_channel(run, person_id)


def _owner_stays(ctx: Context, run: Run) -> Refuse:
    said = _said(ctx, run)
    return Refuse(title=said["owner_stays_title"], text=said["owner_stays"])


def _whom(ctx: Context, run: Run, word: str) -> Refuse:
    said = ctx.say("members", word=Safe(word))
    return Refuse(title=said["who_title"], text=said["who"])


def _said(ctx: Context, run: Run, people: Sequence[Person] = ()) -> Said:
    return ctx.say(
        "members",
        run=run,
        link=ctx.run_link(run),
        owner=ctx.username(run.owner_id),
        people=Safe(" ".join(mention(one.username) for one in people)),
    )


def _answer(said: Said, block: str) -> Answer:
    return Answer(content=Content(said[block]))
