"""The schema of a playbook: what holds by default, the limits, and templates that are filled and never run."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handlers.playbooks.playbook import Playbook, slug
from handlers.playbooks.templates import checked
from handlers.text.placeholders import PLACEHOLDERS, fill, unknown


def playbook(**fields: Any) -> Playbook:
    return Playbook.model_validate({"title": "Incident response", **fields})


def refusal(**fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        playbook(**fields)
    return str(caught.value)


def test_a_title_is_enough() -> None:
    made = playbook()
    assert made.key == "incident-response"
    assert (made.match, made.start, made.owner) == ("word", "dialog", "creator")
    assert not any([made.teams, made.keywords, made.invite, made.checklists])
    assert made.channel.visibility == "public"
    assert made.updates.every == 0


def test_a_task_may_be_just_its_title() -> None:
    made = playbook(
        checklists=[{"title": "First", "tasks": ["Look", {"title": "Tell", "due": "1h", "assignee": "@Ann"}]}]
    )
    look, tell = made.checklists[0].tasks
    assert (look.title, look.assignee, look.due) == ("Look", None, None)
    assert (tell.title, tell.assignee, tell.due) == ("Tell", "@ann", 3600)


def test_a_playbook_survives_being_stored() -> None:
    made = playbook(
        keywords=["sev-1"],
        updates={"every": "1h 30m", "broadcast": ["~town-square"]},
        checklists=[{"title": "First", "tasks": [{"title": "Tell", "due": "2d"}]}],
    )
    assert made.definition()["updates"]["every"] == "1 h 30 min"
    assert Playbook.model_validate(made.definition()) == made


def test_a_playbook_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        playbook().title = "Other"


@pytest.mark.parametrize(
    ("title", "key"),
    [("Störung im Büro!", "storung-im-buro"), ("  A  --  b ", "a-b"), ("障害", ""), ("x" * 90, "x" * 60)],
)
def test_a_short_name_is_made_from_the_title(title: str, key: str) -> None:
    assert slug(title) == key


def test_a_title_that_gives_no_short_name_needs_a_key() -> None:
    assert "give a key" in refusal(title="障害対応")
    assert playbook(title="障害対応", key="shogai").key == "shogai"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "  "},
        {"title": "x" * 201},
        {"title": "two\nlines"},
        {"key": "With Space"},
        {"key": "-x"},
        {"keywords": [" "]},
        {"keywords": ["x" * 101]},
        {"match": "regex"},
        {"owner": "bob"},
        {"owner": "owner"},
        {"invite": ["bob"]},
        {"updates": {"every": "0m"}},
        {"updates": {"broadcast": ["town-square"]}},
        {"teams": ["My Team"]},
        {"nmae": "x"},
        {"channel": {"visibility": "secret"}},
        {"checklists": [{"title": "x"}] * 101},
        {"checklists": [{"title": "x", "tasks": ["t"] * 501}]},
        {"checklists": [{"title": "x", "tasks": ["t"] * 251}] * 2},
        {"checklists": [{"title": "x", "tasks": [{"title": "t", "assignee": "somebody"}]}]},
        {"checklists": [{"title": "x", "tasks": [{"title": "t", "due": "soon"}]}]},
        {"checklists": [{"title": "x", "tasks": [""]}]},
    ],
)
def test_what_is_wrong_is_refused(fields: dict[str, Any]) -> None:
    refusal(**fields)


def test_titles_in_any_script_and_with_any_spaces_are_welcome() -> None:
    assert playbook(title="障害　対応 👩‍🚒", key="x").title == "障害　対応 👩‍🚒"


@pytest.mark.parametrize("field", ["name", "summary"])
@pytest.mark.parametrize("strange", ["{nmae}", "{message.author}", "{message!r}", "{creator:>9}", "{0}", "{a[0]}"])
def test_an_unknown_placeholder_is_refused(field: str, strange: str) -> None:
    (found,) = checked(playbook(**{field: f"x {strange}"}).definition())
    assert (found.path, found.line, found.column) == ((field,), 1, 3)
    assert "is no placeholder" in found.words


@pytest.mark.parametrize("plain", ["{", "}", "{}", "{ }", '{"a": 1}', "a } b { c", "{(x)}"])
def test_braces_around_anything_else_are_text(plain: str) -> None:
    assert fill(playbook(summary=plain).summary, message="m") == plain


def test_placeholders_are_filled_once_and_in_any_case() -> None:
    assert (
        fill("{ Message } ({keyword}) {number}", message="{keyword}", keyword="sev-1") == "{keyword} (sev-1) {number}"
    )


@given(st.text(), st.dictionaries(st.sampled_from(PLACEHOLDERS), st.text()))
def test_filling_never_fails_and_looks_into_no_value(template: str, values: dict[str, str]) -> None:
    filled = fill(template, **values)
    if not any(f"{{{name}" in template.lower().replace(" ", "") for name in PLACEHOLDERS):
        assert filled == template
    assert all(name not in PLACEHOLDERS for name in unknown(template))
