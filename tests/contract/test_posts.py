"""What Muster relies on in posts, on every server."""

import asyncio

import pytest
from ground import Ground

from sandbox.human import Refused


async def post(on: Ground, channel_id: str, message: str = "hello", **more: object) -> dict:
    return await on.bot.rest("POST", "/posts", {"channel_id": channel_id, "message": message, **more})


async def test_a_post_comes_back_whole_and_without_its_integrations(on: Ground) -> None:
    channel = await on.channel()
    made = await on.button(channel, "/a")
    assert made["user_id"] == on.bot.id
    assert made["props"]["from_bot"] == "true"
    (action,) = made["props"]["attachments"][0]["actions"]
    assert action["id"] == "b1"
    assert "integration" not in action
    again = await on.bot.rest("GET", f"/posts/{made['id']}")
    assert "integration" not in again["props"]["attachments"][0]["actions"][0]


async def test_the_same_pending_id_gives_the_first_post_again(on: Ground) -> None:
    channel = await on.channel()
    first = await post(on, channel["id"], pending_post_id=f"pp:{channel['id']}")
    second = await post(on, channel["id"], "other", pending_post_id=f"pp:{channel['id']}")
    assert second["id"] == first["id"]
    listed = await on.bot.rest("GET", f"/channels/{channel['id']}/posts")
    assert sum(one["message"] in ("hello", "other") for one in listed["posts"].values()) == 1


async def test_the_longest_message_passes_and_a_longer_one_is_refused(on: Ground) -> None:
    channel = await on.channel()
    assert len((await post(on, channel["id"], "x" * 16383))["message"]) == 16383
    with pytest.raises(Refused) as refused:
        await post(on, channel["id"], "x" * 16384)
    assert refused.value.status == 400
    assert refused.value.id in ("model.post.is_valid.msg.app_error", "model.post.is_valid.message_length.app_error")


async def test_props_of_8000_characters_are_the_limit_of_old_servers(on: Ground) -> None:
    channel = await on.channel()
    large = {"attachments": [{"text": "x" * 9000}]}
    if on.is_old:
        with pytest.raises(Refused) as refused:
            await post(on, channel["id"], props=large)
        assert refused.value.id == "model.post.is_valid.props.app_error"
    else:
        assert (await post(on, channel["id"], props=large))["props"]["attachments"][0]["text"] == "x" * 9000


async def test_an_unknown_channel_a_reply_to_a_reply_and_an_unknown_root_are_refused(on: Ground) -> None:
    channel = await on.channel()
    root = await post(on, channel["id"])
    reply = await post(on, channel["id"], root_id=root["id"])
    for status, body in (
        (403, {"channel_id": "a" * 26}),
        (400, {"channel_id": channel["id"], "root_id": reply["id"]}),
        (400, {"channel_id": channel["id"], "root_id": "b" * 26}),
    ):
        with pytest.raises(Refused) as refused:
            await on.bot.rest("POST", "/posts", {"message": "m", **body})
        assert refused.value.status == status, body


async def test_a_patch_of_props_replaces_them_all_and_one_of_the_message_keeps_them(on: Ground) -> None:
    channel = await on.channel()
    made = await post(on, channel["id"], props={"a": 1})
    renamed = await on.bot.rest("PUT", f"/posts/{made['id']}/patch", {"message": "new"})
    assert (renamed["message"], renamed["props"].get("a")) == ("new", 1)
    replaced = await on.bot.rest("PUT", f"/posts/{made['id']}/patch", {"props": {"b": 2}})
    assert replaced["props"] == {"b": 2}
    assert replaced["edit_at"] >= 0


async def test_since_gives_what_changed_with_rows_of_its_history(on: Ground) -> None:
    channel = await on.channel()
    made = await post(on, channel["id"])
    await on.bot.rest("PUT", f"/posts/{made['id']}/patch", {"message": "new"})
    listed = await on.bot.rest("GET", f"/channels/{channel['id']}/posts", since=str(made["create_at"] - 1))
    rows = list(listed["posts"].values())
    assert any(row["id"] == made["id"] and row["message"] == "new" for row in rows)
    assert any(row["original_id"] == made["id"] and row["delete_at"] > 0 for row in rows)


async def test_a_deleted_post_is_gone_and_cannot_be_edited(on: Ground) -> None:
    channel = await on.channel()
    made = await post(on, channel["id"])
    assert await on.bot.rest("DELETE", f"/posts/{made['id']}") == {"status": "OK"}
    assert (await on.bot.raw("GET", f"/posts/{made['id']}"))[0] == 404
    status, _ = await on.bot.raw("PUT", f"/posts/{made['id']}/patch", {"message": "x"})
    assert status in (403, 404)


