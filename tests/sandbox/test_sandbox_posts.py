"""Posts: limits, deduplication, history, catching up, reading rights, reactions."""

import json

import aiohttp
import pytest
from sandbox_people import Stage, staged

from sandbox.api.post_lists import SINCE_LIMIT


async def test_integrations_are_kept_but_never_shown(stage: Stage) -> None:
    """Every copy of a post lacks what its buttons call; the server remembers it."""
    async with stage.alice.listen() as ears:
        post = await stage.button("http://127.0.0.1:1/a")
        heard = json.loads((await ears.next("posted"))["data"]["post"])
    read = await stage.alice.get(f"/posts/{post['id']}")
    for copy in (post, heard, read):
        assert "integration" not in json.dumps(copy)
        assert copy["props"]["from_bot"] == "true"
    [kept] = [row for row in stage.mm.posts("run-1") if row.id == post["id"]]
    assert kept.props["attachments"][0]["actions"][0]["integration"]["context"] == {"secret": "S"}


async def test_message_and_props_limits(stage: Stage) -> None:
    """16383 characters, whatever they weigh; props by version."""
    place = stage.channel["id"]
    assert (await stage.bot.say(place, "🦊" * 16383))["id"]
    reply = await stage.bot.call("POST", "/posts", {"channel_id": place, "message": "x" * 16384})
    wanted = "message_length" if stage.major == 11 else "msg"
    assert (reply.status, reply.error) == (400, f"model.post.is_valid.{wanted}.app_error")
    big = {"channel_id": place, "message": "m", "props": {"k": "v" * 8000}}
    reply = await stage.bot.call("POST", "/posts", big)
    assert reply.status == (201 if stage.modern else 400)
    reply = await stage.bot.call("POST", "/posts", big | {"props": {"k": "v" * 300_600}})
    assert reply.status == (413 if stage.modern else 400)


async def test_a_pending_id_brings_back_the_first_post_for_30_seconds(stage: Stage) -> None:
    """The second answer is the first post and nothing new is written."""
    sent = {"pending_post_id": "p:1"}
    first = await stage.bot.say(stage.channel["id"], "one", **sent)
    again = await stage.bot.say(stage.channel["id"], "two", **sent)
    assert again["id"] == first["id"]
    assert "metadata" not in again
    stage.mm.world.clock.advance(seconds=31)
    later = await stage.bot.say(stage.channel["id"], "three", **sent)
    assert later["id"] != first["id"]


async def test_a_pending_id_of_somebody_else(stage: Stage) -> None:
    """The ids are one space for all: older servers even show a private post to a stranger."""
    secret = await stage.bot.say(stage.channel["id"], "secret", pending_post_id="p:1")
    pub = await stage.public(stage.bob)
    answer = await stage.bob.say(pub["id"], "mine", pending_post_id="p:1")
    assert (answer["id"] == secret["id"]) is (stage.major < 11)
    shared = await stage.alice.say(stage.channel["id"], "other", pending_post_id="p:2")
    assert (await stage.bot.say(stage.channel["id"], "mine", pending_post_id="p:2"))["id"] == shared["id"]


async def test_refusals_when_posting(stage: Stage) -> None:
    """Each has its own error id."""
    place, bot = stage.channel["id"], stage.bot
    other = await stage.public(bot)
    root = await bot.say(other["id"], "elsewhere")
    cases = [
        ({"channel_id": "z" * 26}, 403, "api.context.permissions.app_error"),
        ({"root_id": "z" * 26}, 400, "api.post.create_post.root_id.app_error"),
        ({"root_id": root["id"]}, 400, "api.post.create_post.channel_root_id.app_error"),
        ({"type": "system_x"}, 400, "api.context.invalid_param.app_error"),
        ({"type": "odd"}, 400, "model.post.is_valid.type.app_error"),
        ({"message": "\x00"}, 500, "app.post.save.app_error"),
    ]
    for change, status, error in cases:
        reply = await bot.call("POST", "/posts", {"channel_id": place, "message": "m"} | change)
        assert (reply.status, reply.error) == (status, error), change
    assert (await bot.call("POST", "/posts", "{bad")).error == "api.context.invalid_body_param.app_error"
    assert (await stage.bob.call("POST", "/posts", {"channel_id": place, "message": "m"})).status == 403


async def test_edits_keep_history_rows(stage: Stage) -> None:
    """A real edit sets edit_at; a pin and an equal patch do not, but leave a row all the same."""
    post = await stage.bot.say(stage.channel["id"], "one")
    path = f"/posts/{post['id']}"
    before = post["create_at"] - 1
    async with stage.bot.listen() as ears:
        assert (await stage.bot.put(f"{path}/patch", {"message": "one"}))["edit_at"] == 0
        assert (await stage.bot.post(f"{path}/pin"))["status"] == "OK"
        assert (await stage.bot.put(f"{path}/patch", {"message": "two"}))["edit_at"] > 0
        events = [row["event"] for row in await ears.ping()]
    assert events.count("post_edited") == 3
    listed = await stage.bot.get(f"/channels/{stage.channel['id']}/posts?since={before}")
    rows = [row for row in listed["posts"].values() if row["original_id"] == post["id"]]
    assert len(rows) == 3
    assert all(row["delete_at"] and row["message"] == "" for row in rows)
    assert set(listed["order"]) >= {row["id"] for row in rows}
    if stage.modern:
        history = await stage.bot.get(f"{path}/edit_history")
        assert [row["message"] for row in history] == ["one"] * 3
        assert (await stage.alice.call("GET", f"{path}/edit_history")).status == 403


