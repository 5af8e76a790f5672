"""What of the files is to be stored: at the start all of it, later only what has changed since it was read."""

from datetime import datetime

from bot.library.shelf import FILE, STARTER, Found, Shelf
from handlers.operations.store_playbook import Stored, archive_playbook, digest_of, store_playbook
from handlers.playbooks.file import PlaybookMistake
from handlers.playbooks.mistakes import Mistake, sentence
from store import PlaybookRow, Store


def keep(store: Store, shelf: Shelf, now: datetime, before: Shelf | None = None) -> list[Stored]:
    """Bring the store in line with the files; return what has changed by it.

    What is on no file any more is archived; what a broken file holds stays as it was before the mistake. What is as it
    was `before`, when this process read it last, stays as others may have stored it since.
    """
    _leave_out_prefixes_in_use(store, shelf)
    rows = {row.key: row for row in store.playbooks()}
    to_store = [found for key, found in shelf.found.items() if _counts(found, rows.get(key), shelf, before or Shelf())]
    stored = [store_playbook(store, found.playbook, found.source, now, found.text) for found in to_store]
    for key, found in shelf.found.items():
        _keep_text(store, rows.get(key), found, (before or Shelf()).found.get(key))
    gone = [row for key, row in rows.items() if key not in shelf.found and _is_gone(row, shelf, before)]
    return [one for one in stored if one.what != "unchanged"] + [archive_playbook(store, row, now) for row in gone]


def _leave_out_prefixes_in_use(store: Store, shelf: Shelf) -> None:
    """Take files as broken whose prefix numbers runs of a playbook already that the files do not speak of."""
    for key, found in list(shelf.found.items()):
        other = store.playbook_with_prefix(found.playbook.prefix, key)
        if other is None or other.key in shelf.found or not (other.is_made_here or shelf.is_broken(other.source)):
            continue
        words = sentence("prefix_twice", prefix=found.playbook.prefix, other=other.title)
        shelf.mistakes.append(PlaybookMistake(found.source.removeprefix(FILE), [Mistake(0, "prefix", words)]))
        del shelf.found[key]


def _keep_text(store: Store, row: PlaybookRow | None, found: Found, before: Found | None) -> None:
    """Keep what else has changed in a file, such as its comments, as long as what it says is what is in use."""
    if row is None or before != found or before.text == found.text:
        return
    if row.source == found.source and store.playbook_version(row).digest == digest_of(found.playbook):
        store.keep_text(row, found.text)


def remembered(shelf: Shelf, before: Shelf) -> Shelf:
    """Return what this process has read last of each playbook; of a file that broke, what it said before."""
    held = {key: found for key, found in before.found.items() if shelf.is_broken(found.source)}
    return Shelf(held | shelf.found, shelf.mistakes, shelf.missing)


def _counts(found: Found, row: PlaybookRow | None, shelf: Shelf, before: Shelf) -> bool:
    """Return whether a playbook that was found is to be stored."""
    other = row.source if row is not None and row.source != found.source else ""
    # What a broken file said stays, also where a starter of its key would take its place.
    is_held, was_held = shelf.is_broken(other), before.is_broken(other)
    return not is_held and (was_held or before.found.get(found.playbook.key) != found)


def _is_gone(row: PlaybookRow, shelf: Shelf, before: Shelf | None) -> bool:
    """Return whether a file was there of a playbook that is on none any more."""
    was_there = row.source.startswith((STARTER, FILE)) if before is None else before.has(row.source)
    return was_there and not shelf.is_broken(row.source)
