"""Who may import whom: down only, room by room, never in a circle, and each outside library only where it belongs."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

OURS = ("bot", "handlers", "store", "templates", "sandbox")
"""The packages that make up the program."""

MAY = {
    "bot": {"handlers", "store", "templates"},
    "handlers": {"store", "templates"},
    "store": set(),
    "templates": set(),
    "sandbox": set(),
}
"""What each of them may import of the others."""

MAY_DEMO = ("bot/demo/", "bot/kit/")
"""Modules that may start a sandbox."""

ONLY_IN = {
    "asyncio": ("bot/", "sandbox/"),
    "websockets": ("bot/", "sandbox/"),
    "mattermostdriver": ("bot/",),
    "aiohttp": ("bot/", "sandbox/"),
    "os": ("bot/", "sandbox/"),
    "time": ("bot/", "sandbox/"),
    # Shuffled from a seed, so that chance has no part in it.
    "random": ("bot/", "sandbox/", "handlers/figures/shuffling.py"),
    "sqlmodel": ("store/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "psycopg": ("store/",),
    "matplotlib": ("bot/charts/",),
    "jinja2": ("handlers/text/sentences.py", "handlers/text/jinja_", "bot/pages/"),
    "babel": ("handlers/text/",),
}
"""Where an outside module may be imported: a folder, or modules whose path begins so."""

FLOORS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "handlers": (
        ("effects", "events", "menus", "unsure"),
        ("text",),
        ("context", "forms", "payloads", "playbooks"),
        ("controls", "editor", "exchange"),
        ("rules",),
        ("figures",),
        ("views",),
        ("export", "operations"),
        ("messages",),
        (
            "attributes",
            "automation",
            "editing",
            "importing",
            "insights",
            "lifecycle",
            "measures",
            "pages",
            "people",
            "personal",
            "retro",
            "start",
            "tasks",
            "updates",
            "webhooks",
        ),
        ("routes",),
    ),
    "bot": (
        ("clock", "driver", "logs", "trouble", "worker"),
        ("charts", "exchange", "library", "rendering", "settings", "transaction", "wire"),
        ("database", "tables"),
        ("directory",),
        ("delivery", "listening", "webhooks"),
        ("doors", "pages"),
        ("exports", "insights"),
        ("admin",),
        ("app",),
        ("demo", "process"),
        ("cli", "kit"),
        ("__main__",),
    ),
    "store": (
        ("away", "reading", "silence", "tables"),
        ("migrations", "session"),
        ("processes",),
        ("outbox",),
        ("queries",),
        ("clearing", "engine"),
    ),
}
"""The rooms of each package, the lowest first: a room may import from the floors below it, and no other on its own."""


def imported(path: str, source: str) -> Iterator[tuple[int, str]]:
    """Yield each module that a file imports, with its line; relative ones in full."""
    package = path.removesuffix(".py").removesuffix("/__init__").split("/")
    inside = package if path.endswith("__init__.py") else package[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = [] if node.level == 0 else inside[: len(inside) - node.level + 1]
            module = ".".join([*start, *([node.module] if node.module else [])])
            yield node.lineno, module
            # `from handlers import prompts` imports the module handlers.prompts.
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def module_of(path: str) -> str:
    """Return a file's name as a module."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def floor_of(module: str) -> tuple[str, int] | None:
    """Return a module's room and on which floor that is; None for a package itself and what has no floors."""
    package, room, *_ = [*module.split("."), ""]
    return next(((room, at) for at, rooms in enumerate(FLOORS.get(package, ())) if room in rooms), None)


def breaches(path: str, source: str) -> list[str]:
    """Return what a file imports against the rules, in words."""
    found = []
    package, here = path.split("/", maxsplit=1)[0], floor_of(module_of(path))
    for line, module in imported(path, source):
        top, there = module.split(".")[0], floor_of(module)
        where = f"{path}:{line} imports {module}"
        demo = top == "sandbox" and path.startswith(MAY_DEMO)
        if top in OURS and top != package and top not in MAY[package] and not demo:
            found.append(f"{where}: {package} may import {', '.join(sorted(MAY[package])) or 'none of ours'}")
        if top in ONLY_IN and not path.startswith(ONLY_IN[top]):
            found.append(f"{where}: only {', '.join(ONLY_IN[top])} may")
        if top == package and here and there and here[0] != there[0] and there[1] >= here[1]:
            found.append(f"{where}: {there[0]} is not below {here[0]}")
    return list(dict.fromkeys(found))


