"""What the documents name is there: files, and the functions that they say stand in them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"])
PATH = r"(?:bot|handlers|store|tests|templates|sandbox|bench)/[\w/.-]+"
MADE = {"templates/messages.pot", "store/migrations/versions/00NN_words.py"}
"""What is made by a target, and what a reader names."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = set(re.findall(rf"`({PATH})`", page.read_text())) - MADE
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_function_stands_in_the_file_that_a_page_names_with_it(page: Path) -> None:
    named = re.findall(rf"`([\w.]+)`\s+\(`({PATH}\.py)`", page.read_text())
    missing = [(name, path) for name, path in named if name.split(".")[-1] not in (ROOT / path).read_text()]
    assert missing == []


def test_there_is_something_to_look_at() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert len(re.findall(rf"`{PATH}`", text)) > 50
    assert len(re.findall(rf"`[\w.]+`\s+\(`{PATH}\.py`", text)) > 20


def test_the_virtual_environment_that_the_readme_makes_is_ignored() -> None:
    made = re.findall(r"-m venv (\S+)", (ROOT / "README.md").read_text())
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
    assert made
    assert [folder for folder in made if folder not in ignored] == []
