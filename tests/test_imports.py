"""Who may import whom: bot → handlers → store, never back, and each outside library only where it belongs."""

import ast
from collections.abc import Iterator
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

MAY_DEMO = ("bot/demo", "bot/tour")
"""Modules that may start a sandbox."""

ONLY_IN = {
    "asyncio": ("bot/", "sandbox/"),
    "websockets": ("bot/", "sandbox/"),
    "mattermostdriver": ("bot/",),
    "aiohttp": ("bot/", "sandbox/"),
    "os": ("bot/", "sandbox/"),
    "time": ("bot/", "sandbox/"),
    "random": ("bot/", "sandbox/"),
    "sqlmodel": ("store/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "psycopg": ("store/",),
    "jinja2": ("handlers/text/words.py", "bot/pages", "sandbox/page"),
}
"""Where an outside module may be imported: a folder, or modules whose path begins so."""

NO_FEATURES = {"admission", "context", "effects", "events", "permission_table", "permissions", "routes", "views"}
"""What the routes import besides features."""


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


def breaches(path: str, source: str, features: frozenset[str] = frozenset()) -> list[str]:
    """Return what a file imports against the rule, in words."""
    found = []
    package = path.split("/", maxsplit=1)[0]
    for line, module in imported(path, source):
        top = module.split(".")[0]
        where = f"{path}:{line} imports {module}"
        demo = top == "sandbox" and path.startswith(MAY_DEMO)
        if top in OURS and top != package and top not in MAY[package] and not demo:
            found.append(f"{where}: {package} may import {', '.join(sorted(MAY[package])) or 'none of ours'}")
        if top in ONLY_IN and not path.startswith(ONLY_IN[top]):
            found.append(f"{where}: only {', '.join(ONLY_IN[top])} may")
        feature = module.removeprefix("handlers.").split(".")[0]
        apart = package == "handlers" and not path.startswith(("handlers/routes/", f"handlers/{feature}.py"))
        if apart and module.startswith("handlers.") and feature in features:
            found.append(f"{where}: features do not import each other")
    return list(dict.fromkeys(found))


def files() -> dict[str, str]:
    """Return all modules of the program by their path."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for package in OURS
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def features() -> frozenset[str]:
    """Return the feature files of handlers/: those that the routes lead to."""
    routes = [(path, source) for path, source in files().items() if path.startswith("handlers/routes/")]
    found = (module for path, source in routes for _, module in imported(path, source))
    names = {module.split(".")[1] for module in found if module.startswith("handlers.")}
    return frozenset(names - NO_FEATURES)


def test_every_module_imports_only_what_it_may() -> None:
    known = features()
    assert [one for path, source in files().items() for one in breaches(path, source, known)] == []


def test_there_is_something_to_look_at() -> None:
    assert len(files()) > 100
    assert {"prompts", "starting", "checklists", "updates", "reminders", "finishing", "joining"} <= features()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("store/tables/runs.py", "from handlers.words import escape"),
        ("handlers/start/prompts.py", "import bot.sending.courier"),
        ("handlers/start/prompts.py", "from bot import courier"),
        ("handlers/views/card.py", "from sandbox import Sandbox"),
        ("handlers/start/prompts.py", "def now():\n    import time"),
        ("handlers/start/prompts.py", "import asyncio"),
        ("handlers/text/words.py", "import os.path"),
        ("handlers/start/prompts.py", "from jinja2 import Environment"),
        ("bot/delivery/courier.py", "from sqlalchemy import select"),
        ("handlers/start/prompts.py", "import sqlmodel"),
        ("bot/delivery/courier.py", "import sandbox"),
        ("sandbox/server.py", "from bot.config import Config"),
        ("sandbox/server.py", "import handlers"),
        ("handlers/start/prompts.py", "from handlers import starting"),
        ("handlers/start/prompts.py", "from handlers.starting import by_prompt"),
        ("handlers/views/card.py", "from handlers.starting import by_prompt"),
        ("handlers/start/prompts.py", "from .starting import by_prompt"),
        ("handlers/start/prompts.py", "from . import starting"),
        ("handlers/views/card.py", "from ..starting import by_prompt"),
        ("store/engine.py", "import aiohttp"),
    ],
)
def test_a_breach_is_caught(path: str, source: str) -> None:
    assert breaches(path, source, features())


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("bot/delivery/courier.py", "import asyncio\nfrom handlers.effects import Post\nfrom store import Store"),
        ("bot/demo/stand.py", "from sandbox import Sandbox"),
        (
            "handlers/start/prompts.py",
            "from handlers.views.card import card\nfrom store import Run\nfrom datetime import datetime",
        ),
        ("handlers/routes/commands.py", "from handlers import prompts, starting"),
        ("sandbox/server.py", "from .world import World\nimport aiohttp"),
        ("store/store.py", "from sqlmodel import Session\nfrom store.runs import Run"),
    ],
)
def test_what_is_allowed_is_not_called_a_breach(path: str, source: str) -> None:
    assert breaches(path, source, features()) == []
