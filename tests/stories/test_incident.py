"""A keyword becomes a run: the main job, from the first message to the end."""

from pathlib import Path

from stage import stage

from sandbox.human import words


async def test_an_incident_from_the_first_message_to_the_end(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        alice, bob = scene.alice, scene.bob
        heard = await alice.say(scene.town["id"], "sev-1, checkout is down")

        prompt = await alice.sees("sev-1", "Incident response", "Start run")
        assert prompt["root_id"] == heard["id"]

        await alice.press(prompt, "Start run")
        dialog = await alice.dialog()
        assert dialog["dialog"]["elements"][0]["default"] == "Checkout is down"
        assert await alice.submit(dialog, scene.town["id"], summary="Payments fail since 13:58.") == {}

        card = await alice.sees("Payments fail since 13:58.", "0 of 5", f"@{scene.name('alice')}")
        channel = card["channel_id"]
        triage = await alice.sees("1 · Triage", "0 of 2 done", where=channel)
        await alice.sees("2 · Fix", "0 of 3 done", where=channel)
        await alice.sees("✅", f"@{scene.name('alice')} started", where=scene.town["id"])
        await alice.sees("Welcome to", "Mute yourself on the bridge.")

        await alice.press(triage, "✓ 1.1")
        await alice.sees("[x] ~~1.1 Acknowledge the alert~~", "1 of 2 done", where=channel)
        await alice.sees("Payments fail", "1 of 5", where=channel)

        await alice.rest("POST", f"/channels/{channel}/members", {"user_id": bob.id})
        await bob.sees("Welcome to", "Mute yourself on the bridge.")
        answer = await bob.command(channel, f"/{scene.trigger} check 2.1")
        assert "**2.1** “Roll back” is done" in answer

        scene.pass_time(minutes=31)
        reminder = await alice.sees("⏰ A status update is due", where=channel)
        assert words(reminder).startswith(f"@{scene.name('alice')}")
        await bob.press(reminder, "Post update")
        update = await bob.dialog()
        assert await bob.submit(update, channel, text="Rolling back 4.1.7.", next="1800") == {}
        await alice.sees("**Update 1 · Checkout is down**", "Rolling back 4.1.7.", where=channel)
        await alice.sees("Update 1", "Rolling back 4.1.7.", where=scene.status["id"])
        await alice.sees(f"✅ @{scene.name('bob')} posted update 1", where=channel)

        await alice.command(channel, f"/{scene.trigger} finish")
        assert await alice.submit(await alice.dialog(), channel) == {}
        await alice.sees("🏁", "is finished", "2 of 5 tasks", where=channel)
        await alice.sees("Finished", where=channel, without=["[Post update]"])
