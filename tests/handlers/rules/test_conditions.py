"""Conditions: is, is not, all of them, any of them; properties hold for any condition and any values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.playbooks.conditions import When
from handlers.rules.conditions import Values, is_met

NAMES = st.sampled_from(["Severity", "Region", "Lead", "Note"])
WORDS = st.sampled_from(["", "High", "low", "EU", "straße"])
COMPARED = st.lists(WORDS, min_size=1, max_size=3)
COMPARISONS = st.builds(
    lambda name, how, words: When.model_validate({"attribute": name, how: words}),
    NAMES,
    st.sampled_from(["is", "is_not"]),
    COMPARED,
)
NESTED = st.builds(
    lambda how, parts: When.model_validate({how: [one.model_dump() for one in parts]}),
    st.sampled_from(["all", "any"]),
    st.lists(COMPARISONS, min_size=1, max_size=3),
)
VALUES = st.dictionaries(NAMES, st.lists(WORDS.filter(bool), max_size=3).map(tuple))


def when(**said: object) -> When:
    return When.model_validate(said)


@pytest.mark.parametrize(
    ("said", "values", "met"),
    [
        ({"attribute": "Severity", "is": "High"}, {"Severity": ("High",)}, True),
        ({"attribute": "Severity", "is": ["High", "Low"]}, {"Severity": ("Low",)}, True),
        ({"attribute": "Severity", "is": "High"}, {"Severity": ("Low",)}, False),
        ({"attribute": "Severity", "is": "high"}, {"Severity": ("HIGH",)}, True),
        ({"attribute": "Region", "is": ["EU", "US"]}, {"Region": ("APAC", "US")}, True),
        ({"attribute": "Region", "is_not": ["EU", "US"]}, {"Region": ("APAC", "US")}, False),
        ({"attribute": "Region", "is_not": ["EU", "US"]}, {"Region": ("APAC",)}, True),
        ({"attribute": "Note", "is": ""}, {"Note": ()}, True),
        ({"attribute": "Note", "is_not": ""}, {"Note": ()}, False),
        ({"attribute": "Note", "is": "x"}, {"Note": ()}, False),
        ({"attribute": "Note", "is_not": "x"}, {"Note": ()}, True),
        ({"attribute": "Note", "is": ""}, {}, False),
        ({"attribute": "Note", "is_not": ""}, {}, True),
    ],
)
def test_a_comparison_is_met_as_in_mattermosts_playbooks(
    said: dict[str, object], values: dict[str, tuple[str, ...]], met: bool
) -> None:
    assert is_met(when(**said), values) is met


def test_what_has_no_condition_is_always_met() -> None:
    assert is_met(None, {})


@given(NAMES, COMPARED, VALUES)
def test_is_not_is_the_opposite_of_is(name: str, words: list[str], values: Values) -> None:
    one, other = (when(attribute=name, **{how: words}) for how in ("is", "is_not"))
    assert is_met(one, values) is not is_met(other, values)


@given(NAMES, COMPARED, VALUES)
def test_is_one_of_several_is_any_of_them(name: str, words: list[str], values: Values) -> None:
    each = [{"attribute": name, "is": word} for word in words]
    assert is_met(when(attribute=name, **{"is": words}), values) is is_met(when(any=each), values)


@given(st.lists(st.one_of(COMPARISONS, NESTED), min_size=1, max_size=4), VALUES)
def test_all_and_any_are_met_as_their_parts_are(parts: list[When], values: Values) -> None:
    met = [is_met(one, values) for one in parts]
    dumped = [one.model_dump() for one in parts]
    assert is_met(when(all=dumped), values) is all(met)
    assert is_met(when(any=dumped), values) is any(met)


@given(st.one_of(COMPARISONS, NESTED), VALUES)
def test_capitals_make_no_difference(condition: When, values: Values) -> None:
    shouted = {name: tuple(word.upper() for word in words) for name, words in values.items()}
    assert is_met(condition, values) is is_met(condition, shouted)


@given(NESTED, VALUES)
def test_attributes_that_it_does_not_ask_make_no_difference(condition: When, values: Values) -> None:
    asked = {name: words for name, words in values.items() if name in condition.attributes}
    assert is_met(condition, values) is is_met(condition, asked)
