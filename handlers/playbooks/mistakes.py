"""What is wrong with something that a person wrote, in that person's words rather than in the validator's."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from handlers.text.nearest import nearest

Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """A mistake at a line (0 if it has none) and a key (empty if it is about the whole)."""

    line: int
    key: str
    words: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [self.key] if self.key else []
        return f"{', '.join(where)}: {self.words}" if where else self.words


def key_in_words(path: Path) -> str:
    """Return a path as people say it: `checklists 1 › tasks 3 › due`, counted from 1."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return " › ".join(words)


def found_in_words(value: object) -> str:
    """Return what was found, shortly."""
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def in_words(error: Any, part: type[BaseModel] | None) -> str:
    """Return what an error of pydantic's means, and what is allowed; `part` is the model that the key is in."""
    limits = error.get("ctx", {})
    found = found_in_words(error["input"])
    match error["type"]:
        case "missing":
            words = "is missing"
        case "extra_forbidden":
            words = _unknown_key(str(error["loc"][-1]), part)
        case "value_error":
            words = f"{limits['error']}" + (f"; found {found}" if isinstance(error["input"], str) else "")
        case "literal_error":
            words = f"found {found}; allowed are {limits['expected'].replace(chr(39), '')}"
        case "string_too_short":
            words = "is empty"
        case "string_too_long":
            words = f"has {len(error['input'])} characters, {limits['max_length']} at most are allowed"
        case "too_long":
            words = f"has more than {limits['max_length']} entries"
        case kind:
            words = f"found {found}; expected {_EXPECTED.get(kind, error['msg'])}"
    return words


_EXPECTED = {
    "date_from_datetime_inexact": "a day like 2026-01-05",
    "date_from_datetime_parsing": "a day like 2026-01-05",
    "string_type": "text; text with {…}, […], # or @ must be in quotes",
    "tuple_type": "a list, with one entry after each - at the start of a line",
    "model_type": "a group of keys, each on its own line, further in",
    "model_attributes_type": "a group of keys, each on its own line, further in",
    "int_type": "a length of time like 90s, 30m, 1h 30m, 2d or 1w",
    "int_parsing": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
}


def _unknown_key(key: str, part: type[BaseModel] | None) -> str:
    known = list(part.model_fields) if part else []
    like = nearest(key, known)
    hint = f"did you mean {like}?" if like else f"there are {', '.join(known)}"
    return f"there is no such key; {hint}"
