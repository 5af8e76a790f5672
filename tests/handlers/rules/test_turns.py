"""A role with a rota passes on while a run is in progress, and waits where people decided who has it."""

from datetime import UTC, datetime, timedelta

from desk import ALICE, BOB, CARLA, INCIDENT, Desk, all_of, as_seen, one, started_run, words_of

from handlers import effects as do
from handlers.events import Place
from handlers.playbooks.people import Rota
from handlers.playbooks.playbook import Playbook

# The desk's clock begins on 2026-11-23 at 14:00 UTC: Bob has it until midnight, then Carla.
ROTA = {"people": ["@carla", "@bob"], "every": "1d", "from": "2026-11-22"}
BOOK = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "roles": [{"name": "on-call", "rota": ROTA}, "scribe"],
        "checklists": [
            {
                "title": "First",
                "tasks": [
                    {"title": "Look at the graphs", "assignee": "on-call"},
                    {"title": "Call the vendor", "assignees": ["on-call", "owner"]},
                    {"title": "Tell support", "assignee": "scribe"},
                ],
            }
        ],
    }
)


def begun() -> tuple[Desk, Place]:
    desk = Desk(BOOK)
    return desk, started_run(desk)


def holder(desk: Desk) -> str:
    return str(desk.ask(lambda store: store.role_holder(1, "on-call").person_id))


def planned(desk: Desk) -> list[datetime]:
    """Return when the next turn is planned."""

    def due(store):
        rows = [store.job(id) for id in store.due_jobs(desk.now + timedelta(days=400), 99)]
        return [row.due_at for row in rows if row.kind == "turn"]

    return desk.ask(due)


def told(found: list[do.Effect], who: str) -> list[str]:
    return [tell.content.text for tell in all_of(found, do.Tell) if tell.person_id == who]


def test_a_rota_says_when_its_turns_end() -> None:
    rota = Rota.model_validate(ROTA)
    assert rota.after(datetime(2026, 11, 23, 14, tzinfo=UTC)) == datetime(2026, 11, 24, tzinfo=UTC)
    assert rota.after(datetime(2026, 11, 24, tzinfo=UTC)) == datetime(2026, 11, 25, tzinfo=UTC)
    assert rota.after(datetime(2026, 11, 1, 3, tzinfo=UTC)) == datetime(2026, 11, 2, tzinfo=UTC)


def test_the_role_and_its_tasks_pass_on_when_the_next_turn_begins() -> None:
    desk = Desk(BOOK)
    # In a channel that is there the server tells nobody that a run has something for them.
    desk.commands("run incident-response here Checkout is down")
    assert holder(desk) == "bob"
    assert planned(desk) == [datetime(2026, 11, 24, tzinfo=UTC)]
    mine = next(tell for tell in desk.sent if isinstance(tell, do.Tell) and "Look at the graphs" in tell.content.text)
    assert mine.person_id == "bob"
    desk.stands(mine.message_id or 0)
    desk.later(hours=10)
    found = desk.what_is_due()
    assert holder(desk) == "carla"
    assert one(found, do.Invite).person_ids == ("carla",)
    assert not [text for text in posts(found) if "on-call" in text]
    (yours,) = told(found, "carla")
    assert "It is your turn as **on-call** in **[Checkout is down]" in yours
    assert "1.1, 1.2" in yours
    assert "Your turn as **on-call**" in next(text for text in told(found, "bob") if "turn" in text)
    edits = {edit.message_id: edit.content for edit in all_of(found, do.Edit)}
    assert "no longer assigned to you" in str(edits[mine.message_id or 0])
    assert any("on-call: @carla" in str(content) for content in edits.values())
    assert any("Look at the graphs · @carla" in str(content) for content in edits.values())
    kinds = [(one.kind, one.subject) for one in desk.ask(lambda store: store.moments(1))]
    assert ("turned", "on-call: @carla") in kinds
    assert planned(desk) == [datetime(2026, 11, 25, tzinfo=UTC)]


def test_after_days_without_the_bot_it_turns_once_to_whose_turn_it_is() -> None:
    desk, _ = begun()
    desk.later(days=3)
    found = desk.what_is_due()
    assert holder(desk) == "carla"
    assert len([text for text in told(found, "carla") if "your turn" in text]) == 1
    assert desk.what_is_due() == []
    desk.later(days=2)
    assert not [text for text in told(desk.what_is_due(), "carla") if "your turn" in text]
    assert planned(desk) == [datetime(2026, 11, 29, tzinfo=UTC)]


