"""The retrospective of a playbook: its questions, and what keeps them from being asked, named with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.retrospective import MOST_QUESTIONS, questions, wrong_lines


def mistakes(text: str) -> str:
    with pytest.raises(PlaybookMistake) as found:
        read_playbook(f"title: A\n{text}", "a.yaml")
    return str(found.value)


def test_headings_are_questions_and_what_stands_below_helps() -> None:
    found = questions("## What went well?\nThink of *people*.\n\nAnd tools.\n# What went badly? #\n")
    assert [(one.title, one.hint) for one in found] == [
        ("What went well?", "Think of *people*.\nAnd tools."),
        ("What went badly?", ""),
    ]


def test_without_headings_each_line_is_one() -> None:
    assert [one.title for one in questions("What went well?\n- What went badly?\n2. What now?\n\n#hashtag")] == [
        "What went well?",
        "What went badly?",
        "What now?",
        "#hashtag",
    ]


def test_a_list_is_read_as_its_lines() -> None:
    book = read_playbook("title: A\nretrospective:\n  template: ['What went well?', 'What now?']\n", "a.yaml")
    assert [one.title for one in questions(book.retrospective.template)] == ["What went well?", "What now?"]


def test_the_usual_holds_where_nothing_is_said() -> None:
    assert not read_playbook("title: A\n", "a.yaml").retrospective.enabled
    said = read_playbook("title: A\nretrospective: {remind: 3d}\n", "a.yaml").retrospective
    assert (said.enabled, said.remind, said.template) == (True, 3 * 86400, "")
    assert read_playbook("title: A\nretrospective: {remind: never}\n", "a.yaml").retrospective.remind == 0


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("|\n    ## What?\n    Of {nobody}.", "line 5, retrospective › template: column 8: {nobody} is no placeholder"),
        ("|\n\n    ## What?\n    ##\n", "line 6, retrospective › template: is a heading without a question"),
        ("|\n    Hello\n    ## What?", "line 4, retrospective › template: stands before the first question"),
        ("What {nobody}?", "line 3, retrospective › template: column 18: {nobody} is no placeholder"),
        (f"|\n    ## {'x' * 201}", "line 4, retrospective › template: has 201 characters, 200 at most"),
        ("['What?', 'Why {x}?']", "line 3, retrospective › template: column 28: {x} is no placeholder"),
        ("\n    - What?\n    - Why {x}?", "line 5, retrospective › template: column 11: {x} is no placeholder"),
        ("|\n" + "    ## What?\n" * (MOST_QUESTIONS + 1), f"line {4 + MOST_QUESTIONS}, retrospective › template"),
    ],
)
def test_a_template_that_cannot_be_asked_is_named_with_its_line(template: str, said: str) -> None:
    assert said in mistakes(f"retrospective:\n  template: {template}\n")


def test_a_key_that_is_none_is_named_with_the_nearest() -> None:
    assert "line 3, retrospective › remindd: there is no such key; did you mean remind?" in mistakes(
        "retrospective:\n  remindd: 1d\n"
    )


@given(st.text(max_size=300))
def test_a_template_is_right_or_names_what_is_wrong_and_then_never_fails(template: str) -> None:
    if not list(wrong_lines(template)):
        book = Playbook.model_validate({"title": "A", "retrospective": {"template": template[:4000]}})
        assert playbook_of(book.definition()) == book
        assert all(one.title for one in questions(book.retrospective.template))
