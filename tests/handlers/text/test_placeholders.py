"""Templates of a playbook's texts: what is still one of them, however it came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.text.placeholders import filled, filled_in, is_untouched

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


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Said: down\n**Since when:**\n**What is affected:**", "Said: down"),
        ("Said: down\n**Since when:**\nlunch\n\n**What is affected:**", "Said: down\n**Since when:**\nlunch"),
        (
            "Said: down\n**Since when:** lunch\n**What is affected:**\n- shops",
            "Said: down\n**Since when:** lunch\n**What is affected:**\n- shops",
        ),
        ("All is well.", "All is well."),
    ],
)
def test_what_nobody_filled_in_is_not_shown(text: str, left: str) -> None:
    assert filled_in(text, SUMMARY) == left


def test_a_hint_that_nobody_wrote_over_is_not_told() -> None:
    text = TEMPLATE.replace("who notices what, and how many", "all shops")
    assert filled_in(text, TEMPLATE, hints=True) == "**Impact:** all shops"


def test_lines_that_say_something_without_a_label_stay() -> None:
    template = "This is a drill.\n$WINDOW=14:00-15:00 UTC\n## Scope\n## Risks"
    assert filled_in(f"{template}\nnone", template) == "This is a drill.\n$WINDOW=14:00-15:00 UTC\n## Risks\nnone"


@given(some.text("ab:*#\n ", max_size=60), some.text("ab:*#\n ", max_size=40))
def test_nothing_that_somebody_wrote_is_left_out(text: str, template: str) -> None:
    left = filled_in(text, template).split("\n")
    lines = [
        line for line in text.split("\n") if line.strip() and line.strip() not in map(str.strip, template.split("\n"))
    ]
    assert [line for line in left if line in lines] == lines
    assert filled_in("\n".join(left), template, hints=True) == filled_in(text, template, hints=True)


@pytest.mark.parametrize("text", ["echo {{ owner }}", "{{owner}}", "echo ${OWNER}", "{{.Names}} {{seq}}"])
def test_what_scripts_and_their_templates_say_is_no_token(text: str) -> None:
    for value in ("alice", ""):
        assert filled(text, {"owner": value, "seq": value}, is_tokens=True) == text
    assert filled("{ Owner } ({SEQ})", {"owner": "alice", "seq": ""}, is_tokens=True) == "alice"


def test_two_braces_leave_none_behind_where_a_value_is_empty() -> None:
    assert filled("By {{owner}}", {"owner": ""}) == "By {{owner}}"
