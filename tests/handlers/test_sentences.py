"""Every sentence that people read can be said, and each is said somewhere; every button leads somewhere."""

import ast
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from desk import ADMIN, BOB, CARLA, INCIDENT, START, Desk, all_of, started_run, words_of
from importing_scene import all_shown
from jinja2 import Environment, meta
from languages import messages, spoken
from many_releases import a_desk, skipping

from handlers import controls
from handlers import effects as do
from handlers.context import Context
from handlers.events import AnyEvent, Hit, JobDue, PeopleInvited, PlaceClosed, TeamLeft, Undeliverable, WebhookAnswered
from handlers.figures.insights import PersonLoad
from handlers.figures.keywords_led_to import LedTo
from handlers.figures.many_runs import Seen
from handlers.figures.shuffling import Change
from handlers.operations.add_follow_ups import Added
from handlers.operations.publish_retrospective import Published
from handlers.operations.reword_moment import Reworded
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.differences import Difference
from handlers.playbooks.metrics import Metric
from handlers.playbooks.milestones import NAMES
from handlers.playbooks.playbook import Playbook
from handlers.routes import BUTTONS, COMMANDS, DIALOGS, MENUS, MORE, OF_LIST
from handlers.routes.rows import by_name, same
from handlers.rules.follow_ups import FollowUp
from handlers.text.catalogue import FOLDERS
from handlers.text.readers import Reader, zone
from handlers.text.sentences import say
from handlers.text.words import Safe, linked
from handlers.views import insights_message
from handlers.views.retro_outlook import Outlook
from store import PlaybookRow, RetroSection, Retrospective, Run, Task, TaskState, WebhookDelivery
from store.queries.visible import STANDING

BEGAN = "incident-response 1"
"""The starter that a playbook began as, of an edition before the newest."""
LANGUAGES = ["en", *(path.stem for folder in FOLDERS for path in folder.glob("*.po"))]
"""All that there are sentences in."""

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates" / "messages").glob("*.md.j2"))
BLOCK = re.compile(r"{%-?\s*block (\w+)\s*-?%}")
BLOCKS = {path.name.removesuffix(".md.j2"): BLOCK.findall(path.read_text(encoding="utf-8")) for path in TEMPLATES}
"""All sentences, by their templates."""

DONE = Run(
    id=1, key="k", team_id="t1", playbook_id=1, playbook_version=1, name="Checkout *is* down", summary="Payments fail.",
    owner_id="alice", creator_id="alice", origin_text="sev-1", created_at=START, finished_at=START + timedelta(hours=1),
    update_due_at=START, last_update_at=START, last_update_text="Rolling back.", updates=1,
    attributes={"ticket": "ABC-1"},
)  # fmt: skip
TASK = {
    "number": Safe("1.1"), "title": "Look", "state": "done", "by": "bob", "changed_at": START,
    "assignees": Safe("@alice"), "due_at": START, "late": True, "command": "/jira", "ran_at": START, "age": 12,
}  # fmt: skip
LINKED = {
    "name": "Checkout",
    "link": Safe("https://x.example"),
    "number": 1,
    "owner": "bob",
    "done": 1,
    "total": 2,
    "late": True,
    "finished_at": START,
}
LATE = Task(
    id=1, run_id=1, checklist_id=1, position=1, title="Look", description="Here.", due_at=START, state="in_progress"
)  # fmt: skip
CHANGED = {"at": START, "who": "bob", "did": Safe("did it"), "undone": "alice"}
HAPPENED = {"number": 1, "said": Safe("14:00 it began"), "since": 300, "link": Safe("https://x.example")}
VALUES: dict[str, Any] = {
    "run": DONE, "now": START + timedelta(hours=2), "trigger": Safe("playbook"),
    "tasks": [TASK, TASK | {"state": "skipped"}, TASK | {"state": "open"}], "runs": [LINKED], "done": 1, "total": 2,
    "took": 60, "ended": START, "again": 2,
    "open": 1, "next_task": TASK, "safe": Safe, "until": START, "seconds": 900, "round": 1, "more": 3,
    "task": LATE, "lines": [CHANGED | HAPPENED],
    "rows": [{"position": 1, "title": "Triage", "role": "scribe", "who": "bob"}],
    "pages": 2, "page": 1, "values": [{"name": "ticket", "value": "ABC-1"}], "at": START, "due_at": START,
    "created_at": START, "call": Safe("/playbook"),
    "position": 1, "part": 1, "parts": 2, "number": Safe("1.1"), "count": 5, "limit": 3,
    "playbooks": [PlaybookRow(key="incident-response", title="Incident", keywords=["sev-1"])],
}  # fmt: skip


