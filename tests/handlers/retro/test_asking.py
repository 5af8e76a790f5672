"""Asking for a retrospective: at the end, again and again, until it is published or skipped; and whether at all."""

import pytest
from desk import ALICE, BOB, CARLA, GUEST, INCIDENT, Desk, all_of, one, started_run, words_of
from retrospects import QUESTIONS, book, draft_of, finished, sections, text_of

from handlers import effects as do
from handlers.events import Place
from handlers.playbooks.playbook import Playbook
from handlers.text.words import calls_in


def asks(effects: list[do.Effect]) -> list[do.Post]:
    return [post for post in all_of(effects, do.Post) if "retrospective" in post.content.text]


def test_the_owner_gets_a_draft_in_the_channel_at_the_end() -> None:
    desk, place, found = finished()
    (post,) = asks(found)
    assert post.place_id == place.id
    sent = [effect for effect in desk.sent if isinstance(effect, do.Post)][-1]
    assert calls_in(sent.content.text) == set(), "she has ended the run herself"
    assert "@alice" in post.content.text
    said = text_of(found, do.Post)
    assert "2 questions are open" in said
    assert "☐ 1 What went well?" in said
    assert "done after 5 min" in said
    assert [control.label for control in post.content.cards[0].controls] == ["Write…", "Publish…", "Read it", "More…"]


def test_an_owner_who_did_not_end_the_run_is_called() -> None:
    desk = Desk(book())
    place = started_run(desk)
    desk.sent.clear()
    desk.commands("finish now", BOB, place=place)
    sent = [effect for effect in desk.sent if isinstance(effect, do.Post)][-1]
    assert calls_in(sent.content.text) == {"alice"}


def test_without_the_key_nobody_is_asked_and_a_run_may_want_one_all_the_same() -> None:
    desk, place, found = finished(INCIDENT)
    assert asks(found) == []
    assert "retro on" in one(desk.commands("retro", place=place), do.Answer).content.text
    found = desk.commands("retro on", place=place)
    assert len(asks(found)) == 1
    assert [row.title for row in sections(desk)][:3] == [
        "What went well?",
        "What went badly, or was only luck?",
        "What did we not know before?",
    ]


def test_one_is_asked_again_at_the_interval_until_it_is_published() -> None:
    desk, place, _ = finished(book(remind="2d"))
    first = draft_of(desk)
    desk.later(days=1)
    assert asks(desk.what_is_due()) == []
    desk.later(days=1)
    desk.sent.clear()
    found = desk.what_is_due()
    assert [calls_in(post.content.text) for post in asks(desk.sent)] == [{"alice"}]
    assert one(found, do.Delete).message_id == first.id
    desk.stands(draft_of(desk).id)
    desk.commands("retro publish anyway", place=place)
    desk.later(days=4)
    assert asks(desk.what_is_due()) == []


def test_never_is_once() -> None:
    desk, _, found = finished(book(remind="never"))
    assert len(asks(found)) == 1
    desk.later(days=30)
    assert asks(desk.what_is_due()) == []


def test_it_is_skipped_with_a_reason_and_asked_for_no_more() -> None:
    desk, place, _ = finished()
    assert "Say why" in one(desk.commands("retro skip", place=place, trigger=""), do.Refuse).text
    dialog = one(desk.presses("retro.more", 1, choice="retro.skip", place=place), do.Ask).dialog
    assert "Say why" in one(desk.submits(dialog, reason=" ", place=place), do.Correct).errors["reason"]
    found = desk.submits(dialog, reason="A drill", place=place)
    assert "skipped the retrospective of **Checkout is down**: “A drill”" in text_of(found, do.Edit, 0)
    assert draft_of(desk) is None
    desk.later(days=3)
    assert asks(desk.what_is_due()) == []
    moments = desk.ask(lambda store: store.moments(1))
    assert [(moment.subject, moment.person_id) for moment in moments if moment.kind == "retro_skipped"] == [
        ("A drill", "alice")
    ]
    assert "was skipped" in one(desk.commands("retro publish", place=place), do.Refuse).text
    assert len(asks(desk.commands("retro on", place=place))) == 1
    assert "was wanted already" in one(desk.commands("retro on", place=place), do.Answer).content.text


