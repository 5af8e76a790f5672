"""No pattern takes more than linear time, whatever is repeated, and no door does with the longest message there is."""

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from itertools import count, product
from pathlib import Path
from typing import Any

import pytest
from desk import INCIDENT, Desk, one, started_run

from bot.directory.mentions import mentions_in
from bot.listening.filter import Ear
from handlers import effects as do
from handlers.events import Person
from handlers.playbooks.keywords import Keywords, Watched
from handlers.text.naming import headline
from handlers.text.words import escape, prose, quote

ROOT = Path(__file__).parents[3]
ROOMS = ("bot", "handlers", "store", "sandbox", "templates")
LONGEST = 16_383
"""How many characters a message has at most on servers before 12.0."""
FREE = 0.01
"""What takes no longer than this, in seconds of processor time, is not looked at closer."""
GROWTH = 9.0
"""How many times as long four times as much may take: linear is 4, quadratic 16."""


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


WAYS = {"match", "fullmatch", "search", "sub", "finditer", "findall", "split"}
AT_THE_BEGINNING = {"match", "fullmatch"}


def held(name: str, value: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns in a value of a module, also inside tuples and the like, with its name."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield name, value
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from held(name, inner)
    elif isinstance(value, dict):
        yield from held(name, list(value.values()))


CALL = re.compile(rf"(\w+)\s*\.\s*({'|'.join(sorted(WAYS))})\(")


def calls(source: str) -> Iterator[tuple[str, str]]:
    """Yield upon what which method is called: `_NAME.sub(…)`."""
    yield from ((found[1], found[2]) for found in CALL.finditer(source))


def written_out(source: str) -> Iterator[tuple[str, str]]:
    """Yield the patterns that stand where they are used, and how they are: `re.sub(r"…", …)`."""
    for call in ast.walk(ast.parse(source)):
        match call:
            case ast.Call(ast.Attribute(ast.Name("re"), way), [ast.Constant(str(pattern)), *_]) if way in WAYS:
                yield pattern, way


def patterns() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """Return all patterns by what they are, each with the ways in which it is used; all ways where that is not seen."""
    found: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {}

    def put(pattern: re.Pattern[str], ways: set[str]) -> None:
        known = found.get(pattern.pattern, (pattern, frozenset[str]()))[1]
        found[pattern.pattern] = (pattern, known | (ways or WAYS))

    ear = Ear(Person(id="bot", username="muster"), Keywords([]), prefix="!", trigger="playbook")
    for path in sources():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if name.endswith("__main__"):
            continue
        source = path.read_text(encoding="utf-8")
        used = [*calls(source)]
        values = vars(importlib.import_module(name)) | (
            {"_call": ear._call, "_prefix": ear._prefix, "_slash": ear._slash} if name == "bot.listening.filter" else {}
        )
        for called, pattern in [pair for key, value in values.items() for pair in held(key, value)]:
            put(pattern, {way for on, way in used if on == called})
        if any(on == "re" for on, _ in used):
            for pattern, way in written_out(source):
                put(re.compile(pattern), {way})
    return found


PATTERNS = patterns()


def letters(pattern: re.Pattern[str]) -> list[str]:
    """Return signs that the pattern treats differently: its own, and one of each kind."""
    own = [sign for sign in re.sub(r"\\[a-zA-Z0-9]", "", pattern.pattern) if not sign.isalnum() and sign.isprintable()]
    kept = [sign for sign in dict.fromkeys(own) if re.escape(sign) == sign or f"\\{sign}" in pattern.pattern]
    return [*dict.fromkeys([*"a1 \n", *kept, *[sign for sign in '"`[]()<>.-_/@:' if sign in own]])]


def words(pattern: re.Pattern[str]) -> list[str]:
    """Return the plain words that stand in a pattern, such as https, by or and."""
    return [*dict.fromkeys(re.findall(r"(?<!\\)[a-zA-Z]{2,}", pattern.pattern))][:8]


def example(parsed: Any) -> list[str]:
    """Return the signs of a text that a pattern takes, as it was read by the library: of all choices the first ones."""
    found: list[str] = []
    for operation, value in parsed:
        match str(operation):
            case "LITERAL":
                found.append(chr(value))
            case "NOT_LITERAL" | "ANY":
                found.append("a" if value != ord("a") else "b")
            case "IN":
                found.append(_one_of(value))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                found += example(value[2]) * max(1, min(value[0], 3))
            case "SUBPATTERN":
                found += example(value[-1])
            case "ATOMIC_GROUP":
                found += example(value)
            case "BRANCH":
                found += [sign for branch in value[1] for sign in example(branch)]
    return found


def _one_of(members: Any) -> str:
    operation, value = members[0]
    if str(operation) == "NEGATE":
        taken = {chr(one) for kind, one in members[1:] if str(kind) == "LITERAL"}
        return next(sign for sign in "ab1!é" if sign not in taken)
    kinds = {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": "!"}
    if str(operation) == "CATEGORY":
        return kinds.get(str(value), "a")
    return chr(value if str(operation) == "LITERAL" else value[0])


def pieces(pattern: re.Pattern[str]) -> list[str]:
    """Return what stands side by side in a text that the pattern takes, up to six signs of it."""
    signs = example(importlib.import_module("re._parser").parse(pattern.pattern, pattern.flags))[:24]
    found = ("".join(signs[at : at + length]) for length in range(1, 7) for at in range(len(signs) - length + 1))
    return [*dict.fromkeys(found)]


def repeated(unit: str, from_anywhere: bool) -> str:
    """Return what stands for all that is the same when it is repeated: `ab` for `abab`, from anywhere for `ba`, too."""
    root = next(unit[:at] for at in range(1, len(unit) + 1) if unit[:at] * (len(unit) // at) == unit)
    return min(root[at:] + root[:at] for at in range(len(root))) if from_anywhere else root


def attacks(pattern: re.Pattern[str], ways: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what to begin with, what to repeat, and what to end with, so that it fits for long, but not whole."""
    signs, from_anywhere = letters(pattern), not ways & AT_THE_BEGINNING
    some = [*signs, *pieces(pattern), *map("".join, product(signs, repeat=2))]
    units = dict.fromkeys(repeated(one, from_anywhere) for one in some)
    beginnings = ["", *signs[:6], *(f"{word} " for word in words(pattern)), "$x=a", '"a']
    for unit in units:
        yield "", unit, "!"
    for beginning, unit in product(beginnings, signs):
        yield beginning, unit, "\0!"


def seconds(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def grows_too_fast(work: Callable[[int], Callable[[], Any]], longest: int) -> bool:
    """Return whether four times as much takes much more than four times as long, and long at all."""
    # Little by little at first, since something might double with every sign.
    for size in (*(int(24 * 1.5**step) for step in range(5)), 500, longest):
        if seconds(work(size)) > FREE:
            # Whatever else the machine does makes it slower, never faster.
            less, more = (min(seconds(work(length)) for _ in range(3)) for length in (max(size // 4, 6), size))
            if more > FREE and more > GROWTH * less:
                return True
    return False


def tried(pattern: re.Pattern[str], ways: frozenset[str], text: str) -> None:
    """Let a pattern look at a text as it is used: from the beginning alone, or from everywhere."""
    if not ways <= AT_THE_BEGINNING:
        pattern.sub("", text)
    if "match" in ways:
        pattern.match(text)
    if "fullmatch" in ways:
        pattern.fullmatch(text)


def too_slow(pattern: re.Pattern[str], ways: frozenset[str]) -> tuple[str, str, str] | None:
    for beginning, unit, end in attacks(pattern, ways):

        def work(size: int, parts: tuple[str, str, str] = (beginning, unit, end)) -> Callable[[], Any]:
            text = parts[0] + (parts[1] * (size // len(parts[1]) + 1))[:size] + parts[2]
            return lambda: tried(pattern, ways, text)

        if grows_too_fast(work, 5500):
            return beginning, unit, end
    return None


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_no_pattern_takes_more_than_linear_time(name: str) -> None:
    assert too_slow(*PATTERNS[name]) is None


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"[*_~>#]+(?=\s)", "sub"),
        (r"(?:\"[^\"]+\"(?:,?(?=\"))?)+", "fullmatch"),
        (r"\$x=(\S.*?)[ \t]*$", "search"),
        (r"[a-z]+[a-z-]*", "fullmatch"),
        (r"<([^<|]+)\|([^>]+)>", "sub"),
    ],
)
def test_what_it_looks_for_is_found(pattern: str, way: str) -> None:
    assert too_slow(re.compile(pattern), frozenset({way})) is not None


UNITS = (
    *(
        "*_",
        "`",
        "`a",
        "``a ",
        "```\n",
        "~",
        "[",
        "](",
        "](a",
        "[a](",
        "<",
        "<a|",
        ">",
        "> ",
        "#",
        "# ",
        "- ",
        "&",
        "&a",
    ),
    *(
        " ",
        "\n",
        "\n ",
        " \n",
        "\t",
        "$x= ",
        "$x=a ",
        "a",
        "a ",
        "A-",
        "1",
        "1.",
        "1.1,",
        "1.1 ",
        "1.1-",
        "R,",
        ",",
        ";",
    ),
    *(
        "@",
        "@a",
        "@a.",
        "@a@",
        "@bob ",
        "by @a",
        "by me",
        " and ",
        '"',
        '"a"',
        '"a',
        "“a",
        "„a",
        "{",
        "{a",
        "{message}",
    ),
    *(
        "https://",
        "https://a.",
        "www.",
        "a@a",
        "a@a.",
        "!",
        "?",
        "\\",
        "|",
        "\u202e",
        "\u0301\u0316",
        "é",
        "障",
        "x\u0301",
    ),
    *("sev-1 ", "sev-", "me,", "=", "next=", "\x00", "\u200b", "ﷺ", "İ"),
)

COMMANDS = (
    *("check", "assign 1.1", "due 1.1", "edit 1.1", "done-when 1.1", "move 1.1", "snooze", "set", "summary", "update"),
    *("invite", "role", "run", "take", "owner", "start", "settings", "rename", "checklist", "add", "handover", ""),
)


def doors() -> dict[str, Callable[[str], Any]]:
    """Return everything through which a text comes in, each with a desk of its own."""
    keywords = Keywords([Watched(1, ("sev-1", "#incident", "checkout is down"), "word")])
    desk = Desk(INCIDENT)
    place = started_run(desk)
    dialog = one(desk.presses("run.more", 1, choice="run.describe", place=place), do.Ask).dialog
    task = one(desk.presses("task.choose", 1, choice="1", place=place), do.Ask).dialog
    rules = one(desk.presses("run.more", 1, choice="task.words", place=place), do.Ask).dialog

    other = Desk(INCIDENT.model_copy(update={"start": "now", "summary": "About: {message}"}))
    prompts = count(1)

    def start(text: str) -> None:
        other.says(text)
        other.presses("prompt.start", next(prompts))

    return {
        "heard": lambda text: keywords.find(text, "t1", "town"),
        "mentions": mentions_in,
        "headline": lambda text: headline(text, ["sev-1"]),
        "words": lambda text: (escape(text), prose(text), quote(text)),
        "start": start,
        "describe": lambda text: desk.submits(dialog, place=place, name=text, summary=text[:3000]),
        "task": lambda text: desk.submits(task, place=place, **dict.fromkeys(("title", "due", "others"), text)),
        "done when": lambda text: desk.submits(rules, place=place, task=text, words=text, people=text),
        **{word: lambda text, word=word: desk.commands(f"{word} {text}", place=place) for word in COMMANDS},  # type: ignore[misc]
    }


DOORS = doors()


@pytest.mark.parametrize("door", sorted(DOORS))
def test_no_door_takes_more_than_linear_time(door: str) -> None:
    for unit in UNITS:

        def work(size: int, unit: str = unit) -> Callable[[], Any]:
            text = (unit * (size // len(unit) + 1))[:size]
            return lambda: DOORS[door](text)

        took = seconds(work(LONGEST))
        if took > 0.25:
            less, more = (min(seconds(work(length)) for _ in range(2)) for length in (LONGEST // 4, LONGEST))
            assert more <= 0.25 or more <= GROWTH * less, (unit, less, more)
            assert more < 2, (unit, more)
