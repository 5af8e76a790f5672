"""What two processes both hear of counts once, though each decides before it sees what the other has decided."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag

import pytest
from desk import ALICE, BOB, CARLA, TOWN, Desk, started_run
from stage import KINDS, url_of

from handlers import effects as do
from handlers.context import Context
from handlers.events import (
    AnyEvent,
    DialogSubmitted,
    Hit,
    JobDue,
    MessageHeard,
    PersonJoined,
    PersonLeft,
    Place,
    PlaceClosed,
    PlaceReopened,
    PostDeleted,
    ReactionAdded,
)
from handlers.routes import handle

HEARD: dict[str, Callable[[Desk, Place], AnyEvent]] = {
    "a message": lambda desk, place: MessageHeard(
        at=desk.now,
        post_id="p7",
        root_id="",
        place=TOWN,
        author=ALICE,
        text="sev-1 again",
        hits=(Hit(playbook_id=1, keywords=("sev-1",)),),
    ),
    "a card deleted by hand": lambda desk, place: PostDeleted(at=desk.now, post_id="own2", place_id=place.id),
    "a checklist deleted by hand": lambda desk, place: PostDeleted(at=desk.now, post_id="own3", place_id=place.id),
    "somebody who comes": lambda desk, place: PersonJoined(at=desk.now, place=place, person=CARLA),
    "somebody who goes": lambda desk, place: PersonLeft(at=desk.now, place_id=place.id, person_id=BOB.id),
    "a channel archived": lambda desk, place: PlaceClosed(at=desk.now, place_id=place.id, why="archived"),
    "a channel restored": lambda desk, place: PlaceReopened(at=desk.now, place_id=place.id),
    "a reaction": lambda desk, place: ReactionAdded(
        at=desk.now, emoji="pushpin", once="reaction:1", asker=BOB, place=place, post_id="p9", text="It was the disk"
    ),
    "a dialog": lambda desk, place: DialogSubmitted(
        at=desk.now, action="note.save", arg="1", once="shown", values={"note": "The disk"}, asker=ALICE, place=place
    ),
    "a time that has come": lambda desk, place: JobDue(at=desk.now, job_id=first_due(desk)),
}


def first_due(desk: Desk) -> int:
    return desk.ask(lambda store: store.due_jobs(desk.now, 1)[0])  # type: ignore[no-any-return]


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(url=url_of(request.param, tmp_path))
    yield made
    made.database.close()


def at_once(desk: Desk, event: AnyEvent) -> Sequence[list[do.Effect]]:
    """Let two processes decide what follows from an event, the second before the first has committed."""
    decided, asking = Flag(), Flag()

    def first() -> list[do.Effect]:
        with desk.database.transaction() as store:
            found = list(handle(event, Context(desk.now, store, desk.here)))
            decided.set()
            # On SQLite the other one cannot even begin.
            asking.wait(0.3)
        return found

    def second() -> list[do.Effect]:
        decided.wait(10)
        with desk.database.transaction() as store:
            found = list(handle(event, Context(desk.now, store, desk.here)))
            asking.set()
        return found

    with ThreadPoolExecutor(2) as pool:
        answers: list[Future[list[do.Effect]]] = [pool.submit(first), pool.submit(second)]
    return [answer.result() for answer in answers]


@pytest.mark.parametrize("what", HEARD)
def test_what_both_processes_hear_of_has_one_consequence(desk: Desk, what: str) -> None:
    place = started_run(desk)
    if what == "a channel restored":
        desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="archived"))
    desk.later(hours=1)
    # Who is in the team has just been asked: neither process asks while the other one decides.
    members = {person.id: True for person in (ALICE, BOB, CARLA)}
    desk.ask(lambda store: store.learn_members("t1", members, desk.now))
    before = moments(desk)
    first, second = at_once(desk, HEARD[what](desk, place))

    assert second == []
    assert first or len(moments(desk)) > len(before)
    assert len(moments(desk)) <= len(before) + 1


def moments(desk: Desk) -> list[tuple[str, str]]:
    return desk.ask(lambda store: [(one.kind, one.person_id) for one in store.moments(1)])  # type: ignore[no-any-return]
