"""The dialog in which somebody names a run before it starts, and what they are told once it does."""

from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.controls import RUN_START, entry
from handlers.effects import Ask, Content, Entry, Option
from handlers.events import Place
from handlers.payloads import StartedBy
from handlers.playbooks.playbook import Playbook
from handlers.rules.attribute_form import asked_at_start, needed_at_start
from handlers.rules.places import is_member
from handlers.rules.run_request import NAME_LIMIT, Wish, may_be_unnamed, suggested_name, suggested_summary
from handlers.text.escaping import as_typed
from handlers.text.words import Safe, escape, one_line, shorten
from handlers.views.attribute_form import attribute_entries
from store import PlaybookRow, Run

OWN, HERE = "own", "here"
"""Where a run is to live: in the channel that its playbook says, or in the one where the dialog was opened."""

SUMMARY_LIMIT = 3000
"""What a dialog's text area takes on every server, in characters."""


def start_dialog(ctx: Context, wish: Wish, by: StartedBy, place: Place) -> Ask:
    """Return the dialog for one playbook, filled in as far as the playbook and the message say."""
    owner = "" if wish.book.owner == "creator" else Safe(wish.book.owner)
    name = wish.name or shorten(suggested_name(ctx, wish), NAME_LIMIT)
    fixed = name if wish.book.name_fixed else ""
    intro = ctx.say("start", playbook=wish.book, owner=owner, fixed=fixed)["intro"]
    own = ctx.say("start", playbook=wish.book)["where_own"]
    asked = _attributes(ctx, wish)
    after = (*asked, *_where(ctx, own, by, place))
    names = () if wish.book.name_fixed else (_name(ctx, name, optional=may_be_unnamed(wish.book)),)
    return _form(ctx, by, intro, names, as_typed(offered_summary(ctx, wish)), after=after)


def _attributes(ctx: Context, wish: Wish) -> Iterator[Entry]:
    needed = needed_at_start(wish.book)
    for one in asked_at_start(wish.book):
        yield from attribute_entries(ctx, [one], wish.attributes, needed=one in needed)


def _name(ctx: Context, name: str, *, optional: bool = False) -> Entry:
    said = ctx.say("start", is_filled="{" in name)
    words = said["name_help_made" if optional else "name_help"]
    return entry(said, "name", default=name, help=words, optional=optional, max_length=NAME_LIMIT)


def is_asked(book: Playbook, *, is_named: bool = False) -> bool:
    """Return whether a run begins with the dialog: where the playbook says so, or something has to be said."""
    return (book.start == "dialog" and not is_named) or any(
        one.required or book.name_fixed or not is_named for one, _ in needed_at_start(book)
    )


def offered_summary(ctx: Context, wish: Wish) -> str:
    """Return the summary that the dialog suggests, as Markdown in which the message that it began with is words."""
    return _cut(suggested_summary(ctx, wish) or "\n".join(map(escape, wish.message.splitlines())))


def _cut(summary: str) -> str:
    """Cut a summary to what the dialog takes, but never within the number of a sign."""
    if len(summary) <= SUMMARY_LIMIT:
        return summary
    head = summary[: SUMMARY_LIMIT - 1]
    at = head.rfind("&#")
    return (head if at < 0 or ";" in head[at:] else head[:at]) + "…"


def which_dialog(ctx: Context, rows: Sequence[PlaybookRow], place: Place, by: StartedBy) -> Ask:
    """Return the dialog that also asks for the playbook."""
    said = ctx.say("start")
    options = tuple(Option(one_line(row.title), str(row.id)) for row in rows)
    which = entry(said, "playbook", "select", options=options)
    after = _where(ctx, said["where_book"], by, place)
    return _form(ctx, by, said["intro_which"], (which, _name(ctx, "")), "", after=after)


def _where(ctx: Context, own: str, by: StartedBy, place: Place) -> tuple[Entry, ...]:
    """Return the choice between the channel that the playbook says and this one, where the run could live in it."""
    if place.kind not in ("O", "P") or not is_member(ctx, place):
        return ()
    said = ctx.say("start", channel=shorten(place.title or place.name, 60))
    options = (Option(own, OWN), Option(said["where_here"], HERE))
    default = HERE if by.by == "here" else OWN
    return (entry(said, "where", "select", default=default, options=options),)


def _form(
    ctx: Context,
    by: StartedBy,
    intro: str,
    before: tuple[Entry, ...],
    summary: str,
    *,
    after: tuple[Entry, ...] = (),
) -> Ask:
    said = ctx.say("start")
    summaries = entry(said, "summary", "textarea", default=summary, optional=True, max_length=SUMMARY_LIMIT)
    return RUN_START.ask(by, said, *before, summaries, *after, intro=intro, title="title")


def starting(ctx: Context, run: Run, wished: str = "") -> Content:
    """Say that a run starts, and that it is not called as somebody wished where its playbook names its runs."""
    is_fixed = bool(wished) and run.definition.get("name_fixed", False) and run.name != wished
    said = ctx.say("start", name=run.name, playbook=run.definition["title"], number=run.called, is_fixed=is_fixed)
    return Content(said["answer_here" if run.channel_id is not None else "answer"])
