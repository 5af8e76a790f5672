"""Buttons, menus and dialogs: requests, answers, cookies, triggers."""

import base64
import json
from typing import Any

import pytest
from sandbox_people import Integration, Reply, Stage


async def _click(stage: Stage, post: Any, action: str = "btn1", **body: Any) -> Reply:
    return await stage.alice.call("POST", f"/posts/{post['id']}/actions/{action}", body)


async def test_the_request_of_a_click(stage: Stage, integration: Integration) -> None:
    """The integration gets the hidden context; a menu adds what was chosen."""
    post = await stage.button(integration.url)
    assert (await _click(stage, post)).body["status"] == "OK"
    assert (await _click(stage, post, "sel1", selected_option="1")).status == 200
    pressed, chosen = integration.bodies
    assert pressed["context"] == {"secret": "S"}
    assert chosen["context"] == {"secret": "S", "selected_option": "1"}
    assert (pressed["user_id"], pressed["user_name"]) == (stage.alice.id, "alice")
    assert (pressed["team_domain"], pressed["channel_name"], pressed["type"]) == ("team1", "run-1", "button")
    assert "Authorization" not in integration.headers[0]
    keys = "user_id user_name channel_id channel_name team_id team_domain post_id trigger_id type data_source context"
    assert list(pressed) == keys.split()


async def test_an_update_replaces_message_and_props(stage: Stage, integration: Integration) -> None:
    """Without props the buttons stay, without a message it becomes empty."""
    post = await stage.button(integration.url)
    for update, message, buttons in (
        ({"message": "one"}, "one", True),
        ({}, "", True),
        ({"message": "two", "props": {}}, "two", False),
    ):
        integration.answer = {"update": update}
        if not buttons:
            assert (await stage.bot.get(f"/posts/{post['id']}"))["props"]["attachments"]
        assert (await _click(stage, post)).status == 200
        now = await stage.bot.get(f"/posts/{post['id']}")
        assert (now["message"], "attachments" in now["props"]) == (message, buttons)
    assert "from_bot" not in now["props"]
    gone = await _click(stage, post)
    assert (gone.status, gone.error) == (404, "api.post.do_action.action_id.app_error")


async def test_an_ephemeral_answer_goes_into_the_thread(stage: Stage, integration: Integration) -> None:
    """Also for a click on the root, where 11.6 clients do not show it in the channel."""
    post = await stage.button(integration.url)
    integration.answer = {"ephemeral_text": "psst"}
    async with stage.alice.listen() as ears:
        await _click(stage, post)
        shown = json.loads((await ears.next("ephemeral_message"))["data"]["post"])
    assert (shown["root_id"], shown["user_id"]) == (post["id"], stage.alice.id)


@pytest.mark.parametrize(("status", "answer"), [(201, {}), (500, {}), (200, "{bad"), (200, [1])])
async def test_bad_answers_to_a_click(stage: Stage, integration: Integration, status: int, answer: Any) -> None:
    """The clicker sees one generic error."""
    post = await stage.button(integration.url)
    integration.status, integration.answer = status, answer
    reply = await _click(stage, post)
    assert (reply.status, reply.error) == (400, "api.post.do_action.action_integration.app_error")


async def test_empty_and_huge_answers_to_a_click(stage: Stage, integration: Integration) -> None:
    """Empty is fine on newer servers, more than a mebibyte on older ones."""
    post = await stage.button(integration.url)
    integration.answer = ""
    assert (await _click(stage, post)).status == (200 if stage.modern else 400)
    integration.answer = {"x": "x" * 1_200_000}
    assert (await _click(stage, post)).status == (400 if stage.major == 11 else 200)


async def test_who_and_what_can_be_clicked(stage: Stage, integration: Integration) -> None:
    """Outsiders cannot; an id with a dash is stored and leads nowhere."""
    post = await stage.button(integration.url)
    path = f"/posts/{post['id']}/actions"
    assert (await stage.bob.call("POST", f"{path}/btn1", {})).status == 403
    assert (await stage.alice.call("POST", f"{path}/no-such", {})).status == 404
    assert (await stage.alice.call("POST", f"/posts/{'z' * 26}/actions/btn1", {})).status == 403


async def test_buttons_of_ephemeral_posts_carry_a_cookie(stage: Stage, integration: Integration) -> None:
    """It is needed, fits only its post, and an update finds no post."""
    action = {"id": "b", "type": "button", "name": "B", "integration": {"url": integration.url, "context": {"k": 1}}}
    inner = {"channel_id": stage.channel["id"], "message": "e", "props": {"attachments": [{"actions": [action]}]}}
    async with stage.alice.listen() as ears:
        await stage.admin.post("/posts/ephemeral", {"user_id": stage.alice.id, "post": inner})
        shown = json.loads((await ears.next("ephemeral_message"))["data"]["post"])
    [button] = shown["props"]["attachments"][0]["actions"]
    assert "integration" not in button
    assert (await _click(stage, shown, "b", cookie=button["cookie"])).status == 200
    assert integration.bodies[0]["context"] == {"k": 1}
    assert (await _click(stage, shown, "b")).status == 403
    assert (await _click(stage, shown, "b", cookie="bad")).status == 400
    other = await stage.button(integration.url)
    assert (await _click(stage, other, "b", cookie=button["cookie"])).status == 400
    integration.answer = {"update": {"message": "x"}}
    reply = await _click(stage, shown, "b", cookie=button["cookie"])
    assert (reply.status, reply.error) == (404, "app.post.get.app_error")


