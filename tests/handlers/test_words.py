"""Each word of the tables has its part: a new one without a handler, a view or a sentence is found here."""

from typing import Any, get_args

import pytest

from handlers import effects as do
from handlers import events
from handlers.messages.current import DRAWN
from handlers.messages.delivery_failures import MISSED
from handlers.operations.edit_tasks import STATES
from handlers.operations.run_slash_command import Trouble
from handlers.playbooks.actions import Occasion
from handlers.routes.events import JOBS
from handlers.rules.list_actions import VERBS
from handlers.rules.planned_actions import EVENTS, OCCASIONS
from handlers.text.sentences import say
from store.session.kept import LIVE
from store.tables import words
from store.tables.jobs import OF_TASKS


def every(of: Any) -> set[str]:
    """Return the words of a `Literal`, or of several that are one."""
    return {word for one in get_args(of) for word in (every(one) if get_args(one) else {one})}


def test_each_kind_of_job_has_its_handler() -> None:
    assert set(JOBS) == every(words.JobKind) >= OF_TASKS


def test_each_message_that_shows_how_a_run_stands_can_be_drawn() -> None:
    assert set(DRAWN) == LIVE == every(words.LiveKind)
    assert set(MISSED) <= every(words.MessageKind)


def test_each_verb_has_its_deed() -> None:
    assert set(STATES) == every(words.TaskVerb)
    assert set(VERBS) == every(words.ListVerb)
    assert set(STATES.values()) == every(words.TaskState)


SAID = {
    "moment": ("moment", "kind_{}", words.MomentKind),
    "a task's state in its dialog": ("task", "state_{}", words.TaskState),
    "a task's new state": ("task", "now_{}", words.TaskState),
    "a task's old state": ("task", "before_{}", words.TaskState),
    "what is done to a checklist": ("checklists", "did_{}", words.ListVerb),
    "what can be done to a checklist": ("checklists", "also_{}", words.ListVerb),
    "the answer to a handover": ("handover", "closed_{}", words.HandoverAnswer),
    "why a channel is closed": ("people", "{}", words.WhyClosed),
    "what to do about a closed channel": ("people", "remedy_{}", words.WhyClosed),
    "why somebody is not invited": ("people", "{}", events.NotInvited),
    "why a command is not run": ("do", "trouble_{}", Trouble),
    "what is done by itself": ("why", "act_{}", words.ActionKind),
    "what it follows": ("why", "on_{}", words.Occasion),
    "what became of it": ("why", "state_{}", words.ActionState),
    "why it was not done": ("why", "why_{}", words.ActionWhy),
}


@pytest.mark.parametrize(("template", "block", "of"), SAID.values(), ids=SAID)
def test_each_word_has_its_sentence(template: str, block: str, of: Any) -> None:
    assert {block.format(word) for word in every(of)} <= set(say(template))


def test_what_an_action_follows_is_said_by_the_same_words_in_playbooks_and_in_rows() -> None:
    assert set(OCCASIONS) == every(words.Occasion) == every(Occasion)
    assert set(EVENTS) == set(OCCASIONS)


def test_why_nobody_is_in_a_group_is_why_an_action_is_not_done() -> None:
    assert every(events.NoGroup) <= every(words.ActionWhy)


def test_each_state_that_ends_a_prompt_has_its_sentence() -> None:
    assert every(words.PromptState) - {"open"} <= set(say("prompt"))


def test_each_message_that_may_be_missed_has_its_words() -> None:
    assert {f"what_{kind}" for kind in MISSED} <= set(say("trouble"))


@pytest.mark.parametrize("effect", get_args(do.Outbound), ids=lambda one: one.__name__)
def test_each_effect_that_waits_in_the_outbox_is_named_in_its_row(effect: Any) -> None:
    assert effect.__struct_config__.tag == effect.__name__


def test_each_lasting_effect_can_be_told_to_be_undeliverable() -> None:
    assert set(every(events.EffectKind)) == {kind.__name__ for kind in get_args(do.Lasting)}
