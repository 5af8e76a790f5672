"""Who is not in a run's team is nothing to it, and gets nothing of it, whatever they were before."""

from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, CARLA, INCIDENT, TOWN, Desk, all_of, one, started_run
from sqlmodel import delete

from handlers import effects as do
from handlers.context import Context
from handlers.events import (
    ChannelOpened,
    CommandGiven,
    PeopleInvited,
    Person,
    PersonJoined,
    Place,
    PlaceClosed,
    TeamLeft,
)
from handlers.playbooks.playbook import Playbook
from handlers.routes import COMMANDS, handle
from handlers.routes.rows import InRun
from handlers.rules.teams import MEMBER_FOR, OUTSIDE_FOR
from handlers.unsure import InTeam, Unsure
from store import KnownPlace, Store, TeamMember

ELSEWHERE = Place(id="elsewhere", team_id="t2", name="town-square")
OPEN = INCIDENT.model_copy(update={"channel": INCIDENT.channel.model_copy(update={"visibility": "public"})})
NAMED = Playbook.model_validate(
    OPEN.definition() | {"admins": ["@bob"], "members": ["@bob"], "roles": ["scribe"], "start": "now"}
)


def begun(book: Playbook = OPEN) -> tuple[Desk, Place]:
    desk = Desk(book)
    desk.says("sev-1, checkout is down", by=BOB)
    if book.start == "now":
        desk.presses("prompt.start", 1, by=BOB if book.members else ALICE)
    else:
        dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
        desk.submits(dialog, name="Checkout is down", summary="")
    return desk, desk.opens()


def leaves(desk: Desk, *people: Person) -> list[do.Effect]:
    found: list[do.Effect] = []
    for who in people:
        desk.strangers.add(who.id)
        found += desk.take(TeamLeft(at=desk.now, team_id="t1", person_id=who.id))
    return found


def forget(store: Store) -> None:
    """Let nobody know who is in which team, as before the upgrade."""
    store.session.execute(delete(TeamMember))
    store.doubt_members(["t1"])


def told(effects: list[do.Effect], who: Person) -> list[str]:
    return [tell.content.text for tell in all_of(effects, do.Tell) if tell.person_id == who.id]


def refused(effects: list[do.Effect]) -> str:
    return str(one(effects, do.Refuse).text)


@pytest.mark.parametrize(
    "word", sorted(name for name, row in COMMANDS.items() if isinstance(row, InRun) or row.who == "asked")
)
@pytest.mark.parametrize("who", [ALICE, BOB], ids=["owner-and-creator", "participant-and-playbook-admin"])
def test_no_command_about_a_run_is_for_who_left_its_team(word: str, who: Person) -> None:
    desk, place = begun(NAMED if who == BOB else OPEN)
    leaves(desk, who)
    desk.sent.clear()
    words = "rename 1 Payments" if word == "checklist" else "1.1 Payments"
    rest = "" if COMMANDS[word].alone else words
    found = desk.commands(f"#1 {word} {rest}", by=who, place=ELSEWHERE)
    assert all_of(found, do.Refuse) or "Nobody waits for you" in str(found)
    assert "Checkout" not in str(found)
    assert not desk.sent
    if COMMANDS[word].who != "asked":
        assert "a team that you are not in" in refused(desk.commands(f"{word} {rest}", by=who, place=place))


def test_who_is_not_known_to_be_in_the_team_is_asked_about_once_and_again_when_that_is_old() -> None:
    desk, _ = begun()
    stranger = Person(id="dana", username="dana")

    def asked(who: Person) -> bool:
        event = CommandGiven(at=desk.now, text="#1 info", asker=who, place=TOWN)
        try:
            with desk.database.transaction() as store:
                list(handle(event, Context(desk.now, store, desk.here)))
        except Unsure as unsure:
            return unsure.question == InTeam("t1", (who.id,))
        return False

    for who, lasts in ((CARLA, MEMBER_FOR), (stranger, OUTSIDE_FOR)):
        desk.strangers = {"dana"}
        assert asked(who)
        desk.in_team(who.id)
        assert not asked(who)
        desk.now += lasts / 2
        assert not asked(who)
        desk.now += lasts / 2
        assert asked(who)
        desk.in_team(who.id)
        desk.later(hours=-1)
        assert asked(who)
        desk.later(hours=1)


def test_a_follower_who_left_is_told_nothing_and_one_who_came_back_is() -> None:
    desk, place = begun()
    desk.commands("#1 follow", by=CARLA)
    assert told(desk.commands("update Rolling back", place=place), CARLA)
    leaves(desk, CARLA)
    assert not told(desk.commands("update Almost", place=place), CARLA)
    desk.later(minutes=31)
    assert not told(desk.what_is_due(), CARLA)
    desk.strangers.clear()
    desk.later(minutes=1)
    assert told(desk.commands("update Done", place=place), CARLA)


