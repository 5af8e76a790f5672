"""Hearing keywords: a table of what people expect, and a slow, plain reading that it must agree with."""

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.events import Hit
from handlers.playbooks.keywords import Keywords, Watched, unheard
from handlers.text.plain_text import even, without_code


def heard(text: str, *keywords: str, match: str = "word") -> tuple[str, ...]:
    hits = Keywords([Watched(1, keywords, match)]).find(text, "team")  # type: ignore[arg-type]
    return hits[0].keywords if hits else ()


@pytest.mark.parametrize(
    "text",
    [
        "sev-1",
        "SEV-1!",
        "We have a Sev-1.",
        "sev-1, checkout",
        "(sev-1)",
        '"sev-1"',
        "sev-1: checkout",
        "sev-1/sev-2",
        "sev-1 - checkout",
        "sev-1 -- checkout",
        "sev-1--checkout",
        "outage…sev-1…",
        "#sev-1",
        "> sev-1",
        "**sev-1**",
        "*sev-1*",
        "_sev-1_",
        "__sev-1__",
        "~~sev-1~~",
        "|sev-1|x|",
        "sev-1's cause",
        "it is sev-1\nreally",
        "sev\u20111",  # a hyphen that does not break
        "ＳＥＶ－１",
        "sev-1™",
        "障害sev-1が発生",
        "장애sev-1이 발생",
        "[sev-1](https://example.com/x)",
        "`code` sev-1",
        "```\ncode\n```\nsev-1",
        "see https://example.com/x、sev-1",
        "https://example.com sev-1 https://example.com",
        "\\`sev-1",
        "one ` tick sev-1",
        "`a\n\nsev-1 `",
        "a@example.com: sev-1",
    ],
)
def test_a_keyword_is_heard(text: str) -> None:
    assert heard(text, "sev-1") == ("sev-1",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sev 1",
        "sev-10",
        "sev-1a",
        "xsev-1",
        "sev-1-hotfix",
        "pre-sev-1",
        "my_sev-1",
        "sev-1_x",
        "sev-1.5",
        "sev-1é",
        "sev-1e\u0301",
        "sev-1\u20e3",
        "@sev-1",
        "~sev-1",
        ":sev-1:",
        "`sev-1`",
        "``a ` sev-1``",
        "`a\nsev-1`",
        "```\nsev-1\n```",
        "```text\nsev-1",
        "~~~\nsev-1\n~~~",
        "````\n```\nsev-1\n````",
        "- a\n  ```\n  sev-1\n  ```",
        "> ```\n> sev-1\n> ```",
        "```sev-1```",
        "https://example.com/sev-1",
        "<https://example.com/sev-1>",
        "www.example.com/sev-1",
        "mattermost://example.com/?q=sev-1",
        "[x](https://example.com/sev-1)",
        "[x](/sev-1)",
        '![x](a.png "sev-1")',
        "[https://a.example](https://sev-1.example)",
        "sev-1@example.com",
        "joe@sev-1.example.com",
    ],
)
def test_something_else_is_not_that_keyword(text: str) -> None:
    assert heard(text, "sev-1") == ()


@pytest.mark.parametrize(
    ("text", "keyword", "is_heard"),
    [
        ("#incident!", "#incident", True),
        ("##incident", "#incident", True),
        ("(#Incident)", "#incident", True),
        ("#incidents", "#incident", False),
        ("#incident-17", "#incident", False),
        ("written in C++, mostly", "c++", True),
        ("c+", "c++", False),
        ("database \n\t down", "database down", True),
        ("the database  down", "Database\u3000Down", True),
        ("database `x` down", "database down", False),
        ("database downstream", "database down", False),
        ("システム障害が発生", "障害", True),
        ("サーバーダウン", "ダウン", True),
        ("ｼｽﾃﾑﾀﾞｳﾝ", "ダウン", True),
        ("服务器宕机了", "宕机", True),
        ("ระบบล่มแล้ว", "ล่ม", True),
        ("กา่", "กา", False),
        ("장애가 발생했습니다", "장애", True),
        ("서버 장애", "장애", True),
        ("DB장애", "장애", True),
        ("무장애", "장애", False),
        ("СБОЙ сервера", "сбой", True),
        ("сбоя", "сбой", False),
        ("ΣΦΑΛΜΑΤΟΣ", "σφαλματος", True),
        ("STRASSE gesperrt", "straße", True),
        ("KESİNTİ var", "kesinti", True),
        ("ağ AÇILMIYOR", "açılmıyor", True),
        ("caf\u00e9 zu", "cafe\u0301", True),
        ("I can’t log in", "can't log in", True),
        ("sys\u00adtem\u200b down", "system down", True),
        ("⚠\ufe0f look", "⚠", True),
        (":fire: again", ":fire:", True),
        ("great :fire: work", "fire", False),
        ("@oncall please", "@oncall", True),
        ("v1.2 is out", "v1", False),
        ("बिजली गुल है", "गुल", True),
        ("गुलाब", "गुल", False),
    ],
)
def test_keywords_of_other_kinds(text: str, keyword: str, is_heard: bool) -> None:
    assert bool(heard(text, keyword)) is is_heard


