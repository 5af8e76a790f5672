"""Compares what people saw with what was decided; each judge yields what it finds wrong, in words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from chaos.crew import Done, Outcome
from chaos.plan import BASE, Deed
from chaos.record import Record, Row, Shown
from handlers.words import say

STARTS = (Deed.START, Deed.START_BY_COMMAND)
CHECKS = (Deed.CHECK_BY_BUTTON, Deed.CHECK_BY_COMMAND, Deed.CHECK_BY_MESSAGE, Deed.SAY_WORDS)
NOTES = (Deed.NOTE_BY_COMMAND, Deed.NOTE_BY_MESSAGE)
WELCOME = "Welcome to"
_RAISED = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception|Full|Conflict|Refused|Unreachable|Unsure)\b")
_NAMED = re.compile(r"\bw\d\dx\b", re.IGNORECASE)
"""A word that only one act has."""
_STORAGE = re.compile(r"sqlalchemy|sqlite3|psycopg|DiskFull|Conflict|DatabaseError|OperationalError")


def judge(record: Record) -> list[str]:
    """Return all that is wrong with an episode."""
    return [f"{judged.__name__.strip('_')}: {wrong}" for judged in JUDGES for wrong in judged(record)]


def outcomes(record: Record, done: Done) -> Outcome:
    """Return what the person knew in the end: what is said against a press comes later, as a dialog or a message."""
    if not done.trigger or done.outcome is not Outcome.YES:
        return done.outcome
    if done.trigger in record.dialogs.get(done.act.who, {}):
        return Outcome.NO
    failures = set(say("door").values())
    told = any(post.author_id == record.bot_id and post.text in failures for post in record.screens[done.act.who])
    return Outcome.UNKNOWN if told else Outcome.YES


def _allowed(record: Record, some: list[Done]) -> range:
    """Return how often something may have happened that these acts were to bring about once."""
    known = {outcomes(record, done) for done in some}
    if Outcome.YES in known:
        return range(1, 2)
    return range(2) if Outcome.UNKNOWN in known else range(1)


def _acts(record: Record, *deeds: Deed) -> list[Done]:
    return [done for done in record.done if done.act.deed in deeds and done.outcome is not Outcome.SKIPPED]


def _count(found: int, allowed: range, what: str) -> Iterator[str]:
    if found not in allowed:
        wanted = str(allowed[0]) if len(allowed) == 1 else f"{allowed[0]} to {allowed[-1]}"
        yield f"{what}: {found} instead of {wanted}"


def keywords(record: Record) -> Iterator[str]:
    """Each message with a keyword is answered by exactly one prompt, in its thread."""
    for done in _acts(record, Deed.KEYWORD):
        answers = [post for post in record.posts_in(record.town) if post.root_id == done.post_id]
        yield from _count(len(answers), range(1, 2), f"prompts for {done.act.word}")


def runs(record: Record) -> Iterator[str]:
    """What was to be started is a run, once, and what was refused is none; each has one channel, card and lists."""
    words = dict.fromkeys(done.act.run for done in _acts(record, *STARTS))
    for word in [BASE, *words]:
        made = [run for run in record.runs if word in run.name.casefold()]
        some = [done for done in _acts(record, *STARTS) if done.act.run == word]
        yield from _count(len(made), range(1, 2) if word == BASE else _allowed(record, some), f"runs for {word}")
    for run in record.runs:
        channels = [place for place in record.places if f"({run.key})" in place.purpose]
        yield from _count(len(channels), range(1, 2), f"channels of {run.name}")
        here = record.posts_in(run.channel_id or "")
        cards = [post for post in here if "Owner:" in post.text and run.name in post.text]
        yield from _count(len(cards), range(1, 2), f"cards of {run.name}")
        yield from _count(sum(post.is_pinned for post in cards), range(1, 2), f"pinned cards of {run.name}")
        for title in ("1 · Triage", "2 · Fix"):
            lists = [post for post in here if post.text.startswith(title)]
            yield from _count(len(lists), range(1, 2), f"lists {title} of {run.name}")


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


def tasks(record: Record) -> Iterator[str]:
    """A task is done if somebody was told so, open if nobody was, and entered into the timeline once."""
    for run in record.runs:
        numbered = record.numbered(run.id)
        for number, task in numbered.items():
            acts = [done for done in _acts(record, *CHECKS) if _is_about(record, done, run, number)]
            yield from _count(int(task.state == "done"), _allowed(record, acts), f"task {number} of {run.name} done")
            entries = [one for one in record.moments if (one.run_id, one.kind) == (run.id, "task_done")]
            found = sum(one.subject == task.title for one in entries)
            yield from _count(found, range(int(task.state == "done"), int(task.state == "done") + 1),
                              f"entries of task {number} of {run.name}")  # fmt: skip
        yield from _shown(record, run, numbered)


def _is_about(record: Record, done: Done, run: Row, number: str) -> bool:
    return done.act.task == number and record.run_of(done.act.run) is run


def _shown(record: Record, run: Row, numbered: dict[str, Row]) -> Iterator[str]:
    """Compare what lists and card show with how the tasks are."""
    here = record.posts_in(run.channel_id or "")
    lists = "\n".join(post.text for post in here if post.text.startswith(("1 · Triage", "2 · Fix")))
    for number, task in numbered.items():
        if (f"~~{number} {task.title}~~" in lists) != (task.state == "done"):
            yield f"the list of {run.name} shows {number} otherwise than {task.state}"
    settled = sum(task.state in ("done", "skipped") for task in numbered.values())
    for post in here:
        if "Owner:" in post.text and f"{settled} of {len(numbered)}" not in post.text:
            yield f"the card of {run.name} does not show {settled} of {len(numbered)} tasks"


def notes(record: Record) -> Iterator[str]:
    """What was noted or pinned is in the timeline, once."""
    for done in _acts(record, *NOTES):
        found = sum(one.kind == "note" and done.act.word in one.subject for one in record.moments)
        yield from _count(found, _allowed(record, [done]), f"notes {done.act.word}")
    for done in _acts(record, Deed.PIN):
        found = sum(one.kind == "pinned" and one.post_id == done.post_id for one in record.moments)
        allowed = range(1, 2) if done.outcome is Outcome.YES else range(2)
        yield from _count(found, allowed, f"pins of {done.act.word}")


def updates(record: Record) -> Iterator[str]:
    """An update is told once in its channel, in ~status, and to each follower but its author."""
    for done in _acts(record, Deed.UPDATE):
        word, run = done.act.word, record.run_of(done.act.run)
        made = sum(one.kind == "update" and word in one.subject for one in record.moments)
        yield from _count(made, _allowed(record, [done]), f"updates {word}")
        once = range(made, made + 1)
        for place_id, name in ((run.channel_id if run else "", "its channel"), (record.status, "~status")):
            told = [post for post in record.posts_in(place_id) if _is_update(post, word)]
            yield from _count(len(told), once, f"update {word} in {name}")
        followers = {one.person_id for one in record.followers if run and one.run_id == run.id}
        for part, person_id in record.people.items():
            if person_id in followers - {record.people[done.act.who]}:
                told = [post for post in _directly(record, part) if _is_update(post, word)]
                yield from _count(len(told), once, f"update {word} to {part}")


def _is_update(post: Shown, word: str) -> bool:
    return post.text.startswith("**Update ") and word in post.text


def _directly(record: Record, part: str) -> list[Shown]:
    direct = {place.id for place in record.places if place.is_direct}
    return [post for post in record.screens[part] if post.author_id == record.bot_id and post.place_id in direct]


def people(record: Record) -> Iterator[str]:
    """Who is in a run's channel takes part in it, and the other way round; everybody is welcomed once."""
    names = {person_id: part for part, person_id in record.people.items()}
    for run in record.runs:
        inside = next((place.members for place in record.places if place.id == run.channel_id), frozenset())
        part_in = {
            one.person_id
            for one in record.participants
            if one.run_id == run.id and one.joined_at is not None and one.left_at is None
        }
        for person_id in sorted((inside & set(names)) ^ part_in):
            where = "is in the channel" if person_id in inside else "is not in the channel"
            yield f"{names.get(person_id, person_id)} {where} of {run.name}, and the store says otherwise"
        for part, person_id in record.people.items():
            told = [
                post
                for post in record.screens[part]
                if post.author_id == record.bot_id and WELCOME in post.text and f"[{run.name}]" in post.text
            ]
            allowed = range(1, 2) if person_id in inside else range(2)
            yield from _count(len(told), allowed, f"welcomes of {part} to {run.name}")


