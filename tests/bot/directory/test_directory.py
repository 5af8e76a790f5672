"""Who is who, with as few questions to the server as can be."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.directory.directory import Directory, Unknown
from bot.directory.mentions import mentions_in
from bot.driver import ServerRefused, ServerUnreachable
from store import KnownPlace
from tests.listening import Desk, scene

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Server:
    """Answers like a server, and writes down what it is asked."""

    def __init__(self, *users: dict[str, Any]) -> None:
        self.users = list(users)
        self.channels: dict[str, Any] = {}
        self.asked: list[tuple[str, Any]] = []
        self.down = False

    async def post(self, path: str, options: Any = None) -> Any:
        self._ask(path, options)
        key = "id" if path == "/users/ids" else "username"
        return [user for user in self.users if user[key] in options]

    async def get(self, path: str, *, params: Any = None) -> Any:
        self._ask(path, params)
        for channel in self.channels.values():
            if path in (f"/channels/{channel['id']}", f"/teams/{channel['team_id']}/channels/name/{channel['name']}"):
                return channel
        raise ServerRefused(404, "app.channel.get.existing.app_error")

    def _ask(self, path: str, what: Any) -> None:
        self.asked.append((path, what))
        if self.down:
            raise ServerUnreachable("down")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


ALICE = {"id": "a", "username": "alice", "roles": "system_user system_admin"}
BOB = {"id": "b", "username": "bob"}
OPS = {"id": "c", "team_id": "t", "name": "ops", "display_name": "Ops", "type": "O"}


async def test_the_same_person_a_moment_ago_needs_no_network():
    """Nor does the same name."""
    server = Server(ALICE)
    directory = Directory(server, Desk(), clock=Clock())
    first = await directory.person("a")
    assert await directory.person("a") == first
    assert await directory.people_named(["@Alice"]) == {"alice": first}
    assert first.is_admin
    assert server.asked == [("/users/ids", ["a"])]


async def test_people_that_are_wanted_together_are_read_together():
    """One question, however many ask."""
    server = Server(ALICE, BOB)
    directory = Directory(server, Desk(), clock=Clock())
    people = await asyncio.gather(*(directory.person(each) for each in ("a", "b", "a")))
    assert [person.username for person in people] == ["alice", "bob", "alice"]
    assert server.asked == [("/users/ids", ["a", "b"])]


async def test_what_is_stored_outlives_the_process():
    """A restart does not ask again for whom it knew a minute ago."""
    server, desk, clock = Server(ALICE), Desk(), Clock()
    first = await Directory(server, desk, clock=clock).person("a")
    assert await Directory(server, desk, clock=clock).person("a") == first
    assert len(server.asked) == 1


async def test_old_knowledge_is_read_anew_and_serves_while_the_server_is_down():
    """Somebody who was an administrator may not be one any more."""
    server, clock = Server(dict(ALICE)), Clock()
    directory = Directory(server, Desk(), clock=clock)
    assert (await directory.person("a")).is_admin
    server.users[0]["roles"] = "system_user"
    clock.now += timedelta(hours=1)
    server.down = True
    assert (await directory.person("a")).is_admin
    server.down = False
    assert not (await directory.person("a")).is_admin


async def test_a_change_that_is_told_counts_at_once():
    """The server says that something changed, not always what."""
    server = Server(dict(BOB))
    directory = Directory(server, Desk(), clock=Clock())
    await directory.person("b")
    server.users[0]["username"] = "robert"
    directory.aged("b")
    assert (await directory.person("b")).username == "robert"
    assert set(await directory.people_named(["bob", "robert"])) == {"robert"}


async def test_nobody_is_remembered_as_nobody():
    """A name that does not exist is asked once in a while."""
    server, clock = Server(BOB), Clock()
    directory = Directory(server, Desk(), clock=clock)
    assert await directory.people_named(["nobody", "bob"]) != {}
    assert await directory.people_named(["nobody"]) == {}
    assert len(server.asked) == 1
    with pytest.raises(Unknown):
        await directory.person("nobody")
    assert await directory.people(["b", "nobody"]) == {"b": await directory.person("b")}


async def test_an_unknown_person_of_an_unreachable_server_is_not_called_unknown():
    """Nobody may be taken for gone because the network is."""
    server = Server(ALICE)
    server.down = True
    with pytest.raises(ServerUnreachable):
        await Directory(server, Desk()).person("a")


async def test_memory_is_bounded():
    """The longest unused goes first, and is still in the store."""
    server = Server(*({"id": str(number), "username": f"u{number}"} for number in range(30)))
    directory = Directory(server, Desk(), clock=Clock(), size=5)
    for number in range(30):
        await directory.person(str(number))
    assert len(directory._people) == 5
    await directory.person("0")
    assert len(server.asked) == 30


async def test_channels_are_known_by_id_and_by_name():
    """And stored, without touching what was heard there."""
    server, desk = Server(), Desk()
    server.channels["c"] = dict(OPS)
    await desk.ask(lambda store: store.add(KnownPlace(id="c", is_member=True, heard_until=7, seen_at=NOW)))
    directory = Directory(server, desk, clock=Clock())
    place = await directory.place_named("t", "~ops")
    assert place is not None
    assert place == await directory.place("c")
    assert await directory.place_named("t", "nowhere") is None
    assert await directory.place_named("t", "nowhere") is None
    assert len(server.asked) == 2
    row = await desk.ask(lambda store: store.place_named("t", "ops"))
    assert (row.heard_until, row.is_member, row.title) == (7, True, "Ops")
    with pytest.raises(Unknown):
        await directory.place("nowhere")


async def test_what_playbooks_mention_is_read_before_it_is_needed():
    """People in one question."""
    server = Server(ALICE, BOB)
    server.channels["c"] = OPS
    directory = Directory(server, Desk(), clock=Clock())
    await directory.prefetch(["@alice", "bob"], [("t", "ops")])
    asked = len(server.asked)
    assert asked == 2
    await directory.people_named(["alice", "bob"])
    await directory.place_named("t", "ops")
    assert len(server.asked) == asked


async def test_a_renamed_person_is_known_by_the_new_name():
    """Over a real socket: the event makes the old knowledge old."""
    async with scene() as here, here.listening():
        await here.say("outage 1")
        await here.desk.hears("outage 1")
        await here.admin.put(f"/users/{here.alice_id}/patch", {"username": "alicia"})
        await here.say("outage 2")
        await here.desk.hears("outage 1", "outage 2")
        assert [event.author.username for event in here.desk.events] == ["alice", "alicia"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hello @Bob", ("bob",)),
        ("@bob.", ("bob.", "bob")),
        ("@bob_-", ("bob_-", "bob_", "bob")),
        ("(@bob, @al.ice)", ("bob", "al.ice")),
        ("x@bob and bob", ()),
        ("`@bob` ```\n@eve\n``` @ann", ("ann",)),
        ("``a ` @bob`` @ann", ("ann",)),
        ("```\n@bob", ()),
        ("@all @here @channel", ()),
        ("@bob @bob", ("bob",)),
        ("a ` @bob", ("bob",)),
        ("＠bob、＠al.ice", ("bob", "al.ice")),
    ],
)
def test_mentions_stand_outside_code(text: str, names: tuple[str, ...]):
    """All readings of a name, the longest first."""
    assert mentions_in(text) == names


class Team:
    """Answers who is in the team "t", or why not."""

    def __init__(self, *members: str, refuses: Exception | None = None) -> None:
        self.members = set(members)
        self.refuses = refuses
        self.asked: list[tuple[str, list[str]]] = []

    async def post(self, path: str, options: Any = None) -> Any:
        self.asked.append((path, options))
        if self.refuses is not None:
            raise self.refuses
        found = [each for each in options if each in self.members]
        return [{"team_id": "t", "user_id": each, "delete_at": 9 if each == "gone" else 0} for each in found]

    async def get(self, path: str, *, params: Any = None) -> Any:
        raise AssertionError


async def test_who_is_in_a_team_is_asked_of_many_at_once_and_stored_for_the_handlers():
    people = [f"p{number}" for number in range(150)]
    server, desk = Team(*people[:120], "gone"), Desk()
    directory = Directory(server, desk, clock=Clock())
    assert await directory.ask_members("t", [*people, "gone"]) == set(people[:120])
    assert {path for path, _ in server.asked} == {"/teams/t/members/ids"}
    assert [len(ids) for _, ids in server.asked] == [100, 51]
    known = await desk.ask(lambda store: store.team_members("t", ["p0", "p149", "gone", "other"]))
    assert {who: row.is_member for who, row in known.items()} == {"p0": True, "p149": False, "gone": False}


@pytest.mark.parametrize("status", [403, 404])
async def test_of_a_team_that_does_not_show_itself_nobody_counts_as_a_member(status: int):
    directory = Directory(Team("p", refuses=ServerRefused(status, "api.context.permissions.app_error")), Desk())
    assert await directory.ask_members("t", ["p"]) == set()


@pytest.mark.parametrize("error", [ServerUnreachable("down"), ServerRefused(500, "x"), ServerRefused(429, "x")])
async def test_without_an_answer_nothing_is_taken_for_known(error: Exception):
    desk = Desk()
    await desk.ask(lambda store: store.learn_members("t", {"p": True}, NOW))
    with pytest.raises(type(error)):
        await Directory(Team(refuses=error), desk).ask_members("t", ["p"])
    known = await desk.ask(lambda store: store.team_members("t", ["p"]))
    assert (known["p"].is_member, known["p"].seen_at) == (True, NOW)


class Groups:
    """Says who is in the groups of the server, or refuses."""

    def __init__(self, *names: str, refuses: Exception | None = None) -> None:
        self.names = names
        self.refuses = refuses

    async def get(self, path: str, *, params: Any = None) -> Any:
        if self.refuses is not None:
            raise self.refuses
        if path == "/groups":
            return [{"id": f"id-{name}", "name": name} for name in self.names if params["q"] in name]
        return {"members": [ALICE, BOB | {"delete_at": 1}] if params["page"] == 0 else [], "total_member_count": 2}

    async def post(self, path: str, options: Any = None) -> Any:
        raise AssertionError


async def known_group(groups: Groups, name: str) -> tuple[list[str], bool]:
    desk = Desk()
    await Directory(groups, desk).ask_groups([name])
    found = await desk.ask(lambda store: store.groups([name])[name])
    return found.person_ids, found.is_there


async def test_who_is_in_a_group_is_stored_without_those_who_are_deactivated():
    assert await known_group(Groups("sre-emea", "sre"), "sre") == (["a"], True)
    assert await known_group(Groups("sre-emea"), "sre") == ([], False)


@pytest.mark.parametrize("status", [501, 403, 404])
async def test_where_the_server_has_no_groups_nobody_is_in_one(status: int):
    """Seen on unlicensed servers of 5.37, 10.0 and 11.6: 501."""
    refused = ServerRefused(status, "api.license_error")
    assert await known_group(Groups(refuses=refused), "sre") == ([], False)


@pytest.mark.parametrize("error", [ServerUnreachable("down"), ServerRefused(500, "x"), ServerRefused(429, "x")])
async def test_without_an_answer_about_a_group_nothing_is_taken_for_known(error: Exception):
    with pytest.raises(type(error)):
        await known_group(Groups(refuses=error), "sre")