DUE = {"name": "Checkout", "link": Safe("https://x.example"), "run": "Checkout", "mine": True}
TURN = {"at": START, "then": "bob", "waits": False}
TAKEN = Added(2, ("@carla",), 1)
METRIC = Metric.model_validate({"title": "Cost", "type": "currency", "currency": "EUR", "target": 1200})
METRIC_ROW = {
    "title": "Cost", "key": "cost", "value": "€12.00", "target": "€10.00", "is_met": True, "better": "higher",
    "working": False, "why": "", "missing": "mitigated", "begin": "started", "end": "mitigated", "median": "€9.00",
    "n": 10,
}  # fmt: skip
ATTRIBUTE = {"name": "Severity", "value": Safe("High"), "choices": ("High", "Low"), "required": True}
EXPORTED = {
    "number": "1.1", "title": "Look", "assignees": ["@bob"], "changed_at": START, "changed_by": "bob", "took_s": 60,
    "is_late": True, "due_at": START, "is_added": True,
}  # fmt: skip
MILESTONE = {"called": "mitigated", "at": START, "who": "bob", "before": START, "reason": "by the log"}


DELIVERY = WebhookDelivery(
    address_id=1, key="msg_1", event="run.started", url="https://example.org", body="{}", made_at=START, since=START,
    next_at=START, done_at=START, outcome="delivered", attempts=1,
)  # fmt: skip
FAILED = WebhookDelivery(**DELIVERY.model_dump() | {"outcome": "failed", "status": 500, "why": "status"})


class Both:
    """What was done, whatever it was."""

    def __init__(self, *done: object) -> None:
        for one in done:
            for name in one.__slots__:  # type: ignore[attr-defined]  # each is a frozen value
                setattr(self, name, getattr(one, name))


