"""Writing a retrospective: over a known version, never over somebody else's, with a history that says what changed."""

from datetime import timedelta

from desk import ALICE, BOB, CARLA, Desk, all_of, one, words_of
from hypothesis import given, settings
from hypothesis import strategies as st
from retrospects import book, finished, sections, text_of

from handlers import effects as do
from handlers.events import Person
from handlers.operations.write_retrospective import Overtaken, Written, note_writing, write_section
from handlers.views.retro_reading import Retrospect, retrospect
from store import Store


def looked(desk: Desk, who: object = ALICE) -> Retrospect:
    """Return the retrospective as a page would read it."""
    found: list[Retrospect] = []

    def read(ctx: object, run: object) -> list[do.Effect]:
        found.append(retrospect(ctx, run, who))  # type: ignore[arg-type]  # what the desk gives
        return []

    desk.does(read)
    return found[-1]


def test_a_section_is_written_over_the_version_that_was_seen() -> None:
    desk, _, _ = finished()
    first = looked(desk).sections[0]
    _, done = desk.does(write_section, first.id, "Quick", ALICE, first.known)
    assert isinstance(done, Written)
    assert (done.is_changed, done.version) == (True, 1)
    now = looked(desk).sections[0]
    assert (now.text, now.written_by, now.known, now.is_answered) == ("Quick", "alice", done.known, True)


def test_who_saves_over_a_newer_version_gets_both_texts_and_nothing_is_written() -> None:
    desk, _, _ = finished()
    first = looked(desk).sections[0]
    desk.does(write_section, first.id, "Bob's", BOB, first.known)
    found, done = desk.does(write_section, first.id, "Alice's", ALICE, first.known)
    assert isinstance(done, Overtaken)
    assert (done.theirs, done.yours, done.by_id) == ("Bob's", "Alice's", "bob")
    assert found == []
    assert looked(desk).sections[0].text == "Bob's"
    _, done = desk.does(write_section, first.id, "Both", ALICE, done.known)
    assert looked(desk).sections[0].text == "Both"


def test_the_same_words_are_no_change() -> None:
    desk, _, _ = finished()
    first = looked(desk).sections[0]
    desk.does(write_section, first.id, "Same", BOB, first.known)
    _, done = desk.does(write_section, first.id, " Same \n", ALICE, first.known)
    assert isinstance(done, Written)
    assert not done.is_changed


def test_facts_that_changed_meanwhile_are_not_written_over_unseen() -> None:
    desk, place, _ = finished()
    facts = next(section for section in looked(desk).sections if section.title.startswith("Updates"))
    desk.commands("note Found the cause", place=place)
    _, done = desk.does(write_section, facts.id, "Mine", ALICE, facts.known)
    assert isinstance(done, Overtaken)
    assert "Found the cause" in done.theirs
    _, done = desk.does(write_section, facts.id, "Mine", ALICE, done.known)
    assert isinstance(done, Written)
    desk.commands("note Another thing", place=place)
    now = next(section for section in looked(desk).sections if section.id == facts.id)
    assert (now.text, now.is_generated) == ("Mine", False)


def test_what_people_wrote_is_kept_when_the_run_ends_again() -> None:
    desk, place, _ = finished()
    facts = next(section for section in looked(desk).sections if section.title == "Who took part")
    desk.does(write_section, facts.id, "Only us", ALICE, facts.known)
    desk.commands("restart", place=place)
    desk.commands("finish now", place=place)
    now = next(section for section in looked(desk).sections if section.id == facts.id)
    assert now.text == "Only us"


def test_one_sitting_is_one_version_and_every_save_is_known_by_another() -> None:
    desk, _, _ = finished()
    section = looked(desk).sections[0]
    known = [section.known]
    for text in ("Q", "Qu", "Quick"):
        _, done = desk.does(write_section, section.id, text, ALICE, known[-1])
        known.append(done.known)
        desk.later(seconds=5)
    assert len(set(known)) == 4
    assert [change.added for change in looked(desk).changes] == [("Quick",)]
    desk.does(write_section, section.id, "Quick\nand calm", BOB, known[-1])
    changes = looked(desk).changes
    assert [(change.by_id, change.added, change.removed) for change in changes] == [
        ("bob", ("and calm",), ()),
        ("alice", ("Quick",), ()),
    ]


def test_who_is_writing_is_shown_to_others_for_a_while() -> None:
    desk, _, _ = finished()
    section = looked(desk).sections[0]
    desk.does(note_writing, section.id, BOB)
    assert looked(desk).sections[0].writers == ("bob",)
    assert looked(desk, BOB).sections[0].writers == ()
    desk.later(seconds=100)
    assert looked(desk).sections[0].writers == ()
    desk.does(note_writing, section.id, BOB)
    assert looked(desk).sections[0].writers == ("bob",)
    desk.does(write_section, section.id, "Done", BOB, section.known)
    assert looked(desk).sections[0].writers == ()


def test_a_heartbeat_of_who_writes_changes_the_run_once_in_a_while_only() -> None:
    desk, _, _ = finished()
    section, before = looked(desk).sections[0], desk.run().revision
    for _ in range(5):
        desk.does(note_writing, section.id, BOB)
        desk.later(seconds=5)
    assert desk.run().revision == before + 1


def test_a_section_is_written_in_a_dialog() -> None:
    desk, place, _ = finished()
    dialog = one(desk.presses("retro.write", 1, choice=str(sections(desk)[0].id), place=place), do.Ask).dialog
    assert "Think of people." in dialog.intro
    assert dialog.entries[0].default == ""
    found = desk.submits(dialog, place=place, text="Quick")
    assert "☑ 1 What went well?" in text_of(found, do.Edit)
    assert all_of(found, do.Tell) == []


