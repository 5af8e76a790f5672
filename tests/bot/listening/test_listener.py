"""What the bot hears, whatever the socket does."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.listening.websocket import TokenRefused
from handlers.events import (
    MessageHeard,
    PersonJoined,
    PersonLeft,
    PlaceChanged,
    PlaceClosed,
    PlaceReopened,
    PostDeleted,
    ReactionAdded,
    TeamLeft,
)
from store import Follower, KnownPerson, Message, Store
from tests.listening import IN_TIME, QUICK, Desk, Scene, Words, scene

ALL_VERSIONS = pytest.mark.parametrize("version", ["5.37", "10.0", "11.6"])


async def test_a_message_with_a_keyword_is_heard_with_its_author_and_place():
    """Who, where, which playbooks, and who is named: all of it is known before the handler is called."""
    async with scene() as here, here.listening():
        said = await here.say("we have an outage, @admin and @nobody")
        await here.desk.hears("we have an outage, @admin and @nobody")
        heard = here.desk.events[0]
        assert isinstance(heard, MessageHeard)
        assert heard.post_id == said["id"]
        assert heard.author.username == "alice"
        assert (heard.place.name, heard.place.team_id, heard.place.kind) == ("general", here.team_id, "O")
        assert [hit.keywords for hit in heard.hits] == [("outage",)]
        assert set(heard.named) == {"admin"}
        assert heard.command is None


async def test_a_message_that_concerns_nobody_only_moves_the_mark():
    """No event, no question about its author; the mark is stored when the bot stops."""
    async with scene() as here:
        async with here.listening():
            said = await here.say("good morning")
            await here.say("outage", "side")
            await here.desk.hears("outage")
        assert here.seen("POST", "/users/ids") == 1
        mark = await here.desk.ask(lambda store: store.place(here.channels["general"]).heard_until)
        assert mark == said["create_at"]


async def test_words_after_a_mention_at_the_start_are_a_command():
    """In any case of letters and with a colon; a mention further on, or of a longer name, is none."""
    async with scene() as here, here.listening():
        for text in ("no command @muster", "@muster-two run", "@Muster run checkout", " @muster: Help", "@muster"):
            await here.say(text)
        await here.desk.until(lambda events: len(events) == 3)
        assert [event.command for event in here.desk.events] == ["run checkout", "Help", ""]


async def test_any_text_in_a_direct_message_is_a_command():
    """The channel may be new to the bot."""
    async with scene() as here, here.listening():
        direct = await here.alice.post("/channels/direct", [here.alice_id, here.me.id])
        await here.say("what is going on?", direct["id"])
        await here.desk.until(lambda events: len(events) == 1)
        heard = here.desk.events[0]
        assert (heard.command, heard.place.kind, heard.place.team_id) == ("what is going on?", "D", "")


async def test_attachments_of_webhooks_are_heard_but_give_no_command():
    """An alert says what it has to say in its attachments; two bots cannot keep each other talking."""
    card = {"pretext": "Alert", "title": "db1", "text": "Outage", "fields": [{"title": "CPU", "value": 99}]}
    props = {"from_webhook": "true", "attachments": [card]}
    async with scene() as here, here.listening():
        await here.say("@muster run it", props={"from_webhook": "true"})
        await here.say("@muster run it", props=props)
        await here.desk.hears("@muster run it\nAlert\ndb1\nOutage\nCPU\n99")
        assert here.desk.events[0].command is None
        assert here.desk.events[0].hits


async def test_own_messages_and_the_servers_notes_are_not_heard():
    """A header that contains a keyword is no message, and the bot never listens to itself."""
    async with scene() as here, here.listening():
        await here.say("outage, says the bot", by=here.bot)
        await here.alice.put(f"/channels/{here.channels['general']}/patch", {"header": "outage"})
        await here.say("a real outage")
        await here.desk.hears("a real outage")


async def test_messages_of_a_channel_keep_their_order():
    """Also when many come at once."""
    texts = [f"outage {number}" for number in range(60)]
    async with scene() as here, here.listening():
        for text in texts:
            await here.say(text)
        await here.desk.hears(*texts)


@ALL_VERSIONS
async def test_an_aborted_socket_loses_nothing_and_repeats_nothing(version: str):
    """Servers resume the connection, or (5.37) know nothing of it; back within a second."""
    async with scene(version) as here, here.listening():
        await here.say("outage 1")
        await here.desk.hears("outage 1")
        begun = asyncio.get_running_loop().time()
        for number in range(2, 8):
            here.mm.faults.drop_sockets("muster")
            await here.say(f"outage {number}")
        await here.desk.hears(*(f"outage {number}" for number in range(1, 8)))
        assert asyncio.get_running_loop().time() - begun < 2
        assert here.desk.repeated == []


async def test_a_resumed_connection_needs_no_catch_up():
    """What the server kept for the old connection is enough."""
    async with scene() as here, here.listening() as listener:
        await here.say("outage 1")
        await here.desk.hears("outage 1")
        lists = here.seen("GET", "/users/me/teams")
        here.mm.faults.drop_sockets("muster")
        await here.say("outage 2")
        await here.desk.hears("outage 1", "outage 2")
        assert listener.line.connections == 2
        assert here.seen("GET", "/users/me/teams") == lists


async def test_old_events_after_a_fresh_hello_are_heard_once():
    """A server that refuses to resume may still send what it had kept, besides what catch-up finds."""
    async with scene() as here, here.listening() as listener:
        here.mm.faults.refuse_resume("muster")
        here.mm.faults.drop_sockets("muster")
        await here.say("outage 1")
        await here.say("outage 2")
        await here.desk.hears("outage 1", "outage 2")
        await _complete(listener.is_complete)
        await here.say("outage 3")
        await here.desk.hears("outage 1", "outage 2", "outage 3")
        assert here.desk.repeated == []


async def test_events_that_a_resumed_connection_repeats_are_heard_once():
    """The server may go further back than was asked for."""
    async with scene() as here, here.listening():
        await here.say("outage 1")
        await here.desk.hears("outage 1")
        here.mm.faults.repeat_on_resume("muster", 5)
        here.mm.faults.drop_sockets("muster")
        await here.say("outage 2")
        await here.desk.hears("outage 1", "outage 2")
        assert here.desk.repeated == []


async def test_a_gap_in_the_count_is_caught_up():
    """A missing number is a lost event, perhaps somebody's cry for help."""
    async with scene() as here, here.listening() as listener:
        lists = here.seen("GET", "/users/me/teams")
        here.mm.faults.skip_sequence("muster", 3)
        await here.say("outage")
        await here.desk.hears("outage")
        await _complete(listener.is_complete)
        assert here.seen("GET", "/users/me/teams") == lists + len(["the catch-up"]) * 2
        assert listener.line.connections == 1


