"""A run as files: all of it for people and for programs, safe whatever people wrote, and never too large in silence."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from desk import ALICE, BOB, CARLA, INCIDENT, TOWN, Desk, all_of, one, started_run
from hypothesis import given
from hypothesis import strategies as st

from handlers import effects as do
from handlers.context import Context
from handlers.events import Person, Place
from handlers.export.document import Document, schema
from handlers.export.files import as_html, files_of
from handlers.export.sending import told, written_for
from handlers.playbooks.playbook import Playbook
from store import KnownPlace

SCHEMA = Path(__file__).parents[3] / "docs" / "run-export.schema.json"
BOOK = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "roles": ["scribe"],
        "retrospective": {
            "metrics": [
                {"title": "Harm", "from": "impact-started", "to": "mitigated", "target": "30m"},
                {"title": "Cost", "type": "currency", "currency": "EUR"},
            ]
        },
    }
)
NASTY = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://x.example/p.png) <img src=x onerror=a()>"
    ' @all $body <!-- --> ]]> "><svg onload=a()>'
)


def context(desk: Desk, store: Any, by: Person) -> Context:
    return Context(desk.now, store, desk.here, asks=False, reader=desk.here.reader(by))


def made(desk: Desk, run_id: int, by: Person) -> do.Tell | None:
    """Return the message with a run's files as it is made when it is delivered."""
    found = desk.ask(lambda store: written_for(context(desk, store, by), run_id, by))
    return found and desk.ask(lambda store: told(context(desk, store, by), run_id, by, files_of(found)))


def message(desk: Desk, words: str = "export", place: Place = TOWN, by: Person = ALICE) -> do.Tell:
    """Return the message with the files, made as it is delivered."""
    effect = one(desk.commands(words, by=by, place=place), do.SendRun)
    assert effect.person_id == by.id
    found = made(desk, effect.run_id, by)
    assert isinstance(found, do.Tell)
    return found


def files(desk: Desk, words: str = "export", place: Place = TOWN, **more: Any) -> dict[str, bytes]:
    """Return the files that an export sends, by the endings of their names."""
    told = message(desk, words, place, **more)
    return {f".{file.name.rpartition('.')[2]}": file.content for file in told.attached.files}


def lived(text: str = "All is *well*") -> tuple[Desk, Place]:
    """Return a desk with a run that had everything."""
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.later(minutes=40)
    for words in ("time impact-started 14:20", "time mitigated 15:20", "metric cost 1200", f"update {text}",
                  f"note {text}", f"summary {text}", "role scribe @bob", f"set ticket {text}", "start 2.1",
                  f"add {text}", "skip 2.2"):  # fmt: skip
        desk.commands(words, place=place)
    desk.later(minutes=4)
    desk.commands("check 2.1", place=place)
    desk.commands("finish now Rolled back", place=place)
    return desk, place


def test_the_asker_gets_three_files_directly_from_wherever_they_ask() -> None:
    desk, _ = lived()
    answer = one(desk.commands("export #1", place=TOWN), do.Answer).content.text
    told = message(desk, "export #1")
    assert (told.person_id, told.place_id) == ("alice", "")
    assert [file.name for file in told.attached.files] == [
        f"run-checkout-is-down-1.{end}" for end in ("md", "html", "json")
    ]
    assert "come to you by direct message" in answer
    assert "muster runs export 1" in told.attached.instead.text


def test_the_markdown_has_all_that_people_want_to_read() -> None:
    desk, place = lived()
    text = files(desk, place=place)[".md"].decode()
    for words in (
        "# Checkout is down", "finished · owner @alice", "Started Mon 23 Nov 2026, 15:00 CET by @alice",
        "took 44 min", "## What came of it\n\nRolled back", "## Summary\n\nAll is *well*",
        "- **Harm:** 1 h, target 30 min ✗", "- **Cost:** €1,200.00", "- 14:20 impact started, by @alice",
        "- @bob: scribe", "- 2.1 ✅ Roll back; done 15:44 by @alice, took 4 min",
        "- 1.2 ⬜ Open a bridge call; late, it was due 15:15", "- 2.2 ⏭️ Tell support; skipped 15:40 by @alice",
        "added by hand", "## Status updates\n\n### 15:40 · @alice\n\nAll is *well*",
        "@alice finished the run: “Rolled back”", "- `ticket` All is",
    ):  # fmt: skip
        assert words in text, words
    assert not re.search(r"\n{3,}", text)


def test_the_json_is_as_its_schema_says() -> None:
    desk, place = lived()
    raw = files(desk, place=place)[".json"]
    document = msgspec.json.decode(raw, type=Document, strict=True)
    assert document.run.took_s == 44 * 60
    assert {one.key: one.amount for one in document.metrics} == {"harm": 3600, "cost": 120_000}
    assert document.updates[0].text == "All is *well*"
    assert wrong(json.loads(raw), schema(), schema()) == []


def test_no_file_has_the_message_of_a_private_channel_where_others_may_see_the_run() -> None:
    template = {"template": "## What of “{message}”?"}
    book = INCIDENT.definition() | {"channel": {"visibility": "public"}, "retrospective": template}
    desk, secret = Desk(Playbook.model_validate(book)), Place(id="secret", team_id="t1", kind="P", name="secret")
    row = KnownPlace(id="secret", team_id="t1", name="secret", kind="P", is_member=True, seen_at=desk.now)
    desk.ask(lambda store: store.learn(row))
    desk.says("sev-1 hunter2", place=secret)
    dialog = one(desk.presses("prompt.start", 1, place=secret), do.Ask).dialog
    desk.submits(dialog, name="Checkout is down", summary="It fails", place=secret)
    place = desk.opens()
    desk.becomes(place, kind="O")
    desk.commands("finish now well", place=place)
    for content in files(desk, place=place).values():
        assert b"hunter2" not in content
    desk.becomes(place, kind="P")
    assert b"hunter2" in files(desk, place=place)[".json"]


