"""A run as a test looks at it: its people, tasks and messages, as they are whenever it looks."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.kit.town import Town
from handlers.context import Context
from handlers.rules.assignees import people_of
from handlers.rules.progress import Numbered, progress
from store import Run, Store, TaskState

T = TypeVar("T")


class Looking(Protocol):
    """What a run is looked at through."""

    town: Town

    @property
    def now(self) -> datetime: ...
    def ask(self, question: Callable[[Store], T]) -> T: ...
    def do(self, work: Coroutine[Any, Any, T]) -> T: ...
    def messages(self, channel: str) -> list[str]: ...
    def commands(self, who: str, text: str, channel: str) -> str: ...


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """A task as it stands: its number such as "2.3", its state, and for whom it is, by user name."""

    number: str
    title: str
    state: TaskState
    assignees: tuple[str, ...]
    due_at: datetime | None


class RunSeen:
    """A run as it stands whenever it is looked at."""

    def __init__(self, trial: Looking, number: int) -> None:
        self._trial = trial
        self.number = number

    @property
    def name(self) -> str:
        return self._row().name

    @property
    def is_over(self) -> bool:
        return not self._row().is_active

    @property
    def channel(self) -> str:
        """The name of its channel, empty until that stands."""

        def name(store: Store) -> str:
            run = store.run(self.number)
            place = store.place(run.channel_id) if run is not None and run.channel_id is not None else None
            return place.name if place is not None else ""

        return self._trial.ask(name)

    @property
    def people(self) -> set[str]:
        """Who is in its channel, by user name."""
        return self._trial.do(self._members())

    @property
    def tasks(self) -> list[TaskSeen]:
        """Its tasks, in their order."""
        return self._trial.ask(self._tasks)

    @property
    def messages(self) -> list[str]:
        """What is to be read in its channel, the oldest first."""
        return self._trial.messages(self.channel)

    def task(self, title: str) -> TaskSeen:
        """Return a task by its title. Raises `AssertionError`."""
        found = next((one for one in self.tasks if one.title == title), None)
        assert found is not None, f"there is no task {title!r}, but {[one.title for one in self.tasks]}"
        return found

    def says(self, text: str) -> bool:
        """Return whether something is to be read in its channel."""
        return any(text in one for one in self.messages)

    def commands(self, who: str, text: str) -> str:
        """Let somebody give a command in its channel, and return what it answers."""
        return self._trial.commands(who, text, self.channel)

    def __repr__(self) -> str:
        return f"run {self.number} ({self.name})"

    def _row(self) -> Run:
        run = self._trial.ask(lambda store: store.run(self.number))
        assert run is not None, f"run {self.number} is gone"
        return run

    async def _members(self) -> set[str]:
        town = self._trial.town
        run = await town.bot.desk.ask(lambda store: store.run(self.number))
        members = await town.admin.rest("GET", f"/channels/{run.channel_id}/members") if run is not None else []
        known = {human.id: name for name, human in town.people.items()}
        return {known[one["user_id"]] for one in members if one["user_id"] in known}

    def _tasks(self, store: Store) -> list[TaskSeen]:
        ctx = Context(self._trial.now, store, self._trial.town.bot.desk.here, asks=False)
        run = store.run(self.number)
        return [_task(ctx, run, one) for one in progress(ctx, run).tasks] if run is not None else []


def _task(ctx: Context, run: Run, one: Numbered) -> TaskSeen:
    people = tuple(ctx.username(person_id) for person_id in people_of(ctx, run, one.task))
    return TaskSeen(one.number, one.task.title, one.task.state, people, one.task.due_at)
