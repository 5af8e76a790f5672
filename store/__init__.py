"""The memory of Muster: tables with their own small rules, and questions to them in the handlers' words."""

from store.away import Conflict, DiskFull, Unavailable
from store.engine import Database, DatabaseError, InUse, SchemaTooNew, is_there
from store.outbox import Departing, Outgoing, Way
from store.processes import Process
from store.queries.store import Store
from store.reading import ReadsOnly
from store.tables.base import UTC_EPOCH, changes_of, new_key, values_of
from store.tables.changes import CHANGES_KEPT, Change, NewChange
from store.tables.directory import FormerName, KnownPerson, KnownPlace, KnownTeam, TeamMember
from store.tables.jobs import Job, Subject, about, run_of
from store.tables.people import Follower, Handover, PersonSettings, RoleHolder
from store.tables.playbooks import PlaybookRow, PlaybookVersion
from store.tables.posts import (
    Heard,
    Message,
    MutedThread,
    Prompt,
    PromptOffer,
    Question,
    effect_key,
)
from store.tables.runs import (
    OPEN,
    Checklist,
    Moment,
    Participant,
    Run,
    Seen,
    Task,
    any_due,
    assigned,
    looks,
)
from store.tables.words import (
    ChangeKind,
    HandoverAnswer,
    JobKind,
    ListVerb,
    LiveKind,
    MessageKind,
    MomentKind,
    PlaceKind,
    PromptState,
    RunState,
    TaskState,
    TaskVerb,
    WhyClosed,
)

__all__ = [
    "CHANGES_KEPT",
    "OPEN",
    "UTC_EPOCH",
    "Change",
    "ChangeKind",
    "Checklist",
    "Conflict",
    "Database",
    "DatabaseError",
    "Departing",
    "DiskFull",
    "Follower",
    "FormerName",
    "Handover",
    "HandoverAnswer",
    "Heard",
    "InUse",
    "Job",
    "JobKind",
    "KnownPerson",
    "KnownPlace",
    "KnownTeam",
    "ListVerb",
    "LiveKind",
    "Message",
    "MessageKind",
    "Moment",
    "MomentKind",
    "MutedThread",
    "NewChange",
    "Outgoing",
    "Participant",
    "PersonSettings",
    "PlaceKind",
    "PlaybookRow",
    "PlaybookVersion",
    "Process",
    "Prompt",
    "PromptOffer",
    "PromptState",
    "Question",
    "ReadsOnly",
    "RoleHolder",
    "Run",
    "RunState",
    "SchemaTooNew",
    "Seen",
    "Store",
    "Subject",
    "Task",
    "TaskState",
    "TaskVerb",
    "TeamMember",
    "Unavailable",
    "Way",
    "WhyClosed",
    "about",
    "any_due",
    "assigned",
    "changes_of",
    "effect_key",
    "is_there",
    "looks",
    "new_key",
    "run_of",
    "values_of",
]
