"""Playbooks are imported as the plan says, all of them or none, and nobody gains a right by it."""

import json
from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, GUEST, INCIDENT, Desk
from mattermost_files import example, of_2022

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.exchange.files import documents_in
from handlers.exchange.mapping import Given
from handlers.exchange.plan import OnConflict, Plan, Step
from handlers.operations.import_playbooks import Imported, confirm_playbook, import_playbooks
from handlers.operations.plan_import import Wish, planned
from handlers.operations.store_playbook import archive_playbook, store_playbook
from handlers.playbooks.playbook import playbook_of
from handlers.rules.run_request import stored

REST = {
    "id": "playbook1",
    "title": "Outage",
    "team_id": "t1",
    "public": False,
    "admin_only_edit": True,
    "members": [{"user_id": "alice", "roles": ["playbook_member", "playbook_admin"]}, {"user_id": "bob", "roles": []}],
    "invite_users_enabled": True,
    "invited_user_ids": ["bob"],
    "default_owner_enabled": True,
    "default_owner_id": "carla",
    "broadcast_enabled": True,
    "broadcast_channel_ids": ["town"],
    "webhook_on_creation_enabled": True,
    "webhook_on_creation_urls": ["https://hooks.example/a"],
    "checklists": [
        {
            "id": "list1",
            "title": "Triage",
            "items": [
                {"id": "item1", "title": "Look", "assignee_id": "bob", "state": "", "command": "/page now"},
                {
                    "title": "Say that it is up",
                    "task_actions": [
                        {
                            "trigger": {
                                "type": "keywords_by_users",
                                "payload": '{"keywords": ["it is up"], "user_ids": ["bob"]}',
                            },
                            "actions": [{"type": "mark_item_as_done", "payload": '{"enabled": true}'}],
                        }
                    ],
                },
            ],
        }
    ],
    "create_at": 1, "update_at": 2, "delete_at": 0, "num_runs": 7,
}  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    found.in_team("alice", "bob", "carla", "guest", "root")
    return found


def wish(*documents: dict[str, Any], asker: Person | None = None, **more: Any) -> Wish:
    return Wish(documents_in(json.dumps(list(documents)).encode(), "a.json"), asker, **more)


def context(desk: Desk, store: Any) -> Context:
    return Context(desk.now, store, desk.here)


def plan_of(desk: Desk, wished: Wish) -> Plan:
    return desk.ask(lambda store: planned(context(desk, store), wished))  # type: ignore[no-any-return]


def one_step(desk: Desk, wished: Wish) -> Step:
    (step,) = plan_of(desk, wished).steps
    return step


def brought(desk: Desk, wished: Wish, agreed: str = "") -> list[Imported]:
    return desk.ask(lambda store: list(import_playbooks(context(desk, store), wished, agreed)[1]))  # type: ignore[no-any-return]


def titles(desk: Desk) -> list[tuple[str, str, int]]:
    return [(row.title, row.key, row.version) for row in desk.ask(lambda store: store.all_playbooks())]


@pytest.mark.parametrize("asker", [None, ALICE, ADMIN])
def test_the_same_file_twice_makes_no_second_playbook(desk: Desk, asker: Person | None) -> None:
    brought(desk, wish(example(), asker=asker))
    assert ("Database failover drill", "database-failover-drill", 1) in titles(desk)
    for on_conflict in ("fail", "skip", "new-version"):
        step = one_step(desk, wish(example(), asker=asker, on_conflict=on_conflict))
        assert (step.what, step.why) == ("skip", "same")
        assert brought(desk, wish(example(), asker=asker, on_conflict=on_conflict)) == []
    assert len(titles(desk)) == 2


@pytest.mark.parametrize(
    ("on_conflict", "what", "why"),
    [("fail", "conflict", "there"), ("skip", "skip", "there"), ("new-version", "update", "")],
)
def test_a_changed_file_is_a_conflict_that_somebody_settles(
    desk: Desk, on_conflict: OnConflict, what: str, why: str
) -> None:
    brought(desk, wish(of_2022(), asker=ALICE))
    changed = wish(of_2022() | {"description": "Changed"}, asker=ALICE, on_conflict=on_conflict)
    step = one_step(desk, changed)
    assert (step.what, step.why) == (what, why)
    if what == "conflict":
        with pytest.raises(Refused):
            brought(desk, changed)
    else:
        brought(desk, changed)
    assert ("Incident of old", "incident-of-old", 2 if what == "update" else 1) in titles(desk)


