"""A run that is over and waits to be looked back on, for tests of retrospectives."""

from typing import Any

from desk import INCIDENT, Desk, all_of, started_run

from handlers import effects as do
from handlers.events import Place
from handlers.playbooks.playbook import Playbook

QUESTIONS = "## What went well?\nThink of people.\n## What went badly?"


def book(**retrospective: Any) -> Playbook:
    """Return the incident's playbook with a retrospective of two questions."""
    return Playbook.model_validate(INCIDENT.definition() | {"retrospective": {"template": QUESTIONS} | retrospective})


def finished(playbook: Playbook | None = None) -> tuple[Desk, Place, list[do.Effect]]:
    """Return a desk with a run that was worked on for forty minutes, its channel, and what followed from its end."""
    desk = Desk(playbook or book())
    place = started_run(desk)
    desk.later(minutes=5)
    desk.commands("check 1.1", place=place)
    desk.commands("update We roll back", place=place)
    desk.later(minutes=35)
    found = desk.commands("finish now all is well", place=place)
    for one in all_of(found, do.Post):
        if one.place_id == place.id:
            desk.stands(one.message_id)
    return desk, place, found


def draft_of(desk: Desk) -> Any:
    """Return the message of the draft as it stands, None where there is none."""
    found = desk.ask(lambda store: list(store.messages("retro_draft", run_id=1)))
    return found[0] if found else None


def sections(desk: Desk) -> list[Any]:
    return list(desk.ask(lambda store: store.retro_sections(1)))


def text_of(effects: list[do.Effect], kind: type[Any], at: int = -1) -> str:
    """Return all that a message of a kind says."""
    content = all_of(effects, kind)[at].content
    fields = [field.value for card in content.cards for field in card.fields]
    return "\n".join([content.text, *(card.text for card in content.cards), *fields])
