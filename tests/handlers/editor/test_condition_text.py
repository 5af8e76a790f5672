"""Conditions as people write them: what is written is read back, and what cannot be read says why."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.editor.condition_text import Unreadable, condition_read, condition_written

SEVERE = {"attribute": "Severity", "is": ["sev-1", "sev-2"]}
ABROAD = {"attribute": "Region of it", "is_not": ["EU"]}

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8)
NAMES = WORDS.map(str.strip).filter(bool) | st.sampled_from(["is", "not", "a and b", 'a "b"', "a, b", "(a)", "x\\"])
COMPARED = st.fixed_dictionaries({"attribute": NAMES, "is": st.lists(NAMES, min_size=1, max_size=3)}) | (
    st.fixed_dictionaries({"attribute": NAMES, "is_not": st.lists(NAMES, min_size=1, max_size=3)})
)
JOINED = st.recursive(
    COMPARED,
    lambda one: st.builds(
        lambda how, parts: {how: parts}, st.sampled_from(["all", "any"]), st.lists(one, min_size=2, max_size=3)
    ),
    max_leaves=6,
)


@given(JOINED)
def test_what_is_written_is_read_back(when: dict[str, Any]) -> None:
    assert condition_read(condition_written(when)) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Severity is sev-1, sev-2", SEVERE),
        ("Region of it IS NOT EU", ABROAD),
        ("Severity is sev-1, sev-2 and Region of it is not EU", {"all": [SEVERE, ABROAD]}),
        ("(Severity is sev-1,sev-2) or (Region of it is not EU)", {"any": [SEVERE, ABROAD]}),
        ('"It is paid" is "yes, or no"', {"attribute": "It is paid", "is": ["yes, or no"]}),
    ],
)
def test_a_condition_is_read_as_people_write_it(text: str, when: dict[str, Any]) -> None:
    assert condition_read(text) == when


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "missing"),
        ("Severity", "no_is"),
        ("Severity is", "missing"),
        ("is high", "missing"),
        ("Severity is high and", "missing"),
        ("Severity is high and Paid is yes or Paid is no", "mixed"),
        ("(Severity is high", "brackets"),
        ("Severity is high)", "brackets"),
        ('Severity is "high', "quotes"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as told:
        condition_read(text)
    assert told.value.why == why
