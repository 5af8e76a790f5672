"""What somebody wants to start, and what its name and summary are suggested to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.context import Context
from handlers.events import Person
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.templates import uses_attributes
from handlers.rules import planned_people
from handlers.rules.attributes import compared, written
from handlers.rules.places import is_public
from handlers.rules.run_texts import NAME, SUMMARY, Values, plain, texts_of, with_numbers
from handlers.rules.variables import defined
from handlers.text import naming
from handlers.text.jinja_syntax import literal
from handlers.text.placeholders import is_untouched
from handlers.text.readers import zone
from handlers.text.tidy import CALLED, NUMBER
from store import PlaybookRow, Prompt

NAME_LIMIT = 150
"""The longest name of a run, in characters: what a dialog's line takes on every server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to start: where, by whom, and after which message; an empty name is made by the playbook.

    `asked_in` is the channel in which they asked. `said_in` are the ids of the channel and the message in which it was
    commanded; empty where nobody else read that. `attributes` are the values of the run's attributes, as they are kept.
    Of a trial nobody else is told, and it counts in no figure.
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
    is_trial: bool = False
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
    is_left = is_untouched(text, book.summary) or is_untouched(text, unfilled_summary(book))
    return is_left and not any(defined({}, text).values())


def unfilled_summary(book: Playbook) -> str:
    """Return what the template of a summary says whatever the run is."""
    return literal(book.summary) if book.templates == "jinja2" else book.summary


def values_of(ctx: Context, wish: Wish) -> Values:
    """Return what templates know of a wished run; its numbers are not known yet, and signs stand for them."""
    attributes = written(compared(ctx, wish.book.attributes, wish.attributes))
    known = {
        "message": plain(naming.headline(wish.message, wish.keywords)),
        "keyword": wish.keywords[0] if wish.keywords else "",
        "date": f"{ctx.now.astimezone(zone(wish.book.timezone or wish.asker.timezone)):%Y-%m-%d}",
        "creator": wish.asker.username,
        "owner": owner_of(ctx, wish),
        "playbook": wish.book.title,
        "prefix": wish.book.prefix,
        "number": NUMBER,
        "seq": CALLED if wish.book.prefix else NUMBER,
    }
    return Values(known, {name: plain(value) for name, value in attributes.items()})


def owner_of(ctx: Context, wish: Wish) -> str:
    """Return the user name of who owns a wished run at first."""
    owner = planned_people.there(ctx, wish.team_id, [wish.book.owner]).get(wish.book.owner)
    return owner.username if owner is not None and planned_people.may_own(owner) else wish.asker.username


def may_be_unnamed(book: Playbook) -> bool:
    """Return whether nobody has to name a run: its playbook does, as it says, or by values that are asked for, too."""
    return book.name_fixed or (book.templates == "jinja2" and uses_attributes(book, book.name))


def suggested_name(ctx: Context, wish: Wish) -> str:
    """Return what the playbook's template of a run's name says of a wished run; a name is plain words.

    Nothing is suggested that could be wrong once whoever is asked for it has given the run's attributes, too.
    """
    if wish.book.templates == "jinja2" and uses_attributes(wish.book, wish.book.name) and not wish.attributes:
        return ""
    return _suggested(ctx, wish, NAME)


def suggested_summary(ctx: Context, wish: Wish) -> str:
    """Return what the playbook's template of a run's summary says of a wished run.

    Its author's Markdown stays; what somebody else wrote before the run began is words in it, which call nobody.
    """
    return _suggested(ctx, wish, SUMMARY)


def _suggested(ctx: Context, wish: Wish, name: str) -> str:
    """Return what a template says, with placeholders for what is known once there is a run."""
    values = values_of(ctx, wish)
    asked_for = {one: f"{{{one}}}" for one, value in values.attributes.items() if not value}
    values = values if wish.book.templates == "jinja2" else Values(values.known, {**values.attributes, **asked_for})
    texts = texts_of(ctx, wish.book, values, (name,))
    # Where there are tokens only, {number} is as literal as all else.
    number = "{seq}" if wish.book.templates == "tokens" else "{number}"
    return "" if texts.failed else with_numbers(texts.said.get(name, ""), number, "{seq}")
