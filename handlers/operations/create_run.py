"""Making a run with all that its playbook plans, and having its channel opened."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from handlers.context import Context
from handlers.effects import OpenChannel
from handlers.figures.keep import begin_figures
from handlers.playbooks.playbook import Playbook, fill, playbook_of
from handlers.playbooks.playbook import Task as PlannedTask
from handlers.rules import due_reminders, jobs, planned_people
from handlers.rules.action_rows import rows_of
from handlers.rules.assignees import ROLE, role_of
from handlers.rules.attributes import keep_values
from handlers.rules.planned_tasks import settle_conditions
from handlers.rules.rotas import plan_turn
from handlers.rules.run_request import NAME_LIMIT, Wish, is_template, unfilled_summary, values_of
from handlers.rules.run_texts import NAME, SUMMARY, Texts, Values, filled_book, texts_of
from handlers.text import naming
from handlers.text.durations import Span
from handlers.text.placeholders import filled, filled_in
from handlers.text.words import Safe, escape, shorten
from store import Checklist, KnownPerson, RoleHolder, Run, Task, new_key

HEADER_LIMIT = 1024

Present = Mapping[str, KnownPerson]
"""Who of those whom a playbook names is there, by "@name"."""


def make_run(ctx: Context, wish: Wish) -> Run:
    """Remember a new run with its tasks and its first reminder; its channel is still to be opened."""
    present = planned_people.there(ctx, wish.team_id, planned_people.all_named(wish.book))
    owner = present.get(wish.book.owner)
    place_id, post_id = wish.origin
    values = values_of(ctx, wish)
    # All that is to be rendered is asked for before there is a run, so that no number is used up for that.
    texts = texts_of(ctx, wish.book, values)
    run = ctx.store.add(
        Run(
            key=new_key(),
            team_id=wish.team_id,
            playbook_id=wish.row.id,
            playbook_version=wish.row.version,
            definition=wish.book.definition(),
            name="",
            owner_id=owner.id if owner and planned_people.may_own(owner) else wish.asker.id,
            creator_id=wish.asker.id,
            timezone=wish.book.timezone or wish.asker.timezone,
            origin_channel_id=place_id,
            origin_post_id=post_id,
            origin_text=shorten(wish.message, 1000),
            created_at=ctx.now,
            update_every=wish.book.updates.every,
            is_trial=wish.is_trial,
        )
    )
    keep_values(ctx, run, wish.attributes)
    if wish.book.prefix:
        run.prefix, run.sequence = wish.book.prefix, ctx.store.take_sequence(wish.row)
    texts = texts.numbered(str(run.id), run.called)
    _describe(run, wish, texts, values)
    book, run.texts = filled_book(wish.book, texts)
    run.definition = book.definition()
    _plan(ctx, run, book, present)
    _give_roles(ctx, run, wish.book, present)
    for row in rows_of(ctx, run):
        if row.kind in ("channel", "header"):
            row.cause(ctx.now, wish.asker.id, None)
            row.begun_at = ctx.now
    ctx.note(run, "started", wish.asker.id, post_id=run.origin_post_id)
    begin_figures(ctx, run)
    return run


def _describe(run: Run, wish: Wish, texts: Texts, values: Values) -> None:
    """Name a run and sum it up as somebody wished, or else as its playbook says."""
    is_tokens = wish.book.templates == "tokens"
    known = values.by_name(()) | {"seq": run.called} | ({} if is_tokens else {"number": str(run.id)})
    marked = {name: escape(value) for name, value in known.items()}
    failed = {one.name for one in texts.failed}
    name = "" if wish.book.name_fixed else filled(wish.name, known, is_line=True, is_tokens=is_tokens)
    name = name or ("" if NAME in failed else texts.said.get(NAME, ""))
    run.name = shorten(name, NAME_LIMIT) or f"{wish.book.title} {run.called}"
    summary = filled(wish.summary, marked, is_tokens=is_tokens) or texts.said.get(SUMMARY, "")
    run.summary = "" if is_template(summary, wish.book) else filled_in(summary, unfilled_summary(wish.book))


def open_channel(ctx: Context, run: Run) -> Iterator[OpenChannel]:
    """Have a run's channel opened, with a name and a header as its playbook says."""
    book = playbook_of(run.definition)
    to = ctx.readers_of(run)
    said = ctx.say("start", to, playbook=shorten(book.title, 100), number=run.called, mark=Safe(run.key))
    wish = fill(book.channel.name, message=run.name, number=str(run.id)) if book.channel.name else run.name
    yield OpenChannel(
        run_id=run.id,
        team_id=run.team_id,
        name=naming.channel_name(wish, book.key, run.id),
        title=shorten(run.name, 64),
        private=book.channel.visibility == "private",
        header=header_of(ctx, run, book),
        purpose=said["channel_purpose"],
        mark=run.key,
    )


