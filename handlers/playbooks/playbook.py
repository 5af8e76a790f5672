"""A playbook as data: what it may say, what holds where it says nothing, and the limits."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

import msgspec
from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from handlers.playbooks import values as of
from handlers.playbooks.actions import Action
from handlers.playbooks.attributes import MOST as MOST_ATTRIBUTES
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.compared import never_met
from handlers.playbooks.conditions import When
from handlers.playbooks.metrics import Working
from handlers.playbooks.milestones import SetName
from handlers.playbooks.mistakes import Path, sentence
from handlers.playbooks.people import FIXED_ROLES, Membership, Role, role
from handlers.playbooks.retrospective import Retrospective
from handlers.playbooks.webhooks import Webhook
from handlers.playbooks.weekly import Weekly, weekly
from handlers.text.nearest import nearest
from handlers.text.placeholders import PLACEHOLDERS, fill

__all__ = ["PLACEHOLDERS", "Channel", "Checklist", "Playbook", "Task", "Updates", "fill", "slug"]

MAX_CHECKLISTS = 100
MAX_TASKS = 500


def slug(text: str) -> str:
    """Return a short name made of `a-z`, `0-9` and `-`; empty if nothing of `text` can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")


def key_for(title: str) -> str:
    """Return a key for a title that people give, in whatever letters they write."""
    return slug(title) or "playbook"


class DoneWhen(of.Part):
    """What completes a task: words said in the run's channel, by anybody or only `by` these people, or an `update`.

    With `update` the task is done as soon as a status update is posted.
    """

    says: tuple[of.Keyword, ...] = Field(default=(), max_length=20)
    by: tuple[of.PersonName, ...] = Field(default=(), max_length=50)
    update: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.says and (self.by or not self.update):
            raise ValueError(sentence("done_when_empty"))
        return self


class Link(of.Part):
    """A link of a task, which may be just its address."""

    url: of.Url
    title: of.Line | None = None

    @property
    def called(self) -> str:
        """Return what people read of it: its title, or its address without what all addresses begin with."""
        return self.title or self.url.partition("://")[2].rstrip("/")


