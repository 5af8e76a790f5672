"""What the server says is read leniently, and nonsense raises one error only."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.wire import happenings
from bot.wire.incoming import _EVENTS, happening, read_frame
from bot.wire.reading import (
    BadFrame,
    Reader,
    read_channel,
    read_channels,
    read_posts,
    read_teams,
    read_user,
    read_users,
)
from bot.wire.things import Post

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(sorted(_EVENTS))
FIELDS = st.sampled_from(
    ["post", "user", "channel", "channel_id", "user_id", "team_id", "channel_type", "connection_id", "remover_id"]
)


def _read(raw: bytes | str) -> Any:
    return happening(read_frame(raw))


def _frame(event: str, data: Any, **broadcast: str) -> str:
    return json.dumps({"event": event, "data": data, "broadcast": broadcast, "seq": 1})


def _post(**fields: Any) -> Post:
    return Reader(Post).value({"id": "p", "channel_id": "c"} | fields)


@given(st.binary() | st.text())
def test_any_bytes_raise_bad_frame_or_nothing(raw: bytes | str):
    """Whatever comes, the socket goes on."""
    _harmless(lambda: _read(raw))


@given(JSON)
def test_any_json_raises_bad_frame_or_nothing(value: Any):
    """Also as an answer to a question."""
    _harmless(lambda: _read(json.dumps(value)))
    for read in (read_posts, read_users, read_user, read_channel, read_channels, read_teams):
        _harmless(lambda read=read: read(value))


@given(NAMES, st.dictionaries(FIELDS, JSON | JSON.map(json.dumps), max_size=5), JSON)
def test_any_data_of_a_known_event_raises_bad_frame_or_nothing(event: str, data: Any, broadcast: Any):
    """Plugins and newer servers may put anything there."""
    _harmless(lambda: _read(json.dumps({"event": event, "data": data, "broadcast": broadcast})))


@given(st.dictionaries(st.sampled_from(Post.__struct_fields__), JSON), JSON)
def test_any_post_can_be_asked_for_its_text(fields: dict[str, Any], attachments: Any):
    """Attachments are what anybody put there."""

    def ask() -> None:
        post = _post(**fields | {"props": {"attachments": attachments, "muster": attachments}})
        assert isinstance(post.text, str)
        assert post.revision is None or isinstance(post.revision, int)
        assert post.is_automatic in (True, False)

    _harmless(ask)


WORDS = "she-is-pregnant"
TOLD = st.recursive(
    st.sampled_from([WORDS, f"a '{WORDS}' b", f'"{WORDS}', f"\ud800{WORDS}", 7, True]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(FIELDS | st.just(WORDS), inner, max_size=3),
    max_leaves=8,
)


@given(NAMES, st.dictionaries(FIELDS, TOLD | TOLD.map(json.dumps)), st.integers(0, 400))
@example("posted", {"channel_type": WORDS, "post": json.dumps({"id": "p", "channel_id": "c"})}, 0)
def test_what_is_said_of_a_bad_event_holds_nothing_of_it(name: str, data: Any, cut: int) -> None:
    """It is logged, and may be somebody's private message."""
    whole = json.dumps({"event": name, "data": data, "broadcast": {"channel_id": WORDS}, "seq": 1})
    for raw in (whole, whole[:cut], whole.replace("1", WORDS)):
        assert WORDS not in _why_bad(raw)


def _why_bad(raw: str) -> str:
    try:
        _read(raw)
    except BadFrame as error:
        return str(error)
    return ""


def _harmless(work: Any) -> None:
    with suppress(BadFrame):
        work()


def test_deeply_nested_json_is_a_bad_frame():
    """Nobody brings the bot down with brackets."""
    with pytest.raises(BadFrame):
        _read('{"event":"posted","data":' + "[" * 100_000 + "]" * 100_000 + "}")


def test_a_posted_event_is_read():
    """The post is JSON within JSON; nulls and unknown keys are borne."""
    post = {"id": "p", "channel_id": "c", "user_id": "u", "message": "hi", "props": None, "file_ids": None, "new": 1}
    data = {
        "post": json.dumps(post),
        "channel_type": "P",
        "team_id": "t",
        "channel_name": "n",
        "channel_display_name": "N",
        "mentions": None,
    }
    what = _read(_frame("posted", data))
    assert isinstance(what, happenings.Posted)
    assert (what.post.message, what.post.root_id, what.post.props.attachments) == ("hi", "", None)
    assert (what.place.kind, what.place.name, what.place.title, what.place.team_id) == ("P", "n", "N", "t")


def test_a_reply_is_no_event():
    """It has a status and the number of what it answers."""
    frame = read_frame('{"status":"FAIL","seq_reply":4,"error":{"id":"api.x","status_code":401}}')
    assert (frame.event, frame.status, frame.seq_reply, frame.error.status_code) == ("", "FAIL", 4, 401)
    assert happening(frame) is None


def test_unknown_events_are_nothing_to_the_bot():
    """Their data is not even looked at."""
    assert _read(_frame("custom_plugin_event", {"post": {"deep": [1]}, "user": "text"})) is None


