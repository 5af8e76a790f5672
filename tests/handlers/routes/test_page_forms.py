"""Forms of pages: who may send them, what they answer, and that each counts once."""

import pytest
from desk import ALICE, CARLA, INCIDENT, TOWN, Desk, one, started_run
from msgspec.structs import replace

from handlers import effects as do
from handlers.events import PageActed, Person, Place
from handlers.playbooks.playbook import Playbook
from handlers.routes.pages import PAGE_FORMS, worth_keeping
from handlers.routes.rows import RunPageForm


def sends(
    desk: Desk, action: str, by: Person = ALICE, run_id: int = 1, once: str = "once", **values: str
) -> list[do.Effect]:
    place = Place(id=f"channel{run_id}")
    return desk.take(
        PageActed(at=desk.now, action=action, run_id=run_id, once=once, values=values, asker=by, place=place)
    )


def looked_back() -> Desk:
    """Return a desk with a run that is over, whose retrospective is to be written."""
    desk = Desk(Playbook.model_validate(INCIDENT.definition() | {"retrospective": {"enabled": True}}))
    place = started_run(desk)
    desk.commands("finish now", place=place)
    return desk


def known(desk: Desk) -> str:
    return str(desk.ask(lambda store: store.retro_sections(1)[0].version))


def test_a_form_counts_once_and_again_where_it_was_wrong() -> None:
    desk = looked_back()
    wrong = one(sends(desk, "retro.write", section="1", known=known(desk), text="x" * 12_001), do.Correct)
    assert "12001" in wrong.errors["text"]
    assert sends(desk, "retro.write", section="1", known=known(desk), text="Short")
    assert sends(desk, "retro.write", section="1", known=known(desk), text="Other") == []
    assert desk.ask(lambda store: store.retro_sections(1)[0].text) == "Short"


def test_of_a_refused_form_its_own_fields_are_kept_and_not_far_too_much() -> None:
    values = {"text": "x" * 250_000, "section": "1", "junk": "y" * 250_000}
    sent = PageActed(at=Desk().now, action="retro.write", run_id=1, once="", values=values, asker=ALICE, place=TOWN)
    kept = worth_keeping(sent)
    assert (len(kept["text"]), kept["section"], "junk" in kept) == (24_000, "1", False)
    assert worth_keeping(replace(sent, action="no.such.form")) == {}


def test_a_form_that_nothing_knows_changes_nothing() -> None:
    assert "older than I am" in one(sends(Desk(), "no.such.form"), do.Refuse).text


@pytest.mark.parametrize("name", sorted(name for name, row in PAGE_FORMS.items() if isinstance(row, RunPageForm)))
def test_of_a_run_that_is_not_theirs_to_see_people_learn_what_they_learn_of_none(name: str) -> None:
    desk = Desk()
    started_run(desk)
    unseen, absent = (one(sends(desk, name, CARLA, run_id, f"once{run_id}"), do.Refuse) for run_id in (1, 2))
    assert unseen.title == absent.title
    assert unseen.text.replace("1", "N") == absent.text.replace("2", "N")
