"""Who loses a role by what somebody else does is told, as its card notifies nobody."""

from desk import ALICE, BOB, CARLA, INCIDENT, Desk, all_of, started_run

from handlers import effects as do
from handlers.events import Person, Place
from handlers.playbooks.playbook import Playbook

BOOK = Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"], "invite": ["@bob", "@carla"]})


def told(desk: Desk, place: Place, words: str, by: Person) -> dict[str, str]:
    """Return what follows for whom from a command about a role."""
    tells = all_of(desk.commands(words, by, place=place), do.Tell)
    return {tell.person_id: tell.content.text for tell in tells if not tell.only_whispered}


def test_who_had_a_role_is_told_who_took_it_gave_it_on_or_freed_it() -> None:
    desk = Desk(BOOK)
    place = started_run(desk)
    assert told(desk, place, "role scribe", BOB) == {}
    taken = told(desk, place, "role scribe", ALICE)
    assert (list(taken), "@alice is **scribe** in" in taken["bob"]) == (["bob"], True)
    assert list(told(desk, place, "role scribe @carla", ALICE)) == ["carla"]
    given = told(desk, place, "role scribe @bob", ALICE)
    assert (sorted(given), "@alice made @bob **scribe** in" in given["carla"]) == (["bob", "carla"], True)
    freed = told(desk, place, "role scribe nobody", ALICE)
    assert (list(freed), "@alice freed your role **scribe** in" in freed["bob"]) == (["bob"], True)
    assert told(desk, place, "role scribe", CARLA) == {}
    assert told(desk, place, "role scribe nobody", CARLA) == {}
