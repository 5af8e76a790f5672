"""What becomes of each effect on a server, on the three kinds of server, the first time and again."""

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from scenes import allow_ephemeral
from wayout import Stage, staged

from bot.delivery.create_channel import legal_name
from bot.delivery.gateway import DialogTooLate, Gateway
from bot.delivery.outage import is_unsent
from bot.delivery.shown_revisions import MOST
from bot.driver import ServerRefused, ServerUnreachable, connect
from bot.transaction.parcel import Parcel
from bot.transaction.settling import Result
from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers import effects as do
from handlers.events import (
    ChannelOpened,
    CommandRan,
    MessagePosted,
    PeopleInvited,
    Place,
    PostDeleted,
    Undeliverable,
)

SIGNER = Signer("a secret of the tests")
DIALOG = do.Dialog(action="a", title="T", entries=(do.Entry(name="n", label="N"),))
HELLO = do.Content("hello", (do.Card(text="a card", controls=(do.Button("Go", "go", "1"),)),))


@dataclass
class Way:
    """A gateway on a stage; `now` is its clock, which moves by hand."""

    stage: Stage
    gateway: Gateway
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def parcel(self, effect: do.Lasting, **known: Any) -> Parcel:
        usual: dict[str, Any] = {
            "row_id": 1,
            "lane": "lane",
            "key": secrets.token_hex(13),
            "attempts": 1,
            "created_at": self.now,
        }
        return Parcel(effect=effect, **usual | known)

    async def do(self, effect: do.Lasting, **known: Any) -> Result:
        return await self.gateway.perform(self.parcel(effect, **known))

    async def posted(self, place_id: str) -> str:
        """Post a message, the bot's number 1, and return the post's id."""
        return (await self.do(do.Post(message_id=1, place_id=place_id, content=HELLO))).post_id

    def texts(self, place_id: str) -> Sequence[str]:
        return [post.message for post in self.stage.mm.posts(place_id)]

    def asked(self, method: str, path: str) -> int:
        return sum(seen.method == method and seen.path.startswith(path) for seen in self.stage.mm.requests)


@pytest.fixture(params=["5.37", "10.0", "11.6"])
async def way(request: pytest.FixtureRequest) -> AsyncIterator[Way]:
    async with staged(request.param) as stage:
        yield await new_way(stage)


@pytest.fixture
async def newest() -> AsyncIterator[Way]:
    async with staged("11.6") as stage:
        yield await new_way(stage)


async def new_way(stage: Stage) -> Way:
    gateway = Gateway(stage.driver, Writer(SIGNER, "http://127.0.0.1:9"), chance=lambda: 0.0)
    await gateway.learn_server()
    way = Way(stage, gateway)
    gateway.clock = lambda: way.now
    return way


def opening(
    stage: Stage, mark: str = "muster:1", name: str = "Störung im Netz", title: str = "Run 1"
) -> do.OpenChannel:
    return do.OpenChannel(
        run_id=1,
        team_id=stage.team_id,
        name=name,
        title=title,
        private=True,
        header="h",
        purpose="Run 1",
        mark=mark,
    )


def undeliverable(result: Result, reason: str) -> Undeliverable:
    assert isinstance(result.event, Undeliverable)
    assert (result.event.reason, result.outcome, result.message_id) == (reason, reason, None)
    return result.event


# -- the server itself


async def test_the_server_tells_who_the_bot_is_and_what_it_may(way: Way) -> None:
    server = way.gateway.server

    assert (server.me.id, server.me.username, server.me.is_bot) == (way.stage.bot_id, "muster", True)
    assert server.version[:2] in ((5, 37), (10, 0), (11, 6))
    assert server.max_post_size == 16383
    assert server.ephemeral is False


async def test_a_bad_token_is_told_at_the_start(way: Way) -> None:
    driver = connect(way.stage.mm.url, "nonsense")
    with pytest.raises(ServerRefused) as caught:
        await Gateway(driver, Writer(SIGNER, "")).learn_server()
    await driver.close()

    assert caught.value.status == 401


# -- channels


async def test_a_channel_is_opened_with_a_name_that_servers_take(way: Way) -> None:
    result = await way.do(opening(way.stage))

    assert isinstance(result.event, ChannelOpened)
    assert (result.event.place.name, result.event.place.kind) == ("storung-im-netz", "P")
    assert (result.event.run_id, result.event.place.title) == (1, "Run 1")


