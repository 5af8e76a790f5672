"""Makes the message with what runs tell, as it is delivered: asked beside the desk, drawn by another process."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.charts.charts import NotDrawn
from bot.pages.questions import Questions
from handlers import effects as do
from handlers.context import Context
from handlers.figures.audience import seen_by, seen_in
from handlers.figures.many_runs import Seen
from handlers.views.insights_message import Told, told

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Insights:
    """Makes them; called with the effect that asks for one."""

    questions: Questions

    async def __call__(self, effect: do.PostInsights) -> do.Post | do.Tell | None:
        """Return the message, None where there is nothing to tell of.

        Raises `ServerRefused`, `ServerUnreachable` and what the database raises.
        """
        seen = await self._seen(effect)
        if seen is None:
            return None
        made = await self.questions.ask(lambda ctx, asker: told(ctx, effect, seen(ctx)))
        if made is None:
            return None
        attached = await self._attached(made)
        content = made.content if attached is not None else made.instead
        if effect.message_id is None:
            return do.Tell(person_id=effect.person_id, content=content, attached=attached)
        return do.Post(
            message_id=effect.message_id,
            place_id=effect.place_id,
            content=content,
            root_id=effect.root_id,
            attached=attached,
        )

    async def _seen(self, effect: do.PostInsights) -> Callable[[Context], Seen] | None:
        """Return what decides which runs all may see who will read it; None where nobody is known who would."""
        directory = self.questions.directory
        if not effect.place_id:
            return partial(seen_by, person=await directory.person(effect.person_id))
        place = await self.questions.ask(lambda ctx, asker: ctx.store.place(effect.place_id))
        if place is None:
            return None
        readers = await directory.ask_readers(place.id, place.kind)
        return partial(seen_in, team_id=place.team_id, readers=readers)

    async def _attached(self, made: Told) -> do.Files | None:
        content = made.csv
        if made.picture is not None:
            try:
                content = await self.questions.charts.draw(made.picture, "png")
            except NotDrawn:
                log.info("told without a picture", action="no_picture")
        files = (do.File(made.name, content),) if content else ()
        takes = self.questions.desk.here.takes(files)
        return do.Files(files=files, instead=made.instead) if files and takes else None