def test_a_substring_is_heard_inside_words_but_not_in_code() -> None:
    assert heard("The outages", "OUTAGE", match="substring") == ("OUTAGE",)
    assert heard("preSEV-10", "sev-1", match="substring") == ("sev-1",)
    assert heard("`outages` https://outages.example.com", "outage", match="substring") == ()


def test_exact_means_whole_words_and_the_same_capitals() -> None:
    assert heard("DOWN", "DOWN", match="exact") == ("DOWN",)
    assert heard("down Down downDOWN", "DOWN", match="exact") == ()
    assert heard("weiß nicht: ẞ DOWN", "DOWN", match="exact") == ("DOWN",)
    assert heard("site  DOWN.", "site DOWN", match="exact") == ("site DOWN",)
    assert heard("SITE DOWN", "site DOWN", match="exact") == ()


def test_hits_come_in_the_order_of_the_message_each_playbook_once() -> None:
    keywords = Keywords([Watched(1, ("alpha", "beta")), Watched(2, ("gamma", "beta beta")), Watched(3, ("delta",))])
    assert keywords.find("gamma, beta beta and Alpha, beta", "t") == (
        Hit(playbook_id=2, keywords=("gamma", "beta beta")),
        Hit(playbook_id=1, keywords=("beta", "alpha")),
    )


def test_two_playbooks_may_listen_for_the_same_word() -> None:
    keywords = Keywords([Watched(1, ("Down",)), Watched(2, ("down",), "exact")])
    assert [hit.playbook_id for hit in keywords.find("down", "t")] == [1, 2]
    assert [hit.playbook_id for hit in keywords.find("DOWN", "t")] == [1]


def test_a_playbook_of_some_teams_listens_only_there() -> None:
    keywords = Keywords([Watched(1, ("down",), team_ids=frozenset({"a"})), Watched(2, ("down",))])
    assert [hit.playbook_id for hit in keywords.find("down", "a")] == [1, 2]
    assert [hit.playbook_id for hit in keywords.find("down", "b")] == [2]
    assert Keywords([Watched(1, ("down",), team_ids=frozenset())]).find("down", "a") == ()


def test_a_direct_message_has_no_team_and_holds_the_keywords_of_all() -> None:
    keywords = Keywords([Watched(1, ("down",), team_ids=frozenset({"a"})), Watched(2, ("down",))])
    assert [hit.playbook_id for hit in keywords.find("down", "")] == [1, 2]
    assert Keywords([Watched(1, ("down",), team_ids=frozenset())]).find("down", "") == ()


def test_without_keywords_nothing_is_heard() -> None:
    assert Keywords().find("anything", "t") == ()
    assert len(Keywords([Watched(1, (" ", "\u200b"))])) == 0


# The letters of the slow reading: spaced ones, a Hangul syllable, a Han and a Thai letter; and what joins words.
SPACED, HANGUL, UNSPACED = "abB1é", "장", "障ก"
JOINTS = ["-", "_", ".", "@", "~", ":", "#", " ", "\n"]
WORDS = st.sampled_from(
    ["a", "1", "a1", "B", "b", "é", "aa", "장", "障", "ก", "a 1", "#a", "a#", "a-1", ":a:", "_a", "장障"]
)
TEXTS = st.lists(st.sampled_from(JOINTS) | WORDS, max_size=12).map("".join)


def slowly_whole(text: str, start: int, end: int) -> bool:
    left, right = text[:start], text[end:]
    if left.endswith(":") and right.startswith(":"):
        return False
    first, last = text[start], text[end - 1]
    kinds = {letter: kind for kind in (SPACED, HANGUL) for letter in kind}
    kind = kinds.get(first)
    if kind and re.search(rf"([{kind}](-|_*)|@|(?<!~)~)\Z", left):
        return False
    if first == "1" and re.search(r"1\.\Z", left):
        return False
    if kinds.get(last) == SPACED:
        return not (re.match(rf"(-|_*)[{SPACED}]", right) or (last == "1" and re.match(r"\.1", right)))
    return True


def slowly(text: str, entries: list[Watched]) -> list[tuple[int, str]]:
    text = " ".join(without_code(text).split())
    found: list[tuple[int, int, int, str]] = []
    for entry in entries:
        for keyword in entry.keywords:
            for start in range(len(text) - len(keyword) + 1):
                end = start + len(keyword)
                same = (
                    text[start:end] == keyword if entry.match == "exact" else text[start:end].lower() == keyword.lower()
                )
                if same and (entry.match == "substring" or slowly_whole(text, start, end)):
                    found.append((start, -end, entry.playbook_id, keyword))
    return list(dict.fromkeys((playbook_id, keyword) for _, _, playbook_id, keyword in sorted(found)))