async def test_a_channel_that_an_earlier_attempt_made_is_taken_over(way: Way) -> None:
    first = await way.do(opening(way.stage))
    again = await way.do(opening(way.stage), attempts=2)

    assert again.event == first.event


async def test_an_earlier_attempts_channel_is_known_again_at_another_address(way: Way) -> None:
    first = await way.do(opening(way.stage))
    assert isinstance(first.event, ChannelOpened)
    path = f"/channels/{first.event.place.id}/patch"
    await way.stage.driver.client.put(path, {"name": "elsewhere", "display_name": "Elsewhere"})
    again = await way.do(opening(way.stage), attempts=2)
    assert isinstance(again.event, ChannelOpened)
    assert (again.event.place.id, again.event.place.name) == (first.event.place.id, "elsewhere")


async def test_a_taken_name_gets_a_number(way: Way) -> None:
    places = [(await way.do(opening(way.stage, f"muster:{n}"))).event for n in range(8)]
    names = [event.place.name for event in places if isinstance(event, ChannelOpened)]

    assert names[:5] == ["storung-im-netz", *(f"storung-im-netz-{n}" for n in range(2, 6))]
    assert len(set(names)) == 8
    assert names[7] == "storung-im-netz-muster-7"


async def test_a_name_whose_channel_is_archived_is_taken_too(way: Way) -> None:
    first = await way.do(opening(way.stage, "muster:1"))
    assert isinstance(first.event, ChannelOpened)
    way.stage.mm.faults.archive_channel(first.event.place.id)
    second = await way.do(opening(way.stage, "muster:2"))

    assert isinstance(second.event, ChannelOpened)
    assert second.event.place.name == "storung-im-netz-2"


async def test_somebody_elses_channel_with_our_mark_is_not_ours(way: Way) -> None:
    theirs = {"team_id": way.stage.team_id, "name": "storung-im-netz", "display_name": "x", "type": "O"}
    await way.stage.admin.post("/channels", options=theirs | {"purpose": "muster:1"})
    result = await way.do(opening(way.stage))

    assert isinstance(result.event, ChannelOpened)
    assert result.event.place.name == "storung-im-netz-2"


async def test_a_channel_that_may_not_be_opened_is_undeliverable(way: Way) -> None:
    event = undeliverable(await way.do(replace_team(opening(way.stage), "x" * 26)), "forbidden")

    assert (event.effect, event.run_id) == ("OpenChannel", 1)


def replace_team(effect: do.OpenChannel, team_id: str) -> do.OpenChannel:
    return do.OpenChannel(**{name: getattr(effect, name) for name in effect.__struct_fields__} | {"team_id": team_id})


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("Ops: DB down!", "ops-db-down"),
        ("--x--", "run-x"),
        ("", "run"),
        ("Ω火", "run"),
        ("a" * 80, "a" * 52),
        ("Déjà vu_2", "deja-vu-2"),
    ],
)
def test_a_wish_becomes_a_legal_name(wish: str, name: str) -> None:
    assert legal_name(wish) == name


# -- people


async def test_people_are_added_and_who_is_not_has_a_reason(way: Way) -> None:
    stage = way.stage
    place_id = await stage.channel()
    invite = do.Invite(
        run_id=1,
        place_id=place_id,
        person_ids=(stage.ann.id, stage.tom.id, stage.eve.id, "x" * 26),
        usernames=("Ben", "@nobody"),
    )
    event = (await way.do(invite)).event

    assert isinstance(event, PeopleInvited)
    assert {person.id for person in event.added} == {stage.ann.id, stage.ben.id}
    assert event.refused == {"tom": "not_in_team", "eve": "deactivated", "x" * 26: "unknown", "nobody": "unknown"}
    assert stage.members(place_id) == {stage.bot_id, stage.ann.id, stage.ben.id}


async def test_newer_servers_add_many_people_with_one_request(way: Way) -> None:
    stage = way.stage
    invite = do.Invite(run_id=1, place_id=await stage.channel(), person_ids=(stage.ann.id, stage.ben.id))
    before = way.asked("POST", "/channels/")
    await way.do(invite)

    assert way.asked("POST", "/channels/") - before == (1 if way.gateway.server.version >= (10, 0) else 2)


