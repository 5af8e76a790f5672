"""What people do in the tour: they write, press, fill in and look, and all of it goes into the transcript."""

from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from bot.demo.bot import BOT
from bot.demo.transcript import Transcript
from bot.demo.world import PEOPLE, Acme
from sandbox.human import Human, Json, NotSeen, defaults, find_control

LAST_SEEN = 5
"""How many messages are drawn of a screen on which something is missing."""


class Scene:
    """People by their user names; `within` is how many seconds each of them waits for something to appear."""

    def __init__(self, acme: Acme, console: Console, within: float) -> None:
        self.acme = acme
        self.within = within
        self.expected = ""
        self._looking = ""
        names = {human.id: name for name, human in acme.people.items()} | {acme.bot.gateway.server.me.id: BOT}
        places = {place_id: name for name, place_id in acme.channels.items()}
        people = [row[0] for row in PEOPLE]
        self.transcript = Transcript(console, names, places, ZoneInfo(PEOPLE[0][-1]), people)

    def human(self, who: str) -> Human:
        return self.acme.people[who]

    def screen(self) -> list[Json]:
        """Return the last messages before whoever looked last."""
        return list(self.human(self._looking).screen.values())[-LAST_SEEN:] if self._looking else []

    async def says(self, who: str, channel: str, text: str) -> None:
        self._expect(who, "can write there")
        self.transcript.post(await self.human(who).say(self.acme.channels[channel], text))

    async def joins(self, who: str, place_id: str) -> None:
        self._expect(who, "can join the channel")
        self.transcript.does(who, "joins", place_id)
        human = self.human(who)
        await human.rest("POST", f"/channels/{place_id}/members", {"user_id": human.id})

    async def presses(self, who: str, post: Json, label: str) -> None:
        self._expect(who, f"can press [ {label} ]")
        self.transcript.does(who, f"presses `[ {find_control(post, label)['name']} ]`", post["channel_id"])
        await self.human(who).press(post, label)

    async def commands(self, who: str, place_id: str, text: str) -> str:
        self._expect(who, f"can write {text}")
        self.transcript.does(who, f"writes `{text}`", place_id)
        return await self.human(who).command(place_id, text)

    async def is_asked(self, who: str) -> Json:
        """Return the dialog that is shown next."""
        self._expect(who, "sees a dialog")
        return await self.human(who).dialog(self.within)

    async def submits(self, who: str, dialog: Json, place_id: str, *, draw: bool = True, **values: str) -> Json:
        """Fill in and send a dialog; return what is wrong with it."""
        self._expect(who, "can send the dialog")
        self.transcript.does(who, "fills in and sends" if draw else "sends the same", place_id)
        if draw:
            self.transcript.dialog(dialog, defaults(dialog) | values)
        return await self.human(who).submit(dialog, place_id, **values)

    async def sees(self, who: str, what: str, *parts: str, draw: bool = True, waits: int = 1, **how: Any) -> Json:
        """Wait until a message shows all `parts`, `waits` times as long as usual; `how` narrows it down."""
        self._expect(who, f"sees {what} with " + " and ".join(f"“{part}”" for part in parts))
        post = await self.human(who).sees(*parts, within=waits * self.within, **how)
        if draw:
            await self._name_place(who, post["channel_id"])
            self.transcript.post(post)
        self.transcript.seen(who, f"sees {what}")
        return post

    def holds(self, condition: bool, who: str, what: str) -> None:
        """Check something that is not a message. Raises `NotSeen`."""
        self._expect(who, what)
        if not condition:
            raise NotSeen(self.expected)
        self.transcript.seen(who, what)

    async def _name_place(self, who: str, place_id: str) -> None:
        if place_id not in self.transcript.places:
            channel = await self.human(who).rest("GET", f"/channels/{place_id}")
            if channel["team_id"]:
                self.transcript.places[place_id] = channel["name"]

    def _expect(self, who: str, what: str) -> None:
        self._looking, self.expected = who, f"@{who} {what}"
