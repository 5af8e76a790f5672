"""What an import would do: which playbooks it makes or changes, whom its names mean, and what stands against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from handlers.context import Context
from handlers.events import Person
from handlers.exchange.carried import carried
from handlers.exchange.files import Document
from handlers.exchange.found import Findings, Match, Names, Note
from handlers.exchange.from_mattermost import playbook_from
from handlers.exchange.mapping import Given
from handlers.exchange.plan import OnConflict, Plan, Step, What, Why, named
from handlers.exchange.words import line_of
from handlers.operations.store_playbook import digest_of
from handlers.playbooks.file import PlaybookMistake
from handlers.playbooks.mistakes import Mistake, in_words, key_in_words
from handlers.playbooks.playbook import Playbook
from handlers.rules.playbook_rights import may_edit, may_see
from handlers.rules.run_request import stored
from store import PlaybookRow

MADE = "made:import:"
"""The source of playbooks that were imported, followed by their id on the server that they come from and a digest."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be imported, and how; `asker` is None for whoever looks after the host.

    Into `team` (a name) where it is not empty. With `leave_unknown` whom nobody knows is left out. `names` are what the
    server tells that it comes from. All that a server has (`is_whole_server`) comes with its history: what is archived
    there too, and one that cannot be brought along is left out.
    """

    documents: Sequence[Document]
    asker: Person | None = None
    on_conflict: OnConflict = "fail"
    given: Given = field(default_factory=Given)
    team: str = ""
    leave_unknown: bool = False
    names: Names = field(default_factory=Names)
    is_whole_server: bool = False


def planned(ctx: Context, wish: Wish) -> Plan:
    """Return what an import would do now. Raises `PlaybookMistake` for a file that cannot be read."""
    steps: list[Step] = []
    for document in wish.documents:
        try:
            steps.append(_step(ctx, wish, document, steps))
        except PlaybookMistake as wrong:
            if not wish.is_whole_server:
                raise
            steps.append(_unfit(document, wrong))
    return Plan(tuple(steps))


def _unfit(document: Document, wrong: PlaybookMistake) -> Step:
    title = document.values.get("title")
    book = Playbook(title=line_of(title if isinstance(title, str) else "", 200, "Untitled"))
    notes = tuple(Note("unfit", one.key, one.words) for one in wrong.mistakes)
    return Step(document.file, book, "skip", "unfit", source=f"{MADE}{document.id}:", notes=notes)


def _step(ctx: Context, wish: Wish, document: Document, before: Sequence[Step]) -> Step:
    book, findings = _converted(ctx, wish, document)
    book = _as_wished(wish, book)
    source = f"{MADE}{document.id}:{digest_of(book)[:16]}"
    row = _row_of(ctx, wish, book, document.id)
    if document.is_archived and (row is not None or not wish.is_whole_server):
        return Step(document.file, book, "skip", "archived_there", row.id if row is not None else 0, source)
    if any(_is_twin(one, book, source) for one in before):
        return Step(document.file, book, "conflict", "twice", source=source)
    what, why = _decided(ctx, wish, book, row, source, document) if row is not None else _new(document)
    old = stored(ctx, row) if row is not None and row.version > 0 and what == "update" else None
    if old is not None and not document.is_ours:
        book = carried(book, old, findings, is_file=not document.id)
    book = _with_free_prefix(ctx, book, row, before, findings)
    return Step(
        document.file,
        book,
        what,
        why,
        row.id if row is not None else 0,
        source,
        named(findings.matches, wish.given, leave_all=wish.leave_unknown or document.is_archived),
        tuple(findings.notes),
        tuple(held_in(book, old)),
    )


def _new(document: Document) -> tuple[What, Why]:
    return "create", "archived_there" if document.is_archived else ""


def held_in(book: Playbook, before: Playbook | None) -> Iterator[str]:
    """Yield what of an imported playbook is off until somebody has looked at it: what the one before did not have."""
    if set(book.commands) - set(before.commands if before is not None else ()):
        yield "commands"
    if {one.url for one in book.webhooks} - {one.url for one in (before.webhooks if before is not None else ())}:
        yield "webhooks"


def _converted(ctx: Context, wish: Wish, document: Document) -> tuple[Playbook, Findings]:
    if document.is_ours:
        return _of_ours(document), Findings()
    # Whom a file names is not known before it is read.
    first = Findings()
    playbook_from(document.values, document.file, first)
    names = wish.given.over(known_names(ctx, first.matches).over(wish.names))
    findings = Findings(names, wish.given.currency, wish.given.attributes)
    return playbook_from(document.values, document.file, findings), findings


def _of_ours(document: Document) -> Playbook:
    try:
        return Playbook.model_validate(document.values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        mistakes = [Mistake(0, key_in_words(one["loc"]), in_words(one, None)) for one in found]
        raise PlaybookMistake(document.file, mistakes) from None


def known_names(ctx: Context, matches: Sequence[Match]) -> Names:
    """Return what the store knows of ids."""
    ids = {kind: [one.id for one in matches if one.kind == kind] for kind in ("person", "channel", "team")}
    people = {key: f"@{one.username}" for key, one in ctx.store.people(ids["person"]).items()}
    places = {key: f"~{one.name}" for key, one in ctx.store.places(ids["channel"]).items() if one.name}
    teams = {key: team.name for key in ids["team"] if (team := ctx.store.team(key)) is not None}
    return Names(people, places, teams)


def _as_wished(wish: Wish, book: Playbook) -> Playbook:
    title = wish.given.titles.get(book.title)
    if title is not None:
        book = Playbook.model_validate({**book.definition(), "title": title, "key": ""})
    return book.model_copy(update={"teams": (wish.team,)}) if wish.team else book


def _is_twin(step: Step, book: Playbook, source: str) -> bool:
    same_title = step.book.title.casefold() == book.title.casefold()
    return step.what in ("create", "update") and same_title and id_in(step.source) == id_in(source)


def _row_of(ctx: Context, wish: Wish, book: Playbook, key: str) -> PlaybookRow | None:
    """Return the playbook that was imported from the same one before, or has its title."""
    rows = [row for row in ctx.store.all_playbooks() if _is_seen(ctx, wish, row)]
    if key and (same := next((row for row in rows if id_in(row.source) == key), None)) is not None:
        return same
    titled = (row for row in rows if row.title.casefold() == book.title.casefold() or row.key == book.key)
    return next((row for row in titled if not (key and id_in(row.source))), None)


def _is_seen(ctx: Context, wish: Wish, row: PlaybookRow) -> bool:
    """Return whether who imports may know of a playbook."""
    if wish.asker is None or row.version == 0:
        return wish.asker is None or wish.asker.is_admin
    return may_see(ctx, wish.asker, stored(ctx, row))


def id_in(source: str) -> str:
    """Return the id on the server that a playbook was imported from, by its source; empty where it has none."""
    return source.removeprefix(MADE).partition(":")[0] if source.startswith(MADE) else ""


def _decided(
    ctx: Context, wish: Wish, book: Playbook, row: PlaybookRow, source: str, document: Document
) -> tuple[What, Why]:
    if row.source == source or _is_same(ctx, book, row):
        is_changed = row.version > 0 and _is_changed(ctx, book, row, document)
        if row.archived_at is not None:
            return "skip", "archived"
        if not is_changed or wish.on_conflict != "new-version":
            return "skip", "changed" if is_changed else "same"
    if wish.on_conflict == "skip":
        return "skip", "there"
    if not row.is_made_here:
        return "conflict", "file"
    if wish.on_conflict == "fail":
        return "conflict", "there"
    if ctx.store.draft(row.id) is not None:
        return "conflict", "draft"
    if wish.asker is not None and not may_edit(ctx, wish.asker, stored(ctx, row)):
        return "conflict", "not_yours"
    return "update", ""


def _is_changed(ctx: Context, book: Playbook, row: PlaybookRow, document: Document) -> bool:
    """Return whether a playbook says something else by now than what it was imported from."""
    old = stored(ctx, row)
    again = book if document.is_ours else carried(book, old, Findings(), is_file=not document.id)
    again = _with_free_prefix(ctx, again, row, (), Findings())
    # Whoever imports one looks after it, too.
    admins = old.admins if set(book.admins) <= set(old.admins) else book.admins
    return not _is_same(ctx, again.model_copy(update={"admins": admins}), row)


def _is_same(ctx: Context, book: Playbook, row: PlaybookRow) -> bool:
    if row.version == 0:
        return False
    return ctx.store.playbook_version(row).digest == digest_of(book.model_copy(update={"key": row.key}))


def _with_free_prefix(
    ctx: Context, book: Playbook, row: PlaybookRow | None, before: Sequence[Step], findings: Findings
) -> Playbook:
    """Return a playbook without its prefix where that is another one's in use."""
    prefix = book.prefix.casefold()
    others = [one.prefix for one in ctx.store.playbooks() if row is None or one.id != row.id]
    others += [step.book.prefix for step in before if step.what in ("create", "update") and not step.why]
    if not prefix or prefix not in map(str.casefold, others):
        return book
    findings.note("prefix_taken", book.prefix)
    return book.model_copy(update={"prefix": ""})