def circle(sources: Mapping[str, str]) -> list[str]:
    """Return modules that import each other in a circle, of some by path and source; none if there is none."""
    modules = {module_of(path): path for path in sources}
    arrows = {}
    for module, path in modules.items():
        named = {one for _, one in imported(path, sources[path])} & modules.keys() - {module}
        # `from handlers.routes import help` names the module, not what its package gathers.
        arrows[module] = {one for one in named if not any(each.startswith(f"{one}.") for each in named)}
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def files() -> dict[str, str]:
    """Return all modules of the program by their path."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for package in OURS
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def test_every_module_imports_only_what_it_may() -> None:
    assert [one for path, source in files().items() for one in breaches(path, source)] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(files()) == []


def test_every_room_has_its_floor() -> None:
    for package, floors in FLOORS.items():
        rooms = {path.split("/")[1].removesuffix(".py") for path in files() if path.startswith(f"{package}/")}
        assert rooms - {"__init__"} == set(chain.from_iterable(floors)), package


def test_there_is_something_to_look_at() -> None:
    assert len(files()) > 100


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("store/tables/runs.py", "from handlers.text.words import escape"),
        ("handlers/start/prompts.py", "import bot.delivery.courier"),
        ("handlers/start/prompts.py", "from bot import driver"),
        ("handlers/views/card.py", "from sandbox import Sandbox"),
        ("handlers/start/prompts.py", "def now():\n    import time"),
        ("handlers/start/prompts.py", "import asyncio"),
        ("handlers/text/words.py", "import os.path"),
        ("handlers/start/prompts.py", "from jinja2 import Environment"),
        ("bot/delivery/courier.py", "from sqlalchemy import select"),
        ("handlers/start/prompts.py", "import sqlmodel"),
        ("bot/delivery/courier.py", "import sandbox"),
        ("sandbox/server.py", "from bot.settings.config import Config"),
        ("sandbox/server.py", "import handlers"),
        ("handlers/start/prompts.py", "from handlers import tasks"),
        ("handlers/start/prompts.py", "from handlers.tasks import state"),
        ("handlers/start/prompts.py", "from handlers.tasks.state import by_command"),
        ("handlers/start/prompts.py", "from ..tasks.state import by_command"),
        ("handlers/start/prompts.py", "from .. import tasks"),
        ("handlers/views/card.py", "from handlers.start.prompts import muted"),
        ("handlers/views/card.py", "from handlers.operations.create_run import make_run"),
        ("handlers/rules/permissions.py", "from handlers.views import card"),
        ("handlers/text/words.py", "from handlers.context import Context"),
        ("handlers/tasks/state.py", "from handlers.routes.commands import given"),
        ("bot/wire/outgoing.py", "from bot.delivery.gateway import Gateway"),
        ("bot/delivery/courier.py", "from bot.listening import filter"),
        ("bot/listening/listener.py", "from bot.app import running"),
        ("store/session/kept.py", "from store.queries.runs import AboutRuns"),
        ("store/tables/runs.py", "from store.session import kept"),
        ("store/engine.py", "import aiohttp"),
    ],
)
def test_a_breach_is_caught(path: str, source: str) -> None:
    assert breaches(path, source)


@pytest.mark.parametrize(
    "sources",
    [
        {"sandbox/hub.py": "from .world import World", "sandbox/world.py": "from .hub import Hub"},
        {
            "sandbox/visit.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .websocket import Site",
            "sandbox/websocket.py": "from .visit import Visit",
        },
        {"handlers/rules/a.py": "from handlers.rules import b", "handlers/rules/b.py": "from handlers.rules import a"},
        {
            "store/tables/a.py": "import store.tables.b",
            "store/tables/b.py": "def late():\n    from store.tables.c import x",
            "store/tables/c.py": "from store.tables.a import y",
        },
    ],
)
def test_a_circle_is_caught(sources: dict[str, str]) -> None:
    assert circle(sources)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("bot/delivery/courier.py", "import asyncio\nfrom handlers.effects import Post\nfrom store import Store"),
        ("bot/demo/stand.py", "from sandbox import Sandbox"),
        (
            "handlers/start/prompts.py",
            "from handlers.views.card import card\nfrom store import Run\nfrom datetime import datetime",
        ),
        ("handlers/routes/commands.py", "from handlers.start import prompts\nfrom handlers.tasks import state"),
        ("handlers/start/prompts.py", "from handlers.start import by_dialog"),
        ("sandbox/server.py", "from .world import World\nimport aiohttp"),
        ("store/queries/store.py", "from sqlmodel import Session\nfrom store.tables.runs import Run"),
    ],
)
def test_what_is_allowed_is_not_called_a_breach(path: str, source: str) -> None:
    assert breaches(path, source) == []
