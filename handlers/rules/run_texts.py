"""What the templates of a playbook say of a run: made at its start and with its updates, never while it is drawn.

What they say at the start stands in the run's own playbook from then on, in their place; beside it the run keeps how
they are written.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from handlers.context import Context
from handlers.playbooks.mistakes import Path
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.retrospective import wrong_lines
from handlers.playbooks.templates import Template, known_names, templates_of
from handlers.text.one_argument import is_plain
from handlers.text.placeholders import PLACEHOLDERS, filled
from handlers.text.tidy import CALLED, MARKS, NUMBER
from handlers.text.words import escape, one_line, shorten
from handlers.unsure import TextKind, ToRender, Unsure
from store import Run

TITLE_LIMIT = 200
NAME, SUMMARY = "name", "summary"
CHANNEL_NAME: Path = ("channel", "name")
UPDATE: Path = ("updates", "template")
QUESTIONS: Path = ("retrospective", "template")
LONGEST: Mapping[Path, int] = {("channel", "header"): 1000, UPDATE: 3000}
MOST = 4000
USUAL_NAME = Template((NAME,), str(Playbook.model_fields["name"].default), "line")


@dataclass(frozen=True, slots=True)
class Values:
    """What templates know of a run: values by their names, and those of its attributes, as they were written."""

    known: Mapping[str, str]
    attributes: Mapping[str, str]

    def by_name(self, names: Collection[str]) -> dict[str, str]:
        """Return some of those that every template knows, which go before attributes, and all attributes."""
        found = {name.casefold(): value for name, value in self.attributes.items()}
        return found | {name: self.known[name] for name in names if name in self.known}


@dataclass(frozen=True, slots=True)
class Texts:
    """What templates say by their names; those that `failed` say nothing, and stand as they are written."""

    said: Mapping[str, str]
    failed: tuple[Template, ...] = ()

    def numbered(self, number: str, called: str) -> "Texts":
        """Return the same with the numbers of the run that there is now."""
        return Texts({name: with_numbers(said, number, called) for name, said in self.said.items()}, self.failed)


def with_numbers(text: str, number: str, called: str) -> str:
    """Return a text with a run's numbers, or with what stands for them."""
    return text.replace(NUMBER, number).replace(CALLED, called)


def texts_of(ctx: Context, book: Playbook, values: Values, *paths: Path) -> Texts:
    """Return what a playbook's templates say, or only those at some places.

    Raises `Unsure` where they are to be rendered. Where nobody can be asked for that, they stand as they are written.
    """
    wanted = [one for one in templates_of(book) if not paths or one.path in paths]
    # What a playbook does not say itself has placeholders, whatever its own templates are.
    usual = {one.name: filled_text(one.text, "line", values, PLACEHOLDERS) for one in wanted if one == USUAL_NAME}
    wanted = [one for one in wanted if one.name not in usual]
    if book.templates == "jinja2":
        texts = _rendered(ctx, wanted, values)
        return Texts({**texts.said, **usual}, texts.failed)
    return Texts({one.name: _filled(one, values, book) for one in wanted} | usual)


def filled_book(book: Playbook, texts: Texts) -> tuple[Playbook, dict[str, str]]:
    """Return a playbook in which texts stand in the place of their templates, and these as they are written, by name.

    What people are asked about later is made anew then: updates and retrospectives keep their placeholders until then.
    """
    definition, written = book.definition(), dict[str, str]()
    for one in templates_of(book):
        said = _fit(one, texts.said.get(one.name, one.text), book)
        if said != one.text and one.path not in ((NAME,), (SUMMARY,)):
            _put(definition, one.path, said)
            written[one.name] = one.text
    if not written:
        return book, {}
    try:
        return playbook_of(definition), written
    except ValidationError:
        # Nothing that a template says keeps a run from beginning.
        return book, {}


