"""Any playbook that can be: valid, with every key, and with texts that files, pages and other products may spoil."""

import json
from typing import Any

from hypothesis import strategies as st

from handlers.playbooks.playbook import Playbook, playbook_of

_SEEN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="{}")
_ODD = [
    "yes",
    "no",
    "null",
    "~",
    "12:30",
    "010",
    "1e3",
    "0x1F",
    "- a",
    "#b",
    "a: b",
    "a #b",
    "@x",
    "*x",
    "'",
    '"',
    "…",
    "y",
]
LINES = (st.text(_SEEN, min_size=1, max_size=12) | st.sampled_from(_ODD)).map(str.strip).filter(bool)
TEXTS = st.lists(st.text(_SEEN | st.sampled_from("\t "), max_size=12) | st.sampled_from(_ODD), max_size=4).map(
    "\n".join
)
PEOPLE = st.sampled_from(["@ann", "@bob", "@cy.d", "@eve"])
MEMBERS = PEOPLE | st.sampled_from(["group:ops", "group:all-staff"])
CHANNELS = st.sampled_from(["~ops", "~town-square", "~status"])
LENGTHS = st.sampled_from(["30 s", "5m", "1 h 30 min", "2d", "1w"])
KEPT = st.just("") | st.dictionaries(LINES, LINES | st.integers() | st.none(), max_size=2).map(json.dumps)
ATTRIBUTES = ("Severity", "Products", "Since", "Ticket", "Cost", "Contact", "Day")


def _lists(of: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, max_size=most)


