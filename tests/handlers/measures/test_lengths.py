"""How long a run took is one figure, wherever it is told: by what people say of its times, or not at all."""

from typing import Any

from desk import ALICE, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.context import Context
from handlers.events import Place
from handlers.export.collect import document_of
from handlers.export.files import as_markdown
from handlers.rules.progress import progress
from handlers.views.card import card
from handlers.views.news import news
from handlers.views.retro_facts import facts
from store import Message, RetroSection
from store.queries.visible import visible_to_team


def running() -> tuple[Desk, Place]:
    """Return a desk at which the incident has been in progress for forty minutes; Alice's clock shows 15:40."""
    desk = Desk()
    place = started_run(desk)
    desk.later(minutes=40)
    return desk, place


def told(desk: Desk, since: Any = None) -> dict[str, str]:
    """Return what tells how long the run took, by where it stands."""

    def of(store: Any) -> dict[str, str]:
        ctx = Context(desk.now, store, desk.here, asks=False, reader=desk.here.reader(ALICE))
        run, seen = store.run(1), visible_to_team(store, "t1")
        course = RetroSection(id=1, run_id=1, kind="facts", part="course", position=4, title="", since=since)
        first = news(ctx, run, Message(kind="news", run_id=1, place_id="town"), progress(ctx, run))
        assert first is not None
        return {
            "card": next(each.value for each in card(ctx, run).cards[0].fields if "Finished" in each.value),
            "news": words_of(first),
            "facts": facts(ctx, run, [course])[1],
            "export": as_markdown(ctx, run, document_of(ctx, run, seen), seen).split("##")[0],
        }

    return desk.ask(of)


def finishing(desk: Desk, place: Place) -> str:
    """Finish the run, and return what its channel is told of that."""
    posts = [each for each in desk.commands("finish now", place=place) if isinstance(each, do.Post)]
    return next(words_of(each.content) for each in posts if "is finished" in words_of(each.content))


def test_a_corrected_start_and_end_are_counted_from_everywhere() -> None:
    desk, place = running()
    desk.commands("time started 14:20 because I forgot", place=place)
    assert "took 1 h 20 min" in finishing(desk, place)
    for where, words in told(desk).items():
        assert "took 1 h 20 min" in words, where
    first = next(each for each in all_of(desk.sent, do.Post) if each.place_id == "town")
    desk.stands(first.message_id)
    found = desk.commands("time finished 15:30 because it was over", place=place)
    assert any("took 1 h 10 min" in words_of(each.content) for each in all_of(found, do.Edit))
    for where, words in told(desk).items():
        assert "took 1 h 10 min" in words, where
        assert "15:30" in words, where


def test_nothing_is_told_that_would_be_less_than_nothing() -> None:
    desk, place = running()
    desk.commands("finish now", place=place)
    desk.commands("time finished 14:30 because of a typo", place=place)
    for where, words in told(desk).items():
        assert "took" not in words, where
    desk.later(minutes=5)
    desk.commands("restart", place=place)
    desk.commands("finish now", place=place)
    desk.commands("time finished 15:42 because it was over", place=place)
    assert "open for" not in words_of(one(desk.commands("time", place=place), do.Answer).content)


def test_a_run_taken_up_again_once_is_the_second_everywhere_and_an_addendum_tells_how_long_it_was_open() -> None:
    desk, place = running()
    desk.commands("finish now", place=place)
    desk.later(hours=1)
    since = desk.now
    desk.commands("restart", place=place)
    desk.later(minutes=5)
    desk.commands("finish now", place=place)
    desk.later(hours=1)
    desk.commands("restart", place=place)
    desk.later(minutes=5)
    assert "↻3, open for 50 min" in finishing(desk, place)
    for where, words in told(desk).items():
        assert "took 2 h 50 min" in words, where
        assert "↻3" in words or where == "news", where
    assert "took 10 min" in told(desk, since)["facts"]


def test_milestones_of_one_time_stand_in_their_own_order_in_the_files() -> None:
    desk, _ = running()
    desk.commands("time keyword 15:00")
    desk.later(minutes=1)

    def of(store: Any) -> str:
        ctx = Context(desk.now, store, desk.here, asks=False, reader=desk.here.reader(ALICE))
        seen = visible_to_team(store, "t1")
        return as_markdown(ctx, store.run(1), document_of(ctx, store.run(1), seen), seen)

    said = desk.ask(of).split("## Milestones")[1].split("##")[0]
    assert said.index("keyword") < said.index("started")