OF_ITS_OWN: dict[str, dict[str, Any]] = {
    "agenda": {"tasks": [TASK | DUE], "late": [TASK | DUE], "late_count": 1, "runs": [LINKED | DUE], "more_tasks": 2,
               "more_runs": 2},
    "exchange": {"create": 1, "update": 2, "skip": 3, "conflict": 1, "tasks": 4, "more": 2},
    "done_when": {"rows": [{"number": Safe("1.1"), "title": "Look", "words": Safe("“ok”"), "people": Safe("@bob"),
                            "by_update": True}]},
    "brief": {"late": [TASK], "rest": [TASK], "moments": [Safe("14:00 it began")], "coming": TASK | {"number": "1.1"},
              "more_late": 2},
    "task_line": {"line": TASK},
     "card": {"lists": [{"title": "1 Fix", "link": LINKED["link"], "done": 1, "total": 2}],
              "rows": [ATTRIBUTE | {"role": "scribe", "who": "bob"}],
              "retro": Retrospective(run_id=1)},
     "start": {"teams": [{"name": Safe("ops"), "title": "Operations"}]},
     "task": {"changed_at": START, "due_at": START, "links": [("Runbook", "https://x.example")],
              "needs": [ATTRIBUTE, ATTRIBUTE | {"value": ""}], "is_met": False},
    "attribute": {"day": START.date(), "choices": ["High", "Low"], "parts": [Safe("one"), Safe("two")],
                  "names": ["Severity", "Region"], "rows": [ATTRIBUTE, ATTRIBUTE | {"value": ""}],
                  "hidden": [{"number": Safe("2.2"), "title": "Call", "when": Safe("x")}], "lines": [Safe("x")],
                  "gone": 2, "attribute": Attribute(name="Severity")},
     "retro": {
        "retro": Retrospective(run_id=1, state="published", has_more=True, published_at=START, lead="Look."),
        "section": RetroSection(position=2, title="What went well?", hint="Think.", kind="lesson", run_id=1),
        "sections": [{"number": number, "title": "What?", "done": number == 1} for number in (1, 2)],
        "changes": [{"title": "What?", "who": "bob", "at": START, "added": ("a",), "removed": ("b",), "more": 2}],
        "there": Outlook("checkout", False, ("bob",), ("~status",), (), (), ("What?",), False,
                         (FollowUp("Fix it", (), None), FollowUp("Do it", ("bob",), None)), 2, ("bob",)),
        "done": Both(Published(1, False, (), (), TAKEN, False), Reworded(1, 1, START, "x", START, "y")),
        "added": TAKEN, "comments": Safe("x"),
    },
    "retro_facts": {
        "since": None,
        "milestones": [{"called": Safe("started"), "again": again, "at": Safe("14:00"), "who": "bob", "before": START,
                        "reason": "x"} for again in (True, False)],
        "events": [{"kind": "update", "at": START, "recorded_at": START, "who": "bob", "words": "x",
                    "is_reworded": True, "link": LINKED["link"]}],
        "tasks": [{"number": Safe("1.1"), "title": "Look", "state": state, "after": 60, "worked": 60, "late": 60,
                   "is_added": True} for state in ("done", "skipped", "open")],
        "people": [{"who": "bob", "roles": ["owner"]}], "handed": [Safe("x")], "more_events": 1, "more_tasks": 1,
    },
    "tasks": {"checklist": {"position": 1, "title": "Triage"}},
     "why": {"times": 2, "last": 3, "made": 2, "caused": True},
     "when": {"choices": [START, START + timedelta(hours=12)]},
    "pace": {"starts": 3, "within": 600},
    "changes": {"over": 3, "fewest": 5, "known": 0,
                "line": {"subject": "Call legal", "count": 5, "n": 5, "now": 900, "proposed": 2700}, "starter": True,
                "by_hand": [Safe("x")]},
    "insights": {"first": START, "last": START, "started": 12, "over": 10, "active": 2, "n": 9, "open": 2,
                 "parts": [Safe("one"), Safe("two")], "task": "Call legal", "change": Change(9, 3, 7, 8), "days": 30,
                 "page": "https://x.example"},
    "insights_table": {"parts": [Safe("x")], "negative": 2, "without": 3, "ninetieth": "9 min", "age": 3, "oldest": 9,
                       "led": LedTo("fire", 9, 1, 2, 3, 3), "load": PersonLoad("bob", 1, 2, 3),
                       "percent": 5, "change": Change(9, 3, 7, 8),
                       "lines": [{"part": "Runs", "name": "over", "n": 3, "value": "2", "more": "x"}]},
    "export": {
        "run": {"name": "Checkout", "number": 1, "id": 1, "playbook": "Incident", "team": "ops", "state": "finished",
                "owner": "bob", "creator": "bob", "reopened": 1, "finished_at": START, "created_at": START,
                "took_s": 60, "open_s": 50, "spells": [1, 2], "left_out": "mistaken", "outcome": "Done.",
                "summary": "Down.", "updates_promised": 2, "updates_in_time": 1, "variables": {"ticket": "A"},
                "attributes": {"Severity": "High"}},
        "milestones": [MILESTONE], "sections": [{"title": "Why?", "is_generated": True, "text": "So."}],
        "people": [{"username": "bob", "roles": ["owner"], "tasks_done": 1}], "skipped": "",
        "checklists": [{"title": "Fix", "tasks": [EXPORTED | {"state": each} for each in get_args(TaskState)]}],
        "updates": [{"at": START, "by": "bob", "text": "Well."}], "published_at": START,
        "timeline": [{"number": 1, "at": START, "words": Safe("it began")}], "names_count": 2,
    },
    "metric": {"amount": 1200, "kind": "currency", "currency": "EUR", "metric": METRIC, "keys": ["cost"],
               "rows": [METRIC_ROW, METRIC_ROW | {"value": "", "why": "missing", "is_met": False},
                        METRIC_ROW | {"value": "", "why": "negative", "working": True, "n": 1},
                        METRIC_ROW | {"value": "", "why": "unsaid", "target": "", "n": 0}], "reopened": 2, "n": 10},
    "moment": {"set_to": START, "set_from": START, "recorded_at": START},
    "time": {"rows": [MILESTONE, MILESTONE | {"at": None, "who": "", "before": None}], "took": 45, "open": 90,
             "reopened": 1, "choices": [START, START + timedelta(hours=12)], "before": START,
             "pairs": [{"first": "detected", "second": "mitigated"}, {"first": "started", "second": "finished"}]},
    "times": {"count": 5},
    "editing": {"book": INCIDENT, "shown": 1, "row": PlaybookRow(key="k", title="Incident", version=0), "more": 3,
                "one": Difference("~", "updates", "30m", "1h"), "said": [Safe("x")], "known": [Safe("x")],
                "keywords": ["sev-1"], "changed": ["A"], "in_files": ["B"], "version": 3, "changes": 2,
                 "left": 2},
    "webhooks": {"one": FAILED, "lines": [{"key": Safe("msg_1"), "came": Safe("x")}], "off": START, "count": 2,
                 "name": Safe("pager"), "host": "example.org", "events": [Safe("run.started")], "names": ["pager"]},
    "prompt": {"going": [LINKED | {"number": 1, "owner": "bob"}]},
    "role": {"roles": [TURN | {"role": "scribe", "who": Safe("@bob")},
                       TURN | {"role": "commander", "who": "", "at": None, "waits": True}], "turn": TURN},
}  # fmt: skip
"""What a template calls by a name that means something else in the others."""


