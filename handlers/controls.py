"""Every button, menu and dialog that a message can bear: its name and what it carries; the routes have its row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from handlers import payloads as of
from handlers.effects import Ask, Button, Dialog, Entry, Kind, Menu, Option, Style
from handlers.text.sentences import Said

P = TypeVar("P", bound=of.Payload)


@dataclass(frozen=True, slots=True)
class Control(Generic[P]):
    """A button or menu; `chosen` names the part of what it carries that comes as a menu's choice."""

    name: str
    carries: type[P]
    chosen: str = ""

    def button(self, label: str, payload: P, style: Style = "default") -> Button:
        """Return a button with this label, which is plain text."""
        return Button(label, self.name, payload.packed(), style)

    def menu(self, label: str, options: Sequence[Option], payload: P | None = None) -> Menu:
        """Return a menu; the chosen option's value comes back with what is carried."""
        return Menu(label, self.name, payload.packed() if payload is not None else "", tuple(options))

    def read(self, arg: str, choice: str = "") -> P:
        """Return what came back."""
        return self.carries.read(arg, choice, self.chosen)


@dataclass(frozen=True, slots=True)
class Form(Generic[P]):
    """A dialog."""

    name: str
    carries: type[P]

    def ask(
        self,
        payload: P,
        said: Said,
        first: Entry,
        *more: Entry,
        intro: str | None = None,
        title: str = "dialog_title",
        submit: str = "submit",
    ) -> Ask:
        """Return what opens the dialog; `title` and `submit` are blocks, and without an `intro` its block is it."""
        dialog = Dialog(
            action=self.name,
            arg=payload.packed(),
            title=said[title],
            intro=said.get("intro", "") if intro is None else intro,
            entries=(first, *more),
            submit=said[submit],
        )
        return Ask(dialog=dialog)


def entry(said: Said, name: str, kind: Kind = "text", **more: Any) -> Entry:
    """Return a field of a dialog; a template has its label, and its help as `…_help`."""
    label = f"{name}_label" if f"{name}_label" in said else name
    return Entry(**{"name": name, "label": said[label], "kind": kind, "help": said.get(f"{name}_help", ""), **more})


ATTRIBUTES_ASK = Control("attributes.ask", of.OfRun)
ATTRIBUTE_UNDO = Control("attribute.undo", of.MomentOfRun)
ACTION_AGAIN = Control("action.again", of.ActionOfRun, "action_id")
ACTION_RUN = Control("action.run", of.ActionOfRun)
BARE_ASK = Control("bare.ask", of.Nothing)
DESCRIBE_UNDO = Control("describe.undo", of.OfMoment)
DIGEST_OFF = Control("digest.off", of.Setting)
EDIT_CHOOSE = Control("edit.choose", of.PartOfPlaybook, "part")
EDITION_TAKE = Control("edition.take", of.LineOfPlaybook, "line")
EDIT_DO = Control("edit.do", of.DoneToPlaybook)
EDIT_VERSION = Control("edit.version", of.VersionOfPlaybook, "version")
PLAYBOOK_TAKE_OVER = Control("playbook.take_over", of.OfPlaybook)
FINISH_ASK = Control("finish.ask", of.OfRun)
CHANGES_ACCEPT = Control("changes.accept", of.OfProposal)
CHANGES_LEAVE = Control("changes.leave", of.OfProposal)
CHANGES_PATCH = Control("changes.patch", of.OfProposal)
CHANGES_SHOW = Control("changes.show", of.OfPlaybook)
HANDOVER_ASK = Control("handover.ask", of.OfRun)
HANDOVER_DECLINE = Control("handover.decline", of.OfHandover)
HANDOVER_TAKE = Control("handover.take", of.OfHandover)
IMPORT_CANCEL = Control("import.cancel", of.OfImport)
IMPORT_CONFIRM = Control("import.confirm", of.ToConfirm)
IMPORT_DO = Control("import.do", of.OfImport)
IMPORT_HOW = Control("import.how", of.OfImport, "choice")
IMPORT_LEAVE = Control("import.leave", of.OfImport)
IMPORT_TEAM = Control("import.team", of.OfImport, "choice")
LIST_WHERE = Control("list.where", of.KeptList)
NEWER_TAKE = Control("newer.take", of.LineOfRun, "line")
PROMPT_DISMISS = Control("prompt.dismiss", of.OfPrompt)
PROMPT_MUTE = Control("prompt.mute", of.OfPrompt)
PROMPT_START = Control("prompt.start", of.OfPrompt, "playbook_id")
REMINDER_SNOOZE = Control("reminder.snooze", of.RunLater, "seconds")
RETRO_COMMENT = Control("retro.comment", of.OfRun)
RETRO_EVENT = Control("retro.event", of.MomentOfRun, "moment_id")
RETRO_MORE = Control("retro.more", of.ItemOfRun, "item")
RETRO_OVER = Control("retro.over", of.TextOfSection)
RETRO_PUBLISH = Control("retro.publish", of.OfRun)
RETRO_READ = Control("retro.read", of.OfRun)
RETRO_SEEN = Control("retro.seen", of.OfRun)
RETRO_SETTLE = Control("retro.settle", of.CommentOfRun, "comment_id")
RETRO_SWITCH = Control("retro.switch", of.SwitchOfRun)
RETRO_WRITE = Control("retro.write", of.SectionOfRun, "section_id")
RUN_ASK = Control("run.ask", of.Nothing)
RUN_BRIEF = Control("run.brief", of.OfRun)
RUN_FOLLOW = Control("run.follow", of.OfRun)
RUN_JOIN = Control("run.join", of.OfRun)
RUN_LOOK = Control("run.look", of.OfRun, "run_id")
RUN_MORE = Control("run.more", of.ItemOfRun, "item")
RUN_RESTART = Control("run.restart", of.OfRun)
RUN_WHICH = Control("run.which", of.KeptCommand, "run_id")
SETTINGS_SIGN_OUT = Control("settings.sign_out", of.Nothing)
SETTINGS_TURN = Control("settings.turn", of.Setting)
TASK_CHOOSE = Control("task.choose", of.ItemOfList, "item")
TASK_DONE = Control("task.done", of.OfTask)
TASK_OPEN = Control("task.open", of.OfTask)
TASK_PICK = Control("task.pick", of.OfTask, "task_id")
TASK_READ = Control("task.read", of.OfTask)
TASK_RUN = Control("task.run", of.OfTask)
TASK_SNOOZE = Control("task.snooze", of.TaskLater, "seconds")
TASK_START = Control("task.start", of.OfTask)
TASK_TAKE = Control("task.take", of.OfTask)
METRICS_ASK = Control("metrics.ask", of.OfRun)
TIMES_ASK = Control("times.ask", of.OfRun)
TIMELINE_CHANGE = Control("timeline.change", of.TimelineEntry, "moment_id")
TIMELINE_PAGE = Control("timeline.page", of.PageOfRun)
TODO_DONE = Control("todo.done", of.OfTask)
UNDO = Control("undo", of.ChangeOfRun)
UPDATE_ASK = Control("update.ask", of.OfRun)
WEBHOOK_AGAIN = Control("webhook.again", of.OfDelivery)
WEBHOOK_LIST = Control("webhook.list", of.OfWebhook)
WEBHOOK_ON = Control("webhook.on", of.OfWebhook)
WEBHOOK_SECRET = Control("webhook.secret", of.OfWebhook)
WEBHOOK_TEST = Control("webhook.test", of.OfWebhook)
VARIABLE_UNDO = Control("variable.undo", of.ValueOfRun)

