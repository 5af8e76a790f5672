"""The sentences as a catalogue for translators: each block of a template is one message, known by template and block.

A language is a file `templates/languages/<language>.po`, begun from the catalogue that `make catalogue` draws. Where it
has no words of its own for a block, the English ones stand.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po

import templates
from handlers.text.readers import ENGLISH

ENDING = ".md.j2"

FOLDERS = [Path(templates.__file__).parent / "languages"]
"""Where the languages lie."""

_BLOCK = re.compile(r"({% block (\w+) %}\s*)(.*?)(\s*{% endblock %})", re.DOTALL)


def extract(file: BinaryIO, *_: object, **options: object) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield the messages of a template to Babel, as `pgettext(context, words)`."""
    source, template = file.read().decode(), Path(file.name).name.removesuffix(ENDING)
    for block in _BLOCK.finditer(source):
        line = source.count("\n", 0, block.start()) + 1
        yield line, "pgettext", (f"{template}:{block[2]}", block[3]), []


def translated(source: str, template: str, language: str) -> str:
    """Return a template's source with the words of a language in its blocks, as far as there are any."""
    words = _words(language)
    return _BLOCK.sub(lambda one: one[1] + words.get(f"{template}:{one[2]}", one[3]) + one[4], source)


@lru_cache(1024)
def spoken(locale: str, otherwise: str = ENGLISH) -> str:
    """Return the language to speak to who has chosen a locale, such as `pt-BR`; `otherwise` where there is none."""
    whole = locale.replace("-", "_")
    return next((one for one in (whole, whole.split("_")[0]) if one and _is_there(one)), otherwise)


def forget() -> None:
    """Look anew for which languages there are."""
    spoken.cache_clear()
    _words.cache_clear()


def _is_there(language: str) -> bool:
    if language == ENGLISH or not re.fullmatch(r"\w+", language) or _file(language) is None:
        return language == ENGLISH
    try:
        return bool(Locale.parse(language))
    except (UnknownLocaleError, ValueError):
        return False


def _file(language: str) -> Path | None:
    return next((path for folder in FOLDERS if (path := folder / f"{language}.po").is_file()), None)


@lru_cache
def _words(language: str) -> Mapping[str, str]:
    path = _file(language)
    if path is None:
        return {}
    with path.open("rb") as file:
        return {str(one.context): str(one.string) for one in read_po(file, language) if one.string and not one.fuzzy}
