"""Follow-ups as people write them: whose they are, until when, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.text.follow_up_lines import lines


@pytest.mark.parametrize(
    ("line", "names", "timed"),
    [
        ("- [ ] @bob fix the probe by friday", ("bob",), ("fix the probe", "friday", ())),
        ("* [] fix the probe (@bob, by 2026-12-01)", (), ("fix the probe", "2026-12-01", ("bob",))),
        ("1. [ ] @bob and @carla: look at it until tomorrow 5pm", ("bob", "carla"), ("look at it", "tomorrow 5pm", ())),
        ("+ [ ] @Bob, @carla to buy bread due: 1 dec.", ("bob", "carla"), ("buy bread", "1 dec", ())),
        ("- [ ] write it down by friday @bob", ("bob",), ("write it down", "friday", ())),
        ("- [ ] @bob write it by hand by friday", ("bob",), ("write it by hand", "friday", ())),
        ("  - [ ] ask @dana for it @bob", ("bob",), None),
        ("- [ ] by friday", (), None),
        ("-[ ] @bob fix it", ("bob",), None),
        ("- [ ]fix it @bob", ("bob",), None),
        ("[ ] @bob fix it", ("bob",), None),
        ("☐ @bob fix it by friday", ("bob",), ("fix it", "friday", ())),
        ("• ☐ fix it", (), None),
        ("－ [ ] @bob.builder fix it by 3pm", ("bob.builder",), ("fix it", "3pm", ())),
    ],
)
def test_a_line_is_read(line: str, names: tuple[str, ...], timed: object) -> None:
    (found,) = lines(f"Before\n{line}\nafter")
    assert found.names == names
    assert next(iter(found.timed()), None) == timed


@pytest.mark.parametrize(
    "line",
    [
        "- [x] done",
        "- [X] done",
        "- fix it",
        "- [ ]",
        "- [ ] @bob",
        "[] of things",
        "☑ done",
        "[x] done",
        "[ ](http://there)",
        "- [](http://there)",
    ],
)
def test_what_is_none(line: str) -> None:
    assert list(lines(line)) == []


@given(st.text(alphabet="-[] @abx.,by&to\n(", max_size=80))
def test_nothing_raises_and_nothing_is_empty(text: str) -> None:
    for line in lines(text):
        assert line.text
        assert all(line.names)
        for title, when, names in line.timed():
            assert when is not None
            assert title is not None
            assert all(names)


@given(st.sampled_from(["fix it", "call @dana", "by the way"]), st.lists(st.sampled_from(["ann", "bob"]), unique=True))
def test_names_before_and_behind_mean_the_same(what: str, names: list[str]) -> None:
    called = " ".join(f"@{name}" for name in names)
    before, behind = ([*lines(f"- [ ] {text}")] for text in (f"{called} {what}", f"{what} {called}"))
    if what != "call @dana":
        assert [(line.text, line.names) for line in before] == [(line.text, line.names) for line in behind]


def test_code_is_none() -> None:
    text = "```\n- [ ] not this\n~~~\n```\n- [ ] this\n~~~md\n- [ ] nor this\n"
    assert [line.text for line in lines(text)] == ["this"]


def test_what_is_ticked_is_read_where_it_is_wanted() -> None:
    found = lines("- [x] @bob told all\n☑ more\n- [ ] open", done=True)
    assert [(line.text, line.is_done) for line in found] == [("told all", True), ("more", True), ("open", False)]
