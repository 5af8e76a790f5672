"""Words that complete a task when they are said in its run's channel."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Content, Effect
from handlers.events import MessageHeard
from handlers.operations.edit_tasks import turn_tasks
from handlers.rules.progress import Numbered, progress
from handlers.text.words import Safe
from handlers.views.keep import post
from store import Message, Run


def heard(event: MessageHeard, ctx: Context) -> Iterator[Effect]:
    """Complete the tasks that wait for these words, from anybody or from those who are to say them."""
    for hit in event.hits:
        task = ctx.store.task(hit.task_id) if hit.task_id else None
        run = ctx.store.run(task.run_id) if task is not None else None
        if task is None or run is None or not run.is_active or run.channel_id != event.place.id:
            continue
        numbered = progress(ctx, run).numbered(task.id)
        # Between a change of the words and the message, the ears may have been a moment behind.
        said = next((word for word in hit.keywords if word in task.words), "")
        if numbered is not None and said and task.is_open and (not task.words_by or event.author.id in task.words_by):
            yield from _told(ctx, run, numbered, event, said)
            yield from turn_tasks(ctx, run, [numbered], "check", event.author, post_id=event.post_id)


def _told(ctx: Context, run: Run, numbered: Numbered, event: MessageHeard, said: str) -> Iterator[Effect]:
    to, task = ctx.readers_of(run), numbered.task
    text = ctx.say("do", to, number=Safe(numbered.number), title=task.title, words=said)["said"]
    message = Message(kind="note", run_id=run.id, task_id=task.id, place_id=event.place.id)
    yield from post(ctx, message, Content(text), root_id=event.root_id or event.post_id)
