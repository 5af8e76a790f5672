"""Templates of a playbook's texts: what is still one of them, however it came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.text.placeholders import is_untouched

TEMPLATE = """**Impact:** who notices what, and how many
**Now:** what we know and what we are doing

**Next:** what we try next"""
SUMMARY = "Said: {message}\n**Since when:**\n**What is affected:**\n"


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        TEMPLATE.replace("\n", "\r\n"),
        TEMPLATE.replace("\n", " \n\n\t"),
        TEMPLATE.replace("\n", " "),
        f"  \u200b{TEMPLATE}\u00a0\n",
        "**Now:** what we know and what we are doing",
        "\n".join(reversed(TEMPLATE.splitlines())),
    ],
)
def test_a_template_that_comes_back_with_other_space_or_fewer_lines_is_still_one(text: str) -> None:
    assert is_untouched(text, TEMPLATE)


@pytest.mark.parametrize(
    "text",
    [
        "Rolling back.",
        TEMPLATE.replace("who notices what, and how many", "nobody yet"),
        f"{TEMPLATE}\nRolling back.",
        "**Now:**",
        TEMPLATE.replace("**Next:** what we try next", "**Next:** \N{FIRE}"),
        "",
    ],
)
def test_what_somebody_wrote_is_their_own_also_where_the_rest_is_left(text: str) -> None:
    assert not is_untouched(text, TEMPLATE)


def test_a_placeholder_that_was_filled_in_says_something_and_an_empty_one_does_not() -> None:
    assert is_untouched("Said:\n**Since when:**", SUMMARY)
    assert is_untouched("Said: {message}", SUMMARY)
    assert not is_untouched("Said: checkout is down\n**Since when:**", SUMMARY)


@given(
    some.text(), some.lists(some.sampled_from(TEMPLATE.splitlines()), min_size=1), some.sampled_from("\r\n\t \u00a0")
)
def test_lines_of_a_template_are_never_somebody_s_own_and_without_a_template_all_are(
    text: str, lines: list[str], space: str
) -> None:
    assert not is_untouched(text, "")
    assert is_untouched(f"{space}\n".join([*lines, TEMPLATE]), TEMPLATE)
    assert not is_untouched("\n".join([*lines, "own"]), TEMPLATE)
