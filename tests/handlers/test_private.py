"""What is private stays so: a run is seen by whom its channel lets now, and its words go nowhere else."""

from dataclasses import replace
from typing import Any

import pytest
from desk import ALICE, BOB, CARLA, GUEST, INCIDENT, TOWN, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.context import Context
from handlers.events import Hit, MessageHeard, Person, PersonLeft, Place, PlaceChanged, PlaceUnknown, TeamLeft
from handlers.messages.current import current
from handlers.playbooks.playbook import Playbook
from store import KnownPlace, Store

SECRET = Place(id="secret", team_id="t1", kind="P", name="secret-plans", title="Secret plans")
ASKING = ("list", "#1 info", "#1 timeline", "#1 brief", "#1 follow", "#1 join", "#1 roles", "#1 owner")


def book(**changes: Any) -> Playbook:
    return Playbook.model_validate(INCIDENT.definition() | changes)


def public(**updates: Any) -> Playbook:
    told = INCIDENT.updates.model_dump(mode="json") | {"broadcast_private": False} | updates
    return book(channel={"visibility": "public"}, updates=told)


def private(**updates: Any) -> Playbook:
    return public(**updates).model_copy(update={"channel": INCIDENT.channel})


def at_desk(*books: Playbook) -> Desk:
    desk = Desk(*books)
    row = KnownPlace(id="secret", team_id="t1", name="secret-plans", kind="P", is_member=True, seen_at=desk.now)
    desk.ask(lambda store: store.learn(row))
    return desk


def said(effects: list[do.Effect]) -> str:
    return "\n".join(repr(one) for one in effects)


def prompt_of(desk: Desk) -> str:
    """Return what the prompt shows now."""
    drawn = [one for one in desk.sent if isinstance(one, do.Post | do.Edit) and one.message_id == 1]
    return words_of(drawn[-1].content.cards[0])


def taken_out(store: Store) -> None:
    """Let the bot be taken out of the run's channel."""
    row = store.place("channel1")
    assert row is not None
    row.left_by_hand = True


def update(desk: Desk, place: Place, by: Person = ALICE, text: str = "Payroll leaked") -> list[do.Effect]:
    return desk.commands(f"#1 update {text}", by, place=place)


def test_who_is_outside_sees_nothing_of_a_run_whose_channel_became_private_and_comes_in_nowhere() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    assert "Checkout is down" in said(desk.commands("list", CARLA))
    assert "Checkout is down" in said(desk.commands("#1 info", CARLA))
    desk.becomes(place, kind="P")
    for words in ASKING:
        found = desk.commands(words, CARLA)
        assert "heckout" not in said(found)
        assert all_of(found, do.Invite) == []
        assert "heckout" in said(desk.commands(words, BOB)), words
    desk.becomes(place, kind="O")
    assert "Checkout is down" in said(desk.commands("#1 info", CARLA))


def test_a_button_that_somebody_outside_still_has_tells_nothing_either() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.becomes(place, kind="P", name="payroll", title="Payroll")
    for action in ("run.brief", "run.follow", "run.join", "run.look", "finish.ask", "update.ask", "run.restart"):
        found = desk.presses(action, 1, CARLA, choice="1")
        assert found
        assert not {"heckout", "payroll", "alice"} & {
            word for word in ("heckout", "payroll", "alice") if word in said(found)
        }


def test_as_long_as_it_is_in_doubt_what_a_channel_is_nobody_outside_sees_its_runs() -> None:
    desk = at_desk(public())
    started_run(desk)
    desk.ask(lambda store: store.doubt("channel1"))
    assert "Checkout" not in said(desk.commands("list", CARLA))
    assert "Checkout" in said(desk.commands("list", BOB))


def test_what_the_server_said_before_does_not_count_after_what_it_said_later() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.take(PlaceChanged(at=desk.now, place=Place(id=place.id, team_id="t1", kind="P", name=place.name), as_of=50))
    desk.take(PlaceChanged(at=desk.now, place=Place(id=place.id, team_id="t1", kind="O", name="older"), as_of=49))
    assert "Checkout" not in said(desk.commands("list", CARLA))
    assert desk.ask(lambda store: store.place(place.id).name) == place.name


