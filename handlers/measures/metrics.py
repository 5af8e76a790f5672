"""The metrics of a run: told beside their targets and the last runs', and those that are asked for filled in."""

from typing import Annotated

import msgspec

from handlers.context import Context
from handlers.controls import METRICS_ASK, METRICS_SAVE
from handlers.effects import Answer, Content, Effects, Entry
from handlers.events import Acted, ButtonPressed, CommandGiven, Person, Press, Submission
from handlers.figures.facts import facts_of
from handlers.figures.recent import recent
from handlers.figures.run_facts import Valued
from handlers.forms import Filled, Line, at_field
from handlers.operations.set_metric import MetricSet, set_metric
from handlers.payloads import OfRun
from handlers.playbooks.metrics import Metric
from handlers.playbooks.playbook import playbook_of
from handlers.rules import permissions
from handlers.rules.sight import viewer_of
from handlers.text import amounts
from handlers.text.arguments import first_part, is_none
from handlers.text.plain_forms import bare
from handlers.text.words import Safe, plain, shorten
from handlers.views.amounts import METRIC_FIELDS, amount_in_words, beside_in_words, metric_fields, metric_row
from handlers.views.listed import listed
from store import Run
from store.queries.visible import Condition, visible_to

LIMIT = 60
"""How many characters a value has at most."""
MetricsForm = msgspec.defstruct(
    "MetricsForm", [(name, Annotated[str | None, Line(LIMIT)]) for name in METRIC_FIELDS], bases=(Filled,), frozen=True
)
"""The dialog of the metrics that are asked for, each by its number among the playbook's metrics."""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`metric`, `metric users-affected 120`, `metric cost none`."""
    if not words:
        yield Answer(content=_told(ctx, run, event.asker))
        return
    permissions.require(ctx, "change", event.asker, run)
    metric, rest = _named(ctx, run, words)
    if not rest and event.trigger_id and not metric.is_measured:
        yield from asked(event, run, ctx)
        return
    done = yield from set_metric(ctx, run, metric, _amount(ctx, metric, rest), event.asker)
    yield Answer(content=Content(_said(ctx, run, done, event.asker)))


def asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Metrics…* in the card's menu, and *Fill in…* below the list of them."""
    found = facts_of(ctx, run)
    fields = [_entry(ctx, one, name) for one, name in metric_fields(found)]
    if not fields:
        yield Answer(content=_told(ctx, run, event.asker))
        return
    said = ctx.say("metric", lines=beside_in_words(ctx, run, found, _seen(ctx, event.asker)))
    yield METRICS_SAVE.ask(OfRun(run.id), said, fields[0], *fields[1:])


def by_button(event: Press[OfRun], run: Run, ctx: Context) -> Effects:
    """*Fill in…*."""
    yield from asked(event, run, ctx)


def saved(event: Submission[OfRun, Filled] | Acted[Filled], run: Run, ctx: Context) -> Effects:
    """The dialog of the metrics, saved; a field that was left as it was shown changes nothing."""
    new = []
    for one, name in metric_fields(facts_of(ctx, run)):
        # Clients from 11 on leave out an optional field that is empty.
        words = getattr(event.form, name) or ""
        if words != _in_field(one):
            with at_field(name):
                new.append((one.metric, _amount(ctx, one.metric, words or "none")))
    done = []
    for metric, amount in new:
        done.append((yield from set_metric(ctx, run, metric, amount, event.asker)))
    lines = [Safe(_said(ctx, run, one, event.asker)) for one in done]
    yield ctx.answer("metric", "several" if lines else "unchanged", lines=lines)


def _named(ctx: Context, run: Run, words: str) -> tuple[Metric, str]:
    """Return the metric that words begin with, by its key or its title, and what stands behind. Raises `Refused`."""
    metrics = playbook_of(run.definition).retrospective.metrics
    for one in metrics:
        title = words[: len(one.title)]
        if title.casefold() == one.title.casefold() and words[len(title) :][:1] in ("", " "):
            return one, words[len(title) :].strip()
    first, rest = first_part(words)
    for one in metrics:
        if bare(first).casefold() in (one.key, one.title.casefold()):
            return one, rest
    asked_for = [one for one in metrics if not one.is_measured]
    keys = [one.key for one in asked_for or metrics]
    like = ctx.say("metric")[f"like_{asked_for[0].type}"] if asked_for else ""
    raise ctx.refused("metric", "which", words=first, keys=keys, like=like)


def _amount(ctx: Context, metric: Metric, words: str) -> int | None:
    """Return the amount that words name, None where they take it back. Raises `Refused`."""
    if is_none(words):
        return None
    try:
        return amounts.read(words, metric.type, metric.currency)
    except amounts.Unfit:
        raise ctx.refused("metric", f"wrong_{metric.type}", "wrong", metric=metric, words=words) from None


def _entry(ctx: Context, one: Valued, name: str) -> Entry:
    metric = one.metric
    said = ctx.say("metric", currency=metric.currency, title=plain(shorten(metric.title, 24)))
    return Entry(
        name=name,
        label=said["field"],
        default=_in_field(one),
        help=str(plain(shorten(metric.description, 150))) or said[f"help_{metric.type}"],
        optional=True,
        max_length=LIMIT,
    )


def _in_field(one: Valued) -> str:
    """Return a value as it stands in a field, in which it is read again; empty for none."""
    return amounts.written(one.amount, one.metric.type, one.metric.currency) if one.amount is not None else ""


def _seen(ctx: Context, asker: Person) -> Condition:
    return visible_to(ctx.store, viewer_of(ctx, asker))


def _said(ctx: Context, run: Run, done: MetricSet, asker: Person) -> str:
    beside = recent(ctx, run, done.metric, _seen(ctx, asker))
    row = metric_row(ctx, Valued(done.metric, done.amount), beside)
    before = Safe(amount_in_words(ctx, done.metric, done.before)) if done.before is not None else ""
    said = ctx.say("metric", before=before, **row)
    return said["same" if not done.moment_id else "set" if done.amount is not None else "unset"]


def _told(ctx: Context, run: Run, asker: Person) -> Content:
    found = facts_of(ctx, run)
    if not found.metrics:
        return Content(ctx.say("metric")["none"])
    asks = [one.metric for one in found.metrics if not one.metric.is_measured]
    like = ctx.say("metric")[f"like_{asks[0].type}"] if asks else ""
    again = {"reopened": found.reopened, "again": found.again}
    about = {"name": run.name, **again, "asks": bool(asks), "like": like}
    said = ctx.say("metric", example=asks[0].key if asks else "", **about)
    may_set = bool(asks) and permissions.is_offered(ctx, "change", asker, run)
    controls = (METRICS_ASK.button(said["ask"], OfRun(run.id)),) if may_set else ()
    text = f"{beside_in_words(ctx, run, found, _seen(ctx, asker))}\n\n{said['foot']}".strip()
    return listed(ctx, text, controls, above=said["title"])
