"""What buttons, menus and dialogs carry: a frozen value for each kind of thing, packed and read in one way."""

from functools import cache
from types import NoneType
from typing import Literal, Self, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from handlers.text.numbers import number


class Payload(msgspec.Struct, frozen=True):
    """What a control carries: numbers and words between colons, of which the last takes all that is left.

    What is None at the end is left out. Whatever comes instead of a number is 0, which nothing is numbered by.
    """

    def packed(self) -> str:
        """Return what goes, signed, into the control."""
        parts = ["" if part is None else str(part) for part in msgspec.structs.astuple(self)]
        while parts and getattr(self, self.__struct_fields__[len(parts) - 1]) is None:
            parts.pop()
        return ":".join(parts)

    @classmethod
    def read(cls, arg: str, choice: str = "", chosen: str = "") -> Self:
        """Return what a control carried; the part named `chosen` is the `choice` from a menu where one was made."""
        names = [name for name in cls.__struct_fields__ if not choice or name != chosen]
        texts = dict(zip(names, arg.split(":", max(0, len(names) - 1)), strict=False))
        if choice and chosen:
            texts[chosen] = choice
        return cls(**{part.name: _part(part, texts.get(part.name)) for part in _parts(cls)})


_parts = cache(fields)


def _part(part: FieldInfo, text: str | None) -> object:
    kinds = get_args(part.type) or (part.type,)
    if get_origin(part.type) is Literal:
        return text if text in kinds else part.default
    if int in kinds:
        return None if not text and NoneType in kinds else number(text or "")
    return text if text is not None or NoneType in kinds else ""


class Nothing(Payload, frozen=True):
    """Who presses says it all."""


class OfRun(Payload, frozen=True):
    """A run."""

    run_id: int


class OfTask(Payload, frozen=True):
    """A task."""

    task_id: int


class OfHandover(Payload, frozen=True):
    """A question whether somebody takes a run over."""

    handover_id: int


class OfMoment(Payload, frozen=True):
    """An entry of a timeline."""

    moment_id: int


class OfPlaybook(Payload, frozen=True):
    """A playbook."""

    playbook_id: int


class ToConfirm(OfPlaybook, frozen=True):
    """What of a playbook waits to be confirmed, by the mark of what was shown of it."""

    seen: str = ""


class OfImport(Payload, frozen=True):
    """An import that somebody has begun, and what was chosen from one of its menus."""

    import_id: int
    choice: str = ""


class OfProposal(Payload, frozen=True):
    """A proposal to change a playbook, and which line of it."""

    proposal_id: int
    line: int = 0


class OfPrompt(Payload, frozen=True):
    """A prompt, and which of its playbooks was chosen where it offers several."""

    prompt_id: int
    playbook_id: int | None = None


class ItemOfRun(OfRun, frozen=True):
    """An item of a menu about a run."""

    item: str | None = None


class ItemOfList(Payload, frozen=True):
    """A task of a checklist by its number, or an item of the menu about the whole of it."""

    checklist_id: int
    item: str | None = None


class PageOfRun(OfRun, frozen=True):
    """A page of a run's timeline, counted from the newest."""

    page: int


class ListOfRun(OfRun, frozen=True):
    """A checklist of a run."""

    checklist_id: int


class TaskOfRun(OfRun, frozen=True):
    """A task of a run, or none where a dialog asks for it."""

    task_id: int | None = None


class MomentOfRun(OfRun, frozen=True):
    """An entry of a run's timeline."""

    moment_id: int | None = None


class ActionOfRun(OfRun, frozen=True):
    """An action of a run's playbook, by its row."""

    action_id: int | None = None


class CommentOfRun(OfRun, frozen=True):
    """A comment on a run's retrospective."""

    comment_id: int | None = None


class SwitchOfRun(OfRun, frozen=True):
    """Whether something of a run is wanted."""

    state: Literal["on", "off"] = "on"


class SectionOfRun(OfRun, frozen=True):
    """A section of a run's retrospective, and by what its words were known to who writes it."""

    section_id: int | None = None
    known: str | None = None


class TextOfSection(OfRun, frozen=True):
    """A text that was kept by a key, and how it is to come into a section over the words that are known."""

    section_id: int
    what: Literal["both", "mine"] = "both"
    key: str = ""
    known: str = ""


class ChangeOfRun(OfRun, frozen=True):
    """A change of a run's tasks, by its key."""

    key: str


class ValueOfRun(OfRun, frozen=True):
    """A change of a variable: the number of its moment; of an older version its name, and the value before."""

    which: str
    before: str | None = None


class AttributesOfRun(OfRun, frozen=True):
    """Which attributes of a run a dialog shows, by their numbers, and the task that they are needed for."""

    shown: str = ""
    task_id: int | None = None


class RunLater(OfRun, frozen=True):
    """For how many seconds a run's update is put off."""

    seconds: int | None = None


class TaskLater(OfTask, frozen=True):
    """For how many seconds a task's reminder is put off."""

    seconds: int | None = None


class TimelineEntry(Payload, frozen=True):
    """What is done to an entry of a timeline."""

    word: Literal["restore", "remove"] = "restore"
    moment_id: int | None = None


class Setting(Payload, frozen=True):
    """Which digest, and whether it comes."""

    which: Literal["daily", "weekly"] = "daily"
    state: Literal["on", "off"] = "on"


class KeptCommand(Payload, frozen=True):
    """The key of a command that was kept, of an older version the command itself, and the run that it is about."""

    asked: str
    run_id: int | None = None


class KeptList(Payload, frozen=True):
    """The run that a checklist is to belong to, 0 for none, and the key of the words that it was asked for with."""

    run_id: int
    key: str


class StartedBy(Payload, frozen=True):
    """What a start dialog was opened by, and for which prompt and playbook."""

    by: Literal["command", "here", "prompt"] = "command"
    prompt_id: int | None = None
    playbook_id: int | None = None


class LineOfRun(OfRun, frozen=True):
    """A line of what a newer version of its playbook changes in a run, or all of them."""

    line: str | None = None


class LineOfPlaybook(OfPlaybook, frozen=True):
    """A line of what a newer edition of its starter changes in a playbook, all of them, or none."""

    line: str | None = None


class PartOfPlaybook(OfPlaybook, frozen=True):
    """A part of a playbook: `basics`, an entry such as `tasks.t3`, or where something new comes, as `roles.new`."""

    part: str | None = None


class PartOfDraft(OfPlaybook, frozen=True):
    """A part of what a playbook was to become at a revision."""

    revision: int
    part: str = ""


class DoneToPlaybook(OfPlaybook, frozen=True):
    """What is done to a playbook, or asked of it, by its card."""

    what: Literal["publish", "try", "changes", "history", "drop", "restore", "share", "edition"] = "changes"


class VersionOfPlaybook(OfPlaybook, frozen=True):
    """A version of a playbook."""

    version: int | None = None


class OfWebhook(Payload, frozen=True):
    """A webhook of a playbook, by its name."""

    playbook_id: int
    name: str


class OfDelivery(Payload, frozen=True):
    """Something that a webhook was told."""

    delivery_id: int
