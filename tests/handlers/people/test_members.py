"""Who owns a run, takes part in it, follows it: by command, by menu and by what happens in the channel."""

from desk import ADMIN, ALICE, BOB, CARLA, GUEST, INCIDENT, TOWN, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import PeopleInvited, PersonJoined, PersonLeft, Place
from handlers.playbooks.playbook import Playbook
from handlers.routes import MORE


def book(**more: object) -> Playbook:
    return Playbook.model_validate(INCIDENT.definition() | more)


PUBLIC = {"channel": {"visibility": "public"}}


def said(effects: list[do.Effect]) -> str:
    return str(one(effects, do.Answer).content.text)


def added(desk: Desk, *people: object) -> list[do.Effect]:
    return desk.take(PeopleInvited(at=desk.now, run_id=1, added=people, refused={}))  # type: ignore[arg-type]


def kinds(desk: Desk) -> list[str]:
    return [one.kind for one in desk.ask(lambda store: store.moments(1))]


def test_the_owner_is_shown_and_changed_and_role_tasks_and_reminders_follow() -> None:
    lists = [{"title": "First", "tasks": [{"title": "Look", "assignee": "owner"}]}]
    desk = Desk(book(checklists=lists))
    place = started_run(desk)
    assert "is yours" in said(desk.commands("owner", place=place))
    found = desk.commands("owner @bob", place=place)
    assert "@bob owns **Checkout is down** now" in said(found)
    assert desk.run().owner_id == "bob"
    texts = [str(edit.content) for edit in all_of(found, do.Edit)]
    assert any("Look · @bob" in text for text in texts)
    assert any("value='@bob'" in text for text in texts)
    assert "@bob owns this run now; until now it was @alice" in one(found, do.Post).content.text
    assert "made you the owner" in next(tell for tell in all_of(found, do.Tell) if tell.person_id == "bob").content.text
    assert "owner_changed" in kinds(desk)
    assert "already owns" in said(desk.commands("owner bob", place=place))


def test_who_is_not_in_the_run_is_brought_into_its_channel_as_owner() -> None:
    desk = Desk()
    place = started_run(desk)
    assert one(desk.commands("owner @carla", place=place), do.Invite).person_ids == ("carla",)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    desk = Desk()
    place = started_run(desk)
    refused = one(desk.commands("owner @calra", place=place), do.Refuse)
    assert "Did you mean `@carla`?" in refused.text
    assert "Did you mean `@carla`?" in one(desk.commands("invite @bob @calra", place=place), do.Refuse).text
    assert "@alice @bob" in one(desk.commands("invite", place=place), do.Refuse).text


def test_guests_do_not_own_a_run() -> None:
    desk = Desk()
    desk.ask(lambda store: setattr(store.person("guest"), "roles", "system_guest"))
    place = started_run(desk)
    assert "guests do not own runs" in one(desk.commands("owner @visitor", place=place), do.Refuse).text
    added(desk, GUEST)
    assert "Guests may not hand it over" in one(desk.commands("owner @bob", GUEST, place=place), do.Refuse).text


def test_only_the_owner_gives_a_strict_run_away_and_finishes_it() -> None:
    desk = Desk(book(only_owner_finishes=True, admins=["@carla"]))
    place = started_run(desk)
    for words in ("owner @bob", "handover @carla", "finish now"):
        refused = one(desk.commands(words, BOB, place=place), do.Refuse)
        assert refused.title == "Only for the owner"
        assert "the owner @alice" in refused.text
        assert "admins @carla" in refused.text
    assert "owns" in said(desk.commands("owner @bob", CARLA, place=place))
    assert "finished" in said(desk.commands("finish now", BOB, place=place))


def test_joining_a_public_run_from_anywhere_adds_to_its_channel() -> None:
    desk = Desk(book(**PUBLIC))
    started_run(desk)
    found = desk.commands("join #1", CARLA)
    assert one(found, do.Invite).person_ids == ("carla",)
    assert "You are being added" in said(found)
    assert one(added(desk, CARLA), do.Tell).person_id == "carla"
    assert "already take part" in said(desk.commands("join #1", CARLA))


