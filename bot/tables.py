"""What the command line shows of playbooks and runs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TextIO, cast
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.library.shelf import Found
from bot.logs.veil import Standard
from handlers.operations.apply_playbooks import Plan, Step
from handlers.playbooks.differences import Difference
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.text import durations
from store import PlaybookRow, Run, Store, WebhookDelivery


def console(*, errors: bool = False) -> Console:
    """Return the terminal, veiled; what is not one (a pipe, a file) gets long lines rather than cut ones."""
    out = cast(TextIO, Standard("stderr" if errors else "stdout"))
    return Console(file=out, highlight=False, width=None if out.isatty() else 240)


def table_of_playbooks(shelf: Mapping[str, Found], rows: Sequence[PlaybookRow], books: Mapping[str, Playbook]) -> Table:
    """Return a line for each playbook: its key, title, keywords, size, the version of it that is in use, and source.

    `rows` are those that are stored, `books` what they say: what was made here, or differs from its file.
    """
    table = _table("key", "title", "keywords", "teams", "tasks", "version", "from")
    stored = {row.key: row for row in rows}
    for key, found in sorted(shelf.items()):
        row = stored.get(key)
        drifts = row is not None and row.source == found.source and books.get(key, found.playbook) != found.playbook
        version = f"{row.version} (drift)" if row is not None and drifts else row.version if row is not None else "–"
        _row(table, key, *_in_short(found.playbook), version, found.source)
    for key, book in sorted(books.items()):
        if key not in shelf:
            _row(table, key, *_in_short(book), stored[key].version, stored[key].source)
    return table


def _in_short(book: Playbook) -> tuple[str, str, str, int]:
    return book.title, _listed(book.keywords), _listed(book.teams, "all"), len(book.tasks)


def table_of_runs(store: Store, now: datetime, limit: int) -> Table:
    """Return a line for each run: its number, name, state, owner, tasks and age."""
    table = _table("number", "name", "state", "owner", "tasks", "age")
    for run in store.runs(limit):
        owner = store.person(run.owner_id)
        tasks = store.tasks(run.id)
        progress = f"{sum(task.is_settled for task in tasks)}/{len(tasks)}"
        _row(
            table,
            run.id,
            run.name,
            run.state,
            f"@{owner.username}" if owner else run.owner_id,
            progress,
            _age(run, now),
        )
    return table


def table_of_webhooks(store: Store) -> Table:
    """Return a line for each webhook of a playbook in use: where it goes, how it stands, what was delivered last."""
    table = _table("playbook", "name", "host", "events", "state", "last delivery")
    rows = {row.id: row for row in store.playbooks()}
    for version in store.newest_of(list(rows)):
        row = rows[version.playbook_id]
        for hook in playbook_of(version.definition).webhooks:
            address = store.webhook_address(row.id, hook.name)
            last = store.webhook_deliveries(address.id, 1) if address is not None else ()
            is_off = address is not None and address.off_at is not None
            held = "to be confirmed" if "webhooks" in row.held else "on" if hook.enabled else "off in the playbook"
            said = f"off ({address.why_off})" if address is not None and is_off else held
            came = f"{last[0].event}: {_came(last[0])}" if last else "–"
            host = urlsplit(hook.url).hostname or ""
            _row(table, row.key, hook.name, host, _listed(hook.events, "all"), said, came)
    return table


def table_of_deliveries(found: Sequence[WebhookDelivery]) -> Table:
    """Return a line for each delivery, the newest first; times are in UTC."""
    table = _table("id", "event", "made (UTC)", "attempts", "what came of it", "took ms")
    for one in found:
        took = "–" if one.took_ms is None else one.took_ms
        _row(table, one.key, one.event, f"{one.made_at:%Y-%m-%d %H:%M:%S}", one.attempts, _came(one), took)
    return table


def _came(one: WebhookDelivery) -> str:
    why = f"{one.why} {one.status}" if one.status is not None else one.why
    waits = f"waits until {one.next_at:%H:%M:%S}" if one.attempts else "on its way"
    return " ".join(part for part in (one.outcome or waits, f"({why.strip()})" if one.why else "") if part)


def outline(playbook: Playbook) -> Text:
    """Return a playbook as a page to read: what starts it, what a run is given, and its tasks."""
    lines = [
        f"{playbook.title} ({playbook.key})",
        *([playbook.description] if playbook.description else []),
        "",
        f"keywords   {_listed(playbook.keywords)} ({playbook.match})",
        f"teams      {_listed(playbook.teams, 'all')}",
        f"starts     {'after a dialog' if playbook.start == 'dialog' else 'at once'}, as {playbook.name}",
        f"channel    {playbook.channel.visibility}",
        f"owner      {playbook.owner}",
        f"invites    {_listed(playbook.invite)}",
        f"updates    {_updates(playbook)}",
    ]
    for number, checklist in enumerate(playbook.checklists, 1):
        lines += ["", f"{number}. {checklist.title}"]
        for place, task in enumerate(checklist.tasks, 1):
            due = f"within {durations.written(task.due)}" if task.due else ""
            notes = ", ".join(note for note in (task.assignee, due) if note)
            lines.append(f"   {number}.{place} {task.title}" + (f" ({notes})" if notes else ""))
    return Text("\n".join(lines))


_WHY = {
    "followed": "is read from {what} by itself; change that file, or name another key",
    "two_files": "is in {what}, too; give one of them another key",
    "prefix": "has the prefix of {what}; give it another one",
}
_SHOWN = 200
"""How many characters of a value are shown in a plan at most."""


def steps_of(plan: Plan) -> Text:
    """Return what a plan would do, part by part, and how much that is."""
    lines: list[str] = []
    for step in plan.steps:
        lines += [f"{step.sign} {step.title} ({step.key})", *_notes(step)]
        lines += [f"    {_shown(one)}" for one in step.differences]
    counts = (f"{plan.count('+')} to add", f"{plan.count('~')} to change", f"{plan.count('-')} to archive")
    if plan.changes or not plan.is_possible:
        total = f"Plan: {', '.join(counts)}."
    else:
        total = "No changes: what is in use is what the files say."
    return Text("\n".join([*lines, "", total] if lines else [total]))


def _notes(step: Step) -> Iterator[str]:
    if step.why:
        yield f"    {_WHY[step.why].format(what=step.what)}"
    if step.drifted_by:
        yield f"    drift: {', '.join(step.drifted_by)} changed it here since it was applied (version {step.version})"
    if step.has_draft:
        yield "    somebody has a draft of it that is not published"


def _shown(one: Difference) -> str:
    before, after = (" ".join(words.split())[:_SHOWN] for words in (one.before, one.after))
    if one.is_move:
        return f"~ {one.path}: moved from {before} to {after}"
    return f"{one.sign} {one.path}: {' → '.join(words for words in (before, after) if words)}"


def history_of(store: Store, row: PlaybookRow, limit: int) -> Table:
    """Return a line for each version of a playbook: its number, when it came, who published it, and what changed."""
    table = _table("version", "at", "by", "what changed")
    for version in store.versions_of(row.id, limit):
        person = store.person(version.by)
        by = f"@{person.username}" if person is not None else version.by or row.source.partition(":")[2] or "a file"
        _row(table, version.version, f"{version.created_at:%Y-%m-%d %H:%M}", by, version.words or "–")
    return table


def _updates(playbook: Playbook) -> str:
    updates = playbook.updates
    every = f"every {durations.written(updates.every)}" if updates.every else "never asked for"
    even = ", those of private runs too" if updates.broadcast_private else ""
    return every + (f", told to {_listed(updates.broadcast)}{even}" if updates.broadcast else "")


def _age(run: Run, now: datetime) -> str:
    minutes = int(((run.finished_at or now) - run.created_at).total_seconds()) // 60
    return durations.written(minutes * 60) if minutes > 0 else "less than a minute"


def _listed(values: tuple[str, ...], none: str = "none") -> str:
    return ", ".join(values) or none


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _row(table: Table, *cells: object) -> None:
    table.add_row(*(Text(str(cell)) for cell in cells))
