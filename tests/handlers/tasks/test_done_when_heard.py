"""Words in the run's channel that complete a task."""

import pytest
from desk import ALICE, BOB, TOWN, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import Hit, MessageHeard, Person, Place
from handlers.playbooks.keywords import Keywords, Watched
from handlers.playbooks.playbook import Playbook

BOOK = Playbook.model_validate(
    {
        "title": "Release",
        "key": "release",
        "keywords": ["sev-1"],
        "name": "{message}",
        "channel": {"visibility": "private"},
        "checklists": [
            {
                "title": "Ship",
                "tasks": [
                    {"title": "Deploy", "done_when": {"says": ["deployed", "shipped it"]}},
                    {"title": "Approve", "done_when": {"says": ["approved"], "by": ["@bob"]}},
                ],
            }
        ],
    }
)


def said(desk: Desk, place: Place, text: str, by: Person, task_id: int, post: str = "p1") -> list[do.Effect]:
    hit = Hit(playbook_id=0, keywords=(text,), task_id=task_id)
    return desk.take(
        MessageHeard(at=desk.now, post_id=post, root_id="", place=place, author=by, text=text, hits=(hit,))
    )


def test_the_words_complete_the_task_and_say_so_under_the_message() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    found = said(desk, place, "deployed", ALICE, 1)
    task = desk.ask(lambda store: store.task(1))
    assert (task.state, task.changed_by) == ("done", "alice")
    note = one(found, do.Post)
    assert note.root_id == "p1"
    assert "**1.1** “Deploy” is done: this message says “deployed”" in note.content.text
    assert any("[x] ~~1.1 Deploy~~ · @alice" in words_of(edit.content.cards[0]) for edit in all_of(found, do.Edit))
    assert [one.post_id for one in desk.ask(lambda store: list(store.moments(1))) if one.kind == "task_done"] == ["p1"]
    assert said(desk, place, "deployed", ALICE, 1, "p2") == []


def test_only_those_who_are_named_complete_it() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    assert said(desk, place, "approved", ALICE, 2) == []
    assert said(desk, place, "approved", BOB, 2, "p2")
    assert desk.ask(lambda store: store.task(2)).state == "done"


def test_it_is_undone_like_any_other_change() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    said(desk, place, "deployed", ALICE, 1)
    desk.commands("undo", place=place)
    assert desk.ask(lambda store: store.task(1)).state == "open"


@pytest.mark.parametrize("where", [TOWN, Place(id="other", team_id="t1")])
def test_elsewhere_they_mean_nothing(where: Place) -> None:
    desk = Desk(BOOK)
    started_run(desk)
    assert said(desk, where, "deployed", ALICE, 1) == []


def test_the_store_tells_what_is_to_be_heard_and_notices_when_that_changes() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    heard = desk.ask(lambda store: [tuple(row) for row in store.tasks_to_hear()])
    assert heard == [(1, ["deployed", "shipped it"], place.id), (2, ["approved"], place.id)]
    desk.commands("check 1.1", place=place)
    assert [row[0] for row in desk.ask(lambda store: list(store.tasks_to_hear()))] == [2]
    desk.commands("finish now", place=place)
    assert desk.ask(lambda store: list(store.tasks_to_hear())) == []
    with desk.database.transaction() as store:
        store.task(2).turn("done", "alice", desk.now)
    assert store.has_changed_listening
    with desk.database.transaction() as store:
        store.run(1).summary = "other words"
    assert not store.has_changed_listening


def test_words_of_a_place_are_found_there_alone_and_beside_keywords() -> None:
    keywords = Keywords([Watched(1, ("down",))])
    both = keywords.also_in_places(
        [Watched(0, ("deployed",), task_id=7, place_id="a"), Watched(0, ("deployed",), task_id=8, place_id="b")]
    )
    assert [hit.task_id for hit in both.find("it is Deployed and down", "t", "a")] == [0, 7]
    assert [hit.task_id for hit in both.find("it is deployed", "t", "b")] == [8]
    assert both.find("it is deployed", "t", "c") == ()
    assert keywords.find("it is deployed", "t", "a") == ()
