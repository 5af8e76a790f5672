"""What somebody wants to start, and what its name and summary are suggested to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.context import Context
from handlers.events import Person
from handlers.playbooks.playbook import Playbook, fill, playbook_of
from handlers.rules.places import is_public
from handlers.rules.variables import defined
from handlers.text import naming
from handlers.text.placeholders import is_untouched
from handlers.text.readers import zone
from handlers.text.words import escape
from store import PlaybookRow, Prompt

NAME_LIMIT = 150
"""The longest name of a run, in characters: what a dialog's line takes on every server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to start: where, by whom, and after which message; an empty name is made by the playbook.

    `asked_in` is the channel in which they asked. `said_in` are the ids of the channel and the message in which it was
    commanded; empty where nobody else read that. `attributes` are the values of the run's attributes, as they are kept.
    """

    row: PlaybookRow
    book: Playbook
    asker: Person
    team_id: str
    asked_in: str = ""
    prompt: Prompt | None = None
    said_in: tuple[str, str] = ("", "")
    keywords: tuple[str, ...] = ()
    name: str = ""
    summary: str = ""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.prompt.text if self.prompt else ""

    @property
    def origin(self) -> tuple[str, str]:
        """The ids of the channel and the message that the run begins with; empty where there is none."""
        return (self.prompt.place_id, self.prompt.post_id) if self.prompt else self.said_in


def stored(ctx: Context, row: PlaybookRow) -> Playbook:
    """Return the newest version of a stored playbook."""
    return playbook_of(ctx.store.playbook_version(row).definition)


def stored_for(ctx: Context, row: PlaybookRow, place_id: str) -> Playbook:
    """Return the newest version of a stored playbook; what was said in a private channel begins a private run."""
    book = stored(ctx, row)
    if is_public(ctx, place_id):
        return book
    return book.model_copy(update={"channel": book.channel.model_copy(update={"visibility": "private"})})


def is_template(text: str, book: Playbook) -> bool:
    """Return whether a summary is still its template, which says nothing of the run and sets no variable of it."""
    return is_untouched(text, book.summary) and not any(defined({}, text).values())


def suggested_name(ctx: Context, wish: Wish, **more: str) -> str:
    """Fill the playbook's template of a run's name with what is known of a wished run; a name is plain words."""
    return _suggested(ctx, wish, wish.book.name, naming.headline(wish.message, wish.keywords), **more)


def suggested_summary(ctx: Context, wish: Wish, **more: str) -> str:
    """Fill the playbook's template of a run's summary.

    Its author's Markdown stays; what somebody else wrote before the run began is words in it, which call nobody.
    """
    return _suggested(ctx, wish, wish.book.summary, escape(naming.headline(wish.message, wish.keywords)), **more)


def _suggested(ctx: Context, wish: Wish, template: str, message: str, **more: str) -> str:
    return fill(
        template,
        message=message,
        keyword=wish.keywords[0] if wish.keywords else "",
        date=f"{ctx.now.astimezone(zone(wish.book.timezone or wish.asker.timezone)):%Y-%m-%d}",
        creator=wish.asker.username,
        playbook=wish.book.title,
        **more,
    )
