"""The tour: an incident from the first message to the end, played by people over real sockets."""

import time
from asyncio import gather, sleep
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rich.console import Console

from bot.demo.bot import TRIGGER
from bot.demo.past import PAST
from bot.demo.scene import Scene
from bot.demo.visit import visit
from bot.demo.world import Acme
from sandbox.human import Json, NotSeen, Refused

PASSES = 31
"""Minutes by which the clock goes forward in the tour: the playbook asks for an update every 30."""

HEARD = 0.3
"""Seconds within which the bot has mostly heard of a join."""
NAME = "Checkout is down"
SAID = "sev-1, checkout is down"
"""What somebody writes, in the tour and by hand after it."""
LEARNT = "The change went out on a Friday, and nobody watched the payments after it."
FOLLOW_UP = "- [ ] @bob alert on failed payments by next monday"
SUMMARY = "Customers get an error when they pay. All shops, since the last change."
UPDATE = "**Impact:** nobody can pay by card.\n**Now:** we roll back 4.1.7.\n**Next:** we try a payment ourselves."


@dataclass(slots=True)
class Plot:
    """What one step leaves for the next ones."""

    scene: Scene
    offer: Json = field(default_factory=dict)
    owner: str = ""
    other: str = ""
    channel: str = ""
    reminder: Json = field(default_factory=dict)

    @property
    def support(self) -> str:
        return self.scene.acme.channels["support"]


async def play(acme: Acme, console: Console, within: float) -> bool:
    """Play all steps; return whether each was seen, within so many seconds."""
    scene = Scene(acme, console, within)
    plot, began = Plot(scene), time.monotonic()
    for number, (title, step) in enumerate(STEPS, 1):
        scene.transcript.title(number, title)
        try:
            await step(plot)
        except (NotSeen, Refused) as error:
            why = f" ({error})" if isinstance(error, Refused) else f", within {within:g} s"
            scene.transcript.not_seen(scene.expected + why, scene.screen())
            return False
    console.print(f"\n[bold green]All {len(STEPS)} steps were seen[/], in {time.monotonic() - began:.1f} s.")
    return True


async def _keyword(plot: Plot) -> None:
    """Somebody reports trouble in an ordinary message, and is offered a playbook there."""
    await plot.scene.says("carla", "support", SAID)
    plot.offer = await plot.scene.sees("carla", "the offer in her thread", "Incident response", "Start run")


async def _start(plot: Plot) -> None:
    """Two people start the run at the same moment; only one of them does."""
    scene, pair = plot.scene, ("alice", "bob")
    for who in pair:
        await scene.sees(who, "the offer, too", "Incident response", "Start run", draw=False)
    await gather(*(scene.presses(who, plot.offer, "Start run") for who in pair))
    dialogs = [(who, await scene.is_asked(who)) for who in pair]
    answers = await gather(
        *(scene.submits(*one, plot.support, draw=one is dialogs[0], summary=SUMMARY) for one in dialogs)
    )
    refusals = {who: str(answer.get("error", "")) for who, answer in zip(pair, answers, strict=True)}
    plot.owner, plot.other = sorted(pair, key=lambda who: bool(refusals[who]))
    scene.holds(not refusals[plot.owner], plot.owner, "starts the run")
    told = f"@{plot.owner} has already started" in refusals[plot.other]
    scene.holds(told, plot.other, f"is told in the dialog: {refusals[plot.other]}")


async def _run(plot: Plot) -> None:
    """The run has a channel of its own with a card and its checklists; the offer says where."""
    scene, owner = plot.scene, plot.owner
    card = await scene.sees(owner, "the card of the run", NAME, SUMMARY, "0 of 15", f"@{owner}")
    plot.channel = card["channel_id"]
    for heading in ("1 · Assess", "2 · Stop the harm", "3 · Close and learn"):
        await scene.sees(owner, f"the checklist {heading}", heading, "0 of 5 done", where=plot.channel)
    await scene.sees("carla", "who started it, instead of the offer", "✅", f"@{owner} started", where=plot.support)
    listed = await scene.commands(plot.other, plot.support, f"/{TRIGGER} list")
    scene.holds(listed.count("0 of 15 tasks") == 1, plot.other, "reads that there is one run, not two")


async def _welcome(plot: Plot) -> None:
    """Who joins finds the welcome in the channel."""
    for who in (plot.other, "carla"):
        await plot.scene.joins(who, plot.channel)
        await _takes_part(plot, who)
        await plot.scene.sees(who, "the welcome", "Welcome to", "The owner decides", draw=who != "carla")


async def _takes_part(plot: Plot, who: str) -> None:
    """Wait until the bot has heard that somebody joined, which nobody who reads first would notice."""
    for _ in range(round(plot.scene.within / HEARD)):
        if "already" in await plot.scene.human(who).command(plot.channel, f"/{TRIGGER} join"):
            return
        await sleep(HEARD)
    raise NotSeen(f"{who} does not take part")


