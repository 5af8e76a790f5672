"""A run as three files: Markdown and HTML for people, JSON for programs."""

import html
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from string import Template

from handlers.context import Context
from handlers.effects import File
from handlers.export.collect import document_of
from handlers.export.document import Document, encoded
from handlers.figures.facts import facts_of
from handlers.text.naming import channel_name
from handlers.text.rich_text import html as rich
from handlers.text.words import Safe
from handlers.views.amounts import beside_in_words, hints_in_words, milestone_rows
from store import Run
from store.queries.visible import Condition

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Written:
    """A run as words: the name that its files have, its title, as Markdown and as a document."""

    name: str
    title: str
    language: str
    markdown: str
    document: Document


def written(ctx: Context, run: Run, seen: Condition) -> Written:
    """Return a run as words for who asks, in their language and by their clock; `seen` as for `document_of`."""
    document = document_of(ctx, run, seen)
    name = f"run-{channel_name(run.name, str(run.id), run.id)}"
    return Written(name, run.name, ctx.reader.language, as_markdown(ctx, run, document, seen), document)


def files_of(found: Written) -> tuple[File, ...]:
    """Return a run as files; nothing is asked for any more."""
    return (
        File(f"{found.name}.md", f"{found.markdown}\n".encode()),
        File(f"{found.name}.html", as_html(found.title, found.markdown, found.language).encode()),
        File(f"{found.name}.json", encoded(found.document)),
    )


def as_markdown(ctx: Context, run: Run, document: Document, seen: Condition) -> str:
    """Return a run as Markdown."""
    # A time tells its day where that is not the one on which the run began, whenever this is read.
    ctx, found = replace(ctx, now=run.created_at), facts_of(ctx, run)
    # Those of the same time stand in their own order.
    reached = sorted((name for name in found.milestones if found.at(name)), key=lambda name: found.at(name) or ctx.now)
    retro = document.retrospective
    said = ctx.say(
        "export",
        run=document.run,
        again=found.again,
        started=_dated(ctx, found.at("started") or run.created_at),
        ended=found.at("finished"),
        exported=_dated(ctx, document.exported_at),
        metrics=beside_in_words(ctx, run, found, seen) if found.metrics else "",
        milestones=milestone_rows(ctx, found, reached),
        hints=hints_in_words(ctx, found.out_of_order),
        people=document.people,
        checklists=document.checklists,
        updates=document.updates,
        sections=[one for one in retro.sections if one.text] if retro is not None else [],
        retrospective=retro is not None,
        published_at=retro.published_at if retro is not None else None,
        skipped=retro.skipped_because if retro is not None and retro.state == "skipped" else "",
        timeline=[{"number": one.number, "at": one.at, "words": Safe(one.words)} for one in document.timeline],
    )
    return said["markdown"]


def _dated(ctx: Context, at: datetime) -> Safe:
    """Say a time with its year, as it is read for years."""
    return Safe(replace(ctx, now=at - A_YEAR).say("export", at=at)["dated"])


def as_html(title: str, text: str, language: str) -> str:
    """Return Markdown as a page by itself, which asks for nothing from anywhere and runs nothing."""
    return _page().substitute(title=html.escape(title), body=rich(text), language=html.escape(language))


@cache
def _page() -> Template:
    return Template(files("templates").joinpath("export", "page.html").read_text(encoding="utf-8"))
