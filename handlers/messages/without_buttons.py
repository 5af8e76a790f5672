"""Without buttons: reactions take their place, and what shows buttons is drawn anew when that changes."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from handlers.context import Context
from handlers.effects import Answer, Content, Edit, Effect, Effects, Post, React, Redraw, Refuse, Tell
from handlers.events import ButtonPressed, ButtonsSwitched, MessagePosted, ReactionAdded
from handlers.messages.current import current
from handlers.messages.reactions import meaning, offered, usable
from handlers.views.keep import remember, show, shows
from handlers.views.reminder import reminder_due
from store import Message


def press_of(event: ReactionAdded, ctx: Context) -> ButtonPressed | None:
    """Return the press that a reaction stands for; no dialog can be opened for it."""
    message = ctx.store.message(event.message_id) if event.message_id is not None else None
    means = meaning(ctx, message, event.emoji) if message is not None and message.gone_at is None else None
    if means is None:
        return None
    return ButtonPressed(
        at=event.at,
        action=means.control.name,
        arg=means.payload.packed(),
        asker=event.asker,
        place=event.place,
        message_id=event.message_id or 0,
        post_id=event.post_id,
    )


def told(event: ReactionAdded, effects: Iterable[Effect]) -> Effects:
    """Give on what follows from a press; what it would be answered with is told to who reacted, and to nobody else."""
    place_id = "" if event.place.kind == "D" else event.place.id
    for effect in effects:
        if isinstance(effect, Answer | Refuse):
            content = effect.content if isinstance(effect, Answer) else Content(effect.text)
            yield Tell(person_id=event.asker.id, place_id=place_id, content=content)
        else:
            yield effect


def posted(event: MessagePosted, ctx: Context) -> Iterator[React]:
    """One of the bot's messages stands: without buttons, put the reactions under it that mean something."""
    message = ctx.store.message(event.message_id)
    if message is not None and not ctx.here.buttons:
        yield from _react(ctx, message)


def switched(event: ButtonsSwitched, ctx: Context) -> Effects:
    """Draw what people still answer as it is answered now; what loses its buttons gets reactions."""
    for message in _answered(event, ctx):
        content = _content(ctx, message)
        if content is None or shows(message, content):
            continue
        yield from show(message, content)
        if message.post_id is not None and not ctx.here.buttons:
            yield from _react(ctx, message)


def without_buttons(effects: Iterable[Effect], ctx: Context) -> Effects:
    """Take off the buttons and menus that nobody could use; checklists that grew get the reactions for it."""
    drawn: set[int] = set()
    for effect in effects:
        match effect:
            case Post() | Edit() | Tell():
                message = ctx.store.message(effect.message_id) if effect.message_id is not None else None
                content = usable(ctx, message, effect.content)
                if message is not None and content is not effect.content:
                    remember(message, content)
                yield replace(effect, content=content)
            case Answer():
                yield replace(effect, content=usable(ctx, None, effect.content))
            case Redraw(message_id=message_id):
                drawn.add(message_id)
                yield effect
            case _:
                yield effect
    yield from _where_tasks_came(ctx, drawn)


def _where_tasks_came(ctx: Context, drawn: Iterable[int]) -> Iterator[React]:
    """Put the reactions under checklists anew where this decision changed which tasks have which numbers."""
    if not ctx.rearranged:
        return
    for message in (ctx.store.message(message_id) for message_id in sorted(drawn)):
        if message is None or message.kind != "checklist" or message.run_id not in ctx.rearranged:
            continue
        if message.post_id is not None and message.gone_at is None:
            yield from _react(ctx, message)
    ctx.rearranged.clear()


def _answered(event: ButtonsSwitched, ctx: Context) -> Iterator[Message]:
    for prompt in ctx.store.open_prompts() if not event.run_ids else ():
        yield from ctx.store.messages("prompt", prompt_id=prompt.id)
    ctx.store.look_ahead(runs=event.run_ids)
    for run in filter(None, map(ctx.store.run, event.run_ids)):
        if run.is_active and run.channel_id is not None and not run.closed_place:
            for kind in ("card", "checklist", "reminder", "assignment", "task_reminder"):
                yield from ctx.store.messages(kind, run_id=run.id)


def _content(ctx: Context, message: Message) -> Content | None:
    content = current(ctx, message)
    if message.kind == "reminder":
        run, job = ctx.store.run(message.run_id), ctx.store.job(message.job_id)
        content = reminder_due(ctx, run, job) if run is not None and job is not None else None
    return usable(ctx, message, content) if content is not None else None


def _react(ctx: Context, message: Message) -> Iterator[React]:
    emoji = tuple(offered(ctx, message))
    if emoji:
        yield React(message_id=message.id, emoji=emoji)
