"""A plan depends on its seed alone, and is one that people could follow."""

from hypothesis import given
from hypothesis import strategies as st

from chaos.plan import BASE, CREW, TASKS, Deed, Plan, Trouble
from chaos.planning import ONLY, plan

PLANS = st.builds(
    plan,
    st.integers(0, 10_000),
    st.sampled_from(("sqlite", "postgresql")),
    st.sampled_from((1, 2)),
    st.sampled_from((5.0, 10.0)),
)


@given(PLANS)
def test_the_same_seed_gives_the_same_plan(one: Plan) -> None:
    assert plan(one.seed, one.storage, one.processes, one.length) == one


@given(PLANS)
def test_each_word_and_each_task_is_used_by_one_act_alone(one: Plan) -> None:
    words = [act.word for act in one.acts if act.word and act.deed is not Deed.START]
    assert len(words) == len(set(words))
    checked = [(act.run, act.task) for act in one.acts if act.task and act.deed is not Deed.ASSIGN]
    assert len(checked) == len(set(checked))
    assert {task for _, task in checked} <= {*TASKS, "2.4"}


@given(PLANS)
def test_what_is_done_in_a_run_comes_after_its_start_and_by_who_is_in_it(one: Plan) -> None:
    starts = {act.run: act.at for act in one.acts if act.deed in (Deed.START, Deed.START_BY_COMMAND)}
    for act in one.acts:
        if act.run != BASE and act.deed not in (Deed.START, Deed.START_BY_COMMAND):
            assert act.at >= starts[act.run]
        if act.deed not in (Deed.KEYWORD, Deed.JOIN, Deed.LEAVE):
            assert act.who in CREW


@given(PLANS)
def test_only_what_can_fail_does_and_all_in_time(one: Plan) -> None:
    other = ONLY["postgresql" if one.storage == "sqlite" else "sqlite"]
    assert 4 <= len(one.faults) <= 7
    for fault in one.faults:
        assert fault.trouble not in other
        assert 0 <= fault.at <= one.length
        assert 0 <= fault.process < one.processes
        assert fault.seconds <= 31 * 60


def test_forty_seeds_let_everything_fail_and_everything_be_done() -> None:
    plans = [plan(seed, storage) for seed in range(1, 41) for storage in ONLY]
    assert {fault.trouble for one in plans for fault in one.faults} == set(Trouble)
    assert {act.deed for one in plans for act in one.acts} == set(Deed)
    assert {one.whispers for one in plans} == {True, False}
