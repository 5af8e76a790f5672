"""What was missed while the bot was away is heard when it is back, once, and with few questions."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from bot.directory.retry import Patience
from bot.listening.keyword_refresh import Ears
from bot.listening.read_marks import Watermarks
from bot.transaction.bell import Bell
from handlers.events import (
    PersonJoined,
    PersonLeft,
    PlaceChanged,
    PlaceClosed,
    PlaceReopened,
    PlaceUnknown,
    PostDeleted,
    ReactionAdded,
)
from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.playbook import Playbook
from store import Database, Message, Prompt, Store, Unavailable
from tests.listening import IN_TIME, Scene, Words, scene

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ALL_VERSIONS = pytest.mark.parametrize("version", ["5.37", "10.0", "11.6"])


async def _begin(here: Scene) -> None:
    """Let the bot run for a moment, so that it knows its channels."""
    async with here.listening():
        await here.say("outage 0")
        await here.desk.hears("outage 0")


@ALL_VERSIONS
async def test_a_restart_hears_what_was_said_meanwhile(version: str):
    """And nothing a second time."""
    async with scene(version) as here:
        await _begin(here)
        await here.say("outage 1")
        await here.say("nothing")
        await here.say("outage 2", "side")
        async with here.listening() as listener:
            await here.say("outage 3")
            await here.desk.until(lambda events: len(events) == 4)
            await _complete(listener.is_complete)
        assert sorted(here.desk.texts) == [f"outage {number}" for number in range(4)]


async def test_without_overlap_a_restart_reads_nothing_twice():
    """The overlap is for what comes out of order; without it nothing is read that was heard."""
    async with scene() as here:
        await _begin(here)
        async with here.listening(overlap_ms=0):
            await here.say("outage 1")
            await here.desk.hears("outage 0", "outage 1")
        assert here.desk.repeated == []


async def test_the_first_start_hears_nothing_of_the_past():
    """Old cries for help are not answered years later."""
    async with scene() as here:
        await here.say("an outage long ago")
        async with here.listening():
            await here.say("outage")
            await here.desk.hears("outage")


async def test_a_message_that_was_not_dealt_with_is_heard_after_a_restart():
    """A mark never passes what is still waiting."""
    async with scene() as here:
        await _begin(here)
        here.desk.blocked.clear()
        async with here.listening() as listener:
            await here.say("outage 1")
            await here.say("nothing")
            async with asyncio.timeout(IN_TIME):
                while await _mark(here) == 0 or not listener._lanes._marks._pending:
                    await asyncio.wait({asyncio.create_task(_mark(here))})
        here.desk.blocked.set()
        async with here.listening():
            await here.desk.hears("outage 0", "outage 1")


async def test_a_channel_that_the_bot_was_added_to_is_heard_from_then_on():
    """What was said there before is not the bot's business; what was said since is."""
    async with scene() as here:
        await _begin(here)
        await here.channel("war-room", with_bot=False)
        await here.say("outage before", "war-room")
        here.mm.clock.advance(seconds=1)
        await here.alice.post(f"/channels/{here.channels['war-room']}/members", {"user_id": here.me.id})
        await here.say("outage after", "war-room")
        async with here.listening():
            await here.desk.hears("outage 0", "outage after")


async def test_a_direct_message_that_began_meanwhile_is_heard():
    """Somebody turned to the bot for the first time, and it was away."""
    async with scene() as here:
        await _begin(here)
        direct = await here.alice.post("/channels/direct", [here.alice_id, here.me.id])
        await here.say("help", direct["id"])
        async with here.listening():
            await here.desk.hears("outage 0", "help")
            assert here.desk.events[-1].command == "help"


async def test_edits_and_deletions_are_no_new_messages():
    """An edited old message is not heard, one that was written and edited is heard as it is now, a deleted one not."""
    async with scene() as here:
        old = await here.say("calm")
        here.mm.clock.advance(seconds=10)
        await _begin(here)
        edited, deleted = await here.say("draft"), await here.say("outage, no")
        await here.alice.put(f"/posts/{old['id']}/patch", {"message": "outage in an old message"})
        await here.alice.put(f"/posts/{edited['id']}/patch", {"message": "outage, edited"})
        await here.alice.delete(f"/posts/{deleted['id']}")
        async with here.listening():
            await here.say("outage last")
            await here.desk.hears("outage 0", "outage, edited", "outage last")