def asked_for(source: str) -> set[str]:
    """Return the names of all values that a template asks for."""
    environment = Environment()
    environment.filters |= dict.fromkeys(re.findall(r"\|(\w+)", source), str)
    return meta.find_undeclared_variables(environment.parse(source))


@pytest.mark.parametrize("template", BLOCKS)
def test_every_sentence_can_be_said(template: str) -> None:
    source = (ROOT / f"templates/messages/{template}.md.j2").read_text(encoding="utf-8")
    values = dict.fromkeys(asked_for(source), "something") | VALUES
    values |= OF_ITS_OWN.get(template, {})
    if template in ("prompt", "start") and "playbook." in source:
        values["playbook"] = INCIDENT
    for language in LANGUAGES:
        found = say(template, Reader(language, zone("Europe/Berlin")), **values)
        for block in BLOCKS[template]:
            said = found[block]
            assert said, block
            # Who writes templates is told how they are written.
            assert "{{" not in said or block.startswith("template_"), block
            assert "{%" not in said or block.startswith("template_"), block


def constants() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return all words, and all patterns of words, that the code could name a template or block by."""
    words, patterns = set[str](), []
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    made = "".join(
                        re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
                    )
                    if re.fullmatch(r"[\w\\+]+", made) and re.search("[a-z]_|_[a-z]", made):
                        patterns.append(re.compile(made))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    words.add(node.value)
    return words, patterns


WORDS, PATTERNS = constants()
WORDS |= {offer.block for offers in MENUS.values() for offer in offers}
WORDS |= {name.replace("-", "_") for name in NAMES}
PATTERNS += [re.compile(rf"(?:what|like)_{name.replace('-', '_')}") for name in COMMANDS]


@pytest.mark.parametrize("template", BLOCKS)
def test_no_sentence_is_left_that_nobody_says(template: str) -> None:
    assert template in WORDS
    unsaid = [one for one in BLOCKS[template] if one not in WORDS and not any(each.fullmatch(one) for each in PATTERNS)]
    assert unsaid == []


def test_a_sentence_that_nobody_says_would_be_noticed() -> None:
    unsaid = "prompt_that_nobody_asks"
    assert unsaid not in WORDS
    assert not any(pattern.fullmatch(unsaid) for pattern in PATTERNS)


NO_SENTENCES = {
    "editor/condition_text.py": {"is not", " and ", " or "},
    "effects.py": {
        "the dialog ",
        " has no field",
        " is empty, which no server takes",
        "more files than one message can have",
    },
    "editing/sharing.py": {" as "},
    "lifecycle/end.py": {"by mistake", "as mistake", "started by mistake"},
    "lifecycle/info.py": {"in progress"},
    "exchange/to_mattermost.py": {" {SEQ}"},
    "export/document.py": {"muster run"},
    "playbooks/write_yaml.py": {"# yaml-language-server: $schema=playbook.schema.json\n"},
    "text/jinja_mistakes.py": {"Unexpected end of template"},
    "text/rich_text.py": {"noopener noreferrer nofollow"},
    "people/roles.py": {"role "},
    "personal/digests.py": {"sign out", "log out"},
    "personal/open_pages.py": {"my tasks"},
    "playbooks/patch.py": {"\\ No newline at end of file"},
    "playbooks/playbook.py": {"{playbook} {number}"},
    "routes/commands.py": {"of here", "of several"},
    "routes/finding.py": {"of here", "of several", "checklist "},
    "routes/rows.py": {
        "of here",
        "of several",
        "two rows are called ",
        "declared without being offered, or offered without a row: ",
    },
    "rules/list_actions.py": {"checklist add"},
    "rules/permission_table.py": {"system admin", "playbook admin", "channel admin", "playbook member"},
    "rules/permissions.py": {"system admin", "playbook admin", "channel admin", "playbook member"},
    "rules/task_lookup.py": {"tasks "},
    "tasks/change.py": {"edit "},
    "tasks/done_when.py": {"])by:? ("},
}
"""What is no sentence for people: what they write, names of what somebody is to a run, what is for programmers."""

OF_YAML = "playbooks/yaml_tree.py"
"""Here stand what the YAML library says of a mistake, to know it by."""

OF_TIMES = ("text/durations.py", "text/time_", "text/times.py", "text/times_past.py")
"""Here stand the words that people write when they mean a time."""

PATTERN = re.compile(r"\\[swb$]|\(\?|%}")
SHOWN = {
    "Answer",
    "Button",
    "Card",
    "Content",
    "Dialog",
    "Entry",
    "Field",
    "Menu",
    "Mistake",
    "Option",
    "Refuse",
    "entry",
}
SAYING = {"default", "footer", "help", "intro", "label", "message", "placeholder", "submit", "text", "title", "words"}


def sentences_in(source: str) -> set[str]:
    """Return what could be read by people among the texts of a module: words with a space, and what is shown."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    spoken = {node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent}
    found = {str(node.value) for node in spoken if isinstance(node.value, str) and " " in node.value}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in SHOWN:
            shown = [*call.args[:1], *(each.value for each in call.keywords if each.arg in SAYING)]
            found |= {str(part.value) for one in shown for part in _parts(one)}
    return {text for text in found if re.search("[A-Za-z]{2}", text) and not PATTERN.search(text)}


