"""The morning's digest: one direct message with what somebody has to do, at their own morning, while they want it."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Button, Card, Content, Effect, Refuse
from handlers.events import ButtonPressed, CommandGiven
from handlers.operations.as_direct_message import told
from handlers.rules.digest_time import plan_digest, today_of
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.words import Safe
from handlers.views.agenda import agenda_of, digest
from handlers.views.keep import tell
from store import Job, Message, PersonSettings

MONDAY = 0
_STATES = {"on": True, "off": False}
_CHOICES = ("daily on", "daily off", "weekly on", "weekly off")


def due(job: Job, ctx: Context) -> Iterator[Effect]:
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


def settings(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`settings` shows, `settings daily off` and the like change."""
    which, state = first_word(words.casefold())
    if not which:
        yield _shown(ctx, ctx.store.settings(event.asker.id))
    elif which in ("daily", "weekly") and state in _STATES:
        yield _turned(ctx, event.asker.id, which, on=_STATES[state])
    else:
        said = ctx.say("agenda", nearest=Safe(nearest(f"{which} {state}", _CHOICES)))
        yield Refuse(title=said["settings_title"], text=said["settings_wrong"])


def switched_off(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*No daily digest* below a digest."""
    which = "weekly" if event.arg == "weekly" else "daily"
    yield from told(event, [_turned(ctx, event.asker.id, which, on=False)])


def turned(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """The buttons below `settings`."""
    which, _, state = event.arg.partition(":")
    on = _STATES.get(state, True)
    yield from told(event, [_turned(ctx, event.asker.id, "weekly" if which == "weekly" else "daily", on=on)])


def _turned(ctx: Context, person_id: str, which: str, *, on: bool) -> Answer:
    kept = ctx.store.settings(person_id)
    if which == "weekly":
        kept.weekly = on
    else:
        kept.daily = on
    if on and not agenda_of(ctx, person_id).is_empty:
        plan_digest(ctx, person_id)
    said = ctx.say("agenda", which=Safe(which), state=on)
    back = Button(said["turn_back"], "settings.turn", f"{which}:{'off' if on else 'on'}")
    return Answer(content=Content(said["turned"], (Card(controls=(back,)),)))


def _shown(ctx: Context, kept: PersonSettings) -> Answer:
    said = ctx.say("agenda", daily=kept.daily, weekly=kept.weekly)
    buttons = tuple(
        Button(
            ctx.say("agenda", which=Safe(which), state=on)["turn"], "settings.turn", f"{which}:{'off' if on else 'on'}"
        )
        for which, on in (("daily", kept.daily), ("weekly", kept.weekly))
    )
    return Answer(content=Content(said["settings"], (Card(controls=buttons),)))
