"""Webhooks of a playbook: what an address is told, what follows from its answers, and what admins can do about it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import ADMIN, BOB, GUEST, INCIDENT, START, Desk, all_of, one, words_of
from jsonschema import Draft202012Validator

from handlers import effects as do
from handlers.events import WebhookAnswered
from handlers.operations.call_webhooks import FOR, PAUSES
from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.playbook import Playbook
from handlers.views.webhook_body import schema
from store import WebhookAddress, WebhookDelivery

DOCS = Path(__file__).parents[3] / "docs"
HOOKED = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "admins": ["@alice", "group:sre"],
        "webhooks": [
            {"name": "pager", "url": "https://pager.example.org/in/s3cret-path"},
            {"name": "board", "url": "https://board.example.org/", "events": ["run.finished"]},
            {"name": "later", "url": "https://later.example.org/", "enabled": False},
        ],
    }
)


def running() -> Desk:
    desk = Desk(HOOKED)
    desk.commands("run incident-response Checkout is down")
    return desk


def told(found: list[do.Effect]) -> str:
    """Return all that somebody is answered."""
    answered = [words_of(effect.content) for effect in found if isinstance(effect, do.Answer | do.Tell)]
    return "\n".join([*answered, *(effect.text for effect in all_of(found, do.Refuse))])


def sent(desk: Desk, name: str = "pager") -> list[WebhookDelivery]:
    def found(store: Any) -> list[WebhookDelivery]:
        address = store.webhook_address(1, name)
        return list(reversed(store.webhook_deliveries(address.id))) if address is not None else []

    return desk.ask(found)


def address(desk: Desk, name: str = "pager") -> WebhookAddress:
    return desk.ask(lambda store: store.webhook_address(1, name))


def answers(desk: Desk, delivery_id: int, status: int | None = 200, why: str = "", **more: Any) -> list[do.Effect]:
    return desk.take(WebhookAnswered(at=desk.now, delivery_id=delivery_id, status=status, why=why, took_ms=12, **more))


def finish(desk: Desk) -> None:
    ask = one(desk.commands("finish #1"), do.Ask)
    desk.submits(ask.dialog, outcome="All is well")


def bodies(desk: Desk, name: str = "pager") -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in sent(desk, name)]


def test_a_start_is_told_once_the_channel_stands() -> None:
    desk = running()
    assert sent(desk) == []
    desk.opens()
    (body,) = bodies(desk)
    assert body["type"] == "run.started"
    assert body["timestamp"] == "2026-11-23T14:00:00Z"
    assert body["data"]["by"] == "alice"
    assert body["data"]["run"]["name"] == "Checkout is down"
    assert body["data"]["run"]["playbook"] == "incident-response"
    assert body["data"]["run"]["tasks"] == 5


def test_each_address_is_told_what_it_wants_to_hear_and_no_more() -> None:
    desk = running()
    desk.opens()
    desk.commands("check 1.1 #1")
    desk.commands("update #1 Rolled back.")
    finish(desk)
    kinds = [body["type"] for body in bodies(desk)]
    assert kinds == ["run.started", "task.done", "run.updated", "run.finished"]
    assert [body["type"] for body in bodies(desk, "board")] == ["run.finished"]
    assert bodies(desk)[2]["data"]["update"]["text"] == "Rolled back."
    assert bodies(desk)[3]["data"]["outcome"] == "All is well"
    assert sent(desk, "later") == []


def test_a_done_task_says_which() -> None:
    desk = running()
    desk.opens()
    desk.commands("check 1.1 #1")
    assert bodies(desk)[-1]["data"]["task"] == {"number": "1.1", "title": "Acknowledge the alert"}


def test_what_is_sent_is_as_the_schema_says() -> None:
    desk = running()
    desk.opens()
    desk.commands("check 1.1 #1")
    desk.commands("webhooks test pager")
    checks = Draft202012Validator(schema())
    for body in bodies(desk):
        checks.validate(body)
    assert bodies(desk)[-1]["type"] == "webhook.test"
    assert json.loads((DOCS / "webhook.schema.json").read_text()) == schema()


def test_what_was_imported_is_told_nothing_until_an_admin_has_looked() -> None:
    desk = running()

    def hold(store: Any) -> None:
        store.playbook(1).held = ["webhooks"]

    desk.ask(hold)
    desk.opens()
    assert sent(desk) == []


def test_a_failure_is_tried_again_ever_later_under_the_same_id_for_a_day() -> None:
    desk = running()
    desk.opens()
    (delivery,) = sent(desk)
    waits = []
    while (now := sent(desk)[0]).done_at is None:
        desk.now = max(desk.now, now.next_at)
        answers(desk, delivery.id, 500, "status")
        waits.append(sent(desk)[0].next_at - desk.now)
        assert sent(desk)[0].key == delivery.key
        assert len(waits) < 20
    assert tuple(waits[: len(PAUSES) - 0])[:5] == PAUSES[:5]
    assert desk.now - START == FOR
    assert sent(desk)[0].outcome == "failed"


def failing(desk: Desk) -> list[do.Effect]:
    desk.opens()
    (delivery,) = sent(desk)
    desk.now = START + FOR
    return answers(desk, delivery.id, 500, "status")


def test_after_a_day_it_is_off_and_its_admins_are_told_once() -> None:
    desk = running()
    found = failing(desk)
    tell = one(found, do.Tell)
    assert tell.person_id == "alice"
    assert "pager" in tell.content.text
    assert "answered 500" in tell.content.text
    assert "s3cret" not in tell.content.text
    assert address(desk).why_off == "failing"
    desk.commands("check 1.1 #1")
    assert len(sent(desk)) == 1


def test_what_waits_for_an_address_that_is_off_is_left() -> None:
    desk = running()
    desk.opens()
    desk.commands("check 1.1 #1")
    first, second = sent(desk)
    assert len(all_of(answers(desk, first.id, 410, "status"), do.Tell)) == 1
    assert sent(desk)[1].outcome == "off"
    assert answers(desk, second.id, 410, "status") == []
    assert address(desk).why_off == "gone"


def test_an_address_in_a_private_network_is_not_tried_again_and_told_of_at_once() -> None:
    desk = running()
    desk.opens()
    (delivery,) = sent(desk)
    tell = one(answers(desk, delivery.id, None, "private"), do.Tell)
    assert "any more: it is in a private network, which bot.toml does not allow" in tell.content.text
    assert (address(desk).why_off, sent(desk)[0].outcome) == ("private", "failed")
    assert "private network" in told(desk.commands("webhooks"))


def test_the_first_secret_is_the_one_that_was_signed_with_from_the_start() -> None:
    desk = running()
    desk.opens()
    secret = address(desk).secret
    said = told(desk.commands("webhooks secret pager"))
    assert secret in said
    assert "The one before" not in said
    assert address(desk).secrets(desk.now) == [secret]
    assert "The one before is good for another day" in told(desk.commands("webhooks secret pager"))
    assert address(desk).secrets(desk.now)[1:] == [secret]


def test_when_an_address_says_when_to_come_again_it_is_left_alone_so_long() -> None:
    desk = running()
    desk.opens()
    answers(desk, sent(desk)[0].id, 503, "status", retry_after=600.0)
    assert address(desk).waits_until == START + timedelta(minutes=10)
    take = lambda now: desk.ask(lambda store: list(store.take_deliveries(now, timedelta(minutes=1), 5)))  # noqa: E731
    assert take(START + timedelta(minutes=9)) == []
    assert len(take(START + timedelta(minutes=10))) == 1


def test_a_day_is_the_longest_that_an_address_is_left_alone() -> None:
    desk = running()
    desk.opens()
    answers(desk, sent(desk)[0].id, 503, "status", retry_after=1e12)
    assert address(desk).waits_until == START + timedelta(days=1)


def test_one_is_under_way_to_an_address_at_a_time_and_other_addresses_do_not_wait() -> None:
    desk = running()
    desk.opens()
    desk.commands("check 1.1 #1")
    finish(desk)

    def taken(now: Any) -> list[tuple[int, str]]:
        lease = timedelta(minutes=1)
        return desk.ask(lambda store: [(one.address_id, one.event) for one in store.take_deliveries(now, lease, 9)])

    first = taken(START)
    assert [event for _, event in first][:1] == ["run.started"]
    assert len({address_id for address_id, _ in first}) == len(first)
    assert taken(START) == []
    assert taken(START + timedelta(minutes=2)) == first


def test_the_last_two_hundred_are_kept() -> None:
    desk = running()
    desk.opens()
    for _ in range(210):
        desk.commands("webhooks test pager")
        answers(desk, sent(desk)[-1].id)
    assert 200 <= len(desk.ask(lambda store: store.webhook_deliveries(1, 1000))) <= 202


# -- in chat


def test_admins_are_shown_how_it_stands_and_no_path_of_an_address() -> None:
    desk = running()
    desk.opens()
    answers(desk, sent(desk)[0].id)
    said = told(desk.commands("webhooks incident-response"))
    assert "pager" in said
    assert "pager.example.org" in said
    assert "run.started, delivered" in said
    assert "s3cret" not in said
    assert "Off in the playbook" in said


@pytest.mark.parametrize("by", [BOB, GUEST])
@pytest.mark.parametrize("words", ["webhooks incident-response", "webhooks secret pager incident-response"])
def test_nobody_else_is(by: Any, words: str) -> None:
    desk = running()
    assert "whsec_" not in told(desk.commands(words, by))
    assert "example.org" not in told(desk.commands(words, by))
    assert address(desk) is None


@pytest.mark.parametrize("action", ["webhook.secret", "webhook.test", "webhook.list", "webhook.on"])
def test_nobody_elses_press_counts(action: str) -> None:
    desk = running()
    found = desk.presses(action, "1:pager", BOB)
    assert all_of(found, do.Refuse)
    assert address(desk) is None


def test_a_secret_is_shown_once_and_the_one_before_is_good_for_a_day() -> None:
    desk = running()
    first = told(desk.commands("webhooks secret pager", ADMIN))
    secret = address(desk).secret
    assert secret in first
    again = told(desk.commands("webhooks secret pager"))
    kept = address(desk)
    assert kept.secret in again
    assert secret not in again
    assert kept.secrets(desk.now) == [kept.secret, secret]
    assert kept.secrets(desk.now + timedelta(days=1)) == [kept.secret]
    everything = repr(desk.ask(lambda store: store.playbook_version(store.playbook(1)).definition))
    assert "whsec_" not in everything
    assert "whsec_" not in told(desk.commands("webhooks"))


def test_a_test_turns_nothing_else_on_and_is_told_by_its_id() -> None:
    desk = running()
    said = told(desk.commands("webhooks test board"))
    assert sent(desk, "board")[0].key in said


def test_what_failed_is_delivered_again_under_its_id() -> None:
    desk = running()
    failing(desk)
    (delivery,) = sent(desk)
    assert "is off" in told(desk.presses("webhook.again", delivery.id))
    desk.presses("webhook.on", "1:pager")
    desk.presses("webhook.again", delivery.id)
    (again,) = sent(desk)
    assert (again.key, again.done_at, again.attempts) == (delivery.key, None, 0)
    assert again.since == desk.now
    assert "on its way" in told(desk.presses("webhook.list", "1:pager"))


def moved(desk: Desk, url: str = "https://other.example.org/") -> None:
    """Have the pager's address replaced in a new version; with none it is taken out."""
    hooks = [
        one | {"url": url or one["url"]} if one["name"] == "pager" else one for one in HOOKED.definition()["webhooks"]
    ]
    hooks = [one for one in hooks if url or one["name"] != "pager"]
    book = Playbook.model_validate(HOOKED.definition() | {"webhooks": hooks})
    desk.ask(lambda store: store_playbook(store, book, "", desk.now))


