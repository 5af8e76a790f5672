"""What Muster relies on in channels, members and people, on every server."""

import secrets

import pytest
from ground import Ground

from sandbox.human import Refused
from tests.accounts import person


async def create(on: Ground, name: str, **more: str) -> dict:
    body = {"team_id": on.team["id"], "name": name, "display_name": name, "type": "O", **more}
    return await on.bot.rest("POST", "/channels", body)


async def test_the_creator_is_in_its_channel_and_may_add_others(on: Ground) -> None:
    channel = await on.channel("P")
    mine = await on.bot.rest("GET", f"/channels/{channel['id']}/members/{on.bot.id}")
    assert "channel_admin" in mine["roles"]
    for _ in range(2):
        added = await on.bot.rest("POST", f"/channels/{channel['id']}/members", {"user_id": on.alice.id})
        assert added["user_id"] == on.alice.id


@pytest.mark.parametrize("name", ["ab", "a" * 60 + "-b-1", "checkout-is-down-12"])
async def test_names_of_the_portable_form_are_taken(on: Ground, name: str) -> None:
    assert (await create(on, name))["name"] == name


@pytest.mark.parametrize("name", ["Upper", "with space", "ümlaut", "a.b"])
async def test_other_names_are_refused(on: Ground, name: str) -> None:
    with pytest.raises(Refused) as refused:
        await create(on, name)
    assert refused.value.status == 400


async def test_a_name_is_taken_even_by_an_archived_channel(on: Ground) -> None:
    name = f"c-{secrets.token_hex(4)}"
    channel = await create(on, name)
    await on.bot.rest("DELETE", f"/channels/{channel['id']}")
    with pytest.raises(Refused) as refused:
        await create(on, name)
    assert (refused.value.status, refused.value.id) == (400, "store.sql_channel.save_channel.exists.app_error")
    path = f"/teams/{on.team['id']}/channels/name/{name}"
    assert (await on.bot.raw("GET", path))[0] == 404
    assert (await on.bot.rest("GET", path, include_deleted="true"))["id"] == channel["id"]


async def test_the_limits_of_title_header_and_purpose(on: Ground) -> None:
    name = f"c-{secrets.token_hex(4)}"
    made = await create(on, name, display_name="ü" * 64, header="h" * 1024, purpose="p" * 250)
    assert (len(made["display_name"]), len(made["header"]), len(made["purpose"])) == (64, 1024, 250)
    with pytest.raises(Refused):
        await create(on, name + "x", display_name="ü" * 65)


async def test_somebody_outside_the_team_cannot_be_added(on: Ground) -> None:
    name = f"out-{secrets.token_hex(3)}"
    channel = await on.channel()
    async with await person(on.admin, on.url, None, name) as outsider:
        for user_id, expected in ((outsider.id, "app.team.get_member.missing.app_error"), ("z" * 26, None)):
            status, body = await on.bot.raw("POST", f"/channels/{channel['id']}/members", {"user_id": user_id})
            assert status == 404
            assert expected in (None, body["id"])


async def test_several_people_at_once_where_the_server_can(on: Ground) -> None:
    channel = await on.channel()
    status, body = await on.bot.raw(
        "POST", f"/channels/{channel['id']}/members", {"user_ids": [on.alice.id, on.bob.id]}
    )
    if on.is_old:
        assert status == 400
    else:
        assert {one["user_id"] for one in body} == {on.alice.id, on.bob.id}


async def test_people_are_found_by_name_and_unknown_ones_left_out(on: Ground) -> None:
    found = await on.bot.rest("POST", "/users/usernames", [on.alice.username, "no-such-person-here"])
    assert [one["id"] for one in found] == [on.alice.id]
    found = await on.bot.rest("POST", "/users/ids", [on.bob.id, "z" * 26])
    assert [one["username"] for one in found] == [on.bob.username]
    assert (await on.bot.raw("GET", "/users/username/no-such-person-here"))[0] == 404


async def test_the_bot_knows_itself_and_its_teams(on: Ground) -> None:
    me = await on.bot.rest("GET", "/users/me")
    assert (me["id"], me["is_bot"], me["roles"]) == (on.bot.id, True, "system_user")
    assert [team["id"] for team in await on.bot.rest("GET", "/users/me/teams")] == [on.team["id"]]