def _link(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


class Task(of.Part):
    """A task; `assignee` is "owner", "creator", a role or "@name", `due` the seconds after the start of the run.

    `assignees` are more of them, where it is for several.
    `command` is a slash command that is run from the task; `$name` in it stands for one of the run's variables.
    `sets` is the milestone that the task sets when it is done. It is there only while `when` is met, and can be done
    only once the attributes that it `needs` have values. With `command_is_template` its command is a template, as its
    texts are. An `attribute` of the type person can be its assignee, as `assignee_attribute`. `kept` is what an
    imported file said besides, as a JSON object.
    """

    title: of.Line
    description: of.Text = ""
    assignee: of.Assignee | None = None
    assignees: tuple[of.Assignee, ...] = Field(default=(), max_length=20)
    due: of.Seconds | None = None
    command: of.Command | None = None
    done_when: DoneWhen | None = None
    sets: SetName | None = None
    when: When | None = None
    needs: tuple[of.Line, ...] = Field(default=(), max_length=MOST_ATTRIBUTES)
    links: tuple[Annotated[Link, BeforeValidator(_link)], ...] = Field(default=(), max_length=20)
    command_is_template: bool = False
    assignee_attribute: of.Line | None = None
    kept: of.Json = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Return all whom it is for, each once."""
        return tuple(dict.fromkeys([*([self.assignee] if self.assignee else []), *self.assignees]))


def _task(value: object) -> object:
    return {"title": value} if isinstance(value, str) else value


class Checklist(of.Part):
    """A titled list of tasks; a task may be just its title."""

    title: of.Line
    tasks: tuple[Annotated[Task, BeforeValidator(_task)], ...] = Field(default=(), max_length=MAX_TASKS)
    kept: of.Json = ""


class Channel(of.Part):
    """A run's channel; `name` is a template for its title and address, the run's own name if absent.

    With `use`, runs live in that channel, which is there already. With `archive`, the channel that was opened for a run
    is archived when the run is finished. `category` is the group of the sidebar that it stands in for those who join,
    where the server lets a bot arrange that. With `only_new` nobody starts a run in a channel that is there already.
    """

    visibility: Literal["public", "private"] = "public"
    name: of.Line | None = None
    header: Annotated[of.Text, StringConstraints(max_length=1000)] = ""
    use: of.ChannelName | None = None
    archive: bool = False
    category: Annotated[of.Line, StringConstraints(max_length=60)] | None = None
    only_new: bool = False


class Updates(of.Part):
    """Status updates: asked for `every` so many seconds (0: never), started from `template`, told to `broadcast`.

    Which of start, updates, finish, restart and retrospective these channels are told of, the other keys say.
    What a private run says, or one that began in a private channel, goes to public ones with `broadcast_private` alone.
    """

    every: of.SecondsOrNever = 0
    template: Annotated[of.Text, StringConstraints(max_length=3000)] = ""
    broadcast: tuple[of.ChannelName, ...] = Field(default=(), max_length=20)
    broadcast_private: bool = False
    broadcast_start: bool = False
    broadcast_update: bool = True
    broadcast_finish: bool = True
    broadcast_restart: bool = True
    broadcast_retrospective: bool = False


APART = {"apart": True}
"""The context in which a playbook is read without asking whether its parts agree."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What does not hold between parts of a playbook: where, in words, and under which key is what they are about."""

    path: Path
    words: str
    about: str


class Playbook(of.Part):
    """A playbook, whole.

    `key` is its short name in commands, made from the title if absent. `teams` without a name means all teams.
    `keywords` are heard as `match` says. `start` tells whether the prompt's button opens a dialog first.
    `name` is the template of a run's name, `summary` that of its summary. `owner` is "creator" or "@name".
    `timezone` is the zone of the times that many read in its runs; where it is empty, that of who starts one.
    `insights` names the channel that a summary of each week is posted to.
    `working` is the time in which people work on it; metrics may count in it.
    Without a `retrospective` nobody is asked for one, unless somebody wants it in a run.
    `admins` may do in its runs what their owners may; where it names `members`, they alone see and start it, unless its
    `visibility` is public. `start_by` names who may start it, of those who may use it; `edit_by` whether all of these
    or its admins alone change it; `see_runs` whether only members, or only participants, see its runs.
    Runs are numbered on their own with a `prefix`, as in INC-0042. With `templates` jinja2 its texts are templates of
    that kind; with tokens, as in texts of Mattermost's own playbooks, nothing in braces means anything but {SEQ},
    {OWNER}, {CREATOR} and attributes. With `name_fixed` nobody names a run otherwise when it is started.
    `starter` tells which edition of which starter it began as, as "incident-response 2".
    `kept` is what an imported file said that has no place of its own, as a JSON object.
    """

    title: of.Line
    key: str = Field(default="", max_length=60, validate_default=True)
    description: of.Text = ""
    teams: tuple[of.TeamName, ...] = Field(default=(), max_length=100)
    keywords: tuple[of.Keyword, ...] = Field(default=(), max_length=100)
    match: Literal["word", "substring", "exact"] = "word"
    start: Literal["dialog", "now"] = "dialog"
    name: of.Line = "{playbook} {number}"
    summary: of.Text = ""
    channel: Channel = Channel()
    owner: of.Owner = "creator"
    timezone: of.Zone = ""
    invite: tuple[of.Guest, ...] = Field(default=(), max_length=200)
    roles: tuple[Annotated[Role, BeforeValidator(role)], ...] = Field(default=(), max_length=20)
    membership: Membership = Membership()
    prefix: of.Prefix = ""
    templates: Literal["placeholders", "jinja2", "tokens"] = "placeholders"
    name_fixed: bool = False
    attributes: tuple[Attribute, ...] = Field(default=(), max_length=MOST_ATTRIBUTES)
    visibility: Literal["", "public", "private"] = ""
    admins: tuple[of.Member, ...] = Field(default=(), max_length=200)
    members: tuple[of.Member, ...] = Field(default=(), max_length=1000)
    start_by: tuple[of.Member, ...] = Field(default=(), max_length=1000)
    edit_by: Literal["members", "admins"] = "members"
    see_runs: Literal["", "members", "participants"] = ""
    only_owner_finishes: bool = False
    welcome: of.Text = ""
    updates: Updates = Updates()
    working: Working | None = None
    retrospective: Retrospective = Retrospective(enabled=False)
    insights: Annotated[Weekly | None, BeforeValidator(weekly)] = None
    checklists: tuple[Checklist, ...] = Field(default=(), max_length=MAX_CHECKLISTS)
    actions: tuple[Action, ...] = Field(default=(), max_length=100)
    webhooks: tuple[Webhook, ...] = Field(default=(), max_length=20)
    starter: Annotated[of.Line, StringConstraints(max_length=80)] | None = None
    kept: of.Json = ""

    @property
    def is_private(self) -> bool:
        """Return whether its members and admins alone see and start it."""
        return self.visibility == "private" or (self.visibility == "" and bool(self.members))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Return all tasks, in the order in which a run numbers them as planned."""
        return tuple(task for checklist in self.checklists for task in checklist.tasks)

    @property
    def commands(self) -> tuple[str, ...]:
        """Return the slash commands of its tasks and actions, each once."""
        found = (*(one.command for one in self.tasks), *(one.command for one in self.actions))
        return tuple(dict.fromkeys(one for one in found if one is not None))

    @property
    def task_titles(self) -> list[str]:
        """Return the titles of all tasks, in the order in which a run numbers them as planned."""
        return [task.title for task in self.tasks]

    @field_validator("key")
    @classmethod
    def _derive_key(cls, key: str, info: ValidationInfo) -> str:
        made = key or slug(info.data.get("title", "untitled"))
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", made):
            raise ValueError(sentence("key"))
        return made

    @field_validator("teams", "keywords", "invite", "admins", "members", "start_by")
    @classmethod
    def _once_each(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(values))

    @model_validator(mode="after")
    def _agrees(self, info: ValidationInfo) -> Self:
        for found in self.disagreements() if info.context is not APART else ():
            raise ValueError(found.words)
        return self

    def disagreements(self) -> Iterator[Disagreement]:
        """Yield what does not hold between its parts, each on its own: names of what there is not, or is twice."""
        count = sum(len(checklist.tasks) for checklist in self.checklists)
        if count > MAX_TASKS:
            words = sentence("too_many_tasks", most=MAX_TASKS, count=count)
            yield Disagreement(("checklists",), words, "checklists")
        yield from self._people_disagree()
        yield from self._attributes_disagree()
        yield from self._actions_disagree()

    def _placed_tasks(self) -> Iterator[tuple[Path, Task]]:
        for row, checklist in enumerate(self.checklists):
            for at, task in enumerate(checklist.tasks):
                yield ("checklists", row, "tasks", at), task

    def _placed_guests(self) -> Iterator[tuple[Path, str]]:
        yield from ((("invite", at), name) for at, name in enumerate(self.invite))
        for row, action in enumerate(self.actions):
            yield from ((("actions", row, "invite", at), name) for at, name in enumerate(action.invite))

    def _people_disagree(self) -> Iterator[Disagreement]:
        names = [one.name for one in self.roles]
        known = [*FIXED_ROLES, *names]
        yield from _twice("roles", names, "role_twice")
        for path, name in self._placed_guests():
            if not name.startswith(("@", "group:")) and name not in known:
                yield _unknown(path, "guest_unknown", "roles", name, known)
        for path, task in self._placed_tasks():
            for name in task.people:
                if not name.startswith("@") and name not in known:
                    key = "assignee" if name == task.assignee else "assignees"
                    yield _unknown((*path, key), "role_unknown", "roles", name, known, task=task.title)

    def _attributes_disagree(self) -> Iterator[Disagreement]:
        known = [one.name for one in self.attributes]
        yield from _twice("attributes", [name.casefold() for name in known], "attribute_twice")
        for path, name in self._attributes_named():
            if name not in known:
                yield _unknown(path, "attribute_unknown", "attributes", name, known)
        by_name = {one.name: one for one in self.attributes}
        for path, when in self._conditions():
            for compared in when.comparisons():
                attribute = by_name.get(compared.attribute or "")
                if attribute is not None and (words := never_met(compared, attribute)):
                    yield Disagreement(path, words, "attributes")
        for path, task in self._placed_tasks():
            named = task.assignee_attribute
            if named in by_name and by_name[named].type != "person":
                words = sentence("attribute_person", name=named, task=task.title)
                yield Disagreement((*path, "assignee_attribute"), words, "attributes")

    def _conditions(self) -> Iterator[tuple[Path, When]]:
        yield from (((*path, "when"), task.when) for path, task in self._placed_tasks() if task.when is not None)
        yield from ((("actions", at, "when"), one.when) for at, one in enumerate(self.actions) if one.when is not None)

    def _attributes_named(self) -> Iterator[tuple[Path, str]]:
        for path, when in self._conditions():
            yield from ((path, name) for name in when.attributes)
        for path, task in self._placed_tasks():
            yield from (((*path, "needs", at), name) for at, name in enumerate(task.needs))
            if task.assignee_attribute is not None:
                yield (*path, "assignee_attribute"), task.assignee_attribute

    def _actions_disagree(self) -> Iterator[Disagreement]:
        names = [one.name for one in self.webhooks]
        yield from _twice("webhooks", names, "webhook_twice")
        for at, action in enumerate(self.actions):
            if action.task is not None and action.task not in self.task_titles:
                path: Path = ("actions", at, "task")
                yield _unknown(path, "action_task_unknown", "checklists", action.task, self.task_titles)
            if action.webhook is not None and action.webhook not in names:
                yield _unknown(("actions", at, "webhook"), "webhook_unknown", "webhooks", action.webhook, names)

    def definition(self) -> dict[str, Any]:
        """Return the playbook as JSON values, which `playbook_of` reads back."""
        return self.model_dump(mode="json")


def _twice(key: str, names: Sequence[str], block: str) -> Iterator[Disagreement]:
    for at, name in enumerate(names):
        if name in names[:at]:
            yield Disagreement((key, at), sentence(block), key)


def _unknown(path: Path, block: str, about: str, name: str, known: Sequence[str], **more: str) -> Disagreement:
    words = sentence(block, name=name, nearest=nearest(name, known), known=list(known), **more)
    return Disagreement(path, words, about)


def playbook_of(definition: Mapping[str, Any]) -> Playbook:
    """Return the playbook that `Playbook.definition` made; the same definition gives the same playbook."""
    return _read(msgspec.json.encode(definition))


# A run keeps its playbook, and looks into it with much that happens to it.
@lru_cache(256)
def _read(raw: bytes) -> Playbook:
    return Playbook.model_validate(msgspec.json.decode(raw))