def test_one_conflict_keeps_all_from_being_imported(desk: Desk) -> None:
    brought(desk, wish(of_2022()))
    with pytest.raises(Refused):
        brought(desk, wish(example(), of_2022() | {"description": "Changed"}))
    assert "Database failover drill" not in [title for title, _, _ in titles(desk)]


def test_a_playbook_that_is_read_from_a_file_is_not_changed(desk: Desk) -> None:
    step = one_step(desk, wish({"title": INCIDENT.title, "version": 1}, on_conflict="new-version"))
    assert (step.what, step.why) == ("conflict", "file")
    assert one_step(desk, wish({"title": INCIDENT.title, "version": 1}, on_conflict="skip")).what == "skip"
    given = Given(titles={INCIDENT.title: "Another incident"})
    (done,) = brought(desk, wish({"title": INCIDENT.title, "version": 1}, given=given))
    assert (done.row.title, done.row.key) == ("Another incident", "another-incident")


def test_two_of_one_title_are_told_apart_by_hand(desk: Desk) -> None:
    first, second = plan_of(desk, wish(of_2022(), of_2022() | {"description": "Second"})).steps
    assert (first.what, second.what, second.why) == ("create", "conflict", "twice")


def test_a_plan_that_somebody_agreed_to_is_not_another_one_by_now(desk: Desk) -> None:
    agreed = plan_of(desk, wish(example(), asker=ALICE)).digest
    brought(desk, wish({"title": "Other", "version": 1, "run_number_prefix": "DRILL"}, asker=ALICE))
    with pytest.raises(Refused) as refused:
        brought(desk, wish(example(), asker=ALICE), agreed)
    assert "has changed" in refused.value.refusal.text


def test_what_the_rest_api_says_besides_is_kept(desk: Desk) -> None:
    (done,) = brought(desk, wish(REST))
    book = desk.ask(lambda store: stored(context(desk, store), store.playbook(done.row.id)))
    assert (book.teams, book.is_private, book.edit_by) == (("ops",), True, "admins")
    assert (book.admins, book.members, book.owner) == (("@alice",), ("@alice", "@bob"), "@carla")
    assert (book.invite, book.updates.broadcast) == (("@bob",), ("~town-square",))
    look, up = book.tasks
    assert (look.assignee, look.command) == ("@bob", "/page now")
    assert up.done_when is not None
    assert (up.done_when.says, up.done_when.by) == (("it is up",), ("@bob",))
    assert [(one.url, one.events) for one in book.webhooks] == [("https://hooks.example/a", ("run.started",))]


def test_commands_and_webhooks_stay_off_until_an_admin_confirms_them(desk: Desk) -> None:
    (done,) = brought(desk, wish(REST, asker=ALICE))
    assert done.step.held == ("commands", "webhooks")
    assert done.row.held == ["commands", "webhooks"]

    def confirm(asker: Person) -> Any:
        return desk.ask(lambda store: confirm_playbook(context(desk, store), store.playbook_by_key("outage"), asker))

    with pytest.raises(Refused):
        confirm(BOB)
    assert confirm(ALICE) == ("webhooks",)
    with pytest.raises(Refused, match="system administrator"):
        confirm(ALICE)
    assert confirm(ADMIN) == ("commands",)
    assert desk.ask(lambda store: store.playbook_by_key("outage").held) == []
    again = one_step(desk, wish(REST | {"description": "New"}, asker=ALICE, on_conflict="new-version"))
    assert again.held == ()


def test_guests_make_no_playbook_so_they_import_none(desk: Desk) -> None:
    with pytest.raises(Refused):
        brought(desk, wish(example(), asker=GUEST))
    assert len(titles(desk)) == 1


def test_nobody_brings_a_playbook_into_a_team_that_is_not_theirs(desk: Desk) -> None:
    desk.strangers.add("alice")
    desk.in_team("alice")
    with pytest.raises(Refused):
        brought(desk, wish(example(), asker=ALICE, team="ops"))


