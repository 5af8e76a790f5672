"""Pages over a store that has gone on for years: how long each takes at the server, and whether clicks wait."""

import asyncio
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bench.archive import NOW, TASKS, Archive, make, person_id
from bench.databases import fresh
from bench.measure import GOOD, SHORT, Row, Size, percentile
from bot.pages.address import Address
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.rows import PAGES, Page
from bot.pages.static import read_static
from handlers.context import Context, Installation, known_person
from handlers.events import ButtonPressed, Person, Place
from handlers.pages.asked import Asked
from handlers.routes import MENUS, handle
from store import Database

MOST = 300
"""Milliseconds that a page may take at the server."""
MOST_FOR_A_CLICK = 100
"""Milliseconds that it may take to decide a click meanwhile: nobody notices less."""
HERE = Installation(bot=Person(id="bot", username="muster"), site_url="http://127.0.0.1", menus=MENUS)
LISTS = (
    *("", "sort=name", "sort=-duration", "sort=owner", "sort=playbook", "sort=started"),
    *("q=checkout", "q=checkout+certificate+ops", "q=ops+77", "late=1", "mine=1", "state=finished"),
    *("playbook=playbook-3", "owner=person9", "from=2025-11-01&until=2025-11-30", "page=200", "q=nothing-like-it"),
)


def rows(size: Size) -> list[Row]:
    """Return how long pages take with many runs, and how long clicks take meanwhile."""
    archive = Archive(size(100_000, 600), active=size(300, 60))
    with tempfile.TemporaryDirectory() as folder:
        url = fresh(Path(folder), "archive")
        make(url, archive)
        database = Database(url, time.monotonic)
        try:
            return [*_pages(database, archive, size), _clicks(database, archive, size)]
        finally:
            database.close()


def _pages(database: Database, archive: Archive, size: Size) -> Iterator[Row]:
    looked = {
        "lists of runs": [("/runs", {}, query) for query in LISTS],
        "a run": [("/runs/{run}", {"run": str(number)}, "") for number in range(archive.runs - 40, archive.runs, 2)],
        "my tasks": [("/tasks", {}, "")],
        "a playbook": [("/playbooks/{key}", {"key": "playbook-3"}, "")],
    }
    for what, addresses in looked.items():
        asyncio.run(_look(database, addresses[:1], 1))
        took = asyncio.run(_look(database, addresses, size(12, 1)))
        p95, each = percentile(took, 0.95), median(took)
        verdict = GOOD if p95 <= MOST else SHORT
        of = f"{what}, {archive.runs:,} runs, server time, p95, SQLite"
        yield Row(of, "a limit", f"{p95:.0f} ms", f"≤ {MOST} ms", verdict, f"median {each:.0f} ms")


async def _look(database: Database, addresses: list[tuple[str, dict[str, str], str]], people: int) -> list[float]:
    """Return how many milliseconds each page takes, for some people each."""
    shown = {page.path: page for page in PAGES if isinstance(page, Page)}
    drawing = Drawing(Address("http://127.0.0.1"), read_static(), lambda: HERE, lambda: NOW)
    app = web.Application()
    drawing.set_up(app)
    took = []
    for number, (path, parts, query) in itertools.product(range(people), addresses):
        request = make_mocked_request("GET", "/", app=app)
        # Not everybody may see each run; who looks after the server may.
        asker = _person(database, number, is_admin="run" in parts or number % 4 == 3)
        asked = Asked(asker, parts, dict(one.split("=", 1) for one in query.split("&") if one))
        began = time.perf_counter()
        value = _ask(database, shown[path], asked)
        await drawing.draw(request, shown[path].template, Surroundings(asked.asker, here="/"), page=value)
        took.append((time.perf_counter() - began) * 1e3)
    return took


def _person(database: Database, number: int, *, is_admin: bool = False) -> Person:
    """Return one of the people."""
    with database.reading() as store:
        known = store.person(person_id(number))
    assert known is not None
    person = known_person(known)
    return Person(**{name: getattr(person, name) for name in person.__struct_fields__} | {"is_admin": is_admin})


def _ask(database: Database, page: Page, asked: Asked) -> object:
    with database.reading() as store:
        return page.show(Context(NOW, store, HERE, asks=False, reader=HERE.reader(asked.asker)), asked)


def _clicks(database: Database, archive: Archive, size: Size) -> Row:
    """Compare clicks while two people look at lists without a pause with clicks while nobody does."""
    first = (archive.runs - archive.active) * TASKS + 3
    tasks = itertools.count(first, TASKS)
    count = size(120, 20)
    _press(database, itertools.islice(tasks, 5))
    alone = _press(database, itertools.islice(tasks, count // 2))
    with _looking(lambda: _ask(database, _list(), Asked(_person(database, 1), {}, {"sort": "name"}))):
        meanwhile = _press(database, itertools.islice(tasks, count // 2))
    p95 = percentile(meanwhile, 0.95)
    what = "a click while two people look at lists without a pause, decided, p95, SQLite"
    note = f"median {median(meanwhile):.0f} ms, while nobody looks {median(alone):.0f} ms"
    return Row(
        what, "a limit", f"{p95:.0f} ms", f"≤ {MOST_FOR_A_CLICK} ms", GOOD if p95 <= MOST_FOR_A_CLICK else SHORT, note
    )


def _list() -> Page:
    return next(page for page in PAGES if isinstance(page, Page) and page.path == "/runs")


@contextmanager
def _looking(look: Callable[[], object]) -> Iterator[None]:
    is_over = threading.Event()

    def on_and_on() -> None:
        while not is_over.is_set():
            look()

    threads = [threading.Thread(target=on_and_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def _press(database: Database, tasks: Iterator[int]) -> list[float]:
    """Return how many milliseconds it takes to decide each press of *Done*."""
    admin = Person(id=person_id(0), username="person0", is_admin=True)
    took = []
    for number, task in enumerate(tasks):
        event = ButtonPressed(
            at=NOW, action="task.done", arg=str(task), choice="", asker=admin, place=Place(id="elsewhere"),
            message_id=0, post_id="p", trigger_id=f"t{number}",
        )  # fmt: skip
        began = time.perf_counter()
        with database.transaction() as store:
            list(handle(event, Context(NOW + timedelta(seconds=1), store, HERE, asks=False)))
        took.append((time.perf_counter() - began) * 1e3)
    return took