def test_all_followers_are_asked_about_together() -> None:
    desk, place = begun()
    for who in (BOB, CARLA):
        desk.commands("#1 follow", by=who)
    desk.later(hours=1)
    desk.in_team("alice")
    questions: list[Any] = []
    event = CommandGiven(at=desk.now, text="update Fine", asker=ALICE, place=place)
    while True:
        try:
            with desk.database.transaction() as store:
                list(handle(event, Context(desk.now, store, desk.here)))
            break
        except Unsure as unsure:
            questions.append(unsure.question)
            desk.asked(event, unsure)
    assert questions == [InTeam("t1", ("bob", "carla"))]


def test_who_leaves_takes_part_no_more_and_frees_their_roles_and_an_owner_is_named_in_the_channel() -> None:
    desk, place = begun(NAMED)
    desk.take(PeopleInvited(at=desk.now, run_id=1, added=(CARLA,), refused={}))
    desk.commands("role scribe @carla", by=BOB, place=place)
    found = leaves(desk, CARLA)
    assert not all_of(found, do.Post)
    assert desk.ask(lambda store: store.role_holder(1, "scribe").person_id) == ""
    assert not desk.ask(lambda store: store.participant(1, "carla").is_in)
    (said,) = all_of(leaves(desk, BOB), do.Post)
    assert "@bob owns this run, but is not in the team any more" in said.content.text
    assert not all_of(leaves(desk, BOB), do.Post)


def test_who_has_a_role_without_taking_part_frees_it_on_leaving_too() -> None:
    desk, place = begun(NAMED)
    desk.commands("role scribe @carla", by=BOB, place=place)
    assert desk.ask(lambda store: store.participant(1, "carla")) is None
    desk.commands("assign 1.1 scribe", by=BOB, place=place)
    found = leaves(desk, CARLA)
    assert desk.ask(lambda store: store.role_holder(1, "scribe").person_id) == ""
    drawn = all_of(found, do.Edit)
    assert drawn
    assert "@carla" not in str(drawn)
    assert not all_of(leaves(desk, CARLA), do.Edit)
    assert "left" not in [one.kind for one in desk.ask(lambda store: store.moments(1))]


def test_a_role_in_another_teams_run_or_one_that_is_over_is_kept() -> None:
    desk, place = begun(NAMED)
    desk.commands("role scribe @carla", by=BOB, place=place)
    desk.take(TeamLeft(at=desk.now, team_id="t2", person_id="carla"))
    desk.commands("finish now", by=BOB, place=place)
    leaves(desk, CARLA)
    assert desk.ask(lambda store: store.role_holder(1, "scribe").person_id) == "carla"


def test_a_join_that_is_found_later_counts_only_for_who_is_still_in_the_team() -> None:
    desk, place = begun()
    leaves(desk, CARLA)
    desk.take(PersonJoined(at=desk.now, place=place, person=CARLA))
    assert desk.ask(lambda store: store.participant(1, "carla")) is None
    desk.strangers.clear()
    desk.later(minutes=1)
    desk.take(PersonJoined(at=desk.now, place=place, person=CARLA))
    assert desk.ask(lambda store: store.participant(1, "carla").is_in)


@pytest.mark.parametrize(
    "text",
    [
        "owner @carla",
        "handover @carla please",
        "assign 1.1 @carla",
        "assign 1.1 @bob @carla",
        "role scribe @carla",
        "invite @carla",
        "invite @bob @carla",
        'done-when 1.1 "all green" by @carla',
    ],
)
@pytest.mark.parametrize("gone", ["left", "deactivated"])
def test_nothing_is_given_to_somebody_outside_the_team(text: str, gone: str) -> None:
    desk, place = begun(NAMED)
    if gone == "left":
        desk.strangers.add("carla")
    else:
        desk.ask(lambda store: store.switch_person("carla", is_active=False))
    desk.sent.clear()
    words = refused(desk.commands(text, by=BOB, place=place))
    assert ("no active member of the team **Operations**" in words) or gone == "deactivated"
    assert "carla" in words
    assert not [effect for effect in desk.sent if "carla" in str(effect)]


