"""The yardstick of a start: a process that only imports the libraries that Muster has loaded when it listens."""

import ast
import importlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

OWN = ("bot", "handlers", "store", "templates", "sandbox", "bench")


def libraries(root: Path) -> list[str]:
    """Return the modules of others that our modules import by name, as far as this process has them."""
    found = {name for folder in OWN[:3] for path in (root / folder).rglob("*.py") for name in _named(path)}
    alien = {name for name in found if name.split(".")[0] not in {*OWN, *sys.stdlib_module_names}}
    return sorted(name for name in alien if name in sys.modules)


def _named(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


if __name__ == "__main__":
    for one in sys.argv[1:]:
        importlib.import_module(one)
    print(json.dumps({"action": "ready"}), flush=True)
    time.sleep(60)
