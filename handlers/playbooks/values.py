"""What may stand in a playbook: lines, texts, templates, people, channels and lengths of time, with their limits."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints

from handlers.text import durations
from handlers.text.placeholders import PLACEHOLDERS, unknown


def _one_line(text: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        raise ValueError("this is one line of text, without line breaks or control characters")
    return text


def _known_placeholders(text: str) -> str:
    if strange := unknown(text):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise ValueError(f"{{{strange[0]}}} is no placeholder; there are {known}")
    return text


def _seconds(value: object) -> object:
    return durations.parse(value) if isinstance(value, str) else value


def _seconds_or_never(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() == "never":
        return 0
    return _seconds(value)


def _person(text: str) -> str:
    if not re.fullmatch(r"@[a-z0-9][a-z0-9._-]{0,63}", text):
        raise ValueError('a person is written as "@name", in quotes')
    return text


def _role_or_person(text: str, *roles: str) -> str:
    if text in roles:
        return text
    try:
        return _person(text)
    except ValueError:
        raise ValueError(f'allowed are {", ".join(roles)} or a person as "@name", in quotes') from None


def _assignee(text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9-]{0,39}", text):
        return text
    return _role_or_person(text, "owner", "creator", "a role of the playbook")


def _team(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", text):
        raise ValueError("a team is named as in its address: small letters, digits and -")
    return text


def _channel(text: str) -> str:
    if not re.fullmatch(r"~[a-z0-9][a-z0-9._-]{0,63}", text):
        raise ValueError("a channel is written as ~name, as in its address")
    return text


def _slash_command(text: str) -> str:
    if not re.fullmatch(r"/\S.*", text):
        raise ValueError("a command begins with /, like  /jira create $ticket")
    return text


def _said(seconds: int) -> str:
    return durations.say(seconds) if seconds else "never"


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
Owner = Annotated[Lowered, AfterValidator(lambda text: _role_or_person(text, "creator"))]
Assignee = Annotated[Lowered, AfterValidator(_assignee)]
# Written out in words again, so that what was stored is read by the same rules as what a person wrote.
Seconds = Annotated[int, Field(gt=0), BeforeValidator(_seconds), PlainSerializer(_said)]
SecondsOrNever = Annotated[int, Field(ge=0), BeforeValidator(_seconds_or_never), PlainSerializer(_said)]
Command = Annotated[Line, AfterValidator(_slash_command)]
