"""What libraries do not promise is not used; what has to be is named in docs/dependencies.md, and tried."""

import ast
from collections.abc import Container, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = ("bot", "handlers", "store", "sandbox")
NAMED = {"os._exit": "bot/process.py"}
"""Private names that are used all the same, and where."""
OF_NAMED_TUPLES = frozenset({"_asdict", "_field_defaults", "_fields", "_make", "_replace"})
"""Documented names (`collections.namedtuple`), which their underscore keeps apart from fields."""
UNDOCUMENTED = ("identity_map.add", "session_id")
"""What has no underscore, but stands in no documentation of SQLAlchemy's either."""


def private_parts(source: str, own: Container[str] = ()) -> Iterator[str]:
    """Yield the private names of others that a module uses: what it imports, and what it takes from values."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=names):
                every = [*(module or "").split("."), *(one.name for one in names)]
                yield from (f"{module}: {name}" for name in every if is_private(name))
            case ast.Import(names=names):
                yield from (one.name for one in names if any(map(is_private, one.name.split("."))))
            case ast.Attribute(value=value, attr=name) if is_private(name) and name not in own:
                yield f"{ast.unparse(value)}.{name}"


def names_made_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in OF_NAMED_TUPLES


def test_nobody_uses_the_private_parts_of_others() -> None:
    sources = {path: path.read_text() for package in PROGRAM for path in (ROOT / package).rglob("*.py")}
    own = {name for source in sources.values() for name in names_made_in(ast.parse(source))}
    found = {
        (name, str(path.relative_to(ROOT))) for path, source in sources.items() for name in private_parts(source, own)
    }
    assert found == set(NAMED.items())


@pytest.mark.parametrize(
    "line",
    [
        "from sqlalchemy.orm.identity import _WeakInstanceDict",
        "from websockets.asyncio._private import reader",
        "import sqlalchemy.util._collections",
        "session.identity_map._add_unpresent(state, key)",
        "inspect(row)._commit_all(state.dict)",
    ],
)
def test_such_a_use_is_found(line: str) -> None:
    assert [*private_parts(line)]


def test_what_is_used_without_being_documented_is_named() -> None:
    told = (ROOT / "docs" / "dependencies.md").read_text()
    assert [name for name in UNDOCUMENTED if f"`{name}`" not in told] == []