async def _trigger(stage: Stage, integration: Integration) -> str:
    await _click(stage, await stage.button(integration.url))
    return str(integration.bodies[-1]["trigger_id"])


async def test_a_dialog_opens_for_the_clicker_alone(stage: Stage, integration: Integration) -> None:
    """No login is needed; the client gets its own short trigger id."""
    trigger = await _trigger(stage, integration)
    element = {"name": "n", "type": "text", "multiselect": True}
    body = {"trigger_id": trigger, "url": integration.url, "dialog": {"title": "T", "elements": [element]}}
    async with stage.alice.listen() as alice, stage.bob.listen() as bob:
        assert await stage.nobody.post("/actions/dialogs/open", body) == {"status": "OK"}
        shown = json.loads((await alice.next("open_dialog"))["data"]["dialog"])
        assert "open_dialog" not in [row["event"] for row in await bob.ping()]
    assert len(shown["trigger_id"]) == 26
    assert ("multiselect" in shown["dialog"]["elements"][0]) is (stage.major == 11)


async def test_triggers_expire_and_are_checked(stage: Stage, integration: Integration) -> None:
    """They can be used again while they live: three seconds on 5.37, thirty on newer servers."""
    trigger = await _trigger(stage, integration)
    body = {"trigger_id": trigger, "url": integration.url, "dialog": {"title": "T"}}
    life = stage.mm.world.version.trigger_seconds
    stage.mm.world.clock.advance(seconds=life - 1)
    for _ in range(2):
        assert (await stage.nobody.call("POST", "/actions/dialogs/open", body)).status == 200
    decoded = base64.b64decode(trigger).decode()
    forged = base64.b64encode(decoded.replace(stage.alice.id, stage.bob.id).encode()).decode()
    for bad, error in (("!", "base64_decode_failed"), ("eA==", "missing_data"), (forged, "verify_signature_failed")):
        reply = await stage.nobody.call("POST", "/actions/dialogs/open", body | {"trigger_id": bad})
        assert reply.error == f"interactive_message.decode_trigger_id.{error}"
    stage.mm.world.clock.advance(seconds=2)
    reply = await stage.nobody.call("POST", "/actions/dialogs/open", body)
    assert reply.error == "interactive_message.decode_trigger_id.expired"
    assert f"maximum of {life}" in reply.body["message"]
    wrong = body | {"dialog": {"elements": [{"default": True}]}}
    assert (await stage.nobody.call("POST", "/actions/dialogs/open", wrong)).status == 400


def _submission(stage: Stage, integration: Integration, **change: Any) -> dict[str, Any]:
    place = {"channel_id": stage.channel["id"], "team_id": stage.team["id"]}
    values = {"submission": {"n": "v", "b": True, "x": None}}
    return {"url": integration.url, "callback_id": "cb", "state": "st"} | place | values | change


async def test_a_submission_names_who_is_logged_in(stage: Stage, integration: Integration) -> None:
    """Whatever user the client claims; other keys are dropped."""
    body = _submission(stage, integration, user_id=stage.bob.id, extra=1)
    assert (await stage.alice.call("POST", "/actions/dialogs/submit", body)).body == {}
    assert integration.bodies[0] == {
        "type": "dialog_submission",
        "callback_id": "cb",
        "state": "st",
        "user_id": stage.alice.id,
        "channel_id": stage.channel["id"],
        "team_id": stage.team["id"],
        "submission": {"b": True, "n": "v", "x": None},
        "cancelled": False,
    }


async def test_answers_to_a_submission(stage: Stage, integration: Integration) -> None:
    """Errors keep the dialog open; garbage closes it on older servers and fails on 11.6."""
    newest = stage.major == 11
    form = {"type": "form", "form": {"title": "Next"}}
    for answer, status, key in (
        ({"errors": {"n": "bad"}}, 200, "errors"),
        ({"error": "general"}, 200, "error"),
        ("garbage", 500 if newest else 200, "id" if newest else None),
        ("", 200, None),
        (form, 200, "form" if newest else None),
        ({"type": "odd"}, 400 if newest else 200, "id" if newest else None),
    ):
        integration.answer = answer
        reply = await stage.alice.call("POST", "/actions/dialogs/submit", _submission(stage, integration))
        assert reply.status == status, answer
        assert key in reply.body if key else reply.body == {}, answer
    integration.status = 500
    reply = await stage.alice.call("POST", "/actions/dialogs/submit", _submission(stage, integration))
    assert reply.error == "api.post.do_action.action_integration.app_error"


async def test_where_dialogs_can_be_submitted(stage: Stage, integration: Integration) -> None:
    """Team and channel must be readable, also in direct conversations."""
    for change, status in (({"team_id": ""}, 403), ({"channel_id": ""}, 404 if stage.modern else 403)):
        body = _submission(stage, integration, **change)
        assert (await stage.alice.call("POST", "/actions/dialogs/submit", body)).status == status
    body = _submission(stage, integration)
    assert (await stage.bob.call("POST", "/actions/dialogs/submit", body)).status == 403


async def test_a_menu_that_is_looked_up(stage: Stage, integration: Integration) -> None:
    """Only 11.6 asks the integration while somebody types."""
    integration.answer = {"items": [{"text": "a", "value": "b"}]}
    body = _submission(stage, integration, submission={"query": "q", "selected_field": "n"})
    reply = await stage.alice.call("POST", "/actions/dialogs/lookup", body)
    if stage.major < 11:
        assert reply.status == 404
        return
    assert reply.body == {"items": [{"text": "a", "value": "b"}]}
    assert integration.bodies[0]["type"] == "dialog_lookup"
