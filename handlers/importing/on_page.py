"""Files of playbooks that are uploaded on a page: their plan first, then all that it says, or nothing."""

from collections.abc import Mapping
from typing import Annotated

from handlers.context import Context
from handlers.effects import Answer, Content, Correct, Effects
from handlers.events import Acted, Given
from handlers.exchange.files import MOST_BYTES
from handlers.forms import Filled, Line, Text
from handlers.importing.reading import documents_of
from handlers.operations.import_playbooks import confirm_playbook
from handlers.operations.keep_import import begin_import, begun, carry_out
from handlers.playbooks.file import PlaybookMistake
from handlers.text.numbers import number
from handlers.views.import_card import done_of
from store import Import


class UploadForm(Filled, frozen=True):
    """A file: its name, and what stands in it as text."""

    file: Annotated[str, Text(2 * MOST_BYTES)] = ""
    file_name: Annotated[str, Line(255)] = ""

    @classmethod
    def worth_keeping(cls, values: Mapping[str, str]) -> dict[str, str]:
        # A browser fills no file in again.
        return {}


class ImportForm(Filled, frozen=True):
    """An import that was begun."""

    number: Annotated[str, Line(10)] = ""


class SettleForm(ImportForm, frozen=True):
    """What was decided of an import: for which team, what of those that are here, and of whom nobody knows."""

    team: Annotated[str, Line(80)] = ""
    on_conflict: Annotated[str, Line(20)] = "fail"
    leave_unknown: bool = False


class AgreeForm(ImportForm, frozen=True):
    """*Import*: the plan that was looked at, by its digest."""

    agreed: Annotated[str, Line(40)] = ""


class ConfirmForm(Filled, frozen=True):
    """*Turn them on*: a playbook, and the mark of what was shown of it."""

    key: Annotated[str, Line(80)] = ""
    seen: Annotated[str, Line(40)] = ""


def uploaded(event: Acted[UploadForm], ctx: Context) -> Effects:
    """Keep the file, and go on to its plan."""
    content = event.form.file.encode("utf-8", "surrogateescape")
    if not content:
        yield Correct(errors={"file": ctx.say("exchange")["file_missing"]})
        return
    try:
        documents = documents_of([Given(event.form.file_name or "file", len(content), content)])
    except PlaybookMistake as mistake:
        yield Correct(errors={"file": str(mistake)})
        return
    kept = begin_import(ctx, event.asker, documents)
    yield Answer(content=Content(), page=page_of(kept))


def settled(event: Acted[SettleForm], ctx: Context) -> Effects:
    """Take over what was decided; the page shows the plan anew."""
    form = event.form
    kept = begun(ctx, number(form.number), event.asker)
    kept.team, kept.on_conflict, kept.leave_unknown = form.team, form.on_conflict, form.leave_unknown
    yield Answer(content=Content(), page=page_of(kept))


def imported(event: Acted[AgreeForm], ctx: Context) -> Effects:
    """*Import*: all that the plan says."""
    kept = begun(ctx, number(event.form.number), event.asker)
    kept.agreed = event.form.agreed
    found = carry_out(ctx, kept, event.asker)
    page = f"/playbooks/{found[0].row.key}" if len(found) == 1 else "/playbooks"
    yield Answer(content=done_of(ctx, found), page=page)


def dropped(event: Acted[ImportForm], ctx: Context) -> Effects:
    """*Cancel*: the file is forgotten."""
    ctx.store.drop_import(begun(ctx, number(event.form.number), event.asker))
    yield Answer(content=Content(ctx.say("exchange")["cancelled"]), page="/playbooks")


def confirmed(event: Acted[ConfirmForm], ctx: Context) -> Effects:
    """*Turn them on*: an admin has looked at commands and webhooks."""
    row = ctx.store.playbook_by_key(event.form.key)
    if row is None:
        raise ctx.refused("playbook", "gone")
    confirm_playbook(ctx, row, event.asker, event.form.seen)
    yield ctx.answer("exchange", "confirmed_but" if row.held else "confirmed", title=row.title)


def page_of(kept: Import) -> str:
    """Return the page of an import's plan."""
    return f"/playbooks/import/{kept.id}"
