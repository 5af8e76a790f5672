"""The page of one run, and the forms on it: what chat shows and does, shown and done there."""

from typing import Any

import pytest
from desk import ALICE, BOB, CARLA, PUBLIC, Desk, all_of, asked_of, one, started_run

from handlers import effects as do
from handlers.events import PageActed, Person, Place
from handlers.pages.asked import Asked, NotThere
from handlers.pages.my_tasks import TasksPage, tasks_page
from handlers.pages.playbooks import BookPage, BooksPage, book_page, books_page
from handlers.pages.run import FOLDED, RunPage, run_page
from handlers.playbooks.playbook import Playbook

BOOK = Playbook.model_validate(
    PUBLIC.definition()
    | {
        "roles": ["scribe", "commander"],
        "retrospective": {"metrics": [{"title": "Users affected", "type": "integer", "target": "100"}]},
    }
)


def page(desk: Desk, asker: Person = ALICE, number: str = "1") -> RunPage:
    found: RunPage = asked_of(desk, asker, lambda ctx, who: run_page(ctx, Asked(who, {"run": number})))
    return found


def mine(desk: Desk, asker: Person = ALICE) -> TasksPage:
    found: TasksPage = asked_of(desk, asker, lambda ctx, who: tasks_page(ctx, Asked(who)))
    return found


def acts(desk: Desk, action: str, by: Person = ALICE, *, run: int = 1, **values: str) -> list[do.Effect]:
    desk._posts += 1
    return desk.take(
        PageActed(
            at=desk.now, action=action, run_id=run, once=f"form{desk._posts}", values=values, asker=by,
            place=Place(id="channel1"),
        )
    )  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    made = Desk(BOOK)
    place = started_run(made)
    for words in ("role scribe @bob", "set ticket OPS-1", "assign 1.2 scribe, me", "info 1.1"):
        made.commands(words, place=place)
    return made


def test_the_head_says_how_a_run_stands(desk: Desk) -> None:
    desk.commands("summary Payments *fail* since 13:58. It is bad.\n\nMore", place=Place(id="channel1"))
    run = page(desk).run
    assert (run.number, run.name, run.state, run.owner) == (1, "Checkout is down", "active", "alice")
    assert (run.sentence, run.done, run.total, run.is_late) == ("Payments *fail* since 13:58.", 0, 5, False)
    assert run.update_due_at is not None
    assert page(desk).updates == ()
    desk.later(minutes=40)
    assert page(desk).run.is_late


def test_the_page_has_all_that_chat_shows(desk: Desk) -> None:
    shown = page(desk)
    assert [(one.title, len(one.tasks)) for one in shown.lists] == [("Triage", 2), ("Fix", 3)]
    task = shown.lists[0].tasks[1]
    assert (task.number, task.title, task.people) == ("1.2", "Open a bridge call", ("scribe (@bob)", "@alice"))
    assert (task.who, task.is_mine, task.due) == ("scribe, @alice", True, "2026-11-23 15:15")
    assert [(one.name, one.is_owner, one.roles) for one in shown.people.parts] == [
        ("alice", True, ()),
        ("bob", False, ("scribe",)),
    ]
    assert shown.people.free == ("commander",)
    assert shown.variables == (("ticket", "OPS-1"),)
    assert (shown.playbook, shown.playbook_key, shown.team) == ("Incident response", "incident-response", "Operations")
    assert shown.link.endswith("/ops/channels/checkout-is-down-1")
    assert shown.may == {"change", "join", "finish", "own"}
    assert "started the run" in shown.timeline[-1].words
    assert [one["name"] for one in shown.measures.milestones][:1] == ["keyword"]
    assert [one.title for one in shown.measures.asked] == ["Users affected"]
    assert len(shown.measures.times) == 4


def test_who_only_looks_is_offered_nothing_but_to_take_part(desk: Desk) -> None:
    shown = page(desk, CARLA)
    assert shown.may == {"join"}
    assert not shown.takes_part
    assert not shown.lists[0].tasks[0].is_mine


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "99999999999", "1.0", "١"])
def test_what_is_no_run_is_not_there(desk: Desk, number: str) -> None:
    with pytest.raises(NotThere):
        page(desk, number=number)


def test_a_run_that_was_deleted_is_not_there_any_more(desk: Desk) -> None:
    desk.commands("delete now", place=Place(id="channel1"))
    with pytest.raises(NotThere):
        page(desk)
    (refused,) = all_of(acts(desk, "task.turn", task="1", verb="check"), do.Refuse)
    assert "no run 1" in refused.text


