"""Who may do what, as data: what people can be to a run, what each of them may, and what everything asks for.

`docs/permissions.md` is the same table for people.
"""

from collections.abc import Mapping
from typing import Literal

Part = Literal[
    "system admin",
    "playbook admin",
    "channel admin",
    "playbook member",
    "owner",
    "creator",
    "participant",
    "teammate",
    "guest",
]
"""What somebody is to a run; often several at once. A teammate is who may look at a run without being in it."""

Action = Literal["see", "join", "change", "people", "own", "finish", "delete"]
"""What can be done to a run; `people` brings others in and out, `own` makes somebody its owner."""

_ADMINS: frozenset[Part] = frozenset({"system admin", "playbook admin"})
_HEADS: frozenset[Part] = _ADMINS | {"channel admin", "owner"}
_INSIDE: frozenset[Part] = _HEADS | {"creator", "participant"}
_SEEING: frozenset[Part] = _INSIDE | {"playbook member", "teammate"}

MAY: Mapping[Action, frozenset[Part]] = {
    "see": _SEEING,
    "join": _SEEING,
    "change": _INSIDE,
    "people": _INSIDE,
    "own": _INSIDE,
    "finish": _INSIDE,
    "delete": _ADMINS | {"owner", "creator"},
}
"""Who may do what to a run."""

STRICT: Mapping[Action, frozenset[Part]] = {"own": _HEADS, "finish": _HEADS}
"""What holds instead where the playbook says `only_owner_finishes`."""

NOT_GUESTS: frozenset[Action] = frozenset({"people", "own", "finish", "delete"})
"""What guests may not do, whatever else they are."""

Rule = Action | Literal["anybody", "asked", "start"]
"""`asked` is for the one who was asked, `start` for who may start a playbook."""

OF_COMMANDS: Mapping[str, Rule] = {
    "accept": "asked",
    "add": "change",
    "assign": "change",
    "brief": "see",
    "check": "change",
    "checklist": "change",
    "decline": "asked",
    "delete": "delete",
    "do": "change",
    "done-when": "change",
    "due": "change",
    "duplicate": "change",
    "edit": "change",
    "finish": "finish",
    "follow": "see",
    "handover": "own",
    "history": "change",
    "invite": "people",
    "join": "join",
    "leave": "see",
    "move": "change",
    "move-run": "change",
    "note": "change",
    "owner": "see",
    "remove": "change",
    "rename": "change",
    "restart": "finish",
    "restore": "change",
    "role": "change",
    "roles": "see",
    "set": "change",
    "skip": "change",
    "snooze": "change",
    "start": "change",
    "summary": "change",
    "timeline": "see",
    "uncheck": "change",
    "undo": "change",
    "unfollow": "see",
    "unset": "change",
    "update": "change",
}
"""What commands about a run ask for; what `owner @bob` and `remove @bob` ask for beyond that stands where they are."""


def action_of(rule: Rule) -> Action:
    """Return what a rule asks of who does something to a run; the others are about no run."""
    match rule:
        case "anybody" | "asked" | "start":
            raise ValueError(rule)
    return rule


OF_BUTTONS: Mapping[str, Rule] = {
    "bare.ask": "anybody",
    "describe.undo": "change",
    "digest.off": "anybody",
    "finish.ask": "finish",
    "handover.ask": "own",
    "handover.decline": "asked",
    "handover.take": "asked",
    "prompt.dismiss": "anybody",
    "prompt.mute": "anybody",
    "prompt.start": "start",
    "reminder.snooze": "change",
    "run.ask": "start",
    "run.brief": "see",
    "run.follow": "see",
    "run.join": "join",
    "run.look": "see",
    "run.more": "anybody",
    "run.restart": "finish",
    "run.which": "anybody",
    "settings.turn": "anybody",
    "task.choose": "change",
    "task.done": "change",
    "task.open": "change",
    "task.pick": "change",
    "task.run": "change",
    "task.snooze": "change",
    "task.start": "change",
    "timeline.change": "change",
    "timeline.page": "see",
    "todo.done": "change",
    "undo": "change",
    "update.ask": "change",
    "variable.undo": "change",
}
"""What buttons and menus ask for; behind the menu *More…* each choice asks for its own."""

OF_MORE: Mapping[str, Rule] = {
    "checklist.add": "change",
    "follow": "see",
    "note.ask": "change",
    "people.invite": "people",
    "people.join": "join",
    "people.leave": "see",
    "people.remove": "people",
    "role.ask": "change",
    "run.brief": "see",
    "run.delete": "delete",
    "run.describe": "change",
    "variable.ask": "change",
    "run.move": "change",
    "run.timeline": "see",
    "task.add": "change",
    "task.words": "change",
    "todo": "see",
    "undo.last": "change",
}
"""What the choices of the menu *More…* ask for."""

OF_DIALOGS: Mapping[str, Rule] = {
    "bare.make": "anybody",
    "checklist.new": "change",
    "checklist.save": "change",
    "describe.save": "change",
    "variable.save": "change",
    "finish.confirm": "finish",
    "handover.give": "own",
    "note.save": "change",
    "people.invite": "people",
    "people.remove": "people",
    "role.give": "change",
    "run.delete": "delete",
    "run.move": "change",
    "run.start": "start",
    "task.new": "change",
    "task.save": "change",
    "task.words": "change",
    "update.post": "change",
}
"""What dialogs ask for when they are submitted."""
