"""One episode: a calm beginning, people acting while everything fails, rest, and the judgement."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from chaos.crew import CALM_PATIENCE, PATIENCE, Crew
from chaos.faults import fail, put_right
from chaos.judging import judge
from chaos.plan import BASE, CREW, GUEST, Act, Deed, Plan
from chaos.record import record
from chaos.resting import ready, rest
from chaos.trace import Trace
from chaos.world import World, world
from sandbox.human import NotSeen, Refused

LAST_LOOK = 20.0
"""Seconds for which is looked again for what is missing when all seems to be at rest."""
LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was wrong, what happened, and what the processes logged."""

    plan: Plan
    violations: list[str]
    trace: Sequence[str]
    log: Sequence[str]

    def __str__(self) -> str:
        plan = self.plan
        head = f"seed {plan.seed} on {plan.storage}, {plan.processes} process{'es' if plan.processes > 1 else ''}"
        return "\n".join([head, *(f"  ✗ {one}" for one in self.violations)])


async def play(plan: Plan) -> Verdict:
    """Play an episode."""
    trace = Trace()
    with TemporaryDirectory(prefix="muster-chaos-") as folder:
        async with world(plan, Path(folder)) as made:
            crew = Crew(made, trace)
            violations = await _all(made, crew, trace)
            # What had no time to come to rest would only be told once more by what is missing.
            violations = violations or judge(record(made, crew))
            return Verdict(plan, violations, trace.lines, record(made, crew).log)


async def _all(made: World, crew: Crew, trace: Trace) -> list[str]:
    """Let everything happen; return what did not even come to its end."""
    try:
        await _calm(made, crew, trace)
    except (TimeoutError, NotSeen, Refused) as error:
        return [f"all was calm, and yet: {error!r}"]
    await _chaos(made, crew, trace)
    violations = await _come_to_rest(made, crew, trace)
    codes = [await process.stop() for process in made.processes]
    return violations + [f"stopping: ended with {code}" for code in codes if code != 0]


async def _calm(made: World, crew: Crew, trace: Trace) -> None:
    """Start a run, bring people in and let one follow it, before anything fails."""
    await ready(made, trace)
    trace.begin()
    alice, bob = (made.scene.people[part] for part in CREW)
    await crew.act([Act(0.0, "alice", Deed.KEYWORD, BASE), Act(0.0, "alice", Deed.START, BASE, BASE)])
    card = await alice.sees("Owner:", within=CALM_PATIENCE, that=lambda post: BASE in str(post["props"]).casefold())
    await alice.rest("POST", f"/channels/{card['channel_id']}/members", {"user_id": bob.id})
    await bob.sees("Welcome to", within=CALM_PATIENCE)
    told = await made.scene.people[GUEST].command(made.scene.town["id"], f"/{made.scene.trigger} follow #1")
    assert "You follow" in told, told
    await alice.sees("2 · Fix", where=card["channel_id"], within=CALM_PATIENCE)


async def _chaos(made: World, crew: Crew, trace: Trace) -> None:
    """Let everybody act while everything fails, until nothing fails any more."""
    crew.patience = PATIENCE
    trace.note("the calm is over")
    trace.begin()
    try:
        await asyncio.gather(crew.act(made.plan.acts), fail(made, trace, made.plan.faults))
    finally:
        put_right(made)


async def _come_to_rest(made: World, crew: Crew, trace: Trace) -> list[str]:
    """Wait for rest; what is missing then has some time more, as a machine that has much to do is seldom quiet."""
    restless = await rest(made, trace)
    began = trace.now
    while not restless and trace.now - began < LAST_LOOK and judge(record(made, crew)):
        await asyncio.sleep(LOOK_EVERY)
        restless = await rest(made, trace)
    return restless
