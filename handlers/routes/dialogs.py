"""Which handler deals with which dialog, who may fill it in, and its fields: a row for each."""

from collections.abc import Mapping
from functools import partial

from msgspec.structs import asdict

from handlers import controls as of
from handlers.attributes import by_form as attributes
from handlers.context import Context
from handlers.editing import cards, making
from handlers.editing import publishing as versions
from handlers.effects import Correct, Effects, Refuse, Refused
from handlers.events import DialogSubmitted, Submission
from handlers.lifecycle import end, move, rename, timeline, variables
from handlers.measures import metrics, times
from handlers.people import handover, members, roles
from handlers.retro import events, publishing, reviewing, writing
from handlers.routes.rows import AnyDialog, FreeDialog, RunDialog, by_name, same
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.rules.attribute_form import AttributesForm
from handlers.rules.permission_table import action_of
from handlers.rules.task_form_values import TaskForm
from handlers.start import by_dialog, standalone
from handlers.tasks import dialogs, done_when, lists, reading
from handlers.updates import update

_ROWS: tuple[AnyDialog, ...] = (
    RunDialog(of.ATTRIBUTES_SAVE, AttributesForm, attributes.saved, "change", finished=True),
    FreeDialog(of.BARE_MAKE, standalone.BareForm, standalone.by_dialog, "anybody"),
    RunDialog(of.CHECKLIST_NEW, lists.NewListForm, lists.added, "change"),
    RunDialog(of.CHECKLIST_SAVE, lists.ListForm, lists.saved, "change"),
    RunDialog(of.DESCRIBE_SAVE, rename.DescribeForm, rename.by_dialog, "change"),
    FreeDialog(of.EDIT_CREATE, making.CreateForm, making.by_dialog, "anybody"),
    FreeDialog(of.EDIT_PUBLISH, versions.PublishForm, versions.by_dialog, "anybody"),
    FreeDialog(of.EDIT_SAVE, cards.PartForm, cards.saved, "anybody"),
    RunDialog(of.FINISH_CONFIRM, end.FinishForm, end.finished, "finish"),
    RunDialog(of.HANDOVER_GIVE, handover.HandoverForm, handover.by_dialog, "own"),
    RunDialog(of.METRICS_SAVE, metrics.MetricsForm, metrics.saved, "change", finished=True),
    RunDialog(of.TIMES_SAVE, times.TimesForm, times.saved, "change", finished=True),
    RunDialog(of.NOTE_SAVE, timeline.NoteForm, timeline.noted_by_dialog, "change", finished=True),
    RunDialog(of.PEOPLE_INVITE, members.PersonForm, partial(members.by_dialog, what="invite"), "people"),
    RunDialog(of.PEOPLE_REMOVE, members.PersonForm, partial(members.by_dialog, what="remove"), "people"),
    RunDialog(of.RETRO_ASK, reviewing.ReviewForm, reviewing.review_wanted, "change", finished=True),
    RunDialog(of.RETRO_NOTE, reviewing.CommentForm, reviewing.commented, "see", finished=True),
    RunDialog(of.RETRO_REWORD, events.EventForm, events.reworded, "change", finished=True),
    RunDialog(of.RETRO_SAVE, writing.SectionForm, writing.saved, "change", finished=True),
    RunDialog(of.RETRO_SEND, publishing.PublishForm, publishing.published, "finish", finished=True),
    RunDialog(of.RETRO_SKIP, publishing.SkipForm, publishing.skipped, "finish", finished=True),
    RunDialog(of.ROLE_GIVE, roles.RoleForm, roles.by_dialog, "change"),
    RunDialog(of.RUN_DELETE, end.DeleteForm, end.deleted, "delete", finished=True),
    RunDialog(of.RUN_MOVE, move.ChannelForm, move.by_dialog, "change"),
    FreeDialog(of.RUN_START, by_dialog.StartForm, by_dialog.by_dialog, "start"),
    RunDialog(of.TASK_ACT, reading.ActForm, reading.acted, "change", follow_ups=True),
    RunDialog(of.TASK_NEW, TaskForm, dialogs.added, "change", follow_ups=True),
    RunDialog(of.TASK_SAVE, TaskForm, dialogs.saved, "change", follow_ups=True),
    RunDialog(of.TASK_WORDS, done_when.WordsForm, done_when.by_dialog, "change"),
    RunDialog(of.UPDATE_POST, update.UpdateForm, update.by_dialog, "change"),
    RunDialog(of.VARIABLE_SAVE, variables.VariableForm, variables.by_dialog, "change"),
)

DIALOGS: Mapping[str, AnyDialog] = by_name(_ROWS, lambda row: row.dialog.name)
same(DIALOGS, of.FORMS)


def submitted(event: DialogSubmitted, ctx: Context) -> Effects:
    """Decide what follows from a dialog; why not is said in it, and it stays open until it counts, once."""
    row = DIALOGS.get(event.action)
    if row is None:
        yield permissions.gone(ctx).correction
    elif long := row.form.too_long(event.values):
        said = {name: ctx.say("field", count=count, limit=limit) for name, (count, limit) in long.items()}
        yield Correct(errors={name: one["too_long"] for name, one in said.items()})
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
        try:
            found = list(_decided(row, event, ctx))
        except Refused as refused:
            found = [refused.correction]
        if any(isinstance(effect, Correct | Refuse) for effect in found):
            ctx.store.not_yet(f"dialog:{event.once}")
        yield from found


def _decided(row: AnyDialog, event: DialogSubmitted, ctx: Context) -> Effects:
    payload, form = row.dialog.carries.read(event.arg), row.form.read(event.values)
    submission = Submission(**asdict(event), payload=payload, form=form)
    if isinstance(row, FreeDialog):
        yield from row.handler(submission, ctx)
        return
    run = admitted(
        ctx,
        payload.run_id,
        event.asker,
        action_of(row.who),
        even_finished=row.finished,
        follow_ups=row.follow_ups,
    )
    yield from row.handler(submission, run, ctx)
