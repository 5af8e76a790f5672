"""How websockets begin, live, end and are taken up again."""

import json

import aiohttp
import pytest
from sandbox_people import Ears, Stage, staged, until

from sandbox.connection import SEND_QUEUE


async def test_a_header_logs_in_and_hello_is_number_zero(stage: Stage) -> None:
    """The first frame says who the server is; resumable servers give the connection an id."""
    async with stage.bot.listen() as ears:
        assert ears.hello["seq"] == 0
        assert bool(ears.hello["data"]["connection_id"]) is stage.modern
        assert ("server_hostname" in ears.hello["data"]) is (stage.major == 11)
        status = await ears.next("status_change")
        assert status["seq"] == 1
        assert status["data"] == {"status": "online", "user_id": stage.bot.id}


async def test_of_a_channel_that_was_archived_when_memberships_changed_nothing_more_is_told(stage: Stage) -> None:
    """Servers look up anew who is where, and leave out what is archived; another connection hears of it again."""
    place = await stage.admin.post(
        "/channels", {"team_id": stage.team["id"], "name": "war-room", "display_name": "War room", "type": "P"}
    )
    await stage.admin.post(f"/channels/{place['id']}/members", {"user_id": stage.bot.id})
    async with stage.bot.listen() as ears:
        await stage.admin.delete(f"/channels/{place['id']}")
        await stage.bot.post("/channels/direct", [stage.bot.id, stage.alice.id])
        await stage.bot.say(stage.channel["id"], "elsewhere")
        await stage.admin.post(f"/channels/{place['id']}/restore")
        async with stage.bot.listen() as anew:
            await stage.admin.say(place["id"], "by the second")
            assert json.loads((await anew.next("posted"))["data"]["post"])["message"] == "by the second"
        await stage.bot.post("/channels/direct", [stage.bot.id, stage.bob.id])
        await stage.admin.say(place["id"], "by both")
        heard = [""]
        while heard[-1] != "by both":
            heard.append(json.loads((await ears.next("posted"))["data"]["post"])["message"])
        assert heard[-2:] == ["elsewhere", "by both"]


async def test_a_challenge_is_answered_after_the_hello(stage: Stage) -> None:
    """Actions before it are dropped without a word."""
    async with stage.nobody.listen(hello=False) as ears:
        await ears.socket.send_json({"seq": 1, "action": "ping"})
        challenge = {"seq": 1, "action": "authentication_challenge", "data": {"token": stage.bot.token}}
        await ears.socket.send_json(challenge)
        assert (await ears.frame())["event"] == "hello"
        replies = [await ears.frame(), await ears.frame()]
        assert {"status": "OK", "seq_reply": 1} in replies


async def test_a_bad_token_is_dropped_without_a_frame(stage: Stage) -> None:
    """The upgrade succeeds; silence and the end are the only signs. A bad challenge ends at once."""
    stage.mm.websocket.auth_seconds = 0.05
    async with stage.nobody.listen(hello=False) as ears:
        assert await ears.ended() == 1006
        assert not ears.heard
    stage.mm.websocket.auth_seconds = 60
    async with stage.nobody.listen(hello=False) as ears:
        challenge = {"seq": 1, "action": "authentication_challenge", "data": {"token": "x" * 26}}
        await ears.socket.send_json(challenge)
        assert await ears.ended() == 1006


async def test_actions_and_their_errors(stage: Stage) -> None:
    """Replies carry no number of their own."""
    async with stage.bot.listen() as ears:
        pong = await ears.ask(seq=1, action="ping")
        assert pong["data"]["text"] == "pong"
        assert pong["data"]["version"] == stage.mm.world.version.number
        assert "seq" not in pong
        bad = await ears.ask(seq=2, action="nonsense")
        assert bad["error"]["id"] == "api.web_socket_router.bad_action.app_error"
        assert (await ears.ask(seq=3))["error"]["id"] == "api.web_socket_router.no_action.app_error"
        late = await ears.ask(seq=0, action="ping")
        assert late["error"]["id"] == "api.web_socket_router.bad_seq.app_error"
        assert "seq_reply" not in late
        statuses = await ears.ask(seq=4, action="get_statuses")
        assert statuses["data"] == {stage.bot.id: "online"}