@pytest.mark.parametrize(
    ("data", "broadcast"),
    [
        ({"channel_id": "c", "remover_id": "r"}, {"user_id": "u"}),
        ({"user_id": "u", "remover_id": "r"}, {"channel_id": "c"}),
    ],
)
def test_both_shapes_of_a_removal_say_the_same(data: dict[str, str], broadcast: dict[str, str]):
    """The channel is told who, and who was removed is told the channel."""
    assert _read(_frame("user_removed", data, **broadcast)) == happenings.Removed("c", "u")


@pytest.mark.parametrize(
    ("event", "data", "broadcast", "expected"),
    [
        ("user_added", {"user_id": "u", "team_id": "t"}, {"channel_id": "c"}, happenings.Added("c", "u")),
        ("direct_added", {"creator_id": "x"}, {"channel_id": "c"}, happenings.Added("c")),
        ("channel_created", {"channel_id": "c", "team_id": "t"}, {}, happenings.Added("c")),
        ("channel_deleted", {"channel_id": "c", "delete_at": 5}, {}, happenings.Archived("c")),
        ("channel_restored", {"channel_id": "c"}, {}, happenings.Restored("c")),
        ("channel_converted", {"channel_id": "c"}, {"team_id": "t"}, happenings.ChannelChanged("c")),
        ("leave_team", {"user_id": "u", "team_id": "t"}, {"user_id": "u"}, happenings.TeamsChanged("u", "t", True)),
        ("added_to_team", {"user_id": "u", "team_id": "t"}, {"user_id": "u"}, happenings.TeamsChanged("u", "t")),
        ("user_updated", {"user": {"id": "u", "username": "x"}}, {}, happenings.UserChanged("u", True)),
        ("user_updated", {"user": {"id": "u", "delete_at": 9}}, {}, happenings.UserChanged("u", False)),
        ("user_role_updated", {"user_id": "u", "roles": "system_user"}, {}, happenings.UserChanged("u")),
        ("hello", {"connection_id": "k", "server_version": "11"}, {}, happenings.Hello("k", "11")),
    ],
)
def test_events_are_read(event: str, data: Any, broadcast: dict[str, str], expected: Any):
    """One kind of value for each kind of event that means something to the bot."""
    assert _read(_frame(event, data, **broadcast)) == expected


def test_the_text_of_a_post_is_all_that_people_read():
    """In their order; numbers in fields are words, too."""
    card = {
        "fallback": "not this",
        "pretext": "before",
        "title": "title",
        "text": "text",
        "fields": [{"title": "CPU", "value": 99, "short": True}, None],
        "footer": "foot",
    }
    post = _post(message="said", props={"attachments": [card, None, "odd", {"fallback": "only this"}]})
    assert post.text.split("\n") == ["said", "before", "title", "text", "CPU", "99", "foot", "only this"]


@pytest.mark.parametrize("mark", ["from_bot", "from_webhook", "from_plugin"])
def test_posts_that_say_they_are_automatic(mark: str):
    """As a word or as a truth value."""
    assert _post(props={mark: "true"}).is_automatic
    assert _post(props={mark: True}).is_automatic
    assert not _post(props={mark: ""}).is_automatic


@pytest.mark.parametrize(
    ("kind", "spoken"),
    [
        ("", True),
        ("me", True),
        ("slack_attachment", True),
        ("custom_x", True),
        ("system_join_channel", False),
        ("add_bot_teams_channels", False),
    ],
)
def test_only_spoken_posts_count(kind: str, spoken: bool):
    """All others are the server's own notes."""
    assert _post(type=kind).is_spoken is spoken


def test_a_time_zone_is_the_one_that_is_chosen():
    """The server keeps the tick as a word."""
    zone = {"useAutomaticTimezone": "true", "automaticTimezone": "Europe/Paris", "manualTimezone": "Asia/Tokyo"}
    assert read_user({"id": "u", "timezone": zone}).person.timezone == "Europe/Paris"
    assert read_user({"id": "u", "timezone": zone | {"useAutomaticTimezone": "false"}}).person.timezone == "Asia/Tokyo"
    assert read_user({"id": "u", "timezone": None}).person.timezone == ""


@pytest.mark.parametrize(("locale", "read"), [("pt-BR", "pt-BR"), ("", ""), (None, "")])
def test_a_persons_language_is_read(locale: str | None, read: str) -> None:
    assert read_user({"id": "u", "locale": locale}).person.locale == read


def test_roles_make_administrators_and_guests():
    """By whole words."""
    assert read_user({"id": "u", "roles": "system_user system_admin"}).person.is_admin
    assert read_user({"id": "u", "roles": "system_guest"}).person.is_guest
    assert not read_user({"id": "u", "roles": "system_admin_friend"}).person.is_admin
    assert not read_user({"id": "u", "delete_at": 5}).person.is_active


def test_posts_are_in_the_order_of_the_list():
    """First posts of threads that only come along are left out, and doubles (5.37) count once."""
    posts = {key: {"id": key, "channel_id": "c"} for key in ("a", "b", "root")}
    assert [post.id for post in read_posts({"order": ["b", "a", "b", "gone"], "posts": posts})] == ["b", "a"]
    assert read_posts({"order": None, "posts": None}) == []
