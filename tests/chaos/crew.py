"""The people of an episode: each does what is planned, one thing after the other, and remembers what was said."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from chaos.done import POSITIVE, Done, Outcome, told
from chaos.plan import WORDS, Act, Deed
from chaos.trace import Trace
from chaos.world import World
from sandbox.human import Human, NotSeen, Refused, find_control
from sandbox.model import Channel

PATIENCE = 6.0
"""Seconds that somebody waits for what they need to see before they give up what they wanted to do."""
CALM_PATIENCE = 30.0
LATEST = 3.0
"""Seconds after the planned end at which nobody begins anything any more."""
LOOK_EVERY = 0.02
HEARS_AFTER = 2.0
"""Seconds from a run's last message until its words are listened for in all processes."""


class Crew:
    """Does acts; `done` holds what became of them."""

    def __init__(self, world: World, trace: Trace) -> None:
        self.world = world
        self.trace = trace
        self.patience = CALM_PATIENCE
        self.done: list[Done] = []
        self.heard: dict[str, str] = {}
        """The messages with keywords, by their word."""

    async def act(self, acts: Sequence[Act]) -> None:
        """Let everybody act, at the planned times or as soon after them as they get to it."""
        people = self.world.scene.people
        await asyncio.gather(*(self._one(who, [act for act in acts if act.who == who]) for who in people))

    async def _one(self, who: str, acts: Sequence[Act]) -> None:
        for act in acts:
            await self.trace.until(act.at)
            if self.trace.now > self.world.plan.length + LATEST:
                self.trace.note(f"{who} has no time left for {act.deed} {act.word or act.task}")
                continue
            self.trace.note(f"{who} begins {act.deed} {act.word} in {act.run} {act.task}".rstrip())
            done = await self._do(act, self.world.scene.people[who])
            self.done.append(done)
            self.trace.note(f"{who} did {act.deed} {act.word or act.task}: {done.outcome} {done.said[:80]!r}")

    async def _do(self, act: Act, who: Human) -> Done:
        try:
            return await self._try(act, who)
        except NotSeen as error:
            return Done(act, Outcome.SKIPPED, str(error).splitlines()[0])
        except Refused as error:
            return Done(act, Outcome.UNKNOWN, str(error))

    async def _try(self, act: Act, who: Human) -> Done:
        scene = self.world.scene
        match act.deed:
            case Deed.KEYWORD:
                post = await who.say(scene.town["id"], f"sev-1 {act.word} is down")
                self.heard[act.word] = post["id"]
                return Done(act, Outcome.YES, post_id=post["id"])
            case Deed.START:
                town, about = scene.town["id"], partial(self._asks, act.word)
                prompt = await who.sees("Start run", where=town, within=self.patience, that=about)
                return await self._press(act, who, prompt, "Start run")
            case Deed.START_BY_COMMAND:
                return await self._command(act, who, scene.town["id"], f"run incident-response {act.word} fails")
            case Deed.JOIN:
                place = await self._until(lambda: self.world.channel(act.run), "the channel")
                await who.rest("POST", f"/channels/{place.id}/members", {"user_id": who.id})
                return Done(act, Outcome.YES)
            case Deed.LEAVE:
                place = await self._until(lambda: self.world.channel(act.run), "the channel")
                if who.id not in self.world.members(place.id):
                    return Done(act, Outcome.SKIPPED)
                await who.rest("DELETE", f"/channels/{place.id}/members/{who.id}")
                return Done(act, Outcome.YES)
            case _:
                return await self._work(act, who, await self._inside(act.run, who))

    async def _work(self, act: Act, who: Human, place: Channel) -> Done:
        """Do something in the channel of a run whose card is seen."""
        match act.deed:
            case Deed.CHECK_BY_BUTTON:
                label = f"✓ {act.task} "
                shown = await who.sees(f"[{label}", where=place.id, within=self.patience)
                return await self._press(act, who, shown, label)
            case Deed.CHECK_BY_COMMAND:
                return await self._command(act, who, place.id, f"check {act.task}")
            case Deed.NOTE_BY_COMMAND:
                return await self._command(act, who, place.id, f"note {act.word} was seen")
            case Deed.UPDATE:
                return await self._command(act, who, place.id, f"update {act.word} is better")
            case Deed.ASSIGN:
                to = self.world.scene.people[act.to].username
                return await self._command(act, who, place.id, f"assign {act.task} @{to}")
            case Deed.UPDATE_BY_DIALOG:
                return await self._update(act, who, place)
            case Deed.CHECK_BY_MESSAGE:
                return await self._say(act, who, place, f"@{self.world.bot.username} check {act.task}")
            case Deed.NOTE_BY_MESSAGE:
                return await self._say(act, who, place, f"@{self.world.bot.username} note {act.word} was seen")
            case Deed.SAY_WORDS:
                await who.sees("2 · Fix", where=place.id, within=self.patience)
                await asyncio.sleep(HEARS_AFTER)
                return await self._say(act, who, place, f"{act.word}: {WORDS}")
            case Deed.PIN:
                done = await self._say(act, who, place, f"{act.word} is worth a pin")
                body = {"user_id": who.id, "post_id": done.post_id, "emoji_name": "pushpin"}
                await who.rest("POST", "/reactions", body)
                return done
            case Deed.DELETE_CARD:
                card = await who.sees("Owner:", where=place.id, within=self.patience)
                await self.world.scene.admin.rest("DELETE", f"/posts/{card['id']}")
                return Done(act, Outcome.YES, post_id=card["id"])
            case _:
                raise AssertionError(act)

    async def _say(self, act: Act, who: Human, place: Channel, text: str) -> Done:
        post = await who.say(place.id, text)
        return Done(act, Outcome.YES, post_id=post["id"])

    async def _command(self, act: Act, who: Human, channel_id: str, text: str) -> Done:
        said = await who.command(channel_id, f"/{self.world.scene.trigger} {text}")
        return Done(act, told(said, POSITIVE[act.deed] in said), said)

    async def _update(self, act: Act, who: Human, place: Channel) -> Done:
        """Write an update into its dialog; whoever does not learn whether it was taken sends it once more."""
        pressed = await self._press(act, who, await who.sees("[Post update]", where=place.id), "Post update")
        shown = await self._until(lambda: _shown(who, pressed.trigger), "the dialog")
        if not shown["dialog"].get("elements"):
            said = shown["dialog"]["introduction_text"]
            return Done(act, told(said, positive=False), said)
        try:
            said = await who.submit(shown, place.id, text=f"{act.word} is better")
        except Refused:
            said = await who.submit(shown, place.id, text=f"{act.word} is better")
        return Done(act, told(str(said), not said), str(said))

    async def _press(self, act: Act, who: Human, post: dict[str, Any], label: str) -> Done:
        """Press a button; what is said against it comes as a dialog of this press, perhaps much later."""
        control = find_control(post, label)
        answer = await who.rest("POST", f"/posts/{post['id']}/actions/{control['id']}", {"cookie": ""})
        return Done(act, Outcome.YES, trigger=answer["trigger_id"])

    async def _inside(self, word: str, who: Human) -> Channel:
        """Wait until somebody is in the channel of a run and sees its card."""
        place = await self._until(lambda: self.world.channel(word), "the channel")
        await self._until(lambda: who.id in self.world.members(place.id), "to be in it")
        await who.sees("Owner:", where=place.id, within=self.patience)
        return place

    async def _until(self, what: Callable[[], Any], name: str) -> Any:
        end = asyncio.get_running_loop().time() + self.patience
        while not (found := what()):
            if asyncio.get_running_loop().time() > end:
                raise NotSeen(f"waited in vain for {name}")
            await asyncio.sleep(LOOK_EVERY)
        return found

    def _asks(self, word: str, post: dict[str, Any]) -> bool:
        return word in self.heard and post["root_id"] == self.heard[word]


def _shown(who: Human, trigger: str) -> dict[str, Any] | None:
    """Return the dialog, if any, that a press has brought."""
    return next((one for one in who.dialogs if one["trigger_id"] == trigger), None)
