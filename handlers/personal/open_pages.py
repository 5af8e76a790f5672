"""`open`: a link that lets who asks for it into the pages; and their way out of all browsers, in `settings`."""

from collections.abc import Mapping

from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import Acted, CommandGiven, Press
from handlers.forms import Filled
from handlers.messages.as_direct_message import told
from handlers.operations.page_sessions import end_sessions, make_pass
from handlers.payloads import Nothing
from handlers.rules import permissions, run_named
from handlers.text.nearest import nearest
from handlers.text.paths import HOME, is_page
from handlers.text.plain_forms import bare
from handlers.text.words import Safe

_NAMES: Mapping[str, str] = {
    **{"run": "/runs", "runs": "/runs", "list": "/runs"},
    **{"tasks": "/tasks", "my tasks": "/tasks", "todo": "/tasks"},
    **{"playbook": "/playbooks", "playbooks": "/playbooks", "insights": "/insights"},
}


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`open`, `open #12`, `open tasks`, or `open` with the path that a page told to write."""
    made = make_pass(ctx, event.asker.id, _wanted(event, words, ctx))
    yield ctx.answer("pages", "open", link=Safe(made.link), code=Safe(made.code), url=Safe(ctx.here.pages_url))


def signed_out(ctx: Context, person_id: str) -> Answer:
    """Sign somebody out everywhere, and say so."""
    return ctx.answer("pages", "signed_out", count=end_sessions(ctx, person_id))


def signed_out_by_button(event: Press[Nothing], ctx: Context) -> Effects:
    """*Sign out of the pages* below `settings`."""
    yield from told(event, [signed_out(ctx, event.asker.id)])


def signed_out_on_page(event: Acted[Filled], ctx: Context) -> Effects:
    """*Sign out in all browsers* on the page of settings."""
    yield signed_out(ctx, event.asker.id)


def _wanted(event: CommandGiven, words: str, ctx: Context) -> str:
    if event.run_id or not words:
        return f"/runs/{event.run_id}" if event.run_id else _here(event, ctx)
    said = " ".join(bare(words).casefold().split())
    if said in _NAMES:
        return _NAMES[said]
    if is_page(words.strip()):
        return words.strip()
    if found := run_named.run_id(ctx, words):
        return f"/runs/{found}"
    raise ctx.refused("pages", "open_what", words=words, nearest=Safe(nearest(said, list(_NAMES))))


def _here(event: CommandGiven, ctx: Context) -> str:
    """Return the page of the run that this channel is about, that of all runs where there is none."""
    seen = (run for run in ctx.store.runs_in(event.place.id) if permissions.may_see(ctx, event.asker, run))
    run = next(seen, None)
    return f"/runs/{run.id}" if run is not None else HOME