def test_another_address_gets_another_secret_and_nothing_that_waits_for_the_one_before() -> None:
    desk = running()
    failing(desk)
    desk.presses("webhook.on", "1:pager")
    desk.commands("webhooks test pager")
    desk.commands("webhooks test board")
    before, board = address(desk), address(desk, "board")
    moved(desk)
    after = address(desk)
    assert after.secrets(desk.now)[0] not in before.secrets(desk.now)
    assert len(after.secrets(desk.now)) == 1
    assert (after.off_at, after.waits_until) == (None, None)
    assert all(one.done_at is not None for one in sent(desk))
    assert address(desk, "board").secret == board.secret


def test_a_run_that_began_before_tells_the_address_that_is_in_use() -> None:
    desk = running()
    desk.opens()
    moved(desk)
    desk.commands("update #1 Rolled back.")
    assert [one.url for one in sent(desk)] == ["https://pager.example.org/in/s3cret-path", "https://other.example.org/"]
    moved(desk, "")
    desk.commands("update #1 All is well.")
    assert len(sent(desk)) == 2


def test_what_is_delivered_again_goes_where_the_webhook_goes_now() -> None:
    desk = running()
    desk.opens()
    (delivery,) = sent(desk)
    moved(desk)
    desk.presses("webhook.again", delivery.id)
    assert [one.url for one in sent(desk)] == ["https://other.example.org/"]
    moved(desk, "")
    assert "has no webhook" in told(desk.presses("webhook.again", delivery.id))
    assert sent(desk)[0].outcome == "off"


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    assert "pager" in told(running().commands("webhooks test pagr"))
