"""Numbers, whoever writes them."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.text.numbers import leading_number, number, task_number

COUNTED = st.integers(1, 999_999_999)


@given(COUNTED, st.text())
def test_a_number_is_read_as_it_is_said(at: int, words: str) -> None:
    assert number(str(at)) == number(f" #{at} ") == at
    assert number(f"#{at}.") == number(f"({at})") == number("".join(chr(ord("０") + int(one)) for one in str(at))) == at
    assert leading_number(f"#{at} {words}") == (at, f"#{at} {words}".strip()[len(str(at)) + 1 :].lstrip())


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_a_tasks_number_is_read_as_it_is_said(row: int, at: int) -> None:
    assert task_number(f"{row}．{at}.") == task_number(f"{row}.{at}!") == (row, at)
    assert task_number(f"{row}.{at}") == task_number(f" #{row}.{at} ") == (row, at)


@given(st.text() | st.text(alphabet="#.0123456789٣²Ⅷ \n"))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert 0 <= number(text) < 10**9
    assert leading_number(text)[0] < 10**9
    assert task_number(text) is None or all(at < 10**4 for at in task_number(text) or ())


def test_what_is_longer_than_any_number_is_none() -> None:
    assert number("1" * 5000) == number("²") == number("Ⅷ") == number("-1") == number("1.5") == number("##1") == 0
    assert leading_number("1" * 5000) == (0, "1" * 5000)
    assert leading_number("2nd try") == (0, "2nd try")
