"""The milestones of a run: set before and after, corrected with a reason that stays, and never in anybody's way."""

from datetime import timedelta

import pytest
from desk import ALICE, BOB, CARLA, INCIDENT, PUBLIC, START, Desk, one, started_run, words_of

from handlers import effects as do
from handlers.events import Place
from handlers.playbooks.playbook import Playbook

MEASURED = Playbook.model_validate(
    INCIDENT.definition()
    | {
        "retrospective": {
            "metrics": [
                {"title": "Harm", "from": "impact-started", "to": "mitigated", "target": "30m"},
                {"title": "Rolled back", "from": "started", "to": 'task "roll back"'},
            ]
        }
    }
)


def told(desk: Desk, words: str, place: Place, **more: object) -> str:
    """Return what a command answers, or why it is refused."""
    found = desk.commands(words, place=place, **more)
    refused = [effect.text for effect in found if isinstance(effect, do.Refuse)]
    return refused[0] if refused else words_of(one(found, do.Answer).content)


def running(*books: Playbook) -> tuple[Desk, Place]:
    """Return a desk at which the incident has been in progress for forty minutes; Alice's clock shows 15:40."""
    desk = Desk(*(books or (MEASURED,)))
    place = started_run(desk)
    desk.later(minutes=40)
    return desk, place


def test_a_time_is_set_before_the_start_and_stands_in_list_and_timeline() -> None:
    desk, place = running()
    assert told(desk, "time impact-started 14:20", place) == "*impact started* was at 14:20 CET."
    listed = told(desk, "time", place)
    assert "**14:20** impact started, by @alice" in listed
    assert listed.index("14:20") < listed.index("**15:00** started\n")
    assert "– mitigated" in listed
    assert "@alice set *impact started* to 14:20" in told(desk, "timeline", place)


@pytest.mark.parametrize(
    "words", ["mitigated 20 min ago", "Mitigated 15:20", "mitigate today 3:20 pm", "mitigated: 15:20"]
)
def test_a_milestone_is_named_and_timed_as_people_do(words: str) -> None:
    desk, place = running()
    assert "was at 15:20 CET" in told(desk, f"time {words}", place)


def test_a_time_to_come_or_none_at_all_is_refused_with_examples() -> None:
    desk, place = running()
    assert "still to come" in told(desk, "time mitigated tomorrow 9:00", place)
    assert "time that is over" in told(desk, "time mitigated soonish", place)
    assert "Write which one you mean" in told(desk, "time mitigated 3:20", place)
    assert "no milestone of this run" in told(desk, "time forgiven 14:20", place)
    assert "Write when it was" in told(desk, "time started", place)
    assert desk.ask(lambda store: store.milestones(1)) == []


def test_another_time_needs_a_reason_which_stays_visible() -> None:
    desk, place = running()
    told(desk, "time mitigated 15:20", place)
    assert "Say why that is another time" in told(desk, "time mitigated 15:10", place)
    corrected = told(desk, "time mitigated 15:10 because the graphs show it", place)
    assert corrected == "*mitigated* was at 15:10 CET now, corrected from 15:20: “the graphs show it”."
    assert "corrected, it was 15:20: “the graphs show it”" in told(desk, "time", place)
    assert "corrected *mitigated* from 15:20 to 15:10: “the graphs show it”" in told(desk, "timeline", place)


def test_what_came_by_itself_is_corrected_and_as_recorded_again() -> None:
    desk, place = running()
    assert "Say why" in told(desk, "time started 14:50", place)
    told(desk, "time started 14:50 because it was said aloud before", place)
    assert "**14:50** started, by @alice; corrected, it was 15:00" in told(desk, "time", place)
    assert "is taken back" in told(desk, "time started none because that was another one", place)
    assert "**15:00** started\n" in told(desk, "time", place)
    assert desk.ask(lambda store: [row.reason for row in store.milestones(1)])[:2] == [
        "it was said aloud before",
        "that was another one",
    ]


def test_times_out_of_order_are_pointed_out_and_keep_nobody_from_finishing() -> None:
    desk, place = running()
    told(desk, "time mitigated 15:10", place)
    hint = told(desk, "time impact-started 15:30", place)
    assert "⚠️ Out of order: *impact started* is later than *mitigated*" in hint
    assert "⚠️ Out of order" in told(desk, "time", place)
    assert "is finished" in told(desk, "finish now", place)


def test_a_task_that_metrics_speak_of_is_a_milestone_that_can_be_corrected() -> None:
    desk, place = running()
    assert "– “Roll back” done" in told(desk, "time", place)
    desk.commands("check 2.1", place=place)
    assert "**15:40** “Roll back” done" in told(desk, "time", place)
    said = told(desk, 'time task "roll back" 15:35 because it was pressed late', place)
    assert "“Roll back” done* was at 15:35 CET now, corrected from 15:40" in said


def test_the_dialog_shows_what_is_there_and_saves_what_was_changed() -> None:
    desk, place = running()
    told(desk, "time mitigated 15:20", place)
    dialog = one(desk.presses("run.more", 1, choice="time.ask"), do.Ask).dialog
    shown = {field.name: field.default for field in dialog.entries}
    assert shown["mitigated"] == "2026-11-23 15:20"
    assert shown["detected"] == ""
    same = {"mitigated": "2026-11-23 15:20"}
    assert "No time was changed" in one(desk.submits(dialog, **same), do.Answer).content.text
    wrong = one(desk.submits(dialog, detected="15:05", mitigated="15:15"), do.Correct)
    assert wrong.errors.keys() == {"mitigated"}
    assert len(desk.ask(lambda store: store.milestones(1))) == 1
    answer = one(desk.submits(dialog, detected="15:05", mitigated="15:15", because="by the log"), do.Answer)
    assert "*detected* was at 15:05" in answer.content.text
    assert "corrected from 15:20: “by the log”" in answer.content.text


