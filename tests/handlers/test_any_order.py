"""Whatever several people do in whatever order, the run stays consistent and nothing raises."""

from datetime import timedelta
from itertools import pairwise

from desk import ADMIN, ALICE, BOB, CARLA, Desk, all_of, started_run, words_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from handlers import effects as do
from handlers.events import JobDue, PersonJoined, PersonLeft, PlaceClosed, PlaceReopened, PostDeleted

WHO = st.sampled_from([ALICE, BOB, CARLA, ADMIN])
TASK = st.integers(1, 5)
STATES = st.sampled_from(["open", "in_progress", "done", "skipped", "", "odd"])


class ARunWithSeveralPeople(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.desk = Desk()
        self.place = started_run(self.desk)
        self.finished = False

    @rule(task=TASK, who=WHO)
    def press(self, task: int, who: object) -> None:
        self.desk.presses("task.done", task, by=who)  # type: ignore[arg-type]

    @rule(
        task=TASK,
        who=WHO,
        state=STATES,
        assignee=st.sampled_from(["", "bob", "nobody"]),
        due=st.sampled_from(["", "1h", "17:00", "x"]),
    )
    def change(self, task: int, who: object, state: str, assignee: str, due: str) -> None:
        asked = all_of(self.desk.presses("task.choose", 1 if task < 3 else 2, by=who, choice=str(task)), do.Ask)  # type: ignore[arg-type]
        for ask in asked:
            self.desk.submits(ask.dialog, by=who, state=state, assignee=assignee, due=due)  # type: ignore[arg-type]

    @rule(number=st.sampled_from(["1.1", "2.3", "3.1", "x"]), word=st.sampled_from(["check", "uncheck"]), who=WHO)
    def command(self, number: str, word: str, who: object) -> None:
        self.desk.commands(f"{word} {number}", by=who, place=self.place)  # type: ignore[arg-type]

    @rule(who=WHO, text=st.text(max_size=20), after=st.sampled_from(["0", "900", "1800", "x"]))
    def update(self, who: object, text: str, after: str) -> None:
        for ask in all_of(self.desk.presses("update.ask", 1, by=who), do.Ask):  # type: ignore[arg-type]
            self.desk.submits(ask.dialog, by=who, text=text, next=after)  # type: ignore[arg-type]

    @rule(who=WHO, choice=st.sampled_from(["900", "14400", "7"]))
    def snooze(self, who: object, choice: str) -> None:
        self.desk.presses("reminder.snooze", 1, by=who, choice=choice)  # type: ignore[arg-type]

    @rule(minutes=st.integers(1, 3000))
    def time_passes(self, minutes: int) -> None:
        self.desk.later(minutes=minutes)
        for id in self.desk.ask(lambda store: list(store.due_jobs(self.desk.now, 100))):
            self.desk.take(JobDue(at=self.desk.now, job_id=id))

    @rule(who=WHO, comes=st.booleans())
    def comes_and_goes(self, who: object, comes: bool) -> None:
        if comes:
            self.desk.take(PersonJoined(at=self.desk.now, place=self.place, person=who))  # type: ignore[arg-type]
        else:
            self.desk.take(PersonLeft(at=self.desk.now, place_id=self.place.id, person_id=who.id))  # type: ignore[attr-defined]

    @rule(closed=st.booleans())
    def the_channel(self, closed: bool) -> None:
        if closed:
            self.desk.take(PlaceClosed(at=self.desk.now, place_id=self.place.id, why="archived"))
        else:
            self.desk.take(PlaceReopened(at=self.desk.now, place_id=self.place.id))

    @rule(message=st.integers(1, 12))
    def a_message_is_deleted(self, message: int) -> None:
        self.desk.take(PostDeleted(at=self.desk.now, post_id=f"own{message}", place_id=self.place.id))

    @rule(who=WHO, sure=st.integers(0, 4))
    def finish(self, who: object, sure: int) -> None:
        if sure == 0:
            self.desk.commands("finish now", by=who, place=self.place)  # type: ignore[arg-type]

    @invariant()
    def numbers_and_progress_fit(self) -> None:
        if not hasattr(self, "desk"):
            return
        tasks = self.desk.ask(lambda store: store.tasks(1))
        assert [task.position for task in tasks] == [1, 2, 1, 2, 3]
        assert all(task.state in ("open", "in_progress", "done", "skipped") for task in tasks)
        done = sum(task.state in ("done", "skipped") for task in tasks)
        content = self.desk.commands("info", place=self.place, by=ADMIN)[0].content  # type: ignore[union-attr]
        assert f"{done} of 5" in content.cards[0].fields[2].value
        assert words_of(content).count("\n- **") == 5 - done

    @invariant()
    def the_timeline_tells_the_states(self) -> None:
        if not hasattr(self, "desk"):
            return
        moments = self.desk.ask(lambda store: store.moments(1))
        assert [one.at for one in moments] == sorted(one.at for one in moments)
        for task in self.desk.ask(lambda store: store.tasks(1)):
            kinds = [one.kind for one in moments if one.subject == task.title and one.kind != "task_assigned"]
            assert (kinds[-1] if kinds else "task_open") == f"task_{task.state}"
            assert all(a != b for a, b in pairwise(kinds))
        assert sum(one.kind == "update" for one in moments) == self.desk.run().updates

    @invariant()
    def a_finished_run_plans_nothing_and_stays_finished(self) -> None:
        if not hasattr(self, "desk"):
            return
        run = self.desk.run()
        assert not (self.finished and run.is_active)
        self.finished = not run.is_active
        ids = self.desk.ask(lambda store: store.due_jobs(self.desk.now + timedelta(days=4000), 100))
        planned = [row for row in self.desk.ask(lambda store: [store.job(id) for id in ids]) if row.run_id == 1]
        updates = [row for row in planned if row.kind == "update"]
        assert len(updates) <= 1
        assert not (self.finished and planned)
        assert (run.update_due_at is None) == (not updates)

    @invariant()
    def each_message_stands_once(self) -> None:
        if not hasattr(self, "desk"):
            return
        cards = self.desk.ask(lambda store: store.messages("card", run_id=1))
        lists = self.desk.ask(lambda store: store.messages("checklist", run_id=1))
        assert len(cards) <= 1
        assert len({one.checklist_id for one in lists}) == len(lists) <= 2


TestAnyOrder = ARunWithSeveralPeople.TestCase
TestAnyOrder.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
