"""Amounts as people write them: a length of time, money, a whole number or a percentage; kept as whole numbers."""

import re
import unicodedata
from decimal import Decimal
from typing import Literal

from handlers.text import durations, languages
from handlers.text.plain_forms import bare, plainly

AmountKind = Literal["duration", "currency", "integer", "percentage"]
"""Kept in seconds, in the smallest unit of the currency, as it is, and in hundredths of a percent."""

LARGEST = 10**15
"""No amount is as large; each database keeps it, and each reader of JSON reads it exactly."""

LONGEST = 60
"""How many characters an amount has at most."""

DECIMALS = 6
"""How many decimals a number has at most that is no amount of anything."""

_DIGITS = re.compile(r"([+-]?)([0-9][0-9\s.,'_’]*?)(k?)", re.IGNORECASE)
# Thousands never begin with 0: 0.500 is a half.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([\s.,'_’])[0-9]{3})(?:\1[0-9]{3})*")
_NOTHING = re.compile(r"0+ ?(?:s|sec|seconds?|m|min|minutes?|h|hours?)?", re.IGNORECASE)


class Unfit(ValueError):
    """These words are no amount of the kind that is asked for."""


def read(words: str, kind: AmountKind, currency: str = "") -> int:
    """Return the amount that words name. Raises `Unfit`; what may mean two amounts is not guessed."""
    text = bare(words)
    if len(text) > LONGEST:
        raise Unfit(text)
    match kind:
        case "duration":
            return _duration(text)
        case "currency":
            return _decimal(_without_currency(text, currency), languages.minor_digits(currency))
        case "integer":
            return _decimal(text, 0)
        case "percentage":
            return _percentage(plainly(text).casefold().removesuffix("%").removesuffix("percent").rstrip())


def read_number(words: str) -> str:
    """Return a number of six decimals at most as it is kept, such as -12.5. Raises `Unfit` as `read` does."""
    text = bare(words)
    if len(text) > LONGEST:
        raise Unfit(text)
    number = Decimal(_decimal(text, DECIMALS)).scaleb(-DECIMALS)
    return f"{number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize():f}"


def written(amount: int, kind: AmountKind, currency: str = "") -> str:
    """Return an amount as `read` reads it, and as it stands in fields."""
    match kind:
        case "duration":
            return durations.written(amount)
        case "integer":
            return str(amount)
        case "currency" | "percentage":
            places = 2 if kind == "percentage" else languages.minor_digits(currency)
            return f"{Decimal(amount).scaleb(-places):f}"


def _duration(text: str) -> int:
    if _NOTHING.fullmatch(text):
        return 0
    try:
        return durations.parse(text)
    except ValueError:
        raise Unfit(text) from None


def _percentage(text: str) -> int:
    """Return hundredths of a percent; 12.500 are not twelve thousand percent, nor certainly twelve and a half."""
    if re.fullmatch(r"[+-]?[0-9]+[.,][0-9]{3,}", text):
        raise Unfit(text)
    return _decimal(text, 2)


def _without_currency(text: str, currency: str) -> str:
    """Take the currency away before or behind an amount; any other is none of this metric."""
    text = text.strip()
    for sign in (currency, languages.currency_sign(currency)):
        if text.casefold().startswith(sign.casefold()):
            return text[len(sign) :].strip()
        if text.casefold().endswith(sign.casefold()):
            return text[: -len(sign)].strip()
    return text


def _decimal(text: str, places: int) -> int:
    """Return a number times ten to the power of its decimal `places`."""
    plain = "".join(" " if unicodedata.category(one) == "Zs" else one for one in plainly(text)).strip()
    found = _DIGITS.fullmatch(plain.replace("\N{MINUS SIGN}", "-"))
    if found is None:
        raise Unfit(text)
    whole, decimals = _parted(found[2], places)
    amount = int(whole + decimals.ljust(places, "0"))
    amount = amount * (1000 if found[3] else 1) * (-1 if found[1] == "-" else 1)
    if abs(amount) >= LARGEST:
        raise Unfit(text)
    return amount


def _parted(digits: str, places: int) -> tuple[str, str]:
    """Return the whole and the decimals of a number; three digits behind one sign are thousands where they can be."""
    if digits.isdecimal():
        return digits, ""
    grouped = _GROUPED.fullmatch(digits)
    if places >= 3 and grouped is not None and digits.count(grouped[1]) == 1 and grouped[1] in ".,":
        # Whole dinars have thousandths: a point parts them, as it does in a field, and a comma may do either.
        if grouped[1] == ",":
            raise Unfit(digits)
        grouped = None
    if grouped is not None:
        return re.sub(r"\D", "", digits), ""
    head, sign, decimals = digits[: -len(_tail(digits)) - 1], digits[-len(_tail(digits)) - 1], _tail(digits)
    is_whole = head.isdecimal() or ((grouped := _GROUPED.fullmatch(head)) is not None and grouped[1] != sign)
    if sign not in ".," or not 0 < len(decimals) <= places or not is_whole:
        raise Unfit(digits)
    return re.sub(r"\D", "", head), decimals


def _tail(digits: str) -> str:
    """Return the digits behind the last sign."""
    return re.split(r"\D", digits)[-1]