def test_a_private_run_cannot_even_be_found() -> None:
    desk = Desk()
    started_run(desk)
    for words in ("join #1", "follow #1", "brief #1", "owner #1"):
        assert "Checkout" not in one(desk.commands(words, CARLA), do.Refuse).text


def test_leaving_the_run_leaves_the_channel_as_the_playbook_says() -> None:
    for stays in (True, False):
        desk = Desk(book(membership={"leave_channel": not stays}))
        place = started_run(desk)
        found = desk.commands("leave", BOB, place=place)
        assert "no longer take part" in said(found)
        assert [one.person_id for one in all_of(found, do.RemovePerson)] == ([] if stays else ["bob"])
        assert not desk.ask(lambda store: store.participant(1, "bob")).is_in


def test_the_owner_hands_over_before_leaving() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "handover @name" in one(desk.commands("leave", place=place), do.Refuse).text
    assert "handover @name" in one(desk.commands("remove @alice", BOB, place=place), do.Refuse).text


def test_joining_without_the_channel_and_the_channel_without_the_run() -> None:
    desk = Desk(book(membership={"join_channel": False, "join_run": False, "leave_run": False}, **PUBLIC))
    place = started_run(desk)
    assert desk.take(PersonJoined(at=desk.now, place=place, person=CARLA)) == []
    found = desk.commands("join #1", CARLA)
    assert all_of(found, do.Invite) == []
    assert "You take part" in said(found)
    assert all_of(found, do.Tell) == []
    desk.take(PersonLeft(at=desk.now, place_id=place.id, person_id="carla"))
    assert desk.ask(lambda store: store.participant(1, "carla")).is_in


def test_people_are_invited_and_removed_and_told() -> None:
    desk = Desk()
    place = started_run(desk)
    found = desk.commands("invite @carla @bob", place=place)
    assert one(found, do.Invite).person_ids == ("carla",)
    assert "Inviting @carla to" in said(found)
    added(desk, CARLA)
    assert "@carla already takes part" in said(desk.commands("invite @carla", place=place))
    found = desk.commands("remove @carla", place=place)
    assert one(found, do.RemovePerson).person_id == "carla"
    assert "@alice took you out" in one(found, do.Tell).content.text
    assert "@carla no longer takes part" in said(found)
    assert "@carla does not take part" in said(desk.commands("remove @carla", place=place))


def test_the_menu_invites_and_removes_with_a_dialog() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.presses("run.more", 1, choice="people.invite", place=place), do.Ask).dialog
    assert "person" in one(desk.submits(dialog), do.Correct).errors
    found = desk.submits(dialog, person="carla", place=place)
    assert one(found, do.Invite).person_ids == ("carla",)
    assert "Inviting @carla" in one(found, do.Tell).content.text
    dialog = one(desk.presses("run.more", 1, choice="people.remove", place=place), do.Ask).dialog
    assert "handover" in one(desk.submits(dialog, person="alice"), do.Correct).error
    assert one(desk.submits(dialog, person="bob"), do.RemovePerson).person_id == "bob"


def test_a_run_is_looked_at_joined_and_followed_from_the_list() -> None:
    desk = Desk(book(**PUBLIC))
    started_run(desk)
    start, checklist, look = one(desk.commands("list", CARLA), do.Answer).content.cards[0].controls
    assert one(desk.presses(start.action, start.arg, CARLA), do.Ask).dialog.title == "Start a run"
    assert one(desk.presses(checklist.action, checklist.arg, CARLA), do.Ask).dialog.title == "New checklist"
    shown = one(desk.presses(look.action, look.arg, CARLA, choice=look.options[0].value), do.Answer).content
    join, follow = shown.cards[0].controls
    assert "following" not in str(shown)
    assert "You follow" in one(desk.presses(follow.action, follow.arg, CARLA), do.Tell).content.text
    assert "You are being added" in one(desk.presses(join.action, join.arg, CARLA), do.Tell).content.text
    assert one(desk.sent[-2:], do.Invite).person_ids == ("carla",)
    added(desk, CARLA)
    shown = one(desk.presses(look.action, look.arg, CARLA, choice=look.options[0].value), do.Answer).content
    assert shown.cards[0].controls == ()
    assert one(desk.presses(look.action, look.arg, CARLA, choice="99"), do.Refuse)


