"""What stands in a run's channel when it opens: its people, its pinned card, its checklists."""

from desk import ALICE, BOB, INCIDENT, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.events import ChannelOpened, MessagePosted, PeopleInvited, Person


def test_a_new_channel_gets_its_people_its_card_and_its_checklists_in_order() -> None:
    desk = Desk()
    started_run(desk)
    invite = next(effect for effect in desk.sent if isinstance(effect, do.Invite))
    assert (invite.person_ids, invite.usernames) == (("alice",), ("bob",))
    posts = [effect for effect in desk.sent if isinstance(effect, do.Post) and effect.place_id == "channel1"]
    titles = [card.title for post in posts for card in post.content.cards]
    assert titles == ["1 · Triage", "2 · Fix", "Checkout is down"]


def test_the_card_tells_how_the_run_stands() -> None:
    desk = Desk()
    started_run(desk)
    (card,) = [e for e in desk.sent if isinstance(e, do.Post) and e.place_id == "channel1"][-1].content.cards
    assert words_of(card).startswith("Payments fail since 13:58.")
    assert {field.title: field.value for field in card.fields} == {
        "Owner": "@\u2060alice",
        "State": "🔵 In progress since 15:00 CET",
        "Tasks": "▱▱▱▱▱ 0 of 5",
        "Next update": "⏰ due 15:30 CET",
        "Checklists": "1 Triage 0 of 2 · 2 Fix 0 of 3",
        "Next due": "**1.2** Open a bridge call · due 15:15 CET",
        "Next": "**1.1** Acknowledge the alert",
    }
    labels = [control.label for control in card.controls]
    assert labels == ["✓ 1.1 Acknowledge the alert", "Post update", "Finish", "More…"]
    assert card.footer == "Incident response · run 1 · started by @alice"


def test_a_checklist_shows_its_tasks_and_a_button_for_each_of_the_next() -> None:
    desk = Desk()
    started_run(desk)
    triage = next(e for e in desk.sent if isinstance(e, do.Post) and "1 · Triage" in str(e)).content.cards[0]
    assert words_of(triage) == "- [ ] **1.1** Acknowledge the alert\n- [ ] **1.2** Open a bridge call · due 15:15"
    assert triage.footer == "0 of 2 done · times in CET"
    assert [control.label for control in triage.controls] == [
        "✓ 1.1 Acknowledge the alert",
        "✓ 1.2 Open a bridge call",
        "✋ Take 1.1",
        "Any task…",
    ]


def test_only_the_card_is_pinned() -> None:
    desk = Desk()
    started_run(desk)
    posts = [effect for effect in desk.sent if isinstance(effect, do.Post) and effect.place_id == "channel1"]
    pins = all_of(desk.sent, do.Pin)
    assert [pin.message_id for pin in pins] == [posts[-1].message_id]


def test_a_channel_that_is_told_twice_is_set_up_once() -> None:
    desk = Desk()
    place = started_run(desk)
    assert desk.take(ChannelOpened(at=desk.now, run_id=1, place=place)) == []
    assert desk.take(ChannelOpened(at=desk.now, run_id=99, place=place)) == []


def test_those_who_could_not_be_added_are_named_with_the_reason() -> None:
    desk = Desk()
    started_run(desk)
    refused = {
        "ann": "unknown",
        "ben": "not_in_team",
        "cid": "deactivated",
        "dan": "forbidden",
        "eve": "error",
        "fay": "other",
    }
    said = one(desk.take(PeopleInvited(at=desk.now, run_id=1, added=(), refused=refused)), do.Post).content.text
    for words in (
        "@ann (no such user)",
        "@ben (not in this team; invite them to the team, then to this channel)",
        "@cid (the account is deactivated)",
        "@dan (I may not add people here; somebody else can with /invite)",
        "@eve (the server refused; try /invite @eve)",
        "@fay (the server refused",
    ):
        assert words in said


def test_when_everybody_came_nobody_is_named() -> None:
    desk = Desk()
    started_run(desk)
    assert all_of(desk.take(PeopleInvited(at=desk.now, run_id=1, added=(ALICE, BOB), refused={})), do.Post) == []


def test_a_run_without_checklists_or_updates_has_a_card_that_says_so() -> None:
    desk = Desk(INCIDENT.model_copy(update={"checklists": (), "start": "now", "updates": type(INCIDENT.updates)()}))
    desk.says("sev-1")
    desk.presses("prompt.start", 1)
    desk.opens()
    posts = [effect for effect in desk.sent if isinstance(effect, do.Post) and effect.place_id == "channel1"]
    assert len(posts) == 1
    assert {field.value for field in posts[0].content.cards[0].fields} >= {"none planned", "▱▱▱▱▱ 0 of 0"}


def test_a_message_of_no_run_that_stands_is_not_pinned() -> None:
    assert Desk().take(MessagePosted(at=Desk().now, message_id=77, post_id="p")) == []


def test_a_bot_that_is_invited_takes_no_part() -> None:
    desk = Desk()
    started_run(desk)
    other = Person(id="otherbot", username="alertbot", is_bot=True)
    assert desk.take(PeopleInvited(at=desk.now, run_id=1, added=(other,), refused={})) == []