@pytest.mark.parametrize(("size", "code"), [(8193, 1009), (8100, None)])
async def test_large_frames_are_refused(stage: Stage, size: int, code: int | None) -> None:
    """8192 bytes is the most that a client may send."""
    async with stage.bot.listen() as ears:
        text = json.dumps({"seq": 1, "action": "ping", "data": {"x": ""}})
        padded = text.replace('""', '"' + "x" * (size - len(text)) + '"')
        assert len(padded) == size
        await ears.socket.send_str(padded)
        if code is None:
            assert (await ears.frame())["event"] == "status_change"
        else:
            assert await ears.ended() == code


@pytest.mark.parametrize("text", ["no json", "[1]"])
async def test_a_frame_that_is_no_object_ends_the_connection(stage: Stage, text: str) -> None:
    """There is no close frame."""
    async with stage.bot.listen() as ears:
        await ears.socket.send_str(text)
        assert await ears.ended() == 1006


async def test_foreign_origins_and_plain_requests_are_refused(stage: Stage) -> None:
    """Both answers begin with a word, so they are no JSON."""
    plain = await stage.bot.call("GET", "/websocket")
    assert plain.status == 400
    assert plain.body.startswith("Bad Request\n")
    headers = {"Origin": "http://elsewhere.test", "Upgrade": "websocket", "Connection": "Upgrade"}
    foreign = await stage.bot.call("GET", "/websocket", headers=headers)
    assert foreign.status == 403
    assert foreign.body.startswith("Forbidden\n")


async def test_the_server_pings_and_wants_pongs(stage: Stage) -> None:
    """Who does not answer control pings is dropped."""
    stage.mm.websocket.ping_seconds, stage.mm.websocket.pong_seconds = 0.02, 0.1
    headers = {"Authorization": f"Bearer {stage.bot.token}"}
    address = f"{stage.mm.url}/api/v4/websocket"
    async with stage.bot.http.ws_connect(address, headers=headers, autoping=False) as socket:
        kinds = [message.type async for message in socket]
    assert aiohttp.WSMsgType.PING in kinds
    assert socket.close_code == 1006


async def test_own_posts_are_heard_and_foreign_channels_are_not(stage: Stage) -> None:
    """Members hear everything, also themselves; an administrator outside hears nothing."""
    async with stage.bot.listen() as bot, stage.admin.listen() as admin:
        await stage.bot.say(stage.channel["id"], "own")
        posted = await bot.next("posted")
        assert json.loads(posted["data"]["post"])["message"] == "own"
        assert posted["data"]["sender_name"] == "@pb"
        assert [row["event"] for row in await admin.ping()] == ["status_change"]


async def test_mentions_name_all_or_only_the_receiver(stage: Stage) -> None:
    """5.37 lists everybody who is mentioned, newer servers only the receiver."""
    await stage.bot.post(f"/channels/{stage.channel['id']}/members", {"user_id": stage.bob.id})
    async with stage.bot.listen() as bot, stage.alice.listen() as alice:
        await stage.alice.say(stage.channel["id"], "hi @pb. and @BOB")
        heard = await bot.next("posted")
        mentions = json.loads(heard["data"]["mentions"])
        own = await alice.next("posted")
        if stage.modern:
            assert mentions == [stage.bot.id]
            assert "mentions" not in own["data"]
        else:
            assert sorted(mentions) == sorted([stage.bot.id, stage.bob.id])


@pytest.mark.parametrize(
    ("text", "hit"),
    [("@pb", True), ("@PB", True), ("@pb_", True), ("pb", False), ("x@pb", False), ("`@pb`", False), ("@all", True)],
)
async def test_what_counts_as_a_mention(text: str, hit: bool) -> None:
    """Punctuation after a name is ignored, code and mail addresses are no mentions."""
    async with staged("11.6") as stage, stage.bot.listen() as ears:
        await stage.alice.say(stage.channel["id"], text)
        assert ("mentions" in (await ears.next("posted"))["data"]) is hit


