"""Users, teams, channels, bots, tokens, roles and settings."""

import aiohttp
import pytest
from sandbox_people import Person, Stage, log_in, staged

from sandbox import Clock, Sandbox


async def test_the_first_person_administers_a_server_without_admin(version: str) -> None:
    """Afterwards signing up gives an ordinary account."""
    async with Sandbox(version=version, admin=None) as mm, aiohttp.ClientSession() as http:
        nobody = Person(mm, http)
        body = {"username": "first", "email": "first@example.com", "password": "Pass-word-1"}
        assert "system_admin" in (await nobody.post("/users", body))["roles"]
        second = body | {"username": "second", "email": "second@example.com"}
        assert (await nobody.post("/users", second))["roles"] == "system_user"
        assert (await nobody.call("POST", "/users", second)).status == 400
        first = await log_in(mm, http, "first", "Pass-word-1")
        await first.post("/users/logout")
        assert (await first.call("GET", "/users/me")).status == 401
        wrong = await nobody.call("POST", "/users/login", {"login_id": "first", "password": "no"})
        assert wrong.error == "api.user.login.invalid_credentials_email_username"


async def test_a_browser_logs_in_by_cookie(stage: Stage) -> None:
    """The login sets the cookie, which then is enough."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        await log_in(stage.mm, http, "alice", "Pass-word-1")
        assert (await Person(stage.mm, http).get("/users/me"))["username"] == "alice"


async def test_users_are_found_and_shown(stage: Stage) -> None:
    """Unknown ones are left out of lists; is_bot is only there when true."""
    bot = stage.bot
    assert [row["username"] for row in await bot.post("/users/usernames", ["alice", "none"])] == ["alice"]
    assert [row["id"] for row in await bot.post("/users/ids", [stage.alice.id, "z" * 26])] == [stage.alice.id]
    found = await bot.post("/users/search", {"term": "ali", "team_id": stage.team["id"]})
    assert [row["username"] for row in found] == ["alice"]
    assert "is_bot" not in found[0]
    assert (await bot.get("/users/email/alice@example.com"))["id"] == stage.alice.id
    inside = await bot.get(f"/users?in_channel={stage.channel['id']}")
    assert {row["username"] for row in inside} == {"alice", "pb"}
    zone = {"timezone": {"useAutomaticTimezone": "false", "manualTimezone": "Europe/Berlin"}}
    await stage.alice.put("/users/me/patch", zone)
    assert (await bot.get("/users/username/alice"))["timezone"]["manualTimezone"] == "Europe/Berlin"
    itself = await bot.call("PUT", "/users/me/patch", {"nickname": "x"})
    assert itself.status == (403 if stage.modern else 200)


async def test_bots_are_made_by_people_who_may(stage: Stage) -> None:
    """Not by bots, not by ordinary people, not where it is switched off."""
    body = {"username": "helper", "display_name": "Helper"}
    assert (await stage.bot.call("POST", "/bots", body)).status == 403
    assert (await stage.alice.call("POST", "/bots", body)).status == 403
    await stage.admin.put("/config/patch", {"ServiceSettings": {"EnableBotAccountCreation": False}})
    off = await stage.admin.call("POST", "/bots", body)
    assert (off.status, off.error) == (403, "api.bot.create_disabled")
    hidden = await stage.bot.call("GET", f"/bots/{stage.bot.id}")
    assert (hidden.status, hidden.error) == (404, "store.sql_bot.get.missing.app_error")
    bad = await stage.admin.call("POST", "/bots", body | {"username": "Upper"})
    assert bad.status in (400, 403)


async def test_a_disabled_bot_is_locked_out_except_on_10(stage: Stage) -> None:
    """Enabled again, the old token works."""
    await stage.admin.post(f"/bots/{stage.bot.id}/disable")
    assert (await stage.bot.call("GET", "/users/me")).status == (200 if stage.major == 10 else 401)
    await stage.admin.post(f"/bots/{stage.bot.id}/enable")
    assert (await stage.bot.call("GET", "/users/me")).status == 200


async def test_bots_go_with_their_owner(stage: Stage) -> None:
    """A bot of somebody who is deactivated is switched off too."""
    await stage.admin.put(f"/users/{stage.alice.id}/roles", {"roles": "system_admin system_user"})
    made = await stage.alice.post("/bots", {"username": "hers"})
    await stage.admin.put(f"/users/{stage.alice.id}/active", {"active": False})
    assert (await stage.alice.call("GET", "/users/me")).status == 401
    assert (await stage.admin.call("GET", f"/bots/{made['user_id']}")).status == 404


async def test_tokens_are_shown_once_and_can_be_revoked(stage: Stage) -> None:
    """Disabling and enabling works as well."""
    [row] = await stage.admin.get(f"/users/{stage.bot.id}/tokens")
    assert "token" not in row
    await stage.admin.post("/users/tokens/disable", {"token_id": row["id"]})
    assert (await stage.bot.call("GET", "/users/me")).status == 401
    await stage.admin.post("/users/tokens/enable", {"token_id": row["id"]})
    assert (await stage.bot.call("GET", "/users/me")).status == 200
    await stage.admin.post("/users/tokens/revoke", {"token_id": row["id"]})
    assert (await stage.bot.call("GET", "/users/me")).status == 401


async def test_the_last_human_admin_stays(stage: Stage) -> None:
    """Not even a bot that became administrator can be demoted then."""
    await stage.admin.put(f"/users/{stage.bot.id}/roles", {"roles": "system_admin system_user"})
    reply = await stage.admin.call("PUT", f"/users/{stage.bot.id}/roles", {"roles": "system_user"})
    assert (reply.status, reply.error) == (400, "app.user.update.lastAdmin.app_error")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("a", 400, 201), ("ab-", 400, 201), ("a.b", 400, 400), ("Ab", 400, 400), ("a" * 65, 500, 500), ("ok-1", 201, 201)],
)
async def test_channel_names(stage: Stage, name: str, old: int, new: int) -> None:
    """Newer servers take shorter and odder names; 65 characters fail in every database."""
    body = {"team_id": stage.team["id"], "name": name, "display_name": "D", "type": "O"}
    reply = await stage.bot.call("POST", "/channels", body)
    assert reply.status == (new if stage.modern else old)


async def test_channel_names_stay_taken_by_the_archive(stage: Stage) -> None:
    """An archived channel is found by name only when asked for."""
    await stage.bot.delete(f"/channels/{stage.channel['id']}")
    body = {"team_id": stage.team["id"], "name": "run-1", "display_name": "D", "type": "P"}
    reply = await stage.bot.call("POST", "/channels", body)
    assert reply.error == "store.sql_channel.save_channel.exists.app_error"
    path = f"/teams/{stage.team['id']}/channels/name/run-1"
    assert (await stage.bot.call("GET", path)).status == 404
    assert (await stage.bot.get(f"{path}?include_deleted=true"))["delete_at"] > 0
    patch = await stage.bot.call("PUT", f"/channels/{stage.channel['id']}/patch", {"header": "x"})
    assert patch.error == "app.channel.update.bad_id"


async def test_what_a_plain_bot_may_not_do(stage: Stage) -> None:
    """Restoring, converting, commands and other people's posts are for team administrators."""
    place, bot = f"/channels/{stage.channel['id']}", stage.bot
    post = await stage.alice.say(stage.channel["id"], "mine")
    command = {"team_id": stage.team["id"], "trigger": "x", "method": "P", "url": "http://127.0.0.1/"}
    deeds = [("PUT", f"{place}/privacy", {"privacy": "O"}), ("POST", "/commands", command)]
    deeds.append(("DELETE", f"/posts/{post['id']}", None))
    for method, path, body in deeds:
        assert (await bot.call(method, path, body)).status == 403
    await bot.delete(place)
    assert (await bot.call("POST", f"{place}/restore")).status == 403
    roles = {"scheme_user": True, "scheme_admin": True}
    await stage.admin.put(f"/teams/{stage.team['id']}/members/{bot.id}/schemeRoles", roles)
    assert (await bot.call("POST", f"{place}/restore")).status == 200
    for method, path, body in deeds:
        assert (await bot.call(method, path, body)).status < 300


