"""Variables in commands: the longest name is meant, what is missing is named, and values are never read again."""

from desk import CARLA, Desk, one, started_run
from hypothesis import given
from hypothesis import strategies as st

from handlers import effects as do
from handlers.rules.variables import NAME, defined, fill

NAMES = st.from_regex(r"[A-Za-z0-9_]{1,12}", fullmatch=True)
PLAIN = st.text(st.characters(exclude_characters="$", codec="utf-8"), max_size=20)


def test_the_longest_name_wins() -> None:
    assert fill("/jira $ticket_id $ticket", {"ticket": "ABC", "ticket_id": "7"}).text == "/jira 7 ABC"


def test_what_nobody_defined_is_named_once_and_in_order() -> None:
    filled = fill("/x $b $a $b $known", {"known": "1"})
    assert filled.missing == ("b", "a")


def test_a_value_is_not_read_again_and_two_signs_are_one() -> None:
    assert fill("/x $a $$5", {"a": "$b", "b": "no"}).text == "/x $b $5"


def test_attributes_count_more_than_lines_of_the_summary_and_the_last_line_counts() -> None:
    summary = "Look:\n$ticket=OLD\n  $ticket = NEW one \n$empty=\nnot $this=1"
    assert defined({}, summary) == {"ticket": "NEW one"}
    assert defined({"ticket": "ABC", "gone": ""}, summary) == {"ticket": "ABC"}


@given(st.dictionaries(NAMES, st.text(max_size=20), max_size=8), st.lists(st.tuples(PLAIN, NAMES), max_size=8))
def test_every_defined_name_is_replaced_by_its_value_and_every_other_is_named(
    values: dict[str, str], parts: list[tuple[str, str]]
) -> None:
    template = "".join(f"{plain}$${name[:0]}${name} " for plain, name in parts)
    filled = fill(template, values)
    expected = "".join(f"{plain}${values.get(name, f'${name}')} " for plain, name in parts)
    assert filled.text == expected
    assert set(filled.missing) == {name for _, name in parts if name not in values}


@given(
    NAMES, st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), codec="utf-8"), min_size=1, max_size=50)
)
def test_a_line_of_the_summary_is_read_as_it_was_written(name: str, value: str) -> None:
    if value.strip() == value and NAME.fullmatch(name):
        assert defined({}, f"Some words\n${name}={value}\nmore")[name] == value


def test_a_variable_is_set_and_taken_away_by_the_cards_menu() -> None:
    desk = Desk()
    place = started_run(desk)
    dialog = one(desk.presses("run.more", 1, choice="variable.ask", place=place), do.Ask).dialog
    assert "no variables" in dialog.intro
    assert one(desk.submits(dialog, name="tick et", value="x"), do.Correct).errors.keys() == {"name"}
    assert one(desk.submits(dialog, name="ticket", value=""), do.Correct).errors.keys() == {"name"}
    desk.submits(dialog, name="$ticket", value="ABC-1")
    assert desk.run().attributes == {"ticket": "ABC-1"}
    again = one(desk.presses("run.more", 1, choice="variable.ask", place=place), do.Ask).dialog
    assert "ABC-1" in again.intro
    desk.submits(again, name="ticket", value="")
    assert desk.run().attributes == {}
    assert one(desk.submits(dialog, by=CARLA, name="a", value="b"), do.Correct).error
