"""Attributes of a run in words: their values, what is missing, and what is around tasks."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from handlers.context import Context
from handlers.controls import ATTRIBUTES_ASK
from handlers.effects import Card, Content, Post, Redraw
from handlers.payloads import OfRun
from handlers.playbooks.attributes import Attribute
from handlers.rules.assignees import role_of
from handlers.rules.attributes import attributes_of, kept_values
from handlers.rules.condition_words import condition_of
from handlers.rules.planned_tasks import is_met_now, missing_for, planned_task
from handlers.rules.progress import Numbered
from handlers.text.words import Safe, escape, mention
from handlers.views.keep import post
from store import Message, Run, Task


def value_in_words(ctx: Context, attribute: Attribute, values: tuple[str, ...], *, plain: bool = False) -> Safe:
    """Return values as their reader writes them, empty for none; `plain` ones are for where they are escaped later."""
    said: list[str] = []
    for one in values:
        if attribute.type == "date":
            said.append(ctx.say("attribute", day=date.fromisoformat(one))["day"])
        elif attribute.type == "person":
            said.append(mention(ctx.username(one)))
        else:
            said.append(one if plain else escape(one))
    return Safe(", ".join(said))


def rows_of(ctx: Context, run: Run) -> list[dict[str, Any]]:
    """Return all attributes of a run for a template: called, what it is, and the options of those that have some."""
    kept = kept_values(ctx, run)
    return [
        {
            "name": one.name,
            "value": value_in_words(ctx, one, kept[one.name]),
            "choices": one.choices,
            "required": one.required,
            "show": one.show,
            "description": one.description,
        }
        for one in attributes_of(run)
    ]


def shown_rows(ctx: Context, run: Run) -> list[dict[str, Any]]:
    """Return those attributes that cards and pages show, for a template."""
    return [one for one in rows_of(ctx, run) if one["show"] == "always" or (one["show"] == "filled" and one["value"])]


def hidden_rows(ctx: Context, run: Run) -> list[dict[str, Any]]:
    """Return the tasks of a run that are hidden for a template, each with its condition."""
    positions = {row.id: row.position for row in ctx.store.checklists(run.id)}
    return [
        {
            "number": Safe(f"{positions[one.checklist_id]}.{one.position}"),
            "title": one.title,
            "when": condition_of(ctx, run, one),
        }
        for one in ctx.store.tasks(run.id, hidden=True)
        if one.hidden
    ]


def asking(ctx: Context, run: Run) -> Content:
    """Return what a run's channel is asked for that was not said when it began, or what it is by now."""
    ctx = ctx.to(ctx.readers_of(run))
    rows = [one for one in rows_of(ctx, run) if one["required"]]
    missing = [one["name"] for one in rows if not one["value"]]
    if not missing:
        return Content("", (Card(colour="grey", text=ctx.say("attribute", rows=rows)["said_now"]),))
    said = ctx.say("attribute", names=missing, count=len(missing), example=Safe(role_of(missing[0])))
    controls = (ATTRIBUTES_ASK.button(said["ask"], OfRun(run.id), "primary"),) if run.is_active else ()
    return Content("", (Card(colour="amber", text=said["to_be_said"], controls=controls),))


def ask_for_missing(ctx: Context, run: Run) -> Iterator[Post]:
    """Ask in a run's channel for what has to be said of it, and was not when it began."""
    kept = kept_values(ctx, run)
    if any(one.required and not kept[one.name] for one in attributes_of(run)):
        yield from post(ctx, Message(kind="attributes", run_id=run.id, place_id=run.channel_id or ""), asking(ctx, run))


def refresh_asking(ctx: Context, run: Run) -> Iterator[Redraw]:
    """Show what has been said meanwhile."""
    for message in ctx.store.messages("attributes", run_id=run.id):
        yield Redraw(message_id=message.id)


def tell_missing(ctx: Context, run: Run, tasks: Sequence[Numbered], root_id: str = "") -> Iterator[Post]:
    """Say in a run's channel that tasks are not done yet, for want of attributes that they need."""
    to = ctx.readers_of(run)
    for one in tasks if run.channel_id is not None and not run.closed_place else ():
        names = [each.name for each in missing_for(ctx, run, one.task)]
        about = {"number": Safe(one.number), "title": one.task.title, "names": names, "count": len(names)}
        text = ctx.say("attribute", to, **about, example=Safe(role_of(names[0])))["needs"]
        message = Message(kind="note", run_id=run.id, task_id=one.task.id, place_id=run.channel_id or "")
        yield from post(ctx, message, Content(text), root_id=root_id)


def needs_of(ctx: Context, run: Run, task: Task) -> list[dict[str, Any]]:
    """Return the attributes that a task needs before it can be done, for a template."""
    planned = planned_task(ctx, run, task)
    names = planned.needs if planned is not None else ()
    return [one for one in rows_of(ctx, run) if one["name"] in names] if names else []


def around_in_words(ctx: Context, run: Run, task: Task) -> Safe:
    """Return what there is around a task: its links, the attributes that it needs, and the condition on which it is."""
    planned = planned_task(ctx, run, task)
    if planned is None or not (planned.links or planned.needs or planned.when):
        return Safe("")
    said = ctx.say(
        "task",
        links=[(one.called, one.url) for one in planned.links],
        needs=needs_of(ctx, run, task),
        when=condition_of(ctx, run, task),
        is_met=is_met_now(ctx, run, task),
    )
    return Safe(said["around"])
