"""Runs of a playbook with a prefix are numbered on their own, and INC-0042 is understood wherever #12 is."""

from dataclasses import replace
from typing import Any

import pytest
from desk import ALICE, TOWN, Desk, all_of, one
from hypothesis import given
from hypothesis import strategies as some

from handlers import effects as do
from handlers.events import CommandGiven
from handlers.playbooks.playbook import Playbook
from handlers.text.numbers import called
from store.tables.runs import numbered

INC = Playbook.model_validate(
    {"title": "Outage", "prefix": "INC", "start": "now", "checklists": [{"title": "L", "tasks": ["A", "B"]}]}
)
OTHER = Playbook.model_validate({"title": "Drill", "start": "now"})


@pytest.fixture
def desk() -> Desk:
    made = Desk(INC, OTHER)
    for number, playbook in enumerate(("drill", "outage", "outage"), 1):
        made.commands(f"run {playbook} {playbook} number {number}")
    for run_id in (1, 2, 3):
        made.opens(run_id, f"some-{run_id}")
    return made


def told(desk: Desk, words: str) -> str:
    found = desk.commands(words)
    return "\n".join(one.content.text for one in all_of(found, do.Answer)) or one(found, do.Refuse).text


def test_runs_with_a_prefix_are_counted_and_the_others_are_not(desk: Desk) -> None:
    assert [desk.run(number).called for number in (1, 2, 3)] == ["1", "INC-0001", "INC-0002"]
    assert [desk.run(number).sequence for number in (1, 2, 3)] == [0, 1, 2]
    assert "(Outage, run INC-0003)" in told(desk, "run outage Another")


@pytest.mark.parametrize(
    "words",
    ["brief {}", "{} brief", "{} rename New name", "follow {}", "info {}", "export {}", "restart {}"],
)
@pytest.mark.parametrize("written", ["#INC-0002", "INC-0002", "inc-0002", "#inc-2", "＃INC-0002", "INC-00002"])
def test_it_is_understood_wherever_a_run_s_own_number_is(desk: Desk, words: str, written: str) -> None:
    assert tried(desk, words.format(written)) == tried(desk, words.format("#3"))
    assert tried(desk, words.format(written)) != tried(desk, words.format("#2"))


def tried(desk: Desk, words: str) -> list[do.Effect]:
    return desk.tried(CommandGiven(at=desk.now, text=words, asker=ALICE, place=TOWN))


def test_behind_a_task_it_says_which_run_is_meant(desk: Desk) -> None:
    desk.commands("check 1.2 INC-0002")
    assert [one.state for one in desk.ask(lambda store: list(store.tasks(3)))] == ["open", "done"]


def test_one_that_is_not_there_is_told_by_its_number_and_other_words_stay_words(desk: Desk) -> None:
    assert "There is no run INC-0099 that you may see" in told(desk, "brief INC-0099")
    assert "There is no run inc-0099 that you may see" in told(desk, "#inc-0099 brief")
    desk.here = replace(desk.here, pages_url="https://muster.example.com")
    assert "There is no run INC-0099 that you may see" in told(desk, "open INC-0099")
    assert "Open the pages" in told(desk, "open INC-0002")
    desk.commands("#INC-1 rename INC-7 of COVID-2019")
    assert desk.run(2).name == "INC-7 of COVID-2019"


def test_a_prefix_that_another_playbook_had_before_is_counted_on(desk: Desk) -> None:
    def give(store: Any) -> None:
        outage, drill = store.playbook_by_key("outage"), store.playbook_by_key("drill")
        outage.prefix, drill.prefix = "", "inc"
        version = store.playbook_version(drill)
        version.definition = {**version.definition, "prefix": "inc"}

    desk.ask(give)
    desk.commands("run drill Some more")
    assert desk.run(4).called == "inc-0003"
    assert "Some more" in told(desk, "brief INC-0003")


def test_cards_and_welcomes_say_it(desk: Desk) -> None:
    assert any("INC-0002" in str(one.content) for one in all_of(desk.sent, do.Post) if one.message_id)
    assert (
        "run INC-0002"
        in one(
            [each for each in desk.sent if isinstance(each, do.OpenChannel) and each.run_id == 3], do.OpenChannel
        ).header
    )


PREFIXES = some.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?", fullmatch=True)


@given(PREFIXES, some.integers(1, 999_999_999))
def test_what_is_written_is_read(prefix: str, sequence: int) -> None:
    for written in (numbered(prefix, sequence), f"#{numbered(prefix, sequence)}", f"#{prefix.lower()}-{sequence}"):
        found = called(written)
        assert found is not None
        assert (found.prefix.lower(), found.sequence) == (prefix.lower(), sequence)


@given(some.text())
def test_any_words_are_read_without_fail(words: str) -> None:
    found = called(words)
    assert found is None or found.sequence > 0