def test_without_a_time_the_command_opens_the_dialog_or_says_how_to_write_one() -> None:
    desk, place = running()
    assert one(desk.commands("time mitigated", place=place), do.Ask).dialog.action == "times.save"
    assert "Write when it was" in told(desk, "time mitigated", place, trigger="")


def test_who_only_looks_sees_the_times_and_sets_none() -> None:
    desk, place = running(PUBLIC)
    listed = one(desk.commands("time", by=CARLA, place=place), do.Answer).content
    assert "started" in words_of(listed)
    assert listed.cards[0].controls == ()
    assert "ask the owner" in told(desk, "time mitigated 15:20", place, by=CARLA)


def test_finish_offers_what_the_metrics_lack_and_takes_it() -> None:
    desk, place = running()
    told(desk, "time impact-started 14:50", place)
    dialog = one(desk.presses("finish.ask", 1), do.Ask).dialog
    assert [field.name for field in dialog.entries] == ["outcome", "mitigated", "mistaken"]
    assert one(desk.submits(dialog, mitigated="soonish"), do.Correct).errors.keys() == {"mitigated"}
    assert desk.run().is_active
    desk.submits(dialog, mitigated="15:30")
    assert not desk.run().is_active
    row = desk.ask(lambda store: store.figures_of(1))
    assert (row.metrics["harm impact-started mitigated wall"], row.state) == (40 * 60, "finished")


def test_a_run_that_was_started_by_mistake_says_so_and_counts_nowhere() -> None:
    desk, place = running()
    dialog = one(desk.presses("finish.ask", 1), do.Ask).dialog
    found = desk.submits(dialog, mistaken="true")
    assert any("started by mistake" in effect.content.text for effect in found if isinstance(effect, do.Post))
    assert desk.ask(lambda store: store.figures_of(1)).left_out == "mistaken"
    desk.commands("restart", place=place)
    assert desk.ask(lambda store: store.figures_of(1)).left_out == ""
    assert "is finished" in told(desk, "finish by mistake", place)
    assert desk.ask(lambda store: store.figures_of(1)).left_out == "mistaken"


def test_a_run_taken_up_again_keeps_its_beginning_and_moves_its_end() -> None:
    desk, place = running()
    told(desk, "time mitigated 15:20", place)
    desk.commands("finish now", place=place)
    desk.later(minutes=10)
    desk.commands("restart", place=place)
    desk.later(minutes=30)
    # No reason is asked for: it was mitigated once more.
    assert told(desk, "time mitigated 16:15", place) == "*mitigated* was at 16:15 CET."
    told(desk, "finish now", place)
    row = desk.ask(lambda store: store.figures_of(1))
    assert (row.reopened, row.took_s, row.open_s) == (1, 80 * 60, 70 * 60)
    assert "↻2" in one(desk.commands("time", place=place), do.Answer).content.text
    assert "open for 1 h 10 min; taken up again 1 time" in told(desk, "time", place)


def test_what_comes_by_itself_is_corrected_only_once_it_has_come_and_no_longer_when_it_is_undone() -> None:
    desk, place = running()
    for name in ("finished", "published", "first-update", 'task "Roll back"'):
        assert "has not happened yet" in told(desk, f"time {name} 15:20", place)
    desk.commands("finish now", place=place)
    told(desk, "time finished 15:30 because it was over before", place)
    assert desk.ask(lambda store: store.figures_of(1)).took_s == 30 * 60
    desk.commands("restart", place=place)
    row = desk.ask(lambda store: store.figures_of(1))
    assert (row.state, row.took_s, row.open_s, row.finish_s) == ("active", None, None, None)
    desk.later(minutes=20)
    desk.commands("finish now", place=place)
    assert desk.ask(lambda store: store.figures_of(1)).took_s == 60 * 60


def test_people_may_say_when_it_was_said_and_acknowledged_where_nothing_tells() -> None:
    desk = Desk(MEASURED)
    desk.commands("run incident-response here Down")
    desk.later(minutes=10)
    desk.commands("time keyword 20 min ago")
    desk.commands("finish now")
    assert desk.ask(lambda store: store.figures_of(1)).acknowledge_s == 10 * 60


def test_a_finished_run_can_still_be_told_when_it_was() -> None:
    desk, place = running()
    told(desk, "finish now", place)
    desk.later(days=1)
    assert "was at Mon 23 Nov, 15:20 CET" in told(desk, "time mitigated yesterday 15:20", place)
    assert desk.ask(lambda store: store.figures_of(1)).mitigate_s == 20 * 60


def test_a_bare_checklist_is_asked_for_no_times() -> None:
    desk = Desk()
    desk.commands("checklist Move house; Pack", by=BOB)
    dialog = one(desk.presses("finish.ask", 1, by=BOB), do.Ask).dialog
    assert [field.name for field in dialog.entries] == ["outcome", "mistaken"]


def test_the_times_are_those_that_were_said_wherever_the_asker_is() -> None:
    desk, place = running()
    assert "was at 14:20 UTC" in told(desk, "time mitigated 14:20", place, by=BOB)
    assert desk.ask(lambda store: store.milestones(1)[0].at) == START + timedelta(minutes=20)
    assert "**15:20** mitigated, by @bob" in told(desk, "time", place, by=ALICE)