def test_where_the_bot_was_taken_out_of_a_public_channel_it_does_not_hear_that_it_became_private() -> None:
    desk = at_desk(public())
    started_run(desk)
    desk.ask(taken_out)
    assert "Checkout" not in said(desk.commands("list", CARLA))


def test_followers_who_may_not_see_a_run_any_more_are_told_so_once_without_its_name() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    for who in (BOB, CARLA):
        desk.commands("#1 follow", who)
    told = {one.person_id for one in all_of(update(desk, place), do.Tell)}
    assert told == {"bob", "carla"}
    desk.becomes(place, kind="P")
    found = {one.person_id: one.content.text for one in all_of(update(desk, place, text="Worse"), do.Tell)}
    assert "no longer follow run 1" in found["carla"]
    assert "heckout" not in found["carla"]
    assert "Worse" in found["bob"]
    again = [one.person_id for one in all_of(update(desk, place), do.Tell)]
    assert again.count("carla") == 0
    desk.becomes(place, kind="O")
    assert "carla" not in [one.person_id for one in all_of(update(desk, place), do.Tell)]


@pytest.mark.parametrize("doubt", [taken_out, lambda store: store.doubt("channel1")])
def test_as_long_as_it_is_in_doubt_what_a_channel_is_followers_outside_are_told_nothing_and_stay(doubt: Any) -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.commands("#1 follow", CARLA)
    desk.ask(doubt)
    assert "carla" not in [one.person_id for one in all_of(update(desk, place), do.Tell)]
    desk.ask(lambda store: setattr(store.place("channel1"), "left_by_hand", False))
    desk.becomes(place, kind="O")
    assert "carla" in [one.person_id for one in all_of(update(desk, place, text="Better"), do.Tell)]


def test_links_and_names_follow_a_renamed_channel_in_what_stands_and_in_what_comes() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    assert "/channels/checkout-is-down-1" in prompt_of(desk)
    desk.becomes(place, name="payments", title="Payments")
    assert "/channels/payments" in prompt_of(desk)
    assert "~payments" in prompt_of(desk)
    there = [post for post in all_of(update(desk, place), do.Post) if post.place_id == "town"]
    assert "/ops/channels/payments" in there[0].content.text
    assert "/ops/channels/payments" in said(desk.commands("list"))


def test_the_prompt_takes_name_and_link_back_when_the_channel_becomes_private() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.becomes(place, kind="P")
    assert "started a private run" in prompt_of(desk)
    assert "heckout" not in prompt_of(desk)
    desk.becomes(place, kind="O")
    assert "Checkout is down" in prompt_of(desk)


def test_the_prompt_takes_name_and_link_back_when_the_bot_is_told_no_more_what_the_channel_is() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.take(PlaceUnknown(at=desk.now, place_id=place.id))
    assert "started a private run" in prompt_of(desk)
    assert "heckout" not in prompt_of(desk)


def test_a_message_is_drawn_by_what_is_known_and_asks_nobody() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.commands("assign 1.1 @bob", place=place)
    desk.later(hours=1)

    def drawn(store: Store) -> list[bool]:
        ctx = Context(desk.now, store, desk.here)
        return [current(ctx, message) is not None for message in store.messages_of(1)]

    assert any(desk.ask(drawn))


def test_an_open_prompt_says_what_kind_of_channel_it_would_open_now() -> None:
    desk = at_desk(public())
    desk.says("sev-1")
    desk.stands(1)
    assert "opens a public channel" in prompt_of(desk)
    desk.becomes(TOWN, kind="P")
    assert "opens a private channel" in prompt_of(desk)


