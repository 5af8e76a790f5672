"""Makes a run's files as they are delivered, asked beside the desk: a long run delays no click."""

import asyncio
from dataclasses import dataclass

from bot.pages.questions import Questions
from handlers import effects as do
from handlers.export.files import files_of
from handlers.export.sending import told, written_for


@dataclass(frozen=True, slots=True)
class Exports:
    """Makes them; called with the effect that asks for them."""

    questions: Questions

    async def __call__(self, effect: do.SendRun) -> do.Tell | None:
        """Return the message, None where there is no such run for somebody any more.

        Raises `ServerRefused`, `ServerUnreachable` and what the database raises.
        """
        asker = await self.questions.directory.person(effect.person_id)
        found = await self.questions.ask(lambda ctx, asker: written_for(ctx, effect.run_id, asker), asker)
        if found is None:
            return None
        files = await asyncio.to_thread(files_of, found)
        return await self.questions.ask(lambda ctx, asker: told(ctx, effect.run_id, asker, files), asker)
