"""A teammate is who is in the team now: strangers, people who left, and people who come back, over real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from scenes import PUBLIC, QUICK, joins, settled, started
from stage import Stage, empty_stage, person, stage

from bot.app import running
from sandbox.human import Human, words

NO_RUN = "There is no run {} that you may see"
PLANNED = PUBLIC | {
    "owner": "@{stranger}",
    "admins": ["@{carla}"],
    "roles": [{"name": "scribe", "person": "@{stranger}"}],
    "checklists": [
        {
            "title": "Triage",
            "tasks": [
                {"title": "Call the vendor", "assignee": "@{stranger}"},
                {"title": "Wait", "done_when": {"says": ["all green"], "by": ["@{stranger}"]}},
            ],
        }
    ],
}


@asynccontextmanager
async def stranger(scene: Stage) -> AsyncIterator[Human]:
    """Let there be somebody of another team, in which the bot is not."""
    mark = scene.team["name"].removeprefix("ops-")
    body = {"name": f"sales-{mark}", "display_name": "Sales", "type": "O"}
    team = await scene.admin.rest("POST", "/teams", body)
    async with await person(scene.admin, scene.url, team, f"dana-{mark}") as dana:
        yield dana


async def talk(scene: Stage, who: Human) -> str:
    """Return the channel of somebody's direct messages with the bot."""
    me = scene.bot.gateway.server.me.id
    return str((await who.rest("POST", "/channels/direct", [who.id, me]))["id"])


async def asks(scene: Stage, who: Human, text: str) -> str:
    """Return what the bot answers to a direct message."""
    place, before = await talk(scene, who), set(who.screen)
    me = scene.bot.gateway.server.me.id
    await who.say(place, text)
    return words(await who.sees("", where=place, that=lambda post: post["user_id"] == me and post["id"] not in before))


async def leaves(scene: Stage, who: Human) -> None:
    """Let somebody leave the team."""
    await scene.admin.rest("DELETE", f"/teams/{scene.team['id']}/members/{who.id}")


async def comes(scene: Stage, who: Human) -> None:
    """Let somebody come into the team."""
    await scene.admin.rest(
        "POST", f"/teams/{scene.team['id']}/members", {"team_id": scene.team["id"], "user_id": who.id}
    )


def said_to(scene: Stage, who: Human) -> list[str]:
    """Return all that the bot has said to somebody, wherever they see it."""
    me = scene.bot.gateway.server.me.id
    return [words(post) for post in who.screen.values() if post["user_id"] == me]


async def run_number(scene: Stage) -> int:
    return int((await scene.bot.desk.ask(lambda store: store.runs(1)))[0].id)


