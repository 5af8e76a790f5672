"""Slash commands: what the integration is sent, what its answer does, late answers."""

import json

import pytest
from sandbox_people import Integration, Stage, staged


async def test_the_request_is_a_form_with_a_token(stage: Stage, integration: Integration) -> None:
    """All fields are there, mentions only when there are any, root_id only on 11.6."""
    command = await stage.command(integration.url + "/cmd")
    text = "do @bob  x ~town-square\nnext"
    assert (await stage.run(stage.alice, f"/RUN {text}")).status == 200
    form, headers = integration.bodies[0], integration.headers[0]
    assert headers["Authorization"] == f"Token {command['token']}"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["User-Agent"] == "Mattermost-Bot/1.1"
    assert (form["command"], form["text"], form["token"]) == ("/RUN", text, command["token"])
    assert (form["user_name"], form["team_domain"], form["channel_name"]) == ("alice", "team1", "run-1")
    assert (form["user_mentions"], form["user_mentions_ids"]) == ("bob", stage.bob.id)
    assert form["channel_mentions"] == "town-square"
    assert form["response_url"].startswith(stage.mm.url + "/hooks/commands/")
    assert ("root_id" in form) is (stage.major == 11)
    assert list(form) == sorted(form)


async def test_an_answer_to_the_channel_is_the_askers_post(stage: Stage, integration: Integration) -> None:
    """It is marked as from a webhook; the echo shows what the buttons call."""
    await stage.command(integration.url)
    action = {"id": "b", "type": "button", "name": "B", "integration": {"url": "http://x.test", "context": {"s": 1}}}
    attachments = [{"actions": [action]}]
    integration.answer = {"response_type": "in_channel", "text": "see <http://x.test|x>", "attachments": attachments}
    async with stage.bot.listen() as ears:
        echo = (await stage.run(stage.alice, "/run")).body
        posted = json.loads((await ears.next("posted"))["data"]["post"])
    assert posted["user_id"] == stage.alice.id
    assert (posted["type"], posted["message"]) == ("slack_attachment", "see [x](http://x.test)")
    assert posted["props"]["from_webhook"] == "true"
    assert "integration" not in json.dumps(posted)
    assert echo["attachments"][0]["actions"][0]["integration"]["context"] == {"s": 1}
    assert len(echo["trigger_id"]) == 26


async def test_an_answer_for_the_asker_alone(stage: Stage, integration: Integration) -> None:
    """Plain text and JSON without a type are shown to the asker; the thread is kept."""
    await stage.command(integration.url)
    root = await stage.alice.say(stage.channel["id"], "root")
    integration.answer, integration.content_type = "plain words", "text/plain"
    async with stage.alice.listen() as ears:
        await stage.run(stage.alice, "/run", root_id=root["id"])
        shown = json.loads((await ears.next("ephemeral_message"))["data"]["post"])
    assert (shown["message"], shown["root_id"]) == ("plain words", root["id"])
    assert [row.message for row in stage.mm.posts("run-1")] == ["root"]


async def test_silent_answers(stage: Stage, integration: Integration) -> None:
    """An empty object, empty text and an unknown type show nothing."""
    await stage.command(integration.url)
    async with stage.alice.listen() as ears:
        odd = {"response_type": "odd", "text": "x"}
        for answer, kind in (({}, "json"), ("", "plain"), (odd, "json")):
            integration.answer = answer
            integration.content_type = "text/plain" if kind == "plain" else "application/json"
            assert (await stage.run(stage.alice, "/run")).status == 200
        events = {row["event"] for row in await ears.ping()}
    assert not events & {"posted", "ephemeral_message"}


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (201, {}, "failed_resp"),
        (500, {}, "failed_resp"),
        (200, "", "failed"),
        (200, "{bad", "failed"),
        (200, {"text": 5}, "failed"),
        (200, {"text": "x", "response_type": "in_channel", "type": "system_x"}, "failed"),
        (200, {"text": "x" * 16384, "response_type": "in_channel"}, "failed"),
        (200, {"text": "x" * 1_200_000}, "failed"),
    ],
)
async def test_bad_answers(stage: Stage, integration: Integration, status: int, answer: object, error: str) -> None:
    """Everything but 200 with something readable is an error for the asker."""
    await stage.command(integration.url)
    integration.status, integration.answer = status, answer
    reply = await stage.run(stage.alice, "/run")
    assert (reply.status, reply.error) == (500, f"api.command.execute_command.{error}.app_error")


