"""Questions to the database in the handlers' words, and what they add to it; one store is one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TypeVar

from sqlalchemy import BindParameter, String, bindparam, cast, delete, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from store.changes import Change
from store.directory import KnownPerson, KnownPlace, KnownTeam
from store.kept import LIVE, Kept
from store.noticing import LISTENING, PLANNED
from store.outbox import Outbox
from store.people import Follower, Handover, PersonSettings, RoleHolder
from store.playbooks import PlaybookRow, PlaybookVersion
from store.posts import Heard, Message, MutedThread, Prompt, PromptOffer
from store.runs import Checklist, Moment, Participant, Reminder, Run, Task

Row = TypeVar("Row", bound=SQLModel)

# What each decision asks is put together once: to do that anew costs more than to ask.
_BY_POSITION = attrgetter("position", "id")
_PLACE: BindParameter[str] = bindparam("place_id")
_RUNS_IN = (
    select(Run)
    .where(Run.channel_id == _PLACE, col(Run.removed_at).is_(None))
    .order_by(col(Run.finished_at).is_not(None), col(Run.id).desc())
    .with_for_update()
)
_POST_OF_MESSAGE = select(Message.post_id).where(Message.id == bindparam("message_id"))
_RUN_OF_MESSAGE = select(Message.run_id).where(Message.id == bindparam("message_id"))
_RUN_OF_TASK = select(Task.run_id).where(Task.id == bindparam("task_id"))


class Store:
    """All that one decision may ask and change."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.outbox = Outbox(session)
        self._kept = Kept(session)

    @property
    def has_changed_listening(self) -> bool:
        """Return whether this transaction, as far as it is written, changes what the bot has to listen for."""
        return LISTENING in self.session.info

    @property
    def has_planned(self) -> bool:
        """Return whether this transaction, as far as it is written, changes what is to be reminded of, and when."""
        return PLANNED in self.session.info

    def add(self, row: Row) -> Row:
        """Add a row; its id is known afterwards."""
        self.session.add(row)
        self.session.flush()
        self._kept.add(row)
        return row

    def put(self, row: SQLModel) -> None:
        """Add a row whose id nobody asks for; it is written with whatever is written next.

        Not for what is asked for by its id, or of a run, in the same transaction.
        """
        self.session.add(row)
        self._kept.add(row)

    def written(self, row: Row) -> Row:
        """Return a row that was `put`, its id known."""
        self.session.flush()
        return row

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Write what is pending first; what only messages remember of it inside is written once, afterwards."""
        self.session.flush()
        with self.session.no_autoflush:
            yield

    def once(self, key: str, now: datetime) -> bool:
        """Remember that `key` has happened; False if it had happened before, by whatever process."""
        insert = (sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql).insert
        statement = insert(Heard).values(key=key, at=now).on_conflict_do_nothing()
        # Without being told to, the library does not keep how many rows came in.
        statement = statement.execution_options(preserve_rowcount=True)
        return bool(self.session.connection().execute(statement).rowcount)

    def forget_heard(self, before: datetime) -> None:
        """Drop what was heard before a time that no catch-up reaches back to."""
        self.session.execute(delete(Heard).where(col(Heard.at) < before))

    # -- playbooks

    def playbooks(self) -> Sequence[PlaybookRow]:
        return self.session.exec(
            select(PlaybookRow).where(col(PlaybookRow.archived_at).is_(None)).order_by(PlaybookRow.title)
        ).all()

    def playbooks_of(self, team_id: str) -> Sequence[PlaybookRow]:
        """Return the playbooks that hold in a team."""
        team = self.team(team_id)
        return [row for row in self.playbooks() if not row.teams or (team and team.name in row.teams)]

    def playbook(self, playbook_id: int) -> PlaybookRow | None:
        return self.session.get(PlaybookRow, playbook_id)

    def playbook_by_key(self, key: str) -> PlaybookRow | None:
        return self.session.exec(select(PlaybookRow).where(PlaybookRow.key == key)).first()

    def playbook_version(self, playbook: PlaybookRow) -> PlaybookVersion:
        """Return the newest version of a playbook."""
        return self.session.exec(
            select(PlaybookVersion).where(
                PlaybookVersion.playbook_id == playbook.id, PlaybookVersion.version == playbook.version
            )
        ).one()

    # -- runs

    def run(self, run_id: int, *, removed: bool = False) -> Run | None:
        """Return a run, held by this transaction until its end; one that was deleted only with `removed`."""
        run = self._kept.run(run_id)
        return run if run is None or removed or run.removed_at is None else None

    def runs(self, limit: int) -> Sequence[Run]:
        """Return the latest runs of all teams, the active ones first, newest first."""
        return self.session.exec(
            select(Run)
            .where(col(Run.removed_at).is_(None))
            .order_by(col(Run.finished_at).is_not(None), col(Run.id).desc())
            .limit(limit)
        ).all()

    def runs_in(self, place_id: str) -> Sequence[Run]:
        """Return the runs of a channel, the active ones first, newest first."""
        found = self.session.exec(_RUNS_IN, params={"place_id": place_id}).all()
        self._kept.hold(found)
        return found

    def bare_runs_in(self, place_id: str) -> Sequence[Run]:
        """Return the active bare checklists of a channel."""
        return [run for run in self._kept.bare_runs(place_id) if run.is_active and run.removed_at is None]

    def active_runs(self, team_id: str) -> Sequence[Run]:
        return self.session.exec(
            select(Run).where(Run.team_id == team_id, Run.state != "finished").order_by(col(Run.id).desc())
        ).all()

    def unfinished_runs(self) -> Sequence[Run]:
        """Return the active runs of all teams."""
        return self.session.exec(select(Run).where(Run.state != "finished").order_by(col(Run.id))).all()

    def checklists(self, run_id: int, *, removed: bool = False) -> Sequence[Checklist]:
        """Return a run's checklists in their order, with `removed` also those that were taken away."""
        rows = [row for row in self._kept.rows(Checklist, run_id) if removed or row.removed_at is None]
        return sorted(rows, key=_BY_POSITION)

    def tasks(self, run_id: int, *, removed: bool = False) -> Sequence[Task]:
        """Return a run's tasks in the order of their checklists, with `removed` also those that were taken away."""
        lists: dict[int, list[Task]] = {row.id or 0: [] for row in self.checklists(run_id, removed=removed)}
        for row in self._kept.rows(Task, run_id):
            if row.checklist_id in lists and (removed or row.removed_at is None):
                lists[row.checklist_id].append(row)
        return [task for tasks in lists.values() for task in sorted(tasks, key=_BY_POSITION)]

    def task_rows(self, run_id: int) -> Sequence[Task]:
        """Return a run's tasks in no particular order, those that were taken away included."""
        return self._kept.rows(Task, run_id)

    def checklist(self, checklist_id: int) -> Checklist | None:
        return self.session.get(Checklist, checklist_id)

    def changes(self, run_id: int) -> Sequence[Change]:
        """Return what was changed in a run's tasks, the latest first."""
        return self.session.exec(select(Change).where(Change.run_id == run_id).order_by(col(Change.id).desc())).all()

    def change(self, change_id: int) -> Change | None:
        return self.session.get(Change, change_id)

    def task(self, task_id: int) -> Task | None:
        """Return a task, its run held by this transaction: of two who change it at once, the later sees the change."""
        task = self._kept.known(Task, task_id)
        if task is not None and task.run_id in self._kept.held:
            return task if self.run(task.run_id) is not None else None
        run_id = self.session.exec(_RUN_OF_TASK, params={"task_id": task_id}).first()
        if run_id is None or self.run(run_id) is None:
            return None
        return next((row for row in self._kept.rows(Task, run_id) if row.id == task_id), None)

    def participants(self, run_id: int) -> Sequence[Participant]:
        return self.session.exec(
            select(Participant).where(Participant.run_id == run_id).order_by(col(Participant.id))
        ).all()

    def participant(self, run_id: int, person_id: str) -> Participant | None:
        return self._kept.participant(run_id, person_id)

    def role_holder(self, run_id: int, role: str) -> RoleHolder | None:
        return next((row for row in self.role_holders(run_id) if row.role == role), None)

    def role_holders(self, run_id: int) -> Sequence[RoleHolder]:
        return self._kept.rows(RoleHolder, run_id)

    def followers(self, run_id: int) -> Sequence[Follower]:
        return self.session.exec(select(Follower).where(Follower.run_id == run_id).order_by(col(Follower.id))).all()

    def follower(self, run_id: int, person_id: str) -> Follower | None:
        return self.session.exec(
            select(Follower).where(Follower.run_id == run_id, Follower.person_id == person_id)
        ).first()

    def drop(self, row: SQLModel) -> None:
        """Delete a row."""
        self.session.delete(row)
        self.session.flush()
        self._kept.drop(row)

    def handover(self, handover_id: int) -> Handover | None:
        return self.session.get(Handover, handover_id)

    def open_handover(self, run_id: int) -> Handover | None:
        """Return the handover of a run that nobody has answered yet."""
        return self.session.exec(
            select(Handover).where(Handover.run_id == run_id, Handover.answer == "").order_by(col(Handover.id).desc())
        ).first()

    def runs_of(self, person_id: str) -> Sequence[Run]:
        """Return the active runs of all teams that somebody owns or takes part in, newest first."""
        mine = select(Participant.run_id).where(
            Participant.person_id == person_id,
            col(Participant.joined_at).is_not(None),
            col(Participant.left_at).is_(None),
        )
        return self.session.exec(
            select(Run)
            .where(col(Run.removed_at).is_(None), Run.state != "finished")
            .where(or_(col(Run.owner_id) == person_id, col(Run.id).in_(mine)))
            .order_by(col(Run.id).desc())
        ).all()

    def assigned_tasks(self) -> Sequence[tuple[Task, Run]]:
        """Return the open tasks of active runs that are for somebody, those that are due first before the others."""
        return [
            (task, run)
            for task, run in self.session.exec(
                select(Task, Run)
                .join(Run, col(Task.run_id) == col(Run.id))
                .join(Checklist, col(Task.checklist_id) == col(Checklist.id))
                .where(
                    Run.state != "finished",
                    col(Run.removed_at).is_(None),
                    col(Task.state).in_(("open", "in_progress")),
                    col(Task.removed_at).is_(None),
                    col(Checklist.removed_at).is_(None),
                    cast(col(Task.assignees), String) != "[]",
                )
                .order_by(col(Task.due_at).is_(None), col(Task.due_at), col(Task.id))
            ).all()
        ]

    def settings(self, person_id: str) -> PersonSettings:
        """Return what somebody wants to be told unasked, made with what holds for all if they never said."""
        return self.session.get(PersonSettings, person_id) or self.add(PersonSettings(person_id=person_id))

    def planned_digest(self, person_id: str) -> Reminder | None:
        return self.session.exec(
            select(Reminder).where(
                Reminder.person_id == person_id, Reminder.kind == "digest", col(Reminder.done_at).is_(None)
            )
        ).first()

    def usernames(self) -> Sequence[str]:
        """Return the names of all people who are known and active, bots aside."""
        return self.session.exec(
            select(KnownPerson.username).where(col(KnownPerson.is_active), col(KnownPerson.is_bot).is_(False))
        ).all()

    def moments(self, run_id: int) -> Sequence[Moment]:
        return self.session.exec(
            select(Moment).where(Moment.run_id == run_id).order_by(col(Moment.at), col(Moment.id))
        ).all()

    def moment(self, moment_id: int) -> Moment | None:
        return self.session.get(Moment, moment_id)

    def tasks_to_hear(self) -> Sequence[tuple[int, list[str], str]]:
        """Return the open tasks of active runs that words complete: id, words, and the channel they hold in."""
        return self.session.exec(
            select(col(Task.id), col(Task.words), col(Run.channel_id))
            .join(Run, col(Task.run_id) == col(Run.id))
            .join(Checklist, col(Task.checklist_id) == col(Checklist.id))
            .where(
                Run.state == "active",
                col(Run.channel_id).is_not(None),
                col(Task.state).in_(("open", "in_progress")),
                cast(col(Task.words), String) != "[]",
                col(Task.removed_at).is_(None),
                col(Checklist.removed_at).is_(None),
            )
        ).all()  # type: ignore[return-value]

    # -- reminders

    def reminder(self, reminder_id: int) -> Reminder | None:
        return self.session.get(Reminder, reminder_id, with_for_update=True)

    def task_reminders(self, run_id: int) -> Sequence[Reminder]:
        """Return what is planned for the tasks of a run."""
        return [row for row in self._kept.rows(Reminder, run_id) if row.done_at is None]

    def due_reminders(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the ids of what is due, the longest due first."""
        return self.session.exec(
            select(col(Reminder.id))
            .where(col(Reminder.done_at).is_(None), Reminder.due_at <= now)
            .order_by(col(Reminder.due_at))
            .limit(limit)
        ).all()  # type: ignore[return-value]

    def next_due(self) -> datetime | None:
        """Return when the next planned thing is due."""
        return self.session.exec(select(func.min(Reminder.due_at)).where(col(Reminder.done_at).is_(None))).one()

    def put_off_reminder(self, reminder_id: int, now: datetime) -> None:
        """Try a reminder that could not be decided again in a quarter of an hour; others are not held up."""
        if (reminder := self.reminder(reminder_id)) is not None:
            reminder.due_at = now + timedelta(minutes=15)

    def cancel_reminders(
        self, now: datetime, kind: str, *, run_id: int | None = None, prompt_id: int | None = None
    ) -> None:
        """Call off what is planned of a kind for a run or a prompt."""
        owner = col(Reminder.run_id) == run_id if run_id is not None else col(Reminder.prompt_id) == prompt_id
        self.session.execute(
            update(Reminder)
            .where(owner, col(Reminder.kind) == kind, col(Reminder.done_at).is_(None))
            .values(done_at=now)
        )

    def cancel_all_reminders(self, now: datetime, run_id: int) -> None:
        """Call off everything that is planned for a run."""
        self.session.execute(
            update(Reminder).where(col(Reminder.run_id) == run_id, col(Reminder.done_at).is_(None)).values(done_at=now)
        )

    # -- prompts and messages

    def prompt(self, prompt_id: int) -> Prompt | None:
        return self.session.get(Prompt, prompt_id, with_for_update=True)

    def open_prompts(self) -> Sequence[Prompt]:
        """Return the prompts that nobody has answered yet."""
        return self.session.exec(select(Prompt).where(Prompt.state == "open").order_by(col(Prompt.id))).all()

    def prompts_of(self, run_id: int) -> Sequence[Prompt]:
        """Return the prompts that a run was started from."""
        return self.session.exec(select(Prompt).where(Prompt.run_id == run_id)).all()

    def offers(self, prompt_id: int) -> Sequence[PromptOffer]:
        return self.session.exec(
            select(PromptOffer).where(PromptOffer.prompt_id == prompt_id).order_by(col(PromptOffer.id))
        ).all()

    def offered_in(self, thread_id: str) -> set[int]:
        """Return the playbooks that were offered in a thread already."""
        return set(self.session.exec(select(PromptOffer.playbook_id).where(PromptOffer.thread_id == thread_id)).all())

    def is_muted(self, thread_id: str) -> bool:
        return self.session.get(MutedThread, thread_id) is not None

    def message(self, message_id: int) -> Message | None:
        return self._kept.get(Message, message_id)

    def message_held(self, message_id: int) -> Message | None:
        """Return a message to be changed, its run held by this transaction first, as by all that change it."""
        run_id = self.session.exec(_RUN_OF_MESSAGE, params={"message_id": message_id}).first()
        if run_id is not None:
            self.run(run_id)
        return self.message(message_id)

    def is_message_at(self, message_id: int, post_id: str) -> bool:
        """Return whether a message of the bot's is known, and stands in this post or is about to stand somewhere."""
        known = self._kept.known(Message, message_id)
        if known is not None and known.run_id in self._kept.held:
            return known.post_id in (None, post_id)
        found = self.session.exec(_POST_OF_MESSAGE, params={"message_id": message_id}).all()
        return bool(found) and found[0] in (None, post_id)

    def message_at(self, post_id: str) -> Message | None:
        return self.session.exec(select(Message).where(Message.post_id == post_id)).first()

    def places_with_reactions(self) -> set[str]:
        """Return the channels where a reaction may mean something: of active runs, what they tell, and open prompts."""
        of_runs = select(Message.place_id).join(Run, col(Message.run_id) == col(Run.id))
        prompts = select(Prompt.place_id).where(Prompt.state == "open")
        found = (*self.session.exec(of_runs.where(Run.state != "finished").distinct()), *self.session.exec(prompts))
        return {place for place in found if place}

    def messages(self, kind: str, *, run_id: int | None = None, prompt_id: int | None = None) -> Sequence[Message]:
        """Return the messages of a kind that belong to a run or a prompt and still stand."""
        if run_id is not None and kind in LIVE:
            return [row for row in self._kept.rows(Message, run_id) if row.kind == kind and row.gone_at is None]
        owner = Message.run_id == run_id if run_id is not None else Message.prompt_id == prompt_id
        return self.session.exec(
            select(Message).where(owner, Message.kind == kind, col(Message.gone_at).is_(None)).order_by(col(Message.id))
        ).all()

    def messages_of(self, run_id: int) -> Sequence[Message]:
        """Return all messages of a run, wherever they stand."""
        return self.session.exec(
            select(Message).where(Message.run_id == run_id, col(Message.gone_at).is_(None)).order_by(col(Message.id))
        ).all()

    # -- directory

    def person(self, person_id: str) -> KnownPerson | None:
        return self._kept.get(KnownPerson, person_id)

    def people(self, person_ids: Iterable[str]) -> dict[str, KnownPerson]:
        wanted = set(person_ids)
        found = {each: row for each in wanted if (row := self._kept.known(KnownPerson, each)) is not None}
        if missing := wanted - found.keys():
            asked = self.session.exec(select(KnownPerson).where(col(KnownPerson.id).in_(missing))).all()
            found |= {person.id: person for person in asked}
        return found

    def person_named(self, username: str) -> KnownPerson | None:
        return self.session.exec(
            select(KnownPerson).where(KnownPerson.username == username.lower(), col(KnownPerson.is_active))
        ).first()

    def team(self, team_id: str) -> KnownTeam | None:
        return self._kept.get(KnownTeam, team_id)

    def place(self, place_id: str) -> KnownPlace | None:
        return self.session.get(KnownPlace, place_id)

    def place_named(self, team_id: str, name: str) -> KnownPlace | None:
        return self.session.exec(
            select(KnownPlace).where(KnownPlace.team_id == team_id, KnownPlace.name == name)
        ).first()

    def learn(self, *rows: KnownPerson | KnownTeam | KnownPlace) -> None:
        """Take over what the server said about people, teams and channels."""
        for row in rows:
            self.session.merge(row)
        self.session.flush()

    def hear(self, watermarks: dict[str, int]) -> None:
        """Move channels' `heard_until` (ms) forward, never back."""
        for place_id, until in watermarks.items():
            self.session.execute(
                update(KnownPlace)
                .where(col(KnownPlace.id) == place_id, col(KnownPlace.heard_until) < until)
                .values(heard_until=until)
            )

    def watched_places(self) -> Sequence[KnownPlace]:
        """Return the channels that the bot is in."""
        return self.session.exec(select(KnownPlace).where(col(KnownPlace.is_member))).all()
