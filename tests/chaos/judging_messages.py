"""Judges what the bot has said: prompts, cards, lists and reminders, each once, and nothing twice."""

import re
from collections import Counter
from collections.abc import Iterator

from chaos.known import acts, allowed, counted, directly
from chaos.plan import BASE, Deed
from chaos.record import Record, Shown

STARTS = (Deed.START, Deed.START_BY_COMMAND)
_NAMED = re.compile(r"\bw\d\dx\b", re.IGNORECASE)
"""A word that only one act has."""


def keywords(record: Record) -> Iterator[str]:
    """Each message with a keyword is answered by exactly one prompt, in its thread."""
    for done in acts(record, Deed.KEYWORD):
        answers = [post for post in record.posts_in(record.town) if post.root_id == done.post_id]
        yield from counted(len(answers), range(1, 2), f"prompts for {done.act.word}")


def runs(record: Record) -> Iterator[str]:
    """What was to be started is a run, once, and what was refused is none; each has one channel, card and lists."""
    words = dict.fromkeys(done.act.run for done in acts(record, *STARTS))
    for word in [BASE, *words]:
        made = [run for run in record.runs if word in run.name.casefold()]
        some = [done for done in acts(record, *STARTS) if done.act.run == word]
        yield from counted(len(made), range(1, 2) if word == BASE else allowed(record, some), f"runs for {word}")
    for run in record.runs:
        channels = [place for place in record.places if f"({run.key})" in place.purpose]
        yield from counted(len(channels), range(1, 2), f"channels of {run.name}")
        here = record.posts_in(run.channel_id or "")
        cards = [post for post in here if "Owner:" in post.text and run.name in post.text]
        yield from counted(len(cards), range(1, 2), f"cards of {run.name}")
        yield from counted(sum(post.is_pinned for post in cards), range(1, 2), f"pinned cards of {run.name}")
        for title in ("1 · Triage", "2 · Fix"):
            lists = [post for post in here if post.text.startswith(title)]
            yield from counted(len(lists), range(1, 2), f"lists {title} of {run.name}")


def own_messages(record: Record) -> Iterator[str]:
    """Each of the bot's messages that it keeps stands once, and it says nothing in channels that it does not keep."""
    stand = {post.id: post for post in record.posts}
    kept = {row.post_id for row in record.messages if row.post_id}
    direct = {place.id for place in record.places if place.is_direct}
    for row in record.messages:
        if row.gone_at is None and row.post_id not in stand:
            yield f"message {row.id} ({row.kind} of run {row.run_id}) stands nowhere"
    for post in record.posts:
        if post.id not in kept and post.place_id not in direct:
            yield f"a post that the bot does not know as its own: {_brief(post)}"
    for key, times in Counter(post.effect for post in record.posts if post.effect).items():
        if times > 1:
            yield f"{times} posts of one effect {key}: {[_brief(post) for post in record.posts if post.effect == key]}"


def reminders(record: Record) -> Iterator[str]:
    """Each reminder of an update is said once."""
    for run in record.runs:
        planned = [one for one in record.jobs if (one.run_id, one.kind) == (run.id, "update")]
        # One that came has planned the next one, whose round is higher.
        came = sum(one.payload.get("round", 0) > 0 for one in planned)
        said = sum(row.run_id == run.id and row.kind in ("reminder", "reminder_closed") for row in record.messages)
        yield from counted(said, range(came, came + 1), f"reminders of {run.name}")


def told_twice(record: Record) -> Iterator[str]:
    """Nobody gets the same direct message about one and the same thing twice, but that an update is overdue."""
    for part in record.people:
        times = Counter(post.text for post in directly(record, part))
        for text, count in times.items():
            if count > 1 and _NAMED.search(text) and "is overdue" not in text:
                yield f"{part} got {count} times: {text[:100]!r}"


def _brief(post: Shown) -> str:
    return f"{post.id} in {post.place_id}: {post.text[:60]!r}"
