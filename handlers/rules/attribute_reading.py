"""Values of attributes as people write them in commands and fields, read by the type of each."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import assert_never

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.values import is_url
from handlers.rules.people_named import NOBODY, called
from handlers.rules.time_named import refusing
from handlers.text import amounts, times
from handlers.text.arguments import is_none, text_or_none
from handlers.text.nearest import nearest
from handlers.text.plain_forms import aligned, bare
from handlers.text.quotes import unquoted
from handlers.text.words import one_line, shorten

VALUE_LIMIT = 500
"""The longest value of an attribute, in characters."""

_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?(?:[,;/|&+\n]\s*(?:and\b\s*)?|\band\b\s*)", re.IGNORECASE)


def read_values(
    ctx: Context, attribute: Attribute, words: str, asker: Person, at_hand: Mapping[str, Person] = NOBODY
) -> tuple[str, ...]:
    """Return the values that words name, as they are kept; none where they say that there is to be none.

    Several are of a multiselect alone. `at_hand` are people whom the door has just seen. Raises `Refused`.
    """
    text = words.strip() if attribute.type == "multiselect" else one_line(words)
    if len(text) > VALUE_LIMIT:
        raise ctx.refused("attribute", "too_long", "wrong", attribute=attribute, count=len(text), limit=VALUE_LIMIT)
    if not text or (is_none(text) and text.casefold() not in map(str.casefold, attribute.choices)):
        return ()
    match attribute.type:
        case "text":
            return tuple(filter(None, [text_or_none(text)]))
        case "link":
            return (_link(ctx, attribute, text),)
        case "number":
            return (_number(ctx, attribute, text),)
        case "select":
            return (_option(ctx, attribute, text),)
        case "multiselect":
            return _options(ctx, attribute, text)
        case "date":
            return (_day(ctx, text, asker),)
        case "person":
            return (_person(ctx, attribute, text, asker, at_hand),)
        case kind:
            assert_never(kind)


def _wrong(ctx: Context, attribute: Attribute, words: str, meant: str = "") -> Refused:
    said = {"attribute": attribute, "words": shorten(words, 60), "nearest": meant, "choices": attribute.choices}
    return ctx.refused("attribute", f"wrong_{attribute.type}", "wrong", **said)


def _link(ctx: Context, attribute: Attribute, words: str) -> str:
    text = words.strip("<>")
    if not is_url(text):
        raise _wrong(ctx, attribute, words)
    return text


def _number(ctx: Context, attribute: Attribute, words: str) -> str:
    try:
        return amounts.read_number(words)
    except amounts.Unfit:
        raise _wrong(ctx, attribute, words) from None


def _day(ctx: Context, words: str, asker: Person) -> str:
    reader = ctx.here.reader(asker)
    try:
        # A day that is written so is that day, however far away.
        return date.fromisoformat(bare(words)).isoformat()
    except ValueError:
        pass
    with refusing(ctx, words, reader):
        return times.parse(words, reader.zone, ctx.now, reader.language).astimezone(reader.zone).date().isoformat()


def _person(ctx: Context, attribute: Attribute, words: str, asker: Person, at_hand: Mapping[str, Person]) -> str:
    person = called(ctx, words, asker, at_hand)
    if person is None:
        raise _wrong(ctx, attribute, words, nearest(words.lstrip("@"), ctx.store.usernames()))
    if person.is_bot:
        raise ctx.refused("attribute", "not_a_bot", "wrong", attribute=attribute, who=person.username)
    return person.id


def _option(ctx: Context, attribute: Attribute, words: str) -> str:
    found = _chosen(attribute, words)
    if found is None:
        raise _wrong(ctx, attribute, words, nearest(words, attribute.choices))
    return found


def _chosen(attribute: Attribute, words: str) -> str | None:
    """Return the option that is called so, or the only one that begins so."""
    for text in dict.fromkeys((words.casefold(), unquoted(words).casefold(), bare(words).casefold())):
        exact = [one for one in attribute.choices if one.casefold() == text]
        begun = [one for one in attribute.choices if text and one.casefold().startswith(text)]
        if found := exact or (begun if len(begun) == 1 else []):
            return found[0]
    return None


def _options(ctx: Context, attribute: Attribute, words: str) -> tuple[str, ...]:
    """Return the options of a list, in the order of the playbook; one may have a comma, or "and", in its name."""
    found = {_option(ctx, attribute, part) for part in _parts(attribute, words)}
    return tuple(one for one in attribute.choices if one in found)


def _parts(attribute: Attribute, words: str) -> Iterator[str]:
    longest = sorted(attribute.choices, key=len, reverse=True)
    plain, at = aligned(words), 0
    while at < len(words):
        whole = next((one for one in longest if _stands_at(words, plain, at, one)), "")
        between = _BETWEEN.search(plain, at + len(whole))
        end, behind = between.span() if between else (len(words), len(words))
        if part := words[at:end].strip():
            yield part
        at = max(behind, at + 1)


def _stands_at(words: str, plain: str, at: int, option: str) -> bool:
    end = at + len(option)
    is_alone = end >= len(words) or _BETWEEN.match(plain, end) is not None
    return is_alone and words[at:end].casefold() == option.casefold()