@pytest.mark.parametrize(
    ("card", "hit"),
    [
        ({"pretext": "@pb"}, True),
        ({"text": "@pb"}, True),
        ({"text": "x", "fields": [{"title": "Owner", "value": "@pb"}]}, None),
        ({"text": "x", "fields": [{"title": "@pb", "value": "x"}]}, False),
        ({"text": "x", "title": "@pb", "footer": "@pb"}, False),
        ({"text": "@\u2060pb"}, False),
    ],
)
async def test_what_counts_as_a_mention_in_an_attachment(
    stage: Stage, card: dict[str, object], hit: bool | None
) -> None:
    """A field's value counts since 11."""
    async with stage.bot.listen() as ears:
        await stage.alice.post(
            "/posts", {"channel_id": stage.channel["id"], "message": "", "props": {"attachments": [card]}}
        )
        expected = stage.mm.world.version.newest if hit is None else hit
        assert ("mentions" in (await ears.next("posted"))["data"]) is expected


async def test_removal_has_two_shapes(stage: Stage) -> None:
    """The channel hears who went, the one who went hears from where."""
    path = f"/channels/{stage.channel['id']}/members"
    async with stage.bot.listen() as bot, stage.alice.listen() as alice:
        await stage.bot.delete(f"{path}/{stage.alice.id}")
        to_channel, to_user = await bot.next("user_removed"), await alice.next("user_removed")
    assert to_channel["data"] == {"remover_id": stage.bot.id, "user_id": stage.alice.id}
    assert to_user["data"] == {"channel_id": stage.channel["id"], "remover_id": stage.bot.id}
    assert to_user["broadcast"]["user_id"] == stage.alice.id


async def test_archiving_a_private_channel_is_told_to_the_team_or_to_members(stage: Stage) -> None:
    """Older servers tell the whole team."""
    async with stage.admin.listen() as outsider:
        await stage.bot.delete(f"/channels/{stage.channel['id']}")
        events = [row["event"] for row in await outsider.ping()]
    assert ("channel_deleted" in events) is not stage.modern


async def test_a_revoked_token_silences_or_not(stage: Stage) -> None:
    """Newer servers keep the socket open, say nothing more, and refuse the app-level ping."""
    async with stage.bot.listen() as ears:
        await ears.ping()
        stage.mm.faults.revoke_tokens("pb")
        assert (await stage.bot.call("GET", "/users/me")).status == 401
        await stage.alice.say(stage.channel["id"], "anybody there?")
        reply = await ears.ask(seq=9, action="ping")
        if stage.modern:
            assert reply["error"]["id"] == "api.web_socket_router.not_authenticated.app_error"
            assert reply["error"]["status_code"] == 401
            assert "posted" not in [row.get("event") for row in ears.heard]
        else:
            assert reply["status"] == "OK"
            assert "posted" in [row.get("event") for row in ears.heard]


async def _leave(stage: Stage, ears: Ears) -> tuple[str, int]:
    """Let the connection break and return its id and the number expected next."""
    last = max(row["seq"] for row in ears.heard if "event" in row)
    await ears.socket.close()
    await until(lambda: not stage.mm.world.hub.online(stage.bot.id))
    return ears.hello["data"]["connection_id"], last + 1


