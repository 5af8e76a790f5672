"""Commands that a run's playbook offers: run at a press, or handed over where the bot may not run them."""

from handlers.context import Context
from handlers.effects import Answer, Content, Effects, Tell
from handlers.events import CommandRan, Person, Press
from handlers.operations.automate import came_of
from handlers.operations.run_slash_command import Trouble, run_offered_command
from handlers.payloads import ActionOfRun
from handlers.rules import permissions
from handlers.rules.action_rows import position_of
from handlers.text.words import Safe, one_line, shorten
from handlers.views.action_offer import command_of, offer_taken
from handlers.views.action_words import what_in_words
from handlers.views.keep import in_words, show
from store import ActionRow, Run

ANSWER_LIMIT = 1000


def pressed(event: Press[ActionOfRun], run: Run, ctx: Context) -> Effects:
    """*Run it* under an offer."""
    row = ctx.store.action_row(event.payload.action_id)
    if row is None or row.run_id != run.id:
        raise permissions.gone(ctx)
    yield from run_offer(ctx, run, row, event.asker)


def run_offer(ctx: Context, run: Run, row: ActionRow, asker: Person) -> Effects:
    """Have an offered command run once, or hand it over to be pasted. Raises `Refused`."""
    command, position = command_of(row), position_of(ctx, row)
    if not command:
        raise ctx.refused("why", "no_command", position=position, what=what_in_words(ctx, run, row))
    if row.state == "done":
        raise ctx.refused("why", "ran_before", command=command, at=row.settled_at, position=position)
    asked = yield from run_offered_command(ctx, run, row, command, asker)
    if asked.trouble is None:
        yield ctx.answer("why", "running", command=asked.command)
        return
    why = ctx.say("do", unfit=asked.unfit)[f"trouble_{asked.trouble}"]
    yield Answer(content=Content(ctx.say("why", command=asked.command, why=Safe(why))["paste"]), to_read=True)


def ran(event: CommandRan, run: Run, row: ActionRow, ctx: Context) -> Effects:
    """The server ran an offered command, or would not: note it, and say so to who wanted it."""
    row.by_id = event.by_id
    if event.trouble:
        row.told_at = ctx.now
        yield from came_of(ctx, run, row, "failed", "not_run", event.trouble)
        yield _handed_over(ctx, run, event, event.trouble)
        return
    yield from came_of(ctx, run, row, "done")
    message = ctx.store.message(row.message_id) if row.message_id is not None else None
    if message is not None:
        answer = shorten(one_line(event.answer), ANSWER_LIMIT)
        yield from show(message, offer_taken(ctx, run, event.command, event.by_id, answer))
    ctx.note(run, "command_ran", event.by_id, subject=event.command)


def _handed_over(ctx: Context, run: Run, event: CommandRan, trouble: Trouble) -> Tell:
    ctx = ctx.to(ctx.reader_of(event.by_id))
    why = ctx.say("do", unfit=())[f"trouble_{trouble}"]
    said = ctx.say("why", command=event.command, why=Safe(why))
    return in_words(ctx, event.by_id, said, "paste", "" if run.closed_place else run.channel_id or "")