async def test_a_silent_socket_is_noticed_and_replaced():
    """Websocket pings are answered all the time; the protocol's own are not."""
    async with scene() as here, here.listening() as listener:
        here.mm.faults.silence("muster")
        await here.say("outage nobody hears at first")
        await here.desk.hears("outage nobody hears at first")
        assert listener.line.connections == 2


async def test_a_revoked_token_ends_the_listener_with_words_for_the_operator():
    """The socket stays open and silent; only the ping tells."""
    async with scene() as here:
        task = asyncio.create_task(here.listener().run())
        async with asyncio.timeout(IN_TIME):
            while not here.mm.world.hub.connections:
                await asyncio.wait({task}, timeout=0.01)
            here.mm.faults.revoke_tokens("muster")
            with pytest.raises(TokenRefused, match="revoked"):
                await task


async def test_a_bad_token_ends_the_listener():
    """The server says nothing at all to it and drops the connection after a while."""
    async with scene() as here:
        here.mm.websocket.auth_seconds = 0.1
        refused = here.client("x" * 26)
        async with asyncio.timeout(IN_TIME):
            with pytest.raises(TokenRefused):
                await here.listener(token="x" * 26, client=refused).run()


async def test_an_overflow_loses_nothing():
    """With room for four, thirty messages at once are still all heard, in their order."""
    texts = [f"outage {number}" for number in range(30)]
    async with scene() as here, here.listening(room=4, workers=1) as listener:
        here.desk.blocked.clear()
        for text in texts:
            await here.say(text)
        assert listener.waiting <= 9
        here.desk.blocked.set()
        await here.desk.hears(*texts)
        await _complete(listener.is_complete)
        assert here.desk.texts == texts