async def test_a_team_admin_adds_itself_to_private_channels(stage: Stage) -> None:
    """A plain bot needs somebody inside."""
    body = {"team_id": stage.team["id"], "name": "closed", "display_name": "C", "type": "P"}
    closed = await stage.bob.post("/channels", body)
    path = f"/channels/{closed['id']}/members"
    assert (await stage.bot.call("POST", path, {"user_id": stage.bot.id})).status == 403
    roles = {"scheme_user": True, "scheme_admin": True}
    await stage.admin.put(f"/teams/{stage.team['id']}/members/{stage.bot.id}/schemeRoles", roles)
    assert (await stage.bot.call("POST", path, {"user_id": stage.bot.id})).status == 201


async def test_members_one_by_one_and_many_at_once(stage: Stage) -> None:
    """Adding twice says it twice and posts once; lists leave out whom they cannot add."""
    path, bot = f"/channels/{stage.channel['id']}/members", stage.bot
    before = len(stage.mm.posts("run-1", system=True))
    assert (await bot.call("POST", path, {"user_id": stage.alice.id})).status == 201
    assert len(stage.mm.posts("run-1", system=True)) == before
    assert (await bot.call("POST", path, {"user_id": "z" * 26})).error == "app.user.missing_account.const"
    outsider = await stage.admin.post("/users", {"username": "zoe", "email": "z@x.test", "password": "x"})
    reply = await bot.call("POST", path, {"user_id": outsider["id"]})
    assert reply.error == "app.team.get_member.missing.app_error"
    many = await bot.call("POST", path, {"user_ids": [stage.bob.id, outsider["id"]]})
    if stage.modern:
        assert [row["user_id"] for row in many.body] == [stage.bob.id]
    else:
        assert many.status == 400
    other = await bot.get(f"{path}/{stage.alice.id}")
    assert (other["last_update_at"] == -1) is (stage.major == 11)
    await bot.delete(f"{path}/{stage.alice.id}")
    assert (await bot.call("DELETE", f"{path}/{stage.alice.id}")).status == 404


