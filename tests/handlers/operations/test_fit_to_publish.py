"""A playbook is published only if its texts can be made for a run, and its runs have numbers of their own."""

from typing import Any

import pytest
from desk import ALICE, Desk

from handlers.effects import Refused
from handlers.operations.archive_playbook import archive, unarchive
from handlers.operations.edit_playbook import create_playbook
from handlers.operations.publish_playbook import publish_draft, restore_version
from handlers.playbooks.playbook import Playbook

BEGUN = Playbook.model_validate({"title": "Begun", "prefix": "INC", "start": "now"})
FAILS = "{{ 1 in message }}"


def desk() -> Desk:
    made = Desk(BEGUN)
    made.commands("run begun")
    return made


def published(desk: Desk, **said: Any) -> Any:
    """Publish a new playbook that says something, and return what is refused."""

    def work(ctx: Any, _: Any) -> Any:
        try:
            row = create_playbook(ctx, Playbook.model_validate({"title": "New", **said}), ALICE).row
            return publish_draft(ctx, row, "", ALICE)
        except Refused as refused:
            return refused

    return desk.does(work)[1]


def test_a_playbook_whose_templates_are_right_is_published() -> None:
    found = published(desk(), templates="jinja2", name="{{ seq }}", prefix="OPS", welcome="{{ message }}")
    assert found.stored.version == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "Hi {{ ownr }}"}, "name: line 1: column 7: there is no value ownr; did you mean owner?"),
        ({"welcome": "a\n {% if"}, "welcome: line 2: column"),
        ({"summary": FAILS}, "summary: this cannot be filled in"),
    ],
)
def test_one_whose_templates_are_not_is_refused_with_line_and_column(said: dict[str, Any], words: str) -> None:
    found = published(desk(), templates="jinja2", **said)
    assert isinstance(found, Refused)
    assert words in found.refusal.text


def test_unknown_placeholders_are_refused() -> None:
    found = published(desk(), name="{mesage}")
    assert isinstance(found, Refused)
    assert "is no placeholder" in found.refusal.text


def test_a_prefix_in_use_is_refused_whatever_its_capitals() -> None:
    found = published(desk(), prefix="inc")
    assert isinstance(found, Refused)
    assert "**Begun**" in found.refusal.text
    assert found.field == "prefix"


def test_one_that_was_archived_comes_back_with_its_prefix_only_if_that_is_free() -> None:
    made = desk()

    def work(ctx: Any, _: Any) -> Any:
        first = ctx.store.playbook_by_key("begun")
        first.source = "made:"
        book = Playbook.model_validate({"title": "New", "prefix": "INC"})
        version = ctx.store.playbook_version(first)
        version.definition = {**version.definition, "admins": ["@alice"]}
        archive(ctx, first, ALICE)
        row = create_playbook(ctx, book, ALICE).row
        publish_draft(ctx, row, "", ALICE)
        with pytest.raises(Refused) as refused:
            unarchive(ctx, first, ALICE)
        return refused.value

    assert "**New**" in made.does(work)[1].refusal.text


def test_an_old_version_whose_prefix_is_another_s_by_now_is_not_restored() -> None:
    made = desk()

    def work(ctx: Any, _: Any) -> Any:
        row = create_playbook(ctx, Playbook.model_validate({"title": "New", "prefix": "NEW"}), ALICE).row
        publish_draft(ctx, row, "", ALICE)
        version = ctx.store.playbook_version(row)
        version.definition = {**version.definition, "prefix": "inc"}
        row.version = 2
        ctx.store.add(type(version)(**{**version.model_dump(exclude={"id"}), "version": 2}))
        with pytest.raises(Refused) as refused:
            restore_version(ctx, row, 1, ALICE)
        return refused.value

    assert "**Begun**" in made.does(work)[1].refusal.text