def test_a_run_decides_before_and_after_its_end() -> None:
    desk = Desk(book())
    place = started_run(desk)
    assert "drafted when it is finished" in one(desk.commands("retro", place=place), do.Answer).content.text
    for label in ("It needs none", "It needs one", "It needs none"):
        (button,) = one(desk.commands("retro", place=place), do.Answer).content.cards[0].controls
        assert button.label == label
        desk.presses(button.action, button.arg, place=place)
    assert one(desk.commands("retro", CARLA, place=place), do.Refuse)
    assert asks(desk.commands("finish now", place=place)) == []
    assert len(asks(desk.commands("retro on", place=place))) == 1
    desk.stands(draft_of(desk).id)
    found = desk.presses("retro.more", 1, choice="retro.off", place=place)
    assert "needs no retrospective" in text_of(found, do.Edit, 0)
    desk.later(days=3)
    assert asks(desk.what_is_due()) == []


def test_what_was_started_by_mistake_has_nothing_to_be_learnt() -> None:
    desk = Desk(book())
    place = started_run(desk)
    dialog = one(desk.commands("finish", place=place), do.Ask).dialog
    found = desk.submits(dialog, place=place, mistaken=True)
    assert asks(found) == []
    assert not desk.run().is_active


@pytest.mark.parametrize("words", ["retro off", "retro skip No", "retro publish now"])
def test_who_may_not_finish_decides_nothing(words: str) -> None:
    desk, place, _ = finished()
    for who in (CARLA, GUEST):
        assert all_of(desk.commands(words, who, place=place), do.Refuse)
    assert draft_of(desk) is not None


def test_in_a_channel_that_cannot_be_used_the_owner_is_asked_directly() -> None:
    desk, _, _ = finished()
    desk.ask(lambda store: setattr(store.run(1), "closed_place", "archived"))
    desk.later(days=1)
    found = desk.what_is_due()
    assert [tell.person_id for tell in all_of(found, do.Tell)] == ["alice"]
    assert "waits for you" in text_of(found, do.Tell)


def test_a_channel_is_archived_when_it_is_published_and_not_before() -> None:
    archives = {"channel": {"visibility": "private", "archive": True}}
    desk, place, _ = finished(Playbook.model_validate(book().definition() | archives))
    desk.later(hours=1)
    assert all_of(desk.what_is_due(), do.ChangeChannel) == []
    desk.commands("retro publish anyway", place=place)
    desk.later(minutes=6)
    assert one(desk.what_is_due(), do.ChangeChannel).archived


def test_a_run_taken_up_again_keeps_what_was_published_and_gives_it_an_addendum() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)
    found = desk.commands("retro publish now", place=place)
    published = all_of(found, do.Post)[-1]
    desk.stands(published.message_id)
    desk.later(hours=2)
    desk.commands("restart", place=place)
    desk.later(minutes=10)
    desk.commands("note It came back", BOB, place=place)
    found = desk.commands("finish now", place=place)
    assert "an addendum waits for you" in asks(found)[0].content.text
    desk.stands(draft_of(desk).id)
    again = sections(desk)[-2:]
    assert [row.kind for row in again] == ["lesson", "facts"]
    assert "It came back" in text_of(desk.commands(f"retro {again[0].position} Test it", place=place), do.Edit)
    found = desk.commands("retro publish now", place=place)
    edit = next(one for one in all_of(found, do.Edit) if one.message_id == published.message_id)
    assert "Quick" in edit.content.text
    assert "Test it" in edit.content.text
    assert "It came back" in edit.content.text
    assert all_of(found, do.Pin) == []
    (note,) = all_of(found, do.Post)
    assert "published an addendum to the retrospective" in note.content.text
    assert note.under == published.message_id
    assert "taken up again ↻" in edit.content.text