def _parts(node: ast.expr) -> list[ast.Constant]:
    values = node.values if isinstance(node, ast.JoinedStr) else [node]
    return [one for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)]


@pytest.mark.parametrize("path", sorted((ROOT / "handlers").rglob("*.py")), ids=lambda path: path.stem)
def test_no_sentence_stands_in_a_handler(path: Path) -> None:
    name = path.relative_to(ROOT / "handlers").as_posix()
    if name != OF_YAML and not name.startswith(OF_TIMES):
        assert sentences_in(path.read_text(encoding="utf-8")) == NO_SENTENCES.get(name, set())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""What it is."""\nx = "a word"', {"a word"}),
        ('x = f"{n} tasks are open"', {" tasks are open"}),
        ('x = Refuse(title="Gone", text=said["gone"])', {"Gone"}),
        ('x = Button(f"Start{n}", "task.start")', {"Start"}),
        ('x = re.compile(r"a\\s b")', set()),
        ('x = {"key": "task.start"}', set()),
    ],
)
def test_a_sentence_in_a_handler_would_be_noticed(source: str, found: set[str]) -> None:
    assert sentences_in(source) == found


def everything_shown(desk_of: type[Desk] = Desk) -> list[do.Effect]:
    """Let a run live through everything that shows buttons or opens dialogs."""
    desk = desk_of(INCIDENT, Playbook.model_validate({"title": "Release", "keywords": ["sev-1"]}))
    found = desk.says("sev-1")
    found += desk.says("sev-1", hits=[_hit(1), _hit(2)])
    place = started_run(desk)
    found += desk.commands("run") + desk.commands("update", place=place) + desk.commands("finish", place=place)
    found += desk.presses("prompt.start", 1) + desk.presses("task.choose", 1, choice="1")
    found += desk.presses("task.choose", 1, choice="list")
    found += desk.presses("update.ask", 1) + desk.presses("finish.ask", 1, by=BOB)
    found += desk.commands("run release here 1.0")
    found += desk_of().commands("checklist")
    found += desk.commands("add", place=place) + desk.commands("checklist add", place=place)
    found += desk.commands("assign 2.1 @bob", place=place) + desk.commands("due 2.1 20m", place=place)
    desk.later(minutes=30)
    for id in desk.ask(lambda store: list(store.due_jobs(desk.now, 9))):
        found += desk.take(JobDue(at=desk.now, job_id=id))
    found += desk.take(PlaceClosed(at=desk.now, place_id=place.id, why="removed"))
    return [
        *found,
        *desk.sent,
        *_its_life(desk_of),
        *_its_people(desk_of),
        *_edited(desk_of),
        *_looked_back(desk_of),
        *_learnt(),
        *_called(desk_of),
        *_told_more(desk_of),
        *all_shown(desk_of()),
    ]


def _called(desk_of: type[Desk]) -> list[do.Effect]:
    """Let an address of a playbook's fail, and be looked after."""
    hook = {"name": "pager", "url": "https://pager.example.org/"}
    desk = desk_of(Playbook.model_validate({"title": "Release", "admins": ["@alice"], "webhooks": [hook]}))
    found = desk.commands("webhooks test pager")
    answered = WebhookAnswered(at=desk.now, delivery_id=1, status=410, why="status", took_ms=5)
    found += desk.take(answered) + desk.commands("webhooks release")
    return found + desk.presses("webhook.list", "1:pager") + desk.presses("webhook.secret", "1:pager")


def _told_more(desk_of: type[Desk]) -> list[do.Effect]:
    """Let a run have attributes, and a task that says more than its title."""
    look = {"title": "Look", "description": "At the graphs."}
    said = {"attributes": [{"name": "Severity", "type": "select", "options": ["High", "Low"]}]}
    book = said | {"title": "Release", "checklists": [{"title": "Triage", "tasks": [look]}]}
    desk = desk_of(Playbook.model_validate(book))
    found = (
        desk.commands("run release here One") + desk.commands("attribute") + desk.commands("attribute Severity High")
    )
    return [*found, *desk.presses("task.read", 1), *desk.presses("attributes.ask", 1), *desk.sent]


