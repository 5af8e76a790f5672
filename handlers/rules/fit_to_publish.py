"""Whether a playbook can be in use as it is: its templates are right and can be rendered, its prefix is free."""

from urllib.parse import urlsplit

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.playbooks.mistakes import key_in_words, sentence
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.templates import Template, Unfit, checked, known_names, templates_of
from handlers.rules.drafts import ruling
from handlers.rules.playbook_rights import may_see, teams_of
from handlers.rules.run_request import stored
from handlers.rules.run_texts import Values, texts_of
from handlers.text.words import Safe, escape
from handlers.unsure import HeadOf, Unsure

SHOWN = 5
EXAMPLE = "Something"
"""What every value is while a template is tried out, and nothing is another time."""


def require_fit(ctx: Context, book: Playbook, asker: Person | None = None) -> None:
    """Raise `Refused` where a playbook cannot be in use so. Raises `Unsure` where its templates are to be rendered."""
    if wrong := checked(book.definition()):
        raise _refused(ctx, [_in_words(one) for one in wrong])
    if failed := _failed(ctx, book):
        raise _refused(ctx, [f"{key_in_words(one.path)}: {sentence('template_trial')}" for one in failed])
    _require_public(ctx, book)
    if asker is not None:
        _require_own_channels(ctx, book, asker)
    require_free_prefix(ctx, book.prefix, book.key, asker)


def require_free_prefix(ctx: Context, prefix: str, key: str, asker: Person | None = None) -> None:
    """Raise `Refused` where runs of another playbook than that of a key are numbered with a prefix.

    It is named to an `asker` who may see it.
    """
    other = ctx.store.playbook_with_prefix(prefix, key)
    if other is not None:
        title = other.title if asker is not None and may_see(ctx, asker, ruling(ctx, other)) else ""
        raise ctx.refused("playbook", "prefix_taken", prefix=prefix, title=title).at("prefix")


def _require_public(ctx: Context, book: Playbook) -> None:
    for one in book.webhooks:
        if one.enabled and ctx.here.is_private(one.url):
            host = urlsplit(one.url).hostname or ""
            raise ctx.refused("playbook", "webhook_private", name=one.name, host=host)


def _require_own_channels(ctx: Context, book: Playbook, asker: Person) -> None:
    """Raise `Refused` where a playbook comes to name a private channel that who publishes it does not administer.

    Whoever starts a run there is invited, and what it says is posted there, by the bot, which is in it.
    """
    row = ctx.store.playbook_by_key(book.key)
    before = set(channels_of(stored(ctx, row))) if row is not None and row.version else set[str]()
    for name in (name for name in channels_of(book) if name not in before and not asker.is_admin):
        places = (ctx.store.place_named(team.id, name.removeprefix("~")) for team in teams_of(ctx, book))
        for place in (place for place in places if place is not None and place.kind == "P"):
            if place.id not in asker.heads and place.id not in asker.asked and ctx.asks:
                raise Unsure(HeadOf(place.id))
            if place.id not in asker.heads:
                raise ctx.refused("playbook", "channel_not_yours", channel=Safe(name))


def channels_of(book: Playbook) -> list[str]:
    """Return the channels that a playbook names, each once, as "~name"."""
    posted = [action.channel for action in book.actions if action.channel]
    weekly = [book.insights.channel] if book.insights is not None else []
    used = [book.channel.use] if book.channel.use else []
    return list(dict.fromkeys([*used, *book.updates.broadcast, *posted, *weekly]))


def _failed(ctx: Context, book: Playbook) -> list[Template]:
    """Return the templates that cannot be rendered, with values or without: better told now than in an incident."""
    if book.templates != "jinja2" or not templates_of(book):
        return []
    names, attributes = known_names(book), [one.name for one in book.attributes]
    tried = (texts_of(ctx, book, _all(names, attributes, value)).failed for value in (EXAMPLE, ""))
    return list(dict.fromkeys(one for failed in tried for one in failed if one.kind != "command"))


def _all(names: tuple[str, ...], attributes: list[str], value: str) -> Values:
    return Values(dict.fromkeys(names, value), dict.fromkeys(attributes, value))


def _in_words(one: Unfit) -> str:
    at = sentence("at", line=one.line, key="", words=sentence("in_column", column=one.column, words=one.words))
    return f"{key_in_words(one.path)}: {at}"


def _refused(ctx: Context, wrong: list[str]) -> Refused:
    words = [Safe(escape(one)) for one in wrong[:SHOWN]]
    return ctx.refused("playbook", "unfit", wrong=words, more=max(0, len(wrong) - SHOWN))
