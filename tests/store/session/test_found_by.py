"""A run is found by the words that it says now, and by those of all its updates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import NOW, a_run
from sqlmodel import col, select

from store import Database, Store
from store.tables.found_words import LONGEST, FoundWord, asked_words, words_of


def found(store: Store) -> set[str]:
    store.write()
    return set(store.session.exec(select(col(FoundWord.word))).all())


def test_a_run_is_found_by_what_it_says_and_by_all_its_updates() -> None:
    database = Database("sqlite://")
    database.migrate()
    with database.transaction() as store:
        run = store.add(a_run())
        run.name, run.summary = "Checkout is down", "Payments fail"
        assert found(store) == {"checkout", "is", "down", "payments", "fail"}
        for text in ("Rolled back", "All is well"):
            run.record_update(text, NOW, 0)
            store.note(run.id, NOW, "update", "a", text, "", {})
        assert found(store) >= {"rolled", "back", "all", "well", "payments"}
    with database.transaction() as store:
        kept = store.run(1)
        assert kept is not None
        kept.name, kept.summary = "Login is slow", ""
        assert found(store) == {"login", "is", "slow", "rolled", "back", "all", "well"}
        kept.name = "All is slow"
        assert found(store) == {"all", "is", "slow", "rolled", "back", "well"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zahlungs-AUSFÄLLE, ß_x", {"zahlungs", "ausfalle", "ss", "x"}),
        ("障害が", {"障害", "害か", "か"}),
        ("eu障害1", {"eu", "障害", "害", "1"}),
        ("x" * 100, {"x" * LONGEST}),
        ("🔥 … \u200f", set()),
    ],
)
def test_words_are_kept_without_case_and_accents(text: str, words: set[str]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_in_a_text_is_found_by_it(text: str, more: str) -> None:
    kept = words_of(f"{text} {more}")
    assert all(any(word.startswith(asked) for word in kept) for asked in asked_words(text))


@given(st.text(alphabet="障害発生しか", min_size=1, max_size=8), st.data())
def test_a_piece_of_a_text_without_spaces_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert all(any(word.startswith(asked) for word in words_of(text)) for asked in asked_words(piece))
