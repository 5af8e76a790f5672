"""The figures of runs from before, and of runs in progress, are there by and by, without anybody asking."""

from desk import Desk, started_run
from history import a_history, planned
from sqlalchemy import text

from bot.doors.figuring import MOST, Figuring
from bot.transaction.dispatcher import Dispatcher


def figuring(desk: Desk) -> Figuring:
    return Figuring(Dispatcher(desk.database, desk.here, clock=lambda: desk.now), pause=0)


async def test_runs_from_before_get_their_figures_once() -> None:
    desk = Desk()
    runs = a_history(desk.database, planned(count=2 * MOST + 5))
    here = figuring(desk)
    assert await here.round() == len(runs)
    assert len(desk.ask(lambda store: store.run_figures())) == len(runs)
    assert await here.round() == 0
    here.desk.close()


async def test_a_run_in_progress_is_counted_anew_when_something_of_it_has_changed() -> None:
    desk = Desk()
    place = started_run(desk)
    here = figuring(desk)
    await here.round()
    desk.commands("check 1.1", place=place)
    assert desk.ask(lambda store: store.figures_of(1)).load == {"alice": {"tasks": 0, "outside": None}} | {
        "bob": {"tasks": 0, "outside": None}
    }
    assert await here.round() == 1
    assert desk.ask(lambda store: store.figures_of(1)).load["alice"]["tasks"] == 1
    assert await here.round() == 0
    here.desk.close()


async def test_a_run_that_cannot_be_read_keeps_no_other_from_being_counted() -> None:
    desk = Desk()
    a_history(desk.database, planned(count=3))
    with desk.database.engine.begin() as connection:
        connection.execute(text("UPDATE run SET definition = '{}' WHERE id = 2"))
    here = figuring(desk)
    await here.round()
    assert [one.run_id for one in desk.ask(lambda store: store.run_figures())] == [3, 1]
    here.desk.close()