ATTRIBUTES_SAVE = Form("attributes.save", of.AttributesOfRun)
BARE_MAKE = Form("bare.make", of.Nothing)
CHECKLIST_NEW = Form("checklist.new", of.OfRun)
CHECKLIST_SAVE = Form("checklist.save", of.ListOfRun)
DESCRIBE_SAVE = Form("describe.save", of.OfRun)
EDIT_CREATE = Form("edit.create", of.Nothing)
EDIT_PUBLISH = Form("edit.publish", of.PartOfDraft)
EDIT_SAVE = Form("edit.save", of.PartOfDraft)
FINISH_CONFIRM = Form("finish.confirm", of.OfRun)
HANDOVER_GIVE = Form("handover.give", of.OfRun)
NOTE_SAVE = Form("note.save", of.OfRun)
PEOPLE_INVITE = Form("people.invite", of.OfRun)
PEOPLE_REMOVE = Form("people.remove", of.OfRun)
RETRO_ASK = Form("retro.ask", of.OfRun)
RETRO_NOTE = Form("retro.note", of.OfRun)
RETRO_REWORD = Form("retro.reword", of.MomentOfRun)
RETRO_SAVE = Form("retro.save", of.SectionOfRun)
RETRO_SEND = Form("retro.send", of.OfRun)
RETRO_SKIP = Form("retro.skip", of.OfRun)
ROLE_GIVE = Form("role.give", of.OfRun)
RUN_DELETE = Form("run.delete", of.OfRun)
RUN_MOVE = Form("run.move", of.OfRun)
RUN_START = Form("run.start", of.StartedBy)
TASK_ACT = Form("task.act", of.TaskOfRun)
TASK_NEW = Form("task.new", of.OfRun)
TASK_SAVE = Form("task.save", of.TaskOfRun)
TASK_WORDS = Form("task.words", of.TaskOfRun)
METRICS_SAVE = Form("metrics.save", of.OfRun)
TIMES_SAVE = Form("times.save", of.OfRun)
UPDATE_POST = Form("update.post", of.OfRun)
VARIABLE_SAVE = Form("variable.save", of.OfRun)

CONTROLS: frozenset[str] = frozenset(one.name for one in tuple(globals().values()) if isinstance(one, Control))
FORMS: frozenset[str] = frozenset(one.name for one in tuple(globals().values()) if isinstance(one, Form))
"""The names of all of them: the routes have a row for each, or the bot does not start."""
