"""The retrospective of a playbook's runs: whether it is asked for, how often, and the questions that it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from handlers.playbooks import values as of
from handlers.playbooks.metrics import MOST, Metric
from handlers.playbooks.mistakes import sentence

MOST_QUESTIONS = 20
QUESTION_LIMIT = 200

_HEADING = re.compile(r"#{1,6}(?: (.*))?")
_BULLET = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)]) ")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a template, and below it what helps to answer it."""

    title: str
    hint: str = ""


def questions(template: str) -> tuple[Question, ...]:
    """Return the questions of a template: its headings, with the text below as a hint; without any, its lines."""
    found: list[tuple[str, list[str]]] = []
    lines = [line for line in template.splitlines() if line.strip()]
    headed = [_heading(line) for line in lines]
    if all(one is None for one in headed):
        return tuple(Question(_unlisted(line.strip())) for line in lines)
    for line, heading in zip(lines, headed, strict=True):
        if heading is not None:
            found.append((heading, []))
        elif found:
            found[-1][1].append(line)
    return tuple(Question(title, "\n".join(hint)) for title, hint in found)


def _heading(line: str) -> str | None:
    """Return the question that a line is the heading of; None where it is none."""
    found = _HEADING.fullmatch(line.strip())
    return (found[1] or "").strip(" #") if found else None


def _unlisted(line: str) -> str:
    bullet = _BULLET.match(line)
    return line[bullet.end() :].strip() if bullet else line


def wrong_lines(template: str) -> Iterator[tuple[int, str]]:
    """Yield what keeps a template from being rendered: a line of it, counted from 1, and what is wrong with that."""
    lines = template.splitlines()
    headed = [_heading(line) for line in lines]
    is_headed, count = any(one is not None for one in headed), 0
    for at, (line, heading) in enumerate(zip(lines, headed, strict=True), 1):
        title = heading if is_headed else line.strip() or None
        count += title is not None
        if is_headed and not count and line.strip():
            yield at, sentence("before_question")
        elif title == "":
            yield at, sentence("question_empty")
        elif title and len(title) > QUESTION_LIMIT:
            yield at, sentence("too_long", count=len(title), most=QUESTION_LIMIT)
        elif title and count == MOST_QUESTIONS + 1:
            yield at, sentence("too_many", most=MOST_QUESTIONS)


def _lines(value: object) -> object:
    return "\n".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value


class Retrospective(of.Part):
    """Whether a draft is made at the end, of which questions, and how often the owner is asked for it again.

    `template` is a Markdown text whose headings are the questions, or has one a line; empty for the usual questions.
    `remind` is in seconds, 0 for never. By `metrics` its runs are compared.
    """

    enabled: bool = True
    template: Annotated[of.Text, BeforeValidator(_lines)] = ""
    remind: of.SecondsOrNever = Field(default=86400)
    metrics: tuple[Metric, ...] = Field(default=(), max_length=MOST)

    @field_validator("template")
    @classmethod
    def _renders(cls, template: str) -> str:
        for line, words in wrong_lines(template):
            raise ValueError(sentence("in_line", line=line, words=words))
        return template