async def test_channels_tell_when_the_last_message_came(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    said = await on.alice.say(channel["id"], "hello")
    listed = await on.bot.rest("GET", f"/users/me/teams/{on.team['id']}/channels")
    (mine,) = [one for one in listed if one["id"] == channel["id"]]
    assert mine["last_post_at"] >= said["create_at"]


async def test_a_direct_channel_is_the_same_each_time(on: Ground) -> None:
    first = await on.bot.rest("POST", "/channels/direct", [on.bot.id, on.alice.id])
    second = await on.bot.rest("POST", "/channels/direct", [on.alice.id, on.bot.id])
    assert (first["id"], first["type"]) == (second["id"], "D")


async def test_a_private_channel_is_not_there_for_others(on: Ground) -> None:
    channel = await on.channel("P")
    with pytest.raises(Refused) as refused:
        await on.alice.rest("GET", f"/channels/{channel['id']}")
    assert refused.value.status in (403, 404)


async def test_who_may_restore_a_channel(on: Ground) -> None:
    channel = await on.channel()
    await on.bot.rest("DELETE", f"/channels/{channel['id']}")
    assert (await on.bot.raw("POST", f"/channels/{channel['id']}/restore"))[0] == 403
    await on.admin.rest("POST", f"/channels/{channel['id']}/restore")
    assert (await on.bot.rest("GET", f"/channels/{channel['id']}"))["delete_at"] == 0


async def test_a_revoked_token_is_refused(on: Ground) -> None:
    for token in await on.admin.rest("GET", f"/users/{on.bot.id}/tokens"):
        await on.admin.rest("POST", "/users/tokens/revoke", {"token_id": token["id"]})
    assert (await on.bot.raw("GET", "/users/me"))[0] == 401


async def test_who_administers_a_channel_is_said_of_each_member_at_once(on: Ground) -> None:
    channel = await on.channel("P", on.alice.id)
    path = f"/channels/{channel['id']}/members/{on.alice.id}"
    for is_admin in (False, True, False):
        if (await on.bot.rest("GET", path))["scheme_admin"] != is_admin:
            body = {"scheme_user": True, "scheme_admin": is_admin}
            assert await on.bot.rest("PUT", f"{path}/schemeRoles", body) == {"status": "OK"}
        member = await on.bot.rest("GET", path)
        assert (member["scheme_admin"], "channel_admin" in member["roles"].split()) == (is_admin, is_admin)


async def test_who_opens_a_channel_administers_it_and_who_is_not_in_it_is_no_member(on: Ground) -> None:
    name = f"c-{secrets.token_hex(4)}"
    body = {"team_id": on.team["id"], "name": name, "display_name": name, "type": "O"}
    channel = await on.alice.rest("POST", "/channels", body)
    await on.alice.rest("POST", f"/channels/{channel['id']}/members", {"user_id": on.bot.id})
    assert (await on.bot.rest("GET", f"/channels/{channel['id']}/members/{on.alice.id}"))["scheme_admin"]
    assert not (await on.bot.rest("GET", f"/channels/{channel['id']}/members/{on.bot.id}"))["scheme_admin"]
    assert (await on.bot.raw("GET", f"/channels/{channel['id']}/members/{on.bob.id}"))[0] == 404


async def test_who_is_in_a_team_is_said_of_those_who_are_at_once(on: Ground) -> None:
    name = f"out-{secrets.token_hex(3)}"
    async with await person(on.admin, on.url, None, name) as outsider:
        path, asked = f"/teams/{on.team['id']}/members/ids", [on.alice.id, on.bob.id, outsider.id, "z" * 26]
        assert {one["user_id"] for one in await on.bot.rest("POST", path, asked)} == {on.alice.id, on.bob.id}
        await on.admin.rest("DELETE", f"/teams/{on.team['id']}/members/{on.bob.id}")
        body = {"team_id": on.team["id"], "user_id": outsider.id}
        await on.admin.rest("POST", f"/teams/{on.team['id']}/members", body)
        found = await on.bot.rest("POST", path, asked)
        assert {one["user_id"] for one in found} == {on.alice.id, outsider.id}
        assert {one["team_id"] for one in found} == {on.team["id"]}


async def test_a_deactivated_person_stays_in_the_team_so_the_account_is_looked_at_too(on: Ground) -> None:
    await on.admin.rest("PUT", f"/users/{on.bob.id}/active", {"active": False})
    found = await on.bot.rest("POST", f"/teams/{on.team['id']}/members/ids", [on.bob.id])
    assert [one["user_id"] for one in found] == [on.bob.id]
    (bob,) = await on.bot.rest("POST", "/users/ids", [on.bob.id])
    assert bob["delete_at"] > 0
    await on.admin.rest("PUT", f"/users/{on.bob.id}/active", {"active": True})


async def test_of_a_team_that_the_bot_is_not_in_it_is_told_nothing(on: Ground) -> None:
    name = f"con-{secrets.token_hex(3)}"
    other = await on.admin.rest("POST", "/teams", {"name": name, "display_name": name, "type": "O"})
    status, _ = await on.bot.raw("POST", f"/teams/{other['id']}/members/ids", [on.admin.id])
    assert status == 403


async def test_an_unlicensed_server_has_no_groups(on: Ground) -> None:
    with pytest.raises(Refused) as refused:
        await on.bot.rest("GET", "/groups", q="sre", filter_allow_reference="true")
    assert refused.value.status == 501


async def test_a_category_is_no_change_where_the_server_does_not_sort_channels(on: Ground) -> None:
    channel = await on.channel()
    status, said = await on.bot.raw("PUT", f"/channels/{channel['id']}/patch", {"default_category_name": "Incidents"})
    if status == 200:
        assert said.get("default_category_name") != "Incidents"
    else:
        assert (status, said["id"]) == (400, "api.channel.patch_update_channel.no_changes.app_error")