def reminders(record: Record) -> Iterator[str]:
    """Each reminder of an update is said once."""
    for run in record.runs:
        planned = [one for one in record.reminders if (one.run_id, one.kind) == (run.id, "update")]
        # One that came has planned the next one, whose round is higher.
        came = sum(one.round > 0 for one in planned)
        said = sum(row.run_id == run.id and row.kind in ("reminder", "reminder_closed") for row in record.messages)
        yield from _count(said, range(came, came + 1), f"reminders of {run.name}")


def told_twice(record: Record) -> Iterator[str]:
    """Nobody gets the same direct message about one and the same thing twice, but that an update is overdue."""
    for part in record.people:
        times = Counter(post.text for post in _directly(record, part))
        for text, count in times.items():
            if count > 1 and _NAMED.search(text) and "is overdue" not in text:
                yield f"{part} got {count} times: {text[:100]!r}"


def log(record: Record) -> Iterator[str]:
    """No error is raised but those of the storage that was made to fail; no process ends by itself in an error."""
    in_traceback = False
    for line in record.log:
        _, _, said = line.partition(": ")
        in_traceback = in_traceback or "Traceback (most recent call last)" in said
        if in_traceback and said[:1].isalpha() and _RAISED.match(said):
            in_traceback = False
            if not (record.storage_failed and _STORAGE.search(said)):
                yield f"raised: {line[:200]}"
    for code in record.ends:
        if code != 2 or not record.storage_failed:
            yield f"a process ended by itself with {code}"


JUDGES: tuple[Callable[[Record], Iterator[str]], ...] = (
    keywords,
    runs,
    own_messages,
    tasks,
    notes,
    updates,
    people,
    reminders,
    told_twice,
    log,
)


def _brief(post: Shown) -> str:
    return f"{post.id} in {post.place_id}: {post.text[:60]!r}"
