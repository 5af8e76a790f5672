"""Amounts are read as people write them, kept as whole numbers, and never guessed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text import languages
from handlers.text.amounts import LARGEST, AmountKind, Unfit, read, written
from handlers.text.readers import Reader
from handlers.text.sentences import amount

EUR, JPY, KWD = "EUR", "JPY", "KWD"


@pytest.mark.parametrize(
    ("words", "kind", "currency", "kept"),
    [
        ("23 min", "duration", "", 1380),
        ("1h 30m", "duration", "", 5400),
        ("an hour and a half", "duration", "", 5400),
        ("0", "duration", "", 0),
        ("0 min", "duration", "", 0),
        ("1200", "currency", EUR, 120_000),
        ("1,200", "currency", EUR, 120_000),
        ("1.200", "currency", EUR, 120_000),
        ("1 200,5", "currency", EUR, 120_050),
        ("1,234,567.89", "currency", EUR, 123_456_789),
        ("€12", "currency", EUR, 1200),
        ("12 eur", "currency", EUR, 1200),
        ("12k", "currency", EUR, 1_200_000),
        ("1'200.50", "currency", EUR, 120_050),
        ("¥1,200", "currency", JPY, 1200),
        ("1.5", "currency", KWD, 1500),
        ("1.500", "currency", KWD, 1500),
        ("0.500", "currency", KWD, 500),
        ("0,500", "currency", KWD, 500),
        ("1,200.500", "currency", KWD, 1_200_500),
        ("-3", "integer", "", -3),
        ("\N{MINUS SIGN}3", "integer", "", -3),
        ("1\N{NO-BREAK SPACE}200", "integer", "", 1200),
        ("１２", "integer", "", 12),
        ("12.5", "percentage", "", 1250),
        ("12,5 %", "percentage", "", 1250),
        ("100 percent", "percentage", "", 10_000),
        ("0.01", "percentage", "", 1),
    ],
)
def test_an_amount_is_read(words: str, kind: AmountKind, currency: str, kept: int) -> None:
    assert read(words, kind, currency) == kept


@pytest.mark.parametrize(
    ("words", "kind", "currency"),
    [
        ("23", "duration", ""),
        ("-5 min", "duration", ""),
        ("next week", "duration", ""),
        (".5h", "duration", ""),
        (".5", "currency", EUR),
        (",50", "currency", EUR),
        ("0.500", "currency", EUR),
        ("0,500", "currency", EUR),
        ("0.500,50", "currency", EUR),
        ("0 500", "currency", EUR),
        ("0,125", "integer", ""),
        (".5", "integer", ""),
        (".5 %", "percentage", ""),
        ("1,200", "currency", KWD),
        ("1.5", "currency", JPY),
        ("12 $", "currency", EUR),
        ("12 EUR USD", "currency", EUR),
        ("1,2,3", "currency", EUR),
        ("1.2.3", "integer", ""),
        ("1.5", "integer", ""),
        ("12a", "integer", ""),
        ("", "integer", ""),
        ("12.500", "percentage", ""),
        ("12.345", "percentage", ""),
        ("%", "percentage", ""),
        ("9" * 5000, "integer", ""),
    ],
)
def test_what_is_no_amount_or_may_be_two_is_none(words: str, kind: AmountKind, currency: str) -> None:
    with pytest.raises(Unfit):
        read(words, kind, currency)


@given(
    st.integers(0, 3650 * 86400),
    st.sampled_from(
        [("duration", ""), ("currency", EUR), ("currency", JPY), ("currency", KWD), ("integer", ""), ("percentage", "")]
    ),
)
def test_what_stands_in_a_field_is_read_again(kept: int, kind: tuple[AmountKind, str]) -> None:
    assert read(written(kept, *kind), *kind) == kept


@given(st.text(max_size=30), st.sampled_from(["duration", "currency", "integer", "percentage"]))
def test_any_text_is_an_amount_or_none(words: str, kind: AmountKind) -> None:
    with suppress(Unfit):
        assert abs(read(words, kind, EUR)) < LARGEST


def test_an_amount_is_said_as_its_reader_writes_it() -> None:
    german = Reader("de")
    assert amount(123_450, german, "currency", EUR) == "1.234,50\N{NO-BREAK SPACE}€"
    assert amount(1250, german, "percentage") == "12,5\N{NO-BREAK SPACE}%"
    assert amount(1200, Reader(), "integer") == "1,200"
    assert amount(42, Reader(), "duration") == "42 s"
    assert amount(5400, Reader(), "duration") == "1 h 30 min"
    assert languages.percentage("en", 9995) == "99.95\N{NO-BREAK SPACE}%"


def test_a_short_time_is_told_to_the_second_so_that_it_is_not_its_target_in_words() -> None:
    told = [amount(seconds, Reader(), "duration") for seconds in (0, 59, 60, 80, 90, 599, 600, 3600)]
    assert told == ["0 s", "59 s", "1 min", "1 min 20 s", "1 min 30 s", "9 min 59 s", "10 min", "1 h"]
