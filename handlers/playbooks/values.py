"""What may stand in a playbook: lines, texts, templates, people, channels and lengths of time, with their limits."""

import json
import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from handlers.playbooks.mistakes import sentence
from handlers.text import durations
from handlers.text.readers import is_zone

_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Part(BaseModel):
    """A part of a playbook: what it does not know it refuses, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_line(text: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        raise ValueError(sentence("line"))
    return text


def _printed(text: object) -> object:
    """Leave out what no text file may hold, and end lines in one way: what was pasted may hold anything."""
    return _UNPRINTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(text, str) else text


def _seconds(value: object) -> object:
    return durations.parse(value) if isinstance(value, str) else value


def _seconds_or_never(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() == "never":
        return 0
    return _seconds(value)


def _zone(name: str) -> str:
    if name and not is_zone(name):
        raise ValueError(sentence("zone"))
    return name


def like(pattern: str, expected: str) -> AfterValidator:
    """Take a text that has a form; of any other the sentence `expected` says what it should be."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(sentence(expected))
        return text

    return AfterValidator(check)


def _json(text: str) -> str:
    """Take a JSON object as one line, with its keys in order: the same object is the same text."""
    if not text:
        return ""
    try:
        found = json.loads(text)
    except ValueError:
        raise ValueError(sentence("json")) from None
    if not isinstance(found, dict):
        raise ValueError(sentence("json"))
    return json.dumps(found, sort_keys=True, ensure_ascii=False)


def is_url(text: str) -> bool:
    """Return whether a text is an address of the web, with no name or password in it."""
    try:
        found = urlsplit(text)
        is_one = found.scheme in ("http", "https") and bool(found.hostname) and "@" not in found.netloc
    except ValueError:
        return False
    return is_one and not re.search(r"\s", text) and len(text) <= 1000


def _url(text: str) -> str:
    if not is_url(text):
        raise ValueError(sentence("url"))
    return text


def _said(seconds: int) -> str:
    return durations.written(seconds) if seconds else "never"


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), BeforeValidator(_printed)]
Lowered = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
Keyword = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_one_line)
]
PERSON = "@[a-z0-9][a-z0-9._-]{0,63}"
PersonName = Annotated[Lowered, like(PERSON, "person")]
TEAM = "[a-z0-9][a-z0-9-]{0,63}"
TeamName = Annotated[Lowered, like(TEAM, "team")]
CHANNEL = "~[a-z0-9][a-z0-9._-]{0,63}"
ChannelName = Annotated[Lowered, like(CHANNEL, "channel")]
Owner = Annotated[Lowered, like(f"creator|{PERSON}", "owner")]
Assignee = Annotated[Lowered, like("[a-z][a-z0-9-]{0,39}|" + PERSON, "assignee")]
# Written out in words again, so that what was stored is read by the same rules as what a person wrote.
Seconds = Annotated[int, Field(gt=0), BeforeValidator(_seconds), PlainSerializer(_said)]
SecondsOrNever = Annotated[int, Field(ge=0), BeforeValidator(_seconds_or_never), PlainSerializer(_said)]
Zone = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_zone)]
Command = Annotated[Line, like(r"/\S.*", "command")]
Json = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(_json)]
"""What an imported file said besides, as a JSON object in one line; empty where it said no more."""
Value = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_one_line)]
Url = Annotated[Line, StringConstraints(max_length=1000), AfterValidator(_url)]
ShortName = Annotated[Lowered, like("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", "short_name")]
GROUP = "group:[a-z0-9][a-z0-9._-]{0,63}"
Member = Annotated[Lowered, like(f"{PERSON}|{GROUP}", "member")]
"""A person as "@name", or everybody of a group of the server's as "group:name"."""
Guest = Annotated[Lowered, like(f"{PERSON}|{GROUP}|[a-z][a-z0-9-]{{0,39}}", "guest")]
"""A `Member`, or a role: whoever has it then."""
Prefix = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=32),
    like("|[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", "prefix"),
]