def test_tasks_are_turned_as_in_chat(desk: Desk) -> None:
    for verb, state in (
        *(("start", "in_progress"), ("check", "done"), ("uncheck", "open"), ("skip", "skipped")),
        *(("restore", "open"), ("check", "done")),
    ):
        found = acts(desk, "task.turn", task="1", verb=verb)
        assert one(found, do.Answer).content.text
        assert all_of(found, do.Edit) != []
        assert page(desk).lists[0].tasks[0].state == state
    assert "already done" in one(acts(desk, "task.turn", task="1", verb="check"), do.Answer).content.text
    assert one(acts(desk, "task.turn", task="99", verb="check"), do.Refuse).title == "This task is gone"
    assert all_of(acts(desk, "task.turn", task="1", verb="explode"), do.Refuse) != []
    assert page(desk).run.done == 1


def test_a_form_that_is_sent_twice_counts_once(desk: Desk) -> None:
    form = PageActed(
        at=desk.now, action="task.new", run_id=1, once="same", values={"title": "Once"}, asker=ALICE,
        place=Place(id="channel1"),
    )  # fmt: skip
    assert all_of(desk.take(form), do.Answer) != []
    assert desk.take(form) == []
    assert [one.title for each in page(desk).lists for one in each.tasks].count("Once") == 1


def test_a_task_is_given_and_put_to_a_time(desk: Desk) -> None:
    found = acts(desk, "task.give", task="1", assignee="@bob, commander", due="in 2h")
    assert "for @bob, commander and due 17:00 CET" in one(found, do.Answer).content.text
    assert [tell.person_id for tell in all_of(found, do.Tell) + all_of(found, do.Post)] != []
    task = page(desk).lists[0].tasks[0]
    assert (task.people, task.due) == (("@bob", "commander"), "2026-11-23 17:00")
    again = acts(desk, "task.give", task="1", assignee=task.who, due=task.due)
    assert "Nothing changed" in one(again, do.Answer).content.text
    assert "nobody" in one(acts(desk, "task.give", task="1", assignee="", due=""), do.Answer).content.text
    task = page(desk).lists[0].tasks[0]
    assert (task.people, task.due_at) == ((), None)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("due", {"assignee": "", "due": "some day"}),
        ("due", {"assignee": "", "due": "yesterday 5pm"}),
        ("assignee", {"assignee": "@nobody-here", "due": ""}),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_changes_nothing(
    desk: Desk, field: str, values: dict[str, str]
) -> None:
    before = page(desk).lists
    for action, more in (("task.give", {"task": "2"}), ("task.new", {"title": "New"})):
        wrong = one(acts(desk, action, **more, **values), do.Correct)
        assert [*wrong.errors] == [field]
    assert page(desk).lists == before


def test_a_task_is_added_to_the_list_that_was_chosen(desk: Desk) -> None:
    acts(desk, "task.new", title="  Call   the provider ", checklist="1", assignee="me", due="in 1h")
    added = page(desk).lists[0].tasks[-1]
    assert (added.number, added.title, added.people) == ("1.3", "Call the provider", ("@alice",))
    assert [*one(acts(desk, "task.new", title="", checklist="1"), do.Correct).errors] == ["title"]
    assert [*one(acts(desk, "task.new", title="x" * 2000), do.Correct).errors] == ["title"]


def test_of_many_updates_the_latest_are_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.pages.run.UPDATES", 1)
    for number in range(3):
        acts(desk, "update.post", text=f"News {number}", next="3600")
    assert ([one.text for one in page(desk).updates], page(desk).older) == (["News 2"], 2)


def test_an_update_is_posted_told_and_shown(desk: Desk) -> None:
    found = acts(desk, "update.post", text="We **roll back**", next="3600")
    assert any("roll back" in str(post.content) for post in all_of(found, do.Post))
    assert "Update 1 is posted" in one(found, do.Answer).content.text
    shown = page(desk)
    assert [(one.who, one.text) for one in shown.updates] == [("alice", "We **roll back**")]
    assert shown.run.update_due_at is not None
    assert (shown.run.update_due_at - desk.now).total_seconds() == 3600
    assert [*one(acts(desk, "update.post", text="", next="0"), do.Correct).errors] == ["text"]
    assert [*one(acts(desk, "update.post", text="What changed?", next="0"), do.Correct).errors] == ["text"]
    acts(desk, "update.post", text="Over", next="0")
    assert page(desk).run.update_due_at is None


def test_people_come_go_and_follow(desk: Desk) -> None:
    invite = one(acts(desk, "people.join", CARLA), do.Invite)
    assert invite.person_ids == ("carla",)
    assert "You follow" in one(acts(desk, "run.follow", CARLA), do.Answer).content.text
    assert page(desk, CARLA).follows
    assert "already" in one(acts(desk, "run.follow", CARLA), do.Answer).content.text
    acts(desk, "run.unfollow", CARLA)
    assert not page(desk, CARLA).follows
    assert page(desk, BOB).takes_part
    acts(desk, "people.leave", BOB)
    assert not page(desk, BOB).takes_part
    assert one(acts(desk, "people.leave", ALICE), do.Refuse).title


