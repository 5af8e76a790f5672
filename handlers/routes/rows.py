"""What an action is declared by: one row for each command, item of a menu, button and dialog."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from functools import wraps
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

from handlers.context import Context
from handlers.controls import Control, Form
from handlers.effects import Effects, Refused
from handlers.events import Acted, ButtonPressed, CommandGiven, Press, Submission
from handlers.forms import Filled
from handlers.menus import Offer
from handlers.payloads import OfRun, OfTask, Payload
from handlers.rules.permission_table import Rule
from handlers.rules.progress import Numbered
from store import Checklist, Run

P = TypeVar("P", bound=Payload)
R = TypeVar("R", bound=OfRun)
T = TypeVar("T", bound=OfTask)
F = TypeVar("F", bound=Filled)
N = TypeVar("N")
H = TypeVar("H", bound=Callable[..., Effects])

Theme = Literal["begin", "tasks", "people", "tell", "life", "playbooks", "mine"]

WhereNumbered = Literal["nowhere", "of several", "of here", "first", "around"]
"""Where the number of a run, such as #12, may stand behind a command's word.

`first` is right behind it, `around` also at the end of all. Where text may begin so, it counts first if it is that `of
here`, a run of this channel, and where a checklist may be named so, if it is one `of several` here; or if there is no
run here.
"""


@dataclass(frozen=True, slots=True)
class _Command(Generic[H]):
    """What both kinds of commands have; `template` has what help says of it, as `what_…` and `like_…`.

    `also` are other words for it. Behind one that stands `alone` there is nothing but a run's number. A number at the
    end, behind fewer than `own` words, is no run's, but one of its own. A `hinted` one is named by the server's
    autocomplete.
    """

    name: str
    handler: H
    who: Rule
    theme: Theme
    template: str
    _: KW_ONLY
    also: tuple[str, ...] = ()
    numbered: WhereNumbered = "around"
    alone: bool = False
    own: int = 0
    hinted: bool = False


@dataclass(frozen=True, slots=True)
class Anywhere(_Command[Callable[[CommandGiven, str, Context], Effects]]):
    """A command that means the same everywhere."""


@dataclass(frozen=True, slots=True)
class InRun(_Command[Callable[[CommandGiven, Run, str, Context], Effects]]):
    """A command about a run that is in progress, with `finished` about a finished one, too.

    One of `follow_ups` is also about what is to be done when the run is over. `otherwise` decides what it means where
    it is about no run, and returns None where it is about one.
    """

    _: KW_ONLY
    finished: bool = False
    follow_ups: bool = False
    otherwise: Callable[[CommandGiven, str, Context], Effects | None] | None = None


Command = Anywhere | InRun


@dataclass(frozen=True, slots=True)
class Item(Generic[H]):
    """An item of a menu about a run that is in progress, with `finished` about a finished one, too.

    One of `follow_ups` is also about what is to be done when the run is over. Its label is the block `item_…` of the
    template.
    """

    name: str
    handler: H
    who: Rule
    template: str
    _: KW_ONLY
    finished: bool = False
    follow_ups: bool = False

    @property
    def offer(self) -> Offer:
        return Offer(self.name, self.template, self.finished)


RunItem = Item[Callable[[ButtonPressed, Run, Context], Effects]]
ListItem = Item[Callable[[ButtonPressed, Run, Checklist, Context], Effects]]


@dataclass(frozen=True, slots=True)
class _Button(Generic[P, H]):
    """What all buttons and menus have."""

    control: Control[P]
    handler: H
    who: Rule


@dataclass(frozen=True, slots=True)
class RunButton(_Button[R, Callable[[Press[R], Run, Context], Effects]]):
    """A button or menu about a run that is in progress, with `finished` about a finished one, too.

    One of `follow_ups` is also about what is to be done when the run is over.
    """

    _: KW_ONLY
    finished: bool = False
    follow_ups: bool = False


class TaskButton(_Button[T, Callable[[Press[T], Run, Numbered, Context], Effects]]):
    """A button or menu about a task of a run that is in progress, or of what is to be done afterwards."""


class FreeButton(_Button[P, Callable[[Press[P], Context], Effects]]):
    """A button or menu whose handler sees to it itself that `who` presses may."""


AnyButton = RunButton[Any] | TaskButton[Any] | FreeButton[Any]


@dataclass(frozen=True, slots=True)
class _Dialog(Generic[P, F, H]):
    """What all dialogs have; `form` has the fields."""

    dialog: Form[P]
    form: type[F]
    handler: H
    who: Rule


@dataclass(frozen=True, slots=True)
class RunDialog(_Dialog[R, F, Callable[[Submission[R, F], Run, Context], Effects]]):
    """A dialog about a run that is in progress, with `finished` about a finished one, too.

    One of `follow_ups` is also about what is to be done when the run is over.
    """

    _: KW_ONLY
    finished: bool = False
    follow_ups: bool = False


class FreeDialog(_Dialog[P, F, Callable[[Submission[P, F], Context], Effects]]):
    """A dialog whose handler sees to it itself that `who` fills it in may."""


@dataclass(frozen=True, slots=True)
class _PageForm(Generic[F, H]):
    """What all forms of pages have; `form` has the fields."""

    name: str
    form: type[F]
    handler: H
    who: Rule


@dataclass(frozen=True, slots=True)
class RunPageForm(_PageForm[F, Callable[[Acted[F], Run, Context], Effects]]):
    """A form about a run that is in progress, with `finished` about a finished one, too.

    One of `follow_ups` is also about what is to be done when the run is over.
    """

    _: KW_ONLY
    finished: bool = False
    follow_ups: bool = False


class FreePageForm(_PageForm[F, Callable[[Acted[F], Context], Effects]]):
    """A form whose handler sees to it itself that `who` sends it may."""


AnyPageForm = RunPageForm[Any] | FreePageForm[Any]

AnyDialog = RunDialog[Any, Any] | FreeDialog[Any, Any]


E = TypeVar("E", CommandGiven, ButtonPressed)


def refusable(decides: Callable[[E, Context], Effects]) -> Callable[[E, Context], Effects]:
    """Let what is refused be told to who asked."""

    @wraps(decides)
    def decided(event: E, ctx: Context) -> Effects:
        try:
            yield from decides(event, ctx)
        except Refused as refused:
            yield refused.refusal

    return decided


def by_name(rows: Iterable[N], name: Callable[[N], str] = attrgetter("name")) -> Mapping[str, N]:
    """Return rows by their names. Raises `ValueError` where two have the same."""
    found: dict[str, N] = {}
    for row in rows:
        if found.setdefault(name(row), row) is not row:
            raise ValueError(f"two rows are called {name(row)!r}")
    return found


def same(declared: Collection[str], offered: Collection[str]) -> None:
    """Raise `ValueError` where something is declared and offered nowhere, or offered and leads nowhere."""
    if odd := set(declared) ^ set(offered):
        raise ValueError(f"declared without being offered, or offered without a row: {', '.join(sorted(odd))}")