def _some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of these keys, with values."""
    return st.fixed_dictionaries({}, optional=parts)


ALWAYS = "always"
"""An option of each attribute that has some."""
_COMPARABLE = {
    "Severity": st.just([ALWAYS]),
    "Products": st.just([ALWAYS]),
    "Since": st.just(["2026-11-27"]),
    "Ticket": st.lists(LINES, min_size=1, max_size=2),
    "Cost": st.sampled_from([["12"], ["12.5", "3"]]),
    "Contact": st.just(["@ann"]),
    "Day": st.lists(LINES, min_size=1, max_size=2),
}
_COMPARISONS = st.one_of(
    st.fixed_dictionaries({"attribute": st.just(name), how: values})
    for name, values in _COMPARABLE.items()
    for how in ("is", "is_not")
)
_SEVERAL = st.builds(
    lambda how, parts: {how: parts}, st.sampled_from(["all", "any"]), st.lists(_COMPARISONS, min_size=1, max_size=2)
)
WHEN = _COMPARISONS | _SEVERAL | st.builds(lambda part: {"all": [part]}, _SEVERAL)

_DONE_WHEN = st.just({"update": True}) | st.fixed_dictionaries(
    {"says": st.lists(st.sampled_from(["green", "it works", "ok"]), min_size=1, max_size=2)},
    optional={"by": _lists(PEOPLE, 2), "update": st.booleans()},
)
_LINKS = st.just("https://example.org/a?b=c#d") | st.fixed_dictionaries(
    {"url": st.just("https://example.org/wiki"), "title": LINES}
)
TASKS = LINES | st.fixed_dictionaries(
    {"title": LINES},
    optional={
        "description": TEXTS,
        "assignee": PEOPLE | st.sampled_from(["owner", "creator", "scribe"]),
        "assignees": _lists(PEOPLE, 2),
        "due": LENGTHS,
        "command": st.sampled_from(["/jira create $t", "/call #1: now"]),
        "done_when": _DONE_WHEN,
        "sets": st.just("mitigated"),
        "when": WHEN,
        "needs": _lists(st.sampled_from(ATTRIBUTES), 2),
        "links": _lists(_LINKS, 2),
        "command_is_template": st.booleans(),
        "assignee_attribute": st.just("Contact"),
        "kept": KEPT,
    },
)
CHECKLISTS = st.fixed_dictionaries({"title": LINES}, optional={"tasks": _lists(TASKS), "kept": KEPT})

_METRICS = _lists(
    st.fixed_dictionaries({"title": st.just("Time to fix"), "from": st.just("started"), "to": st.just("finished")})
    | st.fixed_dictionaries({"title": st.just("Users"), "type": st.just("integer"), "target": st.just("1200")})
    | st.fixed_dictionaries({"title": st.just("Cost"), "type": st.just("currency"), "currency": st.just("EUR")}),
    3,
).map(lambda found: list({one["title"]: one for one in found}.values()))
_DOES = (
    st.fixed_dictionaries({"invite": st.lists(MEMBERS | st.just("scribe"), min_size=1, max_size=2)})
    | st.fixed_dictionaries({"post": LINES}, optional={"channel": CHANNELS})
    | st.fixed_dictionaries({"command": st.just("/call start")})
    | st.fixed_dictionaries({"run": st.just("weekly")})
    | st.fixed_dictionaries({"webhook": st.just("pager")})
)
_ACTIONS = st.builds(
    lambda does, more: does | more,
    _DOES,
    _some(
        on=st.sampled_from(["start", "update", "finish", "restart", "retrospective"]),
        when=WHEN,
        repeat=st.booleans(),
        if_it_fails=st.sampled_from(["continue", "stop"]),
    ),
)
_TYPES = {"Severity": "select", "Products": "multiselect", "Since": "date", "Contact": "person", "Cost": "number"}


def _attribute(name: str, more: dict[str, Any], options: list[str]) -> dict[str, Any]:
    kind = _TYPES.get(name, "text")
    return {"name": name, "type": kind, **more, **({"options": options} if "select" in kind else {})}


_OPTIONS = st.lists(LINES.filter(lambda one: one.casefold() != ALWAYS), max_size=2, unique_by=str.casefold).map(
    lambda found: [*found, ALWAYS]
)
_ATTRIBUTES = st.tuples(
    *(
        st.builds(
            _attribute,
            st.just(name),
            _some(
                description=TEXTS,
                required=st.booleans(),
                show=st.sampled_from(["always", "filled", "never"]),
                kept=KEPT,
            ),
            _OPTIONS,
        )
        for name in ATTRIBUTES
    )
).map(list)
_ROLES = st.sampled_from(
    [
        ["scribe"],
        ["scribe", {"name": "on-call", "person": "@ann"}],
        [
            "scribe",
            {"name": "on-call", "rota": {"people": ["@ann", "@bob", "@ann"], "every": "1d", "from": "2026-01-05"}},
        ],
    ]
)

SAID: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "title": LINES,
        "key": st.just("ours"),
        "roles": _ROLES,
        "attributes": _ATTRIBUTES,
        "webhooks": st.just([{"name": "pager", "url": "https://hooks.example.org/x", "events": ["run.started"]}]),
        "checklists": _lists(CHECKLISTS),
    },
    optional={
        "description": TEXTS,
        "teams": _lists(st.sampled_from(["red", "blue"])),
        "keywords": _lists(st.sampled_from(["sev-1", "#down", "12:30", "yes"])),
        "match": st.sampled_from(["word", "exact"]),
        "start": st.just("now"),
        "name": LINES | st.just("{playbook}: {message}"),
        "summary": TEXTS,
        "channel": _some(
            visibility=st.just("private"), header=TEXTS, archive=st.booleans(), category=LINES, only_new=st.booleans()
        ),
        "owner": PEOPLE,
        "timezone": st.just("Europe/Berlin"),
        "invite": _lists(MEMBERS),
        "membership": _some(join_channel=st.booleans(), leave_run=st.booleans()),
        "prefix": st.just("INC"),
        "name_fixed": st.booleans(),
        "visibility": st.sampled_from(["public", "private"]),
        "admins": _lists(MEMBERS),
        "members": _lists(MEMBERS),
        "start_by": _lists(MEMBERS),
        "edit_by": st.just("admins"),
        "see_runs": st.sampled_from(["members", "participants"]),
        "only_owner_finishes": st.booleans(),
        "welcome": TEXTS,
        "updates": _some(
            every=LENGTHS | st.just("never"), template=TEXTS, broadcast=_lists(CHANNELS), broadcast_start=st.booleans()
        ),
        "working": _some(days=st.just("mon-thu"), hours=st.just("9:00-12:00, 13:00-17:00")),
        "retrospective": _some(
            enabled=st.booleans(), template=st.just("## Why?\nAsk what."), remind=st.just("never"), metrics=_METRICS
        ),
        "insights": st.just("~ops") | st.fixed_dictionaries({"channel": CHANNELS, "day": st.just("fri")}),
        "actions": _lists(_ACTIONS),
        "starter": st.just("incident-response 2"),
        "kept": KEPT,
    },
)
"""What such playbooks say, as it stands in files."""


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """Any valid playbook, as it is once it was stored."""
    return playbook_of(Playbook.model_validate(draw(SAID)).definition())