def test_a_playbook_finds_a_renamed_channel_by_the_name_that_it_knows() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.becomes(TOWN, name="plaza", title="Plaza")
    assert [post.place_id for post in all_of(update(desk, place), do.Post)] == [place.id, "town", "town"]
    other = Place(id="other", team_id="t1", kind="O", name="town-square", title="Town square")
    desk.becomes(other)
    assert [post.place_id for post in all_of(update(desk, place), do.Post)] == [place.id, "other", "other"]


def test_a_run_begins_in_the_renamed_channel_that_its_playbook_uses() -> None:
    desk = at_desk(book(channel={"use": "~town-square"}, start="now"))
    desk.becomes(TOWN, name="plaza", title="Plaza")
    desk.commands("run incident-response Checkout is down")
    assert desk.run().channel_id == "town"


@pytest.mark.parametrize("words", ["#1 update Payroll leaked", "#1 finish now"])
def test_a_private_run_tells_nothing_to_a_public_channel_and_says_so_to_who_speaks(words: str) -> None:
    desk = at_desk(private())
    place = started_run(desk)
    found = desk.commands(words, place=place)
    assert {post.place_id for post in all_of(found, do.Post)} == {place.id}
    told = all_of(found, do.Answer)[0].content.text
    assert "~town-square" in told
    assert "`broadcast_private: true`" in told


def test_a_private_run_is_told_to_public_channels_where_its_playbook_says_so_and_to_private_ones_in_any_case() -> None:
    desk = at_desk(private(broadcast_private=True))
    assert [post.place_id for post in all_of(update(desk, started_run(desk)), do.Post)] == ["channel1", "town", "town"]
    desk = at_desk(private(broadcast=["~town-square", "~secret-plans"]))
    place = started_run(desk)
    assert [post.place_id for post in all_of(update(desk, place), do.Post)] == ["channel1", "secret", "secret"]
    desk.becomes(SECRET, kind="O")
    assert [post.place_id for post in all_of(update(desk, place), do.Post)] == ["channel1"]


def test_what_began_in_a_private_channel_stays_there_even_where_the_run_is_public_by_now() -> None:
    desk = at_desk(public(broadcast=["~secret-plans"]))
    desk.becomes(TOWN, kind="P")
    place = started_run(desk)
    assert place.kind == "P"
    desk.becomes(place, kind="O")
    desk.becomes(SECRET, kind="O")
    assert [post.place_id for post in all_of(update(desk, place), do.Post)] == [place.id]
    assert "sev-1, checkout is down" not in said(desk.commands("#1 info", BOB))
    desk.becomes(TOWN, kind="O")
    assert [post.place_id for post in all_of(update(desk, place), do.Post)] == [place.id, "secret", "secret"]
    assert "sev-1, checkout is down" in said(desk.commands("#1 info", BOB))


def test_a_public_channel_that_a_playbook_uses_does_not_get_what_began_in_a_private_one() -> None:
    desk = at_desk(book(channel={"use": "~town-square"}, start="now", updates={}))
    hit = (Hit(playbook_id=1, keywords=("sev-1",)),)
    desk.says("sev-1 payroll", hits=hit, place=SECRET)
    found = desk.presses("prompt.start", 1, place=SECRET)
    assert one(found, do.OpenChannel).private
    assert "private channel of its own" in one(found, do.Tell).content.text


def mentions(desk: Desk, words: str, place: Place, by: Person = ALICE) -> list[do.Effect]:
    """Let a command be given in a message."""
    heard = MessageHeard(
        at=desk.now, post_id="m1", root_id="", place=place, author=by, text=f"@muster {words}", command=words
    )
    return desk.take(heard)


def test_a_run_that_is_started_by_a_message_in_a_private_channel_opens_a_private_one_and_stays_there() -> None:
    desk = at_desk(public())
    found = mentions(desk, "run incident-response Layoffs of Bob", SECRET)
    assert one(found, do.OpenChannel).private
    place = desk.opens()
    assert (desk.run().origin_channel_id, desk.run().origin_post_id) == ("secret", "m1")
    assert "ayoffs" not in said(desk.commands("list", CARLA))
    desk.becomes(place, kind="O")
    assert [post.place_id for post in all_of(update(desk, place), do.Post)] == [place.id]


