"""An incident must not ring its own people: what the server counts as notifications in 105 minutes of one."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import yaml
from scenes import settled
from stage import Stage, stage

from sandbox.human import Human, words
from tests.accounts import person

BOOK = yaml.safe_load(Path("templates/playbooks/incident-response.yaml").read_text(encoding="utf-8"))
MOST = 12


class Rings:
    """Counts what people are notified of; `wrong` is what rang somebody for their own act, or twice for one thing."""

    def __init__(self, scene: Stage, people: dict[str, Human]) -> None:
        self.scene = scene
        self.people = people
        self.told: list[str] = []
        self.wrong: list[str] = []
        self._marks = 0

    async def after(self, who: str, what: str) -> Counter[str]:
        """Return how often each was rung since the last time, by what `who` did; nobody, if time did it."""
        await settled(self.scene)
        self._marks += 1
        mark = await self.scene.admin.say(self.scene.town["id"], f"mark {self._marks}")
        rung: Counter[str] = Counter()
        for name, human in self.people.items():
            await human.sees(mark["message"], where=self.scene.town["id"])
            for post in human.rung:
                rung[name] += 1
                self.told.append(f"{what} → {name}: {words(post)}")
                if name == who or rung[name] > 1:
                    self.wrong.append(self.told[-1])
            human.rung.clear()
        return rung

    async def pass_time(self, minutes: int, what: str) -> Counter[str]:
        self.scene.pass_time(minutes=minutes)
        async with asyncio.timeout(20):
            while await self.scene.bot.desk.ask(lambda store: store.due_jobs(self.scene.bot.desk.clock(), 1)):
                self.scene.bot.desk.planned.ring()
                await asyncio.sleep(0.05)
        return await self.after("", what)


async def test_in_105_minutes_five_people_are_rung_twelve_times_at_most_and_never_by_themselves(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, [BOOK]) as scene, AsyncExitStack() as stack:
        people = dict(scene.people)
        for part in ("dana", "erin"):
            name = scene.name("alice").replace("alice", part)
            people[part] = await stack.enter_async_context(await person(scene.admin, scene.url, scene.team, name))
        rings = Rings(scene, people)
        alice, bob, carla, dana, erin = people.values()

        def at(part: str) -> str:
            return f"@{people[part].username}"

        async def does(part: str, text: str, where: str = "") -> Counter[str]:
            await people[part].command(where or channel, f"/{scene.trigger} {text}")
            return await rings.after(part, f"{part}: {text}")

        for human in people.values():
            # Whoever begins before eight in the morning would be told what the day brings, too.
            await human.command(scene.town["id"], f"/{scene.trigger} settings daily off")
            human.rung.clear()

        # 0 min: a keyword, the prompt, and the start
        await alice.say(scene.town["id"], "sev-1, checkout is down")
        await rings.after("alice", "the prompt")
        await alice.press(await alice.sees("sev-1", "Start run", where=scene.town["id"]), "Start run")
        assert await alice.submit(await alice.dialog(), scene.town["id"]) == {}
        card = await alice.sees("0 of 15", "Owner:")
        channel = card["channel_id"]
        await alice.sees("3 · Close and learn", where=channel)
        assert await rings.after("", "the start") == {"alice": 1}

        # The others come: two are invited, two come by themselves, by the channel and by command.
        both = await does("alice", f"invite {at('bob')} {at('carla')}")
        assert both == {"bob": 1, "carla": 1}
        await dana.rest("POST", f"/channels/{channel}/members", {"user_id": dana.id})
        await rings.after("dana", "dana joins the channel")
        await does("erin", "list", scene.town["id"])
        await erin.rest("POST", f"/channels/{channel}/members", {"user_id": erin.id})
        await rings.after("erin", "erin joins the channel")

        # Roles and tasks are taken
        for part, role in (("bob", "commander"), ("carla", "communications"), ("dana", "scribe")):
            assert not +await does(part, f"role {role}")
        assert not +await does("alice", "start 1.1")
        assert not +await does("bob", "assign 2.1 me")
        assert await does("bob", f"assign 2.2-2.3 {at('dana')}") == {"dana": 1}
        await rings.pass_time(8, "8 min")
        assert not +await does("alice", "check 1.1")
        assess = await bob.sees("1 · Assess", where=channel)
        await bob.press(assess, "✓ 1.2")
        assert not +await rings.after("bob", "bob checks 1.2")
        await rings.pass_time(10, "18 min")
        assert not +await does("carla", "update 40 % of payments fail. We undo the last change.")
        await rings.pass_time(4, "22 min")
        assert not +await does("erin", "check 1.3")
        await rings.pass_time(10, "32 min")
        assert not +await does("dana", "check 2.3")
        assert not +await does("erin", "due 2.1 in 20m")

        # 49 min: an update is asked for
        await rings.pass_time(17, "49 min")
        reminder = await alice.sees("update is due", where=channel)
        await carla.press(reminder, "Post update")
        dialog = await carla.dialog()
        assert await carla.submit(dialog, channel, text="The change is undone, we watch it.", next="1800") == {}
        assert not +await rings.after("carla", "update 2")

        # 52 min: a handover
        await rings.pass_time(3, "52 min")
        assert await does("alice", f"handover {at('bob')} I have to sleep.") == {"bob": 1}
        await bob.press(await bob.sees("asks you to take over"), "Take over")
        assert await rings.after("bob", "bob takes over") == {"alice": 1}
        assert not +await does("dana", "check 2.1")
        await rings.pass_time(10, "62 min")
        assert not +await does("dana", "check 2.2")
        await rings.pass_time(20, "82 min")
        assert not +await does("carla", "update It holds.")
        assert not +await does("bob", "check 2.4-2.5")
        await rings.pass_time(23, "105 min")

        # 105 min: the end
        await bob.command(channel, f"/{scene.trigger} finish")
        assert await bob.submit(await bob.dialog(), channel) == {}
        assert not +await rings.after("bob", "the end")
        assert rings.wrong == []
        assert len(rings.told) <= MOST, "\n\n".join(rings.told)
