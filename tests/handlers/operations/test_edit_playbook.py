"""Playbooks that people make: drafts that several change at once, versions of them, and who may do all that."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from desk import ADMIN, ALICE, BOB, CARLA, GUEST, INCIDENT, START, Desk, all_of, asked_of, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.operations.archive_playbook import archive, unarchive
from handlers.operations.copy_playbook import duplicate_playbook, save_run
from handlers.operations.edit_playbook import Clashing, create_playbook, drop_draft, save_draft
from handlers.operations.import_playbooks import confirm_playbook
from handlers.operations.publish_playbook import publish_draft, restore_version
from handlers.operations.share_playbook import share_playbook, take_over_playbook, transfer_playbooks
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.drafts import drafted
from handlers.rules.run_request import stored
from handlers.unsure import InTeam, OfGroups, Unsure
from store import KnownPerson, KnownPlace, KnownTeam, PlaybookRow, Store

TEA = playbook_of(
    {
        "title": "Tea time",
        "teams": ["ops"],
        "keywords": ["tea"],
        "checklists": [{"title": "Brew", "tasks": ["Boil the water", "Pour it", "Wait"]}],
    }
)


class House(Desk):
    """A desk at which playbooks are made, by operations alone."""

    def does_it(self, operation: Any, asker: Person, *args: Any, key: str = "tea-time", **more: Any) -> Any:
        try:
            with self.database.transaction() as store:
                ctx = Context(self.now, store, self.here)
                return operation(ctx, *self._about(store, key), *args, asker=asker, **more)
        except Unsure as unsure:
            self.answer(unsure)
            return self.does_it(operation, asker, *args, key=key, **more)

    def answer(self, unsure: Unsure) -> None:
        match unsure.question:
            case InTeam(team_id, person_ids):
                self.in_team(*person_ids, team_id=team_id)
            case OfGroups(names):
                for name in names:
                    self.ask(lambda store, name=name: store.learn_group(name, ["carla"], self.now))
            case _:
                raise unsure

    def _about(self, store: Store, key: str) -> tuple[PlaybookRow, ...]:
        row = store.playbook_by_key(key) if key else None
        return () if row is None else (row,)

    def makes(self, book: Playbook = TEA, by: Person = ALICE) -> str:
        return str(self.does_it(create_playbook, by, book, key="").row.key)

    def publishes(self, by: Person = ALICE, words: str = "", key: str = "tea-time") -> Any:
        return self.does_it(publish_draft, by, words, key=key)

    def saves(self, book: Playbook, by: Person = ALICE, revision: int | None = None, **more: Any) -> Any:
        return self.does_it(save_draft, by, book, self.revision() if revision is None else revision, **more)

    def revision(self, key: str = "tea-time") -> int:
        return int(self.ask(lambda store: store.playbook_by_key(key).revision))

    def book(self, key: str = "tea-time") -> Playbook:
        """Return the version in use."""
        return asked_of(self, ADMIN, lambda ctx, asker: stored(ctx, ctx.store.playbook_by_key(key)))

    def draft(self, key: str = "tea-time") -> Playbook:
        return asked_of(self, ADMIN, lambda ctx, asker: drafted(ctx, ctx.store.playbook_by_key(key)))


def with_(book: Playbook, **said: Any) -> Playbook:
    return playbook_of({**book.definition(), **said})


@pytest.fixture
def house() -> House:
    return House()


def test_a_new_playbook_is_a_draft_of_whoever_made_it(house: House) -> None:
    assert house.makes() == "tea-time"
    assert house.makes() == "tea-time-2"
    assert house.draft().admins == ("@alice",)
    assert "tea-time" not in {row.key for row in house.ask(lambda store: store.playbooks())}


def test_guests_make_none_and_nobody_in_teams_that_are_not_theirs(house: House) -> None:
    house.ask(lambda store: store.learn(KnownTeam(id="t2", name="sales", title="Sales", seen_at=house.now)))
    house.ask(lambda store: store.learn_members("t2", {"alice": False}, house.now))
    for book, by in ((TEA, GUEST), (with_(TEA, teams=["sales"]), ALICE), (with_(TEA, teams=[]), ALICE)):
        with pytest.raises(Refused):
            house.makes(book, by)
    with pytest.raises(Refused, match="no team"):
        house.makes(with_(TEA, teams=["sails"]), ADMIN)
    assert house.makes(with_(TEA, teams=[]), ADMIN) == "tea-time"


def test_publishing_has_it_in_use_with_a_line(house: House) -> None:
    house.makes()
    done = house.publishes(words="A first go")
    assert (done.stored.version, done.stored.what, done.before) == (1, "added", None)
    house.saves(with_(house.book(), keywords=["tea", "cuppa"]), BOB)
    assert house.book().keywords == ("tea",)
    assert house.publishes(BOB, "Hear cuppa, too").stored.version == 2
    assert house.book().keywords == ("tea", "cuppa")
    row = house.ask(lambda store: store.versions_of(store.playbook_by_key("tea-time").id, 1)[0])
    assert (row.words, row.by) == ("Hear cuppa, too", "bob")
    with pytest.raises(Refused):
        house.publishes()


def test_two_who_change_it_at_once_lose_nothing(house: House) -> None:
    house.makes()
    house.publishes()
    seen, base = house.revision(), house.book()
    tasks = [{"title": "Brew", "tasks": ["Boil the water", "Pour it", "Wait", "Drink"]}]
    house.saves(with_(base, checklists=tasks), ALICE, seen)
    done = house.saves(with_(base, description="Every day at four", keywords=["tea", "cuppa"]), BOB, seen)
    assert done.is_merged
    assert done.book.task_titles[-1] == "Drink"
    assert (done.book.description, done.book.keywords) == ("Every day at four", ("tea", "cuppa"))


def test_two_who_change_the_same_are_shown_both_and_choose(house: House) -> None:
    house.makes()
    house.publishes()
    seen, base = house.revision(), house.book()
    house.saves(with_(base, description="At four"), ALICE, seen)
    with pytest.raises(Clashing) as raised:
        house.saves(with_(base, description="At five"), BOB, seen)
    (clash,) = raised.value.clashes
    assert (clash.path, clash.mine, clash.theirs) == ("description", "At five", "At four")
    assert house.draft().description == "At four"
    assert house.saves(with_(base, description="At five"), BOB, seen, prefer="mine").book.description == "At five"


def test_who_saves_over_what_was_published_meanwhile_keeps_that(house: House) -> None:
    house.makes()
    house.publishes()
    seen, base = house.revision(), house.book()
    house.saves(with_(base, keywords=["tea", "chai"]), ALICE, seen)
    house.publishes()
    assert house.saves(with_(base, description="Hot"), BOB, seen).book.keywords == ("tea", "chai")


def test_an_old_version_comes_back_as_a_new_one_and_a_draft_has_both(house: House) -> None:
    house.makes()
    house.publishes()
    house.saves(with_(house.book(), keywords=["chai"]))
    house.publishes()
    house.saves(with_(house.book(), description="Hot"))
    assert house.does_it(restore_version, BOB, 1).stored.version == 3
    assert house.book().keywords == ("tea",)
    house.publishes()
    assert (house.book().keywords, house.book().description) == (("tea",), "Hot")
    for version in (9, 4):
        with pytest.raises(Refused):
            house.does_it(restore_version, BOB, version)


def test_an_old_version_brings_no_old_rights_back(house: House) -> None:
    house.makes()
    house.publishes()
    house.does_it(share_playbook, ALICE, {"admins": ["@bob"]})
    house.does_it(restore_version, BOB, 1)
    assert house.book().admins == ("@bob",)


def test_who_may_is_for_admins_to_say_and_holds_at_once(house: House) -> None:
    house.makes()
    house.publishes()
    house.saves(with_(house.book(), description="Hot"))
    for change in ({"admins": ["@bob"]}, {"edit_by": "admins"}, {"members": ["@bob"]}, {"start_by": ["@bob"]}):
        with pytest.raises(Refused):
            house.saves(with_(house.draft(), **change), BOB)
        with pytest.raises(Refused):
            house.does_it(share_playbook, BOB, change)
    house.does_it(share_playbook, ALICE, {"edit_by": "admins"})
    assert house.book().edit_by == house.draft().edit_by == "admins"
    with pytest.raises(Refused):
        house.saves(with_(house.draft(), description="Cold"), BOB)
    with pytest.raises(Refused):
        house.does_it(share_playbook, ALICE, {"admins": []})


def test_a_private_one_is_not_there_for_others(house: House) -> None:
    house.makes(with_(TEA, visibility="private", members=["@bob", "group:sre"]))
    house.publishes()
    house.saves(with_(house.book(), description="For Bob"), BOB)
    house.saves(with_(house.draft(), description="And Carla"), CARLA)
    with pytest.raises(Refused, match="no such playbook"):
        house.saves(with_(house.draft(), description="Nope"), Person(id="dan", username="dan"))


def test_runs_in_progress_follow_who_may(house: House) -> None:
    started_run(house)
    house.ask(lambda store: setattr(store.playbook_by_key(INCIDENT.key), "source", "made:"))
    house.does_it(share_playbook, ADMIN, {"admins": ["@carla"], "see_runs": "participants"}, key=INCIDENT.key)
    run = house.run()
    assert (run.definition["admins"], run.definition["see_runs"]) == (["@carla"], "participants")
    assert run.playbook_version == 1


def test_archived_and_back_by_who_may_edit_it(house: House) -> None:
    house.makes()
    house.publishes()
    assert house.does_it(archive, BOB).what == "archived"
    assert house.ask(lambda store: [row.key for row in store.playbooks()]) == [INCIDENT.key]
    with pytest.raises(Refused):
        house.does_it(archive, BOB)
    assert house.does_it(unarchive, ALICE).what == "restored"
    with pytest.raises(Refused):
        house.does_it(unarchive, ALICE)


def test_one_that_is_read_from_a_file_is_changed_there(house: House) -> None:
    house.ask(lambda store: setattr(store.playbook_by_key(INCIDENT.key), "source", "file:books/incident.yaml"))
    for operation, args in ((save_draft, (INCIDENT, 0)), (archive, ()), (publish_draft, ("",))):
        with pytest.raises(Refused, match=r"books/incident\.yaml"):
            house.does_it(operation, ADMIN, *args, key=INCIDENT.key)


def test_a_copy_is_a_draft_without_what_only_one_may_have(house: House) -> None:
    house.makes(with_(TEA, prefix="TEA"))
    house.publishes()
    done = house.does_it(duplicate_playbook, BOB, "")
    assert (done.book.title, done.book.key, done.book.admins) == ("Copy of Tea time", "copy-of-tea-time", ("@bob",))
    assert (done.book.keywords, done.book.prefix, done.book.checklists) == ((), "", TEA.checklists)


def test_a_run_becomes_a_playbook_as_it_went(house: House) -> None:
    place = started_run(house)
    house.commands("add Fetch biscuits", place=place)
    house.commands("assign 1.1 @bob", place=place)
    house.commands("remove 2.3", place=place)
    with house.database.transaction() as store:
        done = save_run(Context(house.now, store, house.here, asks=False), house_run(store), "Biscuits", ALICE)
    assert done.book.task_titles == [
        *("Acknowledge the alert", "Open a bridge call", "Roll back", "Tell support", "Fetch biscuits")
    ]
    assert done.book.tasks[0].people == ("@bob",)
    assert done.book.tasks[1].due == 900
    assert (done.book.title, done.book.updates, done.book.keywords) == ("Biscuits", INCIDENT.updates, ())


def house_run(store: Store) -> Any:
    return store.run(1)


def test_dropping_a_draft_leaves_the_version_in_use(house: House) -> None:
    house.makes()
    with pytest.raises(Refused):
        house.does_it(drop_draft, ALICE)
    house.publishes()
    house.saves(with_(house.book(), description="Hot"))
    assert house.does_it(drop_draft, BOB).description == ""
    assert house.draft() == house.book()


def test_all_that_one_looks_after_goes_to_another(house: House) -> None:
    house.makes()
    house.publishes()
    house.makes(with_(TEA, title="Coffee", key="coffee"), ALICE)
    with pytest.raises(Refused):
        house.does_it(transfer_playbooks, BOB, "alice", CARLA, key="")
    done = house.does_it(transfer_playbooks, ADMIN, "alice", CARLA, key="")
    assert {row.key for row in done.changed} == {"tea-time", "coffee"}
    assert house.book().admins == house.draft("coffee").admins == ("@carla",)


def test_who_is_left_takes_over(house: House) -> None:
    house.makes()
    house.publishes()
    with pytest.raises(Refused, match="@alice"):
        house.does_it(take_over_playbook, BOB)
    house.strangers.add("alice")
    house.in_team("alice")
    assert house.does_it(take_over_playbook, BOB).admins == ("@bob",)


def with_command(command: str) -> Playbook:
    return with_(TEA, checklists=[{"title": "Brew", "tasks": [{"title": "Boil", "command": command}, "Pour it"]}])


def starts(house: House, by: Person = CARLA) -> None:
    opened = all_of(house.commands("run tea-time Now", by), do.OpenChannel)
    house.opens(opened[0].run_id, f"now-{opened[0].run_id}")


def runs_it(house: House, number: int, by: Person = CARLA) -> bool:
    return bool(all_of(house.commands(f"#{number} do 1.1", by=by), do.RunCommand))


def test_a_command_that_people_publish_is_run_only_once_the_server_s_admin_has_confirmed_it(house: House) -> None:
    house.here = replace(house.here, may_run=("/invite",))
    house.makes(with_command("/invite @carla ~board-private"), CARLA)
    house.publishes(CARLA)
    starts(house)
    assert not runs_it(house, 1)
    with pytest.raises(Refused):
        house.does_it(confirm_playbook, CARLA)
    house.does_it(confirm_playbook, ADMIN)
    assert runs_it(house, 1)


def test_what_was_confirmed_says_nothing_of_what_is_published_afterwards_or_of_older_runs(house: House) -> None:
    house.here = replace(house.here, may_run=("/invite",))
    house.makes(with_command("/invite @carla ~board-private"), CARLA)
    house.publishes(CARLA)
    starts(house)
    house.saves(with_(with_command("/invite @bob ~kitchen"), admins=["@carla"]), CARLA)
    house.publishes(CARLA)
    house.does_it(confirm_playbook, ADMIN)
    assert not runs_it(house, 1)
    starts(house)
    assert runs_it(house, 2)
    house.saves(with_(with_command("/invite @carla ~kitchen"), admins=["@carla"]), CARLA)
    assert runs_it(house, 2)
    house.publishes(CARLA)
    assert not runs_it(house, 2)


def test_a_trial_runs_no_command(house: House) -> None:
    house.here = replace(house.here, may_run=("/invite",))
    house.makes(with_command("/invite @carla ~kitchen"), ADMIN)
    house.publishes(ADMIN)
    house.commands("try tea-time", ADMIN)
    house.opens()
    assert house.run(1).is_trial
    assert not runs_it(house, 1, ADMIN)
    starts(house, ADMIN)
    assert runs_it(house, 2, ADMIN)


def test_who_may_do_what_holds_for_runs_that_are_over_but_a_trial_stays_alone(house: House) -> None:
    house.makes(with_(TEA, visibility="private", members=["@carla"]))
    house.publishes()
    house.commands("try tea-time", ALICE)
    house.opens(1)
    starts(house, ALICE)
    house.commands("#2 finish now", ALICE)
    assert not house.run(2).is_active
    before = house.run(1).definition
    house.does_it(share_playbook, ALICE, {"members": ["@bob"], "admins": ["@alice", "@carla"]})
    assert house.run(1).definition == before
    assert (house.run(2).definition["members"], house.run(2).definition["admins"]) == (["@bob"], ["@alice", "@carla"])


def test_a_run_that_is_saved_gives_nothing_of_a_playbook_that_one_may_not_see(house: House) -> None:
    task = {"title": "Boil", "when": {"attribute": "kind", "is": ["green"]}}
    house.makes(
        with_(
            TEA,
            description="Secret",
            attributes=[{"name": "kind", "type": "select", "options": ["green", "black"]}],
            checklists=[{"title": "Brew", "tasks": [task, "Pour it"]}],
            roles=[{"name": "scribe", "person": "@bob"}],
            webhooks=[{"name": "pager", "url": "https://hooks.example.com/T0KEN"}],
        )
    )
    house.publishes()
    starts(house, CARLA)
    house.does_it(share_playbook, ALICE, {"visibility": "private", "members": ["@alice"]})
    house.does_it(lambda ctx, asker: save_run(ctx, ctx.store.run(1), "Mine", asker), CARLA, key="")
    mine = house.draft("mine")
    assert mine.task_titles == ["Pour it"]
    assert [
        one.definition() for one in (mine,) if "T0KEN" in str(one.definition()) or "Secret" in one.description
    ] == []
    assert (mine.attributes, mine.members, mine.roles[0].person) == ((), (), None)
    house.does_it(lambda ctx, asker: save_run(ctx, ctx.store.run(1), "All", asker), ALICE, key="")
    assert house.draft("all").webhooks


def test_a_guest_or_bot_is_no_admin_who_is_left(house: House) -> None:
    house.makes()
    house.publishes()
    house.ask(
        lambda store: store.learn(KnownPerson(id="guest", username="visitor", roles="system_guest", seen_at=START))
    )
    house.does_it(share_playbook, ADMIN, {"admins": ["@visitor"]})
    assert house.does_it(take_over_playbook, BOB).admins == ("@bob",)


def test_another_s_private_playbook_is_not_named_where_its_prefix_is_taken(house: House) -> None:
    house.makes(with_(TEA, title="Layoffs", key="layoffs", prefix="LAY", visibility="private"), BOB)
    house.publishes(BOB, key="layoffs")
    house.makes(with_(TEA, prefix="LAY"), CARLA)
    with pytest.raises(Refused, match="runs of another playbook are numbered"):
        house.publishes(CARLA)
    house.makes(with_(TEA, key="tea-too", prefix="LAY"), ADMIN)
    with pytest.raises(Refused, match="Layoffs"):
        house.publishes(ADMIN, key="tea-too")


def test_a_private_channel_is_named_only_by_who_administers_it(house: House) -> None:
    """Else anybody who makes a playbook would be invited there by the bot, or have it speak there."""
    place = KnownPlace(id="secret", team_id="t1", name="board", kind="P", is_member=True, seen_at=START)
    house.ask(lambda store: store.learn(place))
    asked = msgspec.structs.replace(ALICE, asked=frozenset({"secret"}))
    for more in ({"channel": {"use": "~board"}}, {"actions": [{"post": "Hello", "channel": "~board"}]}):
        key = house.makes(with_(TEA, **more))
        with pytest.raises(Refused, match="private channel"):
            house.publishes(by=asked, key=key)
        assert (
            house.publishes(by=msgspec.structs.replace(asked, heads=frozenset({"secret"})), key=key).stored.version == 1
        )
        # Who changes something else later need not be one.
        house.saves(with_(house.draft(key), description="Anew."), by=asked, revision=house.revision(key), key=key)
        assert house.publishes(by=asked, key=key).stored.version == 2
