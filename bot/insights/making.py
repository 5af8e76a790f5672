"""Makes the message with what runs tell, as it is delivered: asked beside the desk, drawn by another process."""

from dataclasses import dataclass

import structlog

from bot.charts.charts import NotDrawn
from bot.driver import Client
from bot.insights.audience import SeenBy, readers_of, seen_by, seen_in
from bot.pages.questions import Questions
from handlers import effects as do
from handlers.views.insights_message import Told, told

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Insights:
    """Makes them; called with the effect that asks for one."""

    questions: Questions
    client: Client

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

    async def _seen(self, effect: do.PostInsights) -> SeenBy | None:
        """Return what decides which runs all may see who will read it; None where nobody is known who would."""
        if not effect.place_id:
            return seen_by(await self.questions.directory.person(effect.person_id))
        place = await self.questions.ask(lambda ctx, asker: ctx.store.place(effect.place_id))
        return seen_in(place, await readers_of(self.client, place)) if place is not None else None

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