@settings(max_examples=1000)
@given(
    TEXTS, st.lists(st.tuples(st.lists(WORDS, min_size=1), st.sampled_from(["word", "substring", "exact"])), min_size=1)
)
def test_it_hears_what_a_slow_and_plain_reading_hears(text: str, wanted: list[tuple[list[str], Any]]) -> None:
    entries = [Watched(number, tuple(words), match) for number, (words, match) in enumerate(wanted)]
    hits = Keywords(entries).find(text, "t")
    expected = slowly(text, entries)
    assert {(hit.playbook_id, word) for hit in hits for word in hit.keywords} == set(expected)
    assert [hit.playbook_id for hit in hits] == list(dict.fromkeys(playbook_id for playbook_id, _ in expected))


PIECES = st.sampled_from(["sev-1", "SEV-1,", "word", "\n", "x", "障害", "(", "*"])
HIDDEN = st.sampled_from(
    [
        "`sev-1`",
        "\n```\nsev-1\n```\n",
        "``sev-1 ` x``",
        "https://sev-1.example/sev-1",
        "[word](https://x.example/sev-1)",
    ]
)


@given(st.lists(st.tuples(st.booleans(), PIECES, HIDDEN)))
def test_what_stands_in_code_or_addresses_changes_nothing(pieces: list[tuple[bool, str, str]]) -> None:
    keywords = Keywords([Watched(1, ("sev-1", "障害"))])
    text = " ".join(hidden if hide else piece for hide, piece, hidden in pieces)
    plain = " ".join("word" if hide else piece for hide, piece, _ in pieces)
    assert keywords.find(text, "t") == keywords.find(plain, "t")


@given(st.text(), st.lists(st.text(max_size=5)))
def test_no_text_and_no_keyword_make_it_fail(text: str, words: list[str]) -> None:
    keywords = Keywords(
        [Watched(1, tuple(words), "substring"), Watched(2, (*words, text[:9])), Watched(3, ("a",), "exact")]
    )
    keywords.find(text, "t")
    keywords.find(text + "\ud800" + "".join(words), "t")


@given(st.text(alphabet="`~a \n\\"))
def test_taking_code_out_never_adds_text(text: str) -> None:
    assert len(without_code(text).replace("\x00", "")) <= len(text)


@given(st.text())
def test_even_writing_stays_as_it_is(text: str) -> None:
    assert even(even(text)) == even(text)


LONG = [
    *(
        "`" * 16000 + "x`",
        "`" * 16000,
        "` " * 8000,
        "~~~`" * 4000,
        "> " * 8000 + "x",
        "".join("`" * n for n in range(170)),
    ),
    *("[" * 16000, "](" * 8000, "]( " * 5000, "](a" * 5000, '](a "' * 3000, "a://" * 4000, "www." * 4000),
    *("a" * 16000 + "@", "a.b@" * 4000, "a@" + "a." * 8000, "_" * 16000, "-" * 16000, "a_" * 8000, " " * 16000),
]


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize("keyword", ["a", "x", "`", "_"])
def test_no_message_takes_long(text: str, keyword: str) -> None:
    """A pattern that backtracks takes many seconds over some of these; without it each is a matter of milliseconds."""
    began = time.perf_counter()
    heard(text, keyword)
    heard(text + keyword, keyword)
    assert time.perf_counter() - began < 2


def test_more_keywords_do_not_make_a_message_dearer() -> None:
    """Half a second is what a loop over so many keywords takes for some twenty messages, not for a thousand."""
    keywords = Keywords([Watched(number, (f"keyword {number}",)) for number in range(20_000)])
    began = time.perf_counter()
    for _ in range(1000):
        assert keywords.find("The quick brown fox jumps over the lazy dog", "t") == ()
    assert time.perf_counter() - began < 0.5


ODD = st.sampled_from("‐‑−’‘“”\xad\u200b\u2060\ufeff\ufe00\ufe0f\uff00\uff21\uff76\uff9e\uffef\ud800\udfff éa \n")


@given(st.text(st.one_of(ODD, st.characters())))
def test_odd_letters_are_written_evenly_whatever_else_stands_there(text: str) -> None:
    assert even(f"{text}x’") == even(f"{text}x") + "'"


@given(st.lists(st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=9), min_size=1))
def test_words_of_letters_and_digits_in_any_script_are_taken(words: list[str]) -> None:
    assert unheard(" ".join(words)) is None


@pytest.mark.parametrize(
    ("word", "why"),
    [("`sev-1`", "code"), ("www.example.com", "code"), ("\u2060", "unseen"), (":fire:", None), ("sev-1", None)],
)
def test_why_a_word_is_never_heard(word: str, why: str | None) -> None:
    assert unheard(word) == why