async def test_a_deleted_message_of_the_bot_is_told_afterwards():
    """Where the channel has moved; the courier finds the others."""
    async with scene() as here:
        own = await here.say("the offer", by=here.bot)
        await here.desk.ask(lambda store: store.add(Message(kind="prompt", post_id=own["id"])))
        await _begin(here)
        await here.admin.delete(f"/posts/{own['id']}")
        await here.say("nothing")
        async with here.listening():
            assert (await here.desk.told(PostDeleted)).post_id == own["id"]


@pytest.mark.parametrize("fault", ["rate_limit", "server_error", "reset"])
async def test_a_server_in_trouble_is_asked_again(fault: str):
    """Too many requests, an error page or a cut connection only cost time."""
    async with scene() as here:
        await _begin(here)
        await here.say("outage 1")
        options = {"retry_after": 0} if fault == "rate_limit" else {}
        for route in ("GET /users/me/teams", "GET /users/*/channels", "GET /channels/*/posts"):
            getattr(here.mm.faults, fault)(route, times=2, user="muster", **options)
        async with here.listening():
            await here.desk.hears("outage 0", "outage 1")


async def test_a_lost_message_comes_before_a_later_one():
    """What comes while the gap is read waits for it."""
    async with scene("5.37") as here, here.listening():
        await here.say("outage 1")
        await here.desk.hears("outage 1")
        here.mm.faults.delay(0.2, "GET /users/me/teams", user="muster")
        here.mm.faults.drop_sockets("muster")
        await here.say("outage 2")
        async with asyncio.timeout(IN_TIME):
            while here.seen("GET", "/users/me/teams") < 2 and not here.mm.world.hub.connections:
                await asyncio.wait({asyncio.create_task(here.say("nothing"))})
        await here.say("outage 3")
        await here.desk.hears("outage 1", "outage 2", "outage 3")


async def test_more_than_a_thousand_changes_are_read_in_pages():
    """The server gives an arbitrary thousand of them, and says nothing."""
    async with scene() as here:
        await _begin(here)
        await here.say("outage first")
        for start in range(0, 1100, 50):
            await asyncio.gather(*(here.say(f"chatter {number}") for number in range(start, start + 50)))
        await here.say("outage last")
        async with here.listening():
            await here.desk.hears("outage 0", "outage first", "outage last")


async def test_a_deletion_among_more_than_a_thousand_changes_is_told():
    async with scene() as here:
        general = here.channels["general"]
        await here.run_in(general)
        own = [await here.say(f"{number} · Triage", by=here.bot) for number in range(2)]
        for post in own:
            row = Message(kind="checklist", post_id=post["id"], place_id=general, run_id=1)
            await here.desk.ask(lambda store, row=row: store.add(row))
        await _begin(here)
        await here.admin.delete(f"/posts/{own[1]['id']}")
        for start in range(0, 1100, 50):
            await asyncio.gather(*(here.say(f"chatter {number}") for number in range(start, start + 50)))
        async with here.listening():
            assert (await here.desk.told(PostDeleted)).post_id == own[1]["id"]


async def test_reactions_among_more_changes_than_are_told_are_found_under_the_bots_own_messages(
    monkeypatch: pytest.MonkeyPatch,
):
    """Under those of a run, and under a question whether to start one."""
    monkeypatch.setattr("bot.listening.history.CHANGED_AT_ONCE", 4)
    async with scene() as here:
        general = here.channels["general"]
        await here.run_in(general)
        own = [await here.say(text, by=here.bot) for text in ("1 · Triage", "Start a run?")]

        def stored(store: Store) -> None:
            prompt = store.add(
                Prompt(
                    place_id=general, team_id=here.team_id, thread_id="t", post_id="p", author_id=here.alice_id,
                    text="", created_at=datetime.now(UTC),
                )
            )  # fmt: skip
            store.add(Message(kind="checklist", run_id=1, place_id=general, post_id=own[0]["id"]))
            store.add(Message(kind="prompt", prompt_id=prompt.id, place_id=general, post_id=own[1]["id"]))

        await here.desk.ask(stored)
        here.mm.clock.advance(minutes=1)
        await _begin(here)
        here.mm.clock.advance(minutes=1)
        for post in own:
            body = {"user_id": here.alice_id, "post_id": post["id"], "emoji_name": "one"}
            await here.alice.post("/reactions", body)
        for number in range(6):
            await here.say(f"chatter {number}")
        async with here.listening():
            await here.desk.until(lambda events: sum(isinstance(event, ReactionAdded) for event in events) == 2)


