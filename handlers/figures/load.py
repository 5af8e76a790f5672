"""What a run asked of each person: tasks, and hours outside the working time; never how fast or how late they were."""

from handlers.figures.evidence import Evidence
from handlers.figures.run_facts import Load, TaskFacts
from handlers.figures.working_time import is_working, zone_of

HOUR = 3600


def load_of(evidence: Evidence, tasks: tuple[TaskFacts, ...]) -> dict[str, Load]:
    """Return what each of those did who ever took part in a run or did something in it, by person."""
    working, acts = evidence.book.working, evidence.acts
    done = [one.done_by for one in tasks if one.done_by]
    people = dict.fromkeys([*evidence.people, *(person_id for _, person_id in acts), *done])
    outside: dict[str, set[int]] = {}
    for at, person_id in acts if working is not None else ():
        if working is not None and not is_working(at, working, zone_of(evidence.book)):
            outside.setdefault(person_id, set()).add(int(at.timestamp()) // HOUR)
    return {
        each: Load(done.count(each), tuple(sorted(outside.get(each, ()))) if working is not None else None)
        for each in people
    }