async def test_an_open_run_is_nothing_to_somebody_of_another_team(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene, stranger(scene) as dana:
        channel, number = await started(scene), await run_number(scene)
        for word in ("info", "timeline", "brief", "follow", "join", "owner", "roles"):
            assert NO_RUN.format(number) in await asks(scene, dana, f"{word} #{number}")
        assert "Checkout" not in await asks(scene, dana, "list")
        await scene.alice.command(channel, f"/{scene.trigger} update Rolling back")
        await scene.alice.sees("Update 1", where=channel)
        await settled(scene)
        assert not [text for text in said_to(scene, dana) if "Checkout" in text or "Rolling" in text]


async def test_who_left_the_team_sees_nothing_any_more_and_who_comes_back_does(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel, number = await started(scene), await run_number(scene)
        await joins(scene, scene.bob, channel)
        assert "You follow" in await scene.carla.command(scene.town["id"], f"/{scene.trigger} follow #{number}")
        for one in (scene.bob, scene.carla):
            await leaves(scene, one)
        for word in ("info", "timeline", "check 1.1", "finish"):
            assert NO_RUN.format(number) in await asks(scene, scene.bob, f"#{number} {word}")
        assert NO_RUN.format(number) in await asks(scene, scene.carla, f"info #{number}")
        await scene.alice.command(channel, f"/{scene.trigger} update Rolling back")
        await scene.alice.sees("Update 1", where=channel)
        assert "Nothing to do" in await asks(scene, scene.bob, "todo")
        await settled(scene)
        assert not [text for text in said_to(scene, scene.carla) if "Rolling back" in text]
        inside = await scene.bot.desk.ask(
            lambda store: [one.person_id for one in store.participants(number) if one.is_in]
        )
        assert inside == [scene.alice.id]
        await comes(scene, scene.carla)
        scene.pass_time(seconds=11)
        assert "Checkout is down" in await asks(scene, scene.carla, f"info #{number}")
        await scene.alice.command(channel, f"/{scene.trigger} update All green")
        await scene.carla.sees("Update 2", "All green")


async def test_who_left_while_nobody_listened_is_out_when_the_bot_listens_again(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [PUBLIC]) as scene:
        async with running(scene.config, clock=scene.clock) as scene.bot:
            channel, number = await started(scene), await run_number(scene)
            await joins(scene, scene.bob, channel)
            await scene.carla.command(scene.town["id"], f"/{scene.trigger} follow #{number}")
        for one in (scene.bob, scene.carla, scene.alice):
            await leaves(scene, one)
        await comes(scene, scene.alice)
        await scene.alice.rest("POST", f"/channels/{channel}/members", {"user_id": scene.alice.id})
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await scene.alice.command(channel, f"/{scene.trigger} update Rolling back")
            await scene.alice.sees("Update 1", where=channel)
            assert NO_RUN.format(number) in await asks(scene, scene.carla, f"timeline #{number}")
            assert NO_RUN.format(number) in await asks(scene, scene.bob, f"timeline #{number}")
            await settled(scene)
            assert not [text for text in said_to(scene, scene.carla) if "Rolling back" in text]


async def test_an_owner_who_leaves_the_team_is_named_where_somebody_can_take_over(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        await leaves(scene, scene.alice)
        await scene.bob.sees(f"@{scene.name('alice')} owns this run, but is not in the team any more", where=channel)
        answer = await scene.bob.command(channel, f"/{scene.trigger} owner me")
        assert "You own **Checkout is down** now" in answer


async def test_a_stranger_is_given_nothing_and_told_nothing(tmp_path: Path) -> None:
    book = QUICK | {"roles": ["scribe"]}
    async with stage(tmp_path, [book]) as scene, stranger(scene) as dana:
        channel = await started(scene)
        name = dana.username
        for words_ in (
            f"owner @{name}",
            f"handover @{name}",
            f"assign 1.1 @{name}",
            f"role scribe @{name}",
            f"invite @{name}",
            f'done-when 1.1 "all green" by @{name}',
        ):
            answer = await scene.alice.command(channel, f"/{scene.trigger} {words_}")
            assert f"@{name} is no active member of the team **Operations**" in answer, words_
        await scene.alice.press(await scene.alice.sees("Owner:", where=channel), "More…", "Hand over…")
        refused = await scene.alice.submit(await scene.alice.dialog(), channel, to=dana.id, words="Please")
        assert "no active member" in refused["errors"]["to"]
        await settled(scene)
        await talk(scene, dana)
        assert said_to(scene, dana) == []


async def test_planned_people_who_are_gone_are_named_once_with_who_can_mend_it(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, []) as scene, stranger(scene) as dana:
        names = {"stranger": dana.username, "carla": scene.name("carla")}
        book = _filled(PLANNED, names)
        _write(tmp_path, scene, book)
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
            await scene.alice.press(await scene.alice.sees("Start run", where=scene.town["id"]), "Start run")
            told = words(await scene.alice.sees("The playbook names"))
            assert f"names @{dana.username}, who is no active member of this team" in told
            assert f"@{scene.name('alice')} owns the run instead" in told
            assert f"@{scene.name('carla')} can put other names into it" in told
            assert told.count(dana.username) == 1
            number = await run_number(scene)
            tasks = await scene.bot.desk.ask(lambda store: [one.assignees for one in store.tasks(number)])
            assert tasks == [[], []]
            await settled(scene)
            await talk(scene, dana)
            assert said_to(scene, dana) == []


async def test_a_deactivated_person_is_given_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        bob = scene.name("bob")
        assert "is for" in await scene.alice.command(channel, f"/{scene.trigger} assign 1.1 @{bob}")
        await scene.admin.rest("PUT", f"/users/{scene.bob.id}/active", {"active": False})
        await scene.alice.say(channel, "gone")
        await settled(scene)
        answer = await scene.alice.command(channel, f"/{scene.trigger} owner @{bob}")
        assert "nobody called" in answer or "no active member" in answer
        await scene.admin.rest("PUT", f"/users/{scene.bob.id}/active", {"active": True})


async def test_the_token_of_one_team_counts_for_no_other(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        mark = scene.team["name"].removeprefix("ops-")
        body = {"name": f"sales-{mark}", "display_name": "Sales", "type": "O"}
        other = await scene.admin.rest("POST", "/teams", body)
        me = scene.bot.gateway.server.me.id
        member = {"team_id": other["id"], "user_id": me}
        await scene.admin.rest("POST", f"/teams/{other['id']}/members", member)
        square = await scene.admin.rest("GET", f"/teams/{other['id']}/channels/name/town-square")
        token = scene.config.commands.tokens[scene.team["name"]].get_secret_value()
        given = {"token": token, "user_id": scene.alice.id, "text": "help", "trigger_id": "t"}
        here = {"team_id": scene.team["id"], "team_domain": scene.team["name"], "channel_id": scene.town["id"]}
        there = {"team_id": other["id"], "team_domain": other["name"], "channel_id": square["id"]}
        assert "do not know this command" not in await _posted(scene, given | here)
        for forged in (there, there | {"team_domain": scene.team["name"]}, here | {"channel_id": square["id"]}):
            assert "do not know this command" in await _posted(scene, given | forged)


async def test_an_archived_playbook_starts_nothing_from_its_standing_question(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [PUBLIC | {"start": "dialog"}]) as scene:
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
            prompt = await scene.alice.sees("Start run", where=scene.town["id"])
            await scene.alice.press(prompt, "Start run")
            dialog = await scene.alice.dialog()
        (tmp_path / "book0.yaml").unlink()
        _write(tmp_path, scene, {"title": "Release", "key": "release"})
        async with running(scene.config, clock=scene.clock) as scene.bot:
            refused = await scene.alice.submit(dialog, scene.town["id"], name="Checkout")
            assert "was archived" in refused["error"]
            await scene.alice.sees("was archived", where=scene.town["id"], without=["[Start run]"])
            assert await scene.bot.desk.ask(lambda store: list(store.runs(5))) == []


async def _posted(scene: Stage, form: dict[str, str]) -> str:
    url = f"{scene.config.callbacks.url}/commands"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        return await answer.text()


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) and value.startswith("@") else value


def _write(folder: Path, scene: Stage, book: dict[str, Any]) -> None:
    path = folder / "late.yaml"
    path.write_text(yaml.safe_dump(book), encoding="utf-8")
    scene.config = scene.config.model_copy(
        update={"playbooks": scene.config.playbooks.model_copy(update={"files": (str(path),)})}
    )