async def test_what_there_is_to_listen_for_is_learnt_before_the_gap_is_read():
    """Words that came to count while the store could not be asked are heard all the same."""
    words = Words()

    async def learn() -> None:
        listener.keywords = words

    async with scene() as here:
        listener = here.listener(learn_words=learn)
        async with here.running(listener):
            await here.say("fire")
            words = Words("fire")
            listener.lost()
            await here.desk.hears("fire")


async def test_only_channels_that_moved_are_read():
    """Of a hundred channels, three: five questions in all, besides who wrote."""
    async with scene() as here:
        for number in range(100):
            await here.channel(f"c{number}")
        here.mm.clock.advance(minutes=5)
        await _begin(here)
        here.mm.clock.advance(minutes=5)
        for number in (1, 50, 99):
            await here.say(f"outage {number}", f"c{number}")
        before = here.seen("GET", "/")
        async with here.listening():
            await here.desk.until(lambda events: len(events) == 4)
        assert here.seen("GET", "/users/me/teams") > 0
        assert here.seen("GET", "/") - before <= 7


async def test_who_came_and_went_meanwhile_is_told():
    """In channels with runs, by the server's own notes."""
    async with scene() as here:
        await _begin(here)
        side = here.channels["side"]
        await here.run_in(side)
        admin = (await here.admin.get("/users/me"))["id"]
        await here.alice.post(f"/channels/{side}/members", {"user_id": admin})
        here.mm.clock.advance(seconds=1)
        await here.admin.delete(f"/channels/{side}/members/{admin}")
        async with here.listening():
            assert (await here.desk.told(PersonLeft)).person_id == admin
        joined = [event.person.username for event in here.desk.events if isinstance(event, PersonJoined)]
        assert joined[-1] == "admin"


async def test_channels_that_were_archived_or_taken_away_meanwhile_are_told():
    """And those that are back."""
    async with scene() as here:
        await _begin(here)
        general, side = here.channels["general"], here.channels["side"]
        await here.alice.delete(f"/channels/{side}")
        await here.alice.delete(f"/channels/{general}/members/{here.me.id}")
        async with here.listening() as listener:
            await here.desk.until(lambda events: len(events) == 4)
            # What a channel is that the bot was taken out of, it is told no more.
            assert [event.place_id for event in here.desk.events if isinstance(event, PlaceUnknown)] == [general]
            closed = {(event.place_id, event.why) for event in here.desk.events if isinstance(event, PlaceClosed)}
            assert closed == {(side, "archived"), (general, "removed")}
            assert await listener.memberships.not_to_join([general, side]) == {general}
        await here.admin.post(f"/channels/{side}/restore")
        async with here.listening():
            assert (await here.desk.told(PlaceReopened)).place_id == side


async def test_a_team_that_the_bot_was_taken_out_of_is_left_without_questions():
    """All its channels are closed, and none counts as left by hand."""
    async with scene() as here:
        await _begin(here)
        await here.admin.delete(f"/teams/{here.team_id}/members/{here.me.id}")
        async with here.listening() as listener:
            await here.desk.told(PlaceClosed)
            assert await listener.memberships.not_to_join(here.channels.values()) == set()
            assert listener.memberships.mine == {}


def test_a_mark_stays_before_what_waits():
    """Later messages that are nobody's business do not carry it past."""
    marks = _open({"c": 10})
    at = marks.begin("c", 20)
    marks.passed("c", 20)
    marks.passed("c", 30)
    assert marks.take_changed() == {"c": 19}
    marks.done("c", at)
    assert marks.take_changed() == {"c": 30}
    assert marks.take_changed() == {}


def test_a_mark_stands_still_in_a_gap_until_its_channel_is_read():
    """What comes after a loss must not hide it."""
    marks = _open({"c": 10, "d": 10})
    marks.passed("c", 15)
    marks.lose()
    marks.passed("c", 50)
    marks.passed("d", 50)
    assert marks.take_changed() == {"c": 15}
    marks.caught_up("c", 40)
    assert marks.take_changed() == {"c": 50}
    assert (marks.heard("c"), marks.heard("d")) == (50, 10)


def test_a_second_loss_takes_back_what_the_first_catch_up_allowed():
    """Only up to what was there when it was lost."""
    marks = _open({"c": 10})
    marks.lose()
    marks.caught_up("c", 20)
    marks.lose()
    marks.passed("c", 50)
    assert marks.take_changed() == {"c": 20}


