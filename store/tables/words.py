"""The words that stand in the tables, each set of them declared once; tests go through them with `get_args`."""

from typing import Literal

RunState = Literal["opening", "active", "finished"]
TaskState = Literal["open", "in_progress", "done", "skipped"]
PromptState = Literal["open", "started", "dismissed", "muted", "folded"]
HandoverAnswer = Literal["accepted", "declined", "withdrawn"]
WhyClosed = Literal["archived", "removed"]
"""Why a channel cannot be used: somebody archived it, or removed the bot from it."""
PlaceKind = Literal["O", "P", "D", "G"]
"""What a channel is: public, private, for two, for a few."""

RetroState = Literal["draft", "published", "skipped"]
SectionKind = Literal["lesson", "follow_ups", "facts"]
"""What a section of a retrospective is: the answer to a question, what is to be done, what the bot has recorded."""
ChecklistKind = Literal["", "follow_ups"]
"""What a checklist is besides: the one of what is still to be done when the run is over."""

JobKind = Literal[
    "admins", "archive", "check_up", "digest", "fold", "follow_up", "insights", "retro", "task_due", "task_soon",
    "turn", "update",
]  # fmt: skip
"""What is planned; each has its handler in `handlers/routes/events.py`."""

TaskVerb = Literal["check", "restore", "skip", "start", "uncheck"]
"""What puts tasks into another state."""
ListVerb = Literal["duplicate", "remove", "restore", "skip"]
"""What is done to a checklist and all of its tasks."""
ChangeKind = Literal["add", "assign", "change", "done", "due", "edit", "move", "words"] | TaskVerb | ListVerb
"""What people do to a run's tasks and checklists."""

Reason = Literal["forbidden", "channel_gone", "archived", "not_found", "too_long", "person_gone", "refused"]
"""Why an effect can never be delivered."""
Outcome = Literal["done", "ephemeral", "gone", "shown", "unheard", "unreadable", "unsure"] | Reason
"""What became of an effect that is over."""

LiveKind = Literal["assignment", "attributes", "card", "checklist", "news", "retro", "retro_draft", "task_reminder"]
"""Messages that show how a run stands, and are looked at with each change."""
ClosedKind = Literal["handover_closed", "reminder_closed", "retro_closed", "task_reminder_closed"]
"""Messages of which one line is left, so that they are never drawn anew."""
OnceKind = Literal["broadcast", "finish", "insights", "note", "retro_review", "trouble", "update"]
"""Messages that are said once, and stay as they are."""
MessageKind = (
    LiveKind
    | Literal["digest", "editing", "handover", "import", "prompt", "proposal", "reminder"]
    | ClosedKind
    | OnceKind
)

MomentKind = Literal[
    "attribute", "channel_closed", "command_ran", "finished", "handover_asked", "handover_declined", "joined", "left",
    "metric", "milestone", "moved", "note", "opening_failed", "owner_changed", "pinned", "renamed", "restarted",
    "retro_published", "retro_skipped", "role", "role_freed", "snoozed", "started", "summary", "task_assigned",
    "task_done", "task_in_progress",
    "task_open", "task_skipped", "turned", "update", "upgraded", "variable",
]  # fmt: skip
"""What a run's timeline tells; each has its line in `templates/messages/moment.md.j2`."""

LeftOut = Literal["", "removed", "mistaken", "trial"]
"""Why a run counts in no figure: it was deleted, started by mistake, or only tried a playbook."""

Occasion = Literal["start", "update", "task", "finish", "restart", "retrospective"]
"""What happens to a run that actions of its playbook follow."""
ActionKind = Literal[
    "broadcast", "category", "channel", "command", "header", "invite", "post", "run", "webhook", "welcome"
]  # fmt: skip
"""What is done by itself."""
ActionState = Literal["waiting", "done", "skipped", "failed"]
ActionWhy = Literal[
    "archived", "circle", "closed", "forbidden", "groups_forbidden", "held", "hook_failed", "hook_off", "kept",
    "mistaken", "no_categories", "no_group", "no_groups", "no_place", "no_playbook", "nobody", "not_added", "not_met",
    "not_run", "refused", "server", "stopped", "there_before", "too_long",
]  # fmt: skip
"""Why an action was skipped or failed; each has its words in `templates/messages/why.md.j2`."""
