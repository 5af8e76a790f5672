"""Whatever is done to tasks in whatever order: numbers, progress, history and reminders fit, and undo takes it back."""

from itertools import chain

from desk import ALICE, BOB, Desk, all_of, started_run
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handlers import effects as do
from handlers.context import Context
from handlers.events import JobDue, Person, Place
from handlers.rules.change_log import about_task
from handlers.rules.progress import progress
from handlers.views.checklist import checklist, parts
from store import Store

RUN = Place(id="channel1", team_id="t1", kind="P")
WHO = st.sampled_from([ALICE, BOB])
TASK = st.sampled_from(["1.1", "1.2", "2.1", "2.2", "2.3", "3.1", "1.1-1.2", "2.1, 1.1", "roll", "new"])
LIST = st.sampled_from(["1", "2", "3", "fix"])
COMMANDS = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["check", "uncheck", "start", "skip", "restore"]), TASK),
    st.builds("{} {}".format, st.sampled_from(["remove", "duplicate"]), TASK),
    st.builds("move {} {}".format, TASK, st.sampled_from(["1", "2", "3", "to 1.1", "to 2.2", "to 2.9", "3.1"])),
    st.builds("add {} New".format, LIST),
    st.builds("edit {} Other".format, TASK),
    st.builds("assign {} {}".format, TASK, st.sampled_from(["me", "@bob", "owner", "nobody", "@alice @bob"])),
    st.builds("due {} {}".format, TASK, st.sampled_from(["1h", "none", "tomorrow", "3m"])),
    st.builds("checklist {} {}".format, st.sampled_from(["remove", "duplicate", "skip", "restore"]), LIST),
    st.builds("checklist move {} {}".format, LIST, LIST),
    st.builds("checklist rename {} Named".format, LIST),
    st.builds("edit {} {}: /jira".format, TASK, st.sampled_from(["description", "command"])),
    st.builds("snooze {} 2h".format, TASK),
    st.just("checklist add More"),
)  # fmt: skip


class TasksInAnyOrder(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.desk = Desk()
        started_run(self.desk)

    @rule(words=COMMANDS, who=WHO)
    def command(self, words: str, who: Person) -> None:
        self.desk.commands(words, by=who, place=RUN)

    @rule(words=COMMANDS, who=WHO)
    def command_and_undo(self, words: str, who: Person) -> None:
        before, planned = self.shown(), self.planned()
        changes = self.changes()
        self.desk.commands(words, by=who, place=RUN)
        if self.changes() > changes:
            self.desk.commands("undo", by=who, place=RUN)
        assert self.shown() == before
        # Who puts a reminder off has it planned for themselves; that is nothing to undo.
        assert self.planned() == planned or words.startswith("snooze")
        assert self.planned() >= planned

    @rule(who=WHO)
    def undo(self, who: Person) -> None:
        self.desk.commands("undo", by=who, place=RUN)

    @rule(
        task=st.integers(1, 12),
        who=WHO,
        number=st.sampled_from(["", "1.1", "2.2", "2"]),
        also=st.sampled_from(["", "remove", "duplicate"]),
    )
    def dialog(self, task: int, who: Person, number: str, also: str) -> None:
        for row in (1, 2):
            for ask in all_of(self.desk.presses("task.choose", row, choice=str(task), by=who), do.Ask):
                values = {entry.name: entry.default for entry in ask.dialog.entries}
                self.desk.submits(ask.dialog, by=who, **values | {"number": number, "also": also, "state": "done"})

    @rule(
        row=st.integers(1, 4),
        who=WHO,
        number=st.sampled_from(["1", "2", "3"]),
        title=st.sampled_from(["Fix", "Named"]),
        also=st.sampled_from(["", "skip", "restore", "duplicate", "remove"]),
    )
    def dialog_of_a_list_and_undo(self, row: int, who: Person, number: str, title: str, also: str) -> None:
        for ask in all_of(self.desk.presses("task.choose", row, choice="list", by=who), do.Ask):
            before, changes = self.shown(), self.changes()
            self.desk.submits(ask.dialog, by=who, number=number, title=title, also=also)
            if self.changes() > changes:
                self.desk.commands("undo", by=who, place=RUN)
            assert self.shown() == before

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.desk.later(minutes=minutes)
        for id in self.desk.ask(lambda store: list(store.due_jobs(self.desk.now, 100))):
            self.desk.take(JobDue(at=self.desk.now, job_id=id))

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def numbers_have_no_gaps(self) -> None:
        rows = self.desk.ask(lambda store: store.checklists(1))
        tasks = self.desk.ask(lambda store: store.tasks(1))
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        expected = chain.from_iterable(range(1, 1 + sum(task.checklist_id == row.id for task in tasks)) for row in rows)
        assert [task.position for task in tasks] == list(expected)

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def history_ends_with_how_it_is(self) -> None:
        changes = self.desk.ask(lambda store: store.changes(1))
        for task in self.desk.ask(lambda store: store.tasks(1)):
            rows = [
                row
                for change in changes
                if change.undone_at is None and about_task(change, task.id)
                for row in change.rows
                if (row["table"], row["id"]) == ("task", task.id)
            ]
            for name in ("state", "title", "assignees", "checklist_id"):
                last = next((row["after"][name] for row in rows if name in row["after"]), getattr(task, name))
                assert getattr(task, name) == last

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def reminders_fit_the_tasks(self) -> None:
        tasks = {task.id: task for task in self.desk.ask(lambda store: store.tasks(1))}
        planned = [row for row in self.desk.ask(lambda store: store.task_jobs(1)) if not row.payload.get("person_id")]
        for row in planned:
            task = tasks[int(row.subject_id)]
            assert task.is_open
            assert row.due_at <= task.due_at
        due = {int(row.subject_id) for row in planned if row.kind == "task_due"}
        assert due >= {one.id for one in tasks.values() if one.is_open and one.due_at and one.due_at > self.desk.now}

    def changes(self) -> int:
        return len(self.desk.ask(lambda store: store.changes(1)))

    def planned(self) -> set[int]:
        rows = self.desk.ask(lambda store: store.task_jobs(1))
        return {int(row.subject_id) for row in rows if row.kind == "task_due"}

    def shown(self) -> list[do.Content]:
        """Return all checklists as they are shown."""

        def draw(store: Store) -> list[do.Content]:
            ctx = Context(self.desk.now, store, self.desk.here)
            run = store.run(1)
            assert run is not None
            standing = progress(ctx, run)
            return [
                checklist(ctx, run, row, part, standing)
                for row in standing.checklists
                for part in range(1, 1 + len(parts(ctx, row, standing.of(row))))
            ]

        return self.desk.ask(draw)  # type: ignore[no-any-return]


TestTasksInAnyOrder = TasksInAnyOrder.TestCase
TestTasksInAnyOrder.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