async def test_given_props_replace_all_props(stage: Stage) -> None:
    """A patch of the message alone keeps them; PUT without props empties them."""
    post = await stage.button("http://127.0.0.1:1/a")
    path = f"/posts/{post['id']}"
    kept = await stage.bot.put(f"{path}/patch", {"message": "x"})
    assert kept["props"]["attachments"]
    assert (await stage.bot.put(f"{path}/patch", {"props": {"k": 1}}))["props"] == {"k": 1}
    assert (await stage.bot.put(path, {"id": post["id"], "message": "y"}))["props"] == {}


async def test_what_counts_as_an_edit(stage: Stage) -> None:
    """Equal attachments do not, another hidden context does."""
    button = {"id": "b", "type": "button", "name": "B"}

    def props(step: int) -> dict[str, object]:
        call = {"url": "http://127.0.0.1:1/a", "context": {"step": step}}
        return {"attachments": [{"text": "t", "actions": [button | {"integration": call}]}]}

    post = await stage.bot.say(stage.channel["id"], "m", props=props(1))
    path = f"/posts/{post['id']}/patch"
    assert (await stage.bot.put(path, {"props": props(1)}))["edit_at"] == 0
    assert (await stage.bot.put(path, {"props": props(2)}))["edit_at"] > 0


async def test_a_patch_with_stripped_buttons(stage: Stage) -> None:
    """5.37 lets go of the connection; newer servers obey, and the buttons are dead."""
    post = await stage.button("http://127.0.0.1:1/a")
    path = f"/posts/{post['id']}"
    if not stage.modern:
        with pytest.raises(aiohttp.ClientOSError):
            await stage.bot.put(f"{path}/patch", {"props": post["props"]})
        return
    assert (await stage.bot.put(f"{path}/patch", {"props": post["props"]}))["edit_at"] > 0
    reply = await stage.alice.call("POST", f"{path}/actions/btn1", {})
    assert (reply.status, reply.error) == (404, "api.post.do_action.action_id.app_error")


async def test_since_brings_deleted_posts_and_thread_roots(stage: Stage) -> None:
    """Deleted ones come without their message, roots of replies only beside the order."""
    place = stage.channel["id"]
    root, gone = await stage.bot.say(place, "root"), await stage.bot.say(place, "gone")
    stage.mm.world.clock.advance(seconds=1)
    since = stage.mm.world.clock()
    stage.mm.world.clock.advance(seconds=1)
    reply = await stage.bot.say(place, "reply", root_id=root["id"])
    await stage.bot.delete(f"/posts/{gone['id']}")
    found = await stage.bot.get(f"/channels/{place}/posts?since={since}")
    assert found["posts"][gone["id"]]["message"] == ""
    assert found["posts"][gone["id"]]["delete_at"] > 0
    assert set(found["order"]) == {reply["id"], root["id"], gone["id"]}
    page = await stage.bot.get(f"/channels/{place}/posts?per_page=1")
    assert page["order"] == [reply["id"]]
    assert root["id"] in page["posts"]


async def test_since_is_cut_at_a_thousand_rows(version: str) -> None:
    """The oldest thousand come; page parameters do not count."""
    async with staged(version) as stage:
        place = stage.channel["id"]
        posts = [await stage.bot.say(place, str(number)) for number in range(SINCE_LIMIT + 5)]
        found = await stage.bot.get(f"/channels/{place}/posts?since={posts[0]['create_at'] - 1}&per_page=2")
        assert len(found["order"]) == SINCE_LIMIT
        assert posts[-1]["id"] not in found["posts"]


async def test_pages_before_and_after(stage: Stage) -> None:
    """Newest first, with the ids of the neighbours."""
    place = stage.channel["id"]
    ids = [(await stage.bot.say(place, str(number)))["id"] for number in range(5)]
    path = f"/channels/{place}/posts"
    page = await stage.bot.get(f"{path}?page=1&per_page=2")
    assert page["order"] == [ids[2], ids[1]]
    assert (page["next_post_id"], page["prev_post_id"]) == (ids[3], ids[0])
    assert (await stage.bot.get(f"{path}?before={ids[3]}&per_page=2"))["order"] == [ids[2], ids[1]]
    assert (await stage.bot.get(f"{path}?after={ids[1]}&per_page=2"))["order"] == [ids[3], ids[2]]