def test_who_is_in_the_channel_but_not_in_the_run_takes_part_by_the_menu() -> None:
    desk = Desk(book(**PUBLIC, membership={"join_channel": False, "join_run": False}))
    place = started_run(desk)
    found = desk.presses("run.more", 1, CARLA, choice="people.join", place=place)
    assert "You take part in" in all_of(found, do.Tell)[-1].content.text


def test_the_bot_that_is_not_in_a_channel_begins_no_checklist_there() -> None:
    desk = Desk()
    elsewhere = Place(id="other", team_id="t1", name="other", title="Other")
    assert one(desk.presses("bare.ask", place=elsewhere), do.Refuse).title == "I am not here"


def test_the_menu_of_a_finished_run_still_leads_to_what_makes_sense() -> None:
    desk = Desk()
    place = started_run(desk)
    found = desk.commands("finish now", place=place)
    edits = [edit for edit in all_of(found, do.Edit) if edit.content.cards[0].title == "Checkout is down"]
    menu = edits[-1].content.cards[0].controls[-1]
    values = [option.value for option in menu.options]
    assert values == [name for name, row in MORE.items() if row.finished]
    assert {"note.ask", "run.brief", "todo", "people.leave", "run.delete"} <= set(values)
    for value in values:
        assert all_of(desk.presses(menu.action, menu.arg, choice=value, place=place), do.Refuse) == []
    assert one(desk.presses(menu.action, menu.arg, choice="task.add", place=place), do.Refuse).title == (
        "Already finished"
    )


def test_followers_are_told_of_updates_and_the_end() -> None:
    desk = Desk(book(**PUBLIC))
    place = started_run(desk)
    assert "You follow" in said(desk.commands("follow #1", CARLA))
    assert "already follow" in said(desk.commands("follow #1", CARLA))
    desk.commands("follow", place=place)
    found = desk.commands("update Rolling back", place=place)
    told = one(found, do.Tell)
    assert (told.person_id, told.place_id) == ("carla", "")
    assert "Rolling back" in told.content.text
    found = desk.commands("finish now", place=place)
    assert "is finished" in one(found, do.Tell).content.text
    assert "no longer follow" in said(desk.commands("unfollow #1", CARLA))
    assert "do not follow" in said(desk.commands("unfollow #1", CARLA))


def test_followers_are_told_once_that_an_update_is_overdue() -> None:
    desk = Desk(book(**PUBLIC))
    started_run(desk)
    desk.commands("follow #1", CARLA)
    told = []
    for _ in range(3):
        desk.later(minutes=31)
        told += [tell for tell in all_of(desk.what_is_due(), do.Tell) if tell.person_id == "carla"]
    assert len(told) == 1
    assert "overdue" in told[0].content.text


def test_the_menu_follows_and_unfollows_and_leaves() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "You follow" in one(desk.presses("run.more", 1, BOB, choice="follow", place=place), do.Tell).content.text
    assert (
        "no longer follow" in one(desk.presses("run.more", 1, BOB, choice="follow", place=place), do.Tell).content.text
    )
    found = desk.presses("run.more", 1, BOB, choice="people.leave", place=place)
    assert "no longer take part" in one(found, do.Tell).content.text
    assert one(found, do.RemovePerson).person_id == "bob"


def test_a_finished_run_is_still_shown_and_left_but_takes_nobody_in() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("finish now", place=place)
    assert "is yours" in said(desk.commands("owner", place=place))
    assert "no longer take part" in said(desk.commands("leave", place=place))
    for words in ("owner @bob", "invite @carla", "join", "follow"):
        assert "finished" in one(desk.commands(words, ADMIN, place=place), do.Refuse).text


def test_in_a_channel_without_a_run_the_way_is_shown() -> None:
    desk = Desk()
    assert "No run here" in one(desk.commands("join", place=TOWN), do.Refuse).title
    assert "No run here" in one(desk.commands("owner", place=Place(id="dm", kind="D")), do.Refuse).title
    assert ALICE.username
