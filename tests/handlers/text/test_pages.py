"""An answer that is too long comes in several messages, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.effects import Card, Content
from handlers.text.pages import pages

LINES = st.lists(st.text(alphabet="ab |\u05d0🔥", max_size=30), max_size=60).map("\n".join)


@given(LINES, st.integers(70, 200))
def test_every_page_fits_and_all_words_are_there_in_order(text: str, limit: int) -> None:
    found = list(pages(Content(text), limit))
    assert all(len(page.text) <= limit for page in found)
    assert "\n".join(page.text for page in found) == text


TABLES = st.lists(st.one_of(st.just("|---|"), st.text(alphabet="a|- ", max_size=40)), max_size=60).map("\n".join)


@given(TABLES, st.integers(70, 200))
def test_every_page_of_tables_fits_and_no_line_is_lost(text: str, limit: int) -> None:
    found = list(pages(Content(text), limit))
    assert all(len(page.text) <= limit for page in found)
    left = iter([line for page in found for line in page.text.split("\n")])
    assert all(line in left for line in text.split("\n") if len(line) < limit // 2)


def test_two_rows_without_a_rule_are_no_head() -> None:
    text = "\n".join(["a" * 30, "a" * 29, "|aa", "|  "])
    assert "\n".join(page.text for page in pages(Content(text), 64)) == text


def test_the_rule_of_a_table_stays_with_its_first_line() -> None:
    text = "\n".join(["words" * 6, "words" * 5, "| when |", "|---|", "| now |"])
    found = [page.text for page in pages(Content(text), 70)]
    assert found == ["words" * 6 + "\n" + "words" * 5, "| when |\n|---|\n| now |"]


def test_a_short_answer_is_left_alone_and_the_last_page_has_the_cards() -> None:
    card = Card(title="Run 7")
    assert list(pages(Content("Hello", (card,)), 100)) == [Content("Hello", (card,))]
    *first, last = pages(Content("word\n" * 100, (card,)), 100)
    assert first
    assert all(page.cards == () for page in first)
    assert last.cards == (card,)


def test_a_table_that_goes_on_has_its_head_again() -> None:
    head = "| when | what |\n|---|---|"
    rows = [f"| 14:{minute:02} | something happened |" for minute in range(60)]
    found = [page.text for page in pages(Content("\n".join([head, *rows, "", "That is all."])), 400)]
    assert len(found) > 3
    assert all(page.startswith(head) for page in found[:-1])
    assert [line for page in found for line in page.split("\n") if "something" in line] == rows


def test_one_endless_line_is_broken() -> None:
    found = [page.text for page in pages(Content("x" * 1000), 300)]
    assert all(len(page) <= 300 for page in found)
    assert sum(page.count("x") for page in found) == 1000
