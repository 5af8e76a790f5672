"""All that is known of an episode at its end, as plain values: what was decided, what stands, and what people saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import create_engine
from sqlmodel import Session, SQLModel, select

from chaos.crew import Crew
from chaos.done import Done
from chaos.plan import Trouble
from chaos.world import World
from sandbox.human import words
from store import Checklist, Follower, Job, Message, Moment, Participant, Run, Task

Row = Any
STORAGE = (Trouble.DISK_FULL, Trouble.LOCKED, Trouble.DATABASE_RESTARTED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as it stands: `text` is all that it shows, `effect` the key of the effect that its props name."""

    id: str
    place_id: str
    author_id: str
    text: str
    root_id: str = ""
    effect: str = ""
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A channel: its name, its purpose and who is in it."""

    id: str
    name: str
    purpose: str
    members: frozenset[str]
    is_direct: bool = False


@dataclass(frozen=True)
class Record:
    """The end of an episode. Rows are the store's, by their fields; people are named by their part."""

    bot_id: str
    people: Mapping[str, str]
    town: str
    status: str
    done: Sequence[Done] = ()
    posts: Sequence[Shown] = ()
    places: Sequence[Place] = ()
    screens: Mapping[str, Sequence[Shown]] = field(default_factory=dict)
    dialogs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What dialogs said, by person and by the press that they answered."""
    runs: Sequence[Row] = ()
    checklists: Sequence[Row] = ()
    tasks: Sequence[Row] = ()
    moments: Sequence[Row] = ()
    participants: Sequence[Row] = ()
    followers: Sequence[Row] = ()
    jobs: Sequence[Row] = ()
    messages: Sequence[Row] = ()
    log: Sequence[str] = ()
    ends: Sequence[int] = ()
    storage_failed: bool = False
    whispers: bool = False
    """Whether the bot may show messages to one person alone, of which nobody can find out whether they were shown."""

    def posts_in(self, place_id: str) -> list[Shown]:
        """Return what the bot has said in a channel."""
        return [post for post in self.posts if post.place_id == place_id]

    def run_of(self, word: str) -> Row | None:
        """Return the run in whose name a word stands."""
        return next((run for run in self.runs if word in run.name.casefold()), None)

    def numbered(self, run_id: int) -> dict[str, Row]:
        """Return a run's tasks by the numbers that people read."""
        lists = {one.id: one.position for one in self.checklists if one.run_id == run_id}
        return {f"{lists[task.checklist_id]}.{task.position}": task for task in self.tasks if task.run_id == run_id}


def record(world: World, crew: Crew) -> Record:
    """Look at everything."""
    people = {part: human.id for part, human in world.scene.people.items()}
    engine = create_engine(world.ground.url)
    with Session(engine) as session:
        rows = {
            f"{kind.__name__.lower()}s": [SimpleNamespace(**one.model_dump()) for one in session.exec(select(kind))]
            for kind in _KINDS
        }
    engine.dispose()
    return Record(
        bot_id=world.bot.id,
        people=people,
        town=world.scene.town["id"],
        status=world.scene.status["id"],
        done=tuple(crew.done),
        posts=[_stands(post) for post in world.said_by_bot()],
        places=[
            Place(one.id, one.display_name, one.purpose, frozenset(world.members(one.id)), one.type == "D")
            for one in world.mm.channels
        ],
        screens={part: [_seen(post) for post in human.screen.values()] for part, human in world.scene.people.items()},
        dialogs={
            part: {one["trigger_id"]: one["dialog"].get("introduction_text") or "" for one in human.dialogs}
            for part, human in world.scene.people.items()
        },
        log=[f"{process.name}: {line}" for process in world.processes for line in process.log],
        ends=[code for process in world.processes for code in process.ends],
        storage_failed=any(fault.trouble in STORAGE for fault in world.plan.faults),
        whispers=world.plan.whispers,
        **rows,
    )


_KINDS: tuple[type[SQLModel], ...] = (Run, Checklist, Task, Moment, Participant, Follower, Job, Message)


def _stands(post: Any) -> Shown:
    text = words({"message": post.message, "props": post.props})
    effect = str((post.props.get("muster") or {}).get("effect") or "")
    return Shown(post.id, post.channel_id, post.user_id, text, post.root_id, effect, post.is_pinned)


def _seen(post: Mapping[str, Any]) -> Shown:
    return Shown(post["id"], post["channel_id"], post["user_id"], words(dict(post)), post.get("root_id", ""))
