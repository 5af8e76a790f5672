"""Each person has a pace, and who asks for little waits for nobody who asks for much."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bot.transaction.pace import MANY, SECONDS, SHARE, PersonalPace, next_in_turn


@dataclass
class Time:
    """Seconds that pass when a test says so."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_as_much_as_is_allowed_passes_at_once_and_the_rest_is_told_once() -> None:
    pace = PersonalPace(3, Time())
    assert [pace.ask("ann") for _ in range(6)] == ["go", "go", "go", "tell", "wait", "wait"]
    assert pace.ask("bob") == "go"


def test_the_pace_grows_back_and_what_was_refused_costs_nothing() -> None:
    time = Time()
    pace = PersonalPace(3, time)
    for _ in range(50):
        pace.ask("ann")
    time.now += SECONDS / 3
    assert [pace.ask("ann") for _ in range(3)] == ["go", "tell", "wait"]
    time.now += SECONDS
    assert [pace.ask("ann") for _ in range(4)] == ["go", "go", "go", "tell"]


def test_no_limit_is_no_limit() -> None:
    pace = PersonalPace(0, Time())
    assert {pace.ask("ann") for _ in range(1000)} == {"go"}


def test_few_people_are_kept_in_mind() -> None:
    pace = PersonalPace(1, Time())
    for number in range(MANY + 10):
        pace.ask(str(number))
        pace.ask(str(number))
    assert len(pace._spent) == MANY


@given(st.lists(st.floats(0, 20), max_size=60), st.integers(1, 20))
def test_never_more_than_allowed_passes_within_any_stretch(gaps: list[float], most: int) -> None:
    time = Time()
    pace = PersonalPace(most, time)
    passed = []
    for gap in gaps:
        time.now += gap
        if pace.ask("ann") == "go":
            passed.append(time.now)
    for at, first in enumerate(passed):
        within = [one for one in passed[at:] if one <= first + SECONDS]
        assert len(within) <= 2 * most


@dataclass(frozen=True)
class One:
    asker_id: str
    number: int


def queue(*askers: str) -> list[One]:
    return [One(asker, number) for number, asker in enumerate(askers)]


def test_who_asks_for_one_thing_comes_before_who_asks_for_many() -> None:
    taken, left = next_in_turn(queue(*["ann"] * 40, "bob"), 32)
    assert [one.asker_id for one in taken] == ["ann", "bob", *["ann"] * (SHARE - 1)]
    assert len(left) == 40 - SHARE


def test_who_is_alone_is_not_held_back() -> None:
    taken, left = next_in_turn(queue(*["ann"] * 40), 32)
    assert (len(taken), len(left)) == (32, 8)


@given(st.lists(st.sampled_from(["ann", "bob", "cat", ""]), max_size=80), st.integers(1, 40))
def test_everything_is_taken_in_the_end_each_persons_in_its_order(askers: list[str], most: int) -> None:
    left, order = queue(*askers), []
    for _ in range(len(askers)):
        if not left:
            break
        taken, left = next_in_turn(left, most)
        assert 0 < len(taken) <= most
        order += taken
    assert sorted(one.number for one in order) == list(range(len(askers)))
    for asker in set(askers):
        numbers = [one.number for one in order if one.asker_id == asker]
        assert numbers == sorted(numbers)
