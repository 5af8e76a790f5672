"""The table, for the terminal and for bench/results.md."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import GOOD, NOT_RUN, Row

HEADINGS = ("what", "yardstick in the same run", "figure", "goal", "verdict", "measured")


def show(rows: Sequence[Row], title: str) -> None:
    """Print the table."""
    table = Table(*HEADINGS, title=title, show_lines=True)
    for row in rows:
        colour = "green" if row.verdict == GOOD else "dim" if row.verdict == NOT_RUN else "red"
        table.add_row(row.what, row.yardstick, row.figure, row.goal, f"[{colour}]{row.verdict}[/]", row.note)
    Console(width=None if Console().is_terminal else 160).print(table)


def write(rows: Sequence[Row], path: Path) -> None:
    """Write the table as Markdown."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    lines = [
        "# What was measured",
        "",
        f"{day}, Python {platform.python_version()}, {os.cpu_count()} cores. Written by `make bench`; each figure is",
        "the median of pairs measured in turn in this run. [What the limits are, and why](../docs/performance.md).",
        "",
        f"| {' | '.join(HEADINGS)} |",
        "|" + "---|" * len(HEADINGS),
        *(
            f"| {row.what} | {row.yardstick} | **{row.figure}** | {row.goal} | {row.verdict} | {row.note} |"
            for row in rows
        ),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
