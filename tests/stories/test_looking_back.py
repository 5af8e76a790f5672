"""Looking back on a run: a draft is asked for, written by several, read by somebody, published, and followed up."""

from pathlib import Path

from scenes import PUBLIC, joins, settled, started
from stage import stage

from sandbox.human import words

LEARNT = PUBLIC | {"retrospective": {"template": "## What went well?\n## What went badly?"}}


async def test_an_incident_is_looked_back_on(tmp_path: Path) -> None:
    async with stage(tmp_path, [LEARNT]) as scene:
        channel = await started(scene)
        alice, bob = scene.alice, scene.bob
        await joins(scene, bob, channel)
        await alice.command(channel, f"/{scene.trigger} check 1.1")
        await alice.command(channel, f"/{scene.trigger} note Decided to roll back")
        await alice.command(channel, f"/{scene.trigger} finish now All is well")
        draft = await alice.sees("waits for you", "2 questions are open", "Decided to roll back", where=channel)
        await alice.press(draft, "Write…", "What went well?")
        asked = await alice.dialog()
        await alice.submit(asked, channel, text="The alert came at once.")
        await bob.command(channel, f"/{scene.trigger} retro 3 - [ ] @{bob.username} fix the probe by friday")
        draft = await alice.sees("1 of 2 questions are open", "☑ 3 Follow-ups", where=channel)
        await alice.press(draft, "Publish…")
        asked = await alice.dialog()
        said = asked["dialog"]["introduction_text"]
        assert "pinned there" in said
        assert "What went badly?" in said
        await alice.submit(asked, channel, lead="Worth two minutes.")
        there = await bob.sees(
            "Retrospective of Checkout is down", "Worth two minutes.", "The alert came at once.",
            that=lambda post: post["is_pinned"], where=channel,
        )  # fmt: skip
        assert "What went badly?" not in words(there)
        todo = await bob.sees("3 · Follow-ups", "fix the probe", where=channel)
        await bob.press(todo, "✓ 3.1")
        await bob.sees("1 of 1 done", where=channel)
        await settled(scene)
        assert "The alert came at once." in await bob.command(channel, f"/{scene.trigger} retro history")
        await bob.command(channel, f"/{scene.trigger} retro 2 Nobody knew the runbook")
        await alice.sees("Nobody knew the runbook", "Changed since", where=channel)


async def test_two_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, [LEARNT]) as scene:
        channel = await started(scene)
        alice, bob = scene.alice, scene.bob
        await joins(scene, bob, channel)
        await alice.command(channel, f"/{scene.trigger} finish now")
        draft = await alice.sees("waits for you", where=channel)
        await alice.press(draft, "Write…", "What went well?")
        asked = await alice.dialog()
        await bob.command(channel, f"/{scene.trigger} retro 1 Bob saw it first")
        await alice.submit(asked, channel, text="Alice saw it first")
        both = await alice.sees("changed section 1", "Bob saw it first", "Alice saw it first")
        await alice.press(both, "Keep both")
        await alice.sees("is written")
        await settled(scene)
        seen = await bob.command(channel, f"/{scene.trigger} retro")
        assert "Bob saw it first" in seen
        assert "Alice saw it first" in seen