def header_of(ctx: Context, run: Run, book: Playbook) -> str:
    """Return the header that a playbook gives the channel of a run."""
    said = ctx.say("start", ctx.readers_of(run), playbook=shorten(book.title, 100), number=run.called)
    header = said["channel_header"] + (f" · {escape(book.channel.header)}" if book.channel.header else "")
    return shorten(header, HEADER_LIMIT)


def _give_roles(ctx: Context, run: Run, book: Playbook, present: Present) -> None:
    for one in book.roles:
        person = planned_people.in_turn(ctx, run, one.rota, ctx.now)[0] if one.rota else present.get(one.person or "")
        holder = person.id if person and planned_people.may_have(person) else ""
        ctx.store.add(RoleHolder(run_id=run.id, role=one.name, person_id=holder))
    plan_turn(ctx, run)


def _plan(ctx: Context, run: Run, book: Playbook, present: Present) -> None:
    rows = ctx.store.add_all(
        [Checklist(run_id=run.id, position=at, title=one.title) for at, one in enumerate(book.checklists, 1)]
    )
    tasks = [
        (row.id, position, task)
        for row, checklist in zip(rows, book.checklists, strict=True)
        for position, task in enumerate(checklist.tasks, 1)
    ]
    ctx.store.add_all([task_row(ctx, run, number, *one, present) for number, one in enumerate(tasks, 1)])
    settle_conditions(ctx, run)
    due_reminders.plan(ctx, run)
    if run.update_every:
        run.update_due_at = _after(ctx, run, run.update_every)
        jobs.plan(ctx, "update", run, run.update_due_at)


def task_row(
    ctx: Context, run: Run, number: int, checklist_id: int, position: int, task: PlannedTask, present: Present
) -> Task:
    """Return a task as a run begins with it, the `number`-th that its playbook plans; it is not added yet."""
    done_when, ids = task.done_when, {name: person.id for name, person in present.items()}
    return Task(
        run_id=run.id,
        checklist_id=checklist_id,
        position=position,
        planned=number,
        title=task.title,
        description=task.description,
        assignees=_assignees(task, present),
        due_at=_after(ctx, run, task.due) if task.due else None,
        command=task.command or "",
        words=list(done_when.says) if done_when else [],
        # The name of one who is gone stays, so that the words do not count from everybody.
        words_by=[ids.get(name, name) for name in done_when.by] if done_when else [],
        by_update=bool(done_when and done_when.update),
    )


def _after(ctx: Context, run: Run, seconds: int) -> datetime:
    return Span.of(seconds).after(run.created_at, ctx.readers_of(run).zone)


def _assignees(task: PlannedTask, present: Present) -> list[str]:
    """Return whom a task is for: roles, whoever an attribute names, and the ids of the people who are there."""
    ids = {name: person.id for name, person in present.items() if planned_people.may_have(person)}
    found = [ids.get(name, f"{ROLE}{name}") for name in task.people if name in ids or not name.startswith("@")]
    named = [f"{ROLE}{role_of(task.assignee_attribute)}"] if task.assignee_attribute is not None else []
    return list(dict.fromkeys([*found, *named]))
