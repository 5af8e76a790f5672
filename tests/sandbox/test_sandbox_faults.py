"""Each fault that can be switched on does what real trouble does, to whom it is meant for."""

import asyncio
import json

import aiohttp
import pytest
from sandbox_people import Ears, Integration, Stage, staged, until


async def test_a_rate_limit_is_answered_in_plain_text(stage: Stage) -> None:
    """Once, for one route and one user."""
    stage.mm.faults.rate_limit("POST /posts", user="pb", retry_after=3)
    body = {"channel_id": stage.channel["id"], "message": "m"}
    assert (await stage.alice.call("POST", "/posts", body)).status == 201
    assert (await stage.bot.call("GET", "/users/me")).status == 200
    limited = await stage.bot.call("POST", "/posts", body)
    assert (limited.status, limited.body) == (429, "limit exceeded\n")
    assert limited.headers["Retry-After"] == "3"
    assert limited.headers["Content-Type"].startswith("text/plain")
    assert (await stage.bot.call("POST", "/posts", body)).status == 201


async def test_the_limiter_itself(version: str) -> None:
    """Switched on by the configuration it counts all requests and tells what is left."""
    config = {"RateLimitSettings": {"Enable": True, "PerSec": 1, "MaxBurst": 50}}
    async with staged(version, config=config) as stage:
        reply = await stage.bot.call("GET", "/users/me")
        left = int(reply.headers["X-Ratelimit-Remaining"])
        assert reply.headers["X-Ratelimit-Limit"] == "51"
        replies = [await stage.bot.call("GET", "/users/me") for _ in range(left + 1)]
        assert replies[-1].status == 429
        stage.mm.world.clock.advance(seconds=2)
        assert (await stage.bot.call("GET", "/users/me")).status == 200


async def test_an_error_page(stage: Stage) -> None:
    """It is HTML and nothing was done."""
    stage.mm.faults.server_error("PUT /posts/{post_id}/patch")
    post = await stage.bot.say(stage.channel["id"], "m")
    reply = await stage.bot.call("PUT", f"/posts/{post['id']}/patch", {"message": "n"})
    assert reply.status == 500
    assert reply.headers["Content-Type"].startswith("text/html")
    assert (await stage.bot.get(f"/posts/{post['id']}"))["message"] == "m"


@pytest.mark.parametrize("after_commit", [True, False])
async def test_a_reset_before_the_reply(stage: Stage, after_commit: bool) -> None:
    """The client cannot know whether the post was written; a retry with the same pending id is safe."""
    body = {"channel_id": stage.channel["id"], "message": "m", "pending_post_id": "p:1"}
    stage.mm.faults.reset("POST /posts", after_commit=after_commit)
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await stage.bot.post("/posts", body)
    assert len(stage.mm.posts("run-1")) == after_commit
    await stage.bot.post("/posts", body)
    assert len(stage.mm.posts("run-1")) == 1


async def test_a_delay_holds_back_the_reply_only(stage: Stage) -> None:
    """The work is done at once."""
    stage.mm.faults.delay(0.05, "POST /posts")
    task = asyncio.create_task(stage.bot.say(stage.channel["id"], "slow"))
    async with stage.alice.listen():
        await until(lambda: stage.mm.posts("run-1"))
        assert not task.done()
        assert (await task)["message"] == "slow"


async def test_a_foreign_post_for_a_reused_pending_id(stage: Stage) -> None:
    """201 and somebody else's post, nothing new."""
    theirs = await stage.alice.say(stage.channel["id"], "theirs")
    system = {row.id for row in stage.mm.posts(system=True) if row.user_id != stage.bot.id}
    stage.mm.faults.foreign_post(user="pb")
    reply = await stage.bot.call("POST", "/posts", {"channel_id": stage.channel["id"], "message": "mine"})
    assert reply.status == 201
    assert reply.body["id"] in system
    assert [row.id for row in stage.mm.posts("run-1")] == [theirs["id"]]


@pytest.mark.parametrize("first", ["event", "reply"])
async def test_the_order_of_event_and_reply(stage: Stage, first: str) -> None:
    """Both orders happen on real servers."""
    faults = stage.mm.faults
    (faults.events_first if first == "event" else faults.events_last)("POST /posts")
    order = []

    async def post() -> None:
        await stage.bot.say(stage.channel["id"], "m")
        order.append("reply")

    async with stage.bot.listen() as ears:
        task = asyncio.create_task(post())
        await ears.next("posted")
        order.append("event")
        await task
    assert order[0] == first


async def test_dropped_sockets(stage: Stage) -> None:
    """Without a close frame, for one user only."""
    async with stage.bot.listen() as bot, stage.alice.listen() as alice:
        stage.mm.faults.drop_sockets("pb")
        assert await bot.ended() == 1006
        await alice.ping()


