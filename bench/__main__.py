"""Runs the bench: `python -m bench [quick] [group …]`; all groups together write bench/results.md."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from bench import doors, gaps, growth, hearing, pages, server, starting, table
from bench.measure import Row, Size
from bot.logs.log import set_up

GROUPS: dict[str, Callable[[Size], list[Row]]] = {
    "hearing": hearing.rows,
    "doors": doors.rows,
    "server": server.rows,
    "growth": growth.rows,
    "starting": starting.rows,
    "gaps": gaps.rows,
    "pages": pages.rows,
}


SAY = Console(stderr=True)


def main(words: Sequence[str]) -> int:
    set_up("critical", "console")
    quick = "quick" in words
    wanted = [name for name in GROUPS if name in words] or list(GROUPS)
    rows: list[Row] = []
    failed: list[str] = []
    for name in wanted:
        began = time.perf_counter()
        try:
            rows += GROUPS[name](Size(quick))
        except Exception:
            # What was measured before is not thrown away.
            SAY.print_exception()
            failed.append(name)
        SAY.print(f"{name}: {time.perf_counter() - began:.0f} s", style="dim")
    table.show(rows, "only to see that it works: too small to mean anything" if quick else "")
    if len(wanted) == len(GROUPS) and not quick and not failed:
        table.write(rows, Path(__file__).with_name("results.md"))
    if failed:
        SAY.print(f"failed: {', '.join(failed)}", style="red")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
