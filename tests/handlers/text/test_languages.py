"""A language is a file: its words, plural forms and times are said to who reads it, and English where it has none."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from languages import messages, spoken

from handlers.text import catalogue
from handlers.text.languages import plural
from handlers.text.readers import Reader, zone
from handlers.text.sentences import say

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
POLISH = {
    "prompt:start": "Rozpocznij",
    "tasks:several": '{{ count|counted("zadanie", "zadania", "zadań") }} ({{ numbers }})',
    "bare:answer": 'Oto **{{ title }}**{% if count %}, {{ count|counted("zadanie", "zadania", "zadań") }}{% endif %}.',
    "times:day_and_hour": "EEE, d MMM 'o' HH:mm",
    "times:hours": "{{ count }} godz.",
    "times:minutes": "{{ count }} min.",
}
GERMAN = {"prompt:start": "Beginnen", "history:list": "Am {{ now|weekday }} um {{ now|clock }} {{ now|clock_zone }}"}


def test_every_sentence_is_a_message_of_the_catalogue() -> None:
    found = list(messages())
    blocks = sum(path.read_text(encoding="utf-8").count("{% block ") for path in ROOT.glob("templates/messages/*.j2"))
    assert len({context for context, _ in found}) == len(found) == blocks > 700
    assert ("prompt:start", "Start run") in found
    assert all(words and "{% block" not in words for _, words in found)


def test_the_catalogue_is_drawn_as_the_makefile_does(tmp_path: Path) -> None:
    rule = re.search(r"^catalogue:.*?\n\t(.*?)\n\n", (ROOT / "Makefile").read_text(), re.DOTALL | re.MULTILINE)
    assert rule is not None
    words = rule[1].replace("\\\n", " ").split()
    drawn = tmp_path / "messages.pot"
    words = [str(drawn) if word == "templates/messages.pot" else word for word in words[1:]]
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", *words], cwd=ROOT, check=True)
    with drawn.open("rb") as file:
        found = {(one.context, one.id) for one in read_po(file) if one.id}
    assert found == set(messages())


def test_a_language_with_three_forms_counts_with_them(tmp_path: Path) -> None:
    with spoken(tmp_path, "pl", POLISH):
        said = [say("bare", Reader("pl"), title="A", count=count)["answer"] for count in (0, 1, 2, 5, 22, 25)]
    assert [words.removeprefix("Oto **A**") for words in said] == [
        ".", ", 1 zadanie.", ", 2 zadania.", ", 5 zadań.", ", 22 zadania.", ", 25 zadań.",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "form"), [(0, "tasks"), (1, "task"), (2, "tasks"), (101, "tasks")])
def test_english_has_two_forms(count: int, form: str) -> None:
    assert plural("en", count, "task", "tasks") == form


def test_times_are_written_as_the_language_does(tmp_path: Path) -> None:
    values = {"now": NOW, "until": NOW + timedelta(days=1), "run": {"name": "x"}, "seconds": 5400}
    with spoken(tmp_path, "pl", POLISH):
        said = say("reminder", Reader("pl", zone("Europe/Warsaw")), **values)
        assert said["put_off"] == "😴 The update is due wt., 24 lis o 15:00 CET."
        assert said["snooze_for"] == "for 1 godz. 30 min."
        english = said.to(Reader("en"))
        assert english["put_off"] == "😴 The update is due Tue 24 Nov, 14:00 UTC."
        assert english["snooze_for"] == "for 1 h 30 min"
    with spoken(tmp_path, "de", GERMAN):
        said = say("history", Reader("de", zone("Europe/Berlin")), now=NOW)
        assert said["list"] == "Am Montag um 15:00 CET"


def test_where_a_language_has_no_words_the_english_ones_stand(tmp_path: Path) -> None:
    with spoken(tmp_path, "de", GERMAN):
        said = say("prompt", Reader("de"))
        assert (said["start"], said["not_now"]) == ("Beginnen", "Not now")


def test_a_locale_is_a_language_that_is_there_or_english(tmp_path: Path) -> None:
    assert catalogue.spoken("de") == catalogue.spoken("") == catalogue.spoken("../../etc/passwd") == "en"
    with spoken(tmp_path, "de", GERMAN), spoken(tmp_path, "pt_BR", {"prompt:start": "Iniciar"}):
        assert catalogue.spoken("de") == catalogue.spoken("de-AT") == "de"
        assert catalogue.spoken("pt-BR") == "pt_BR"
        assert catalogue.spoken("fr", "de") == catalogue.spoken("", "de") == "de"
        assert catalogue.spoken("en", "de") == catalogue.spoken("en-AU", "de") == "en"


def test_words_in_another_language_are_escaped_as_in_english(tmp_path: Path) -> None:
    with spoken(tmp_path, "pl", POLISH):
        said = say("bare", Reader("pl"), title="*@all* {{ now }}", count=0)["answer"]
    assert said == "Oto **&#42;@\u2060all&#42; {{ now }}**."