async def test_a_failing_decision_is_tried_again():
    """A database that is away for a moment costs no message."""
    async with scene() as here, here.listening():
        here.desk.fail = 2
        await here.say("outage")
        await here.desk.hears("outage")


async def test_a_hopeless_decision_does_not_stop_the_next():
    """An error in a handler is logged, whom it concerns is told once a day, and the channel goes on."""
    async with scene() as here, here.listening():
        here.desk.fail, here.desk.failure = 2, RuntimeError("a fault of the program's")
        await here.say("outage 1")
        await here.say("outage 2")
        await here.say("outage 3")
        await here.desk.hears("outage 3")
        assert [(who, "nothing was changed" in said) for who, said in here.desk.excuses] == [(here.alice_id, True)]


async def test_the_server_may_restart():
    """The socket ends without a word, and comes back with another connection."""
    async with scene() as here, here.listening():
        await here.mm.stop()
        await here.mm.start()
        await here.say("outage")
        await here.desk.hears("outage")


async def test_coming_and_going_matters_in_channels_with_runs():
    """Elsewhere nobody is asked who it was."""
    async with scene() as here, here.listening():
        carla = await here.admin.post(
            "/users", {"username": "carla", "email": "carla@example.com", "password": "Carla-pass-2026"}
        )
        await here.admin.post(f"/teams/{here.team_id}/members", {"team_id": here.team_id, "user_id": carla["id"]})
        await here.run_in(here.channels["side"])
        for channel in ("general", "side"):
            await here.alice.post(f"/channels/{here.channels[channel]}/members", {"user_id": carla["id"]})
        joined = await here.desk.told(PersonJoined)
        assert (joined.person.username, joined.place.name) == ("carla", "side")
        await here.alice.delete(f"/channels/{here.channels['side']}/members/{carla['id']}")
        left = await here.desk.told(PersonLeft)
        assert (left.person_id, left.place_id) == (carla["id"], here.channels["side"])
        assert len(here.desk.events) == 2


@ALL_VERSIONS
async def test_the_bot_is_removed_and_added_again(version: str):
    """The channel is closed for it and open again; it is not joined by itself meanwhile."""
    async with scene(version) as here, here.listening() as listener:
        side = here.channels["side"]
        await here.alice.delete(f"/channels/{side}/members/{here.me.id}")
        closed = await here.desk.told(PlaceClosed)
        assert (closed.place_id, closed.why) == (side, "removed")
        assert await listener.memberships.not_to_join([side]) == {side}
        await here.alice.post(f"/channels/{side}/members", {"user_id": here.me.id})
        assert (await here.desk.told(PlaceReopened)).place_id == side
        assert await listener.memberships.not_to_join([side]) == set()


@ALL_VERSIONS
async def test_a_channel_is_archived_and_restored(version: str):
    """Archiving is nobody's wish to be rid of the bot."""
    async with scene(version) as here, here.listening() as listener:
        side = here.channels["side"]
        await here.alice.delete(f"/channels/{side}")
        closed = await here.desk.told(PlaceClosed)
        assert (closed.place_id, closed.why) == (side, "archived")
        assert await listener.memberships.not_to_join([side]) == set()
        await here.admin.post(f"/channels/{side}/restore")
        assert (await here.desk.told(PlaceReopened)).place_id == side
        await here.say("outage", "side")
        await here.desk.hears("outage")


async def test_a_deleted_message_of_the_bot_is_told():
    """Only those that the store knows of; anybody else's deletion is their own business."""
    async with scene() as here, here.listening():
        other = await here.say("oops")
        own = await here.say("the offer", by=here.bot)
        await here.desk.ask(lambda store: _keep(store, own["id"]))
        for post in (other, own):
            await here.admin.delete(f"/posts/{post['id']}")
        deleted = await here.desk.told(PostDeleted)
        assert (deleted.post_id, deleted.place_id) == (own["id"], here.channels["general"])
        assert len(here.desk.events) == 1


