"""Which handler deals with which form of a page, who may send it, and its fields: a row for each."""

from collections.abc import Mapping
from functools import partial
from typing import assert_never

from msgspec.structs import asdict

from handlers.attributes import by_form as attributes
from handlers.automation import why
from handlers.context import Context
from handlers.editing import on_page as editor
from handlers.effects import Correct, Effects, Refuse, Refused
from handlers.events import Acted, PageActed
from handlers.forms import Filled
from handlers.importing import on_page as importing
from handlers.lifecycle import end
from handlers.measures import metrics, times
from handlers.people import members
from handlers.personal import digests, open_pages
from handlers.retro import events
from handlers.retro import on_page as retro
from handlers.retro.publishing import PublishForm, SkipForm
from handlers.routes.rows import AnyPageForm, FreePageForm, RunPageForm, by_name
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.rules.attribute_form import AttributesForm
from handlers.rules.permission_table import action_of
from handlers.tasks import on_page
from handlers.updates import update

_ROWS: tuple[AnyPageForm, ...] = (
    RunPageForm("attribute.save", AttributesForm, attributes.saved_on_page, "change", finished=True),
    RunPageForm("action.again", why.AgainForm, why.again_on_page, "change", finished=True),
    RunPageForm("metric.save", metrics.MetricsForm, metrics.saved, "change", finished=True),
    RunPageForm("people.join", Filled, members.join, "join"),
    RunPageForm("people.leave", Filled, members.leave, "see", finished=True),
    RunPageForm("run.finish", end.FinishForm, end.finished_on_page, "finish"),
    RunPageForm("run.follow", Filled, partial(update.turned_on_page, follows=True), "see"),
    RunPageForm("run.restart", Filled, end.restarted, "finish", finished=True),
    RunPageForm("run.unfollow", Filled, partial(update.turned_on_page, follows=False), "see", finished=True),
    RunPageForm("task.give", on_page.GiveForm, on_page.given_on_page, "change", follow_ups=True),
    RunPageForm("task.new", on_page.NewTaskForm, on_page.added_on_page, "change", follow_ups=True),
    RunPageForm("task.turn", on_page.TurnForm, on_page.turned_on_page, "change", follow_ups=True),
    RunPageForm("time.save", times.TimesForm, times.saved, "change", finished=True),
    RunPageForm("update.post", update.UpdateForm, update.by_page, "change"),
    RunPageForm("retro.begin", retro.BeginForm, retro.begun, "change", finished=True),
    RunPageForm("retro.comment", retro.CommentForm, retro.commented, "see", finished=True),
    RunPageForm("retro.event", events.PageEventForm, events.reworded_on_page, "change", finished=True),
    RunPageForm("retro.publish", PublishForm, retro.published, "finish", finished=True),
    RunPageForm("retro.read", Filled, retro.read, "see", finished=True),
    RunPageForm("retro.review", retro.ReviewForm, retro.review_asked, "change", finished=True),
    RunPageForm("retro.settle", retro.SettleForm, retro.settled, "change", finished=True),
    RunPageForm("retro.skip", SkipForm, retro.skipped, "finish", finished=True),
    RunPageForm("retro.write", retro.WriteForm, retro.written, "change", finished=True),
    FreePageForm("book.archive", editor.BookForm, editor.archived, "anybody"),
    FreePageForm("book.copy", editor.CopyForm, editor.duplicated, "anybody"),
    FreePageForm("book.create", editor.CreateForm, editor.created, "anybody"),
    FreePageForm("book.drop", editor.BookForm, editor.dropped, "anybody"),
    FreePageForm("book.confirm", importing.ConfirmForm, importing.confirmed, "anybody"),
    FreePageForm("book.import", importing.UploadForm, importing.uploaded, "anybody"),
    FreePageForm("import.do", importing.AgreeForm, importing.imported, "anybody"),
    FreePageForm("import.drop", importing.ImportForm, importing.dropped, "anybody"),
    FreePageForm("import.settle", importing.SettleForm, importing.settled, "anybody"),
    FreePageForm("book.publish", editor.PublishForm, editor.published, "anybody"),
    FreePageForm("book.restore", editor.VersionForm, editor.restored, "anybody"),
    FreePageForm("book.save", editor.SectionForm, editor.saved, "anybody"),
    FreePageForm("book.unarchive", editor.BookForm, editor.unarchived, "anybody"),
    FreePageForm("settings.sign_out", Filled, open_pages.signed_out_on_page, "anybody"),
    FreePageForm("settings.turn", digests.TurnForm, digests.turned_on_page, "anybody"),
)

PAGE_FORMS: Mapping[str, AnyPageForm] = by_name(_ROWS)


def acted(event: PageActed, ctx: Context) -> Effects:
    """Decide what follows from a form of a page; it counts once, unless something in it is wrong."""
    row = PAGE_FORMS.get(event.action)
    if row is None:
        yield ctx.refused("pages", "gone").refusal
    elif long := row.form.too_long(event.values):
        said = {name: ctx.say("field", count=count, limit=limit) for name, (count, limit) in long.items()}
        yield Correct(errors={name: one["too_long"] for name, one in said.items()})
    elif ctx.store.once(f"page:{event.once}", ctx.now):
        try:
            found = list(_decided(row, event, ctx))
        except Refused as refused:
            found = [refused.correction if refused.field else refused.refusal]
        if any(isinstance(effect, Correct | Refuse) for effect in found):
            ctx.store.not_yet(f"page:{event.once}")
        yield from found


def worth_keeping(event: PageActed) -> dict[str, str]:
    """Return what was written into a form's own fields, for it to be shown again."""
    row = PAGE_FORMS.get(event.action)
    return row.form.worth_keeping(event.values) if row is not None else {}


def _decided(row: AnyPageForm, event: PageActed, ctx: Context) -> Effects:
    act = Acted(**asdict(event), form=row.form.read(event.values))
    match row:
        case RunPageForm(handler=handler):
            # Of a run that somebody may not see they are told what they are told of one that is not there.
            run = ctx.store.run(event.run_id)
            if run is None or not permissions.may_see(ctx, event.asker, run):
                raise ctx.refused("command", "no_such_run", number=event.run_id)
            run = admitted(
                ctx,
                event.run_id,
                event.asker,
                action_of(row.who),
                even_finished=row.finished,
                follow_ups=row.follow_ups,
            )
            yield from handler(act, run, ctx)
        case FreePageForm(handler=handler):
            yield from handler(act, ctx)
        case _:
            assert_never(row)
