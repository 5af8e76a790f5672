"""Who mistypes a word is told the one that was probably meant."""

from time import process_time

import pytest

from handlers.text.nearest import nearest

WORDS = ["start", "stats", "list", "help", "finish"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("STRAT", "start"), ("lst", "list"), ("hlep", "help"), ("fin", "finish"), ("xyz", ""), ("", "")],
)
def test_the_nearest_word_is_found_and_none_that_is_far(typed: str, meant: str) -> None:
    assert nearest(typed, WORDS) == meant


def test_the_first_of_two_that_are_as_near_is_meant() -> None:
    assert nearest("ann", ["anna", "anni"]) == "anna"


def test_among_the_names_of_a_large_server_it_is_found_at_once() -> None:
    names = [
        f"{first}.{second}{number}" for first in "abcde" for second in ("meyer", "schulz") for number in range(2000)
    ]
    began = process_time()
    assert nearest("e.shculz1999", names) == "e.schulz1999"
    assert process_time() - began < 0.05  # seconds


def test_capitals_make_no_difference_and_the_word_is_given_back_as_it_is_known() -> None:
    assert nearest("HIHG", ["High", "Low"]) == "High"
