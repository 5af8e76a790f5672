"""The words that times are made of: numbers, units, names of days and months, in English and in a reader's language."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from handlers.text.plain_forms import plainly
from handlers.text.readers import ENGLISH, Reader
from handlers.text.sentences import say

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

NUMBERS = (
    {word: at for at, word in enumerate([*_ONES, *_TEENS], 1)}
    | {word: at * 10 for at, word in enumerate(_TENS, 2)}
    | {
        f"{ten}{between}{one}": at * 10 + more
        for at, ten in enumerate(_TENS, 2)
        for more, one in enumerate(_ONES, 1)
        for between in "- "
    }
)
"""Numbers in words, from 1 to 99."""

_RANKS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]

ORDINALS = (
    {word: at for at, word in enumerate([*_RANKS, *(f"{teen}th" for teen in _TEENS[3:])], 1)}
    | {"twentieth": 20, "thirtieth": 30, "thirty-first": 31}
    | {f"twenty-{word}": 20 + at for at, word in enumerate(_RANKS[:9], 1)}
)
"""Days of a month in words."""

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]

_TELLING = (
    "am pm noon midday midnight today tonight tomorrow tmrw tmr morning afternoon evening night eod cob eow eom utc gmt"
    " s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days w wk wks week weeks"
    " mo mos month months y yr yrs year years half quarter o'clock oclock"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of weekdays (Monday is 0) and months (January is 1), and the words that a language puts between them."""

    weekdays: Mapping[str, tuple[int, ...]]
    months: Mapping[str, tuple[int, ...]]
    between: frozenset[str]


@lru_cache(64)
def names(language: str) -> Names:
    """Return the names in English and in another language, each as it is written evenly and in small letters."""
    english = Locale.parse(ENGLISH)
    weekdays = [*_shortened(english.days), ("tues", 1), ("weds", 2), ("thur", 3), ("thurs", 3)]
    months = [*_shortened(english.months), ("sept", 9)]
    if language == ENGLISH:
        return Names(_all(weekdays), _all(months), frozenset())
    locale = Locale.parse(language)
    pattern = " ".join(say("times", Reader(language))[form] for form in ("day_and_hour", "day_year_and_hour"))
    between = [word for words in re.findall("'([^']*)'", pattern) for word in compared(words).split()]
    return Names(_all([*weekdays, *_of(locale.days)]), _all([*months, *_of(locale.months)]), frozenset(between))


def compared(text: str) -> str:
    """Return words as they are compared: in plain signs and small letters, no point or comma behind."""
    text = unicodedata.normalize("NFC", plainly(text)).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.sub(r"(?<=\w)[.,;]+(?=\s|$)", "", text)


def is_telling(word: str) -> bool:
    """Return whether a word would hardly stand behind a time unless it belonged to it: a number, a unit, a day."""
    word = re.sub(r"\W+$", "", compared(word))
    known = names(ENGLISH)
    return word[:1].isdigit() or any(word in some for some in (_TELLING.split(), NUMBERS, known.weekdays, known.months))


_Forms = Mapping[str, Mapping[str, Mapping[int, str]]]


def _shortened(forms: _Forms) -> list[tuple[str, int]]:
    """Return each whole name, and its first three letters."""
    whole = forms["format"]["wide"].items()
    return [(short.casefold(), at) for at, name in whole for short in (name, name[:3])]


def _of(forms: _Forms) -> list[tuple[str, int]]:
    """Return the names of days or months that the CLDR has; those of one letter are nobody's way to write a time."""
    found = [(compared(name), at) for form in forms.values() for names in form.values() for at, name in names.items()]
    return [(name, at) for name, at in found if len(name) > 1 and not name.isdecimal()]


def _all(named: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    """Return all that each name stands for."""
    found: dict[str, tuple[int, ...]] = {}
    for name, at in named:
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), at)))
    return found