async def test_who_is_in_already_counts_as_added(way: Way) -> None:
    invite = do.Invite(run_id=1, place_id=await way.stage.channel(), person_ids=(way.stage.ann.id,))
    first, again = [(await way.do(invite)).event for _ in range(2)]

    assert isinstance(first, PeopleInvited)
    assert isinstance(again, PeopleInvited)
    assert first.added == again.added


async def test_who_else_is_in_a_channel_is_learnt_where_that_is_asked_for(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many pages they fill."""
    monkeypatch.setattr("bot.delivery.invite.PAGE", 2)
    stage = way.stage
    place_id = await stage.channel()
    others = [await stage.person(f"other{number}") for number in range(3)]
    for one in (stage.ben, *others):
        await stage.driver.channels.add_user(place_id, options={"user_id": one.id})
    invite = do.Invite(run_id=1, place_id=place_id, person_ids=(stage.ann.id,))
    plain, meeting = [(await way.do(one)).event for one in (invite, msgspec.structs.replace(invite, meet=True))]
    assert isinstance(plain, PeopleInvited)
    assert isinstance(meeting, PeopleInvited)
    assert plain.present == ()
    assert {one.id for one in meeting.present} == {stage.bot_id, stage.ann.id, stage.ben.id, *(p.id for p in others)}


async def test_a_bot_that_was_removed_may_not_add_people(way: Way) -> None:
    place_id = await way.stage.channel(private=True)
    way.stage.mm.faults.remove_from_channel("muster", place_id)
    event = (await way.do(do.Invite(run_id=1, place_id=place_id, person_ids=(way.stage.ann.id,)))).event

    assert isinstance(event, PeopleInvited)
    assert (event.added, event.refused) == ((), {"ann": "forbidden"})


async def test_nobody_is_added_to_a_channel_that_is_gone(way: Way) -> None:
    result = await way.do(do.Invite(run_id=1, place_id="x" * 26, person_ids=(way.stage.ann.id,)))

    assert undeliverable(result, "channel_gone").run_id == 1


# -- posts


async def test_a_message_is_posted_and_its_place_learnt(way: Way) -> None:
    place_id = await way.stage.channel()
    result = await way.do(do.Post(message_id=3, place_id=place_id, content=HELLO), key="k1")
    (post,) = way.stage.mm.posts(place_id)

    assert result.event == MessagePosted(at=way.now, message_id=3, post_id=post.id)
    assert (result.message_id, result.post_id, result.place_id) == (3, post.id, place_id)
    assert (post.message, post.props["muster"]) == ("hello", {"effect": "k1", "rev": 1})
    token = post.props["attachments"][0]["actions"][0]["integration"]["context"]["m"]
    assert SIGNER.read_press(token).message_id == 3


async def test_a_post_whose_answer_was_lost_is_not_posted_again(way: Way) -> None:
    place_id = await way.stage.channel()
    parcel = way.parcel(do.Post(message_id=3, place_id=place_id, content=HELLO))
    way.stage.mm.faults.reset("POST /posts", after_commit=True)
    with pytest.raises(ServerUnreachable):
        await way.gateway.perform(parcel)
    way.stage.mm.clock.advance(minutes=5)
    result = await way.gateway.perform(replace(parcel, attempts=2))

    assert result.post_id == way.stage.mm.posts(place_id)[0].id
    assert way.texts(place_id) == ["hello"]


async def test_a_post_is_found_by_its_key_whatever_it_has_come_to_show(way: Way) -> None:
    """The answer is lost; who presses meanwhile has it show something else, and so has whoever edits it."""
    place_id = await way.stage.channel()
    parcel = way.parcel(do.Post(message_id=3, place_id=place_id, content=HELLO))
    way.stage.mm.faults.reset("POST /posts", after_commit=True)
    with pytest.raises(ServerUnreachable):
        await way.gateway.perform(parcel)
    (post,) = way.stage.mm.posts(place_id)
    edit = do.Edit(message_id=3, content=do.Content("pressed"), revision=2)
    await way.do(edit, post_id=post.id, place_id=place_id, post_key=parcel.key)
    way.stage.mm.clock.advance(minutes=5)

    assert (await way.gateway.perform(replace(parcel, attempts=2))).post_id == post.id
    assert way.texts(place_id) == ["pressed"]


async def test_a_post_that_never_arrived_is_posted_at_the_second_attempt(way: Way) -> None:
    place_id = await way.stage.channel()
    await way.do(do.Post(message_id=3, place_id=place_id, content=HELLO), attempts=2)

    assert way.texts(place_id) == ["hello"]


async def test_a_post_is_found_among_more_than_a_server_lists_at_once(newest: Way) -> None:
    place_id = await newest.stage.channel()
    parcel = newest.parcel(do.Post(message_id=3, place_id=place_id, content=HELLO))
    for number in range(600):
        await newest.stage.driver.posts.create_post(options={"channel_id": place_id, "message": str(number)})
    first = await newest.gateway.perform(parcel)
    for number in range(600):
        await newest.stage.driver.posts.create_post(options={"channel_id": place_id, "message": str(number)})

    assert (await newest.gateway.perform(replace(parcel, attempts=2))).post_id == first.post_id


async def test_somebody_elses_copy_of_a_post_is_not_taken_for_it(way: Way) -> None:
    place_id = await way.stage.channel()
    props = {"muster": {"effect": "k1", "rev": 1}, "from_bot": "true"}
    await way.stage.admin.post("/posts", options={"channel_id": place_id, "message": "forged", "props": props})
    await way.do(do.Post(message_id=3, place_id=place_id, content=HELLO), key="k1", attempts=2)

    assert way.texts(place_id) == ["forged", "hello"]


async def test_somebody_elses_post_in_the_answer_is_noticed(way: Way) -> None:
    place_id = await way.stage.channel()
    await way.stage.admin.post("/posts", options={"channel_id": place_id, "message": "foreign"})
    way.stage.mm.faults.foreign_post(user="muster")
    result = await way.do(do.Post(message_id=3, place_id=place_id, content=HELLO))

    assert way.texts(place_id) == ["foreign", "hello"]
    assert result.post_id == way.stage.mm.posts(place_id)[1].id


async def test_a_reply_stands_in_its_thread_or_where_that_is_gone_in_the_channel(way: Way) -> None:
    place_id = await way.stage.channel()
    root_id = await way.posted(place_id)
    reply = do.Post(message_id=2, place_id=place_id, content=do.Content("reply"), root_id=root_id)
    await way.do(reply)
    await way.stage.driver.posts.delete_post(root_id)
    await way.do(reply)

    assert way.stage.mm.posts(place_id)[-1].root_id == ""
    assert way.texts(place_id)[-1] == "reply"


async def test_news_stand_under_a_message_of_the_bots_own_and_not_at_all_where_that_never_stood(way: Way) -> None:
    place_id = await way.stage.channel()
    root_id = await way.posted(place_id)
    news = do.Post(message_id=2, place_id=place_id, content=HELLO, under=1)
    under = await way.do(news, post_id=root_id, place_id=place_id)
    alone = await way.do(news, post_id=root_id, place_id=place_id, gone=True)
    nothing = await way.do(news, place_id=place_id, gone=True)
    assert [post.root_id for post in way.stage.mm.posts(place_id)][-2:] == [root_id, ""]
    assert (under.outcome, alone.outcome, nothing.outcome) == ("done", "done", "gone")


@pytest.mark.parametrize(
    ("spoil", "reason"), [("archive", "archived"), ("remove", "forbidden"), ("lengthen", "too_long")]
)
async def test_what_can_never_be_posted_is_given_up_with_a_reason(way: Way, spoil: str, reason: str) -> None:
    place_id = await way.stage.channel(private=True)
    match spoil:
        case "archive":
            way.stage.mm.faults.archive_channel(place_id)
        case "remove":
            way.stage.mm.faults.remove_from_channel("muster", place_id)
    text = "x" * (20_000 if spoil == "lengthen" else 1)
    event = undeliverable(await way.do(do.Post(message_id=3, place_id=place_id, content=do.Content(text))), reason)

    assert (event.effect, event.message_id, event.place_id) == ("Post", 3, place_id)


# -- for one person


async def test_without_the_right_a_person_is_told_by_direct_message(way: Way) -> None:
    tell = do.Tell(person_id=way.stage.ann.id, place_id=await way.stage.channel(), content=HELLO)
    first = await way.do(tell, key="k1")
    again = await way.do(tell, key="k1", attempts=2)
    pair = {way.stage.bot_id, way.stage.ann.id}
    (channel,) = [channel for channel in way.stage.mm.channels if set(channel.name.split("__")) == pair]

    assert way.texts(channel.id) == ["hello"]
    assert (first.event, again.outcome) == (None, "done")
    assert way.asked("POST", "/posts/ephemeral") == 0
    assert way.asked("POST", "/channels/direct") == 1


async def test_without_the_right_what_is_only_whispered_is_left_out(way: Way) -> None:
    place_id = await way.stage.channel()
    tell = do.Tell(person_id=way.stage.ann.id, place_id=place_id, content=HELLO, only_whispered=True)
    assert (await way.do(tell)).outcome == "unheard"
    assert way.asked("POST", "/channels/direct") == 0


async def test_with_the_right_a_person_is_told_in_the_channel(newest: Way) -> None:
    await allow_ephemeral(newest.stage)
    server = await newest.gateway.learn_server()
    tell = do.Tell(person_id=newest.stage.ann.id, place_id=await newest.stage.channel(), content=HELLO)

    assert server.ephemeral is True
    assert (await newest.do(tell)).outcome == "ephemeral"
    assert newest.asked("POST", "/channels/direct") == 0


async def test_what_may_have_been_whispered_is_not_whispered_again(newest: Way) -> None:
    await allow_ephemeral(newest.stage)
    await newest.gateway.learn_server()
    tell = do.Tell(person_id=newest.stage.ann.id, place_id=await newest.stage.channel(), content=HELLO)
    newest.stage.mm.faults.reset("POST /posts/ephemeral", after_commit=True)
    with pytest.raises(ServerUnreachable) as lost:
        await newest.do(tell)

    assert not is_unsent(lost.value)
    assert (await newest.do(tell, attempts=2)).outcome == "unsure"
    assert newest.asked("POST", "/posts/ephemeral") == 1
    assert newest.asked("POST", "/channels/direct") == 0


async def test_what_was_certainly_not_whispered_is_whispered_later(newest: Way) -> None:
    await allow_ephemeral(newest.stage)
    await newest.gateway.learn_server()
    tell = do.Tell(person_id=newest.stage.ann.id, place_id=await newest.stage.channel(), content=HELLO)
    newest.stage.mm.faults.rate_limit("POST /posts/ephemeral")
    with pytest.raises(ServerRefused) as limited:
        await newest.do(tell)
    await newest.stage.mm.stop()
    with pytest.raises(ServerUnreachable):
        # What stood open from before may break only as it is used.
        await newest.gateway.learn_server()
    with pytest.raises(ServerUnreachable) as away:
        await newest.do(tell, attempts=2, unsent=1)
    await newest.stage.mm.start()

    assert is_unsent(limited.value)
    assert is_unsent(away.value)
    assert (await newest.do(tell, attempts=3, unsent=2)).outcome == "ephemeral"


@pytest.mark.parametrize(("unsent", "trouble"), [(0, "unsure"), (1, "unknown")])
async def test_a_command_runs_again_only_where_it_certainly_did_not(newest: Way, unsent: int, trouble: str) -> None:
    place_id = await newest.stage.channel()
    effect = do.RunCommand(task_id=1, place_id=place_id, command="/no-such-word", by_id="u", is_allowed=True)
    ran = (await newest.do(effect, attempts=2, unsent=unsent)).event

    assert isinstance(ran, CommandRan)
    assert (ran.trouble, newest.asked("POST", "/commands/execute")) == (trouble, unsent)


async def test_a_command_that_waits_since_before_there_was_a_list_is_not_run(newest: Way) -> None:
    before = {"type": "RunCommand", "task_id": 1, "place_id": "p", "command": "/invite @guest ~secret", "by_id": "u"}
    ran = (await newest.do(msgspec.convert(before, do.RunCommand))).event

    assert isinstance(ran, CommandRan)
    assert (ran.trouble, newest.asked("POST", "/commands/execute")) == ("before", 0)


async def test_a_right_that_was_taken_away_is_noticed_once(newest: Way) -> None:
    await allow_ephemeral(newest.stage)
    await newest.gateway.learn_server()
    await newest.stage.admin.put(f"/users/{newest.stage.bot_id}/roles", options={"roles": "system_user"})
    tell = do.Tell(person_id=newest.stage.ann.id, place_id=await newest.stage.channel(), content=HELLO)

    assert [(await newest.do(tell)).outcome for _ in range(2)] == ["done", "done"]
    assert newest.asked("POST", "/posts/ephemeral") == 1


async def test_what_is_to_be_edited_later_is_always_a_direct_message(newest: Way) -> None:
    await allow_ephemeral(newest.stage)
    await newest.gateway.learn_server()
    place_id = await newest.stage.channel()
    result = await newest.do(do.Tell(person_id=newest.stage.ann.id, place_id=place_id, message_id=4, content=HELLO))

    assert isinstance(result.event, MessagePosted)
    assert (result.message_id, result.event.post_id) == (4, result.post_id)
    assert result.place_id != place_id


async def test_nobody_to_tell_is_given_up(way: Way) -> None:
    event = undeliverable(await way.do(do.Tell(person_id="x" * 26, content=HELLO)), "person_gone")

    assert (event.effect, event.person_id) == ("Tell", "x" * 26)


# -- changes


async def test_an_edit_replaces_all_that_a_message_shows(way: Way) -> None:
    place_id = await way.stage.channel()
    post_id = await way.posted(place_id)
    result = await way.do(do.Edit(message_id=1, content=do.Content("new"), revision=2), post_id=post_id)
    (post,) = way.stage.mm.posts(place_id)

    assert (result.outcome, post.message, post.props["muster"]["rev"]) == ("done", "new", 2)
    assert post.props["from_bot"] == "true"
    assert not post.props.get("attachments")


async def test_buttons_survive_an_edit_that_changes_nothing(way: Way) -> None:
    place_id = await way.stage.channel()
    post_id = await way.posted(place_id)
    await way.do(do.Edit(message_id=1, content=HELLO, revision=2), post_id=post_id)
    (post,) = way.stage.mm.posts(place_id)

    assert post.props["attachments"][0]["actions"][0]["integration"]["context"]["m"]


async def test_what_a_post_shows_already_is_not_sent_again(way: Way) -> None:
    post_id = await way.posted(await way.stage.channel())
    edit = do.Edit(message_id=1, content=do.Content("new"), revision=3)
    way.gateway.noticed(post_id, 3)

    assert (await way.do(edit, post_id=post_id)).outcome == "shown"
    assert way.asked("PUT", "/posts/") == 0


async def test_an_edit_whose_answer_was_lost_is_not_made_again(way: Way) -> None:
    post_id = await way.posted(await way.stage.channel())
    parcel = way.parcel(do.Edit(message_id=1, content=do.Content("new"), revision=2), post_id=post_id)
    way.stage.mm.faults.reset("PUT *", after_commit=True, times=2)
    with pytest.raises(ServerUnreachable):
        await way.gateway.perform(parcel)
    sent = way.asked("PUT", "/posts/")

    assert (await way.gateway.perform(replace(parcel, attempts=2))).outcome == "shown"
    assert way.asked("PUT", "/posts/") == sent


async def test_what_was_seen_is_remembered_within_bounds(way: Way) -> None:
    for number in range(MOST + 1):
        way.gateway.noticed(f"p{number}", number + 1)
    way.gateway.noticed("p5", 2)

    assert [way.gateway.shows(post) for post in ("p0", "p1", "p5", "other")] == [0, 2, 2, 0]


async def test_a_message_deleted_by_hand_is_let_go(way: Way) -> None:
    place_id = await way.stage.channel()
    post_id = await way.posted(place_id)
    await way.stage.admin.delete(f"/posts/{post_id}")
    changes = (do.Edit(message_id=1, content=HELLO, revision=2), do.Pin(message_id=1))

    for change in changes:
        result = await way.do(change, post_id=post_id, place_id=place_id)
        assert result.outcome == "gone"
        if isinstance(change, do.Edit):
            assert result.event == PostDeleted(at=way.now, post_id=post_id, place_id=place_id)


async def test_what_is_known_to_be_gone_costs_no_request(way: Way) -> None:
    before = len(way.stage.mm.requests)
    results = [
        await way.do(do.Edit(message_id=1, content=HELLO, revision=2), post_id="p1", gone=True),
        await way.do(do.Pin(message_id=1)),
    ]

    assert [result.outcome for result in results] == ["gone", "gone"]
    assert len(way.stage.mm.requests) == before


async def test_a_message_in_an_archived_channel_cannot_be_changed(way: Way) -> None:
    place_id = await way.stage.channel()
    post_id = await way.posted(place_id)
    way.stage.mm.faults.archive_channel(place_id)
    edit = do.Edit(message_id=1, content=HELLO, revision=2)

    event = undeliverable(await way.do(edit, post_id=post_id, place_id=place_id), "archived")
    assert (event.effect, event.message_id, event.place_id) == ("Edit", 1, place_id)


async def test_a_message_is_pinned_and_again(way: Way) -> None:
    place_id = await way.stage.channel()
    post_id = await way.posted(place_id)

    assert [(await way.do(do.Pin(message_id=1), post_id=post_id)).outcome for _ in range(2)] == ["done", "done"]
    assert way.stage.mm.posts(place_id)[0].is_pinned


# -- failures


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (4, 8), (7, 60), (500, 60)])
async def test_a_server_that_fails_is_tried_again_later_and_later(newest: Way, attempts: int, seconds: int) -> None:
    error = '{"id": "app.post.save.app_error", "message": "", "status_code": 500}'
    newest.stage.mm.faults.server_error("POST /posts", body=error, content_type="application/json")
    post = do.Post(message_id=1, place_id=await newest.stage.channel(), content=HELLO)

    assert (await newest.do(post, attempts=attempts)).retry_at == newest.now + timedelta(seconds=seconds)


async def test_a_post_that_is_being_made_right_now_is_asked_for_later(newest: Way) -> None:
    error = '{"id": "api.post.deduplicate_create_post.pending", "message": "", "status_code": 500}'
    newest.stage.mm.faults.server_error("POST /posts", body=error, content_type="application/json")
    place_id = await newest.stage.channel()

    assert (await newest.do(do.Post(message_id=1, place_id=place_id, content=HELLO))).retry_at is not None


async def test_what_fails_for_a_day_is_given_up(newest: Way) -> None:
    error = '{"id": "app.post.save.app_error", "message": "", "status_code": 500}'
    newest.stage.mm.faults.server_error("POST /posts", body=error, content_type="application/json")
    post = do.Post(message_id=1, place_id=await newest.stage.channel(), content=HELLO)

    undeliverable(await newest.do(post, created_at=newest.now - timedelta(hours=24)), "refused")


@pytest.mark.parametrize("status", [404, 500, 502, 503])
async def test_a_proxys_error_page_says_nothing_about_the_effect(newest: Way, status: int) -> None:
    place_id = await newest.stage.channel()
    newest.stage.mm.faults.server_error("POST /posts", status=status)
    with pytest.raises(ServerRefused) as caught:
        await newest.do(do.Post(message_id=1, place_id=place_id, content=HELLO))

    assert caught.value.status == status


async def test_the_rate_limit_and_a_bad_token_concern_everything(newest: Way) -> None:
    place_id = await newest.stage.channel()
    newest.stage.mm.faults.rate_limit("POST /posts", retry_after=3)
    with pytest.raises(ServerRefused) as limited:
        await newest.do(do.Post(message_id=1, place_id=place_id, content=HELLO))
    newest.stage.mm.faults.revoke_tokens("muster")
    with pytest.raises(ServerRefused) as revoked:
        await newest.do(do.Post(message_id=1, place_id=place_id, content=HELLO))

    assert (limited.value.status, limited.value.retry_after, revoked.value.status) == (429, 3.0, 401)


# -- dialogs


async def test_a_dialog_that_comes_too_late_is_told_apart(newest: Way) -> None:
    error = '{"id": "interactive_message.decode_trigger_id.expired", "message": "late", "status_code": 400}'
    newest.stage.mm.faults.server_error("POST /actions/*", status=400, body=error, content_type="application/json")
    with pytest.raises(DialogTooLate):
        await newest.gateway.open_dialog("trigger", DIALOG, "ann", Place(id="town"))


async def test_a_dialog_with_a_made_up_trigger_is_refused(way: Way) -> None:
    with pytest.raises(ServerRefused) as caught:
        await way.gateway.open_dialog("trigger", DIALOG, "ann", Place(id="town"))

    assert caught.value.status == 400