@pytest.mark.parametrize(("kind", "is_private"), [("O", False), ("P", True)])
def test_a_channel_that_the_bot_has_not_met_before_is_what_the_message_says(kind: Any, is_private: bool) -> None:
    desk = at_desk(public())
    found = mentions(desk, "run incident-response Next", Place(id="new", team_id="t1", kind=kind, name="new"))
    assert one(found, do.OpenChannel).private is is_private


def test_a_message_in_a_private_channel_starts_no_run_in_the_public_one_that_the_playbook_uses() -> None:
    desk = at_desk(book(channel={"use": "~town-square"}, updates={}))
    found = mentions(desk, "run incident-response Layoffs", SECRET)
    assert one(found, do.OpenChannel).private
    assert "private channel of its own" in all_of(found, do.Tell)[0].content.text


def test_a_message_in_a_public_channel_starts_what_the_playbook_says_and_the_card_leads_there() -> None:
    desk = at_desk(public())
    assert not one(mentions(desk, "run incident-response Checkout", TOWN), do.OpenChannel).private
    desk.opens()
    cards = (card for post in all_of(desk.sent, do.Post) for card in post.content.cards)
    shown = words_of(next(card for card in cards if card.title == "Checkout"))
    assert shown.strip() == "[where it began](https://chat.example.com/ops/pl/m1)"


def test_a_message_may_begin_a_run_in_its_own_private_channel() -> None:
    desk = at_desk(public())
    found = mentions(desk, "run incident-response here Layoffs", SECRET)
    assert all_of(found, do.OpenChannel) == []
    assert {post.place_id for post in all_of(found, do.Post)} == {"secret"}
    assert "ayoffs" not in said(desk.commands("list", CARLA))


def test_what_is_commanded_unseen_in_a_private_channel_opens_what_the_playbook_says() -> None:
    desk = at_desk(public())
    assert not one(desk.commands("run incident-response Checkout", place=SECRET), do.OpenChannel).private


def test_the_update_dialog_says_which_channels_are_not_told() -> None:
    desk = at_desk(private())
    place = started_run(desk)
    intro = one(desk.presses("update.ask", 1, place=place), do.Ask).dialog.intro
    assert "not posted to ~town-square" in intro


def test_the_prompt_in_a_public_thread_does_not_name_a_private_run() -> None:
    desk = at_desk(private())
    desk.says("sev-1, payroll leaked")
    desk.stands(1)
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name="Payroll of Ann")
    assert "is starting a private run" in prompt_of(desk)
    desk.opens(name="payroll-of-ann-1")
    assert "@alice started a private run from this message · run 1" in prompt_of(desk)
    assert not [word for word in ("Ann", "payroll-of") if word in said([*desk.sent[-1:]]) or word in prompt_of(desk)]
    late = one(desk.presses("prompt.start", 1, CARLA), do.Refuse)
    assert "Ann" not in late.text
    assert "Payroll of Ann" in one(desk.presses("prompt.start", 1, BOB), do.Refuse).text


BOARD = Playbook.model_validate(
    {
        "title": "Board crisis",
        "key": "board-crisis",
        "keywords": ["sev-1"],
        "members": ["@alice"],
        "invite": ["@carla"],
        "start": "now",
        "checklists": [{"title": "Lawyers", "tasks": ["Call"]}],
    }
)
TELLING = ("Board", "board", "carla", "Lawyers", "checklist")