@pytest.fixture(params=["10.0", "11.6"])
def reliable(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_resume_brings_what_was_missed_without_hello(reliable: str) -> None:
    """Numbers go on; with nothing missed there is no frame at all."""
    async with staged(reliable) as stage:
        async with stage.bot.listen() as ears:
            await ears.ping()
            name, seq = await _leave(stage, ears)
        await stage.alice.say(stage.channel["id"], "missed")
        async with stage.bot.listen(f"?connection_id={name}&sequence_number={seq}", hello=False) as ears:
            first = await ears.frame()
            assert (first["event"], first["seq"]) == ("posted", seq)
            name_again, seq = await _leave(stage, Ears(ears.socket, {"data": {"connection_id": name}}, ears.heard))
        async with stage.bot.listen(f"?connection_id={name_again}&sequence_number={seq}", hello=False) as ears:
            assert await ears.ping() == []


async def test_an_older_number_repeats_events(reliable: str) -> None:
    """A resume from inside the last 128 events sends them again."""
    async with staged(reliable) as stage:
        async with stage.bot.listen() as ears:
            for number in range(5):
                await stage.alice.say(stage.channel["id"], str(number))
            await ears.ping()
            name, seq = await _leave(stage, ears)
        async with stage.bot.listen(f"?connection_id={name}&sequence_number={seq - 3}", hello=False) as ears:
            events = await ears.ping()
    assert [row["seq"] for row in events] == [seq - 3, seq - 2, seq - 1]


async def test_a_number_that_does_not_fit_brings_hello_and_then_the_queue(reliable: str) -> None:
    """The events that waited follow a fresh hello, so a reader sees them twice after a resync."""
    async with staged(reliable) as stage:
        async with stage.bot.listen() as ears:
            await ears.ping()
            name, seq = await _leave(stage, ears)
        await stage.alice.say(stage.channel["id"], "queued")
        async with stage.bot.listen(f"?connection_id={name}&sequence_number={seq + 100}") as ears:
            assert ears.hello["seq"] == 0
            assert ears.hello["data"]["connection_id"] != name
            assert [(row["event"], row["seq"]) for row in await ears.ping()] == [("posted", 1)]


async def test_number_zero_restarts_the_count_without_hello(reliable: str) -> None:
    """The first frame with number 0 need not be a hello."""
    async with staged(reliable) as stage:
        async with stage.bot.listen() as ears:
            await ears.ping()
            name, _ = await _leave(stage, ears)
        await stage.alice.say(stage.channel["id"], "queued")
        async with stage.bot.listen(f"?connection_id={name}&sequence_number=0", hello=False) as ears:
            assert [(row["event"], row["seq"]) for row in await ears.ping()] == [("posted", 0)]


async def test_too_much_missed_or_too_long_away_means_a_fresh_start(reliable: str) -> None:
    """More than 256 events or more than ten minutes are not kept."""
    async with staged(reliable) as stage:
        for reason in ("many", "long"):
            async with stage.bot.listen() as ears:
                await ears.ping()
                name, seq = await _leave(stage, ears)
            if reason == "many":
                for number in range(SEND_QUEUE + 1):
                    await stage.alice.say(stage.channel["id"], str(number))
            else:
                stage.mm.world.clock.advance(minutes=11)
            async with stage.bot.listen(f"?connection_id={name}&sequence_number={seq}") as ears:
                assert ears.hello["data"]["connection_id"] != name
                assert "posted" not in [row["event"] for row in await ears.ping()]


async def test_malformed_parameters_end_the_connection(reliable: str) -> None:
    """11.6 alone takes a negative number for one that does not fit."""
    async with staged(reliable) as stage:
        async with stage.bot.listen() as ears:
            await ears.ping()
            name, _ = await _leave(stage, ears)
        for query in ("?connection_id=x", f"?connection_id={name}", f"?connection_id={name}&sequence_number=x"):
            async with stage.bot.listen(query, hello=False) as ears:
                assert await ears.ended() == 1006
        query = f"?connection_id={name}&sequence_number=-1"
        async with stage.bot.listen(query, hello=stage.major == 11) as ears:
            if stage.major == 10:
                assert await ears.ended() == 1006


async def test_an_active_or_foreign_connection_cannot_be_taken(reliable: str) -> None:
    """Both lead to a connection of one's own, and the old one goes on."""
    async with staged(reliable) as stage, stage.bot.listen() as ears:
        name = ears.hello["data"]["connection_id"]
        for person in (stage.bot, stage.alice):
            async with person.listen(f"?connection_id={name}&sequence_number=1") as other:
                assert other.hello["data"]["connection_id"] != name
        await stage.alice.say(stage.channel["id"], "both hear")
        assert await ears.next("posted")


async def test_5_37_resumes_only_when_told_to() -> None:
    """The setting is off by default."""
    on = {"ServiceSettings": {"EnableReliableWebSockets": True}}
    for config, there in ((None, False), (on, True)):
        async with staged("5.37", config=config) as stage, stage.bot.listen() as ears:
            assert bool(ears.hello["data"]["connection_id"]) is there


async def test_a_restart_cuts_sockets_and_keeps_the_world(stage: Stage) -> None:
    """The server comes back at the same address."""
    async with stage.bot.listen() as ears:
        await stage.mm.stop()
        assert await ears.ended() == 1006
    with pytest.raises(aiohttp.ClientConnectorError):
        await stage.bot.get("/users/me")
    await stage.mm.start()
    assert (await stage.bot.get("/users/me"))["username"] == "pb"
