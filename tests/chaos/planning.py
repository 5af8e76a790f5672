"""Plans an episode from a seed alone: who does what when, and what fails when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from chaos.plan import BASE, CREW, GUEST, HALF_AN_HOUR, LEAD, SPOKEN, TASKS, Act, Deed, Fault, Plan, Storage, Trouble

WORK = (
    Deed.CHECK_BY_BUTTON,
    Deed.CHECK_BY_COMMAND,
    Deed.CHECK_BY_MESSAGE,
    Deed.SAY_WORDS,
    Deed.NOTE_BY_COMMAND,
    Deed.NOTE_BY_MESSAGE,
    Deed.PIN,
    Deed.UPDATE,
    Deed.JOIN,
    Deed.LEAVE,
    Deed.DELETE_CARD,
)
ROUTES = (
    "*",
    "POST /posts",
    "POST /posts",
    "POST /channels",
    "POST /channels/{channel_id}/members",
    "POST /channels/direct",
    "PUT /posts/{post_id}/patch",
    "POST /posts/ephemeral",
    "POST /actions/dialogs/open",
    "GET /channels/{channel_id}/posts",
)
EVERYWHERE = (
    Trouble.KILLED,
    Trouble.KILLED,
    Trouble.KILLED,
    Trouble.PAUSED,
    Trouble.SOCKETS_DROPPED,
    Trouble.SOCKETS_DROPPED,
    Trouble.SERVER_AWAY,
    Trouble.LIMITED,
    Trouble.FAILING,
    Trouble.FAILING,
    Trouble.LATE,
    Trouble.ANSWER_LOST,
    Trouble.ANSWER_LOST,
    Trouble.REQUEST_LOST,
    Trouble.DOUBLED,
    Trouble.SWAPPED,
    Trouble.EVENTS_FIRST,
    Trouble.EVENTS_LAST,
    Trouble.DOOR_ANSWER_LOST,
    Trouble.DOOR_SHUT,
    Trouble.LOCKED,
    Trouble.LOCKED,
    Trouble.CLOCK_SET,
    Trouble.TIME_PASSES,
    Trouble.TIME_PASSES,
)
ONLY: dict[Storage, tuple[Trouble, ...]] = {
    "sqlite": (Trouble.DISK_FULL, Trouble.DISK_FULL),
    "postgresql": (Trouble.DATABASE_RESTARTED, Trouble.DATABASE_RESTARTED, Trouble.DATABASE_RESTARTED),
}


def plan(seed: int, storage: Storage = "sqlite", processes: int = 1, length: float = 10.0) -> Plan:
    """Return the episode of a seed; `length` (s) is how long things go on happening."""
    chance = random.Random(f"{seed} {storage} {processes}")
    diary = Diary(chance, length)
    acts = [*diary.acts()]
    faults = sorted(_faults(chance, storage, processes, length), key=lambda fault: fault.at)
    whispers = chance.random() < 0.3
    acts += diary.more()
    return Plan(seed, storage, processes, length, whispers, tuple(sorted(acts, key=lambda act: act.at)), tuple(faults))


@dataclass
class Diary:
    """Makes up what people do; each word and each task is used once, so that all that is seen can be told apart."""

    chance: random.Random
    length: float
    words: int = 0
    tasks: dict[str, list[str]] = field(default_factory=lambda: {BASE: list(TASKS)})
    crews: dict[str, list[str]] = field(default_factory=lambda: {BASE: list(CREW)})
    """Who is in which run, as far as all goes well."""
    began: dict[str, float] = field(default_factory=lambda: {BASE: -LEAD})
    done: set[tuple[str, str]] = field(default_factory=set)

    def acts(self) -> Iterator[Act]:
        """Yield all acts, in no order."""
        for _ in range(self.chance.choice((2, 3))):
            yield from self._begin_run()
        for _ in range(int(self.length * 2)):
            yield from self._work()

    def more(self) -> Iterator[Act]:
        """Yield what is done with dialogs, and for others, in no order."""
        for run in self.began:
            at = self._when(run)
            who = self.chance.choice(self.crews[run])
            yield Act(at, who, Deed.UPDATE_BY_DIALOG, self._word(), run)
            others = [one for one in (*CREW, GUEST) if one != who]
            yield Act(at, who, Deed.ASSIGN, "", run, TASKS[-1], self.chance.choice(others))

    def _begin_run(self) -> Iterator[Act]:
        word, at = self._word(), self.chance.uniform(0.0, self.length * 0.6)
        self.tasks[word], self.began[word] = list(TASKS), at + LEAD
        first = self.chance.choice(CREW)
        starters = CREW if self.chance.random() < 0.3 else (first,)
        if self.chance.random() < 0.3:
            starters = (first,)
            yield Act(at, first, Deed.START_BY_COMMAND, word, word)
        else:
            yield Act(at, first, Deed.KEYWORD, word)
            for who in starters:
                yield Act(at + 0.1, who, Deed.START, word, word)
        # Of two who start it one was quicker, and the other one comes in later.
        self.crews[word] = list(CREW if len(starters) > 1 or self.chance.random() < 0.5 else starters)
        for who in self.crews[word] if len(self.crews[word]) > 1 else ():
            yield Act(at + 0.2, who, Deed.JOIN, "", word)

    def _work(self) -> Iterator[Act]:
        run = self.chance.choice([BASE, BASE, *self.began])
        at = self._when(run)
        who = self.chance.choice(self.crews[run])
        deed = self.chance.choice(WORK)
        match deed:
            case Deed.CHECK_BY_BUTTON | Deed.CHECK_BY_COMMAND | Deed.CHECK_BY_MESSAGE:
                if self.tasks[run]:
                    yield Act(at, who, deed, "", run, self.tasks[run].pop(0))
            case Deed.SAY_WORDS | Deed.DELETE_CARD if self._first(run, deed):
                yield Act(at, who, deed, self._word(), run, SPOKEN if deed is Deed.SAY_WORDS else "")
            case Deed.JOIN if self._first(run, deed):
                yield Act(at, GUEST, deed, "", run)
                if self.chance.random() < 0.3:
                    yield Act(at + LEAD, GUEST, Deed.LEAVE, "", run)
            case Deed.NOTE_BY_COMMAND | Deed.NOTE_BY_MESSAGE | Deed.PIN | Deed.UPDATE:
                yield Act(at, who, deed, self._word(), run)
            case _:
                yield Act(at, self.chance.choice((*CREW, GUEST)), Deed.KEYWORD, self._word())

    def _when(self, run: str) -> float:
        """Return a time at which a run stands, if all goes well."""
        began = max(0.0, self.began[run])
        return began + self.chance.random() * (self.length - began)

    def _first(self, run: str, deed: Deed) -> bool:
        is_first = (run, deed) not in self.done
        self.done.add((run, deed))
        return is_first

    def _word(self) -> str:
        self.words += 1
        return f"w{self.words:02}x"


def _faults(chance: random.Random, storage: Storage, processes: int, length: float) -> Iterator[Fault]:
    kinds = [*EVERYWHERE, *ONLY[storage]]
    for _ in range(chance.randint(4, 7)):
        yield _fault(chance, chance.choice(kinds), chance.randrange(processes), chance.uniform(0.2, length - 0.5))


def _fault(chance: random.Random, trouble: Trouble, process: int, at: float) -> Fault:
    few, moment = chance.randint(1, 4), round(chance.uniform(0.2, 3.0), 2)
    match trouble:
        case Trouble.FAILING:
            return Fault(at, trouble, times=few, route=chance.choice(ROUTES), status=chance.choice((500, 502)))
        case Trouble.LIMITED | Trouble.REQUEST_LOST | Trouble.ANSWER_LOST | Trouble.EVENTS_FIRST | Trouble.EVENTS_LAST:
            return Fault(at, trouble, times=few, route=chance.choice(ROUTES))
        case Trouble.LATE:
            return Fault(at, trouble, seconds=moment, times=few, route=chance.choice(ROUTES))
        case Trouble.DOUBLED | Trouble.SWAPPED:
            return Fault(at, trouble, times=chance.randint(3, 12))
        case Trouble.DOOR_ANSWER_LOST:
            return Fault(at, trouble, times=chance.randint(1, 2))
        case Trouble.CLOCK_SET:
            return Fault(at, trouble, seconds=chance.choice((-90.0, -3600.0, 60.0)))
        case Trouble.TIME_PASSES:
            return Fault(at, trouble, seconds=HALF_AN_HOUR)
        case Trouble.SOCKETS_DROPPED:
            return Fault(at, trouble)
        case _:
            return Fault(at, trouble, process, seconds=moment)
