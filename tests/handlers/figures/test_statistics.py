"""What is said of many values: compared with figures worked out by hand, and with what must hold of any."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.figures.shuffling import FEWEST, MOST, Change, change
from handlers.figures.statistics import Share, Spread, median, ranked, spread, within

VALUES = st.lists(st.integers(-1000, 1000), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([15, 20, 35, 40, 50], 5, 15),
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 40, 20),
        ([15, 20, 35, 40, 50], 50, 35),
        ([15, 20, 35, 40, 50], 100, 50),
        ([3, 6, 7, 8, 8, 10, 13, 15, 16, 20], 50, 8),
        ([3, 6, 7, 8, 8, 10, 13, 15, 16, 20], 75, 15),
        ([20, 3], 50, 3),
        ([7], 1, 7),
    ],
)
def test_a_percentile_is_of_the_nearest_rank(values: list[int], percent: int, expected: int) -> None:
    assert ranked(values, percent) == expected


def test_there_is_no_percentile_of_nothing() -> None:
    for values, percent in (([], 50), ([1], 0), ([1], 101)):
        with pytest.raises(ValueError, match=str(percent)):
            ranked(values, percent)
    assert spread([]) == Spread()


def test_no_90th_percentile_is_told_of_fewer_than_20_runs() -> None:
    assert spread(range(1, 20)) == Spread(19, 10, None)
    assert spread(range(1, 21)) == Spread(20, 10, 18)


@given(VALUES, st.integers(1, 100))
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    found = ranked(values, percent)
    below = sum(one < found for one in values)
    at_most = sum(one <= found for one in values)
    assert found in values
    assert Fraction(below, len(values)) < Fraction(percent, 100) <= Fraction(at_most, len(values))


def test_a_target_that_is_just_reached_is_met() -> None:
    assert within([29, 30, 31, 60], 30, "lower") == Share(2, 4)
    assert within([29, 30, 31, 60], 30, "higher") == Share(3, 4)


@pytest.mark.parametrize(
    ("count", "n", "percent"),
    [(0, 0, None), (0, 9, 0), (1, 8, 13), (7, 8, 88), (9, 9, 100), (1, 999, 1), (998, 999, 99)],
)
def test_a_share_is_told_in_whole_percent(count: int, n: int, percent: int | None) -> None:
    assert Share(count, n).percent == percent


def test_a_difference_is_told_only_where_shuffling_seldom_gives_it() -> None:
    assert change([60, 62, 64, 66, 68, 70], [20, 22, 24, 26, 28, 30]) == Change(64, 24, 6, 6)
    assert change([20, 60, 22, 62, 24, 64], [61, 21, 63, 23, 65, 25]) is None
    assert change([30] * 50, [30] * 50) is None


def test_faster_is_told_only_where_the_medians_that_stand_there_say_so() -> None:
    """Of many runs the newest are shuffled, and the medians are those of all."""
    assert change([4] * 100, [3] * MOST + [5] * 200) is None
    assert change([6] * 150, [3] * MOST + [5] * 200) == Change(6, 5, 150, 300)


def test_of_few_runs_no_difference_is_told_however_large() -> None:
    few, many = [1000] * (FEWEST - 1), [1] * 50
    assert change(few, many) is None
    assert change(many, few) is None
    assert change([1000] * FEWEST, [1] * FEWEST) is not None


def test_what_is_compared_has_a_bound_and_takes_the_newest() -> None:
    assert change([9] * MOST + [1] * 10_000, [1] * MOST + [9] * 10_000) is None
    assert change([9] * MOST + [8] * 10_000, [1] * MOST + [2] * 10_000) == Change(8, 2, 10_100, 10_100)


@given(VALUES, VALUES)
@settings(max_examples=25, deadline=None)
def test_the_same_runs_give_the_same_answer(before: Sequence[int], after: Sequence[int]) -> None:
    found = change(before, after)
    assert found == change(before, after)
    assert found is None or (found.before, found.after) == (median(before), median(after))


def test_one_run_that_took_a_week_decides_nothing() -> None:
    usual = list(range(10, 22))
    assert change(usual, [*usual[:-1], 604_800]) is None


def test_chance_alone_is_seldom_told_as_a_difference() -> None:
    """Of a hundred pairs drawn from the same runs, about five may look different."""
    draw = Random(7)
    told = sum(change(*([draw.randrange(600) for _ in range(30)] for _ in range(2))) is not None for _ in range(60))
    assert told <= 7
