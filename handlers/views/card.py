"""The run card: one pinned message that says how the run stands and what is next, and leads to its checklists."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.controls import FINISH_ASK, HANDOVER_ASK, RUN_MORE, RUN_RESTART, TASK_DONE, TIMELINE_PAGE, UPDATE_ASK
from handlers.effects import LABEL_LIMIT, Button, Card, Colour, Content, Field, Menu, Redraw
from handlers.payloads import ItemOfRun, OfRun, OfTask, PageOfRun
from handlers.rules.assignees import named
from handlers.rules.places import origin_text
from handlers.rules.progress import Numbered, Progress, progress
from handlers.rules.retrospective import unanswered
from handlers.text.escaping import as_typed
from handlers.text.readers import Reader
from handlers.text.sentences import Said
from handlers.text.words import Safe, label, one_line, shorten
from handlers.views.amounts import lengths_of
from handlers.views.attributes import shown_rows
from handlers.views.checklist_links import checklist_links
from handlers.views.menu_items import items
from handlers.views.timeline import outcome_of
from store import Run


def card(ctx: Context, run: Run, standing: Progress | None = None, one: Reader | None = None) -> Content:
    """Return the card's content, with the buttons that mean something in the run's state; for `one` alone, if given."""
    ctx = ctx.to(one or ctx.readers_of(run))
    standing = standing or progress(ctx, run)
    said = _said(ctx, run, standing)
    colour, state = _state(ctx, run, said)
    fields = (
        Field(said["owner"], f"@{ctx.username(run.owner_id)}"),
        Field(said["state"], state),
        Field(said["tasks"], said["tasks_value"]),
        Field(said["next_update"], _next_update(ctx, run, said)),
        *_more(ctx, run, standing, said),
    )
    shown = Card(
        colour=colour,
        title=said["title"],
        text=said["text"],
        fields=fields,
        footer=said["footer"],
        controls=_controls(ctx, run, standing, said),
    )
    return Content("", (shown,))


def refresh_card(ctx: Context, run: Run, *, again: bool = False) -> Iterator[Redraw]:
    """Show how the run stands now, with `again` even where the card is known to show it.

    A draft of the facts about it is kept true with it.
    """
    for message in ctx.store.messages("card", run_id=run.id):
        yield Redraw(message_id=message.id, again=again)
    for message in ctx.store.messages("retro_draft", run_id=run.id):
        yield Redraw(message_id=message.id)


def _said(ctx: Context, run: Run, standing: Progress) -> Said:
    return ctx.say(
        "card",
        run=run,
        playbook=run.definition["title"],
        done=standing.done,
        total=standing.total,
        creator=ctx.username(run.creator_id),
        **lengths_of(ctx, run),
        origin_link=ctx.post_link(run.team_id, run.origin_post_id),
        is_quoted=not _is_in_summary(run) and bool(origin_text(ctx, run)),
    )


def _is_in_summary(run: Run) -> bool:
    """Return whether the summary begins with the message that the run began with, as the start dialog suggests it."""
    return one_line(as_typed(run.summary)).startswith(one_line(run.origin_text.removesuffix("…")))


def _state(ctx: Context, run: Run, said: Said) -> tuple[Colour, str]:
    if not run.is_active:
        return "green", said["state_finished"]
    if run.is_update_late(ctx.now):
        return "red", said["state_late"]
    return "blue", said["state_active"]


def _next_update(ctx: Context, run: Run, said: Said) -> str:
    if run.update_due_at is None:
        return said["next_none"]
    return said["next_late" if run.is_update_late(ctx.now) else "next_due"]


def _more(ctx: Context, run: Run, standing: Progress, said: Said) -> Iterator[Field]:
    """Yield what not every run has; what is next stands last, beside its button."""
    if standing.checklists:
        links = ctx.say("card", lists=checklist_links(ctx, run, standing))["checklists_value"]
        yield Field(said["checklists"], links, short=False)
    held = [(one.role, one.person_id) for one in ctx.store.role_holders(run.id)]
    rows = [{"role": role, "who": ctx.username(person_id) if person_id else ""} for role, person_id in held]
    if rows:
        yield Field(said["roles"], ctx.say("card", rows=rows)["roles_value"], short=False)
    if attributes := shown_rows(ctx, run):
        yield Field(said["values"], ctx.say("card", rows=attributes)["values_value"], short=False)
    if run.attributes:
        yield Field(said["attributes"], said["attributes_value"], short=False)
    if run.last_update_at is not None:
        yield Field(said["last_update"], said["last_update_value"], short=False)
    if outcome := outcome_of(ctx, run):
        yield Field(said["outcome"], ctx.say("card", outcome=outcome)["outcome_value"], short=False)
    if run.is_active:
        yield from _next_tasks(ctx, run, standing)
    elif (row := ctx.store.retrospective(run.id)) is not None and row.drafted_at is not None:
        sections = ctx.store.retro_sections(run.id)
        value = ctx.say("card", retro=row, open=len(unanswered(sections)))["retrospective_value"]
        yield Field(said["retrospective"], value, short=False)


def _next_tasks(ctx: Context, run: Run, standing: Progress) -> Iterator[Field]:
    """Yield the open task that is due first, overdue ones included, and the first of all that are open."""
    due = [(one.task.due_at, one) for one in standing.open if one.task.due_at is not None]
    coming = standing.open[:1]
    urgent = [min(due, key=lambda pair: pair[0])[1]] if due else []
    if urgent and urgent[0] not in coming:
        yield _task_field(ctx, run, urgent[0], "next_task")
    for one in coming:
        yield _task_field(ctx, run, one, "begin_with")


def _task_field(ctx: Context, run: Run, one: Numbered, block: str) -> Field:
    task = one.task
    said = ctx.say(
        "card",
        number=Safe(one.number),
        title=shorten(task.title, 80),
        in_progress=task.state == "in_progress",
        assignees=named(ctx, run, task.assignees),
        at=task.due_at,
        late=task.is_overdue(ctx.now),
    )
    return Field(said[block], said["task_value"], short=False)


def _controls(ctx: Context, run: Run, standing: Progress, said: Said) -> tuple[Button | Menu, ...]:
    of = OfRun(run.id)
    more = RUN_MORE.menu(said["more"], items(ctx, RUN_MORE, is_active=run.is_active), ItemOfRun(of.run_id))
    if not run.is_active:
        timeline = TIMELINE_PAGE.button(said["timeline"], PageOfRun(of.run_id, 1))
        return (RUN_RESTART.button(said["restart"], of), timeline, more)
    coming = [TASK_DONE.button(_label(one), OfTask(one.task.id), "good") for one in standing.open[:1]]
    # On a phone each takes a line of its own; what there is no room for stands in the menu.
    hand_over = [] if coming else [HANDOVER_ASK.button(said["hand_over"], of)]
    post_update = UPDATE_ASK.button(said["post_update"], of, "primary")
    return (*coming, post_update, *hand_over, FINISH_ASK.button(said["finish"], of), more)


def _label(one: Numbered) -> str:
    return f"✓ {label(shorten(f'{one.number} {one.task.title}', LABEL_LIMIT - len('✓ ')))}"
