"""People of a run: who joins and leaves, who is invited and removed."""

from collections.abc import Mapping, Sequence
from typing import Literal

from handlers.context import Context
from handlers.controls import PEOPLE_INVITE, PEOPLE_REMOVE, Form
from handlers.effects import Answer, Correct, Effects, Entry
from handlers.events import Acted, ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled
from handlers.messages.as_direct_message import told
from handlers.operations import participants
from handlers.payloads import OfRun
from handlers.rules import people_named, permissions
from handlers.text.words import Safe, mention
from store import Run

What = Literal["invite", "remove"]
_FORMS: Mapping[What, Form[OfRun]] = {"invite": PEOPLE_INVITE, "remove": PEOPLE_REMOVE}


class PersonForm(Filled, frozen=True):
    """The dialog that asks for a person."""

    person: str


def join(event: CommandGiven | ButtonPressed | Acted[Filled], run: Run, ctx: Context) -> Effects:
    """`join`, *Take part* in the menu, and below what somebody was told about a run."""
    done = yield from participants.join(ctx, run, event.asker)
    block = "joined_before" if not done.people else "joining" if done.is_waited_for else "joined"
    yield from told(event, [_answer(ctx, run, block)])


def leave(event: CommandGiven | ButtonPressed | Acted[Filled], run: Run, ctx: Context) -> Effects:
    """`leave`, and *Leave* in the menu."""
    done = yield from participants.leave(ctx, run, event.asker)
    yield from told(event, [_answer(ctx, run, "left" if done.people else "left_before")])


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context, what: What) -> Effects:
    """`invite @a @b` and `remove @a`."""
    permissions.require(ctx, "people", event.asker, run)
    people = people_named.people(event, words, ctx)
    if not people:
        raise ctx.refused("members", "who", word=Safe(what))
    yield from _change(what, ctx, run, people, event.asker)


def asked(event: ButtonPressed, run: Run, ctx: Context, what: What) -> Effects:
    """*Invite people…* and *Remove somebody…* in the menu: a dialog."""
    said = ctx.say("members")
    person = Entry(name="person", label=said["person"], kind="users")
    yield _FORMS[what].ask(OfRun(run.id), said, person, title=f"{what}_title", submit=f"{what}_submit")


def by_dialog(event: Submission[OfRun, PersonForm], run: Run, ctx: Context, what: What) -> Effects:
    """Somebody was chosen to be invited or removed."""
    person = people_named.chosen(ctx, event.form.person)
    if person is None:
        yield Correct(errors={"person": ctx.say("members")["person_missing"]})
    else:
        yield from told(event, _change(what, ctx, run, [person], event.asker))


def _change(what: What, ctx: Context, run: Run, people: Sequence[Person], by: Person) -> Effects:
    if what == "invite":
        came = yield from participants.invite(ctx, run, people)
        block = "invited_before" if not came.people else "inviting" if came.is_waited_for else "invited"
        yield _answer(ctx, run, block, came.people or people, by)
    else:
        went = yield from participants.remove(ctx, run, people, by)
        yield _answer(ctx, run, "removed" if went.people else "removed_before", went.people or people, by)


def _answer(ctx: Context, run: Run, block: str, people: Sequence[Person] = (), by: Person | None = None) -> Answer:
    names = Safe(" ".join(mention(one.username) for one in people))
    about = {"people": names, "count": len(people), "is_you": list(people) == [by]}
    return ctx.answer("members", block, run=run, link=ctx.run_link(run), **about)
