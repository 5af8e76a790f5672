"""Which page stands at which address: a row for each, with its template and what makes its value from the store."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.pages import pictures
from bot.pages.questions import Questions
from handlers.context import Context
from handlers.pages import editor, insights, my_tasks, playbooks, retrospective, run, runs, settings
from handlers.pages.asked import Asked


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `{…}` in its path are parts that vary, `show` makes what its template draws as `page`.

    `show` is asked beside the desk and writes nothing. It raises `NotThere` where there is no such page for who asks.
    A `live` one is told when the run in its path changes, or any run where it has none.
    """

    path: str
    template: str
    show: Callable[[Context, Asked], object]
    live: bool = False


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
    Page("/playbooks/{key}", "playbook.html.j2", playbooks.book_page, live=True),
    Page("/playbooks/{key}/edit", "book_edit.html.j2", editor.edit_page),
    Page("/playbooks/{key}/edit/{section}", "book_section.html.j2", editor.section_page),
    Page("/runs/{run}/retrospective", "retrospective.html.j2", retrospective.retro_page, live=True),
    Page("/runs/{run}/retrospective/publish", "retro_publish.html.j2", retrospective.publish_page),
    Page("/runs/{run}/retrospective/{section}", "retro_section.html.j2", retrospective.section_page, live=True),
    Page("/insights", "insights.html.j2", insights.insights_page),
    Page("/insights/{key}", "insights.html.j2", insights.insights_page),
    Served("/insights/{key}/picture", pictures.insights),
    Page("/settings", "settings.html.j2", settings.settings_page),
)
