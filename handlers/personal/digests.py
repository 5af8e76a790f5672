"""The morning's digest: one direct message with what somebody has to do, at their own morning, while they want it."""

import re
from collections.abc import Mapping
from typing import Annotated

from handlers.context import Context
from handlers.controls import SETTINGS_SIGN_OUT, SETTINGS_TURN
from handlers.effects import Answer, Button, Card, Content, Effects
from handlers.events import Acted, CommandGiven, Press
from handlers.forms import Filled, Line
from handlers.messages.as_direct_message import told
from handlers.operations.digest_settings import DIGESTS, Digest, turn_digest
from handlers.payloads import Nothing, Setting
from handlers.personal.open_pages import signed_out
from handlers.rules.jobs import plan_digest, today_of
from handlers.text.nearest import nearest
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from handlers.views.agenda import agenda_of, digest
from handlers.views.keep import tell
from store import Job, Message, PersonSettings

MONDAY = 0
_OF_OTHER_BOTS = re.compile(r"^(?:(daily|weekly)[ -])?digests?\b")
"""The daily digest is called just a digest elsewhere."""
_SIGN_OUT = ("sign out", "sign-out", "signout", "log out", "logout")
_CHOICES: Mapping[str, tuple[Digest, bool]] = {
    f"{which} {word}": (which, on) for which in DIGESTS for word, on in (("on", True), ("off", False))
}


def due(job: Job, ctx: Context) -> Effects:
    """A morning has come, or had come while nobody looked: tell once, and plan the next."""
    person_id = job.subject_id
    agenda = agenda_of(ctx, person_id)
    if agenda.is_empty:
        return
    plan_digest(ctx, person_id)
    settings = ctx.store.settings(person_id)
    today = today_of(ctx, person_id)
    weekly = settings.weekly and today.weekday() == MONDAY
    wanted = weekly or (settings.daily and agenda.is_pressing)
    if not wanted or settings.digest_on == today.date().isoformat():
        return
    settings.digest_on = today.date().isoformat()
    message = Message(kind="digest", person_id=person_id, part=2 if weekly else 1)
    yield from tell(ctx, message, digest(ctx, message))


def settings(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`settings` shows, `settings daily off` and the like change."""
    wanted = _OF_OTHER_BOTS.sub(lambda found: found[1] or "daily", " ".join(bare(words).casefold().split()))
    if not wanted:
        yield _shown(ctx, ctx.store.settings(event.asker.id))
    elif wanted in _SIGN_OUT:
        yield signed_out(ctx, event.asker.id)
    elif wanted in _CHOICES:
        which, on = _CHOICES[wanted]
        yield _turned(ctx, event.asker.id, which, on=on)
    else:
        raise ctx.refused("agenda", "settings_wrong", "settings", nearest=Safe(nearest(wanted, list(_CHOICES))))


def switched_off(event: Press[Setting], ctx: Context) -> Effects:
    """*No daily digest* below a digest."""
    yield from told(event, [_turned(ctx, event.asker.id, event.payload.which, on=False)])


def turned(event: Press[Setting], ctx: Context) -> Effects:
    """The buttons below `settings`."""
    yield from told(event, [_turned(ctx, event.asker.id, event.payload.which, on=event.payload.state == "on")])


class TurnForm(Filled, frozen=True):
    """The buttons on the page of settings: which digest, and whether it comes."""

    which: Annotated[str, Line(10)] = ""
    state: Annotated[str, Line(3)] = ""


def turned_on_page(event: Acted[TurnForm], ctx: Context) -> Effects:
    """The buttons on the page of settings."""
    wanted = _CHOICES.get(f"{event.form.which} {event.form.state}")
    if wanted is None:
        raise ctx.refused("agenda", "settings_wrong", "settings", nearest="")
    yield _turned(ctx, event.asker.id, wanted[0], on=wanted[1])


def _turned(ctx: Context, person_id: str, which: Digest, *, on: bool) -> Answer:
    before = getattr(ctx.store.settings(person_id), which)
    done = turn_digest(ctx, person_id, which, on=on)
    said = ctx.say("agenda", which=Safe(done.which), state=done.on)
    if before == done.on:
        return Answer(content=Content(said["turned_before"]))
    return Answer(
        content=Content(said["turned"], (Card(controls=(_turn(done.which, said["turn_back"], on=done.on),)),))
    )


def _turn(which: Digest, label: str, *, on: bool) -> Button:
    """Return the button that turns a digest the other way."""
    return SETTINGS_TURN.button(label, Setting(which, "off" if on else "on"))


def _shown(ctx: Context, kept: PersonSettings) -> Answer:
    held = [(which, bool(getattr(kept, which))) for which in DIGESTS]
    buttons = [_turn(which, ctx.say("agenda", which=Safe(which), state=on)["turn"], on=on) for which, on in held]
    text = ctx.say("agenda", daily=kept.daily, weekly=kept.weekly)["settings"]
    if ctx.here.pages_url:
        said = ctx.say("pages")
        buttons.append(SETTINGS_SIGN_OUT.button(said["sign_out"], Nothing()))
        text = f"{text}\n\n{said['sign_out_how']}"
    return Answer(content=Content(text, (Card(controls=tuple(buttons)),)))