def test_dialogs_refuse_strangers_at_their_field() -> None:
    desk, place = begun(NAMED)
    desk.strangers.add("carla")
    task = desk.ask(lambda store: store.tasks(1)[0].id)
    handover = one(desk.presses("handover.ask", 1, by=BOB, place=place), do.Ask).dialog
    edit = one(desk.presses("task.open", task, by=BOB, place=place), do.Ask).dialog
    role = do.Dialog(action="role.give", arg="1", title="", entries=edit.entries)
    invite = do.Dialog(action="people.invite", arg="1", title="", entries=edit.entries)
    words = do.Dialog(action="task.words", arg=f"1:{task}", title="", entries=edit.entries)
    for dialog, values in (
        (handover, {"to": "carla"}),
        (edit, {"title": "Look", "assignee": "carla", "others": ""}),
        (role, {"role": "scribe", "person": "carla"}),
        (invite, {"person": "carla"}),
        (words, {"words": "all green", "people": "@carla"}),
    ):
        wrong = one(desk.submits(dialog, by=BOB, place=place, **values), do.Correct)
        assert "no active member" in str(wrong), dialog.action
    assert not told(desk.sent, CARLA)


def test_who_was_asked_to_take_over_and_left_since_does_not_take_over() -> None:
    desk, place = begun(NAMED)
    desk.commands("handover @carla", by=BOB, place=place)
    leaves(desk, CARLA)
    assert "a team that you are not in" in refused(desk.commands("accept", by=CARLA, place=ELSEWHERE))
    assert desk.run().owner_id == "bob"


def test_who_was_asked_to_take_over_and_left_since_is_not_briefed_in_progress_or_after_it() -> None:
    desk, place = begun(NAMED)
    desk.commands("handover @carla", by=BOB, place=place)
    leaves(desk, CARLA)
    assert "a team that you are not in" in refused(desk.presses("run.brief", 1, by=CARLA, place=ELSEWHERE))
    desk.commands("finish now", by=BOB, place=place)
    assert "a team that you are not in" in refused(desk.presses("run.brief", 1, by=CARLA, place=ELSEWHERE))


def test_who_was_asked_to_take_over_and_left_since_learns_nothing_of_the_runs_by_the_questions() -> None:
    desk, place = begun(NAMED)
    desk.commands("run incident-response Search is down", by=BOB)
    other = desk.opens(2, "search-is-down-2")
    asked = [all_of(desk.commands("handover @carla", by=BOB, place=each), do.Tell)[0] for each in (place, other)]
    for tell in asked:
        desk.stands(tell.message_id)
    leaves(desk, CARLA)
    desk.commands("rename Payroll leaked", by=BOB, place=place)
    for words in ("accept", "decline", "accept #1", "#2 decline"):
        assert "a team that you are not in" in refused(desk.commands(words, by=CARLA, place=ELSEWHERE))
    withdrawn = [
        next(edit for edit in all_of(found, do.Edit) if edit.message_id == tell.message_id)
        for tell, found in zip(
            asked,
            (
                desk.commands("owner @alice", by=BOB, place=place),
                desk.commands("handover @alice", by=BOB, place=other),
            ),
            strict=True,
        )
    ]
    for edit in withdrawn:
        assert "settled otherwise" in edit.content.text
        assert not [word for word in ("Payroll", "Search", "@", "http") if word in str(edit.content)]
    for tell in asked:
        arg = tell.content.cards[0].controls[0].arg
        assert "a team that you are not in" in refused(desk.presses("handover.take", arg, by=CARLA, place=ELSEWHERE))
    desk.commands("#1 finish now", by=BOB)
    assert "a team that you are not in" in refused(desk.presses("handover.take", 1, by=CARLA, place=ELSEWHERE))


def test_who_is_asked_about_several_runs_is_told_of_those_of_their_team_alone() -> None:
    desk, place = begun()
    for title in ("Van", "Keys"):
        desk.commands(f"run incident-response {title}")
    rooms = [place, desk.opens(2, "van-2"), desk.opens(3, "keys-3")]
    for room in rooms:
        desk.commands("handover @carla", place=room)
    desk.ask(lambda store: setattr(store.run(3), "team_id", "t2"))
    desk.ask(lambda store: store.learn_members("t2", {"carla": False}, desk.now))
    which = one(desk.commands("accept", by=CARLA, place=ELSEWHERE), do.Answer).content.text
    assert "Van" in which
    assert "Keys" not in which
    desk.commands("accept #1", by=CARLA, place=ELSEWHERE)
    assert "You took over **[Van]" in one(desk.commands("accept", by=CARLA, place=ELSEWHERE), do.Answer).content.text


def test_a_system_administrator_outside_the_team_follows_but_is_told_how_to_take_part() -> None:
    desk, place = begun()
    desk.strangers.add("root")
    for found in (desk.commands("#1 join", by=ADMIN), desk.presses("run.join", 1, by=ADMIN)):
        assert "not in the team of **Checkout is down**" in refused(found)
        assert not all_of(found, do.Invite)
    assert "You follow" in one(desk.commands("#1 follow", by=ADMIN), do.Answer).content.text
    assert "Rolling back" in str(told(desk.commands("update Rolling back", place=place), ADMIN))
    desk.ask(lambda store: store.switch_person("root", is_active=False))
    assert not told(desk.commands("update Almost", place=place), ADMIN)