def test_a_draft_that_is_not_published_goes_on_with_the_run() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)
    standing = draft_of(desk)
    found = desk.commands("restart", place=place)
    assert standing.id in {effect.message_id for effect in all_of(found, do.Delete)}
    assert "goes on" in one(desk.commands("retro publish", place=place), do.Refuse).text
    desk.later(days=2)
    assert asks(desk.what_is_due()) == []
    found = desk.commands("finish now", place=place)
    assert "Quick" in text_of(found, do.Post)
    assert sections(desk)[0].text == "Quick"


def test_what_people_said_begins_no_question_of_its_own() -> None:
    desk = Desk(book(template="{message}\n\nWhat else?"))
    desk.says("sev-1")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.ask(lambda store: setattr(store.prompt(1), "text", "# **One**\n# Two"))
    desk.submits(dialog, name="X", summary="Y")
    place = desk.opens()
    desk.commands("finish now", place=place)
    assert [row.title for row in sections(desk) if row.kind == "lesson"] == ["# **One** # Two", "What else?"]
    assert "**One**" not in words_of(one(desk.commands("retro", place=place), do.Answer).content)


def test_questions_are_filled_in() -> None:
    desk, _, _ = finished(book(template="## What did {creator} not know?\n"))
    assert sections(desk)[0].title == "What did alice not know?"
    assert QUESTIONS not in [row.title for row in sections(desk)]
    assert ALICE.username == "alice"


def test_off_and_on_again_asks_again_and_keeps_the_channel() -> None:
    desk, place, _ = finished(Playbook.model_validate(book().definition() | {"channel": {"archive": True}}))
    desk.commands("retro off", place=place)
    assert draft_of(desk) is None
    assert len(asks(desk.commands("retro on", place=place))) == 1
    assert draft_of(desk) is not None
    desk.later(minutes=6)
    assert all_of(desk.what_is_due(), do.ChangeChannel) == []
    assert asks(desk.commands("retro on", place=place)) == [], "it is wanted already"


def with_addendum() -> tuple[Desk, Place]:
    """Return a desk with a run that was taken up again after its retrospective was published with a word."""
    desk, place, _ = finished()
    found = desk.submits(
        one(desk.commands("retro publish", place=place), do.Ask).dialog, place=place, lead="First word", anyway=True
    )
    for post in all_of(found, do.Post):
        desk.stands(post.message_id)
    desk.later(days=1)
    desk.commands("restart", place=place)
    desk.commands("finish now", place=place)
    return desk, place


def test_a_skipped_addendum_is_wanted_again() -> None:
    desk, place = with_addendum()
    found = desk.commands("retro skip Nothing new", place=place)
    assert any(
        "skipped the addendum to the retrospective" in text_of([edit], do.Edit) for edit in all_of(found, do.Edit)
    )
    found = desk.commands("retro on", place=place)
    assert "is wanted" in one(found, do.Answer).content.text
    assert len(asks(found)) == 1
    assert all_of(desk.commands("retro publish anyway", place=place), do.Refuse) == []


def test_an_addendum_leaves_the_word_of_the_first() -> None:
    desk, place = with_addendum()
    first = desk.ask(lambda store: store.retrospective(1).published_at)
    desk.commands("retro publish anyway", place=place)
    assert desk.ask(lambda store: (store.retrospective(1).published_at, store.retrospective(1).lead)) == (
        first,
        "First word",
    )
    desk.commands("restart", place=place)
    desk.commands("finish now", place=place)
    desk.commands("retro publish anyway Second word", place=place)
    assert desk.ask(lambda store: store.retrospective(1).lead) == "First word\n\nSecond word"