async def test_an_archived_channel_takes_no_posts_but_can_be_read(on: Ground) -> None:
    channel = await on.channel()
    made = await post(on, channel["id"])
    await on.bot.rest("DELETE", f"/channels/{channel['id']}")
    with pytest.raises(Refused) as refused:
        await post(on, channel["id"])
    assert (refused.value.status, refused.value.id) == (
        400,
        "api.post.create_post.can_not_post_to_deleted.error",
    )
    assert (await on.bot.rest("GET", f"/posts/{made['id']}"))["message"] == "hello"


async def test_a_post_has_the_files_that_were_uploaded_and_each_file_one_post(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    file = await on.bot.upload(channel["id"], "figures ü.md", b"# Figures")
    made = await post(on, channel["id"], file_ids=[file["id"]])
    assert [one["name"] for one in made["metadata"]["files"]] == ["figures ü.md"]
    assert (await on.alice.rest("GET", f"/files/{file['id']}")) == "# Figures"
    edited = await on.bot.rest("PUT", f"/posts/{made['id']}/patch", {"message": "new"})
    assert edited["file_ids"] == [file["id"]]
    again = await post(on, channel["id"], file_ids=[file["id"]])
    assert not again.get("file_ids")


async def test_a_file_that_somebody_sends_the_bot_can_be_read_by_it(on: Ground) -> None:
    direct = await on.alice.rest("POST", "/channels/direct", [on.alice.id, on.bot.id])
    file = await on.alice.upload(direct["id"], "drill.json", b'{"title": "Drill"}')
    made = await on.alice.rest(
        "POST", "/posts", {"channel_id": direct["id"], "message": "import", "file_ids": [file["id"]]}
    )
    assert made["file_ids"] == [file["id"]]
    info = await on.bot.rest("GET", f"/files/{file['id']}/info")
    assert (info["name"], info["size"]) == ("drill.json", 18)
    assert await on.bot.rest("GET", f"/files/{file['id']}") == {"title": "Drill"}


async def test_five_files_are_the_most_that_a_post_can_have_everywhere(on: Ground) -> None:
    channel = await on.channel()
    ids = [(await on.bot.upload(channel["id"], f"{n}.md", b"x"))["id"] for n in range(11)]
    assert len((await post(on, channel["id"], file_ids=ids[:5]))["file_ids"]) == 5
    with pytest.raises(Refused) as refused:
        await post(on, channel["id"], file_ids=ids)
    assert refused.value.id == "model.post.is_valid.file_ids.app_error"


async def test_a_file_is_refused_that_is_empty_or_for_a_channel_of_others(on: Ground) -> None:
    channel = await on.channel()
    for status, place_id, content in ((400, channel["id"], b""), (403, "a" * 26, b"x")):
        with pytest.raises(Refused) as refused:
            await on.bot.upload(place_id, "a.md", content)
        assert refused.value.status == status


async def test_the_client_configuration_tells_how_large_a_file_may_be(on: Ground) -> None:
    config = await on.bot.rest("GET", "/config/client", format="old")
    assert int(config["MaxFileSize"]) > 1_000_000
    assert config["EnableFileAttachments"] == "true"


async def test_pinning_and_the_list_of_pins(on: Ground) -> None:
    channel = await on.channel()
    made = await post(on, channel["id"])
    assert await on.bot.rest("POST", f"/posts/{made['id']}/pin") == {"status": "OK"}
    assert made["id"] in (await on.bot.rest("GET", f"/channels/{channel['id']}/pinned"))["posts"]


async def test_a_plain_bot_may_not_post_ephemerally(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    status, body = await on.bot.raw(
        "POST", "/posts/ephemeral", {"user_id": on.alice.id, "post": {"channel_id": channel["id"], "message": "m"}}
    )
    assert (status, body["id"]) == (403, "api.context.permissions.app_error")


async def test_an_error_is_json_with_an_id(on: Ground) -> None:
    status, body = await on.bot.raw("GET", "/channels/zzz")
    assert status == 400
    assert {"id", "message", "detailed_error", "request_id", "status_code"} <= set(body)
    wrong = type(on.bot)(on.url, on.bot.id, on.bot.username, "wrong", on.bot.session)
    status, body = await wrong.raw("GET", "/users/me")
    assert (status, body["id"]) == (401, "api.context.session_expired.app_error")


async def test_many_posts_at_once_all_stand(on: Ground) -> None:
    channel = await on.channel()
    made = await asyncio.gather(
        *(post(on, channel["id"], f"m{n}", pending_post_id=f"{channel['id']}:{n}") for n in range(8))
    )
    assert len({one["id"] for one in made}) == 8
