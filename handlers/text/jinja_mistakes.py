"""Where a jinja2 template is wrong: names that do not exist, and all that templates here cannot do."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from jinja2 import TemplateSyntaxError, nodes

from handlers.text.jinja_filters import FILTERS, TESTS, Filter
from handlers.text.jinja_syntax import ATTRIBUTES, LOOP, OF_LOOP, parsed

Why = Literal[
    "name", "attribute", "filter", "filter_use", "test", "tag", "open", "else", "syntax", "python", "order", "deep"
]

_ORDER = frozenset({"gt", "gteq", "lt", "lteq"})
_MADE_OF = (
    *(nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.CondExpr, nodes.List, nodes.Tuple),
    *(nodes.Output, nodes.Operand, nodes.Const, nodes.TemplateData),
)
"""What stands for itself, or for no more than its parts."""
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '(\w+)'")


@dataclass(frozen=True, slots=True, order=True)
class Wrong:
    """What cannot stand in a template, and where it begins: a line and a column, counted from 1."""

    line: int
    column: int
    why: Why
    found: str = ""


def mistakes_in(text: str, names: Collection[str], attributes: Collection[str] = ()) -> list[Wrong]:
    """Return what is wrong in a template that knows some names, and attributes in small letters."""
    text = re.sub(r"\r\n?", "\n", text)
    try:
        found = list(_Reader(names, attributes).block(parsed(text).body, frozenset()))
    except TemplateSyntaxError as error:
        found = [(error.lineno, *_why(error.message or ""))]
    except RecursionError:
        found = [(0, "deep", "")]
    except (ValueError, OverflowError):
        # A number of thousands of digits.
        found = [(0, "syntax", "")]
    return sorted({_placed(text, *one) for one in found})


def names_in(text: str) -> set[str]:
    """Return the names that a template without mistakes looks up; of attributes, the name that holds them all."""
    return {node.name for node in parsed(text).find_all(nodes.Name) if node.ctx == "load"}


Found = tuple[int | None, Why, str]
"""Where in the text, what is wrong there, and with which word."""


class _Reader:
    """Goes through a template as it is carried out, so that it is known which names there are at each place."""

    def __init__(self, names: Collection[str], attributes: Collection[str]) -> None:
        self._names, self._attributes = frozenset(names), frozenset(attributes)

    def block(self, body: Iterable[nodes.Node], own: frozenset[str]) -> Iterator[Found]:
        """Yield what is wrong in a part, in which the template itself has set some names."""
        for node in body:
            match node:
                case nodes.Assign(target=nodes.Name(name=name), node=value):
                    yield from self.value(value, own)
                    own = own | {name}
                case nodes.If():
                    yield from self.value(node.test, own)
                    for part in (node.body, node.elif_, node.else_):
                        yield from self.block(part, own)
                case nodes.For(target=nodes.Name(name=name), test=None, recursive=False):
                    yield from self.value(node.iter, own)
                    if _is_number(node.iter):
                        yield node.iter.lineno, "order", ""
                    yield from self.block(node.body, own | {name, LOOP})
                    yield from self.block(node.else_, own)
                case _:
                    yield from self.value(node, own)

    def value(self, node: nodes.Node, own: frozenset[str]) -> Iterator[Found]:
        match node:
            case nodes.Name(name=name):
                if name not in self._names | own or name == LOOP:
                    yield node.lineno, "name", name
                return
            case (
                nodes.Getattr(node=nodes.Name(name=name), attr=str(key))
                | nodes.Getitem(node=nodes.Name(name=name), arg=nodes.Const(value=str(key)))
            ):
                yield from self._of(node, name, key, own)
                return
            case nodes.Filter(node=nodes.Expr()):
                yield from _filter_mistakes(node)
            case nodes.Test(name=name) if name not in TESTS or node.args:
                yield node.lineno, "test", name
            case nodes.Test():
                pass
            case nodes.CondExpr(expr2=None):
                yield node.lineno, "else", ""
            case nodes.Compare():
                if any(one.op in _ORDER for one in node.ops) and not all(
                    map(_is_number, (node.expr, *(one.expr for one in node.ops)))
                ):
                    yield node.expr.lineno, "order", ""
            case _ if not isinstance(node, _MADE_OF):
                yield node.lineno, "python", ""
                return
        for part in node.iter_child_nodes():
            yield from self.value(part, own)

    def _of(self, node: nodes.Node, name: str, key: str, own: frozenset[str]) -> Iterator[Found]:
        if name == LOOP and LOOP in own:
            if key not in OF_LOOP:
                yield node.lineno, "python", ""
        elif name != ATTRIBUTES:
            yield node.lineno, "python", ""
        elif key.casefold() not in self._attributes:
            yield node.lineno, "attribute", key


def _filter_mistakes(node: nodes.Filter) -> Iterator[Found]:
    known = FILTERS.get(node.name)
    if known is None:
        yield node.lineno, "filter", node.name
    elif node.kwargs or node.dyn_args or node.dyn_kwargs or not known.least <= len(node.args) <= known.most:
        yield node.lineno, "filter_use", node.name


def _is_number(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return FILTERS.get(node.name, _NO_FILTER).gives_number
    return isinstance(node, nodes.Const) and isinstance(node.value, int | float)


_NO_FILTER = Filter(str)


def _why(message: str) -> tuple[Why, str]:
    if tag := _UNKNOWN_TAG.search(message):
        return "tag", tag[1]
    return ("open" if message.startswith("Unexpected end of template") else "syntax"), ""


def _placed(text: str, at: int | None, why: Why, found: str) -> Wrong:
    # Not everything that the parser makes knows where it stands.
    at = min(at or 0, len(text))
    return Wrong(text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1, why, found)