def test_a_run_is_finished_and_taken_up_again(desk: Desk) -> None:
    wrong = one(acts(desk, "run.finish", outcome="Fixed", mitigated="some day"), do.Correct)
    assert [*wrong.errors] == ["mitigated"]
    assert page(desk).run.is_active
    desk.later(minutes=30)
    acts(desk, "run.finish", outcome="A certificate ran out", mitigated="10 min ago")
    shown = page(desk)
    assert (shown.run.state, shown.run.outcome) == ("finished", "A certificate ran out")
    assert "mitigated" in [one["name"] for one in shown.measures.milestones]
    assert all(not one.workable for one in shown.lists)
    assert one(acts(desk, "task.turn", task="1", verb="check"), do.Refuse).title
    acts(desk, "run.restart")
    assert page(desk).run.is_active
    assert page(desk).measures.again == 2


def test_times_and_metrics_are_filled_in(desk: Desk) -> None:
    acts(desk, "time.save", impact_started="20 min ago", detected="", mitigated="", impact_ended="", because="")
    shown = page(desk).measures
    assert "impact-started" in [one["name"] for one in shown.milestones]
    assert shown.times[0].written == "2026-11-23 14:40"
    (field,) = (one.field for one in shown.asked)
    acts(desk, "metric.save", **{field: "1,200"})
    shown = page(desk).measures
    assert [(one["value"], one["is_met"]) for one in shown.metrics] == [("1,200", False)]
    wrong = one(acts(desk, "metric.save", **{field: "many"}), do.Correct)
    assert [*wrong.errors] == [field]


def test_a_long_timeline_is_folded(desk: Desk) -> None:
    for number in range(FOLDED + 5):
        desk.commands(f"note Number {number} of what happened", place=Place(id="channel1"))
    shown = page(desk)
    assert "Number 16" in shown.timeline[0].words
    assert len(shown.timeline) > shown.folded
    assert shown.earlier == 0


def test_my_tasks_has_what_is_mine_and_what_is_to_be_done_afterwards(desk: Desk) -> None:
    assert [one.task.title for one in mine(desk).tasks] == ["Open a bridge call"]
    assert [one.task.title for one in mine(desk, BOB).tasks] == ["Open a bridge call"]
    assert mine(desk, CARLA).is_empty
    desk.later(minutes=40)
    assert [run.number for run in mine(desk).late] == [1]
    assert mine(desk).tasks[0].task.is_late
    acts(desk, "task.turn", task="2", verb="check")
    assert mine(desk).tasks == ()
    acts(desk, "update.post", text="Better", next="0")
    assert mine(desk).late == ()

    def after(store: Any) -> None:
        row = store.checklist(2)
        row.kind = "follow_ups"
        store.task(3).assignees, store.task(3).added_at = ["alice"], desk.now

    desk.ask(after)
    acts(desk, "run.finish", outcome="")
    found = mine(desk)
    assert (found.tasks, found.runs) == ((), ())
    assert [(one.task.title, one.may_change, one.age) for one in found.follow_ups] == [("Roll back", True, 0)]
    desk.later(days=12)
    assert [one.age for one in mine(desk).follow_ups] == [12]
    acts(desk, "task.turn", task="3", verb="check")
    assert mine(desk).follow_ups == mine(desk, BOB).done == ()
    assert mine(desk).is_empty
    desk.later(days=30)
    assert [one.task.title for one in mine(desk).done] == ["Roll back"]
    desk.later(seconds=1)
    assert mine(desk).done == ()


def test_a_playbook_says_what_it_holds_and_its_runs(desk: Desk) -> None:
    found: BookPage = asked_of(desk, ALICE, lambda ctx, who: book_page(ctx, Asked(who, {"key": "Incident-Response"})))
    assert (found.book.title, found.count, found.active, found.is_archived) == ("Incident response", 1, 1, False)
    assert [run.name for run in found.runs] == ["Checkout is down"]
    books: BooksPage = asked_of(desk, ALICE, lambda ctx, who: books_page(ctx, Asked(who)))
    assert [(one.key, one.tasks) for one in books.books] == [("incident-response", 5)]
    desk.ask(lambda store: setattr(store.playbook(1), "archived_at", desk.now))
    found = asked_of(desk, ALICE, lambda ctx, who: book_page(ctx, Asked(who, {"key": "incident-response"})))
    assert found.is_archived
    assert asked_of(desk, ALICE, lambda ctx, who: books_page(ctx, Asked(who))).books == ()
