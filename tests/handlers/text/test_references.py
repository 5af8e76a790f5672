"""Tasks named in a row: whatever separates them, they are read as the same ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.references import Span, leading, parts

ONE = st.tuples(st.integers(1, 99), st.integers(1, 99))
SPACES = st.sampled_from([" ", "\n", "\t", "\u00a0", "\u3000", "\u2003", "  ", "\u200b "])
SIGNS = st.sampled_from([",", ";", "、", "，", "；", "&", "+", "/"])
DASHES = st.sampled_from(["-", "–", "—", "−", "‐", "‑", "～", "..", "…", " - ", " – ", " to ", " through ", " TO "])
WIDE = str.maketrans("0123456789.#", "０１２３４５６７８９．＃")


def written(one: tuple[int, int]) -> str:
    return f"{one[0]}.{one[1]}"


def single(one: tuple[int, int]) -> Span:
    return Span(one, one)


@given(st.lists(ONE, min_size=1, max_size=5), SPACES, SIGNS, st.booleans())
def test_any_separator_gives_the_same_tasks(some: list[tuple[int, int]], space: str, sign: str, wide: bool) -> None:
    numbers, spans = [written(one).translate(WIDE if wide else {}) for one in some], [single(one) for one in some]
    for between in (sign, f"{sign}{space}", f"{space}{sign}{space}", f"{space}and{space}", f",{space}and{space}"):
        assert leading(between.join(numbers)) == (spans, "")
        assert leading(f"{between.join(numbers)}{space}@bob") == (spans, "@bob")
    assert leading(space.join(numbers), spaced=True) == (spans, "")
    assert leading(space.join(numbers))[0] == spans[:1]


@given(ONE, ONE, DASHES)
def test_any_dash_makes_a_range_whichever_end_comes_first(
    one: tuple[int, int], other: tuple[int, int], to: str
) -> None:
    span = Span(min(one, other), max(one, other))
    assert leading(f"{written(one)}{to}{written(other)} now") == ([span], "now")
    assert leading(f"{written(one)}-{other[1]}")[0] == [Span(*sorted([one, (one[0], other[1])]))]


@given(ONE, st.sampled_from([".", ":", "!", "?", "…", ")", ".)"]), st.sampled_from(["", "#", "＃", "("]))
def test_punctuation_around_a_number_says_nothing(one: tuple[int, int], behind: str, before: str) -> None:
    assert leading(f"{before}{written(one)}{behind}") == ([single(one)], "")
    assert leading(f"{before}{written(one)}{behind} New title.") == ([single(one)], "New title.")


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ('"Roll back, then wait" and 2.1 me', ["Roll back, then wait", single((2, 1))], "me"),
        ("‚Roll back‘; „Tell“ me", ["Roll back", "Tell"], "me"),
        ("2.1 to 3", [single((2, 1))], "to 3"),
        ("1.1 -", [single((1, 1))], "-"),
        ("1.1, @bob", [single((1, 1))], "@bob"),
        ("1.1\nin 2h", [single((1, 1))], "in 2h"),
        ("1.1.2", [], "1.1.2"),
        ("1.1pm", [], "1.1pm"),
        ("Roll back", [], "Roll back"),
        ("", [], ""),
    ],
)
def test_what_is_no_number_and_no_quoted_title_stands_behind(text: str, found: list[object], rest: str) -> None:
    assert leading(text) == (found, rest)


def test_where_to_means_something_else_it_makes_no_range() -> None:
    assert leading("2.3 to 1.1", to=False) == ([single((2, 3))], "to 1.1")
    assert leading("2.1 - 2.2 to 1.1", to=False) == ([Span((2, 1), (2, 2))], "to 1.1")


def test_a_list_has_parts_outside_quotation_marks() -> None:
    assert parts('Roll back, "Tell support, then sales"; 2.1\nWatch') == [
        "Roll back", '"Tell support, then sales"', "2.1", "Watch",
    ]  # fmt: skip
    assert parts("Roll back and Tell support & sales") == ["Roll back", "Tell support", "sales"]
    assert parts("Roll back  &Tell support and and sales,, ") == ["Roll back", "Tell support", "sales"]
    assert parts("Sandra and Andy") == ["Sandra", "Andy"]
    assert parts("Roll back") == ["Roll back"]


@pytest.mark.parametrize("text", ["“‚”", '""', "“ ”", "«„»"])
def test_marks_with_nothing_between_them_but_marks_name_no_task(text: str) -> None:
    assert leading(text) == ([], text)


@given(st.text() | st.text(alphabet="\"“”„«»‘’'#@.,-–0123 and\n", max_size=40))
def test_any_text_is_read_and_nothing_is_made_up(text: str) -> None:
    found, rest = leading(text, spaced=True)
    assert rest in text
    assert all(one for one in found)
    assert all(part in text for part in parts(text))
