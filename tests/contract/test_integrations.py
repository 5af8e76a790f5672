"""What Muster relies on in slash commands, buttons and dialogs, on every server."""

import pytest
from ground import Ground

from sandbox.human import Refused

FIELD = {"display_name": "N", "name": "n", "type": "text", "optional": True}


async def run(on: Ground, command: dict, channel: dict, text: str = "") -> dict:
    body = {"channel_id": channel["id"], "team_id": on.team["id"], "command": f"/{command['trigger']} {text}".strip()}
    return await on.alice.rest("POST", "/commands/execute", body)


async def press(on: Ground, post: dict, **body: str) -> dict:
    return await on.alice.rest("POST", f"/posts/{post['id']}/actions/b1", body)


async def test_a_command_is_sent_as_a_form_with_its_token(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    command = await on.command("/c", {"response_type": "ephemeral", "text": "answer"})
    answer = await run(on, command, channel, f"do  @{on.bob.username}  x")
    call = on.integration.calls[-1]
    assert call.headers["Authorization"] == f"Token {command['token']}"
    assert call.form["token"] == command["token"]
    assert call.form["text"] == f"do  @{on.bob.username}  x"
    assert (call.form["user_id"], call.form["channel_id"]) == (on.alice.id, channel["id"])
    assert call.form["team_id"] == on.team["id"]
    assert call.form["user_mentions"] == on.bob.username
    assert call.form["trigger_id"]
    assert answer["text"] == "answer"


async def test_a_private_answer_to_a_command_is_an_ephemeral_post_with_its_cards(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    body = {
        "response_type": "ephemeral",
        "text": "only you",
        "attachments": [{"text": "card"}],
        "skip_slack_parsing": True,
    }
    await run(on, await on.command("/c", body), channel)
    await on.alice.sees("only you", "card", where=channel["id"])


async def test_a_command_whose_integration_fails_is_an_error_for_the_asker(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    command = await on.command("/c", status=500, text="x")
    with pytest.raises(Refused) as refused:
        await run(on, command, channel)
    assert refused.value.status == 500


async def test_a_trigger_can_be_held_once_in_a_team(on: Ground) -> None:
    command = await on.command("/c")
    with pytest.raises(Refused) as refused:
        await on.admin.rest(
            "POST",
            "/commands",
            {"team_id": on.team["id"], "trigger": command["trigger"], "method": "P", "url": on.integration.url},
        )
    assert refused.value.id == "api.command.duplicate_trigger.app_error"


async def test_a_plain_bot_may_not_register_commands(on: Ground) -> None:
    status, _ = await on.bot.raw(
        "POST", "/commands", {"team_id": on.team["id"], "trigger": "zz", "method": "P", "url": on.integration.url}
    )
    assert status == 403


async def test_a_press_is_sent_with_who_where_and_the_context(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    post = await on.button(channel, "/a")
    await press(on, post)
    call = on.integration.calls[-1].json
    assert call["user_id"] == on.alice.id
    assert (call["channel_id"], call["post_id"]) == (channel["id"], post["id"])
    assert call["context"] == {"k": "v"}
    assert call["trigger_id"]


async def test_a_choice_from_a_menu_comes_in_the_context(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    post = await on.button(channel, "/a", kind="select")
    await press(on, post, selected_option="two")
    assert on.integration.calls[-1].json["context"] == {"k": "v", "selected_option": "two"}


async def test_an_update_in_the_reply_changes_the_pressed_post(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    update = {"message": "new", "props": {"attachments": [{"text": "changed"}], "muster": {"rev": 2}}}
    post = await on.button(channel, "/a", {"update": update})
    await press(on, post)
    changed = await on.alice.sees("new", "changed", where=channel["id"])
    assert changed["id"] == post["id"]
    assert changed["props"]["muster"] == {"rev": 2}


async def test_new_buttons_of_an_update_work(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    again = {"id": "b1", "type": "button", "name": "Again"}
    again["integration"] = {"url": on.integration.answer("/b"), "context": {"n": 2}}
    props = {"attachments": [{"text": "t", "actions": [again]}]}
    post = await on.button(channel, "/a", {"update": {"message": "", "props": props}})
    await press(on, post)
    await press(on, post)
    assert (on.integration.calls[-1].path, on.integration.calls[-1].json["context"]) == ("/b", {"n": 2})


async def test_a_press_whose_integration_fails_is_an_error_for_the_presser(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    with pytest.raises(Refused) as refused:
        await press(on, await on.button(channel, "/a", status=500, text=""))
    assert refused.value.status == 400


async def test_after_a_patch_without_integrations_a_press_finds_nothing_on_new_servers(on: Ground) -> None:
    if on.is_old:
        return  # An old server drops the connection there; Muster always sends complete attachments.
    channel = await on.channel("O", on.alice.id)
    post = await on.button(channel, "/a")
    await on.bot.rest("PUT", f"/posts/{post['id']}/patch", {"props": post["props"]})
    with pytest.raises(Refused) as refused:
        await press(on, post)
    assert refused.value.status == 404


async def test_a_dialog_opened_with_the_presss_trigger_is_shown_to_the_presser_alone(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id, on.bob.id)
    await press(on, await on.button(channel, "/a"))
    url = on.integration.answer("/d", {"errors": {"n": "not this"}})
    dialog = {"callback_id": "cb", "title": "T", "introduction_text": "**i**", "elements": [FIELD], "state": "st"}
    trigger = on.integration.calls[-1].json["trigger_id"]
    await on.bot.rest("POST", "/actions/dialogs/open", {"trigger_id": trigger, "url": url, "dialog": dialog})
    shown = await on.alice.dialog()
    assert shown["dialog"]["state"] == "st"
    assert on.bob.dialogs == []
    assert await on.alice.submit(shown, channel["id"], n="v") == {"errors": {"n": "not this"}}
    call = on.integration.calls[-1].json
    assert (call["user_id"], call["state"], call["submission"]) == (on.alice.id, "st", {"n": "v"})
    assert call["type"] == "dialog_submission"


async def test_a_dialog_without_fields_can_be_opened_and_closed(on: Ground) -> None:
    channel = await on.channel("O", on.alice.id)
    await press(on, await on.button(channel, "/a"))
    dialog = {"callback_id": "cb", "title": "T", "introduction_text": "why not", "state": "st", "elements": []}
    trigger = on.integration.calls[-1].json["trigger_id"]
    url = on.integration.answer("/d")
    await on.bot.rest("POST", "/actions/dialogs/open", {"trigger_id": trigger, "url": url, "dialog": dialog})
    assert await on.alice.submit_at_desk(await on.alice.dialog(), channel["id"]) == {}


async def test_a_dialogs_place_is_what_the_client_says_and_may_be_another_one_than_that_of_the_press(
    on: Ground,
) -> None:
    channel, other = await on.channel("O", on.alice.id), await on.channel("O", on.alice.id)
    await press(on, await on.button(channel, "/a"))
    pressed = on.integration.calls[-1].json
    assert (pressed["channel_id"], pressed["team_id"]) == (channel["id"], on.team["id"])
    dialog = {"callback_id": "cb", "title": "T", "introduction_text": "i", "state": "st", "elements": [FIELD]}
    url = on.integration.answer("/d")
    request = {"trigger_id": pressed["trigger_id"], "url": url, "dialog": dialog}
    await on.bot.rest("POST", "/actions/dialogs/open", request)
    shown = await on.alice.dialog()
    assert await on.alice.submit(shown, other["id"]) == {}
    assert on.integration.calls[-1].json["channel_id"] == other["id"]
    with pytest.raises(Refused):
        await on.alice.submit(shown, "")


async def test_a_made_up_trigger_opens_nothing(on: Ground) -> None:
    status, body = await on.bot.raw(
        "POST",
        "/actions/dialogs/open",
        {"trigger_id": "bm9uc2Vuc2U=", "url": on.integration.url, "dialog": {"callback_id": "c", "title": "T"}},
    )
    assert status == 400
    assert body["id"].startswith("interactive_message.decode_trigger_id")


async def test_the_bot_can_write_to_itself_and_press_there(on: Ground) -> None:
    channel = await on.bot.rest("POST", "/channels/direct", [on.bot.id, on.bot.id])
    post = await on.button(channel, "/a")
    await on.bot.rest("POST", f"/posts/{post['id']}/actions/b1", {})
    assert on.integration.calls[-1].json["user_id"] == on.bot.id