def test_the_prompt_of_a_private_playbook_names_it_to_nobody_who_may_not_see_it() -> None:
    desk = at_desk(BOARD)
    asked = one(desk.says("sev-1"), do.Post)
    assert not [word for word in TELLING if word in repr(asked)]
    refused = one(desk.presses("prompt.start", 1, BOB), do.Refuse)
    assert not [word for word in (*TELLING, "alice") if word in repr(refused)]
    assert not [word for word in TELLING if word in repr(one(desk.presses("prompt.start", 1, GUEST), do.Refuse))]
    dismissed = desk.presses("prompt.dismiss", 1, BOB)
    assert dismissed
    assert not [word for word in TELLING if word in repr(dismissed)]
    assert not [word for word in TELLING if word in repr(desk.presses("prompt.start", 1, BOB))]


@pytest.mark.parametrize("who", [BOB, GUEST], ids=["no member", "a guest"])
def test_a_private_playbook_that_was_archived_is_not_named_either(who: Person) -> None:
    desk = at_desk(BOARD.model_copy(update={"start": "dialog"}))
    desk.says("sev-1")
    dialog = one(desk.presses("prompt.start", 1, ALICE), do.Ask).dialog
    named = one(desk.commands("run board-crisis", ALICE), do.Ask).dialog
    desk.ask(lambda store: setattr(store.playbook(1), "archived_at", desk.now))
    assert "was archived" in repr(one(desk.presses("prompt.start", 1, ALICE), do.Refuse))
    for found in (
        desk.presses("prompt.start", 1, who),
        desk.submits(dialog, who, name="x"),
        desk.submits(named, who, name="x"),
    ):
        assert "is private" in repr(found)
        assert not [word for word in TELLING if word in repr(found)]


def test_an_archived_playbook_of_another_team_is_not_named() -> None:
    desk = at_desk(private())
    desk.says("sev-1")
    dialog = one(desk.presses("prompt.start", 1, CARLA), do.Ask).dialog
    desk.ask(lambda store: setattr(store.playbook(1), "archived_at", desk.now))
    desk.strangers.add("carla")
    desk.take(TeamLeft(at=desk.now, team_id="t1", person_id="carla"))
    for found in (desk.presses("prompt.start", 1, CARLA), desk.submits(dialog, CARLA, name="x")):
        assert "a team that you are not in" in repr(found)
        assert "Incident" not in repr(found)


def test_the_dialog_of_a_private_playbook_names_it_to_its_member() -> None:
    desk = at_desk(BOARD.model_copy(update={"start": "dialog"}))
    desk.says("sev-1")
    assert "Board crisis" in one(desk.presses("prompt.start", 1, ALICE), do.Ask).dialog.intro


def test_a_prompt_that_folds_up_does_not_name_a_private_playbook() -> None:
    desk = at_desk(BOARD)
    desk.says("sev-1")
    desk.stands(1)
    desk.later(hours=13)
    found = desk.what_is_due()
    assert all_of(found, do.Edit)
    assert not [word for word in TELLING if word in repr(found)]


def test_among_several_a_private_playbook_is_offered_without_its_title() -> None:
    desk = at_desk(INCIDENT, BOARD)
    both = [Hit(playbook_id=2, keywords=("sev-1",)), Hit(playbook_id=1, keywords=("#incident",))]
    asked = one(desk.says("sev-1 #incident", hits=both), do.Post)
    assert not [word for word in ("Board", "board", "Lawyers") if word in repr(asked)]
    menu = asked.content.cards[0].controls[0]
    assert [option.text for option in menu.options] == ["a private playbook", "Incident response"]
    assert "run incident-response" in repr(desk.presses("prompt.dismiss", 1, BOB))


def test_without_buttons_the_reactions_do_not_name_it_either() -> None:
    desk = at_desk(INCIDENT, BOARD)
    desk.here = replace(desk.here, buttons=False)
    both = [Hit(playbook_id=2, keywords=("sev-1",)), Hit(playbook_id=1, keywords=("#incident",))]
    asked = one(desk.says("sev-1 #incident", hits=both), do.Post)
    assert "a private playbook · " in words_of(asked.content.cards[0])
    assert not [word for word in ("Board", "board", "Lawyers") if word in repr(asked)]


