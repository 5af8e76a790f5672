"""The bot's time never goes back: what is due stays due, and nothing waits for the old time to come again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.clock import EASE, Steady
from bot.transaction.decisions import Pace

START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A machine whose clock can be set, and which can be suspended."""

    def __init__(self) -> None:
        self.wall = START
        self.ticks = 100.0
        self.clock = Steady(lambda: self.wall, lambda: self.ticks)

    def passes(self, **span: float) -> None:
        self.wall += timedelta(**span)
        self.ticks += timedelta(**span).total_seconds()

    def sleeps(self, **span: float) -> None:
        """Be suspended: the clock goes on, the count of seconds does not."""
        self.wall += timedelta(**span)

    def is_set(self, by: timedelta) -> None:
        self.wall += by


def test_time_goes_as_the_clock_goes() -> None:
    machine = Machine()
    for _ in range(5):
        machine.passes(seconds=0.5)
        assert machine.clock() == machine.wall


def test_a_clock_set_back_makes_nothing_wait_for_it() -> None:
    """What is due in half an hour comes within a quarter more of it, not in an hour and a half."""
    machine = Machine()
    due = machine.clock() + timedelta(minutes=30)
    machine.is_set(-HOUR)
    assert machine.clock() == START
    machine.passes(minutes=30 / (1 - EASE))
    assert machine.clock() == due
    assert machine.wall < START


def test_what_was_due_stays_so_and_an_edit_waits_a_second_at_most() -> None:
    machine, pace = Machine(), Pace()
    machine.passes(minutes=10)
    assert pace.wait(1, machine.clock()) == timedelta()
    machine.is_set(-timedelta(seconds=90))
    assert machine.clock() >= START + timedelta(minutes=10)
    assert pace.wait(1, machine.clock()) == timedelta(seconds=1)


def test_tomorrow_morning_is_the_machine_s() -> None:
    machine = Machine()
    machine.is_set(-HOUR)
    machine.clock()
    for _ in range(19):
        machine.passes(hours=1)
        machine.clock()
    assert machine.clock() == machine.wall


def test_a_machine_that_was_suspended_is_followed_at_once() -> None:
    machine = Machine()
    machine.sleeps(hours=8)
    assert machine.clock() == START + 8 * HOUR


def test_the_operator_is_told_once_that_the_clock_was_set_back() -> None:
    machine = Machine()
    with capture_logs() as logs:
        machine.is_set(-timedelta(seconds=90))
        for _ in range(3):
            machine.clock()
            machine.passes(seconds=1)
    assert [(one["action"], one["seconds"]) for one in logs] == [("clock_set_back", 90)]


@given(st.lists(st.tuples(st.floats(0, 7200), st.floats(-7200, 7200))))
def test_whatever_is_done_to_the_clock_time_does_not_go_back(steps: list[tuple[float, float]]) -> None:
    machine = Machine()
    before = machine.clock()
    for passed, by in steps:
        machine.is_set(timedelta(seconds=by))
        machine.passes(seconds=passed)
        now = machine.clock()
        assert now >= machine.wall
        assert now - before >= timedelta(seconds=passed * (1 - EASE)) - timedelta(microseconds=2)
        before = now
