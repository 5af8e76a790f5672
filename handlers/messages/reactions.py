"""What reactions under the bot's messages mean: each stands for a button, with its action and what belongs to it."""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from handlers import controls as on
from handlers.context import Context
from handlers.effects import Content
from handlers.payloads import OfHandover, OfPrompt, OfTask, Payload, RunLater, TaskLater
from handlers.rules.progress import progress
from handlers.text.words import Safe, escape, shorten
from handlers.views.checklist import parts
from handlers.views.keep import reader_of
from handlers.views.prompt import offers_of, shown_title
from handlers.views.task_reminder import SHOWN, waiting
from store import Message, Prompt

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
START, NOT_NOW, MUTE, DONE, SNOOZE = "arrow_forward", "x", "no_entry_sign", "white_check_mark", "alarm_clock"

_KEYS = tuple(f"{digit}\ufe0f\u20e3" for digit in range(1, 10))
_SAME = {"mute": MUTE}
MEANINGFUL = frozenset({START, NOT_NOW, MUTE, DONE, SNOOZE, "pushpin", *NUMBERS, *_SAME})
"""The reactions that may mean something somewhere; all others are dropped unread."""


@dataclass(frozen=True, slots=True)
class Means:
    """The press that a reaction stands for: a control, and what it carries."""

    control: on.Control[Any]
    payload: Payload


def offered(ctx: Context, message: Message) -> dict[str, Means]:
    """Return the reactions that mean something under a message as it is now, in the order that people see them."""
    if message.kind == "prompt":
        prompt = ctx.store.prompt(message.prompt_id)
        return _prompt(ctx, prompt) if prompt is not None else {}
    if message.kind == "checklist":
        return _checklist(ctx, message)
    if message.kind == "reminder":
        return {SNOOZE: Means(on.REMINDER_SNOOZE, RunLater(message.run_id or 0, 1800))}
    if message.kind == "assignment":
        return _task(ctx, message)
    if message.kind == "task_reminder":
        return _reminder(ctx, message)
    handover = ctx.store.open_handover(message.run_id) if message.kind == "handover" else None
    if handover is not None:
        of = OfHandover(handover.id)
        return {DONE: Means(on.HANDOVER_TAKE, of), NOT_NOW: Means(on.HANDOVER_DECLINE, of)}
    return {}


def meaning(ctx: Context, message: Message, emoji: str) -> Means | None:
    """Return what a reaction under a message stands for, None where it is only a reaction."""
    return offered(ctx, message).get(_SAME.get(emoji, emoji))


def usable(ctx: Context, message: Message | None, content: Content) -> Content:
    """Return content without the buttons and menus that nobody could use, and with a line on what is used instead."""
    if ctx.here.buttons or not any(card.controls for card in content.cards):
        return content
    hint = _hint(ctx, message) if message is not None else ""
    cards = [replace(card, controls=()) for card in content.cards]
    cards[-1] = replace(cards[-1], text="\n\n".join(part for part in (cards[-1].text, hint) if part))
    return replace(content, cards=tuple(cards))


def _hint(ctx: Context, message: Message) -> str:
    ctx = ctx.to(reader_of(ctx, message))
    bears = offered(ctx, message)
    run = ctx.store.run(message.run_id) if message.kind == "card" else None
    if not bears and (run is None or not run.is_active):
        return ""
    titles = _titles(ctx, message.prompt_id) if message.kind == "prompt" else []
    numbers = [key for key, name in zip(_KEYS, NUMBERS, strict=True) if name in bears]
    said = ctx.say(
        "reactions",
        titles=Safe(" · ".join(titles)),
        numbers=list(map(Safe, numbers)),
        example=Safe(_example(ctx, message)),
        seconds=getattr(bears[SNOOZE].payload, "seconds", 0) if SNOOZE in bears else 0,
        start=START in bears,
    )
    if len(titles) > 1:
        return said["prompt_which"]
    return said["task_reminders" if len(numbers) > 1 and message.kind == "task_reminder" else message.kind]


def _example(ctx: Context, message: Message) -> str:
    """Return the number of a task that a reaction cannot name, or of the last one."""
    run = ctx.store.run(message.run_id) if message.kind == "checklist" else None
    row = ctx.store.checklist(message.checklist_id)
    tasks = progress(ctx, run).of(row) if run is not None and row is not None else ()
    return tasks[-1].number if tasks else ""


def _titles(ctx: Context, prompt_id: int | None) -> list[str]:
    prompt = ctx.store.prompt(prompt_id)
    titles = [shown_title(ctx, book) for _, book, _ in offers_of(ctx, prompt)] if prompt is not None else []
    return [f"{key} {escape(shorten(title, 60))}" for key, title in zip(_KEYS, titles, strict=False)]


def _prompt(ctx: Context, prompt: Prompt) -> dict[str, Means]:
    of, offers = OfPrompt(prompt.id), ctx.store.offers(prompt.id)
    if len(offers) == 1:
        start = {START: Means(on.PROMPT_START, of)}
    else:
        start = {
            name: Means(on.PROMPT_START, OfPrompt(prompt.id, offer.playbook_id))
            for name, offer in zip(NUMBERS, offers, strict=False)
        }
    return start | {NOT_NOW: Means(on.PROMPT_DISMISS, of), MUTE: Means(on.PROMPT_MUTE, of)}


def _task(ctx: Context, message: Message) -> dict[str, Means]:
    task = ctx.store.task(message.task_id)
    if task is None:
        return {}
    of = OfTask(message.task_id or 0)
    return {DONE: Means(on.TASK_DONE, of)} | ({START: Means(on.TASK_START, of)} if task.state == "open" else {})


def _reminder(ctx: Context, message: Message) -> dict[str, Means]:
    """The check mark is for the only task, numbers for several; they are put off together."""
    run, shown = ctx.store.run(message.run_id), message.task_ids[:SHOWN]
    names = NUMBERS if len(shown) > 1 else (DONE,)
    done = {name: Means(on.TASK_DONE, OfTask(task_id)) for name, task_id in zip(names, shown, strict=False)}
    left = waiting(ctx, run, message) if run is not None else []
    return done | {SNOOZE: Means(on.TASK_SNOOZE, TaskLater(left[0].task.id if left else shown[0], 3600))}


def _checklist(ctx: Context, message: Message) -> dict[str, Means]:
    """The check mark is for the next open task of the message, numbers for the first nine of the checklist."""
    run = ctx.store.run(message.run_id)
    row = ctx.store.checklist(message.checklist_id)
    if run is None or row is None:
        return {}
    split = parts(ctx, row, progress(ctx, run).of(row))
    tasks = split[message.part - 1] if message.part <= len(split) else ()
    coming = next((one.task for one in tasks if one.task.is_open), None)
    done = {DONE: Means(on.TASK_DONE, OfTask(coming.id or 0))} if coming else {}
    return done | {
        NUMBERS[one.task.position - 1]: Means(on.TASK_DONE, OfTask(one.task.id))
        for one in tasks
        if one.task.position <= len(NUMBERS)
    }
