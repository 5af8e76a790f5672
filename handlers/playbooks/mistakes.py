"""What is wrong with something that a person wrote, in that person's words rather than in the validator's."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from handlers.text.nearest import nearest
from handlers.text.sentences import say
from handlers.text.words import Safe

Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """A mistake at a line (0 if it has none) and a key (empty if it is about the whole)."""

    line: int
    key: str
    words: str

    def __str__(self) -> str:
        return sentence("at", line=self.line, key=self.key, words=self.words)


def sentence(block: str, **values: object) -> str:
    """Return a sentence for the author of a file, whose language nobody knows; values stand in it as they are."""
    return say("mistakes", **{name: _as_it_is(value) for name, value in values.items()})[block]


def _as_it_is(value: object) -> object:
    return [Safe(one) for one in value] if isinstance(value, list) else Safe(value) if isinstance(value, str) else value


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
    """Return what was found, in few words."""
    if isinstance(value, dict):
        return sentence("found_group")
    if isinstance(value, list | tuple):
        return sentence("found_list")
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def in_words(error: Any, part: type[BaseModel] | None) -> str:
    """Return what an error of pydantic's means, and what is allowed; `part` is the model that the key is in."""
    limits = error.get("ctx", {})
    found = found_in_words(error["input"])
    match error["type"]:
        case "missing":
            return sentence("missing")
        case "extra_forbidden":
            known = [field.alias or name for name, field in part.model_fields.items()] if part else []
            key = str(error["loc"][-1])
            return sentence("unknown_key", nearest=nearest(key, known), known=known)
        case "value_error":
            is_text = isinstance(error["input"], str)
            return sentence("not_allowed", what=str(limits["error"]), found=found if is_text else "")
        case "literal_error":
            return sentence("not_among", found=found, allowed=limits["expected"].replace("'", ""))
        case "string_too_short":
            return sentence("empty")
        case "string_too_long":
            return sentence("too_long", count=len(error["input"]), most=limits["max_length"])
        case "too_short":
            return sentence("too_few")
        case "too_long":
            return sentence("too_many", most=limits["max_length"])
        case "less_than_equal":
            return sentence("number_above", found=found, most=limits["le"])
        case "greater_than_equal":
            return sentence("number_below", found=found, least=limits["ge"])
        case kind:
            said = say("mistakes")
            if f"expected_{kind}" not in said:
                # What the validator says is about its own patterns and classes.
                return sentence("unfit", found=found)
            return sentence("unexpected", found=found, expected=said[f"expected_{kind}"])
