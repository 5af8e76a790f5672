"""Changing a run's name and summary, and putting them back; whoever asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import ChangeChannel, Doing
from handlers.events import Person
from handlers.operations.enter_moment import enter
from handlers.playbooks.playbook import playbook_of
from handlers.rules.run_request import NAME_LIMIT, is_template
from handlers.text.placeholders import filled_in
from handlers.text.words import shorten
from handlers.views.card import refresh_card
from handlers.views.news import refresh_news
from handlers.views.prompt import refresh_questions
from store import Moment, MomentKind, Run

SUMMARY_LIMIT = 3000
TITLE_LIMIT = 64
"""The longest title of a channel (server source: model/channel.go)."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a run's `name` and `summary` were and are, as far as they changed, and the timeline's entry of that."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    moment_id: int = 0


def describe_run(
    ctx: Context, run: Run, by: Person, *, name: str | None = None, summary: str | None = None
) -> Doing[Described]:
    """Give a run another name and summary.

    Raises `Refused` where the name is empty, one of them is too long, or the summary is the playbook's template.
    """
    if name is not None and not 0 < len(name) <= NAME_LIMIT:
        raise ctx.refused("describe", "name_wrong", "name", limit=NAME_LIMIT)
    if summary is not None and len(summary) > SUMMARY_LIMIT:
        raise ctx.refused("describe", "summary_wrong", "summary", limit=SUMMARY_LIMIT).at("summary")
    if summary is not None and summary != run.summary and is_template(summary, playbook_of(run.definition)):
        raise ctx.refused("describe", "untouched", "summary").at("summary")
    written = filled_in(summary, playbook_of(run.definition).summary) if summary is not None else None
    wanted = {"name": name, "summary": written}
    return (yield from _change(ctx, run, by, {part: text for part, text in wanted.items() if text is not None}))


def undo_description(ctx: Context, run: Run, moment: Moment, by: Person) -> Doing[Described]:
    """Put back what an entry of the timeline tells the change of. Raises `Refused` where it was changed again since."""
    if any(getattr(run, part) != text for part, text in moment.details["after"].items()):
        raise ctx.refused("describe", "changed")
    return (yield from _change(ctx, run, by, moment.details["before"]))


def _change(ctx: Context, run: Run, by: Person, wanted: Mapping[str, str]) -> Doing[Described]:
    after = {part: text for part, text in wanted.items() if getattr(run, part) != text}
    if not after:
        return Described({}, {})
    before = {part: getattr(run, part) for part in after}
    for part, text in after.items():
        setattr(run, part, text)
    kind: MomentKind = "renamed" if "name" in after else "summary"
    subject = run.name if "name" in after else run.summary
    moment = enter(ctx, run, kind, by.id, subject, before=before, after=after)
    if "name" in after and run.own_channel and run.channel_id is not None and not run.closed_place:
        yield ChangeChannel(run_id=run.id, place_id=run.channel_id, title=shorten(run.name, TITLE_LIMIT))
    yield from refresh_card(ctx, run)
    yield from refresh_news(ctx, run)
    yield from refresh_questions(ctx, run)
    return Described(before, after, moment.id)