def test_a_dialog_that_was_overtaken_tells_both_texts_and_offers_to_keep_either() -> None:
    for label, text in (("Keep both", "Bob's\n\nAlice's"), ("Only mine", "Alice's")):
        desk, place, _ = finished()
        dialog = one(desk.commands("retro 1", place=place), do.Ask).dialog
        desk.commands("retro 1 Bob's", BOB, place=place)
        tell = one(desk.submits(dialog, place=place, text="Alice's"), do.Tell)
        assert not tell.only_whispered
        assert "@bob has changed section 1" in tell.content.text
        assert "Bob's" in tell.content.text
        assert "Alice's" in tell.content.text
        button = next(button for card in tell.content.cards for button in card.controls if button.label == label)
        found = desk.presses(button.action, button.arg, place=place)
        assert "is written" in text_of(found, do.Tell)
        assert sections(desk)[0].text == text


def test_keeping_mine_is_overtaken_again_where_somebody_wrote_meanwhile() -> None:
    desk, place, _ = finished()
    dialog = one(desk.commands("retro 1", place=place), do.Ask).dialog
    desk.commands("retro 1 First", BOB, place=place)
    tell = one(desk.submits(dialog, place=place, text="Mine"), do.Tell)
    mine = tell.content.cards[0].controls[1]
    desk.commands("retro 1 Second", BOB, place=place)
    found = desk.presses(mine.action, mine.arg, place=place)
    assert "Second" in text_of(found, do.Tell)
    assert sections(desk)[0].text == "First\nSecond"


def test_a_command_adds_to_a_section() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)
    desk.commands("retro write 1 and calm", BOB, place=place)
    assert sections(desk)[0].text == "Quick\nand calm"
    assert "from 1 to" in one(desk.commands("retro 99 What", place=place), do.Refuse).text
    assert "Write the words" in one(desk.commands("retro 1", place=place, trigger=""), do.Refuse).text
    assert "Did you mean `/playbook retro publish`" in one(desk.commands("retro publsh", place=place), do.Refuse).text


def test_a_section_that_no_dialog_holds_is_added_to() -> None:
    desk, place, _ = finished()
    section = looked(desk).sections[0]
    desk.does(write_section, section.id, "x" * 4000, ALICE, section.known)
    assert "more than the 3000" in one(desk.commands("retro 1", place=place), do.Refuse).text
    desk.commands("retro 1 more", place=place)
    assert sections(desk)[0].text.endswith("\nmore")
    assert "12000" in one(desk.commands(f"retro 1 {'y' * 12000}", place=place), do.Refuse).text


def test_who_does_not_take_part_writes_nothing() -> None:
    desk, place, _ = finished()
    assert all_of(desk.commands("retro 1 Mine", CARLA, place=place), do.Refuse)
    assert sections(desk)[0].text == ""


def test_later_changes_are_told_below_what_is_published() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick\nand lucky", place=place)
    posted = all_of(desk.commands("retro publish now", place=place), do.Post)[-1]
    desk.stands(posted.message_id)
    desk.later(days=1)
    section = looked(desk).sections[0]
    found, _ = desk.does(write_section, section.id, "Quick\nand well trained", BOB, section.known)
    redrawn = one(desk.presses("retro.read", 1, place=place), do.Tell)
    assert "and well trained" in words_of(redrawn.content)
    assert {effect.message_id for effect in all_of(found, do.Redraw)} >= {posted.message_id}
    edit = text_of(desk.commands("retro 2 The alert", BOB, place=place), do.Edit)
    assert "What went well?, by @bob" in edit
    assert "+ “and well trained” − “and lucky”" in edit
    history = words_of(one(desk.commands("retro history", place=place), do.Answer).content)
    assert "+ “The alert”" in history
    assert "+ “Quick”" in history


def test_what_is_seen_of_a_run_without_a_draft() -> None:
    desk, place, _ = finished(book(enabled="false"))
    seen = looked(desk)
    assert (seen.is_wanted, seen.is_open, seen.sections) == (False, False, ())
    assert "Nobody asked for" in one(desk.commands("retro 1 x", place=place), do.Refuse).text


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([ALICE, BOB]), st.booleans(), st.sampled_from("abc")), max_size=8))
def test_nothing_that_anybody_wrote_is_lost(acts: list[tuple[Person, bool, str]]) -> None:
    desk, _, _ = finished()
    section, stands = looked(desk).sections[0], ""
    first, known = section.known, section.known
    for by, is_stale, text in acts:
        _, done = desk.does(write_section, section.id, text, by, first if is_stale else known)
        if isinstance(done, Overtaken):
            assert (done.theirs, done.yours) == (stands, text)
        else:
            assert done.is_changed == (text != stands)
            assert (done.known != known) == done.is_changed
            stands, known = text, done.known
    assert looked(desk).sections[0].text == stands
    assert desk.ask(lambda store: [row.text for row in store.retro_versions(1)][:1]) == ([stands] if stands else [])


def test_versions_stay() -> None:
    desk, place, _ = finished()
    for at, words in enumerate(("One", "Two", "Three")):
        desk.commands(f"retro 1 {words}", (ALICE, BOB)[at % 2], place=place)
        desk.now += timedelta(minutes=1)

    def versions(store: Store) -> list[tuple[int, str, str]]:
        return [(row.version, row.by, row.text) for row in store.retro_versions(1)]

    assert desk.ask(versions) == [
        (3, "alice", "One\nTwo\nThree"),
        (2, "bob", "One\nTwo"),
        (1, "alice", "One"),
    ]
