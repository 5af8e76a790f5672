"""Judges the work on runs: tasks, notes and updates as people were told, and who takes part."""

from collections.abc import Iterator

from chaos.done import Done, Outcome
from chaos.known import acts, allowed, counted, directly
from chaos.plan import Deed
from chaos.record import Record, Row, Shown

CHECKS = (Deed.CHECK_BY_BUTTON, Deed.CHECK_BY_COMMAND, Deed.CHECK_BY_MESSAGE, Deed.SAY_WORDS)
NOTES = (Deed.NOTE_BY_COMMAND, Deed.NOTE_BY_MESSAGE)
WELCOME = "Welcome to"


def tasks(record: Record) -> Iterator[str]:
    """A task is done if somebody was told so, open if nobody was, and entered into the timeline once."""
    for run in record.runs:
        numbered = record.numbered(run.id)
        for number, task in numbered.items():
            some = [done for done in acts(record, *CHECKS) if _is_about(record, done, run, number)]
            yield from counted(int(task.state == "done"), allowed(record, some), f"task {number} of {run.name} done")
            entries = [one for one in record.moments if (one.run_id, one.kind) == (run.id, "task_done")]
            found = sum(one.subject == task.title for one in entries)
            yield from counted(found, range(int(task.state == "done"), int(task.state == "done") + 1),
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
    for done in acts(record, *NOTES):
        found = sum(one.kind == "note" and done.act.word in one.subject for one in record.moments)
        yield from counted(found, allowed(record, [done]), f"notes {done.act.word}")
    for done in acts(record, Deed.PIN):
        found = sum(one.kind == "pinned" and one.post_id == done.post_id for one in record.moments)
        once = range(1, 2) if done.outcome is Outcome.YES else range(2)
        yield from counted(found, once, f"pins of {done.act.word}")


def updates(record: Record) -> Iterator[str]:
    """An update is told once in its channel, in ~status, and to each follower but its author."""
    for done in acts(record, Deed.UPDATE, Deed.UPDATE_BY_DIALOG):
        word, run = done.act.word, record.run_of(done.act.run)
        made = sum(one.kind == "update" and word in one.subject for one in record.moments)
        yield from counted(made, allowed(record, [done]), f"updates {word}")
        once = range(made, made + 1)
        for place_id, name in ((run.channel_id if run else "", "its channel"), (record.status, "~status")):
            told = [post for post in record.posts_in(place_id) if _is_update(post, word)]
            yield from counted(len(told), once, f"update {word} in {name}")
        followers = {one.person_id for one in record.followers if run and one.run_id == run.id}
        for part, person_id in record.people.items():
            if person_id in followers - {record.people[done.act.who]}:
                told = [post for post in directly(record, part) if _is_update(post, word)]
                yield from counted(len(told), once, f"update {word} to {part}")


def _is_update(post: Shown, word: str) -> bool:
    return post.text.startswith("**Update ") and word in post.text


def assignments(record: Record) -> Iterator[str]:
    """Whom a task is for is told so once, by direct message; what is done by now may not have been told."""
    for done in acts(record, Deed.ASSIGN):
        run, to = record.run_of(done.act.run), done.act.to
        task = record.numbered(run.id).get(done.act.task) if run is not None else None
        if run is None or task is None or task.state == "done":
            continue
        begin = f"📌 A task for you: **{done.act.task}** {task.title}"
        told = [one for one in directly(record, to) if one.text.startswith(begin) and f"[{run.name}]" in one.text]
        is_for = record.people[to] in task.assignees
        yield from counted(int(is_for), allowed(record, [done]), f"task {done.act.task} of {run.name} for {to}")
        yield from counted(len(told), range(is_for, is_for + 1), f"{to} told of task {done.act.task} of {run.name}")


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
        # All read it in the channel; where the bot may whisper, it says more to each.
        named = f"[{run.name}]" if record.whispers else f"**{run.name}**"
        for part, person_id in record.people.items():
            told = [
                post
                for post in record.screens[part]
                if post.author_id == record.bot_id and WELCOME in post.text and named in post.text
            ]
            once = range(1, 2) if person_id in inside and not record.whispers else range(2)
            yield from counted(len(told), once, f"welcomes of {part} to {run.name}")
