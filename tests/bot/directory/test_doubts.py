"""What only the server knows is asked of it where a decision hangs on it, and nowhere else."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.directory.directory import Directory
from bot.directory.doubts import MOST, decided
from bot.driver import ServerRefused, ServerUnreachable
from handlers.events import AnyEvent, ButtonPressed, CommandGiven, JobDue, MessageHeard, Person, Place, Readers
from handlers.unsure import HeadOf, InTeam, ReadersOf, ToRender, Unsure
from tests.listening import Desk as Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALICE = Person(id="alice", username="alice")
HERE = Place(id="here", team_id="t")
FINISH = CommandGiven(at=NOW, text="finish now", asker=ALICE, place=HERE)


class Server:
    """Answers the question for a membership, and counts it."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def get(self, path: str, *, params: Any = None) -> Any:
        self.asked.append(path)
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is None:
            await asyncio.sleep(60)
        return self.answer

    async def post(self, path: str, options: Any = None) -> Any:
        raise AssertionError


class Desk:
    """Decides as if everything hung on who administers these channels, one after the other."""

    def __init__(self, *places: str) -> None:
        self.places = places
        self.seen: list[AnyEvent] = []

    async def dispatch(self, event: AnyEvent) -> str:
        self.seen.append(event)
        who = event.author if isinstance(event, MessageHeard) else getattr(event, "asker", ALICE)
        for place in self.places:
            if place not in who.asked:
                raise Unsure(HeadOf(place))
        return "yes" if who.heads == set(self.places) else "no"


def directory(answer: Any) -> tuple[Directory, Server]:
    server = Server(answer)
    return Directory(server, Store(), soon=timedelta(seconds=0.05)), server


def member(roles: str, *, scheme_admin: bool = False) -> dict[str, Any]:
    return {"channel_id": "here", "user_id": "alice", "roles": roles, "scheme_admin": scheme_admin, "notify_props": {}}


async def test_nobody_is_asked_about_where_nothing_hangs_on_it() -> None:
    who, server = directory(member("channel_user channel_admin"))
    assert await decided(Desk().dispatch, who, FINISH) == "yes"
    assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "is_one"),
    [
        (member("channel_user channel_admin", scheme_admin=True), "yes"),
        (member("w8xk channel_user", scheme_admin=True), "yes"),
        (member("channel_user channel_admin"), "yes"),
        (member("channel_user"), "no"),
        (ServerRefused(404, "app.channel.get_member.missing.app_error"), "no"),
        (ServerUnreachable("down"), "no"),
        ("<html>", "no"),
        (None, "no"),
    ],
)
async def test_what_the_server_says_decides_and_no_answer_is_no(answer: Any, is_one: str) -> None:
    who, server = directory(answer)
    desk = Desk("here")
    assert await decided(desk.dispatch, who, FINISH) == is_one
    assert server.asked == ["/channels/here/members/alice"]
    assert len(desk.seen) == 2


async def test_it_is_asked_anew_each_time_so_that_who_is_none_any_more_is_none_at_once() -> None:
    who, server = directory(member("channel_user channel_admin"))
    assert await decided(Desk("here").dispatch, who, FINISH) == "yes"
    server.answer = member("channel_user")
    assert await decided(Desk("here").dispatch, who, FINISH) == "no"


async def test_each_channel_is_asked_about_once() -> None:
    who, server = directory(member("channel_admin"))
    said = MessageHeard(at=NOW, post_id="p", root_id="", place=HERE, author=ALICE, text="finish now")
    assert await decided(Desk("here", "there").dispatch, who, said) == "yes"
    assert server.asked == ["/channels/here/members/alice", "/channels/there/members/alice"]


async def test_what_nobody_asked_for_hangs_on_nobody() -> None:
    who, _ = directory(member("channel_admin"))
    with pytest.raises(Unsure):
        await decided(Desk("here").dispatch, who, JobDue(at=NOW, job_id=1))


class Reads:
    """Decides as soon as it was asked who reads the channel."""

    async def dispatch(self, event: AnyEvent) -> Readers:
        readers: Readers | None = getattr(event, "readers", None)
        if readers is None:
            raise Unsure(ReadersOf("here", "O"))
        return readers


async def test_who_reads_a_channel_is_asked_for_who_presses_a_button_there() -> None:
    press = ButtonPressed(at=NOW, action="a", arg="", asker=ALICE, place=HERE, message_id=1, post_id="p")
    who, server = directory({"channel_id": "here", "member_count": 3, "guest_count": 0})
    assert await decided(Reads().dispatch, who, press) == Readers(people=())
    assert server.asked == ["/channels/here/stats"]
    with pytest.raises(Unsure):
        await decided(Reads().dispatch, who, FINISH)


@pytest.mark.parametrize("answer", [ServerUnreachable("down"), "<html>", {"channel_id": "here"}])
async def test_without_an_answer_who_reads_a_channel_nothing_is_decided(answer: Any) -> None:
    press = ButtonPressed(at=NOW, action="a", arg="", asker=ALICE, place=HERE, message_id=1, post_id="p")
    with pytest.raises(ServerUnreachable):
        await decided(Reads().dispatch, directory(answer)[0], press)


class Doubts:
    """Decides as soon as it was asked who is in which teams."""

    def __init__(self, *questions: InTeam) -> None:
        self.questions = list(questions)

    async def dispatch(self, event: AnyEvent) -> str:
        if self.questions:
            raise Unsure(self.questions.pop(0))
        return "decided"


class Teams:
    """Writes down who was asked about."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.rendered: list[ToRender] = []

    async def administers(self, person_id: str, place_id: str) -> bool:
        raise AssertionError

    async def ask_members(self, team_id: str, person_ids: Sequence[str]) -> set[str]:
        self.asked.append((team_id, tuple(person_ids)))
        return set()

    async def render(self, order: ToRender) -> None:
        self.rendered.append(order)

    async def ask_readers(self, place_id: str, kind: str) -> Readers:
        raise AssertionError


@pytest.mark.parametrize("event", [FINISH, JobDue(at=NOW, job_id=1)])
async def test_who_is_in_a_team_is_asked_for_whatever_happens(event: AnyEvent) -> None:
    one, two = InTeam("t", ("alice",)), InTeam("u", ("bob", "carla"))
    teams = Teams()
    assert await decided(Doubts(one, two).dispatch, teams, event) == "decided"
    assert teams.asked == [("t", ("alice",)), ("u", ("bob", "carla"))]


@pytest.mark.parametrize("event", [FINISH, JobDue(at=NOW, job_id=1)])
async def test_templates_are_rendered_for_whatever_happens(event: AnyEvent) -> None:
    order, teams = ToRender((("line", "{{ owner }}"),), (("owner", "alice"),)), Teams()
    assert await decided(Doubts(order).dispatch, teams, event) == "decided"
    assert teams.rendered == [order]


async def test_an_answer_that_was_in_doubt_again_before_it_counted_is_asked_for_again() -> None:
    one, teams = InTeam("t", ("alice",)), Teams()
    assert await decided(Doubts(one, one).dispatch, teams, FINISH) == "decided"
    assert teams.asked == [("t", ("alice",))] * 2


async def test_an_answer_that_never_counts_ends_it() -> None:
    one, teams = InTeam("t", ("alice",)), Teams()
    with pytest.raises(Unsure):
        await decided(Doubts(*[one] * 20).dispatch, teams, FINISH)
    assert teams.asked == [("t", ("alice",))] * MOST