def test_a_playbook_that_only_its_admins_change_gets_no_new_version_from_others(desk: Desk) -> None:
    brought(desk, wish(REST, asker=ALICE))
    step = one_step(desk, wish(REST | {"description": "Mine"}, asker=BOB, on_conflict="new-version"))
    assert (step.what, step.why) == ("conflict", "not_yours")


def test_a_new_version_from_a_file_keeps_what_files_say_nothing_of(desk: Desk) -> None:
    brought(desk, wish(of_2022(), asker=ALICE))
    brought(desk, wish(of_2022() | {"description": "Changed"}, asker=ALICE, on_conflict="new-version"))
    book = desk.ask(lambda store: stored(context(desk, store), store.playbook_by_key("incident-of-old")))
    assert (book.description, book.admins) == ("Changed", ("@alice",))


def test_people_whom_nobody_knows_are_to_be_mapped_or_left_out(desk: Desk) -> None:
    document = REST | {"default_owner_id": "stranger", "invited_user_ids": ["stranger", "bob"]}
    step = one_step(desk, wish(document))
    assert step.is_open
    assert [(one.kind, one.id) for one in step.named if one.how == "to_be_mapped"] == [("person", "stranger")]
    mapped = one_step(desk, wish(document, given=Given(people={"stranger": "@carla"})))
    assert (mapped.is_open, mapped.book.owner, mapped.book.invite) == (False, "@carla", ("@carla", "@bob"))
    for left in (wish(document, leave_unknown=True), wish(document, given=Given(people={"stranger": "leave-out"}))):
        step = one_step(desk, left)
        assert (step.is_open, step.book.owner, step.book.invite) == (False, "creator", ("@bob",))
        assert ("stranger", "unmatched") in [(one.id, one.how) for one in step.named]


def test_a_prefix_that_is_in_use_is_left_out_and_told(desk: Desk) -> None:
    brought(desk, wish({"title": "Other", "version": 1, "run_number_prefix": "drill"}))
    step = one_step(desk, wish(example()))
    assert (step.what, step.book.prefix) == ("create", "")
    assert "prefix_taken" in [note.block for note in step.notes]


def test_an_archived_one_is_skipped_on_both_sides(desk: Desk) -> None:
    assert one_step(desk, wish(REST | {"delete_at": 5})).why == "archived_there"
    (done,) = brought(desk, wish(REST))
    desk.ask(lambda store: archive_playbook(store, store.playbook(done.row.id), desk.now))
    assert (one_step(desk, wish(REST)).what, one_step(desk, wish(REST)).why) == ("skip", "archived")


def test_a_playbook_of_another_muster_comes_as_it_was(desk: Desk) -> None:
    (done,) = brought(desk, wish(INCIDENT.model_copy(update={"title": "Ours", "key": "ours"}).definition()))
    definition = desk.ask(lambda store: store.playbook_version(store.playbook(done.row.id)).definition)
    assert playbook_of(definition) == INCIDENT.model_copy(update={"title": "Ours", "key": "ours"})


@pytest.mark.parametrize("document", [of_2022(), example(), REST])
@pytest.mark.parametrize("asker", [None, ALICE])
def test_what_was_changed_here_since_is_told_and_brought_back_as_a_new_version(
    desk: Desk, document: dict[str, Any], asker: Person | None
) -> None:
    (done,) = brought(desk, wish(document, asker=asker, leave_unknown=True))
    again = wish(document, asker=asker, on_conflict="new-version", leave_unknown=True)
    assert one_step(desk, again).why == "same"

    def edited(store: Any) -> None:
        row = store.playbook(done.row.id)
        book = stored(context(desk, store), row).model_copy(update={"description": "Changed here"})
        store_playbook(store, book, row.source, desk.now)

    desk.ask(edited)
    step = one_step(desk, wish(document, asker=asker, leave_unknown=True))
    assert (step.what, step.why) == ("skip", "changed")
    brought(desk, again)
    row = desk.ask(lambda store: store.playbook(done.row.id))
    assert row.version == 3
    said = desk.ask(lambda store: store.playbook_version(store.playbook(done.row.id)).definition["description"])
    assert said != "Changed here"
    assert one_step(desk, again).why == "same"
