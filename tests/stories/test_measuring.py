"""A run is measured: times set and corrected, values asked for, its end offers what is missing; and it is exported."""

import json
from pathlib import Path

from scenes import QUICK, joins, settled, started
from stage import Stage, stage

MEASURED = QUICK | {
    "retrospective": {
        "enabled": False,
        "metrics": [
            {"title": "Harm", "from": "impact started", "to": "mitigated", "target": "1h"},
            {"title": "Users", "type": "integer", "target": "100"},
        ],
    }
}


async def ask(scene: Stage, channel: str, text: str) -> str:
    return await scene.alice.command(channel, f"/{scene.trigger} {text}")


async def test_times_are_set_corrected_and_offered_at_the_end(tmp_path: Path) -> None:
    async with stage(tmp_path, [MEASURED]) as scene:
        channel = await started(scene)
        assert "*impact started* was at" in await ask(scene, channel, "time impact-started 40 min ago")
        assert "Say why" in await ask(scene, channel, "time impact-started 50 min ago")
        corrected = await ask(scene, channel, "time impact-started 50 min ago because the graphs show it")
        assert "“the graphs show it”" in corrected
        card = await scene.alice.sees("Owner:", where=channel)
        await scene.alice.press(card, "Finish")
        dialog = await scene.alice.dialog()
        fields = [field["name"] for field in dialog["dialog"]["elements"]]
        assert fields == ["outcome", "mitigated", "mistaken"]
        wrong = await scene.alice.submit(dialog, channel, mitigated="soonish")
        assert "time that is over" in wrong["errors"]["mitigated"]
        await scene.alice.submit(dialog, channel, mitigated="20 min ago")
        await scene.alice.sees("is finished", where=channel)
        assert "**Harm:** 30 min, target 1 h ✓" in await ask(scene, channel, "metric")
        assert "corrected *impact started*" in await ask(scene, channel, "timeline")


async def test_values_are_asked_for_in_a_dialog_that_checks_them(tmp_path: Path) -> None:
    async with stage(tmp_path, [MEASURED]) as scene:
        channel = await started(scene)
        card = await scene.alice.sees("Owner:", where=channel)
        await scene.alice.press(card, "More…", "metric.ask")
        dialog = await scene.alice.dialog()
        (field,) = dialog["dialog"]["elements"]
        assert field["display_name"] == "Users"
        assert (
            "is no whole number"
            in (await scene.alice.submit(dialog, channel, **{field["name"]: "many"}))["errors"][field["name"]]
        )
        await scene.alice.submit(dialog, channel, **{field["name"]: "120"})
        await settled(scene)
        assert "**Users:** 120, target 100 ✗" in await ask(scene, channel, "metric")


async def test_a_run_is_sent_as_files_to_who_asks_and_to_nobody_else(tmp_path: Path) -> None:
    async with stage(tmp_path, [MEASURED]) as scene:
        channel = await started(scene)
        await joins(scene, scene.carla, channel)
        await ask(scene, channel, "note <b>Look</b> at *this*")
        assert "come to you by direct message" in await ask(scene, channel, "export")
        post = await scene.alice.sees("as Markdown, HTML and JSON", that=lambda one: one["channel_id"] != channel)
        infos = post["metadata"]["files"]
        assert sorted(one["name"].rpartition(".")[2] for one in infos) == ["html", "json", "md"]
        files = {one["extension"]: await scene.alice.rest("GET", f"/files/{one['id']}") for one in infos}
        document = files["json"] if isinstance(files["json"], dict) else json.loads(files["json"])
        assert document["run"]["name"] == "Checkout is down"
        assert "<b>Look</b> at *this*" in [one["subject"] for one in document["timeline"]]
        assert "<b>" not in files["html"]
        assert files["md"].startswith("# Checkout is down")
        assert [one for one in scene.carla.screen.values() if one.get("file_ids")] == []


async def test_what_was_a_mistake_is_finished_as_one(tmp_path: Path) -> None:
    async with stage(tmp_path, [MEASURED]) as scene:
        channel = await started(scene)
        await ask(scene, channel, "finish by mistake")
        await scene.alice.sees("it was started by mistake, and counts in no figure", where=channel)