def test_the_schema_that_is_documented_is_that_of_the_program() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"version": "1"}, "version"),
        ({"people": None}, "people"),
        ({"run": {}}, "run.number"),
        ({"format": "x"}, "format"),
    ],
)
def test_what_is_not_as_the_schema_says_would_be_noticed(change: dict[str, Any], path: str) -> None:
    desk, place = lived()
    document = json.loads(files(desk, place=place)[".json"]) | change
    assert any(each.startswith(path) for each in wrong(document, schema(), schema()))


def wrong(value: Any, part: dict[str, Any], whole: dict[str, Any], path: str = "") -> list[str]:
    """Return where a value is not as a schema says, as far as ours says anything."""
    if "$ref" in part:
        return wrong(value, whole["$defs"][part["$ref"].rpartition("/")[2]], whole, path)
    if "anyOf" in part:
        tried = [wrong(value, each, whole, path) for each in part["anyOf"]]
        return [] if [] in tried else tried[0]
    if "enum" in part:
        return [] if value in part["enum"] else [path]
    kinds: dict[str, Any] = {"string": str, "object": dict, "array": list, "null": type(None), "boolean": bool}
    kind = part["type"]
    fits = type(value) is int if kind == "integer" else isinstance(value, kinds[kind])
    if not fits:
        return [path]
    at = f"{path}." if path else ""
    if kind == "object":
        named, others = part.get("properties", {}), part.get("additionalProperties", {})
        missing = [f"{at}{name}" for name in part.get("required", ()) if name not in value]
        inside = [
            wrong(each, named.get(name) or others, whole, f"{at}{name}")
            for name, each in value.items()
            if named or others
        ]
        return [*missing, *(where for found in inside for where in found)]
    if kind == "array":
        items = part.get("prefixItems") or [part["items"]] * len(value)
        return [where for each, of in zip(value, items, strict=True) for where in wrong(each, of, whole, f"{at}[]")]
    return []


class Page(HTMLParser):
    """Notes the elements of a page, and where they lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.led: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.led += [value or "" for name, value in attrs if name in ("href", "src")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_a_page_runs_nothing_and_asks_for_nothing_whatever_people_wrote() -> None:
    desk, place = lived(NASTY)
    page = Page(files(desk, place=place)[".html"].decode())
    assert {"script", "img", "iframe", "link", "object"} & set(page.tags) == set()
    assert page.handlers == []
    assert {one.partition(":")[0] for one in page.led} <= {"https"}
    assert "default-src 'none'" in files(desk, place=place)[".html"].decode()


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_makes_a_page_of_words(text: str, title: str) -> None:
    page = Page(as_html(title, text, "en"))
    assert {"script", "img", "iframe", "object", "base", "form"} & set(page.tags) == set()
    assert page.tags.count("meta") == 4
    assert page.handlers == []
    assert all(one.startswith(("http://", "https://", "mailto:")) for one in page.led)


def test_who_may_not_see_a_run_exports_nothing_of_it() -> None:
    desk, _ = lived()
    found = desk.commands("export #1", by=CARLA, place=TOWN)
    assert one(found, do.Refuse).text == one(desk.commands("export #77", by=CARLA, place=TOWN), do.Refuse).text.replace(
        "77", "1"
    )
    assert all_of(found, do.SendRun) == []


def test_a_participant_and_the_menu_export_too() -> None:
    desk, place = lived()
    assert set(files(desk, place=place, by=BOB)) == {".md", ".html", ".json"}
    pressed = desk.presses("run.more", 1, choice="run.export", place=place)
    assert one(pressed, do.SendRun) == do.SendRun(run_id=1, person_id="alice")


def test_what_the_server_does_not_take_is_left_out_and_named() -> None:
    desk, place = lived()
    sizes = {end: len(content) for end, content in files(desk, place=place).items()}
    assert sizes[".json"] > sizes[".html"] > sizes[".md"]
    desk.here = replace(desk.here, file_limit=sizes[".json"] - 1)
    refused = message(desk, place=place)
    assert refused.attached is None
    assert "takes 0.1\N{NO-BREAK SPACE}MB at most" in refused.content.text
    assert "muster runs export 1" in refused.content.text
    desk.here = replace(desk.here, file_limit=0)
    assert "takes no files" in message(desk, place=place).content.text


def test_what_is_too_much_together_comes_without_what_the_others_say(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, place = lived()
    sizes = {end: len(content) for end, content in files(desk, place=place).items()}
    for module in ("handlers.context", "handlers.effects", "handlers.export.sending"):
        monkeypatch.setattr(f"{module}.FILES_LIMIT", sum(sizes.values()) - 1)
    told = message(desk, place=place)
    assert [one.name for one in told.attached.files] == ["run-checkout-is-down-1.md", "run-checkout-is-down-1.json"]
    assert "`run-checkout-is-down-1.html` is not among them" in told.content.text


def test_who_may_not_see_a_run_any_more_is_sent_nothing() -> None:
    desk, _ = lived()
    desk.strangers = {"alice"}
    desk.in_team("alice", "bob")
    assert made(desk, 1, BOB) is not None
    assert made(desk, 1, ALICE) is None
    assert made(desk, 77, BOB) is None


def test_a_task_that_is_for_somebody_is_in_all_files() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    desk.commands("assign 2.1 @alice", place=place)
    found = files(desk, place=place)
    (document,) = (json.loads(data) for name, data in found.items() if name.endswith(".json"))
    assert document["checklists"][1]["tasks"][0]["assignees"] == ["@alice"]
