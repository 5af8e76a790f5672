"""What people knew of their acts in the end, and how often something may have happened then."""

from collections.abc import Iterator

from chaos.done import TROUBLES, Done, Outcome, told
from chaos.plan import Deed
from chaos.record import Record, Shown
from handlers.text.sentences import say


def outcomes(record: Record, done: Done) -> Outcome:
    """Return what the person knew in the end: what is said against a press comes later, as a dialog or a message."""
    if not done.trigger or done.outcome is not Outcome.YES:
        return done.outcome
    if (said := record.dialogs.get(done.act.who, {}).get(done.trigger)) is not None:
        return told(said, positive=False)
    troubles = {say("door")[block] for block in TROUBLES}
    # What is answered to a press in place is shown by the server in the presser's own name.
    may_be_told = any(post.text in troubles for post in record.screens[done.act.who])
    return Outcome.UNKNOWN if may_be_told else Outcome.YES


def allowed(record: Record, some: list[Done]) -> range:
    """Return how often something may have happened that these acts were to bring about once."""
    known = {outcomes(record, done) for done in some}
    if Outcome.YES in known:
        return range(1, 2)
    return range(2) if Outcome.UNKNOWN in known else range(1)


def acts(record: Record, *deeds: Deed) -> list[Done]:
    """Return what was done of some kinds."""
    return [done for done in record.done if done.act.deed in deeds and done.outcome is not Outcome.SKIPPED]


def counted(found: int, often: range, what: str) -> Iterator[str]:
    """Yield it in words where something was found more or less often than it may be."""
    if found not in often:
        wanted = str(often[0]) if len(often) == 1 else f"{often[0]} to {often[-1]}"
        yield f"{what}: {found} instead of {wanted}"


def directly(record: Record, part: str) -> list[Shown]:
    """Return what the bot has said to somebody by direct message."""
    direct = {place.id for place in record.places if place.is_direct}
    return [post for post in record.screens[part] if post.author_id == record.bot_id and post.place_id in direct]
