"""Starting a run: from a prompt, a dialog or a command."""

import re
from collections.abc import Iterator, Sequence

from handlers import permissions
from handlers.arriving import arrive, is_member
from handlers.context import Context
from handlers.effects import Answer, Ask, Content, Correct, Edit, Effect, Refuse, Tell
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Place
from handlers.nearest import nearest
from handlers.opening import NAME_LIMIT, Wish, make_run, open_channel, stored
from handlers.views import prompt as prompts
from handlers.views.messages import show
from handlers.views.start_dialog import HERE, OWN, SUMMARY_LIMIT, start_dialog, which_dialog
from handlers.words import Safe, one_line
from store import PlaybookRow, Prompt, Run

_ID = re.compile(r"[0-9]{1,9}")
_HERE = re.compile(r"(?:here|in this channel)(?:\s+|$)", re.IGNORECASE)


def by_prompt(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """The prompt's start button, or the choice of a playbook in its menu."""
    prompt = ctx.store.prompt(int(event.arg))
    wish = _offered(ctx, prompt, event.choice, event) if prompt else None
    if prompt is None or wish is None or prompt.state != "open":
        yield prompts.answered(ctx, prompt)
    elif not permissions.may_start(event.asker, wish.book):
        yield permissions.not_started(ctx, event.asker, wish.book)
    elif wish.book.start == "dialog" and event.trigger_id:
        yield Ask(dialog=start_dialog(ctx, wish, f"prompt:{prompt.id}:{wish.row.id}", event.place))
    else:
        yield from _start_from_prompt(ctx, prompt, wish)


def by_dialog(event: DialogSubmitted, ctx: Context) -> Iterator[Effect]:
    """The start dialog, filled in; a second submission of the same showing changes nothing."""
    name, summary = _filled_in(event)
    kind, prompt_id, playbook_id = event.arg.split(":")
    row = _chosen(ctx, playbook_id or str(event.values.get("playbook") or ""))
    known = permissions.playbooks_for(ctx, event.asker, event.place.team_id)
    where = str(event.values.get("where") or (HERE if kind == "here" else OWN))
    here = event.place if where == HERE else None
    if not name:
        yield Correct(errors={"name": ctx.say("start")["name_missing"]})
    elif kind != "prompt" and not event.place.team_id:
        yield Correct(error=ctx.say("start")["no_team"])
    elif row is None or (kind != "prompt" and row not in known):
        yield Correct(errors={"playbook": ctx.say("start")["playbook_missing"]})
    elif not permissions.may_start(event.asker, stored(ctx, row)):
        yield Correct(error=permissions.not_started(ctx, event.asker, stored(ctx, row)).text)
    elif here and not is_member(ctx, event.place):
        yield Correct(error=_not_here(ctx).text)
    elif not ctx.store.once(f"dialog:{event.once}", ctx.now):
        return
    elif kind == "prompt":
        yield from _by_prompts_dialog(event, ctx, int(prompt_id), playbook_id, here)
    else:
        wish = Wish(
            row=row,
            book=stored(ctx, row),
            asker=event.asker,
            team_id=event.place.team_id,
            name=name,
            summary=summary,
        )
        run = make_run(ctx, wish)
        yield from _begin(ctx, run, here)
        yield Tell(person_id=event.asker.id, place_id=event.place.id, content=_starting(ctx, run))


def asked(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Start a run…* below the list of playbooks: what `run` alone does."""
    given = CommandGiven(at=event.at, text="run", asker=event.asker, place=event.place, trigger_id=event.trigger_id)
    yield from by_command(given, "", ctx)


def by_command(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`run [playbook] [here] [name]`."""
    rows = permissions.playbooks_for(ctx, event.asker, event.place.team_id)
    said = ctx.say("start", playbooks=rows)
    row, name = _named(rows, words) if words or len(rows) != 1 else (rows[0], "")
    here = _HERE.match(words) if row is None else None
    if here:
        row, name, words = (rows[0], words, words) if len(rows) == 1 else (None, "", "")
    if not event.place.team_id:
        yield Refuse(title=said["no_team_title"], text=said["no_team"])
    elif not rows:
        yield Answer(content=Content(said["none"]))
    elif not permissions.may_start(event.asker):
        yield permissions.not_started(ctx, event.asker, stored(ctx, row or rows[0]))
    elif words and row is None:
        yield _unknown(ctx, rows, words)
    elif row is None and event.trigger_id:
        yield Ask(dialog=which_dialog(ctx, rows, event.place, "here::" if here else "command::"))
    elif row is None:
        yield Answer(content=Content(said["which"]))
    else:
        yield from _start_by_command(event, row, name, ctx)


def _start_by_command(event: CommandGiven, row: PlaybookRow, name: str, ctx: Context) -> Iterator[Effect]:
    book = stored(ctx, row)
    here = _HERE.match(name)
    name = name[here.end() :] if here else name
    wish = Wish(row=row, book=book, asker=event.asker, team_id=event.place.team_id, name=name[:NAME_LIMIT])
    if here and not is_member(ctx, event.place):
        yield _not_here(ctx)
        return
    if not name and book.start == "dialog" and event.trigger_id:
        yield Ask(dialog=start_dialog(ctx, wish, f"{'here' if here else 'command'}::{row.id}", event.place))
        return
    run = make_run(ctx, wish)
    yield from _begin(ctx, run, event.place if here else None)
    yield Answer(content=_starting(ctx, run))


def _begin(ctx: Context, run: Run, here: Place | None = None) -> Iterator[Effect]:
    """Let a run live in the channel where it was wished for, in the one that its playbook names, or in a new one."""
    name = run.definition["channel"].get("use")
    used = _known_place(ctx, run.team_id, name.removeprefix("~")) if name and here is None else None
    place = here or used
    if place is None:
        if name:
            told = ctx.say("start", name=run.name, channel=name)["not_used"]
            yield Tell(person_id=run.creator_id, content=Content(told))
        yield from open_channel(ctx, run)
        return
    run.own_channel = False
    visibility = "public" if place.kind == "O" else "private"
    run.definition = run.definition | {"channel": run.definition["channel"] | {"visibility": visibility}}
    yield from arrive(ctx, run, place)


def _known_place(ctx: Context, team_id: str, name: str) -> Place | None:
    known = ctx.store.place_named(team_id, name)
    if known is None or not known.is_member:
        return None
    return Place(id=known.id, team_id=team_id, kind="P" if known.kind == "P" else "O", name=name, title=known.title)


def _not_here(ctx: Context) -> Refuse:
    said = ctx.say("start")
    return Refuse(title=said["not_here_title"], text=said["not_here"])


def _by_prompts_dialog(
    event: DialogSubmitted, ctx: Context, prompt_id: int, playbook_id: str, here: Place | None
) -> Iterator[Effect]:
    prompt = ctx.store.prompt(prompt_id)
    wish = _offered(ctx, prompt, playbook_id, event) if prompt else None
    if prompt is None or wish is None or prompt.state != "open":
        yield Correct(error=prompts.answered(ctx, prompt).text)
    else:
        yield from _start_from_prompt(ctx, prompt, wish, here)


def _start_from_prompt(ctx: Context, prompt: Prompt, wish: Wish, here: Place | None = None) -> Iterator[Effect]:
    run = make_run(ctx, wish)
    prompt.state, prompt.answered_by, prompt.run_id = "started", wish.asker.id, run.id
    ctx.store.cancel_reminders(ctx.now, "fold", prompt_id=prompt.id)
    yield from _begin(ctx, run, here)
    yield from _show_starting(ctx, prompt, run)


def _show_starting(ctx: Context, prompt: Prompt, run: Run) -> Iterator[Edit]:
    if run.channel_id is not None:
        return
    for message in ctx.store.messages("prompt", prompt_id=prompt.id):
        yield from show(message, prompts.starting(ctx, run))


def _offered(ctx: Context, prompt: Prompt, playbook_id: str, event: ButtonPressed | DialogSubmitted) -> Wish | None:
    name, summary = _filled_in(event) if isinstance(event, DialogSubmitted) else ("", "")
    offers = prompts.offers_of(ctx, prompt)
    for row, book, offer in offers:
        if str(row.id) == playbook_id or (len(offers) == 1 and not playbook_id):
            return Wish(
                row=row,
                book=book,
                asker=event.asker,
                team_id=prompt.team_id,
                prompt=prompt,
                keywords=tuple(offer.keywords.split("\n")),
                name=name,
                summary=summary,
            )
    return None


def _filled_in(event: DialogSubmitted) -> tuple[str, str]:
    summary = str(event.values.get("summary") or "").strip()
    return one_line(str(event.values.get("name") or "")), summary[:SUMMARY_LIMIT]


def _chosen(ctx: Context, playbook_id: str) -> PlaybookRow | None:
    return ctx.store.playbook(int(playbook_id)) if _ID.fullmatch(playbook_id) else None


def _named(rows: Sequence[PlaybookRow], words: str) -> tuple[PlaybookRow | None, str]:
    """Find the playbook whose key or title the words begin with; the rest is the run's name."""
    for row in sorted(rows, key=lambda row: -len(row.title)):
        for called in (row.key, row.title):
            if words.casefold().startswith(called.casefold()) and not words[len(called) : len(called) + 1].strip():
                return row, one_line(words[len(called) :])
    first, _, rest = words.partition(" ")
    beginnings = [row for row in rows if first and row.key.startswith(first.casefold())]
    return (beginnings[0], one_line(rest)) if len(beginnings) == 1 else (None, "")


def _unknown(ctx: Context, rows: Sequence[PlaybookRow], words: str) -> Refuse:
    word = words.split(maxsplit=1)[0]
    said = ctx.say("start", word=word, nearest=Safe(nearest(word, [row.key for row in rows])))
    return Refuse(title=said["unknown_title"], text=said["unknown"])


def _starting(ctx: Context, run: Run) -> Content:
    said = ctx.say("start", name=run.name, playbook=run.definition["title"], number=run.id)
    return Content(said["answer_here" if run.channel_id is not None else "answer"])
