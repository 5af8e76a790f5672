"""Who may do what, as data: what people can be to a run, and what each of them may.

What everything asks for stands in its row of the routes; `docs/permissions.md` tells both to people.
"""

from collections.abc import Mapping
from typing import Literal

Part = Literal[
    "system admin", "playbook admin", "channel admin", "playbook member", "owner", "creator", "participant",
    "teammate", "guest",
]  # fmt: skip
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


def action_of(rule: Rule) -> Action:
    """Return what a rule asks of who does something to a run; the others are about no run."""
    match rule:
        case "anybody" | "asked" | "start":
            raise ValueError(rule)
    return rule