async def test_the_archive_and_town_square(stage: Stage) -> None:
    """Twice is an error; the square can be neither archived nor left."""
    path = f"/teams/{stage.team['id']}/channels/name/town-square"
    square = await stage.admin.get(path)
    assert (await stage.admin.call("DELETE", f"/channels/{square['id']}")).status == 400
    assert (await stage.bot.call("DELETE", f"/channels/{square['id']}/members/{stage.bot.id}")).status == 400
    again = await stage.admin.call("POST", f"/channels/{square['id']}/restore")
    assert again.error == "api.channel.restore_channel.restored.app_error"


async def test_conversations_are_opened_once(stage: Stage) -> None:
    """Groups have three to eight people, the caller always among them."""
    first = await stage.bot.call("POST", "/channels/direct", [stage.bot.id, stage.alice.id])
    second = await stage.alice.call("POST", "/channels/direct", [stage.alice.id, stage.bot.id])
    assert first.status == second.status == 201
    assert first.body["id"] == second.body["id"]
    assert (await stage.bob.call("POST", "/channels/direct", [stage.bot.id, stage.alice.id])).status == 403
    group = await stage.bot.post("/channels/group", [stage.alice.id, stage.bob.id])
    assert group["display_name"] == "alice, bob, pb"
    small = await stage.bot.call("POST", "/channels/group", [stage.alice.id])
    assert small.error == "api.channel.create_group.bad_size.app_error"


async def test_routes_that_only_some_versions_have(stage: Stage) -> None:
    """The others answer 404, in plain text on 5.37."""
    convert = await stage.bot.call("POST", f"/channels/{stage.channel['id']}/convert", {})
    assert (convert.status == 404) is stage.modern
    assert ((await stage.bot.call("GET", "/users/me/channels")).status == 200) is stage.modern
    lookup = await stage.alice.call("POST", "/actions/dialogs/lookup", {})
    assert (lookup.status == 404) is (stage.major < 11)
    long = await stage.bot.call("GET", "/users/me?x=" + "x" * 2048)
    assert long.status == (414 if stage.modern else 200)
    unknown = await stage.bot.call("GET", "/users/me/")
    assert unknown.status == 404
    kind = "application/json" if stage.modern else "text/plain; charset=utf-8"
    assert unknown.headers["Content-Type"] == kind


async def test_settings_and_probes(stage: Stage) -> None:
    """Strangers see the version, clients with a token also the limits."""
    strange = await stage.nobody.get("/config/client?format=old")
    assert strange["Version"] == stage.mm.world.version.number
    assert "MaxPostSize" not in strange
    assert (await stage.bot.get("/config/client?format=old"))["MaxPostSize"] == "16383"
    assert (await stage.bot.get("/license/client?format=old")) == {"IsLicensed": "false"}
    assert (await stage.bot.call("GET", "/config")).status == 403
    bare = await stage.nobody.call("GET", "/config/client")
    assert bare.status == (200 if stage.major == 11 else 501)
    clear = {"ServiceSettings": {"SiteURL": ""}}
    assert (await stage.admin.call("PUT", "/config/patch", clear)).status == (400 if stage.modern else 200)
    assert (await stage.nobody.get("/system/ping"))["status"] == "OK"


async def test_a_team_bears_only_so_many(version: str) -> None:
    """The limit is a setting."""
    async with staged(version, config={"TeamSettings": {"MaxUsersPerTeam": 4}}) as stage:
        body = {"username": "zoe", "email": "z@x.test", "password": "x"}
        zoe = await stage.admin.post("/users", body)
        membership = {"team_id": stage.team["id"], "user_id": zoe["id"]}
        reply = await stage.admin.call("POST", f"/teams/{stage.team['id']}/members", membership)
        assert reply.status == 400


async def test_time_can_stand_still() -> None:
    """A frozen clock moves only when told to."""
    clock = Clock(frozen=1_000_000)
    async with staged("11.6", clock=clock) as stage:
        post = await stage.bot.say(stage.channel["id"], "x")
        assert post["create_at"] == 1_000_000
        clock.advance(seconds=2)
        assert (await stage.bot.say(stage.channel["id"], "y"))["create_at"] == 1_002_000
