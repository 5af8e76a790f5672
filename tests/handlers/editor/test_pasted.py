"""Lists as people paste them from anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.editor.pasted import TITLE, PastedList, PastedTask, pasted


def tasks(*titles: str) -> tuple[PastedTask, ...]:
    return tuple(map(PastedTask, titles))


@pytest.mark.parametrize(
    "text",
    [
        "One\nTwo\nThree",
        "- One\n- Two\n- Three",
        "* [ ] One\n* [x] Two\n* [X] Three",
        "1. One\r\n2) Two\r\n\r\n3. Three\r\n",
        "• One\n  • Two\n☐ Three",
        "```\n- [ ] One\n- [ ] Two\n---\n- [ ] Three\n```",
    ],
)
def test_each_entry_becomes_a_task(text: str) -> None:
    assert pasted(text) == [PastedList("", tasks("One", "Two", "Three"))]


def test_headings_and_bold_lines_begin_checklists() -> None:
    text = "- Zero\n# First ##\n- [ ] One\n\n**Then:**\n- Two\n### Empty"
    assert pasted(text) == [
        PastedList("", tasks("Zero")),
        PastedList("First", tasks("One")),
        PastedList("Then", tasks("Two")),
        PastedList("Empty", ()),
    ]


def test_lines_below_an_entry_are_its_description() -> None:
    [found] = pasted("- One\n  Look at the graphs.\n\n  Then *wait*.\n- Two")
    assert found.tasks == (PastedTask("One", "Look at the graphs.\nThen *wait*."), PastedTask("Two"))


def test_a_title_that_is_too_long_is_cut_and_stands_whole_below() -> None:
    [found] = pasted("- " + "word " * 100)
    assert len(found.tasks[0].title) <= TITLE
    assert found.tasks[0].description == ("word " * 100).strip()


def test_a_number_with_a_unit_is_no_number_of_an_entry() -> None:
    assert pasted("3.5 t are too much\n2026 was better") == [
        PastedList("", tasks("3.5 t are too much", "2026 was better"))
    ]


@given(st.text())
def test_whatever_is_pasted_has_titles_that_fit(text: str) -> None:
    assert all(0 < len(task.title) <= TITLE for one in pasted(text) for task in one.tasks)
