"""What differs between languages besides the words: plural forms, and how days and hours are written."""

from datetime import datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_datetime

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
