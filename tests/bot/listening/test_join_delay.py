"""People who come into a channel are told a moment later, in order, and are not lost with the process."""

import asyncio

from bot.listening.join_delay import Arrivals
from bot.listening.read_marks import Watermarks


def heard(marks: Watermarks, at: int) -> dict[str, int]:
    marks.passed("c", at)
    return marks.take_changed()


def marks_at(at: int) -> Watermarks:
    marks = Watermarks()
    marks.closed()
    assert heard(marks, at) == {"c": at}
    return marks


async def test_an_arrival_is_told_after_a_while_and_once() -> None:
    told: list[tuple[str, str]] = []
    done = asyncio.Event()

    def tell(place_id: str, person_id: str) -> None:
        told.append((place_id, person_id))
        done.set()

    arrivals = Arrivals(marks_at(10), tell, wait=0.01)
    arrivals.came("c", "alice")
    arrivals.came("c", "alice")
    assert told == []
    await asyncio.wait_for(done.wait(), 10)
    assert told == [("c", "alice")]


async def test_who_leaves_again_is_told_to_have_come_first() -> None:
    told: list[tuple[str, str]] = []
    arrivals = Arrivals(marks_at(10), lambda place_id, person_id: told.append((place_id, person_id)), wait=60)
    arrivals.came("c", "alice")
    arrivals.tell_now("c", "bob")
    assert told == []
    arrivals.tell_now("c", "alice")
    assert told == [("c", "alice")]
    arrivals.tell_now("c", "alice")
    assert told == [("c", "alice")]


async def test_the_channels_mark_stands_still_until_an_arrival_is_told() -> None:
    marks = marks_at(10)
    marks.passed("c", 20)
    arrivals = Arrivals(marks, lambda place_id, person_id: None, wait=60)
    arrivals.came("c", "alice")
    assert heard(marks, 30) == {"c": 19}
    arrivals.tell_now("c", "alice")
    assert heard(marks, 40) == {"c": 40}
    arrivals.came("c", "bob")
    arrivals.close()
    assert heard(marks, 50) == {}