def _learnt() -> list[do.Effect]:
    """Let what many runs did lead to a change of their playbook."""
    desk = a_desk(5, skipping)
    effect = do.PostInsights(message_id=1, place_id="town", playbook_id=1, last="2027-01-01")
    seen = Seen((STANDING,), None)
    told = desk.ask(lambda store: insights_message.told(Context(desk.now, store, desk.here), effect, seen))
    found = [do.Post(message_id=1, place_id="town", content=told.content)]
    for label in ("What to change", "Accept", "Make the patch"):
        content = next(one.content for one in reversed(found) if hasattr(one, "content"))
        pressed = next(each for card in content.cards for each in card.controls if each.label.startswith(label))
        found += desk.presses(pressed.action, pressed.arg, by=BOB)
    return found


def _its_life(desk_of: type[Desk]) -> list[do.Effect]:
    """Let runs be described, told, moved, ended, begun again and deleted."""
    triage = {"title": "Triage", "tasks": [{"title": "Ticket", "command": "/jira create"}, "Look"]}
    asked = {"metrics": [{"title": "Users", "type": "integer"}]}
    desk = desk_of(Playbook.model_validate({"title": "Release", "checklists": [triage], "retrospective": asked}))
    found = desk.commands("run release here One") + desk.commands("run release here Two") + desk.commands("check 1.1")
    found += desk.commands("#1 rename Three") + desk.commands("#1 set ticket A") + desk.commands("#1 note Look")
    for _ in range(20):
        desk.commands("#1 note More")
    found += desk.commands("#1 timeline") + desk.commands("checklist")
    found += desk.commands("#1 time") + desk.commands("#1 metric")
    for chosen in ("run.describe", "run.move", "run.delete", "run.timeline", "variable.ask", "task.words", "note.ask",
                   "time.ask", "metric.ask"):  # fmt: skip
        found += desk.presses("run.more", 1, choice=chosen)
    return [*found, *desk.commands("#1 finish now"), *desk.sent, *_by_itself(desk_of)]


def _by_itself(desk_of: type[Desk]) -> list[do.Effect]:
    """Let a playbook offer a command, and post something that can be posted again."""
    actions = [{"on": "update", "command": "/jira create"}, {"on": "update", "post": "Look", "channel": "~nowhere"}]
    desk = desk_of(Playbook.model_validate({"title": "Release", "actions": actions}))
    desk.commands("run release here One")
    found = desk.commands("update All is calm")
    return [*found, *desk.commands("why"), *desk.commands("why run 2"), *desk.sent]


def _looked_back(desk_of: type[Desk]) -> list[do.Effect]:
    """Let a run be finished, and let people write, read, publish and skip what is to be learnt of it."""
    desk = desk_of(Playbook.model_validate(INCIDENT.definition() | {"retrospective": {"template": "What?"}}))
    place = started_run(desk)
    found = desk.commands("retro", place=place) + desk.commands("finish now", place=place)
    (dialog,) = [ask.dialog for ask in all_of(desk.commands("retro 1", place=place), do.Ask)]
    desk.commands("retro 1 Luck", BOB, place=place)
    found += desk.submits(dialog, place=place, text="Work") + desk.commands("retro", place=place)
    desk.commands("note Look", place=place)
    for words in ("retro 1", "retro publish", "retro skip", "retro review", "retro comment", "retro event 1"):
        found += desk.commands(words, place=place)
    desk.commands("retro review @bob", place=place)
    desk.commands("retro comment Hm", BOB, place=place)
    found += desk.commands("retro", place=place)
    found += desk.presses("retro.more", 1, choice="retro.event", place=place)
    return [*found, *desk.sent]


def _edited(desk_of: type[Desk]) -> list[do.Effect]:
    """Let a playbook be made, changed, published, tried, looked at, and left by who looks after it."""
    desk = desk_of()
    found = desk.commands("create") + desk.commands("create Tea; Boil")
    found += desk.presses("edit.choose", 2, choice="tasks.t0") + desk.presses("edit.do", "2:publish")
    desk.commands("publish tea")
    desk.commands("run tea here One")
    (ask,) = all_of(desk.presses("edit.choose", 2, choice="tasks.t0"), do.Ask)
    desk.submits(ask.dialog, title="Boil it", due="5m")
    desk.ask(lambda store: setattr(draft := store.draft(2), "definition", draft.definition | {"starter": BEGAN}))
    found += desk.presses("edit.do", "2:edition")
    for words in ("publish tea", "history tea", "edit tea", "try tea", "#1 newer"):
        found += desk.commands(words)
    desk.strangers.add("alice")
    desk.take(TeamLeft(at=desk.now, team_id="t1", person_id="alice"))
    return [*found, *desk.what_is_due(), *desk.sent]


