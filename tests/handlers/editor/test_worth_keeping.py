"""What is kept of a part of a playbook that could not be saved, for it to be shown again."""

from any_playbook import playbooks
from hypothesis import given, settings

from handlers.editing.on_page import WORTH_KEEPING, SectionForm
from handlers.editor.fields import SECTIONS
from handlers.editor.writing import part_of, written
from handlers.playbooks.playbook import Playbook

SENT = {"key": "tea-time", "section": "basics", "revision": "3", "do": "save"}


@settings(max_examples=20, deadline=None)
@given(playbooks())
def test_all_fields_of_a_part_are_kept(book: Playbook) -> None:
    for section in SECTIONS:
        values = written(section, part_of(book, section)).values
        said = SENT | {"section": section.name} | values
        assert SectionForm.worth_keeping(said) == said


def test_nothing_else_is_kept() -> None:
    assert SectionForm.worth_keeping(SENT | {"title": "", "junk": "x" * 3_000_000}) == SENT | {"title": ""}
    assert SectionForm.worth_keeping({"section": "no such part", "title": "x"}) == {"section": "no such part"}


def test_what_is_too_much_for_a_part_is_not_kept_by_halves() -> None:
    assert SectionForm.worth_keeping(SENT | {"title": "Tea", "description": "x" * WORTH_KEEPING}) == {}