@pytest.mark.parametrize(
    "words", ["list", "help", "run board", "run Board crisis now", "run bord-crisis", "info", "board"]
)
def test_nothing_else_names_a_private_playbook_to_who_may_not_see_it(words: str) -> None:
    desk = at_desk(INCIDENT, BOARD)
    for who in (BOB, GUEST):
        found = repr(desk.commands(words, who, place=TOWN)).replace(words.split()[-1], "")
        assert "Board crisis" not in found
        assert "board-crisis" not in found


def test_the_timeline_does_not_name_a_private_channel_that_a_run_came_from() -> None:
    desk = at_desk(public())
    started_run(desk)
    desk.commands("movehere #1", place=SECRET)
    assert "~secret-plans" in said(desk.commands("timeline", place=SECRET))
    desk.commands("movehere #1", place=TOWN)
    shown = said(desk.commands("#1 timeline", BOB))
    assert "~town-square" in shown
    assert "secret" not in shown


def test_whether_a_private_channel_exists_is_told_to_nobody_who_wants_to_move_a_run_there() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    answers = {one(desk.commands(f"move-run ~{name}", place=place), do.Refuse).text for name in ("secret-plans", "no")}
    assert len(answers) == 1


@pytest.mark.parametrize("how", ["out of the team", "out of the channel", "removed", "made private"])
def test_who_is_out_of_a_private_run_learns_nothing_more_by_a_task_that_was_theirs(how: str) -> None:
    desk = at_desk(public() if how == "made private" else private())
    place = started_run(desk)
    task = desk.ask(lambda store: store.tasks(1)[0].id)
    given = all_of(desk.commands("assign 1.1 @bob", place=place), do.Tell)
    (theirs,) = [one.message_id for one in given if one.person_id == "bob" and one.message_id]
    desk.stands(theirs)
    if how == "out of the team":
        desk.strangers.add("bob")
        desk.take(TeamLeft(at=desk.now, team_id="t1", person_id="bob"))
    elif how == "removed":
        desk.commands("remove @bob", place=place)
    else:
        desk.take(PersonLeft(at=desk.now, place_id=place.id, person_id="bob"))
        desk.becomes(place, kind="P")
    desk.sent.clear()
    desk.commands("rename Payroll leaked", place=place)
    desk.commands("edit 1.1 Call the payroll office", place=place)
    desk.commands("edit 1.1 description: Payroll of department 7", place=place)
    desk.commands("due 1.1 10m", place=place)
    assert "Nothing to do" in said(desk.commands("todo", BOB))
    desk.later(minutes=11)
    desk.what_is_due()
    desk.later(days=1)
    desk.what_is_due()
    desk.presses("task.done", task, BOB)
    reached = [one for one in desk.sent if isinstance(one, do.Tell | do.Edit)]
    assert not [one for one in reached if one.message_id == theirs or getattr(one, "person_id", "") == "bob"]


def test_who_left_a_public_run_is_still_told_of_their_task() -> None:
    desk = at_desk(public())
    place = started_run(desk)
    desk.commands("assign 1.1 @bob", place=place)
    desk.take(PersonLeft(at=desk.now, place_id=place.id, person_id="bob"))
    desk.commands("due 1.1 10m", place=place)
    assert "Acknowledge" in said(desk.commands("todo", BOB))
    desk.later(minutes=11)
    assert "Acknowledge" in said([one for one in all_of(desk.what_is_due(), do.Tell) if one.person_id == "bob"])


def test_who_handed_over_and_is_out_of_a_private_run_is_not_told_the_answer() -> None:
    desk = at_desk(private())
    place = started_run(desk)
    desk.commands("handover @carla", BOB, place=place)
    desk.take(PersonLeft(at=desk.now, place_id=place.id, person_id="bob"))
    found = desk.commands("accept", CARLA, place=Place(id="dm", team_id="", kind="D", name="muster__carla"))
    assert "alice" in {one.person_id for one in all_of(found, do.Tell)}
    assert "bob" not in {one.person_id for one in all_of(found, do.Tell)}
