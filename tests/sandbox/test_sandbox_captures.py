"""The sandbox speaks exactly as the captured servers did: keys, their order, types, errors."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sandbox_people import Ears, Integration, Stage, staged
from sandbox_shapes import capture, error_of, shape

VERSIONS = ["5.37", "11.6"]
NAMED = {"execute unknown trigger"}
"""Errors whose sentence holds a name of the captured server."""
FULL = {
    "fallback": "f",
    "color": "#ff0000",
    "pretext": "pre",
    "author_name": "an",
    "title": "ti",
    "title_link": "https://x.test",
    "text": "te",
    "footer": "fo",
    "fields": [{"title": "F", "value": "V", "short": True}],
}


@pytest.fixture(params=VERSIONS)
async def known(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with staged(request.param) as found:
        yield found


def _version(stage: Stage) -> str:
    return "5.37" if stage.major == 5 else "11.6"


def _attachment(url: str) -> dict[str, Any]:
    call = {"url": url, "context": {"secret": "S"}}
    button = {"id": "btn1", "type": "button", "name": "Press", "style": "primary"}
    menu = {"id": "sel1", "type": "select", "name": "Pick", "options": [{"text": "One", "value": "1"}]}
    return FULL | {"actions": [button | {"integration": call}, menu | {"integration": call}]}


async def test_rest_answers_have_the_captured_form(known: Stage, integration: Integration) -> None:
    """Each call that was captured is made again and must be answered alike."""
    found = await _rest_story(known, integration)
    wanted = capture(_version(known), "http")
    assert set(wanted) - set(found) == {"posts since"}
    for tag, reply in found.items():
        if tag not in wanted:
            continue
        expected = wanted[tag]
        assert reply.status == expected["status"], tag
        assert reply.headers["Content-Type"] == expected["content_type"], tag
        if reply.status >= 400 and tag not in NAMED:
            assert error_of(reply.body) == error_of(expected["body"]), tag
        assert shape(reply.body) == shape(expected["body"]), tag


async def test_changed_rows_have_the_captured_form(known: Stage) -> None:
    """History rows and deleted posts are listed like other posts, without their message."""
    place = known.channel["id"]
    edited, gone = await known.bot.say(place, "one"), await known.bot.say(place, "two")
    await known.bot.put(f"/posts/{edited['id']}/patch", {"message": "three"})
    await known.bot.delete(f"/posts/{gone['id']}")
    listed = await known.bot.get(f"/channels/{place}/posts?since=1")
    wanted = capture(_version(known), "http")["posts since"]["body"]
    assert list(listed) == list(wanted)
    [history] = [row for row in listed["posts"].values() if row["original_id"]]
    for row in wanted["posts"].values():
        assert shape(history if row["original_id"] else listed["posts"][gone["id"]]) == shape(row)
    assert listed["posts"][gone["id"]]["props"]["deleteBy"] == known.bot.id


async def _rest_story(stage: Stage, integration: Integration) -> dict[str, Any]:
    bot, admin, alice, team_id = stage.bot, stage.admin, stage.alice, stage.team["id"]
    found: dict[str, Any] = {}
    new = {"username": "gb", "display_name": "GB", "description": "d"}
    found["create bot as admin"] = made = await admin.call("POST", "/bots", new)
    path = f"/users/{made.body['user_id']}/tokens"
    found["create bot token"] = await admin.call("POST", path, {"description": "t"})
    joining = {"team_id": team_id, "user_id": made.body["user_id"]}
    found["add bot to team"] = await admin.call("POST", f"/teams/{team_id}/members", joining)
    found["ping"] = await stage.nobody.call("GET", "/system/ping")
    found["me"] = await bot.call("GET", "/users/me")
    found["me bad token"] = await stage.nobody.call("GET", "/users/me")
    found["unknown route"] = await bot.call("GET", "/nope")
    found["invalid id"] = await bot.call("GET", "/users/abc")
    found["user by username"] = await bot.call("GET", "/users/username/alice")
    found["user by username 404"] = await bot.call("GET", "/users/username/nobodyxx")
    path = f"/users/autocomplete?in_team={team_id}&name=pb"
    found["users autocomplete pb"] = await bot.call("GET", path)
    found["my teams"] = await bot.call("GET", "/users/me/teams")
    body = {"team_id": team_id, "name": "g-1", "display_name": "G", "type": "O", "header": "h", "purpose": "p"}
    found["create channel"] = created = await bot.call("POST", "/channels", body)
    found["create channel duplicate"] = await bot.call("POST", "/channels", body)
    found["create channel bad name"] = await bot.call("POST", "/channels", body | {"name": "x.y"})
    found["channel 404"] = await bot.call("GET", "/channels/" + "z" * 26)
    place = f"/channels/{created.body['id']}"
    found["add member"] = await bot.call("POST", f"{place}/members", {"user_id": alice.id})
    found["member other"] = await bot.call("GET", f"{place}/members/{alice.id}")
    found["members"] = await bot.call("GET", f"{place}/members?per_page=1")
    found["stats"] = await bot.call("GET", f"{place}/stats")
    props = {"attachments": [_attachment(integration.url)], "mykey": {"a": 1}}
    first = {"channel_id": created.body["id"], "message": "hello", "pending_post_id": "pp:1"}
    found["create post"] = root = await bot.call("POST", "/posts", first | {"props": props})
    reply = {"channel_id": created.body["id"], "message": "answer", "root_id": root.body["id"]}
    found["reply"] = await bot.call("POST", "/posts", reply)
    long = {"channel_id": created.body["id"], "message": "x" * 16384}
    found["post too long"] = await bot.call("POST", "/posts", long)
    found["post bad root"] = await bot.call("POST", "/posts", reply | {"root_id": "z" * 26})
    path = f"/posts/{root.body['id']}"
    found["patch post message"] = await bot.call("PUT", f"{path}/patch", {"message": "patched"})
    found["reactions list none"] = await bot.call("GET", f"{path}/reactions")
    emoji = {"user_id": bot.id, "post_id": root.body["id"], "emoji_name": "eyes"}
    found["reaction"] = await bot.call("POST", "/reactions", emoji)
    found["reaction other user"] = await bot.call("POST", "/reactions", emoji | {"user_id": alice.id})
    await bot.delete(f"/users/me{path}/reactions/eyes")
    note = {"user_id": alice.id, "post": {"channel_id": created.body["id"], "message": "e"}}
    found["ephemeral as sysadmin"] = await admin.call("POST", "/posts/ephemeral", note)
    found["ephemeral as bot"] = await bot.call("POST", "/posts/ephemeral", note)
    terms = {"terms": "answer" if stage.modern else "patched", "is_or_search": False}
    found["search"] = await bot.call("POST", f"/teams/{team_id}/posts/search", terms)
    integration.status = 500
    path_to_button = f"{path}/actions/btn1"
    found["click, integration 500"] = await alice.call("POST", path_to_button, {})
    integration.status = 200
    command = {"team_id": team_id, "trigger": "g1", "method": "P", "url": integration.url, "auto_complete": True}
    found["create command"] = await admin.call("POST", "/commands", command)
    found["create command dup"] = await admin.call("POST", "/commands", command)
    integration.answer = {"response_type": "in_channel", "text": "pong", "props": {"k": 1}}
    found["execute command"] = await stage.run(alice, "/g1 do")
    found["execute unknown trigger"] = await stage.run(alice, "/nosuch do")
    found["dm"] = await bot.call("POST", "/channels/direct", [bot.id, alice.id])
    found["categories"] = await bot.call("GET", f"/users/me/teams/{team_id}/channels/categories")
    for row in found["categories"].body["categories"]:
        row["channel_ids"] = []
    await bot.delete(path)
    found["delete twice"] = await bot.call("DELETE", path)
    await bot.delete(place)
    found["archive twice"] = await bot.call("DELETE", place)
    found["post to archived"] = await bot.call("POST", "/posts", first | {"pending_post_id": ""})
    return found


async def test_events_have_the_captured_form(known: Stage, integration: Integration) -> None:
    """Each kind of event that was captured is caused again and must look alike."""
    async with known.alice.listen() as alice, known.bot.listen() as bot:
        await _event_story(known, integration)
        await alice.ping()
        await bot.ping()
        found = _first_of_each(bot, known.bot.id) | _first_of_each(alice, known.alice.id)
    wanted = capture(_version(known), "ws")
    for name in set(found) & set(wanted):
        assert shape(found[name]) == shape(_comparable(wanted[name])), name
    skipped = {"FAIL", "OK", "new_user", "user_updated"}
    assert set(wanted) - set(found) <= skipped


def _first_of_each(ears: Ears, user_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {"hello": ears.hello}
    for frame in ears.heard:
        if "event" not in frame:
            continue
        name = frame["event"]
        if name == "posted":
            kind = _inner(frame)["type"]
            name = f"posted {kind}".strip()
        if name == "user_removed":
            name += " user" if frame["broadcast"]["user_id"] else " channel"
        if name == "user_added":
            name += " own" if frame["broadcast"]["user_id"] else " others"
        found.setdefault(name, _comparable(frame))
    return found


def _comparable(frame: dict[str, Any]) -> dict[str, Any]:
    """Leave out what depends on the receiver: mentions and thread followers."""
    data = {k: v for k, v in frame["data"].items() if k not in ("mentions", "followers")}
    return frame | {"data": data} if "data" in frame else frame


def _inner(frame: dict[str, Any]) -> Any:
    return json.loads(frame["data"]["post"])


async def _event_story(stage: Stage, integration: Integration) -> None:
    bot, admin, alice, team_id = stage.bot, stage.admin, stage.alice, stage.team["id"]
    await alice.say(stage.channel["id"], "hi @pb")
    pub = await stage.public(alice)
    place = f"/channels/{pub['id']}"
    await alice.post(f"{place}/members", {"user_id": bot.id})
    for patch in ({"header": "h"}, {"display_name": "Other"}, {"purpose": "p"}):
        await alice.put(f"{place}/patch", patch)
    post = await alice.say(pub["id"], "plain")
    await alice.put(f"/posts/{post['id']}/patch", {"message": "edited"})
    emoji = {"user_id": alice.id, "post_id": post["id"], "emoji_name": "thumbsup"}
    await alice.post("/reactions", emoji)
    await alice.delete(f"/users/me/posts/{post['id']}/reactions/thumbsup")
    if not stage.modern:
        # The post that was captured when it was deleted had a reaction.
        await alice.post("/reactions", emoji)
    await alice.delete(f"/posts/{post['id']}")
    await alice.post("/channels/direct", [alice.id, bot.id])
    await alice.post("/channels/group", [alice.id, bot.id, stage.bob.id])
    await alice.delete(place)
    await admin.post(f"{place}/restore")
    await admin.put(f"{place}/privacy", {"privacy": "P"})
    await alice.delete(f"{place}/members/{bot.id}")
    other = await stage.public(alice, "pub2")
    await bot.post(f"/channels/{other['id']}/members", {"user_id": bot.id})
    await bot.delete(f"/channels/{other['id']}/members/{bot.id}")
    path = f"/channels/{stage.channel['id']}/members/{alice.id}/schemeRoles"
    await bot.put(path, {"scheme_admin": True, "scheme_user": True})
    await bot.post(f"/users/{bot.id}/typing", {"channel_id": stage.channel["id"]})
    note = {"channel_id": stage.channel["id"], "message": "e"}
    await admin.post("/posts/ephemeral", {"user_id": alice.id, "post": note})
    command = await stage.command(integration.url)
    integration.answer = {"text": "t", "response_type": "in_channel", "attachments": [{"text": "att"}]}
    assert (await stage.run(alice, f"/{command['trigger']}")).status == 200
    field = {"display_name": "N", "name": "n", "type": "text", "optional": True}
    menu = {"display_name": "S", "name": "s", "type": "select", "options": [{"text": "One", "value": "1"}]}
    dialog = {"callback_id": "cb", "title": "T", "elements": [field, menu], "notify_on_cancel": True}
    trigger = integration.bodies[-1]["trigger_id"]
    opening = {"trigger_id": trigger, "url": integration.url, "dialog": dialog}
    await stage.nobody.post("/actions/dialogs/open", opening)
    await admin.put(f"/users/{bot.id}/roles", {"roles": "system_user system_post_all"})
    roles = {"scheme_user": True, "scheme_admin": True}
    await admin.put(f"/teams/{team_id}/members/{bot.id}/schemeRoles", roles)
    await admin.delete(f"/teams/{team_id}/members/{bot.id}")
    await admin.post(f"/teams/{team_id}/members", {"team_id": team_id, "user_id": bot.id})
