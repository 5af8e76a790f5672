"""A time before free text is read whole, or not at all."""

from hypothesis import given
from hypothesis import strategies as st
from phrases import AMBIGUOUS, BERLIN, NO_TIMES, NOW, TIMES

from handlers.text.time_leading import Endless, leading
from handlers.text.times import Unreadable, parse

TEXTS = st.sampled_from(
    [
        "All good", "The database is back", "Rolling back, as planned", "We wait", "- one\n- two", "5 people are down",
        "all good", "at 5 we know more", "Morning shift takes over", "morning shift takes over", "Monday team is on it",
        "of downtime", "30 servers left", "PM is told", "and a half of the nodes are back", "May be fixed", "| a | b |",
        "to be continued",
        "UTC is the zone here", "from now on Bob has it", "time will tell", "next week we look again",
    ]
)  # fmt: skip


@given(st.sampled_from([words for words, _ in TIMES]), TEXTS)
def test_a_phrase_is_read_whole_or_refused(phrase: str, text: str) -> None:
    try:
        found = leading(f"{phrase} {text}", BERLIN, NOW)
    except Unreadable:
        return
    assert (found.words, found.rest, found.at) == (phrase, text, parse(phrase, BERLIN, NOW))


def test_before_a_plain_sentence_few_phrases_are_refused() -> None:
    """Only those that end in a mere number, or in a name, with which the sentence might begin."""
    refused = set()
    for phrase, _ in TIMES:
        try:
            assert leading(f"{phrase} We look again", BERLIN, NOW).rest == "We look again"
        except Endless:
            refused.add(phrase)
    assert refused == {
        "tomorrow 9", "tomorrow 17", "friday at 17", "monday at 9", "on the 3rd at 10", "1 Dec 2026",
        "the day after tomorrow at 10", "1 h 30", "tomorrow afternoon at 3", "today at 5", "tonight at 9",
        "9am London time", "17:00 Asia/Kolkata",
    }  # fmt: skip


@given(st.sampled_from([*[words for words, _ in AMBIGUOUS], *[words for words in NO_TIMES if words.strip()]]), TEXTS)
def test_what_is_no_time_is_none_before_a_text(phrase: str, text: str) -> None:
    try:
        found = leading(f"{phrase} {text}", BERLIN, NOW)
    except Unreadable:
        return
    # A time that stands alone may begin these words.
    assert found.words != phrase


@given(st.text(max_size=60))
def test_any_text_begins_with_a_time_or_not(text: str) -> None:
    try:
        found = leading(text, BERLIN, NOW)
    except Unreadable:
        return
    assert text.startswith(found.words)
    assert text.removeprefix(found.words).strip() == found.rest