def _its_people(desk_of: type[Desk]) -> list[do.Effect]:
    """Let a run be handed over and its roles be given, and let people look at what they have to do."""
    desk = desk_of(Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"]}))
    desk.here = replace(desk.here, pages_url="https://pages.example.com")
    place = started_run(desk)
    found = desk.commands("assign 1.2 @bob", place=place) + desk.commands("handover @bob", place=place)
    found += desk.commands("list", place=place) + desk.commands("brief", ADMIN, place=place)
    found += desk.commands("todo", BOB) + desk.commands("list finished", place=place)
    for words in ("handover", "todo", "settings"):
        found += desk.commands(words, place=place)
    for chosen in ("role.ask", "people.invite", "people.remove"):
        found += desk.presses("run.more", 1, choice=chosen)
    desk.later(minutes=16)
    found += desk.what_is_due()
    desk.later(days=1)
    return [*found, *desk.what_is_due(), *desk.sent]


def _hit(playbook_id: int) -> Hit:
    return Hit(playbook_id=playbook_id, keywords=("sev-1",))


def test_every_button_and_dialog_leads_somewhere_and_each_way_is_used() -> None:
    shown = everything_shown()
    contents = [effect.content for effect in shown if hasattr(effect, "content")]
    buttons = {control.action for content in contents for card in content.cards for control in card.controls}
    dialogs = {effect.dialog.action for effect in all_of(shown, do.Ask)}
    assert buttons == set(BUTTONS)
    assert dialogs == set(DIALOGS)


def test_every_command_and_item_has_its_sentences_where_its_row_says() -> None:
    for name, row in COMMANDS.items():
        key = name.replace("-", "_")
        assert {f"what_{key}", f"like_{key}"} <= set(BLOCKS[row.template]), name
    for offer in (one for offers in MENUS.values() for one in offers):
        assert offer.block in BLOCKS[offer.template], offer


def test_what_is_offered_is_made_by_a_control_that_has_a_row() -> None:
    """No message bears a button, menu or dialog by a name of its own; each control is used, by what is not a row."""
    made, used = list[str](), set[str]()
    making = ("Button", "Menu", "Dialog", "Control", "Form")
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in making:
                made.append(path.name)
            if isinstance(node, ast.Name) and "routes" not in path.parts and isinstance(node.ctx, ast.Load):
                used.add(node.id)
    assert set(made) == {"controls.py"}
    declared = {name for name, one in vars(controls).items() if isinstance(one, controls.Control | controls.Form)}
    assert declared <= used


def test_a_row_without_a_control_and_a_control_without_a_row_are_noticed() -> None:
    same({"task.done"}, {"task.done"})
    for declared, offered in (({"task.done", "odd"}, {"task.done"}), ({"task.done"}, {"task.done", "odd"})):
        with pytest.raises(ValueError, match="odd"):
            same(declared, offered)
    with pytest.raises(ValueError, match="called 'check'"):
        by_name([COMMANDS["check"], replace(COMMANDS["check"])])


def test_the_menus_offer_what_their_rows_say() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("finish now", place=place)
    contents = [content for effect in desk.sent if (content := getattr(effect, "content", None)) is not None]
    drawn = {
        (control.action, len(control.options)): [option.value for option in control.options]
        for content in contents for card in content.cards for control in card.controls if isinstance(control, do.Menu)
    }  # fmt: skip
    for menu, rows in (("run.more", MORE), ("task.choose", OF_LIST)):
        shown = [values for (action, _), values in drawn.items() if action == menu]
        assert any(values[-len(rows) :] == list(rows) for values in shown)
    assert [name for name, row in MORE.items() if row.finished] in drawn.values()


def test_no_message_has_more_than_four_controls() -> None:
    for effect in everything_shown():
        for card in getattr(getattr(effect, "content", None), "cards", ()):
            assert len(card.controls) <= 4


def test_dialogs_fit_what_every_server_takes() -> None:
    for ask in all_of(everything_shown(), do.Ask):
        assert len(ask.dialog.title) <= 24
        assert all(len(entry.label) <= 24 and len(entry.help) <= 150 for entry in ask.dialog.entries)
        assert all(len(entry.default) <= 3000 for entry in ask.dialog.entries)


@pytest.mark.parametrize("template", BLOCKS)
def test_the_title_of_a_refusal_fits_a_dialog(template: str) -> None:
    said = say(template, **VALUES)
    assert [one for one in BLOCKS[template] if one.endswith("_title") and len(said[one]) > 24] == []


class Abroad(Desk):
    """People who have all chosen a language of their own, and what each of them, and a channel, is shown."""

    locale = "eo"
    to_people: list[do.Effect]
    to_channels: list[do.Effect]

    def take(self, event: AnyEvent) -> list[do.Effect]:
        found = super().take(event)
        for effect in found:
            (self.to_people if self._is_personal(effect) else self.to_channels).append(effect)
        return found

    def _is_personal(self, effect: do.Effect) -> bool:
        if not isinstance(effect, do.Post | do.Edit):
            return not isinstance(effect, do.OpenChannel)
        message = self.ask(lambda store: store.message(effect.message_id))
        return bool(message.person_id)


def shown_words(effect: do.Effect) -> list[str]:
    """Return the sentences, titles and labels that an effect shows, without what users called things."""
    content = getattr(effect, "content", None)
    if isinstance(content, do.Content):
        controls = [control for card in content.cards for control in card.controls]
        labels = [control.label for control in controls if control.label[0] not in "✓▶"]
        labels += [one.text for each in controls if each.action == "run.more" for one in getattr(each, "options", ())]
        return [content.text, *(words_of(card) for card in content.cards), *labels]
    match effect:
        case do.Refuse():
            return [effect.title, effect.text]
        case do.Ask(dialog=dialog):
            return [dialog.title, dialog.intro, dialog.submit, *(entry.label for entry in dialog.entries)]
        case do.OpenChannel():
            return [effect.header, effect.purpose]
        case _:
            return []


NEWS = """\
update Rolling back
invite @carla
role scribe @bob
role scribe nobody
roles
assign 1.1 @bob
due 1.1 20m
check 1.1-1.2
undo
history 1.1
skip 2.1
restore 2.1
add 2 More
edit 2.1 New
done-when 2.2 "ok" by @bob
done-when
do
edit 2.1 command: /jira
do 2.1
set a b
unset a
note Look
timeline
rename Another
summary Words
snooze 2h
handover @bob
remove @carla
checklist add Later
checklist rename 3 Last
checklist duplicate 3
checklist remove 4
settings
owner @bob
move-run ~town-square
movehere #1
info
nonsense
help
help check
list"""


def _its_news(desk_of: type[Desk]) -> None:
    """Let a run be told to others, change hands, fail, and go on."""
    desk = desk_of(
        Playbook.model_validate(
            INCIDENT.definition()
            | {"roles": ["scribe"], "updates": {"every": "30m", "broadcast": ["~town-square", "~lost"]}}
        )
    )
    place = started_run(desk)
    for words in ("follow #1", "join #1", "brief #1"):
        desk.commands(words, CARLA)
    for words in NEWS.splitlines():
        desk.commands(words, place=place)
    desk.commands("decline #1", BOB)
    desk.commands("handover @carla", BOB, place=place)
    desk.commands("accept #1", CARLA)
    for minutes in (31, 31, 240):
        desk.later(minutes=minutes)
        desk.what_is_due()
    for reason in ("too_long", "forbidden"):
        card = next(one.message_id for one in reversed(desk.sent) if isinstance(one, do.Post) and one.content.cards)
        desk.take(Undeliverable(at=desk.now, effect="Post", message_id=card, run_id=1, reason=reason))
    desk.commands("finish now", place=place)
    desk.commands("restart #1", BOB, place=place)
    desk.take(PeopleInvited(at=desk.now, run_id=1, added=(), refused={"dana": "unknown"}))
    desk.commands("delete now", BOB, place=place)


def test_people_read_their_own_language_and_a_channel_the_installations(tmp_path: Path) -> None:
    marked = {context: f"⟦{words}⟧" for context, words in messages() if not context.startswith("times:")}
    Abroad.to_people, Abroad.to_channels = [], []
    with spoken(tmp_path, "eo", marked):
        everything_shown(Abroad)
        _its_news(Abroad)
    alien = [words for effect in Abroad.to_channels for words in shown_words(effect) if "⟦" in words]
    assert alien == []
    english = [words for effect in Abroad.to_people for words in shown_words(effect) if words and "⟦" not in words]
    # How a playbook calls an attribute is its author's to say.
    assert [words for words in english if words != "Severity"] == []
    assert len(Abroad.to_people) > 50
    assert len(Abroad.to_channels) > 30


def test_a_name_that_leads_somewhere_has_no_address_of_its_own_in_it() -> None:
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES]
    assert sum(source.count("|linked(") for source in sources) > 20
    assert not [source for source in sources if "](" in source], "a link is made by `linked` alone"
    assert linked("see https://x.example/a", "https://y.example") == "[see https&#58;//x.example/a](https://y.example)"
