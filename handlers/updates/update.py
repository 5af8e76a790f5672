"""Status updates: by words or by dialog, the next one at its time, and the channels that it is also told to."""

from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.controls import UPDATE_POST
from handlers.effects import Answer, Ask, Content, Correct, Dialog, Effect, Entry, Option, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled, Text
from handlers.payloads import OfRun
from handlers.playbooks.playbook import playbook_of
from handlers.rules import jobs, next_update
from handlers.rules.next_update import Next
from handlers.text.durations import LONGEST
from handlers.text.numbers import number
from handlers.text.words import Safe, zone
from handlers.views.announcement import announce, targets
from handlers.views.card import refresh_card
from handlers.views.reminder import close_reminders
from store import Run

TEXT_LIMIT = 3000
_CHOICES = (15 * 60, 30 * 60, 3600, 4 * 3600, 86400, 7 * 86400)


class UpdateForm(Filled, frozen=True):
    """The dialog of a status update; `next` is in how many seconds the next one is due, 0 for none."""

    text: Annotated[str, Text(TEXT_LIMIT)]
    next: str


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Post update* on the card, on a reminder, or in what somebody has to do."""
    yield Ask(dialog=_dialog(ctx, run, run.update_every))


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`update [next=2h] [text]`: posted as it is, or with a dialog where one can be opened."""
    coming, words = next_update.leading(event, run, words, ctx)
    if coming is None:
        said = ctx.say("update", words=words)
        yield Refuse(title=said["next_title"], text=said["next_unreadable"])
    elif len(words) > TEXT_LIMIT:
        said = ctx.say("update", count=len(words), limit=TEXT_LIMIT)
        yield Refuse(title=said["too_long_title"], text=said["too_long"])
    elif words:
        yield from _post(ctx, run, words, event.asker, coming)
        said = ctx.say("update", run=run, zone=zone(event.asker.timezone))
        yield Answer(content=Content(said["answer"]))
    elif event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run, coming.seconds(ctx.now)))
    else:
        yield Answer(content=Content(ctx.say("update", run=run)["how"]))


def by_dialog(event: Submission[OfRun, UpdateForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The update dialog, filled in."""
    text, choice = event.form.text, event.form.next
    said = ctx.say("update")
    if not text:
        yield Correct(errors={"text": said["empty"]})
    elif choice != "0" and not 0 < number(choice) <= LONGEST:
        yield Correct(errors={"next": said["next_missing"]})
    else:
        yield from _post(ctx, run, text, event.asker, next_update.after(ctx, number(choice)))


def _dialog(ctx: Context, run: Run, next_in: int) -> Dialog:
    book = playbook_of(run.definition)
    there = targets(ctx, run)
    told = [name for name in book.updates.broadcast if name not in there.kept]
    said = ctx.say("update", run=run, broadcast=Safe(", ".join(told)), kept=Safe(", ".join(there.kept)))
    every = sorted({*_CHOICES, run.update_every, next_in} - {0})
    return UPDATE_POST.dialog(
        OfRun(run.id),
        said["dialog_title"],
        intro=said["intro"],
        entries=(
            Entry(
                name="text",
                label=said["text"],
                kind="textarea",
                default=(run.last_update_text or book.updates.template)[:TEXT_LIMIT],
                help=said["text_help"],
                max_length=TEXT_LIMIT,
            ),
            Entry(
                name="next",
                label=said["next"],
                kind="select",
                default=str(next_in),
                options=(
                    *(Option(ctx.say("update", seconds=one)["next_in"], str(one)) for one in every),
                    Option(said["next_never"], "0"),
                ),
            ),
        ),
        submit=said["submit"],
    )


def _post(ctx: Context, run: Run, text: str, asker: Person, coming: Next) -> Iterator[Effect]:
    run.record_update(text, ctx.now, coming.every)
    run.update_due_at = coming.due_at
    ctx.note(run, "update", asker.id, subject=text)
    ctx.store.cancel_jobs(ctx.now, "update", run)
    if run.update_due_at is not None:
        jobs.plan(ctx, "update", run, run.update_due_at)
    yield from announce(ctx, run, "update", asker, "blue")
    yield from close_reminders(ctx, run, "answered", who=asker.username, number=run.updates)
    yield from refresh_card(ctx, run)
