"""What may stand in a text that is a jinja2 template: names of values, conditions and loops, and nothing of Python's.

To read a template evaluates nothing of it. What it comes to is found elsewhere, in a process that can be ended.
"""

import keyword
import re
from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handlers.text.jinja_filters import FILTERS, TESTS
from handlers.text.tidy import EMPTY, tidied

ATTRIBUTES = "attributes"
"""The values of a run's attributes by their names, also of those whose names are no single words."""
LOOP = "loop"
OF_LOOP = ("first", "last", "index")

_RESERVED = frozenset({"true", "false", "none", "and", "or", "not", "in", "is", "if", "else", LOOP, ATTRIBUTES})


class Environ(ImmutableSandboxedEnvironment):
    """Templates without globals, in which nothing can be called, and nothing but values be looked up.

    What is read of them knows where it stands by the characters before it, rather than by its line.
    """

    def __init__(self, finalize: Callable[..., Any] | None = None) -> None:
        super().__init__(
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=finalize,
            autoescape=False,
        )
        self.globals, self.filters, self.tests = {}, dict(FILTERS), dict(TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) is dict and isinstance(argument, str) and argument.casefold() in obj:
            return obj[argument.casefold()]
        if argument in OF_LOOP and type(obj).__name__ == "LoopContext":
            return getattr(obj, argument)
        return self.undefined(name=str(argument))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        tokens = _placed(source, self.lexer.tokeniter(source, name, filename, state))
        return TokenStream(self.lexer.wrap(tokens, name, filename), name, filename)


def parsed(text: str) -> nodes.Template:
    """Return a template as it is read, where each `lineno` is a place in the text.

    Raises `TemplateSyntaxError`, of which the same holds, and `RecursionError`.
    """
    return Parser(Environ(), text).parse()


def literal(text: str) -> str:
    """Return what a template says where all values are empty, with what is only said on conditions."""
    try:
        read = list(Environ().lexer.tokeniter(text, None))
    except TemplateSyntaxError:
        return text
    said = (value if kind == "data" else EMPTY for _, kind, value in read if kind in ("data", "variable_begin"))
    return tidied("".join(said), is_line=False)


def identifier(name: str) -> str:
    """Return an attribute's name as a name in templates, such as `customer_tier`; empty where it makes none."""
    made = re.sub(r"\W+", "_", name.strip().lower()).strip("_")
    return made if made.isidentifier() and not keyword.iskeyword(made) and made not in _RESERVED else ""


def _placed(source: str, tokens: Iterator[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    at = 0
    try:
        for _, token, value in tokens:
            # White space that a tag takes away stands in no token.
            at = max(source.find(value, at), at)
            yield at, token, value
            at += len(value)
    except TemplateSyntaxError as error:
        raise TemplateSyntaxError(error.message or "", at) from None
