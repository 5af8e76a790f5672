"""Starting a run: from a prompt, or by its dialog."""

from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.effects import Ask, Correct, Edit, Effect, Tell
from handlers.events import Person, Place, Press, Submission
from handlers.forms import Filled, Line, Text
from handlers.operations.create_run import make_run
from handlers.operations.place_run import begin, not_here, starting
from handlers.payloads import OfPrompt, StartedBy
from handlers.rules import pace, permissions
from handlers.rules.places import is_member
from handlers.rules.run_request import NAME_LIMIT, Wish, stored
from handlers.text.numbers import number
from handlers.views import prompt as prompts
from handlers.views.keep import show
from handlers.views.start_dialog import HERE, OWN, SUMMARY_LIMIT, start_dialog
from store import Prompt, Run


class StartForm(Filled, frozen=True):
    """The start dialog; of which playbook and where it asks only where there is a choice."""

    name: Annotated[str, Line(NAME_LIMIT)]
    summary: Annotated[str, Text(SUMMARY_LIMIT)]
    playbook: str
    where: str


def by_prompt(event: Press[OfPrompt], ctx: Context) -> Iterator[Effect]:
    """The prompt's start button, or the choice of a playbook in its menu."""
    prompt = ctx.store.prompt(event.payload.prompt_id)
    wish = _offered(ctx, prompt, event.payload.playbook_id, event.asker) if prompt else None
    if prompt is None or wish is None or prompt.state != "open":
        yield prompts.answered(ctx, prompt, event.asker)
    elif not permissions.may_start(ctx, event.asker, prompt.team_id, wish.book):
        yield permissions.not_started(ctx, event.asker, wish.book)
    elif wish.row not in ctx.playbooks_in(prompt.team_id):
        yield permissions.archived(ctx, wish.row)
        yield from _show_current(ctx, prompt)
    elif (refusal := pace.started_too_many(ctx, event.asker)) is not None:
        yield refusal
    elif wish.book.start == "dialog" and event.trigger_id:
        yield Ask(dialog=start_dialog(ctx, wish, StartedBy("prompt", prompt.id, wish.row.id), event.place))
    else:
        yield from _start_from_prompt(ctx, prompt, wish)


def by_dialog(event: Submission[StartedBy, StartForm], ctx: Context) -> Iterator[Effect]:
    """The start dialog, filled in; a second submission of the same showing changes nothing."""
    form, kind, playbook_id = event.form, event.payload.by, event.payload.playbook_id
    row = ctx.store.playbook(number(form.playbook) if playbook_id is None else playbook_id)
    prompt = ctx.store.prompt(event.payload.prompt_id or 0) if kind == "prompt" else None
    team_id = prompt.team_id if prompt else event.place.team_id
    known = permissions.playbooks_for(ctx, event.asker, event.place.team_id)
    where = form.where or (HERE if kind == "here" else OWN)
    here = event.place if where == HERE else None
    if not form.name:
        yield Correct(errors={"name": ctx.say("start")["name_missing"]})
    elif kind != "prompt" and not event.place.team_id:
        yield Correct(error=ctx.say("start")["no_team"])
    elif row is None or not (prompt or playbook_id or row in known):
        yield Correct(errors={"playbook": ctx.say("start")["playbook_missing"]})
    elif not permissions.may_start(ctx, event.asker, team_id, stored(ctx, row)):
        yield Correct(error=permissions.not_started(ctx, event.asker, stored(ctx, row)).text)
    elif row not in ctx.playbooks_in(team_id):
        yield Correct(error=permissions.archived(ctx, row).text)
        yield from _show_current(ctx, prompt) if prompt else ()
    elif (refusal := pace.started_too_many(ctx, event.asker)) is not None:
        yield Correct(error=refusal.text)
    elif here and not is_member(ctx, event.place):
        yield Correct(error=not_here(ctx).text)
    elif kind == "prompt":
        yield from _by_prompts_dialog(event, ctx, prompt, here)
    else:
        wish = Wish(
            row=row,
            book=stored(ctx, row),
            asker=event.asker,
            team_id=event.place.team_id,
            name=form.name,
            summary=form.summary,
        )
        run = make_run(ctx, wish)
        yield from begin(ctx, run, here)
        yield Tell(person_id=event.asker.id, place_id=event.place.id, content=starting(ctx, run))


def _by_prompts_dialog(
    event: Submission[StartedBy, StartForm], ctx: Context, prompt: Prompt | None, here: Place | None
) -> Iterator[Effect]:
    wish = _offered(ctx, prompt, event.payload.playbook_id, event.asker, event.form) if prompt else None
    if prompt is None or wish is None or prompt.state != "open":
        yield Correct(error=prompts.answered(ctx, prompt, event.asker).text)
    else:
        yield from _start_from_prompt(ctx, prompt, wish, here)


def _start_from_prompt(ctx: Context, prompt: Prompt, wish: Wish, here: Place | None = None) -> Iterator[Effect]:
    run = make_run(ctx, wish)
    prompt.state, prompt.answered_by, prompt.run_id = "started", wish.asker.id, run.id
    ctx.store.cancel_jobs(ctx.now, "fold", prompt)
    yield from begin(ctx, run, here)
    yield from _show_starting(ctx, prompt, run)


def _show_starting(ctx: Context, prompt: Prompt, run: Run) -> Iterator[Edit]:
    if run.channel_id is not None:
        return
    for message in ctx.store.messages("prompt", prompt_id=prompt.id):
        yield from show(message, prompts.starting(ctx, prompt, run))


def _show_current(ctx: Context, prompt: Prompt) -> Iterator[Edit]:
    """Let a prompt offer no more than there is."""
    for message in ctx.store.messages("prompt", prompt_id=prompt.id):
        yield from show(message, prompts.current(ctx, prompt))


def _offered(
    ctx: Context, prompt: Prompt, playbook_id: int | None, asker: Person, form: StartForm | None = None
) -> Wish | None:
    offers = prompts.offers_of(ctx, prompt)
    meant = offers if playbook_id is not None else prompts.used_of(ctx, prompt, offers) or offers
    for row, book, offer in meant:
        if row.id == playbook_id or (len(meant) == 1 and playbook_id is None):
            return Wish(
                row=row,
                book=book,
                asker=asker,
                team_id=prompt.team_id,
                prompt=prompt,
                keywords=tuple(offer.keywords.split("\n")),
                name=form.name if form else "",
                summary=form.summary if form else "",
            )
    return None
