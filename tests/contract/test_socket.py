"""What Muster relies on in the websocket, on every server."""

import json
import secrets

import pytest
import websockets
from ground import Ground

from tests.accounts import person


async def test_hello_comes_first_and_tells_whether_it_can_be_resumed(on: Ground) -> None:
    socket = await on.socket()
    hello = await socket.frame(lambda frame: True)
    assert (hello["event"], hello["seq"]) == ("hello", 0)
    assert hello["broadcast"]["user_id"] == on.bot.id
    assert bool(hello["data"]["connection_id"]) is not on.is_old


async def test_a_message_is_heard_as_json_in_a_string_with_its_mentions(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    socket = await on.socket()
    await socket.event("hello")
    said = await on.alice.say(channel["id"], f"hi @{on.bot.username}", pending_post_id="alice:1" + channel["id"])
    heard = await socket.frame(
        lambda frame: frame.get("event") == "posted" and json.loads(frame["data"]["post"])["id"] == said["id"]
    )
    post = json.loads(heard["data"]["post"])
    assert (post["user_id"], post["channel_id"], post["message"]) == (on.alice.id, channel["id"], said["message"])
    assert on.bot.id in json.loads(heard["data"]["mentions"])
    assert heard["data"]["sender_name"] == f"@{on.alice.username}"
    assert heard["broadcast"]["channel_id"] == channel["id"]


async def test_names_in_texts_and_since_11_in_fields_notify_and_what_stood_there_before_or_has_a_joiner_does_not(
    on: Ground,
) -> None:
    channel, name = await on.channel("O"), f"@{on.alice.username}"
    cards = {
        "text": {"text": name},
        "pretext": {"pretext": name, "text": "x"},
        "field": {"text": "x", "fields": [{"title": "x", "value": name, "short": True}]},
        "title": {"title": name, "text": "x", "footer": name, "fields": [{"title": name, "value": "x", "short": True}]},
        "joined": {"text": f"@\u2060{on.alice.username}"},
    }

    async def post(card: dict[str, object], message: str = "") -> None:
        body = {"channel_id": channel["id"], "message": message, "props": {"attachments": [card]}}
        await on.bot.rest("POST", "/posts", body)

    await post(cards["text"], name)
    socket = await on.socket(token=on.alice.token)
    await socket.event("hello")
    await on.bot.rest("POST", f"/channels/{channel['id']}/members", {"user_id": on.alice.id})
    for word, card in cards.items():
        await post(card, word)
    heard = {}
    while len(heard) < len(cards) + 1:
        frame = await socket.event("posted")
        said = json.loads(frame["data"]["post"])
        if said["channel_id"] == channel["id"]:
            heard[said["type"] or said["message"]] = on.alice.id in json.loads(frame["data"].get("mentions") or "[]")
        socket.frames.remove(frame)
    assert heard == {
        "system_add_to_channel": True,
        "text": True,
        "pretext": True,
        "field": on.version.startswith("11."),
        "title": False,
        "joined": False,
    }


async def test_sequence_numbers_have_no_gap_and_own_posts_are_heard_too(on: Ground) -> None:
    channel = await on.channel()
    socket = await on.socket()
    await on.bot.rest("POST", "/posts", {"channel_id": channel["id"], "message": "own"})
    await socket.frame(
        lambda frame: frame.get("event") == "posted" and '\\"own\\"' in json.dumps(frame["data"]["post"])
    )
    events = [frame["seq"] for frame in socket.frames if "event" in frame]
    assert events == list(range(len(events)))


async def test_ping_is_answered_by_the_protocol_itself(on: Ground) -> None:
    socket = await on.socket()
    await socket.event("hello")
    await socket.connection.send('{"seq":1,"action":"ping"}')
    pong = await socket.frame(lambda frame: "seq_reply" in frame)
    assert (pong["status"], pong["seq_reply"], pong["data"]["text"]) == ("OK", 1, "pong")


async def test_joins_and_removals_are_told_with_the_channel_in_two_shapes(on: Ground) -> None:
    channel = await on.channel()
    socket = await on.socket()
    await socket.event("hello")
    await on.bot.rest("POST", f"/channels/{channel['id']}/members", {"user_id": on.alice.id})
    joined = await socket.event("user_added", user_id=on.alice.id)
    assert joined["broadcast"]["channel_id"] == channel["id"]
    await on.admin.rest("DELETE", f"/channels/{channel['id']}/members/{on.alice.id}")
    left = await socket.event("user_removed", user_id=on.alice.id)
    assert left["broadcast"]["channel_id"] == channel["id"]
    await on.admin.rest("DELETE", f"/channels/{channel['id']}/members/{on.bot.id}")
    gone = await socket.event("user_removed", channel_id=channel["id"])
    assert gone["broadcast"]["user_id"] == on.bot.id


async def test_edits_pins_and_deletions_are_told(on: Ground) -> None:
    channel = await on.channel()
    made = await on.bot.rest("POST", "/posts", {"channel_id": channel["id"], "message": "m"})
    socket = await on.socket()
    await socket.event("hello")
    await on.bot.rest(
        "PUT", f"/posts/{made['id']}/patch", {"message": "new", "props": {"muster": {"effect": "k", "rev": 2}}}
    )
    edited = json.loads((await socket.event("post_edited"))["data"]["post"])
    assert (edited["id"], edited["props"]["muster"]["rev"]) == (made["id"], 2)
    await on.bot.rest("DELETE", f"/posts/{made['id']}")
    deleted = json.loads((await socket.event("post_deleted"))["data"]["post"])
    assert deleted["id"] == made["id"]


async def test_a_dropped_connection_is_resumed_where_the_server_can(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    first = await on.socket()
    hello = await first.event("hello")
    await on.alice.say(channel["id"], "before")
    seen = await first.frame(lambda frame: frame.get("event") == "posted" and "before" in frame["data"]["post"])
    first.connection.transport.abort()
    await first.connection.wait_closed()
    await on.alice.say(channel["id"], "missed")
    connection_id = hello["data"]["connection_id"]
    second = await on.socket(
        f"?connection_id={connection_id}&sequence_number={seen['seq'] + 1}" if connection_id else ""
    )
    if on.is_old:
        assert (await second.frame(lambda frame: True))["event"] == "hello"
    else:
        await second.frame(lambda frame: frame.get("event") == "posted" and "missed" in frame["data"]["post"])
        assert not any(frame.get("event") == "hello" for frame in second.frames)


async def test_a_bad_token_gets_no_word_and_is_dropped(on: Ground) -> None:
    socket = await on.socket(token="wrong")
    with pytest.raises(websockets.ConnectionClosedError):
        await socket.frame(lambda frame: True, within=8)
    assert socket.frames == []


async def test_a_closed_channel_is_told_to_its_members(on: Ground) -> None:
    channel = await on.channel("P", on.alice.id)
    socket = await on.socket()
    await socket.event("hello")
    # Who is in which channels a server looks up for a connection when it first has something to tell it there, and in
    # one that has just been closed it then finds nobody (server source: web_conn.go, ShouldSendEvent).
    await on.alice.say(channel["id"], "before")
    await socket.frame(lambda frame: frame.get("event") == "posted" and "before" in frame["data"]["post"])
    await on.alice.rest("DELETE", f"/channels/{channel['id']}")
    assert (await socket.event("channel_deleted"))["data"]["channel_id"] == channel["id"]


async def test_of_a_new_channel_admin_the_others_are_told_nothing(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    socket = await on.socket()
    await socket.event("hello")
    path = f"/channels/{channel['id']}/members/{on.alice.id}/schemeRoles"
    await on.bot.rest("PUT", path, {"scheme_user": True, "scheme_admin": True})
    await on.alice.say(channel["id"], "after")
    await socket.frame(lambda frame: frame.get("event") == "posted" and "after" in frame["data"]["post"])
    assert not [one for one in socket.frames if one.get("event") == "channel_member_updated"]


async def test_who_leaves_a_team_is_told_to_those_who_stay_and_no_channel_says_so(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    socket = await on.socket()
    await socket.event("hello")
    await on.admin.rest("DELETE", f"/teams/{on.team['id']}/members/{on.alice.id}")
    left = await socket.event("leave_team", user_id=on.alice.id)
    assert left["data"]["team_id"] == on.team["id"]
    await on.bot.rest("POST", "/posts", {"channel_id": channel["id"], "message": "after"})
    await socket.frame(lambda frame: frame.get("event") == "posted" and "after" in frame["data"]["post"])
    assert not [one for one in socket.frames if one.get("event") == "user_removed"]
    assert (await on.bot.raw("GET", f"/channels/{channel['id']}/members/{on.alice.id}"))[0] == 404


@pytest.mark.parametrize("active", [False, True])
async def test_that_an_account_is_active_or_not_is_told_to_everybody(on: Ground, active: bool) -> None:
    name = f"gone-{secrets.token_hex(3)}"
    async with await person(on.admin, on.url, None, name) as user:
        path = f"/users/{user.id}/active"
        if active:
            await on.admin.rest("PUT", path, {"active": False})
        socket = await on.socket()
        await socket.event("hello")
        await on.admin.rest("PUT", path, {"active": active})
        told = await socket.frame(
            lambda frame: frame.get("event") == "user_updated" and frame["data"]["user"]["id"] == user.id
        )
        assert (told["data"]["user"]["delete_at"] == 0) is active


async def test_a_renamed_channel_tells_its_members_its_new_name_and_title(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    socket = await on.socket()
    await socket.event("hello")
    body = {"name": f"{channel['name']}-b", "display_name": "Renamed"}
    await on.alice.rest("PUT", f"/channels/{channel['id']}/patch", body)
    told = await socket.event("channel_updated")
    now = json.loads(told["data"]["channel"])
    assert told["broadcast"]["channel_id"] == channel["id"]
    assert (now["id"], now["type"]) == (channel["id"], "O")
    assert (now["name"], now["display_name"]) == (body["name"], body["display_name"])
    assert now["update_at"] > channel["update_at"]
    path = f"/teams/{on.team['id']}/channels/name"
    assert (await on.bot.raw("GET", f"{path}/{channel['name']}"))[0] == 404
    assert (await on.bot.rest("GET", f"{path}/{body['name']}"))["id"] == channel["id"]


async def test_a_converted_channel_tells_its_members_what_it_is_and_the_team_that_it_was_converted(on: Ground) -> None:
    channel = await on.channel()
    socket = await on.socket()
    await socket.event("hello")
    seen = channel["update_at"]
    for kind in ("P", "O"):
        await on.admin.rest("PUT", f"/channels/{channel['id']}/privacy", {"privacy": kind})
        now = json.loads((await socket.event("channel_updated"))["data"]["channel"])
        assert (now["id"], now["type"]) == (channel["id"], kind)
        assert now["update_at"] > seen
        seen = now["update_at"]
        told = await socket.event("channel_converted", channel_id=channel["id"])
        assert told["broadcast"]["team_id"] == on.team["id"]
        assert (await on.bot.rest("GET", f"/channels/{channel['id']}"))["type"] == kind


async def test_who_is_not_in_a_converted_channel_hears_of_it_and_cannot_read_what_it_is(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    await on.admin.rest("DELETE", f"/channels/{channel['id']}/members/{on.bot.id}")
    socket = await on.socket()
    await socket.event("hello")
    await on.admin.rest("PUT", f"/channels/{channel['id']}/privacy", {"privacy": "P"})
    await socket.event("channel_converted", channel_id=channel["id"])
    assert (await on.bot.raw("GET", f"/channels/{channel['id']}"))[0] in (403, 404)
