"""A tour through what the bot can do, step by step, of which it is kept what one person alone was shown."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from scenes import settled
from stage import Stage

from sandbox.human import Human, controls
from store import Store
from tests.upgrading import document

Json = dict[str, Any]


@dataclass
class Tour:
    """What is played, where, and what one person alone was shown or their browser keeps."""

    scene: Stage
    places: dict[str, str]
    private: list[Json]
    dialogs: list[Json]
    cookies: Json

    async def ask(self, who: Human, place: str, text: str) -> str:
        """Give a command."""
        return await who.command(self.places[place], f"/{self.scene.trigger} {text}")

    async def keep(self, who: Human, place: str, text: str) -> None:
        """Give a command, and keep its answer with the buttons."""
        before = set(who.screen)
        await self.ask(who, place, text)
        post = await who.sees(that=lambda post: post["id"] not in before and is_private(post))
        self.private.append({"to": who.username, "post": document.private(self.scene.sandbox.world, post)})

    async def offered(self, text: str, part: str = "Start run") -> Json:
        """Write a message that a playbook is offered for, and return the offer."""
        said = await self.scene.alice.say(self.places["town"], text)
        return await self.scene.alice.sees(part, that=lambda post: post["root_id"] == said["id"])

    async def run(self, who: Human, place: str, book: str, name: str) -> None:
        """Start a run by a command, and call its channel `place`."""
        await self.ask(who, "town", f"run {book} {name}")
        card = await who.sees(name, "0 of", "Owner:", that=lambda post: post["is_pinned"])
        self.places[place] = card["channel_id"]

    async def joins(self, who: Human, place: str) -> None:
        """Wait until the bot has heard that somebody is in a run's channel, and so takes part."""

        def takes_part(store: Store) -> bool:
            found = (store.participant(run.id, who.id) for run in store.runs_in(self.places[place]))
            return any(one is not None and one.is_in for one in found)

        while not await self.scene.bot.desk.ask(takes_part):
            await self.scene.bot.desk.ask(lambda store: store.next_due())

    async def passes(self, **span: float) -> None:
        """Let time go on until all that is due by then was told."""
        self.scene.pass_time(**span)
        await until(self._is_all_told)
        await settled(self.scene)

    async def _is_all_told(self) -> bool:
        due = await self.scene.bot.desk.ask(lambda store: store.next_due())
        return due is None or due > self.scene.clock()


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    for _ in range(400):
        if await is_so():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


def is_private(post: Json) -> bool:
    return post["type"] == "system_ephemeral" and bool(controls(post))
