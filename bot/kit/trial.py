"""What a test of playbooks does and looks at, in plain calls: nobody who writes one has to know of event loops."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.kit.run_seen import RunSeen
from bot.kit.town import Town
from handlers.text import durations
from sandbox.human import Human, words
from store import Store

T = TypeVar("T")

PATIENCE = 10.0
"""Real seconds that something may take which happens by itself."""
LOOK_EVERY = 0.02


class Trial:
    """A server with people and a bot that has your playbooks; its time goes on by `pass_time`."""

    def __init__(self, town: AbstractAsyncContextManager[Town]) -> None:
        self._context = town
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="muster trial", daemon=True)
        self._thread.start()
        self.town = self.do(town.__aenter__(), 60)

    def close(self) -> None:
        """End it all."""
        self.do(self._context.__aexit__(None, None, None), 60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    # -- what people do

    def says(self, who: str, text: str, channel: str = "town-square") -> None:
        """Let somebody write a message."""
        self.do(self._human(who).say(self._place(channel), text))

    def commands(self, who: str, text: str, channel: str = "town-square") -> str:
        """Let somebody give a command, without the slash and its word, and return what it answers."""
        return self.do(self._human(who).command(self._place(channel), f"/playbook {text}"))

    def presses(self, who: str, label: str, choice: str = "") -> None:
        """Let somebody press the newest button with this label that they see."""
        self.do(self._press(self._human(who), label, choice))

    def fills_in(self, who: str, channel: str = "town-square", **values: str) -> None:
        """Let somebody fill in the dialog that opened for them; what is not named stays as it is suggested."""
        self.do(self._fill(self._human(who), self._place(channel), values))

    def starts(self, who: str, playbook: str, name: str = "") -> RunSeen:
        """Let somebody start a run by command, and return it."""
        known = len(self.runs())
        self.commands(who, f"run {playbook} {name}".rstrip())
        return self._begun(known)

    def starts_from_prompt(self, who: str, **values: str) -> RunSeen:
        """Let somebody press *Start run* under the question that stands, fill in what it asks, and return the run."""
        known = len(self.runs())
        self.presses(who, "Start run")
        self.eventually(lambda: len(self.runs()) > known or bool(self._human(who).dialogs), "a dialog or a run")
        if self._human(who).dialogs:
            self.fills_in(who, **values)
        return self._begun(known)

    # -- time

    @property
    def now(self) -> datetime:
        """The time of server and bot, in UTC."""
        return self.town.clock()

    def pass_time(self, span: str) -> None:
        """Let time go on, such as "30m" or "1h 30m", and everything happen that is due by then, in its order."""
        until = self.now + timedelta(seconds=durations.parse(span))
        while (due := self.ask(lambda store: store.next_due())) is not None and due <= until:
            self._set_time(max(due, self.now))
            self.eventually(lambda: not self.ask(lambda store: list(store.due_jobs(self.now, 1))), "what is due")
        self._set_time(until)

    def within(self, span: str, holds: Callable[[], bool], what: str = "it") -> None:
        """See that something comes to hold before so much time has passed. Raises `AssertionError`."""
        try:
            self.eventually(holds, what, seconds=1.0)
        except AssertionError:
            self.pass_time(span)
            self.eventually(holds, f"{what} within {span}")

    def eventually(self, holds: Callable[[], bool], what: str = "it", seconds: float = PATIENCE) -> None:
        """See that something comes to hold without time passing. Raises `AssertionError`."""
        end = self._loop.time() + seconds
        pause = threading.Event()
        while not holds():
            if self._loop.time() > end:
                raise AssertionError(f"{what} did not happen; this is what stands there:\n{self.transcript()}")
            pause.wait(LOOK_EVERY)

    # -- what is there

    def runs(self) -> list[RunSeen]:
        """Return all runs, in the order in which they began."""
        found = self.ask(lambda store: store.runs(1000))
        return [RunSeen(self, run.id) for run in sorted(found, key=lambda run: run.id)]

    def messages(self, channel: str = "town-square") -> list[str]:
        """Return what is to be read in a channel, the oldest first."""
        return self.do(self._read(self._place(channel)))

    def told(self, who: str) -> list[str]:
        """Return all that somebody sees, in channels and direct messages, as words."""
        return [words(post) for post in list(self._human(who).screen.values())]

    def transcript(self) -> str:
        """Return the last messages of all channels that there are, for an error to show."""
        places = [*self.town.channels, *(one.channel for one in self.runs() if one.channel)]
        return "\n".join(
            f"~{place}\n" + "\n".join(f"  {text}" for text in self.messages(place)[-8:]) for place in places
        )

    # -- for what is there

    def _begun(self, known: int) -> RunSeen:
        self.eventually(lambda: len(self.runs()) > known and bool(self.runs()[-1].channel), "a run")
        return self.runs()[-1]

    def _human(self, who: str) -> Human:
        name = who.removeprefix("@")
        if name not in self.town.people:
            raise AssertionError(f"there is no {who}; name everybody in people=[…], there are {[*self.town.people]}")
        return self.town.people[name]

    def _place(self, channel: str) -> str:
        name = channel.removeprefix("~")
        return self.town.channels.get(name) or self.do(self.town.admin.channel(name))["id"]

    async def _read(self, place_id: str) -> list[str]:
        listed = await self.town.admin.rest("GET", f"/channels/{place_id}/posts")
        return [words(listed["posts"][one]) for one in reversed(listed["order"]) if not listed["posts"][one]["type"]]

    async def _press(self, human: Human, label: str, choice: str) -> None:
        def has(post: dict[str, Any]) -> bool:
            cards = (post.get("props") or {}).get("attachments") or []
            return any(str(one["name"]).startswith(label) for card in cards for one in card.get("actions") or ())

        await human.press(await human.sees(that=has, within=PATIENCE), label, choice)

    async def _fill(self, human: Human, place_id: str, values: dict[str, str]) -> None:
        refused = (await human.submit(await human.dialog(PATIENCE), place_id, **values)).get("errors")
        assert not refused, f"the dialog was refused: {refused}"

    def _set_time(self, at: datetime) -> None:
        self.town.clock.ahead += at - self.now
        self.town.bot.desk.planned.ring()
        self.town.bot.courier.wake()

    def ask(self, question: Callable[[Store], T]) -> T:
        """Return the answer to a question to the bot's database."""
        return self.do(self.town.bot.desk.ask(question))

    def do(self, work: Coroutine[Any, Any, T], seconds: float = 3 * PATIENCE) -> T:
        """Wait for something on the loop that server and bot run on."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)
