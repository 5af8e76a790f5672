"""What may stand in a playbook: lines, texts, templates, people, channels and lengths of time, with their limits."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints

from handlers.playbooks.mistakes import sentence
from handlers.text import durations
from handlers.text.placeholders import PLACEHOLDERS, unknown


def _one_line(text: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        raise ValueError(sentence("line"))
    return text


def _known_placeholders(text: str) -> str:
    if strange := unknown(text):
        known = [f"{{{name}}}" for name in PLACEHOLDERS]
        raise ValueError(sentence("placeholder", name=f"{{{strange[0]}}}", known=known))
    return text


def _seconds(value: object) -> object:
    return durations.parse(value) if isinstance(value, str) else value


def _seconds_or_never(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() == "never":
        return 0
    return _seconds(value)


def _person(text: str) -> str:
    return _named(text, "person")


def _named(text: str, expected: str) -> str:
    if not re.fullmatch(r"@[a-z0-9][a-z0-9._-]{0,63}", text):
        raise ValueError(sentence(expected))
    return text


def _owner(text: str) -> str:
    return text if text == "creator" else _named(text, "owner")


def _assignee(text: str) -> str:
    return text if re.fullmatch(r"[a-z][a-z0-9-]{0,39}", text) else _named(text, "assignee")


def _team(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", text):
        raise ValueError(sentence("team"))
    return text


def _channel(text: str) -> str:
    if not re.fullmatch(r"~[a-z0-9][a-z0-9._-]{0,63}", text):
        raise ValueError(sentence("channel"))
    return text


def _slash_command(text: str) -> str:
    if not re.fullmatch(r"/\S.*", text):
        raise ValueError(sentence("command"))
    return text


def _said(seconds: int) -> str:
    return durations.written(seconds) if seconds else "never"


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
LineTemplate = Annotated[Line, AfterValidator(_known_placeholders)]
TextTemplate = Annotated[Text, AfterValidator(_known_placeholders)]
Lowered = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
Keyword = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_one_line)
]
PersonName = Annotated[Lowered, AfterValidator(_person)]
TeamName = Annotated[Lowered, AfterValidator(_team)]
ChannelName = Annotated[Lowered, AfterValidator(_channel)]
Owner = Annotated[Lowered, AfterValidator(_owner)]
Assignee = Annotated[Lowered, AfterValidator(_assignee)]
# Written out in words again, so that what was stored is read by the same rules as what a person wrote.
Seconds = Annotated[int, Field(gt=0), BeforeValidator(_seconds), PlainSerializer(_said)]
SecondsOrNever = Annotated[int, Field(ge=0), BeforeValidator(_seconds_or_never), PlainSerializer(_said)]
Command = Annotated[Line, AfterValidator(_slash_command)]