async def test_an_edit_of_an_own_message_tells_its_revision():
    """So that the courier knows which content is on the screen."""
    async with scene() as here, here.listening():
        own = await here.say("v1", by=here.bot, props={"muster": {"rev": 1}})
        await here.bot.put(f"/posts/{own['id']}/patch", {"message": "v2", "props": {"muster": {"rev": 2}}})
        await here.say("outage")
        await here.desk.hears("outage")
        assert here.edits == [(own["id"], 2)]


async def edited(here: Scene, post_id: str, message: str) -> None:
    here.mm.clock.advance(seconds=1)
    await here.alice.put(f"/posts/{post_id}/patch", {"message": message})


@ALL_VERSIONS
async def test_a_keyword_that_is_put_right_by_an_edit_is_heard_once(version: str):
    async with scene(version) as here, here.listening():
        said = await here.say("outgae, checkout is down")
        await edited(here, said["id"], "outage, checkout is down")
        await here.desk.hears("outage, checkout is down")
        heard = here.desk.events[0]
        assert isinstance(heard, MessageHeard)
        assert (heard.post_id, heard.author.username, heard.place.team_id) == (said["id"], "alice", here.team_id)
        assert (heard.command, [hit.keywords for hit in heard.hits]) == (None, [("outage",)])
        await edited(here, said["id"], "outage, checkout is down again")
        await here.say("outage elsewhere", "side")
        await here.desk.hears("outage, checkout is down", "outage elsewhere")


async def test_what_was_heard_is_not_heard_again_when_it_is_edited_and_a_pin_is_no_edit():
    async with scene() as here, here.listening():
        said = await here.say("outage")
        await here.desk.hears("outage")
        quiet = await here.say("good morning")
        await edited(here, said["id"], "outage, and more")
        await edited(here, quiet["id"], "@muster list")
        await here.alice.post(f"/posts/{quiet['id']}/pin")
        await here.say("outage at last")
        await here.desk.hears("outage", "outage at last")
        assert here.desk.repeated == []


async def test_an_edit_after_a_few_minutes_is_heard_no_more():
    async with scene() as here, here.listening():
        late, soon = await here.say("outgae late"), await here.say("outgae soon")
        here.mm.clock.advance(seconds=298)
        await edited(here, soon["id"], "outage soon")
        await here.desk.hears("outage soon")
        here.mm.clock.advance(seconds=10)
        await edited(here, late["id"], "outage late")
        await here.say("outage at last")
        await here.desk.hears("outage soon", "outage at last")


async def test_keywords_may_change_while_the_bot_listens():
    """A new playbook counts from the next message on."""
    async with scene() as here, here.listening() as listener:
        listener.keywords = Words("fire")
        await here.say("outage")
        await here.say("fire")
        await here.desk.hears("fire")


def _keep(store: Store, post_id: str) -> None:
    store.add(Message(kind="prompt", post_id=post_id))


async def _complete(event: asyncio.Event) -> None:
    async with asyncio.timeout(IN_TIME):
        await event.wait()


def test_a_desk_begins_empty():
    """The tests' own desk is trusted with a lot."""
    assert Desk().events == []


async def test_a_reaction_that_may_mean_something_is_told_with_the_bots_message():
    """One under a message of somebody else, of another kind, or by the bot itself, is dropped."""
    async with scene() as here, here.listening():
        own = await here.bot.post("/posts", {"channel_id": here.channels["general"], "message": "1 · Triage"})
        await here.desk.ask(
            lambda store: store.add(Message(kind="checklist", post_id=own["id"], place_id=here.channels["general"]))
        )
        said = await here.say("hello")
        for client, person, post, emoji in (
            (here.bot, here.me.id, own, "white_check_mark"),
            (here.alice, here.alice_id, said, "white_check_mark"),
            (here.alice, here.alice_id, own, "smile"),
            (here.alice, here.alice_id, own, "two"),
        ):
            await client.post("/reactions", {"user_id": person, "post_id": post["id"], "emoji_name": emoji})
        told = await here.desk.told(ReactionAdded)
        assert (told.emoji, told.asker.username, told.message_id, told.place.name) == ("two", "alice", 1, "general")
        assert told.once.startswith(f"reaction:{own['id']}:{here.alice_id}:two:")


