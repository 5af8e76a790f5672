"""An empty value leaves nothing behind that stood only to part it from the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.text.tidy import EMPTY as E
from handlers.text.tidy import tidied


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{E}: Checkout is down", "Checkout is down"),
        (f"{E} - report", "report"),
        (f"Report - {E}", "Report"),
        (f"Incident: {E}", "Incident"),
        (f"INC-1 - {E} - Checkout", "INC-1 - Checkout"),
        (f"INC-1: {E}, Checkout", "INC-1: Checkout"),
        (f"Incident {E}: Checkout", "Incident: Checkout"),
        (f"Incident ({E}) of Checkout", "Incident of Checkout"),
        (f"Checkout [{E}]", "Checkout"),
        (f"{E} {E}: {E} - Checkout", "Checkout"),
        (f"a: {E} - {E} b", "a: b"),
        (f"{E} · {E}", ""),
        (E, ""),
        (f"The {E} of today.", "The of today."),
        (f"It is {E}.", "It is."),
        (f"x{E}y", "xy"),
        (f"at {E} -5 degrees", "at -5 degrees"),
        ("a: - b:", "a: - b:"),
    ],
)
def test_a_line(text: str, said: str) -> None:
    assert tidied(text, is_line=True) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"**Severity:** {E}\n**Since:** 9:00", "**Severity:**\n**Since:** 9:00"),
        (f"- {E}\n- Look", "- Look"),
        (f"1. {E}: look\n2. go", "1. look\n2. go"),
        (f"## {E}\nText", "Text"),
        (f"a\n\n{E}\n\nb", "a\n\n\nb"),
        (f"**{E}** is here", "is here"),
        (f"Owner: alice - {E}", "Owner: alice"),
        (f"- a: {E}", "- a:"),
        ("- \n: ", "- \n: "),
    ],
)
def test_markdown(text: str, said: str) -> None:
    assert tidied(text, is_line=False) == said


PARTS = some.lists(some.sampled_from([E, "word", ": ", " - ", "\n", " ", "(", ")", "**", "- "]), max_size=12)


@given(PARTS, some.booleans())
def test_what_was_said_stays_and_no_mark_does(parts: list[str], is_line: bool) -> None:
    text = "".join(parts)
    after = tidied(text, is_line=is_line)
    assert E not in after
    assert after.count("word") == text.count("word")
    assert tidied(after, is_line=is_line) == after
