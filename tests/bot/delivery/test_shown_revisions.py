"""A message that fell back behind newer content is drawn anew."""

from desk import START, Desk, all_of, one, started_run, words_of

from bot.delivery.shown_revisions import Shown
from handlers import effects as do
from handlers.events import MessageOvertaken


def test_a_post_that_shows_an_older_revision_than_before_fell_back() -> None:
    shown = Shown()
    assert [shown.notice("p", revision) for revision in (1, 3, 2, 3)] == [False, False, True, False]
    assert shown.revision("p") == 3
    shown.notice("p", 2)
    assert shown.revision("p") == 2
    assert shown.revision("unknown") == 0


def test_an_overtaken_message_is_drawn_as_things_stand() -> None:
    desk = Desk()
    started_run(desk)
    desk.presses("task.done", 1)
    (edit,) = all_of(desk.take(MessageOvertaken(at=START, post_id="own2")), do.Edit)
    assert edit.message_id == 2
    assert "[x] ~~1.1" in words_of(edit.content.cards[0])
    assert edit.revision == 3
    prompt = one(desk.take(MessageOvertaken(at=START, post_id="own1")), do.Edit) if desk.stands(1) is None else None
    assert prompt is not None
    assert "started" in words_of(prompt.content.cards[0])
    assert desk.take(MessageOvertaken(at=START, post_id="unknown")) == []
