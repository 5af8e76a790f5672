"""In what zone times are said: a run's own where many read, people's own where one does, and always with its name."""

import re
from pathlib import Path
from typing import Any

import pytest
from desk import ALICE, INCIDENT, START, Desk, all_of, one, started_run
from desk import BOB as UNPLACED
from msgspec.structs import replace

from handlers import effects as do
from handlers.events import JobDue, Place
from handlers.playbooks.playbook import Playbook

BOB = replace(UNPLACED, timezone="America/New_York")
TEMPLATES = sorted((Path(__file__).parents[2] / "templates" / "messages").glob("*.md.j2"))
BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)
TIME = re.compile(r"\b\d\d:\d\d\b(?!:)")
ELSEWHERE = {
    "task_line:line": "the footer of its checklist",
    "moment:recorded": "beside the time itself",
    "moment:time": "the title of the timeline, or the head of the brief",
    "history:due": "the end of the history",
    "moment:kind_milestone": "the title of the timeline",
    "time:text": "the title of the times",
    "time:set": "the time before it",
    "export:markdown": "the head of the file",
    "retro_facts:hour": "the end of its section",
    "retro_facts:text_course": "the end of the section",
    "retro_facts:text_events": "the end of the section",
}
"""Blocks whose zone is named once for all of their kind, and where."""


def test_every_time_has_the_name_of_its_zone() -> None:
    bare = set()
    for path in TEMPLATES:
        for name, words in BLOCK.findall(path.read_text(encoding="utf-8")):
            times = re.findall(r"{{ ([\w.]+)\|(clock|clock_in_list) }}", words)
            unnamed = [value for value, form in times if form == "clock" and f"{value}|clock_zone" not in words]
            if unnamed or (any(form == "clock_in_list" for _, form in times) and "now|clock_zone" not in words):
                bare.add(f"{path.name.removesuffix('.md.j2')}:{name}")
    assert bare == set(ELSEWHERE)


def shown(effects: list[Any], *kinds: type[Any]) -> list[str]:
    """Return what is read in effects of some kinds, where there is a time in it."""
    found = [str(effect.content) for effect in effects if isinstance(effect, kinds)]
    return [words for words in found if TIME.search(words)]


def lived_through(desk: Desk, place: Place) -> list[Any]:
    """Let everything be said with which a run tells times."""
    found: list[Any] = desk.commands("follow", by=ALICE, place=place)
    for words in ("due 1.1 in 2h", "check 2.2", "update next=17:00 Rolling back", "snooze 3h", "info", "brief"):
        found += desk.commands(words, by=BOB, place=place)
    desk.later(hours=4)
    for id in desk.ask(lambda store: list(store.due_jobs(desk.now, 100))):
        found += desk.take(JobDue(at=desk.now, job_id=id))
    found += desk.commands("check 2.1", by=BOB, place=place)
    found += desk.commands("finish now", by=BOB, place=place)
    return found


def test_what_many_read_keeps_the_zone_of_the_run_and_what_one_reads_has_their_own() -> None:
    """Alice, in Berlin, starts the run; bob, in New York, takes it over and works on it."""
    desk = Desk()
    place = started_run(desk)
    desk.ask(lambda store: setattr(store.person("bob"), "timezone", "America/New_York"))
    desk.commands("owner @bob", place=place)
    assert desk.run().owner_id == "bob"
    found = lived_through(desk, place)
    in_channel = shown(found, do.Post, do.Edit)
    assert len(in_channel) >= 6
    assert all("CET" in words and "EST" not in words for words in in_channel)
    to_alice = shown([tell for tell in all_of(found, do.Tell) if tell.person_id == "alice"], do.Tell)
    assert to_alice
    assert all("CET" in words and "EST" not in words for words in to_alice)
    to_bob = [tell for tell in all_of(found, do.Tell) if tell.person_id == "bob"]
    answers = shown([*all_of(found, do.Answer), *to_bob], do.Answer, do.Tell)
    assert len(answers) >= 4
    assert all("EST" in words and "CET" not in words for words in answers)


@pytest.mark.parametrize(("zone", "said"), [("Asia/Tokyo", "23:30 JST"), ("", "15:30 CET")])
def test_a_playbook_may_name_the_zone_of_its_runs(zone: str, said: str) -> None:
    desk = Desk(INCIDENT.model_copy(update={"timezone": zone}))
    place = started_run(desk)
    update = desk.commands("update Rolling back", place=place)
    assert any(f"next update {said}" in words for words in shown(update, do.Post))
    assert "15:30 CET" in one(update, do.Answer).content.text


def test_a_day_that_a_playbook_plans_keeps_the_hour_of_the_clock() -> None:
    task = {"title": "Look back", "due": "3 days"}
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"checklists": [{"title": "After", "tasks": [task]}]}))
    desk.now = START.replace(month=10, day=24, hour=16)
    started_run(desk)
    assert desk.ask(lambda store: store.task(1).due_at) == START.replace(month=10, day=27, hour=17)