async def test_a_slow_or_unreachable_integration(version: str, integration: Integration) -> None:
    """The asker learns only that it failed; nothing is tried again."""
    async with staged(version, integration_timeout=0.05) as stage:
        await stage.command(integration.url)
        integration.wait = 1
        assert (await stage.run(stage.alice, "/run")).error.endswith("failed.app_error")
        assert len(integration.bodies) == 1
        await stage.command("http://127.0.0.1:1/", "gone")
        assert (await stage.run(stage.alice, "/gone")).status == 500


async def test_internal_addresses_can_be_forbidden(stage: Stage, integration: Integration) -> None:
    """Without an entry the loopback is not called; names are compared as they are written."""
    await stage.command(integration.url)
    local = integration.url.replace("127.0.0.1", "localhost")
    await stage.command(local, "named")
    for allowed, by_address, by_name in (("", 500, 500), ("localhost", 500, 200), ("127.0.0.0/8", 200, 200)):
        patch = {"ServiceSettings": {"AllowedUntrustedInternalConnections": allowed}}
        await stage.admin.put("/config/patch", patch)
        assert (await stage.run(stage.alice, "/run")).status == by_address
        assert (await stage.run(stage.alice, "/named")).status == by_name


async def test_a_redirect_is_followed_with_the_token(stage: Stage, integration: Integration) -> None:
    """The POST has become a GET without a body."""
    command = await stage.command(integration.url + "/moved")
    assert (await stage.run(stage.alice, "/run")).status == 200
    assert integration.headers[0][":method"] == "GET"
    assert integration.headers[0]["Authorization"] == f"Token {command['token']}"


async def test_late_answers(stage: Stage, integration: Integration) -> None:
    """Five in thirty minutes, without any login."""
    await stage.command(integration.url)
    await stage.run(stage.alice, "/run")
    path = "/hooks/commands/" + integration.bodies[0]["response_url"].rsplit("/", 1)[1]
    bad = await stage.nobody.call("POST", path, "{bad", headers={"Content-Type": "application/json"})
    assert bad.error == "web.command_webhook.parse.app_error"
    for number in range(4):
        body = {"text": str(number), "response_type": "in_channel"}
        reply = await stage.nobody.call("POST", path, body)
        assert (reply.status, reply.body) == (200, "ok")
    used_up = await stage.nobody.call("POST", path, {"text": "x"})
    assert (used_up.status, used_up.error) == (400, stage.mm.world.version.hook_used_up)
    assert [row.message for row in stage.mm.posts("run-1")] == ["0", "1", "2", "3"]
    await stage.run(stage.alice, "/run")
    path = "/hooks/commands/" + integration.bodies[1]["response_url"].rsplit("/", 1)[1]
    stage.mm.world.clock.advance(minutes=31)
    late = await stage.nobody.call("POST", path, {"text": "x"})
    assert (late.status, late.error) == (404, stage.mm.world.version.hook_missing)


async def test_registering(stage: Stage, integration: Integration) -> None:
    """One trigger per team, no built-in ones; 11.6 wants plain letters."""
    await stage.command(integration.url)
    body = {"team_id": stage.team["id"], "trigger": "run", "method": "P", "url": integration.url}
    for change, status, error in (
        ({}, 400, "api.command.duplicate_trigger.app_error"),
        ({"trigger": "join"}, 400, "api.command.duplicate_trigger.app_error"),
        ({"trigger": "/x"}, 400, "model.command.is_valid.trigger.app_error"),
        ({"trigger": "x", "method": "X"}, 400, "model.command.is_valid.method.app_error"),
        ({"trigger": "x", "url": "ftp://x"}, 400, "model.command.is_valid.url_http.app_error"),
        ({"trigger": "x", "auto_complete_hint": "h" * 1025}, 500, "app.command.createcommand.internal_error"),
    ):
        reply = await stage.admin.call("POST", "/commands", body | change)
        assert (reply.status, reply.error) == (status, error), change
    odd = await stage.admin.call("POST", "/commands", body | {"trigger": "é!"})
    assert odd.status == (400 if stage.major == 11 else 201)


