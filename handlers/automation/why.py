"""`why`: what a run's playbook does by itself, what became of it, and doing one of it again."""

from handlers.automation.offers import run_offer
from handlers.context import Context
from handlers.effects import Answer, Content, Effects
from handlers.events import Acted, ButtonPressed, CommandGiven, Person, Press
from handlers.forms import Filled
from handlers.operations.automate import again
from handlers.payloads import ActionOfRun
from handlers.rules import permissions
from handlers.rules.action_rows import rows_of
from handlers.text.arguments import first_word
from handlers.text.numbers import number
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from handlers.views.action_words import shown_actions, stands_in_words, what_in_words
from handlers.views.actions import actions_of, line
from store import ActionRow, Run


class AgainForm(Filled, frozen=True):
    """Which action is to be done again, by its row."""

    action: str


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`why`, `why 3`, `why again 3`, `why run 3`."""
    word, rest = first_word(bare(words))
    if not word:
        yield from shown(event, run, ctx)
        return
    does = word.casefold() if word.casefold() in ("again", "run") else ""
    row = _numbered(ctx, run, rest if does else word, does)
    if not does:
        yield Answer(content=Content(line(ctx, shown_actions(ctx, run)[_position(ctx, run, row)])))
        return
    permissions.require(ctx, "change", event.asker, run)
    yield from _again(ctx, run, row, event.asker) if does == "again" else run_offer(ctx, run, row, event.asker)


def shown(event: CommandGiven | ButtonPressed, run: Run, ctx: Context) -> Effects:
    """All of it: `why` alone, and *What happened by itself* in the card's menu."""
    may_change = permissions.is_offered(ctx, "change", event.asker, run)
    yield Answer(content=actions_of(ctx, run, may_change=may_change))


def again_by_menu(event: Press[ActionOfRun], run: Run, ctx: Context) -> Effects:
    """*Run again…* below the list."""
    yield from _again(ctx, run, _of_run(ctx, run, event.payload.action_id), event.asker)


def again_on_page(event: Acted[AgainForm], run: Run, ctx: Context) -> Effects:
    """*Run again* on the run's page."""
    yield from _again(ctx, run, _of_run(ctx, run, number(event.form.action)), event.asker)


def _again(ctx: Context, run: Run, row: ActionRow, asker: Person) -> Effects:
    yield from again(ctx, run, row, asker)
    block = "again_done" if row.is_under_way else "again_came"
    yield ctx.answer("why", block, what=what_in_words(ctx, run, row), state=stands_in_words(ctx, run, row))


def _numbered(ctx: Context, run: Run, said: str, word: str) -> ActionRow:
    """Return the action that somebody means by its number. Raises `Refused`."""
    rows = rows_of(ctx, run)
    position = number(said.strip())
    if not 0 < position <= len(rows):
        raise ctx.refused("why", "which", run=run, last=len(rows), word=Safe(word))
    return rows[position - 1]


def _of_run(ctx: Context, run: Run, row_id: int | None) -> ActionRow:
    row = ctx.store.action_row(row_id)
    if row is None or row.run_id != run.id:
        raise permissions.gone(ctx)
    return row


def _position(ctx: Context, run: Run, row: ActionRow) -> int:
    return [one.id for one in rows_of(ctx, run)].index(row.id)