def test_who_took_it_by_hand_keeps_it() -> None:
    desk, place = begun()
    assert "its rota goes on" in one(desk.commands("role on-call", ALICE, place=place), do.Answer).content.text
    assert planned(desk) == []
    assert "on-call · @alice · by hand" in one(desk.commands("roles", place=place), do.Answer).content.text
    desk.later(days=1)
    desk.what_is_due()
    assert holder(desk) == "alice"


def test_a_role_that_is_freed_goes_to_whose_turn_comes_next() -> None:
    desk, place = begun()
    desk.commands("role on-call", ALICE, place=place)
    freed = one(desk.commands("role on-call nobody", place=place), do.Answer).content.text
    assert "Tue 24 Nov, 01:00 CET the rota gives it to @carla" in freed
    desk.later(days=1)
    desk.what_is_due()
    assert holder(desk) == "carla"


def test_given_back_to_whose_turn_it_is_the_rota_goes_on() -> None:
    desk, place = begun()
    desk.commands("role on-call", ALICE, place=place)
    desk.commands("role on-call @bob", ALICE, place=place)
    shown = one(desk.commands("roles", place=place), do.Answer).content.text
    assert "on-call · @bob · from Tue 24 Nov, 01:00 CET on @carla" in shown
    desk.later(days=1)
    desk.what_is_due()
    assert holder(desk) == "carla"


def test_who_leaves_lets_the_rota_go_on() -> None:
    desk, place = begun()
    desk.commands("role on-call @carla", ALICE, place=place)
    desk.commands("role on-call", BOB, place=place)
    desk.commands("leave", BOB, place=place)
    assert holder(desk) == ""
    desk.later(hours=11)
    desk.what_is_due()
    assert holder(desk) == "carla"


def test_nothing_turns_in_a_finished_run_and_a_restart_catches_up() -> None:
    desk, place = begun()
    desk.commands("finish now", place=place)
    assert planned(desk) == []
    desk.later(days=1)
    desk.what_is_due()
    assert holder(desk) == "bob"
    desk.commands("restart", place=place)
    assert planned(desk) == [datetime(2026, 11, 24, tzinfo=UTC)]
    desk.what_is_due()
    assert holder(desk) == "carla"
    assert planned(desk) == [datetime(2026, 11, 25, tzinfo=UTC)]


def with_rota(*people: str) -> Desk:
    rota = ROTA | {"people": list(people)}
    return Desk(Playbook.model_validate(BOOK.definition() | {"roles": [{"name": "on-call", "rota": rota}, "scribe"]}))


def posts(found: list[do.Effect]) -> list[str]:
    return [post.content.text for post in map(as_seen, all_of(found, do.Post))]


def test_a_turn_of_somebody_whom_nobody_knows_passes_to_the_next() -> None:
    desk = with_rota("@gone", "@bob")
    started_run(desk)
    desk.later(hours=10)
    found = desk.what_is_due()
    assert holder(desk) == "bob"
    (said,) = (text for text in posts(found) if "turn" in text)
    assert "the turn of @gone as on-call" in said
    assert "passes to @bob" in said


def test_a_turn_of_who_left_the_team_or_the_server_passes_to_the_next_at_the_start_too() -> None:
    for leave in (
        lambda desk: desk.strangers.add("bob"),
        lambda desk: desk.ask(lambda store: store.switch_person("bob", is_active=False)),
    ):
        desk = with_rota("@carla", "@bob", "@alice")
        desk.now = datetime(2026, 11, 23, 14, tzinfo=UTC)
        leave(desk)
        started_run(desk)
        assert holder(desk) == "alice"
        assert any("names @bob, who is no active member" in text for text in posts(desk.sent))


def test_where_nobody_of_a_rota_is_there_who_has_the_role_keeps_it() -> None:
    desk = with_rota("@carla", "@bob")
    started_run(desk)
    desk.strangers |= {"carla", "bob"}
    desk.later(hours=10)
    found = desk.what_is_due()
    assert holder(desk) == "bob"
    assert any("Who had it keeps it" in text for text in posts(found))


def test_who_has_the_task_by_name_as_well_is_not_told_of_it_twice() -> None:
    desk, place = begun()
    desk.commands("assign 1.1 on-call @carla", place=place)
    desk.later(hours=10)
    found = desk.what_is_due()
    (told_once,) = told(found, CARLA.id)
    assert "It is your turn" in told_once
    assert "1.1, 1.2" in told_once


def test_the_timeline_tells_of_the_turn() -> None:
    desk, place = begun()
    desk.later(hours=10)
    desk.what_is_due()
    shown = words_of(one(desk.commands("timeline", place=place), do.Answer).content.cards[0])
    assert "whose turn it is" in shown
