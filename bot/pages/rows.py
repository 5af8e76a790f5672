"""Which page stands at which address: a row for each, with its template and what makes its value from the store."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.pages import pictures
from bot.pages.questions import Questions
from handlers.context import Context
from handlers.pages import (
    editor,
    gallery,
    imports,
    insights,
    my_tasks,
    playbooks,
    preview,
    retrospective,
    run,
    runs,
    settings,
    versions,
)
from handlers.pages.asked import Asked


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `{…}` in its path are parts that vary, `show` makes what its template draws as `page`.

    `show` is asked beside the desk and writes nothing. It raises `NotThere` where there is no such page for who asks.
    A `live` one is told when the run in its path changes, or any run where it has none. With `rehearse` what `show`
    returns is what is tried out where nothing stays, and `page` what came of that.
    """

    path: str
    template: str
    show: Callable[[Context, Asked], object]
    live: bool = False
    rehearse: Callable[[Context, Any], object] | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """What is no page, such as a picture: `make` answers who is signed in, and raises `NotThere` as `show` does."""

    path: str
    make: Callable[[Questions, Asked], Awaitable[web.Response]]


PAGES: tuple[Page | Served, ...] = (
    Page("/runs", "runs.html.j2", runs.runs_page, live=True),
    Page("/runs/{run}", "run.html.j2", run.run_page, live=True),
    Page("/tasks", "my_tasks.html.j2", my_tasks.tasks_page, live=True),
    Page("/playbooks", "playbooks.html.j2", playbooks.books_page),
    Page("/playbooks/new", "book_new.html.j2", gallery.new_page),
    Page("/playbooks/new/{starter}", "book_preview.html.j2", preview.starter_plan, rehearse=preview.rehearsed),
    Page("/playbooks/import", "book_import.html.j2", imports.upload_page),
    Page("/playbooks/import/{import}", "import_plan.html.j2", imports.plan_page),
    Page("/playbooks/{key}", "playbook.html.j2", playbooks.book_page, live=True),
    Page("/playbooks/{key}/edit", "book_edit.html.j2", editor.edit_page),
    Page("/playbooks/{key}/edit/{section}", "book_section.html.j2", editor.section_page),
    Page("/playbooks/{key}/preview", "book_preview.html.j2", preview.draft_plan, rehearse=preview.rehearsed),
    Page("/playbooks/{key}/publish", "book_publish.html.j2", versions.draft_page),
    Page("/playbooks/{key}/history", "book_history.html.j2", versions.history_page),
    Page("/playbooks/{key}/history/{version}", "book_version.html.j2", versions.version_page),
    Page("/runs/{run}/retrospective", "retrospective.html.j2", retrospective.retro_page, live=True),
    Page("/runs/{run}/retrospective/publish", "retro_publish.html.j2", retrospective.publish_page),
    Page("/runs/{run}/retrospective/{section}", "retro_section.html.j2", retrospective.section_page, live=True),
    Page("/insights", "insights.html.j2", insights.insights_page),
    Page("/insights/{key}", "insights.html.j2", insights.insights_page),
    Served("/insights/{key}/picture", pictures.insights),
    Page("/settings", "settings.html.j2", settings.settings_page),
)
