"""A list as an answer: in a field, which no client folds, or as words that are spread over several messages."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Button, Card, Content, Menu, unfolded


def listed(ctx: Context, text: str, controls: Sequence[Button | Menu] = (), *, above: str = "") -> Content:
    """Return a list with its controls; one that is too long for a card is the message's own text, which has pages."""
    if len(text) <= ctx.here.message_budget // 2:
        return Content(above, (Card(colour="blue", fields=unfolded(text), controls=tuple(controls)),))
    cards = (Card(controls=tuple(controls)),) if controls else ()
    return Content("\n\n".join(part for part in (above, text) if part), cards)
