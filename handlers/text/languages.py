"""What differs between languages besides the words: plural forms, and how days and hours are written."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision, get_currency_symbol

_FORMS = ("zero", "one", "two", "few", "many", "other")
"""The plural forms that languages have, in the order in which a template names those of its language."""


def plural(language: str, count: int, *forms: str) -> str:
    """Return the form that goes with a number; `forms` are those that the language has, in the order of `_FORMS`."""
    return forms[min(_form(language, count), len(forms) - 1)]


@lru_cache(1024)
def _form(language: str, count: int) -> int:
    rule = Locale.parse(language).plural_form
    return [one for one in _FORMS if one == "other" or one in rule.tags].index(rule(count))


def written(language: str, local: datetime, pattern: str) -> str:
    """Return a local time as a pattern of the CLDR says it, such as `EEE d MMM, HH:mm`."""
    return format_datetime(local, pattern, locale=language)


def is_currency(code: str) -> bool:
    """Return whether there is a currency of an ISO code, such as EUR."""
    return code in get_global("all_currencies")


def minor_digits(currency: str) -> int:
    """Return how many digits the smallest unit of a currency stands behind the point."""
    return get_currency_precision(currency)


def currency_sign(currency: str) -> str:
    """Return the sign by which a currency is known everywhere, its code where it has none."""
    return get_currency_symbol(currency, "en")


def money(language: str, minor: int, currency: str) -> str:
    """Return an amount of money, given in the currency's smallest unit, as a language writes it."""
    return format_currency(Decimal(minor).scaleb(-minor_digits(currency)), currency, locale=language)


def whole(language: str, count: int) -> str:
    """Return a whole number as a language writes it."""
    return format_decimal(count, locale=language)


def percentage(language: str, hundredths: int) -> str:
    """Return a percentage, given in hundredths of a percent, as a language writes it."""
    decimals = "" if hundredths % 100 == 0 else ".0" if hundredths % 10 == 0 else ".00"
    return format_percent(Decimal(hundredths).scaleb(-4), format=f"#,##0{decimals}\N{NO-BREAK SPACE}%", locale=language)
