"""The words by which a run is found: those of its name, its summary and its updates, each once."""

import re
import unicodedata
from collections.abc import Iterator

from sqlalchemy import String
from sqlmodel import Field, SQLModel

LONGEST = 40
"""How many signs of a word are kept; a longer one is found by its beginning."""

# Scripts that put no space between words: Thai, Lao, Burmese, Khmer, kana, and all that is ideographic.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"([{_UNSPACED}]+)|(?:(?![{_UNSPACED}])[^\W_])+")
# Ranges of words are asked for, and PostgreSQL would order them by the rules of a language.
_BY_SIGN = String().with_variant(String(collation="C"), "postgresql")


class FoundWord(SQLModel, table=True):
    """A word that a run is found by, as `words_of` makes it."""

    __tablename__ = "found_word"
    __table_args__ = {"sqlite_with_rowid": False}

    word: str = Field(primary_key=True, sa_type=_BY_SIGN)
    run_id: int = Field(primary_key=True)


def words_of(*texts: str) -> set[str]:
    """Return the words of texts as they are kept: without case and accents, in pairs of signs where no spaces are.

    The last sign of such a word is kept alone, too, so that each one begins something.
    """
    return {part for text in texts for word, size in _words(text) for part in _parts(word, size, len(word))}


def asked_words(text: str) -> list[str]:
    """Return the beginnings of words that somebody looks for, each once, in their order."""
    found = (part for word, size in _words(text) for part in _parts(word, size, max(1, len(word) - size + 1)))
    return list(dict.fromkeys(found))


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Yield words, and of how many signs the parts are that one is cut into."""
    marked = unicodedata.normalize("NFKD", text.casefold())
    plain = unicodedata.normalize("NFKC", "".join(sign for sign in marked if not unicodedata.combining(sign)))
    for word in _WORD.finditer(plain):
        yield word[0], 2 if word[1] else LONGEST


def _parts(word: str, size: int, count: int) -> Iterator[str]:
    """Yield the parts of a word, each of which begins one sign behind the one before; of most words there is one."""
    yield from (word[at : at + size] for at in range(count if size < LONGEST else 1))