async def test_threads(stage: Stage) -> None:
    """5.37 names the root twice. Deleting a root deletes its replies with one event."""
    place = stage.channel["id"]
    root = await stage.alice.say(place, "root")
    reply = await stage.bot.say(place, "reply", root_id=root["id"])
    thread = await stage.bot.get(f"/posts/{root['id']}/thread")
    twice = [] if stage.modern else [root["id"]]
    assert thread["order"] == [root["id"], reply["id"], *twice]
    nested = {"channel_id": place, "message": "x", "root_id": reply["id"]}
    assert (await stage.bot.call("POST", "/posts", nested)).error == "api.post.create_post.root_id.app_error"
    async with stage.bot.listen() as ears:
        await stage.alice.delete(f"/posts/{root['id']}")
        deleted = [row for row in await ears.ping() if row["event"] == "post_deleted"]
    assert len(deleted) == 1
    assert json.loads(deleted[0]["data"]["post"])["delete_at"] == 0
    assert (await stage.bot.call("GET", f"/posts/{reply['id']}")).status == 404


async def test_public_channels_of_the_team(stage: Stage) -> None:
    """Only newer servers let a team member read posts there without joining."""
    pub = await stage.public(stage.alice)
    post = await stage.alice.say(pub["id"], "open")
    assert (await stage.bot.call("GET", f"/channels/{pub['id']}")).status == 200
    assert (await stage.bot.call("GET", f"/posts/{post['id']}")).status == 200
    listed = await stage.bot.call("GET", f"/channels/{pub['id']}/posts")
    assert listed.status == (200 if stage.modern else 403)
    assert (await stage.bot.call("GET", f"/channels/{pub['id']}/members")).status == 403
    unknown = await stage.bot.call("GET", f"/channels/{'z' * 26}/posts")
    assert unknown.status == (404 if stage.modern else 403)


async def test_reactions(stage: Stage) -> None:
    """Twice is once; what is unknown or absent is treated by version."""
    post = await stage.bot.say(stage.channel["id"], "x")
    path = f"/posts/{post['id']}/reactions"
    assert await stage.bot.get(path) == (None if stage.modern else [])
    body = {"user_id": stage.bot.id, "post_id": post["id"], "emoji_name": "eyes"}
    await stage.bot.post("/reactions", body)
    await stage.bot.post("/reactions", body)
    assert len(await stage.bot.get(path)) == 1
    odd = await stage.bot.call("POST", "/reactions", body | {"emoji_name": "no_such_emoji"})
    assert odd.status == (404 if stage.modern else 200)
    colons = await stage.bot.call("POST", "/reactions", body | {"emoji_name": ":eyes:"})
    assert colons.status == (404 if stage.modern else 400)
    assert await stage.bot.delete(f"/users/me{path}/tada") == {"status": "OK"}
    assert (await stage.bot.get(f"/posts/{post['id']}"))["update_at"] >= post["update_at"]


async def test_the_archive_is_closed(stage: Stage) -> None:
    """No posts, edits, pins or reactions; members can still be changed and posts be read."""
    place, bot = stage.channel["id"], stage.bot
    post = await bot.say(place, "x")
    await bot.delete(f"/channels/{place}")
    path = f"/posts/{post['id']}"
    assert (await bot.call("POST", "/posts", {"channel_id": place, "message": "m"})).status == 400
    assert (await bot.call("PUT", f"{path}/patch", {"message": "m"})).status == 400
    assert (await bot.call("POST", f"{path}/pin")).status == 400
    emoji = {"user_id": bot.id, "post_id": post["id"], "emoji_name": "eyes"}
    assert (await bot.call("POST", "/reactions", emoji)).status == 403
    assert (await bot.call("POST", f"/channels/{place}/members", {"user_id": stage.bob.id})).status == 201
    assert (await bot.call("GET", f"/channels/{place}/posts")).status == 200


async def test_ephemeral_posts_want_a_right_and_nothing_else(stage: Stage) -> None:
    """With the right even a channel that does not exist is accepted; only one person sees it."""
    note = {"user_id": stage.alice.id, "post": {"channel_id": "z" * 26, "message": "psst"}}
    assert (await stage.bot.call("POST", "/posts/ephemeral", note)).status == 403
    role = await stage.admin.get("/roles/name/system_post_all")
    patch = {"permissions": [*role["permissions"], "create_post_ephemeral"]}
    changed = await stage.admin.call("PUT", f"/roles/{role['id']}/patch", patch)
    if not stage.modern:
        assert (changed.status, changed.error) == (501, "api.roles.patch_roles.license.error")
        return
    await stage.admin.put(f"/users/{stage.bot.id}/roles", {"roles": "system_user system_post_all"})
    async with stage.alice.listen() as alice, stage.bob.listen() as bob:
        assert (await stage.bot.call("POST", "/posts/ephemeral", note)).status == 201
        shown = json.loads((await alice.next("ephemeral_message"))["data"]["post"])
        assert (shown["type"], shown["update_at"], shown["user_id"]) == ("system_ephemeral", 0, stage.bot.id)
        assert "ephemeral_message" not in [row["event"] for row in await bob.ping()]


async def test_an_unchanged_list_is_not_sent_again(stage: Stage) -> None:
    """If-None-Match is honoured."""
    path = f"/channels/{stage.channel['id']}/posts"
    first = await stage.bot.call("GET", path)
    headers = {"If-None-Match": first.headers["Etag"]}
    assert (await stage.bot.call("GET", path, headers=headers)).status == 304
