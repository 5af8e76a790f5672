"""Follow-ups over all runs, and what keywords led to, by small examples worked out by hand."""

from datetime import UTC, datetime, timedelta

from desk import START, Desk
from hypothesis import given
from hypothesis import strategies as st

from handlers.context import Context
from handlers.figures.follow_ups import FollowUp, FollowUps, follow_ups_of
from handlers.figures.keywords_led_to import Asked, LedTo, led_to
from handlers.figures.many_runs import Question, Seen, asked_of
from handlers.figures.statistics import Share
from handlers.text.periods import Period
from store import Checklist, KnownPlace, Prompt, PromptOffer, Run, Task
from store.queries.visible import NOTHING, STANDING

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def agreed(days: int, due: int | None = None, done: int | None = None) -> FollowUp:
    """Return one that was agreed on so many days ago, due and done so many days ago."""
    ago = [None if one is None else NOW - timedelta(days=one) for one in (due, done)]
    return FollowUp(NOW - timedelta(days=days), *ago)


def test_follow_ups_are_counted_as_by_hand() -> None:
    found = follow_ups_of(
        [
            agreed(10),
            agreed(40, due=5),
            agreed(50, due=-5),
            agreed(60, done=40),
            agreed(60, done=20),
            agreed(3, done=1),
            agreed(30),
        ],
        NOW,
    )
    # Open are those of 10, 30, 40 and 50 days. In time were two: 20 and 2 days after. Not yet judged: 10 and 30 days.
    assert found == FollowUps(open=4, overdue=1, age=30, oldest=50, soon=Share(2, 5))
    assert follow_ups_of([], NOW) == FollowUps()


def test_what_keywords_led_to_is_counted_as_by_hand() -> None:
    asked = [
        Asked(("fire", "smoke"), "started", is_mine=True),
        Asked(("fire",), "started", is_mine=False),
        Asked(("fire",), "dismissed", is_mine=False),
        Asked(("fire",), "muted", is_mine=False),
        Asked(("fire",), "folded", is_mine=False),
        Asked(("smoke",), "open", is_mine=False),
    ]
    assert led_to(asked) == (LedTo("fire", 5, 1, 3, 1, 0), LedTo("smoke", 2, 1, 0, 0, 1))


@given(
    st.lists(
        st.builds(
            Asked,
            st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(tuple),
            st.sampled_from(["open", "started", "dismissed", "muted", "folded"]),
            st.booleans(),
        )
    )
)
def test_each_question_comes_to_one_thing(asked: list[Asked]) -> None:
    for one in led_to(asked):
        assert one.n == one.started + one.declined + one.ignored + one.waiting
        assert one.n == sum(one.word in each.words for each in asked)


def test_questions_in_private_channels_count_for_nobody_who_does_not_see_what_they_led_to() -> None:
    desk = Desk()
    with desk.database.transaction() as store:
        store.learn(KnownPlace(id="secret", team_id="t1", name="s", kind="P", is_member=True, seen_at=START))
        for number, place_id in enumerate(("town", "town", "secret")):
            about = {"thread_id": str(number), "post_id": str(number), "author_id": "alice", "text": "sev-1"}
            prompt = Prompt(place_id=place_id, team_id="t1", created_at=START, state="folded", **about)
            store.add(prompt)
            store.add(PromptOffer(prompt_id=prompt.id, thread_id=str(number), playbook_id=1, keywords="sev-1"))
        ctx, days = Context(START, store, desk.here, asks=False), Period(START.date(), START.date())
        question = Question(store.playbook(1), days)
        team = frozenset({"t1"})
        counted = [
            [one.n for one in asked_of(ctx, question, seen).keywords]
            for seen in (Seen((STANDING,), None), Seen((NOTHING,), team), Seen((NOTHING,), frozenset()))
        ]
    assert counted == [[3], [2], []]


def test_follow_ups_of_runs_that_are_seen_are_counted_and_of_no_others() -> None:
    desk = Desk()
    with desk.database.transaction() as store:
        run = store.add(
            Run(key="r", team_id="t1", playbook_id=1, definition={}, name="r", state="finished", owner_id="alice",
                creator_id="alice", created_at=START)
        )  # fmt: skip
        checklist = store.add(Checklist(run_id=run.id, position=1, title="Follow-ups", kind="follow_ups"))
        for position, state in enumerate(("open", "done", "skipped"), 1):
            at = {"added_at": START, "changed_at": START + timedelta(days=2)}
            place = {"run_id": run.id, "checklist_id": checklist.id, "position": position}
            store.add(
                Task(planned=0, title=f"Fix {position}", state=state, due_at=START + timedelta(days=1), **place, **at)
            )
        ctx = Context(START + timedelta(days=3), store, desk.here, asks=False)
        question = Question(store.playbook(1), Period(START.date(), START.date()))
        seen, unseen = (asked_of(ctx, question, Seen((where,))).follow_ups for where in (STANDING, NOTHING))
    assert seen == FollowUps(open=1, overdue=1, age=3, oldest=3, soon=Share(1, 1))
    assert unseen == FollowUps()
