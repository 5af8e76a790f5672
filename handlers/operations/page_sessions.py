"""Letting one person into the pages, and out of them everywhere."""

from dataclasses import dataclass

from handlers.context import Context


@dataclass(frozen=True, slots=True)
class Pass:
    """What lets somebody in, once and for some minutes: the address of a link, and a code to be typed instead."""

    link: str
    code: str


def make_pass(ctx: Context, person_id: str, wanted: str) -> Pass:
    """Make a pass for somebody to a page that they want. Raises `Refused` where there are no pages."""
    if not ctx.here.pages_url:
        raise ctx.refused("pages", "none")
    secret, code = ctx.store.new_page_pass(person_id, wanted, ctx.now)
    half = len(code) // 2
    return Pass(f"{ctx.here.pages_url}/in/{secret}", f"{code[:half]}-{code[half:]}")


def end_sessions(ctx: Context, person_id: str) -> int:
    """Sign somebody out of the pages in all browsers; return in how many they were."""
    return ctx.store.end_page_sessions(person_id)