async def test_changing_and_listing(stage: Stage, integration: Integration) -> None:
    """PUT replaces all but the token; members see commands without token and address."""
    command = await stage.command(integration.url)
    path = f"/commands/{command['id']}"
    listing = f"/commands?team_id={stage.team['id']}"
    assert (await stage.bot.call("GET", f"{listing}&custom_only=true")).status == 403
    assert [row["token"] for row in await stage.admin.get(f"{listing}&custom_only=true")] == [command["token"]]
    shown = [row for row in await stage.bot.get(listing) if row["trigger"] == "run"]
    assert (shown[0]["token"], shown[0]["url"]) == ("", "")
    changed = await stage.admin.put(path, command | {"url": "http://127.0.0.1/other"})
    assert changed["token"] == command["token"]
    mismatch = await stage.admin.call("PUT", path, command | {"team_id": "x"})
    assert mismatch.error == "api.command.team_mismatch.app_error"
    assert (await stage.bot.call("PUT", path, command)).error == "store.sql_command.save.get.app_error"
    assert (await stage.admin.put(f"{path}/regen_token"))["token"] != command["token"]
    await stage.admin.delete(path)
    assert (await stage.run(stage.alice, "/run")).status == 404


async def test_where_commands_run(stage: Stage, integration: Integration) -> None:
    """Not for outsiders; 11.6 refuses the archive; a talk needs a team."""
    await stage.command(integration.url)
    assert (await stage.run(stage.bob, "/run")).status == 403
    direct = await stage.alice.post("/channels/direct", [stage.alice.id, stage.bot.id])
    assert (await stage.run(stage.alice, "/run", channel_id=direct["id"])).status == 200
    assert (await stage.run(stage.alice, "/run", channel_id=direct["id"], team_id="")).status == 403
    await stage.bot.delete(f"/channels/{stage.channel['id']}")
    assert (await stage.run(stage.alice, "/run")).status == (400 if stage.major == 11 else 200)


async def test_incoming_webhooks(stage: Stage) -> None:
    """Alerts come in by them, as JSON or as a form."""
    square = await stage.admin.get(f"/teams/{stage.team['id']}/channels/name/town-square")
    hook = await stage.admin.post("/hooks/incoming", {"channel_id": square["id"], "display_name": "Alerts"})
    path = f"/hooks/{hook['id']}"
    reply = await stage.nobody.call("POST", path, {"text": "disk <http://x.test|full>"})
    assert (reply.status, reply.body) == (200, "ok")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    await stage.nobody.call("POST", path, 'payload={"text":"two","attachments":[{"text":"t"}]}', headers=form)
    first, second = stage.mm.posts("town-square")
    assert (first.message, first.props["from_webhook"]) == ("disk [full](http://x.test)", "true")
    assert second.type == "slack_attachment"
    assert (await stage.nobody.call("POST", path, {})).error == "web.incoming_webhook.text.app_error"
    assert (await stage.nobody.call("POST", "/hooks/" + "z" * 26, {"text": "x"})).status == 400


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello there", "hello there"),
        ("hello 0", "hello"),
        ('"hello 5"', "hello 5"),
        ('"say "it"" now', 'say "it"'),
        ("5", "5"),
    ],
)
async def test_echo_says_it_in_the_askers_name(stage: Stage, text: str, said: str) -> None:
    """It is the server's own command, and an ordinary post (server source: slashcommands/command_echo.go)."""
    async with stage.alice.listen() as ears:
        assert (await stage.run(stage.alice, f"/echo {text}")).status == 200
        posted = json.loads((await ears.next("posted"))["data"]["post"])
    assert (posted["message"], posted["user_id"], posted["type"]) == (said, stage.alice.id, "")


@pytest.mark.parametrize(("text", "words"), [("", "A message must be provided"), (" x 10001", "Delays must be under")])
async def test_echo_refuses_for_the_asker_alone(stage: Stage, text: str, words: str) -> None:
    async with stage.alice.listen() as ears:
        await stage.run(stage.alice, f"/echo{text}")
        shown = json.loads((await ears.next("ephemeral_message"))["data"]["post"])
    assert shown["message"].startswith(words)
