"""A keyword becomes one question in the thread, and a no is taken for an answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk import ALICE, BOB, CARLA, GUEST, INCIDENT, PUBLIC, TOWN, Desk, all_of, one, started_run

from handlers import effects as do
from handlers.events import Hit, JobDue, MessageHeard, Place
from handlers.playbooks.playbook import Playbook

RELEASE = Playbook.model_validate({"title": "Release", "keywords": ["ship it", "sev-1"]})
QUICK = INCIDENT.model_copy(update={"start": "now"})


def card(effect: do.Post | do.Edit) -> do.Card:
    (found,) = effect.content.cards
    return found


def labels(effect: do.Post | do.Edit) -> list[str]:
    return [control.label for control in card(effect).controls]


def due(desk: Desk) -> list[do.Effect]:
    """Let everything be decided that is due now."""
    ids = desk.ask(lambda store: list(store.due_jobs(desk.now, 100)))
    return [effect for id in ids for effect in desk.take(JobDue(at=desk.now, job_id=id))]


def test_a_keyword_is_answered_in_its_thread_with_what_was_heard_and_what_a_start_does() -> None:
    asked = one(Desk().says("sev-1, checkout is down", post="heard"), do.Post)
    assert (asked.place_id, asked.root_id) == ("town", "heard")
    for words in ("sev-1", "Incident response", "private channel", "@bob", "2 checklists"):
        assert words in card(asked).text
    assert labels(asked) == ["Start run", "Not now", "Not in this thread"]


def test_a_thread_is_asked_once_for_each_playbook() -> None:
    desk = Desk(INCIDENT, RELEASE)
    assert desk.says("sev-1", post="root")
    assert desk.says("sev-1 still", thread="root") == []
    both = [Hit(playbook_id=1, keywords=("sev-1",)), Hit(playbook_id=2, keywords=("ship it",))]
    asked = one(desk.says("sev-1, ship it", thread="root", hits=both), do.Post)
    assert "Release" in card(asked).text
    assert "Incident" not in card(asked).text
    assert desk.says("sev-1", thread="root", hits=both) == []
    assert desk.says("sev-1", hits=both)


def test_the_same_message_heard_twice_is_asked_about_once() -> None:
    desk = Desk()
    assert desk.says("sev-1", post="twice")
    assert desk.says("sev-1", post="twice") == []


def test_several_playbooks_give_one_question_with_a_menu() -> None:
    desk = Desk(INCIDENT, RELEASE)
    both = [Hit(playbook_id=1, keywords=("sev-1",)), Hit(playbook_id=2, keywords=("sev-1",))]
    asked = one(desk.says("sev-1", hits=both), do.Post)
    assert "**Incident response** or **Release**" in card(asked).text
    menu = card(asked).controls[0]
    assert isinstance(menu, do.Menu)
    assert [option.text for option in menu.options] == ["Incident response", "Release"]
    release = next(option.value for option in menu.options if option.text == "Release")
    dialog = one(desk.presses("prompt.start", 1, choice=release), do.Ask).dialog
    assert "Release" in dialog.intro
    desk.submits(dialog, name="4.2")
    assert desk.run().definition["title"] == "Release"


def test_a_choice_that_the_menu_never_had_starts_nothing() -> None:
    desk = Desk(INCIDENT, RELEASE)
    both = [Hit(playbook_id=1, keywords=("sev-1",)), Hit(playbook_id=2, keywords=("sev-1",))]
    desk.says("sev-1", hits=both)
    for choice in ("", "77", "x", "9" * 5000):
        assert one(desk.presses("prompt.start", 1, choice=choice), do.Refuse)


def test_a_playbook_of_other_teams_is_not_offered() -> None:
    assert Desk(INCIDENT.model_copy(update={"teams": ("sales",)})).says("sev-1") == []


def test_in_a_direct_message_nobody_is_asked() -> None:
    desk = Desk()
    event = MessageHeard(
        at=desk.now, post_id="p", root_id="", place=Place(id="d", kind="D"), author=ALICE, text="sev-1",
        hits=(Hit(playbook_id=1, keywords=("sev-1",)),),
    )  # fmt: skip
    assert desk.take(event) == []


def test_not_now_leaves_a_line_and_the_thread_is_not_asked_again() -> None:
    desk = Desk()
    desk.says("sev-1", post="root")
    closed = one(desk.presses("prompt.dismiss", 1, by=BOB), do.Edit)
    assert labels(closed) == []
    assert "@bob: not now" in card(closed).text
    assert "/playbook run incident-response" in card(closed).text
    assert desk.says("sev-1 again", thread="root") == []
    desk.later(hours=13)
    assert due(desk) == []


def test_not_in_this_thread_keeps_every_playbook_out_of_it() -> None:
    desk = Desk(INCIDENT, RELEASE)
    desk.says("sev-1", post="root")
    muted = one(desk.presses("prompt.mute", 1), do.Edit)
    assert "asked me to be quiet in this thread" in card(muted).text
    assert desk.says("ship it", thread="root", hits=[Hit(playbook_id=2, keywords=("ship it",))]) == []
    assert desk.says("sev-1 elsewhere")


def test_an_unanswered_question_folds_up_after_half_a_day() -> None:
    desk = Desk()
    desk.says("sev-1")
    desk.later(hours=11, minutes=59)
    assert due(desk) == []
    desk.later(minutes=1)
    folded = one(due(desk), do.Edit)
    assert "Nobody answered" in card(folded).text
    assert labels(folded) == []
    refused = one(desk.presses("prompt.start", 1), do.Refuse)
    assert "/playbook run incident-response" in refused.text


@pytest.mark.parametrize("action", ["prompt.dismiss", "prompt.mute", "prompt.start"])
def test_whoever_comes_second_reads_who_was_first_and_where_the_run_is(action: str) -> None:
    desk = Desk()
    started_run(desk)
    refused = one(desk.presses(action, 1, by=BOB), do.Refuse)
    assert "@alice has already started **Checkout is down**" in refused.text
    assert "https://chat.example.com/ops/channels/checkout-is-down-1" in refused.text


def test_whoever_starts_after_a_no_reads_who_said_it() -> None:
    desk = Desk()
    desk.says("sev-1")
    desk.presses("prompt.dismiss", 1, by=CARLA)
    assert "@carla has already answered" in one(desk.presses("prompt.start", 1, by=BOB), do.Refuse).text


def test_two_who_press_start_at_once_start_one_run() -> None:
    desk = Desk(QUICK)
    desk.says("sev-1, checkout is down")
    first = desk.presses("prompt.start", 1, by=ALICE)
    second = desk.presses("prompt.start", 1, by=BOB)
    assert len(all_of(first, do.OpenChannel)) == 1
    assert "@alice has already started" in one(second, do.Refuse).text
    assert len(desk.ask(lambda store: store.active_runs("t1"))) == 1


def test_two_who_fill_in_the_dialog_at_once_start_one_run_and_the_second_reads_who_was_first() -> None:
    desk = Desk(PUBLIC)
    desk.says("sev-1")
    dialogs = [one(desk.presses("prompt.start", 1, by=who), do.Ask).dialog for who in (ALICE, BOB)]
    assert all_of(desk.submits(dialogs[0], by=ALICE, name="Mine"), do.OpenChannel)
    assert (
        "@alice has already started **Mine**" in one(desk.submits(dialogs[1], by=BOB, name="Other"), do.Correct).error
    )
    assert len(desk.ask(lambda store: store.active_runs("t1"))) == 1


def test_the_answer_says_who_starts_what_and_then_where_it_is() -> None:
    desk = Desk(PUBLIC)
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    starting = one(desk.submits(dialog, name="Checkout is down"), do.Edit)
    assert "@alice is starting **Checkout is down**" in card(starting).text
    desk.opens()
    started = [
        effect for effect in desk.sent if isinstance(effect, do.Edit) and effect.message_id == starting.message_id
    ]
    assert "[Checkout is down](https://chat.example.com/ops/channels/checkout-is-down-1)" in card(started[-1]).text
    assert started[-1].revision > starting.revision


def test_a_guest_is_told_whom_to_ask() -> None:
    desk = Desk()
    desk.says("sev-1", by=GUEST)
    assert "Guests cannot start runs" in one(desk.presses("prompt.start", 1, by=GUEST), do.Refuse).title
    dialog = one(desk.presses("prompt.start", 1, by=ALICE), do.Ask).dialog
    assert "Ask a member" in one(desk.submits(dialog, by=GUEST, name="x"), do.Correct).error


def test_a_question_fits_a_message_whatever_was_heard() -> None:
    words = tuple(f"{number:03}" + "<" * 97 for number in range(100))
    desk = Desk(INCIDENT.model_copy(update={"keywords": words, "title": "<" * 200}))
    asked = one(desk.says(" ".join(words), hits=[Hit(playbook_id=1, keywords=words)]), do.Post)
    assert len(card(asked).text.replace("<", "......")) < 6000


def test_a_message_of_the_longest_kind_starts_a_run_like_any_other() -> None:
    desk = Desk(QUICK)
    desk.says("sev-1 " + "x" * 16377)
    one(desk.presses("prompt.start", 1), do.OpenChannel)
    assert len(desk.run().name) <= 150
    desk.opens()


def test_nothing_is_heard_where_the_bot_is_not_to_work() -> None:
    desk = Desk()
    desk.here = replace(desk.here, teams=frozenset({"sales"}))
    assert desk.says("sev-1") == []


def test_what_was_written_long_ago_is_not_asked_about_when_the_bot_comes_back() -> None:
    desk = Desk()
    said = {
        "root_id": "",
        "place": TOWN,
        "author": ALICE,
        "text": "sev-1",
        "hits": (Hit(playbook_id=1, keywords=("sev-1",)),),
    }
    old = MessageHeard(at=desk.now, said_at=desk.now - timedelta(hours=13), post_id="old", **said)
    young = MessageHeard(at=desk.now, said_at=desk.now - timedelta(hours=11), post_id="young", **said)
    assert desk.take(old) == []
    assert one(desk.take(young), do.Post)


def test_a_keyword_that_is_told_to_the_bot_itself_is_asked_about() -> None:
    desk = Desk()
    said = {"root_id": "", "place": TOWN, "author": ALICE, "hits": (Hit(playbook_id=1, keywords=("sev-1",)),)}
    event = MessageHeard(at=desk.now, post_id="p", text="@muster sev-1, help", command="sev-1, help", **said)
    assert "Start a run?" in card(one(desk.take(event), do.Post)).text
    command = MessageHeard(at=desk.now, post_id="q", text="@muster list sev-1", command="list sev-1", **said)
    assert "I know no list “sev-1”" in one(desk.take(command), do.Refuse).text


def test_a_run_that_begins_in_a_private_channel_opens_a_private_one() -> None:
    desk = Desk(PUBLIC)
    desk.ask(lambda store: setattr(store.place("town"), "kind", "P"))
    assert "opens a private channel" in card(one(desk.says("sev-1, payroll"), do.Post)).text
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    assert one(desk.submits(dialog, name="Payroll"), do.OpenChannel).private


def archive(desk: Desk, playbook_id: int = 1) -> None:
    desk.ask(lambda store: setattr(store.playbook(playbook_id), "archived_at", desk.now))


def test_an_archived_playbook_starts_nothing_from_the_prompt_that_stands() -> None:
    desk = Desk()
    desk.says("sev-1, checkout is down")
    desk.stands(1)
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    archive(desk)
    found = desk.presses("prompt.start", 1)
    assert "**Incident response** was archived" in one(found, do.Refuse).text
    shown = one(found, do.Edit).content.cards[0]
    assert "was archived" in shown.text
    assert not shown.controls
    assert "was archived" in one(desk.submits(dialog, name="Checkout"), do.Correct).error
    assert desk.ask(lambda store: list(store.runs(9))) == []


def test_of_two_offers_the_one_that_is_left_can_still_be_started() -> None:
    release = Playbook.model_validate({"title": "Release", "key": "release", "keywords": ["sev-1"], "start": "now"})
    desk = Desk(INCIDENT, release)
    desk.says("sev-1", hits=[Hit(playbook_id=1, keywords=("sev-1",)), Hit(playbook_id=2, keywords=("sev-1",))])
    desk.stands(1)
    archive(desk)
    found = desk.presses("prompt.start", 1, choice="1")
    assert "was archived" in one(found, do.Refuse).text
    controls = one(found, do.Edit).content.cards[0].controls
    assert [one.label for one in controls] == ["Start run", "Not now", "Not in this thread"]
    desk.presses("prompt.start", 1)
    assert desk.run().definition["title"] == "Release"


def test_a_dialog_that_was_opened_before_its_playbook_was_archived_starts_nothing() -> None:
    desk = Desk()
    dialog = one(desk.commands("run incident-response"), do.Ask).dialog
    archive(desk)
    assert "was archived" in one(desk.submits(dialog, name="Checkout"), do.Correct).error
    assert "is archived" in str(desk.commands("run incident-response x"))
    assert desk.ask(lambda store: list(store.runs(9))) == []


def test_a_run_of_an_archived_playbook_goes_on_and_is_taken_up_again() -> None:
    desk = Desk()
    place = started_run(desk)
    archive(desk)
    assert "is done" in str(desk.commands("check 1.1", place=place))
    desk.commands("finish now", place=place)
    assert not all_of(desk.commands("restart", place=place), do.Refuse)
    assert desk.run().is_active


def test_a_playbook_that_became_private_since_is_started_by_its_members_alone() -> None:
    desk = Desk()
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    private = INCIDENT.model_copy(update={"members": ("@bob",)})
    desk.ask(lambda store: setattr(store.playbook_version(store.playbook(1)), "definition", private.definition()))
    assert "only its members" in one(desk.submits(dialog, name="Checkout"), do.Correct).error
    assert "only its members" in one(desk.presses("prompt.start", 1), do.Refuse).text


def test_in_the_channel_of_a_run_its_own_playbook_is_not_asked_about_while_it_is_in_progress() -> None:
    desk = Desk(PUBLIC, RELEASE)
    place = started_run(desk)
    both = [Hit(playbook_id=1, keywords=("sev-1",)), Hit(playbook_id=2, keywords=("ship it",))]
    assert desk.says("sev-1 again", place=place) == []
    other = one(desk.says("sev-1 again, ship it", place=place, hits=both), do.Post)
    assert "**Release**" in card(other).text
    assert "Incident" not in card(other).text
    desk.commands("finish now", place=place)
    assert one(desk.says("sev-1 again", place=place), do.Post)


def test_elsewhere_the_question_names_the_run_that_is_in_progress_and_lets_people_join_it() -> None:
    desk = Desk(PUBLIC)
    started_run(desk)
    asked = one(desk.says("sev-1 again", by=CARLA), do.Post)
    assert (
        "**[Checkout is down](https://chat.example.com/ops/channels/checkout-is-down-1)** is in progress, owned by"
        in card(asked).text
    )
    assert "Join it, or start another run? It opens a public channel" in card(asked).text
    assert labels(asked) == ["Join it", "Start run", "Not now", "Not in this thread"]
    join = card(asked).controls[0]
    found = desk.presses(join.action, join.arg, by=CARLA, message=asked.message_id)
    assert one(found, do.Invite).person_ids == ("carla",)
    assert one(desk.presses("prompt.start", 2, by=CARLA), do.Ask)


def test_of_several_runs_the_newest_are_named_with_a_button_each() -> None:
    desk = Desk(PUBLIC)
    for number in range(1, 5):
        desk.says("sev-1", post=f"m{number}")
        dialog = one(desk.presses("prompt.start", number), do.Ask).dialog
        desk.submits(dialog, name=f"Number {number} {'long ' * 20}")
        desk.opens(number, f"channel-{number}")
    asked = one(desk.says("sev-1 again"), do.Post)
    assert "Join one, or start another run?" in card(asked).text
    assert "Number 1" not in card(asked).text
    assert [label[:13] for label in labels(asked)][:3] == ["Join Number 4", "Join Number 3", "Join Number 2"]
    assert max(map(len, labels(asked))) <= 34


def test_a_question_that_stands_names_a_run_only_as_long_as_it_goes_on_and_all_may_see_it() -> None:
    desk = Desk(PUBLIC)
    asked = one(desk.says("sev-1", post="early"), do.Post)
    desk.stands(asked.message_id)
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 2), do.Ask).dialog
    desk.submits(dialog, name="Checkout is down")
    place = desk.opens()

    def shown() -> str:
        return str([one for one in desk.sent if isinstance(one, do.Edit) and one.message_id == asked.message_id][-1])

    assert "Checkout is down" in shown()
    desk.becomes(place, kind="P")
    assert "Checkout is down" not in shown()
    desk.becomes(place, kind="O")
    assert "Checkout is down" in shown()
    desk.commands("finish now", place=place)
    assert "Checkout is down" not in shown()


@pytest.mark.parametrize("book", [INCIDENT, PUBLIC.model_copy(update={"members": ("@alice",)})])
def test_a_run_that_not_all_may_see_is_not_named(book: Playbook) -> None:
    desk = Desk(book)
    started_run(desk)
    asked = one(desk.says("sev-1 again"), do.Post)
    assert "Checkout is down" not in card(asked).text
    assert labels(asked) == ["Start run", "Not now", "Not in this thread"]


def test_without_buttons_words_let_people_join() -> None:
    desk = Desk(PUBLIC)
    started_run(desk)
    desk.here = replace(desk.here, buttons=False)
    assert "join #1` lets you take part." in card(one(desk.says("sev-1 again"), do.Post)).text
    assert one(desk.commands("join #1", by=CARLA), do.Invite).person_ids == ("carla",)


@pytest.mark.parametrize("words", ["owner @bob", "rename Payments", "restart"])
def test_an_open_question_that_names_a_run_follows_who_owns_it_what_it_is_called_and_that_it_goes_on(
    words: str,
) -> None:
    desk = Desk(PUBLIC)
    place = started_run(desk)
    if words == "restart":
        desk.commands("finish now", place=place)
    question = one(desk.says("sev-1", BOB, post="other"), do.Post).message_id
    found = desk.commands(words, place=place)
    assert question in [drawn.message_id for drawn in all_of(found, do.Edit)]
