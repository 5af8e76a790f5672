"""The milestones of a run: told, set and corrected, by words and by a dialog."""

import re
from typing import Annotated

from handlers.context import Context
from handlers.controls import TIMES_ASK, TIMES_SAVE, entry
from handlers.effects import Answer, Content, Effects
from handlers.events import Acted, ButtonPressed, CommandGiven, Press, Submission
from handlers.figures.facts import facts_of
from handlers.figures.run_facts import RunFacts
from handlers.forms import Filled, Line
from handlers.operations.set_milestone import REASON_LIMIT, MilestoneSet, filled_in, set_milestone
from handlers.payloads import OfRun
from handlers.playbooks.milestones import BY_PEOPLE, NAMES, TASK, is_task, plain_name, task_title, titled
from handlers.rules import permissions
from handlers.rules.past_named import past_named
from handlers.rules.time_fields import LIMIT, field_of, time_entries
from handlers.text.arguments import first_part, first_word, is_none
from handlers.text.plain_forms import aligned, bare
from handlers.text.words import Safe, escape, one_line
from handlers.views.amounts import hints_in_words, milestone_in_words, milestone_rows
from handlers.views.listed import listed
from store import Run

_BECAUSE = re.compile(r"\s(?:because|reason:)\s", re.IGNORECASE)


class TimesForm(Filled, frozen=True):
    """The dialog of the times that people set."""

    impact_started: Annotated[str | None, Line(LIMIT)]
    detected: Annotated[str | None, Line(LIMIT)]
    mitigated: Annotated[str | None, Line(LIMIT)]
    impact_ended: Annotated[str | None, Line(LIMIT)]
    because: Annotated[str, Line(REASON_LIMIT)]


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`time`, `time impact-started 13:40`, `time mitigated 13:35 because the graphs show it`, `time detected none`."""
    if not words:
        yield Answer(content=_told(ctx, run, event))
        return
    permissions.require(ctx, "change", event.asker, run)
    found = facts_of(ctx, run)
    name, rest = _named(ctx, found, words)
    if not rest and event.trigger_id and name in BY_PEOPLE:
        yield from asked(event, run, ctx)
        return
    because = _BECAUSE.search(f"{aligned(rest)} ")
    when, reason = (rest[: because.start()], rest[because.end() :]) if because else (rest, "")
    at = None if is_none(when) else past_named(ctx, when)
    done = yield from set_milestone(ctx, run, name, at, event.asker, one_line(reason))
    yield Answer(content=Content(_said(ctx, done, one_line(reason))))


def _named(ctx: Context, found: RunFacts, words: str) -> tuple[str, str]:
    """Return the milestone that words begin with, and what stands behind it. Raises `Refused`."""
    first, rest = first_word(words)
    second, behind = first_word(rest)
    for said, left in ((f"{first} {second}", behind), (first, rest)):
        if name := plain_name(bare(said)):
            return name, left
    of_task = rest if bare(first).casefold() == "task" else words
    part, left = first_part(of_task)
    known = {task_title(name): name for name in found.milestones if is_task(name)}
    if title := titled(part, known):
        return f"{TASK}{title}", left
    raise ctx.refused("time", "unknown", name=part)


def asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Times…* in the card's menu, and *Set a time…* below the list of them: the times that people set."""
    found = facts_of(ctx, run)
    said = ctx.say("time", name=escape(run.name))
    times = time_entries(ctx, [(name, found.at(name)) for name in BY_PEOPLE])
    because = entry(said, "because", optional=True, max_length=REASON_LIMIT)
    yield TIMES_SAVE.ask(OfRun(run.id), said, times[0], *times[1:], because)


def by_button(event: Press[OfRun], run: Run, ctx: Context) -> Effects:
    """*Set a time…*."""
    yield from asked(event, run, ctx)


def saved(event: Submission[OfRun, TimesForm] | Acted[TimesForm], run: Run, ctx: Context) -> Effects:
    """The dialog of the times, saved; a field that was left as it was shown changes nothing."""
    form = event.form
    times = filled_in(ctx, run, {name: getattr(form, field_of(name)) for name in BY_PEOPLE}, form.because)
    done = []
    for name, at in times:
        done.append((yield from set_milestone(ctx, run, name, at, event.asker, form.because)))
    lines = [Safe(_said(ctx, one, form.because)) for one in done]
    yield ctx.answer("time", "several" if lines else "unchanged", lines=lines)


def _said(ctx: Context, done: MilestoneSet, reason: str) -> str:
    said = ctx.say(
        "time",
        called=milestone_in_words(ctx, done.name),
        at=done.at,
        before=done.before,
        is_correction=done.is_correction,
        reason=reason,
        hints=hints_in_words(ctx, done.hints),
    )
    if not done.moment_id:
        return said["same"]
    return said["taken_back" if done.is_taken_back else "set"]


def _told(ctx: Context, run: Run, event: CommandGiven) -> Content:
    found = facts_of(ctx, run)
    names = [*NAMES, *(name for name in found.milestones if is_task(name))]
    reached = sorted((name for name in names if found.at(name)), key=lambda name: found.milestones[name].at or ctx.now)
    missing = [name for name in names if not found.at(name) and (name in BY_PEOPLE or is_task(name))]
    said = ctx.say(
        "time",
        name=run.name,
        rows=milestone_rows(ctx, found, [*reached, *missing]),
        hints=hints_in_words(ctx, found.out_of_order),
        took=found.took_s,
        open=found.open_s,
        reopened=found.reopened,
        again=found.again,
    )
    may_set = permissions.is_offered(ctx, "change", event.asker, run)
    controls = (TIMES_ASK.button(said["ask"], OfRun(run.id)),) if may_set else ()
    return listed(ctx, said["text"], controls, above=said["title"])