async def _checks(plot: Plot) -> None:
    """Two people tick tasks off at the same moment, a third one by a command; nothing is lost."""
    scene = plot.scene
    tasks = await scene.sees(plot.owner, "the buttons of the next tasks", "1 · Assess", where=plot.channel, draw=False)
    await gather(scene.presses(plot.owner, tasks, "✓ 1.1"), scene.presses(plot.other, tasks, "✓ 1.2"))
    both = ("[x] ~~1.1 ", "[x] ~~1.2 ", f"@{plot.owner}", f"@{plot.other}", "2 of 5 done")
    await scene.sees("carla", "both ticks", *both, where=plot.channel)
    answer = await scene.commands("carla", plot.channel, f"/{TRIGGER} check 2.1")
    scene.holds("is done" in answer, "carla", f"reads: {answer.partition(chr(10))[0]}")
    await scene.sees(plot.owner, "the card counting three tasks", SUMMARY, "3 of 15", where=plot.channel)


async def _remind(plot: Plot) -> None:
    """After half an hour without an update its owner is mentioned."""
    plot.scene.transcript.remark(f"The clock goes forward by {PASSES} minutes.")
    plot.scene.acme.pass_time(minutes=PASSES)
    due = ("⏰ A status update is due", f"@{plot.owner}")
    plot.reminder = await plot.scene.sees(plot.owner, "the reminder", *due, where=plot.channel)


async def _update(plot: Plot) -> None:
    """The update is read in the run's channel and where it is told to, and the reminder is settled."""
    scene = plot.scene
    await scene.presses(plot.other, plot.reminder, "Post update")
    form = await scene.is_asked(plot.other)
    refused = await scene.submits(plot.other, form, plot.channel, text=UPDATE, next="1800")
    scene.holds(not refused, plot.other, "has posted it")
    said = ("Update 1", "we roll back 4.1.7.", "4 of 15 tasks")
    await scene.sees(plot.owner, "the update", *said, where=plot.channel)
    await scene.sees("dave", "the update in ~status", *said, where=scene.acme.channels["status"])
    settled = f"✅ @{plot.other} posted update 1"
    await scene.sees(plot.owner, "the reminder settled", settled, where=plot.channel)


async def _finish(plot: Plot) -> None:
    """The run is over, wherever it was told about, and its card offers nothing any more."""
    scene = plot.scene
    await scene.commands(plot.owner, plot.channel, f"/{TRIGGER} finish")
    form = await scene.is_asked(plot.owner)
    scene.holds(not await scene.submits(plot.owner, form, plot.channel), plot.owner, "has finished the run")
    over = ("🏁", "is finished", "4 of 15 tasks")
    await scene.sees("carla", "the end", *over, where=plot.channel)
    await scene.sees("dave", "the end in ~status", *over, where=scene.acme.channels["status"])
    without = ["[Post update]", "[Finish]"]
    ended = (SUMMARY, "🏁 Finished")
    await scene.sees("carla", "the card without buttons", *ended, where=plot.channel, without=without)


async def _retrospective(plot: Plot) -> None:
    """The facts are there already; people add what they learnt, and the follow-up becomes a task."""
    scene, owner = plot.scene, plot.owner
    await scene.sees(owner, "the draft with the facts", "📝", "recorded", where=plot.channel)
    await scene.commands(owner, plot.channel, f"/{TRIGGER} time mitigated 10 minutes ago")
    await scene.commands(owner, plot.channel, f"/{TRIGGER} retro 2 {LEARNT}")
    await scene.commands(owner, plot.channel, f"/{TRIGGER} retro 4 {FOLLOW_UP}")
    answer = await scene.commands(owner, plot.channel, f"/{TRIGGER} retro publish now")
    scene.holds("is published" in answer, owner, f"reads: {answer}")
    await scene.sees("carla", "what was learnt", "Retrospective of", "nobody watched the payments", where=plot.channel)
    await scene.sees("bob", "the follow-up", "Follow-ups", "alert on failed payments", where=plot.channel)


async def _insights(plot: Plot) -> None:
    """Twelve incidents and this one: what they tell, as a picture and in three sentences."""
    scene = plot.scene
    await scene.commands("carla", plot.support, f"/{TRIGGER} insights incident-response 90d")
    # The first picture has to wait for its fonts.
    await scene.sees(
        "carla",
        "what the incidents tell, with a picture",
        "Incident response",
        waits=6,
        that=lambda post: bool(post.get("file_ids")),
    )


async def _page(plot: Plot) -> None:
    """Who is not in the channel reads what was learnt on a page."""
    scene = plot.scene
    answer = await scene.commands("dave", plot.support, f"/{TRIGGER} open")
    words = await visit(answer, f"/runs/{len(PAST) + 1}/retrospective")
    for part in (NAME, "published", LEARNT):
        scene.holds(part in words, "dave", f"reads “{part}” there")


STEPS: tuple[tuple[str, Callable[[Plot], Awaitable[None]]], ...] = (
    ("A keyword in an ordinary message", _keyword),
    ("Two people start the run at the same moment", _start),
    ("A channel with everything in it", _run),
    ("Who comes is welcomed", _welcome),
    ("Tasks are ticked off, two at once", _checks),
    ("Nobody forgets the status update", _remind),
    ("One update, read everywhere", _update),
    ("The end", _finish),
    ("What was learnt", _retrospective),
    ("What all incidents tell", _insights),
    ("A page for who is not in the channel", _page),
)
