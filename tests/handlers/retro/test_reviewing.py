"""Reading along: somebody is asked, comments before it is published, and nobody hears of their own."""

from dataclasses import replace

from desk import ALICE, BOB, CARLA, GUEST, PUBLIC, all_of, one, words_of
from retrospects import book, finished, text_of

from handlers import effects as do
from handlers.playbooks.playbook import Playbook

OPEN = Playbook.model_validate(book().definition() | {"channel": PUBLIC.channel.model_dump()})


def test_somebody_is_asked_to_read_and_answers() -> None:
    desk, place, _ = finished(OPEN)
    desk.becomes(place, kind="O")
    found = desk.commands("retro review @carla Is that how it was?", place=place)
    tell = one(found, do.Tell)
    assert tell.person_id == "carla"
    assert "@alice asks you to read the retrospective" in tell.content.text
    assert "Is that how it was?" in tell.content.text
    read, say, seen = tell.content.cards[0].controls
    assert "How it went" in text_of(desk.presses(read.action, read.arg, CARLA), do.Tell)
    dialog = one(desk.presses(say.action, say.arg, CARLA), do.Ask).dialog
    told = desk.submits(dialog, CARLA, section="0", comment="It was the cache")
    assert [each.person_id for each in all_of(told, do.Tell) if not each.only_whispered] == ["alice"]
    told = desk.presses(seen.action, seen.arg, CARLA)
    assert "@carla has read the retrospective" in text_of(told, do.Tell)
    assert "You have read" in text_of(told, do.Edit, 0)
    assert all_of(desk.presses(seen.action, seen.arg, CARLA), do.Tell) == []


def test_who_may_not_see_the_run_is_not_asked() -> None:
    desk, place, _ = finished()
    assert "may not see **Checkout is down**" in one(desk.commands("retro review @carla", place=place), do.Refuse).text
    desk.strangers.add("carla")
    desk.later(hours=1)
    assert all_of(desk.commands("retro review @carla", place=place), do.Refuse)
    assert "Name somebody" in one(desk.commands("retro review", place=place, trigger=""), do.Refuse).text
    dialog = one(desk.commands("retro review", place=place), do.Ask).dialog
    assert "Name somebody" in one(desk.submits(dialog, place=place, person="", words=""), do.Correct).errors["person"]
    assert "may not see" in one(desk.submits(dialog, place=place, person="guest"), do.Correct).errors["person"]
    assert GUEST.id == "guest"


def test_a_comment_stands_with_its_section_until_it_is_settled() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", BOB, place=place)
    told = all_of(desk.commands("retro comment 1 Not that quick", ALICE, place=place), do.Tell)
    assert [tell.person_id for tell in told] == ["bob"]
    shown = words_of(one(desk.commands("retro", place=place), do.Answer).content)
    assert "Quick\n💬 1 · @alice: “Not that quick”" in shown
    assert "💬 1 · @alice" in one(desk.commands("retro 1", place=place), do.Ask).dialog.intro
    (card,) = one(desk.commands("retro", BOB, place=place), do.Answer).content.cards
    menu = next(control for control in card.controls if control.label == "Settle a comment…")
    found = desk.presses(menu.action, menu.arg, BOB, choice=menu.options[0].value, place=place)
    assert "Comment 1 is settled" in text_of(found, do.Tell)
    assert "is settled" in one(desk.commands("retro settle 1", BOB, place=place), do.Answer).content.text
    assert "settled by @bob" in words_of(one(desk.commands("retro", place=place), do.Answer).content)
    assert "from 1 to 1" in one(desk.commands("retro settle 7", place=place), do.Refuse).text


def test_comments_are_no_part_of_what_is_published_and_end_with_it() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)
    desk.commands("retro comment 1 Not that quick", BOB, place=place)
    found = desk.commands("retro publish now", place=place)
    assert "Not that quick" not in text_of(found, do.Post)
    assert "was published" in one(desk.commands("retro comment 1 Late", BOB, place=place), do.Refuse).text
    assert "was published" in one(desk.commands("retro review @bob", place=place), do.Refuse).text


def test_the_owner_who_writes_and_comments_hears_nothing_of_it() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", ALICE, place=place)
    assert all_of(desk.commands("retro comment 1 Hm", ALICE, place=place), do.Tell) == []


def test_an_empty_comment_and_one_by_who_sees_nothing_are_refused() -> None:
    desk, place, _ = finished()
    assert "Write it behind" in one(desk.commands("retro comment", place=place, trigger=""), do.Refuse).text
    assert all_of(desk.commands("retro comment Hm", CARLA, place=place), do.Refuse)
    assert "You were not asked" in one(desk.commands("retro seen", BOB, place=place), do.Refuse).text


def test_several_are_asked_at_once_and_nobody_is_told_of_their_own_wish() -> None:
    desk, place, _ = finished()
    found = desk.commands("retro review @bob, @alice Please", place=place)
    assert [tell.person_id for tell in all_of(found, do.Tell)] == ["bob"]
    assert "@bob, @alice is asked" in one(found, do.Answer).content.text


def test_without_buttons_a_reader_is_told_the_words() -> None:
    desk, place, _ = finished()
    desk.here = replace(desk.here, buttons=False)
    found = desk.commands("retro review @bob", place=place)
    said = next(tell for tell in all_of(found, do.Tell) if tell.person_id == "bob").content.text
    for words in ("#1 retro", "#1 retro comment Hm", "#1 retro seen"):
        assert words.removesuffix(" Hm") in said
        assert all_of(desk.commands(words, BOB), do.Refuse) == [], words


def test_what_no_dialog_holds_is_written_on_a_page() -> None:
    desk, place, _ = finished()
    for _ in range(2):
        desk.commands(f"retro 1 {'x' * 2900}", place=place)
    assert "needs pages" in one(desk.commands("retro 1", place=place), do.Refuse).text
    desk.here = replace(desk.here, pages_url="http://there")
    assert "(http://there/runs/1/retrospective/1)" in one(desk.commands("retro 1", place=place), do.Refuse).text
