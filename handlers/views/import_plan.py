"""The plan of an import in lines, for a message, a page and the command line."""

from collections.abc import Callable, Iterator

from handlers.exchange.plan import Plan, Step
from handlers.text.sentences import Said
from handlers.text.words import Safe

Say = Callable[..., Said]
"""Says the template `exchange` with some values, to whom the plan is shown."""


def head_of(plan: Plan, say: Say) -> str:
    """Return how many playbooks are created, updated and skipped."""
    said = say(
        create=plan.count("create"),
        update=plan.count("update"),
        skip=plan.count("skip"),
        conflict=plan.count("conflict"),
        count=len(plan.steps),
    )
    return said["head"]


def title_of(step: Step, say: Say) -> str:
    """Return what becomes of one playbook."""
    why = say()[f"why_{step.why}"] if step.why else ""
    return say(title=step.book.title, tasks=len(step.book.tasks), why=_said(why))[f"step_{step.what}"]


def details_of(step: Step, say: Say) -> Iterator[str]:
    """Yield whom it names, what is off at first, and what cannot be kept as it was."""
    if step.what == "skip" and step.why != "unfit":
        return
    if step.what == "create" and step.why == "archived_there":
        yield say()["archived_too"]
    for one in step.named:
        yield say(kind=_said(say()[f"kind_{one.kind}"]), id=one.id, name=one.name)[one.how]
    for held in step.held:
        yield say()[f"held_{held}"]
    for note in step.notes:
        yield say(about=note.about, value=note.value)[f"note_{note.block}"]


def _said(words: str) -> str:
    # Said by a template already.
    return Safe(words)
