"""A run's name and summary: what changes of them is returned, and can be put back."""

from typing import Any

import pytest
from desk import ALICE, INCIDENT, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.context import Context
from handlers.events import Place
from handlers.operations.describe_run import SUMMARY_LIMIT, Described, describe_run, undo_description
from store import Run


def undo(ctx: Context, run: Run, moment_id: int) -> Any:
    moment = ctx.store.moment(moment_id)
    assert moment is not None
    return undo_description(ctx, run, moment, ALICE)


def test_only_what_changed_is_told_and_it_is_put_back() -> None:
    desk = Desk()
    started_run(desk)
    summary = desk.run().summary
    found, told = desk.does(describe_run, ALICE, name="Payments are down", summary=summary)
    assert (told.before, told.after) == ({"name": "Checkout is down"}, {"name": "Payments are down"})
    assert [effect.title for effect in all_of(found, do.ChangeChannel)] == ["Payments are down"]
    assert {type(effect) for effect in found} == {do.ChangeChannel, do.Redraw}
    _, back = desk.does(undo, told.moment_id)
    assert (back.before, back.after) == (told.after, told.before)
    with pytest.raises(do.Refused, match="changed this again"):
        desk.does(undo, told.moment_id)


def test_what_it_says_already_changes_nothing() -> None:
    desk = Desk()
    started_run(desk)
    assert desk.does(describe_run, ALICE, name="Checkout is down") == ([], Described({}, {}))


@pytest.mark.parametrize("wanted", [{"name": ""}, {"name": "x" * 151}, {"name": "A", "summary": "x" * 3001}])
def test_what_is_too_long_or_nothing_is_refused_before_anything_is_changed(wanted: dict[str, str]) -> None:
    assert SUMMARY_LIMIT == 3000
    desk = Desk()
    started_run(desk)
    with pytest.raises(do.Refused, match="characters at most"):
        desk.does(describe_run, ALICE, **wanted)
    assert desk.run().name == "Checkout is down"


FORM = "**What users notice:**\n**Since when:**"


def with_form() -> tuple[Desk, Place]:
    desk = Desk(INCIDENT.model_copy(update={"summary": FORM}))
    return desk, started_run(desk)


@pytest.mark.parametrize("text", [FORM, FORM.replace("\n", "\r\n"), f" {FORM}\n\n", FORM.replace("\n", " ")])
def test_the_template_of_a_summary_is_refused_at_its_field_and_by_command(text: str) -> None:
    desk, place = with_form()
    before = desk.run().summary
    dialog = one(desk.commands("summary", place=place), do.Ask).dialog
    refused = one(desk.submits(dialog, name="Checkout is down", summary=text, place=place), do.Correct)
    assert "still the template" in refused.errors["summary"]
    assert "still the template" in one(desk.commands(f"summary {text}", place=place), do.Refuse).text
    assert desk.run().summary == before
    desk.submits(dialog, name="Checkout is down", summary=f"{text}\n13:58", place=place)
    assert desk.run().summary.endswith("13:58")


def test_who_only_renames_a_run_without_a_summary_is_not_asked_to_fill_the_template_in() -> None:
    desk, place = with_form()
    desk.ask(lambda store: setattr(store.run(1), "summary", ""))
    dialog = one(desk.commands("rename", place=place), do.Ask).dialog
    assert dialog.entries[1].default == FORM
    assert one(desk.submits(dialog, name="Payments are down", summary=FORM, place=place), do.Answer)
    assert (desk.run().name, desk.run().summary) == ("Payments are down", "")