def test_a_task_that_comes_back_to_who_left_is_told_to_nobody() -> None:
    desk, place = begun()
    desk.commands("assign 1.1 @carla", place=place)
    desk.commands("assign 1.1 nobody", place=place)
    leaves(desk, CARLA)
    found = desk.commands("undo", place=place)
    assert not told(found, CARLA)
    assert not [effect for effect in all_of(found, do.Invite) if "carla" in effect.person_ids]


def test_todo_and_digest_hold_nothing_of_a_team_that_somebody_left() -> None:
    desk, place = begun()
    desk.commands("assign 1.1 @carla", place=place)
    assert "Acknowledge" in str(desk.commands("todo", by=CARLA))
    leaves(desk, CARLA)
    assert "Nothing to do" in str(desk.commands("todo", by=CARLA))
    desk.later(days=1)
    assert not told(desk.what_is_due(), CARLA)


def test_that_a_channel_was_closed_is_not_told_to_an_owner_who_left() -> None:
    desk, place = begun()
    leaves(desk, ALICE)
    assert not told(desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="archived")), ALICE)


def test_the_reminder_of_a_closed_channels_run_does_not_follow_an_owner_who_left() -> None:
    desk, place = begun()
    desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="removed"))
    leaves(desk, ALICE)
    desk.later(minutes=31)
    assert not told(desk.what_is_due(), ALICE)


def test_a_run_is_started_by_members_of_the_team_alone() -> None:
    desk = Desk(OPEN)
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1, by=CARLA), do.Ask).dialog
    desk.strangers.add("carla")
    desk.later(hours=1)
    assert "a team that you are not in" in one(desk.submits(dialog, by=CARLA, name="x"), do.Correct).error
    assert "a team that you are not in" in refused(desk.presses("prompt.start", 1, by=CARLA))
    assert "a team that you are not in" in refused(desk.commands("run incident-response x", by=CARLA))


def test_a_dialog_that_was_opened_before_leaving_makes_no_checklist_in_the_teams_channel() -> None:
    desk = Desk()
    dialogs = [one(desk.commands("checklist", by=who), do.Ask).dialog for who in (CARLA, ADMIN)]
    leaves(desk, CARLA, ADMIN)
    found = one(desk.submits(dialogs[0], by=CARLA, title="Move", tasks="van"), do.Correct)
    assert "a team that you are not in" in found.error
    assert desk.ask(lambda store: store.runs_in("town")) == []
    desk.submits(dialogs[1], by=ADMIN, title="Move", tasks="van")
    direct = Place(id="dm", team_id="t1", kind="D", name="bot__carla")
    desk.submits(dialogs[0], by=CARLA, place=direct, title="Mine", tasks="van")
    assert [desk.run(each).name for each in (1, 2)] == ["Move", "Mine"]


def test_what_follows_from_a_delivery_is_decided_by_what_is_known() -> None:
    """Nobody waits there who could ask the server; whom nobody asked about is told nothing."""
    planned = Playbook.model_validate(
        NAMED.definition() | {"checklists": [{"title": "A", "tasks": [{"title": "Look", "assignee": "@carla"}]}]}
    )
    desk = Desk(planned)
    desk.says("sev-1, checkout is down", by=BOB)
    desk.presses("prompt.start", 1, by=BOB)
    desk.ask(forget)
    with desk.database.transaction() as store:
        event = ChannelOpened(at=desk.now, run_id=1, place=Place(id="c1", team_id="t1", kind="P", name="c"))
        found = list(handle(event, Context(desk.now, store, desk.here, asks=False)))
    assert not told(found, CARLA)
    assert not [post for post in all_of(found, do.Post) if "playbook names" in post.content.text]


def test_a_bare_checklist_in_a_group_is_for_who_is_there() -> None:
    desk = Desk()
    group = Place(id="group", kind="G", team_id="t1", name="muster__carla")
    desk.strangers.add("carla")
    desk.ask(lambda store: store.learn(KnownPlace(id="group", kind="G", name="x", is_member=True, seen_at=desk.now)))
    desk.commands("checklist Move; van; keys", place=group)
    assert "is done" in str(desk.commands("check 1.1", by=CARLA, place=group))


def test_a_started_runs_owner_of_the_old_schema_is_asked_about_and_goes_on() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.ask(forget)
    assert "is done" in str(desk.commands("check 1.1", place=place))
