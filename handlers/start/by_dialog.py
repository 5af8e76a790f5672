"""Starting a run: from a prompt, or by its dialog."""

from dataclasses import replace
from typing import Annotated

import msgspec

from handlers.context import Context
from handlers.effects import Answer, Correct, Effects, Refuse, Refused
from handlers.events import Press, Submission
from handlers.forms import Filled, Line, Text
from handlers.operations.answer_prompt import open_prompt
from handlers.operations.start_run import offered, require_start, start_run
from handlers.payloads import OfPrompt, StartedBy
from handlers.rules import permissions, start_team
from handlers.rules.attribute_form import AS_FIELDS, asked_at_start, filled_in, lacking, needed_at_start
from handlers.rules.conditions import Values
from handlers.rules.run_request import NAME_LIMIT, Wish, may_be_unnamed, stored
from handlers.text.escaping import as_kept
from handlers.text.numbers import number
from handlers.views.prompt import refresh_prompt
from handlers.views.start_dialog import HERE, OWN, SUMMARY_LIMIT, is_asked, offered_summary, start_dialog, starting


class StartFields(Filled, frozen=True):
    """The start dialog; of which playbook and where it asks only where there is a choice."""

    name: Annotated[str, Line(NAME_LIMIT)]
    summary: Annotated[str, Text(SUMMARY_LIMIT)]
    playbook: str
    where: str


StartForm = msgspec.defstruct("StartForm", AS_FIELDS, bases=(StartFields,), frozen=True)
"""The same with the attributes that a playbook wants to know before a run starts."""


def by_prompt(event: Press[OfPrompt], ctx: Context) -> Effects:
    """The prompt's start button, or the choice of a playbook in its menu."""
    prompt = open_prompt(ctx, event.payload.prompt_id, event.asker)
    wish = offered(ctx, prompt, event.payload.playbook_id, event.asker)
    if _is_archived(ctx, wish):
        yield permissions.archived(ctx, wish.row).refusal
        yield from refresh_prompt(ctx, prompt)
    elif is_asked(wish.book) and event.trigger_id:
        require_start(ctx, wish)
        yield start_dialog(ctx, wish, StartedBy("prompt", prompt.id, wish.row.id), event.place)
    else:
        yield from start_run(ctx, wish)


def by_dialog(event: Submission[StartedBy, StartFields], ctx: Context) -> Effects:
    """The start dialog, filled in; a second submission of the same showing changes nothing."""
    form, kind = event.form, event.payload.by
    wish = _wish(event, ctx)
    if not form.name and not may_be_unnamed(wish.book):
        yield Correct(errors={"name": ctx.say("start")["name_missing"]})
        return
    values, wrong = _attributes(ctx, wish, event)
    if wrong:
        yield Correct(errors=wrong)
        return
    wish = replace(wish, summary=_summary(ctx, wish, form.summary), attributes=values)
    here = event.place if (form.where or (HERE if kind == "here" else OWN)) == HERE else None
    if wish.prompt is not None and _is_archived(ctx, wish):
        yield permissions.archived(ctx, wish.row).correction
        yield from refresh_prompt(ctx, wish.prompt)
        return
    started = yield from start_run(ctx, wish, here)
    if wish.prompt is None:
        yield Answer(content=starting(ctx, started.run, form.name))


def _summary(ctx: Context, wish: Wish, typed: str) -> str:
    """Return the summary that somebody wishes for; a template that was left alone knows the attributes, too, by now."""
    offered = offered_summary(ctx, wish)
    kept = as_kept(typed, offered)
    return "" if kept == offered and wish.book.summary and wish.book.templates == "jinja2" else kept


def _attributes(ctx: Context, wish: Wish, event: Submission[StartedBy, StartFields]) -> tuple[Values, dict[str, str]]:
    """Return the attributes that a dialog was filled in with, and by field what cannot be.

    One that asked for the playbook could not ask for these; the run's channel is asked then.
    """
    fields = asked_at_start(wish.book)
    values, wrong = filled_in(ctx, fields, event.form, {}, event.asker)
    was_shown = wish.prompt is not None or event.payload.playbook_id is not None
    return values, {**(lacking(ctx, needed_at_start(wish.book), values) if was_shown else {}), **wrong}


def _wish(event: Submission[StartedBy, StartFields], ctx: Context) -> Wish:
    """Return what a dialog wants to start. Raises `Refused`."""
    form, by, asker = event.form, event.payload, event.asker
    if by.by == "prompt":
        prompt = ctx.store.prompt(by.prompt_id or 0)
        if prompt is not None and prompt.state != "open":
            # Who may not start it is told nothing of who did.
            permissions.require_start(ctx, asker, prompt.team_id, offered(ctx, prompt, by.playbook_id, asker).book)
        prompt = open_prompt(ctx, by.prompt_id or 0, asker)
        return offered(ctx, prompt, by.playbook_id, asker, form.name, form.summary)
    teams = start_team.teams_at(ctx, asker, event.place)
    if not teams:
        raise ctx.refused("start", "no_team")
    row = ctx.store.playbook(number(form.playbook) if by.playbook_id is None else by.playbook_id)
    shown = [one for team_id in teams for one in permissions.playbooks_for(ctx, asker, team_id)]
    if row is None or not (by.playbook_id or row in shown):
        said = ctx.say("start")
        raise Refused(Refuse(title=said["playbook"], text=said["playbook_missing"]), "playbook")
    team_id, _ = start_team.with_playbook(ctx, asker, event.place, row, "")
    return Wish(
        row=row,
        book=stored(ctx, row),
        asker=asker,
        team_id=team_id,
        asked_in=event.place.id,
        name=form.name,
        summary=form.summary,
    )


def _is_archived(ctx: Context, wish: Wish) -> bool:
    """Return whether a playbook that somebody may start is not in use any more, as they may know then."""
    permissions.require_start(ctx, wish.asker, wish.team_id, wish.book)
    return wish.row not in ctx.playbooks_in(wish.team_id)