async def test_a_pin_on_any_message_of_a_runs_channel_is_told_with_its_words():
    async with scene() as here, here.listening():
        await here.run_in(here.channels["general"])
        for channel in ("side", "general"):
            said = await here.say("we roll back now", channel)
            body = {"user_id": here.alice_id, "post_id": said["id"], "emoji_name": "pushpin"}
            await here.alice.post("/reactions", body)
        told = await here.desk.told(ReactionAdded)
        assert (told.emoji, told.text, told.author_id, told.message_id) == (
            "pushpin",
            "we roll back now",
            here.alice_id,
            None,
        )
        assert told.place.name == "general"
        assert told.said_at is not None


async def test_a_reaction_during_a_gap_is_told_afterwards_though_nothing_was_posted():
    async with scene() as here:
        async with here.listening():
            await here.run_in(here.channels["general"])
            said = await here.say("outage")
            await here.desk.hears("outage")
        body = {"user_id": here.alice_id, "post_id": said["id"], "emoji_name": "pushpin"}
        await here.alice.post("/reactions", body)
        async with here.listening():
            assert (await here.desk.told(ReactionAdded)).post_id == said["id"]


@pytest.mark.parametrize("version", ["5.37", "11.6"])
async def test_who_leaves_the_team_is_told_once_and_who_is_deactivated_is_stored(version: str):
    async with scene(version) as here:
        bob = await _teammate(here, "bob")
        await here.desk.ask(lambda store: store.learn(KnownPerson(id=bob, username="bob", seen_at=datetime.now(UTC))))
        async with here.listening():
            for active in (False, True, False):
                await here.admin.put(f"/users/{bob}/active", {"active": active})
                async with asyncio.timeout(IN_TIME):
                    while (await here.desk.ask(lambda store: store.person(bob))).is_active is not active:
                        await here.alice.get("/users/me")
            await here.admin.delete(f"/teams/{here.team_id}/members/{bob}")
            told = await here.desk.told(TeamLeft)
            assert (told.team_id, told.person_id) == (here.team_id, bob)
            await here.say("outage")
            await here.desk.hears("outage")
        assert len([event for event in here.desk.events if isinstance(event, TeamLeft)]) == 1


async def test_who_left_the_team_during_a_gap_is_found_by_asking_for_those_whom_runs_concern():
    async with scene() as here:
        bob, carla = [await _teammate(here, name) for name in ("bob", "carla")]
        await here.run_in(here.channels["general"])
        for who in (bob, carla):
            await here.desk.ask(lambda store, who=who: store.add(Follower(run_id=1, person_id=who)))
        async with here.listening():
            assert not [event for event in here.desk.events if isinstance(event, TeamLeft)]
        await here.admin.delete(f"/teams/{here.team_id}/members/{carla}")
        asked = here.seen("POST", f"/teams/{here.team_id}/members/ids")
        async with here.listening():
            assert (await here.desk.told(TeamLeft)).person_id == carla
        assert len([event for event in here.desk.events if isinstance(event, TeamLeft)]) == 1
        assert here.seen("POST", f"/teams/{here.team_id}/members/ids") == asked + 1
        known = await here.desk.ask(lambda store: store.team_members(here.team_id, [bob, carla]))
        assert known[bob].is_member


async def test_who_comes_and_speaks_or_reacts_at_once_is_told_to_have_come_first():
    """However long arrivals are kept otherwise."""
    async with scene() as here:
        general = here.channels["general"]
        await here.run_in(general)
        bob, carla = [await _teammate(here, name) for name in ("bob", "carla")]
        token = (await here.admin.post(f"/users/{bob}/tokens", {"description": "to speak"}))["token"]
        async with here.listening(patience=replace(QUICK, arrivals=60.0)) as listener:
            for who in (bob, carla):
                await here.alice.post(f"/channels/{general}/members", {"user_id": who})
            async with asyncio.timeout(IN_TIME):
                while len(listener._arrivals._kept) < 2:
                    await here.alice.get("/users/me")
            await here.say("outage", by=here.client(token))
            await here.desk.hears("outage")
            assert [type(event) for event in here.desk.events] == [PersonJoined, MessageHeard]
            await listener.meet(general, carla)
            joined = [event.person.id for event in here.desk.events if isinstance(event, PersonJoined)]
            assert joined == [bob, carla]
            await listener.meet(general, carla)
        assert len([event for event in here.desk.events if isinstance(event, PersonJoined)]) == 2