def test_marks_that_could_not_be_stored_are_stored_later():
    """And the newer ones win."""
    marks = _open({"c": 10, "d": 10})
    marks.passed("c", 20)
    marks.passed("d", 20)
    lost = marks.take_changed()
    marks.passed("c", 30)
    marks.take_changed()
    marks.put_back({"c": 30} | {"d": lost["d"]})
    assert marks.take_changed() == {"c": 30, "d": 20}


def _open(heard: dict[str, int]) -> Watermarks:
    marks = Watermarks()
    marks.start(heard)
    marks.closed()
    return marks


async def _mark(here: Scene) -> int:
    return await here.desk.ask(lambda store: store.place(here.channels["general"]).heard_until)


async def _complete(event: asyncio.Event) -> None:
    async with asyncio.timeout(IN_TIME):
        await event.wait()


async def test_a_quiet_channel_is_not_read_from_before_its_mark():
    """The store forgets what it heard long ago, so nothing of that time may be heard again."""
    async with scene() as here:
        async with here.listening():
            await here.say("outage of long ago", "side")
            await here.desk.hears("outage of long ago")
            here.mm.clock.advance(hours=1000)
            await here.say("outage 1")
            await here.desk.hears("outage of long ago", "outage 1")
        await here.say("outage 2", "side")
        async with here.listening() as listener:
            await here.desk.hears("outage of long ago", "outage 1", "outage 2")
            await _complete(listener.is_complete)
            await listener._lanes.idle()
        side = here.desk.events[0]
        assert side.post_id not in here.desk.repeated


async def test_what_was_said_in_a_gap_comes_first_though_the_database_was_away_meanwhile():
    """What is said after it is kept back until the gap could be read."""
    failed: list[int] = []
    back = asyncio.Event()
    back.set()

    async def learn() -> None:
        if not back.is_set():
            failed.append(1)
            raise Unavailable("the database is away")

    async with scene("5.37") as here, here.listening(learn_words=learn) as listener:
        await here.say("outage 0")
        await here.desk.hears("outage 0")
        back.clear()
        here.mm.faults.drop_sockets("muster")
        await here.say("outage 1")
        async with asyncio.timeout(IN_TIME):
            while not failed:
                await here.say("nothing")
            await here.say("outage 2")
            while listener.waiting == 0 and "outage 2" not in here.desk.texts:
                await here.say("nothing")
        back.set()
        await here.desk.hears("outage 0", "outage 1", "outage 2")


class Forgetful:
    """Readers that cannot be asked the first time, and then find a playbook for "fire"."""

    def __init__(self) -> None:
        self.database = Database("sqlite://")
        self.database.migrate()
        with self.database.transaction() as store:
            store_playbook(store, Playbook(title="Fire", keywords=("fire",)), "test", NOW)
        self.asked = 0

    async def ask(self, question: Callable[[Store], T]) -> T:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable("the database is away")
        with self.database.reading() as store:
            return question(store)


async def nobody_named(_books: object) -> None:
    pass


async def test_words_that_could_not_be_asked_for_hold_for_what_was_said_meanwhile():
    async def learn() -> None:
        if words:
            await words[0].refresh()

    words: list[Ears] = []
    async with scene() as here, here.listening(learn_words=learn) as listener:
        changed = Bell()
        ears = Ears(Forgetful(), changed, listener, nobody_named, Patience())
        words.append(ears)
        running = asyncio.create_task(ears.run())
        await here.say("fire")
        await here.say("outage")
        await here.desk.hears("outage")
        changed.ring()
        await here.desk.hears("outage", "fire")
        running.cancel()
        await asyncio.wait({running})


async def test_channels_that_were_renamed_or_converted_meanwhile_are_told():
    """Each once, before anything that is said there later."""
    async with scene() as here:
        await _begin(here)
        general, side = here.channels["general"], here.channels["side"]
        await here.alice.put(f"/channels/{general}/patch", {"name": "payments", "display_name": "Payments"})
        await here.admin.put(f"/channels/{side}/privacy", {"privacy": "P"})
        async with here.listening():
            told = [each.place for each in here.desk.events if isinstance(each, PlaceChanged)]
            assert {(place.id, place.name, place.kind) for place in told} == {
                (general, "payments", "O"),
                (side, "side", "P"),
            }