async def test_missing_numbers(stage: Stage) -> None:
    """A gap means that events were lost."""
    async with stage.bot.listen() as ears:
        last = (await ears.ping())[-1]["seq"]
        stage.mm.faults.skip_sequence("pb", 2)
        await stage.alice.say(stage.channel["id"], "m")
        assert (await ears.next("posted"))["seq"] == last + 3


async def _lost(stage: Stage) -> str:
    """Let the bot lose its connection after three posts and return the query for a resume."""
    async with stage.bot.listen() as ears:
        for number in range(3):
            await stage.alice.say(stage.channel["id"], str(number))
        await ears.ping()
        last = max(row["seq"] for row in ears.heard if "event" in row)
        name = ears.hello["data"]["connection_id"]
    await until(lambda: not stage.mm.world.hub.online(stage.bot.id))
    return f"?connection_id={name}&sequence_number={last + 1}"


async def test_duplicates_after_a_resume() -> None:
    """Events that were received come again."""
    async with staged("11.6") as stage:
        query = await _lost(stage)
        stage.mm.faults.repeat_on_resume("pb", 2)
        async with stage.bot.listen(query, hello=False) as ears:
            assert [row["event"] for row in await ears.ping()] == ["posted", "posted"]


async def test_a_fresh_hello_with_old_events_behind_it() -> None:
    """The number fits, but the server has forgotten."""
    async with staged("11.6") as stage:
        query = await _lost(stage)
        stage.mm.faults.refuse_resume("pb")
        await stage.alice.say(stage.channel["id"], "queued")
        async with stage.bot.listen(query) as ears:
            assert ears.hello["seq"] == 0
            assert [row["event"] for row in await ears.ping()] == ["posted"]


async def test_a_silent_socket(stage: Stage) -> None:
    """It stays open, control pings are answered, nothing else comes until the fault is cleared."""
    async with stage.bot.listen() as ears:
        await ears.ping()
        stage.mm.faults.silence("pb")
        await stage.alice.say(stage.channel["id"], "unheard")
        await ears.socket.send_json({"seq": 5, "action": "ping"})
        await ears.socket.ping()
        with pytest.raises(TimeoutError):
            await ears.frame(seconds=0.05)
        stage.mm.faults.clear()
        await stage.alice.say(stage.channel["id"], "heard")
        posted = json.loads((await ears.next("posted"))["data"]["post"])
        assert posted["message"] == "heard"


async def test_the_world_changes_under_the_bot(stage: Stage, integration: Integration) -> None:
    """It is removed, its channel archived, its command's token replaced."""
    command = await stage.command(integration.url)
    token = stage.mm.faults.regenerate_command_token("run")
    await stage.run(stage.alice, "/run")
    assert integration.bodies[0]["token"] == token != command["token"]
    stage.mm.faults.remove_from_channel("pb", stage.channel["id"])
    body = {"channel_id": stage.channel["id"], "message": "m"}
    assert (await stage.bot.call("POST", "/posts", body)).status == 403
    stage.mm.faults.archive_channel(stage.channel["id"])
    late = await stage.alice.call("POST", "/posts", body)
    assert late.error == "api.post.create_post.can_not_post_to_deleted.error"


async def test_upgrades_can_be_refused(stage: Stage) -> None:
    """The limit counts for websockets too."""
    stage.mm.faults.rate_limit("GET /websocket")
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        async with stage.bot.listen():
            pass
    assert caught.value.status == 429


async def test_requests_and_calls_are_logged(stage: Stage, integration: Integration) -> None:
    """Who asked what, and what the server asked of integrations."""
    await stage.command(integration.url)
    await stage.run(stage.alice, "/run")
    seen = stage.mm.requests[-1]
    assert (seen.method, seen.path, seen.user, seen.status) == ("POST", "/commands/execute", "alice", 200)
    [call] = stage.mm.outgoing
    assert (call.method, call.url, call.status) == ("POST", integration.url, 200)


async def test_events_that_come_twice(stage: Stage) -> None:
    """Each has a number of its own, and only so many do."""
    async with stage.bot.listen() as ears:
        stage.mm.faults.double_events("pb", 1)
        for text in ("one", "two"):
            await stage.alice.say(stage.channel["id"], text)
        assert await _posted(ears) == ["one", "one", "two"]
        assert len({row["seq"] for row in ears.heard if row.get("event") == "posted"}) == 3


async def test_events_that_come_in_another_order(stage: Stage) -> None:
    """One comes after the one that follows it; the last one comes at the latest when all faults end."""
    async with stage.bot.listen() as ears:
        stage.mm.faults.swap_events("pb", 2)
        for text in ("one", "two", "three"):
            await stage.alice.say(stage.channel["id"], text)
        heard = await _posted(ears)
        assert heard == ["two", "one"]
        stage.mm.faults.clear()
        assert await _posted(ears) == ["three"]
        await stage.alice.say(stage.channel["id"], "four")
        assert await _posted(ears) == ["four"]


async def _posted(ears: Ears) -> list[str]:
    return [json.loads(row["data"]["post"])["message"] for row in await ears.ping() if row["event"] == "posted"]
