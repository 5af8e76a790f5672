"""What a fixed menu offers, as people read it."""

from functools import lru_cache
from typing import Any

from handlers.context import Context
from handlers.controls import Control
from handlers.effects import Option
from handlers.menus import Offer
from handlers.text.words import say


def items(ctx: Context, menu: Control[Any], *, is_active: bool = True) -> tuple[Option, ...]:
    """Return the items of a menu, of one about a finished run only those that mean something then."""
    return tuple(_item(one) for one in ctx.here.menus[menu.name] if is_active or one.finished)


# With each change of a run all of them are shown.
@lru_cache(256)
def _item(offer: Offer) -> Option:
    return Option(say(offer.template)[offer.block], offer.name)