def refilled(ctx: Context, run: Run, book: Playbook, values: Values) -> tuple[Playbook, dict[str, str]]:
    """Return another playbook for a run, filled in as `filled_book` does: what it said before, it says as it did.

    Raises `Unsure` as `texts_of`.
    """
    now = {one.name: one.text for one in templates_of(playbook_of(run.definition))}
    before = {one.text: now[one.name] for one in templates_of(as_written(run)) if one.name in now}
    new = [one.path for one in templates_of(book) if one.text not in before]
    texts = texts_of(ctx, book, values, *new) if new else Texts({})
    known = {one.name: before[one.text] for one in templates_of(book) if one.text in before}
    later = {one.name: one.text for one in templates_of(book) if one.path in (UPDATE, QUESTIONS)}
    is_made_later = book.templates != "jinja2"
    return filled_book(book, Texts({**known, **texts.said, **(later if is_made_later else {})}, texts.failed))


def as_written(run: Run) -> Playbook:
    """Return a run's playbook with its templates as they are written."""
    if not run.texts:
        return playbook_of(run.definition)
    definition = playbook_of(run.definition).definition()
    for name, text in run.texts.items():
        _put(definition, tuple(int(step) if step.isdecimal() else step for step in name.split(" ")), text)
    return playbook_of(definition)


def said_now(ctx: Context, run: Run, path: Path, values: Values) -> str:
    """Return what a template of a run says as it is now, empty where there is none.

    Raises `Unsure` as `texts_of`; where it cannot be rendered, it says what it said when the run began.
    """
    book = playbook_of(run.definition)
    before = next((one for one in templates_of(book) if one.path == path), None)
    if before is None:
        return ""
    if book.templates == "jinja2" and before.name not in run.texts:
        return before.text
    texts = texts_of(ctx, as_written(run), values, path)
    return before.text if texts.failed else texts.said[before.name]


def filled_text(text: str, kind: TextKind, values: Values, names: Collection[str], *, is_tokens: bool = False) -> str:
    """Put values in for some names in braces, and for attributes.

    What people wrote is words in Markdown, and one word of a command or none.
    """
    found = values.by_name(names)
    match kind:
        case "markdown":
            ours = {*names} - {"message"}
            found = {name: value if name in ours else escape(value) for name, value in found.items()}
        case "command":
            found = {name: value for name, value in found.items() if is_plain(value) or value in (NUMBER, CALLED)}
        case "line":
            pass
    return filled(text, found, is_line=kind != "markdown", is_tokens=is_tokens)


def _filled(template: Template, values: Values, book: Playbook) -> str:
    names = known_names(book)
    if template.path in (UPDATE, QUESTIONS) and values.known["number"] == NUMBER:
        return template.text
    if template.path == CHANNEL_NAME:
        # There the message is the run's own name, which is known later.
        names = tuple(name for name in names if name not in ("message", "number"))
    return filled_text(template.text, template.kind, values, names, is_tokens=book.templates == "tokens")


def _rendered(ctx: Context, templates: Sequence[Template], values: Values) -> Texts:
    order = ToRender(tuple((one.kind, one.text) for one in templates), _pairs(values.known), _pairs(values.attributes))
    made = ctx.here.rendered.get(order)
    if made is None and ctx.asks and templates:
        raise Unsure(order)
    texts = [one.text for one in made] if made is not None else [None] * len(templates)
    pairs = list(zip(templates, texts, strict=True))
    failed = tuple(one for one, text in pairs if text is None)
    return Texts({one.name: one.text if text is None else text for one, text in pairs}, failed)


def _pairs(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, one_line(value)) for name, value in values.items()))


def _fit(template: Template, said: str, book: Playbook) -> str:
    """Return what a template says as far as it can stand in its place, or how it is written where it cannot at all."""
    limit = LONGEST.get(template.path, MOST)
    if template.path == QUESTIONS and any(wrong_lines(said)):
        return template.text
    if template.kind == "command":
        return said if said.startswith("/") and len(said) <= TITLE_LIMIT else template.text
    if template.kind == "line" and template.path[-1] != "header":
        return shorten(said, TITLE_LIMIT) or template.text
    return said if len(said) <= limit else said[: limit - 1].rstrip() + "…"


def _put(definition: dict[str, Any], path: Path, text: str) -> None:
    at: Any = definition
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = text


def plain(value: str) -> str:
    """Return what people wrote without what only stands for something here."""
    return value.translate(MARKS)
