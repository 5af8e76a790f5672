"""Metrics, milestones and working time of a playbook: as people write them, or each mistake named with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.metrics import Metric, Working
from handlers.playbooks.milestones import NAMES, named, plain_name
from handlers.playbooks.playbook import playbook_of

TEXT = """\
title: Outage
working: {days: mon-fri, hours: "9:00-12:00, 13:00-17:00", zone: Europe/Berlin}
retrospective:
  metrics:
    - title: Time to fail over
      from: keyword
      to: task "fail over"
      target: 30m
    - title: Cost
      type: currency
      currency: eur
      target: 1.200,50
    - {title: Repair, key: repair, from: impact started, to: mitigated, clock: working}
    - {title: Reached, type: percentage, target: 90, better: higher}
checklists:
  - title: Repair
    tasks:
      - {title: Fail over, sets: impact ended}
"""


def test_a_playbook_is_read_and_what_is_stored_of_it_is_the_same() -> None:
    book = read_playbook(TEXT, "outage.yaml")
    assert playbook_of(book.definition()) == book
    first, cost, repair, reached = book.retrospective.metrics
    assert (first.key, first.start, first.end, first.target) == ("time-to-fail-over", "keyword", "task:fail over", 1800)
    assert (cost.currency, cost.target, cost.is_measured) == ("EUR", 120_050, False)
    assert (repair.start, repair.clock) == ("impact-started", "working")
    assert (reached.target, reached.better) == (9000, "higher")
    assert book.checklists[0].tasks[0].sets == "impact-ended"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"fail over"', '"fial over"', 'line 7, retrospective › metrics 1 › to: "fial over" is no task'),
        ("from: keyword", "from: keywort", "line 6, retrospective › metrics 1 › from: this is no milestone"),
        ("target: 30m", "target: soon", "line 8, retrospective › metrics 1 › target: a length of time is written like"),
        ("      from: keyword\n", "", "line 5, retrospective › metrics 1: a metric that is measured has both"),
        ("currency: eur", "currency: zzz", "line 11, retrospective › metrics 2 › currency: a metric of the type"),
        ("1.200,50", "much", "line 12, retrospective › metrics 2 › target: an amount is written like 1200 or 1200.50"),
        ("key: repair", "key: cost", "line 13, retrospective › metrics 3 › key: cost is the key of another"),
        ("type: percentage", "type: percent", 'found "percent"; allowed are'),
        ("sets: impact ended", "sets: finished", 'found "finished"; allowed are'),
        ("9:00-12:00", "12-9", "line 2, working › hours: hours are written like 9:00-17:00"),
        ("13:00-17:00", "11:00-17:00", "line 2, working › hours: the hours of a day stand in their order"),
        ("mon-fri", "mon-fry", 'a mistake:\n  line 2, working › days 1: found "mon-fry"; allowed are mon'),
        ("Europe/Berlin", "Berlin", "line 2, working › zone: a time zone is written like"),
        ("clock: working", "clck: working", "there is no such key; did you mean clock?"),
        ("better: higher", "clock: working", "only a metric with from"),
        ("better: higher", "from: started, to: finished", "is a duration"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(old: str, new: str, told: str) -> None:
    assert old in TEXT
    with pytest.raises(PlaybookMistake) as found:
        read_playbook(TEXT.replace(old, new), "outage.yaml")
    assert told in str(found.value)


def test_working_time_has_to_be_named_where_a_metric_counts_in_it() -> None:
    text = "\n".join(line for line in TEXT.splitlines() if not line.startswith("working"))
    with pytest.raises(PlaybookMistake, match=r"line 12, .*clock: working time is not known"):
        read_playbook(text, "outage.yaml")


def test_a_key_of_a_metric_is_named_as_people_write_it() -> None:
    with pytest.raises(PlaybookMistake, match="did you mean from"):
        read_playbook(TEXT.replace("from: keyword", "form: keyword"), "outage.yaml")


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        ("mon-fri", 5),
        ("sat, sun", 2),
        ("fri-mon", 4),
        ("monday", 1),
        ("Mon Tue", 2),
        (["mon", "sat"], 2),
        ("mon-sun", 7),
    ],
)
def test_days_are_read_as_people_write_them(days: object, meant: int) -> None:
    assert len(Working.model_validate({"days": days}).days) == meant


@pytest.mark.parametrize(
    "words", ["impact started", "Impact-Started", "impact_started", "impact   started", "impact-start"]
)
def test_a_milestone_is_named_in_many_ways(words: str) -> None:
    assert plain_name(words) == "impact-started"


def test_a_tasks_milestone_keeps_the_title_as_it_was_written() -> None:
    assert named('task "Fail over"') == named("task: Fail over") == named("task done Fail  over") == "task:Fail over"


@given(st.text(max_size=30))
def test_any_words_name_a_milestone_or_are_refused_in_words(words: str) -> None:
    found = said(words)
    assert found in NAMES or found.startswith("task:") or "is no milestone" in found


def said(words: str) -> str:
    """Return the milestone that words name, or why they name none."""
    try:
        return named(words)
    except ValueError as why:
        return str(why)


@pytest.mark.parametrize(
    ("about", "written"),
    [
        ({"target": "30m"}, "30 min"),
        ({"target": "0"}, "0 s"),
        ({"type": "currency", "currency": "EUR", "target": "1200.50"}, "1200.50"),
        ({"type": "currency", "currency": "KWD", "target": "1.200"}, "1.200"),
        ({"type": "currency", "currency": "JPY", "target": "1200"}, "1200"),
        ({"type": "integer", "target": "-3"}, "-3"),
        ({"type": "percentage", "target": "99.5"}, "99.50"),
        ({}, None),
    ],
)
def test_a_target_is_written_out_as_it_is_read(about: dict[str, str], written: str | None) -> None:
    metric = Metric.model_validate({"title": "Harm"} | about)
    dumped = metric.model_dump(mode="json", by_alias=True)
    assert dumped["target"] == written
    assert Metric.model_validate(dumped) == metric
    # As it was stored in whole numbers, it is read, too.
    assert Metric.model_validate(dumped | {"target": metric.target}) == metric
