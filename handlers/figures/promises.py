"""The punctuality of updates: of the times that were promised and came due, how many were kept."""

from handlers.figures.evidence import Evidence
from handlers.figures.run_facts import Promises
from store import Job


def promises_of(evidence: Evidence) -> Promises:
    """Return how many promised updates came due, and how many were posted in time.

    Each start, update, snooze and restart promises the time of the next update. A promise that was put off, or whose
    run ended, before it came due was none; one put off later was broken.
    """
    posted = {one.at for one in evidence.of("update")}
    found = [_kept(job, evidence, job.done_at in posted) for job in evidence.update_jobs if _is_promise(job)]
    came_due = [kept for kept in found if kept is not None]
    return Promises(len(came_due), sum(came_due))


def _is_promise(job: Job) -> bool:
    """Return whether a job is the first to ask for an update; the others only ask for the same once more."""
    return not job.payload.get("round")


def _kept(job: Job, evidence: Evidence, was_posted: bool) -> bool | None:
    """Return whether a promise was kept, None where it did not come due."""
    if job.done_at is None:
        return None if job.due_at >= evidence.now else False
    if was_posted:
        return job.done_at <= job.due_at
    return None if job.done_at < job.due_at else False