async def test_who_was_deactivated_during_a_gap_is_found_among_those_whom_runs_concern():
    async with scene() as here:
        bob = await _teammate(here, "bob")
        await here.run_in(here.channels["general"])
        await here.desk.ask(lambda store: store.add(Follower(run_id=1, person_id=bob)))
        async with here.listening():
            assert (await here.desk.ask(lambda store: store.person(bob))).is_active
        await here.admin.put(f"/users/{bob}/active", {"active": False})
        async with here.listening():
            assert not (await here.desk.ask(lambda store: store.person(bob))).is_active


async def test_a_channel_that_is_found_to_differ_by_the_way_is_in_doubt_until_that_is_dealt_with():
    async with scene() as here:
        general = here.channels["general"]
        async with here.listening():
            pass
        await here.admin.put(f"/channels/{general}/privacy", {"privacy": "P"})
        # Nobody told: as after an event that was lost.
        listener = here.listener()
        await listener._directory.place(general)
        assert (await here.desk.ask(lambda store: store.place(general))).kind == ""
        assert listener.waiting == 1


async def test_a_team_that_shows_nobody_has_not_lost_everybody():
    """As where a scheme takes the right to see its members from the bot."""
    async with scene() as here:
        bob = await _teammate(here, "bob")
        await here.run_in(here.channels["general"])
        await here.desk.ask(lambda store: store.add(Follower(run_id=1, person_id=bob)))
        here.mm.faults.server_error("POST /teams/{team_id}/members/ids", times=None, user="muster", status=403)
        async with here.listening():
            await here.say("outage")
            await here.desk.hears("outage")
        assert not [event for event in here.desk.events if isinstance(event, TeamLeft)]


async def _teammate(here: Scene, name: str) -> str:
    """Make an account in the team, and return its id."""
    body = {"username": name, "email": f"{name}@example.com", "password": "Some-pass-2026"}
    user_id = str((await here.admin.post("/users", body))["id"])
    await here.admin.post(f"/teams/{here.team_id}/members", {"team_id": here.team_id, "user_id": user_id})
    return user_id


@ALL_VERSIONS
async def test_a_renamed_channel_is_told_with_its_new_name_and_title(version: str):
    async with scene(version) as here, here.listening():
        body = {"name": "payments", "display_name": "Payments"}
        await here.alice.put(f"/channels/{here.channels['general']}/patch", body)
        told = await here.desk.told(PlaceChanged)
        assert (told.place.name, told.place.title, told.place.kind) == ("payments", "Payments", "O")
        assert told.as_of > 0


@ALL_VERSIONS
async def test_a_converted_channel_is_asked_for_anew_even_where_no_word_of_the_change_itself_comes(version: str):
    """The bot is in it, or in it no longer: then the server does not say any more what it is."""
    async with scene(version) as here, here.listening() as listener:
        await here.say("outage")
        await here.desk.hears("outage")
        general = here.channels["general"]
        await here.admin.put(f"/channels/{general}/privacy", {"privacy": "P"})
        await here.desk.until(lambda events: [_kind(each) for each in events].count("P") == 2)
        assert here.seen("GET", f"/channels/{general}") >= 1
        await here.admin.put(f"/channels/{general}/privacy", {"privacy": "O"})
        await here.desk.until(lambda events: [_kind(each) for each in events].count("O") == 2)
        await here.alice.delete(f"/channels/{general}/members/{here.me.id}")
        await here.desk.told(PlaceClosed)
        await here.admin.put(f"/channels/{general}/privacy", {"privacy": "P"})
        async with asyncio.timeout(IN_TIME):
            while await here.desk.ask(lambda store: store.place(general).kind):
                await listener._lanes.idle()


def _kind(event: object) -> str:
    return event.place.kind if isinstance(event, PlaceChanged) else ""
