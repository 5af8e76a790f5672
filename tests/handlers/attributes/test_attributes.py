"""A run's attributes in chat: asked for at the start, shown, and given values by command and by dialog."""

from typing import Any

import pytest
from desk import ALICE, CARLA, Desk, all_of, one, words_of

from handlers import effects as do
from handlers.events import Person, Place
from handlers.playbooks.playbook import Playbook
from handlers.rules.attributes import kept_values

HERE = Place(id="channel1", team_id="t1", kind="P", name="checkout", title="Checkout")
BOOK = Playbook.model_validate(
    {
        "title": "Incident",
        "key": "incident",
        "start": "now",
        "keywords": ["sev-1"],
        "channel": {"visibility": "private"},
        "attributes": [
            {"name": "Severity", "type": "select", "options": ["High", "Low"], "required": True},
            {"name": "Regions", "type": "multiselect", "options": ["EU", "US, East", "US, West"]},
            {"name": "Incident Lead", "type": "person"},
            {"name": "Page", "type": "link"},
            {"name": "Users", "type": "number", "show": "always"},
            {"name": "Since", "type": "date"},
            {"name": "Customer", "show": "never"},
        ],
        "checklists": [
            {
                "title": "Triage",
                "tasks": [
                    {"title": "Publish", "needs": ["Severity", "Page"]},
                    {"title": "Call", "when": {"attribute": "Severity", "is": "High"}},
                ],
            }
        ],
    }
)


@pytest.fixture
def desk() -> Desk:
    desk = Desk(BOOK)
    desk.in_team("alice", "bob", "carla")
    desk.commands("run incident Checkout", trigger="")
    desk.opens()
    return desk


def answered(desk: Desk, words: str, by: Person = ALICE, **more: Any) -> str:
    found = desk.commands(words, by, place=HERE, **more)
    refused = [effect.text for effect in found if isinstance(effect, do.Refuse)]
    return refused[0] if refused else words_of(one(found, do.Answer).content)


def kept(desk: Desk) -> dict[str, tuple[str, ...]]:
    _, found = desk.does(kept_values)
    return {name: values for name, values in found.items() if values}


@pytest.mark.parametrize("words", ["info 1.2", "check 1.2", "check Call"])
def test_a_task_that_is_hidden_says_why(desk: Desk, words: str) -> None:
    answered(desk, "attribute severity low")
    said = answered(desk, words)
    assert "**1.2** “Call” is to be done only if **Severity** is High (it is Low)." in said


@pytest.mark.parametrize(
    ("words", "kept_as", "said"),
    [
        ("severity high", {"Severity": ("High",)}, "**Severity** is High."),
        ("Severity = low", {"Severity": ("Low",)}, "**Severity** is Low."),
        ("sev: L", {"Severity": ("Low",)}, "**Severity** is Low."),
        ("regions us, west and eu", {"Regions": ("EU", "US, West")}, "**Regions** is EU, US, West."),
        ("regions US, East; US, West", {"Regions": ("US, East", "US, West")}, "**Regions** is US, East, US, West."),
        ("Incident Lead @bob", {"Incident Lead": ("bob",)}, "**Incident Lead** is @bob."),
        ("incident-lead me", {"Incident Lead": ("alice",)}, "**Incident Lead** is @alice."),
        ("page https://status.example.com/42", {"Page": ("https://status.example.com/42",)}, "**Page** is https"),
        ("users 1 200.50", {"Users": ("1200.5",)}, "**Users** is 1200.5."),
        ("since tomorrow", {"Since": ("2026-11-24",)}, "**Since** is 24 Nov 2026."),
        ("since 1999-01-31", {"Since": ("1999-01-31",)}, "**Since** is 31 Jan 1999."),
        ("customer Initech *Inc.*", {"Customer": ("Initech *Inc.*",)}, "**Customer** is Initech &#42;Inc.&#42;."),
    ],
)
def test_a_value_is_read_as_people_write_it(
    desk: Desk, words: str, kept_as: dict[str, tuple[str, ...]], said: str
) -> None:
    assert answered(desk, f"attribute {words}").startswith(said)
    assert kept(desk) == kept_as


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("severity hihg", "Did you mean High? It is one of High, Low."),
        ("regions EU, Mars", "“Mars” is none of the values of **Regions**."),
        ("incident-lead @bobb", "bobb. Did you mean @bob?"),
        ("incident-lead @muster", "**Incident Lead** is a person, like @ann."),
        ("page example.com", "is no address of a page"),
        ("page javascript:alert(1)", "is no address of a page"),
        ("users many", "is no number that I can read"),
        ("users 1,200", "is no number that I can read"),
        ("since 1/2/2027", "1/2/2027"),
        (f"customer {'x' * 501}", "has 500 characters at most; this has 501."),
        ("sevrity high", "Did you mean Severity?"),
        ("severity none", "has to have a value"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(desk: Desk, words: str, said: str) -> None:
    answered(desk, "attribute severity low")
    assert said in answered(desk, f"attribute {words}")
    assert kept(desk) == {"Severity": ("Low",)}


def test_none_takes_a_value_away_and_undo_brings_it_back(desk: Desk) -> None:
    answered(desk, "attribute users 12")
    assert answered(desk, "attribute users none") == "**Users** has no value any more; it was 12."
    undo = words_with_button(desk.commands("attribute users 13", place=HERE))
    desk.presses("attribute.undo", undo, place=HERE)
    assert kept(desk) == {}


def words_with_button(effects: list[do.Effect]) -> str:
    return str(one(effects, do.Answer).content.cards[0].controls[0].arg)


def test_alone_it_tells_all_with_what_hangs_on_them(desk: Desk) -> None:
    said = answered(desk, "attribute")
    assert "- **Severity:** needed, but not said yet (High, Low)" in said
    assert "- 1.2 Call, if **Severity** is High (it has no value)" in said
    assert "attribute severity High" in said


def test_who_may_only_look_changes_nothing(desk: Desk) -> None:
    said = answered(desk, "attribute severity high", CARLA)
    assert kept(desk) == {}
    assert "Severity** is" not in said


def test_the_dialog_shows_what_there_is_and_leaves_alone_what_was_not_changed(desk: Desk) -> None:
    answered(desk, "attribute regions EU")
    dialog = one(desk.presses("run.more", "1", choice="attribute.ask", place=HERE), do.Ask).dialog
    assert [entry.label for entry in dialog.entries] == [one.name for one in BOOK.attributes]
    found = desk.submits(dialog, place=HERE, attribute1="High", attribute2="EU", attribute3="bob", attribute5="12")
    assert "**Severity** is High." in words_of(one(found, do.Answer).content)
    assert kept(desk) == {"Severity": ("High",), "Regions": ("EU",), "Incident Lead": ("bob",), "Users": ("12",)}
    found = desk.submits(dialog, place=HERE, attribute1="High", attribute2="EU", attribute3="bob", attribute5="12")
    assert "Nothing changed" in words_of(one(found, do.Answer).content)


def test_a_dialog_names_each_field_that_cannot_be(desk: Desk) -> None:
    dialog = one(desk.presses("run.more", "1", choice="attribute.ask", place=HERE), do.Ask).dialog
    found = desk.submits(dialog, place=HERE, attribute1="High", attribute4="nowhere", attribute5="many")
    assert set(one(found, do.Correct).errors) == {"attribute4", "attribute5"}
    assert kept(desk) == {}


def test_what_a_task_needs_is_asked_for_and_then_it_is_done(desk: Desk) -> None:
    task = desk.ask(lambda store: store.tasks(1)[0].id)
    dialog = one(desk.presses("task.done", task, place=HERE), do.Ask).dialog
    assert [entry.label for entry in dialog.entries] == ["Severity", "Page"]
    assert not any(entry.optional for entry in dialog.entries)
    found = desk.submits(dialog, place=HERE, attribute1="Low")
    assert one(found, do.Correct).errors == {"attribute4": "This is needed."}
    desk.submits(dialog, place=HERE, attribute1="Low", attribute4="https://x.example/1")
    assert desk.ask(lambda store: store.task(task).state) == "done"


def test_by_command_a_task_names_what_it_needs(desk: Desk) -> None:
    said = answered(desk, "check 1.1")
    assert said.startswith("**1.1** “Publish” needs Severity, Page before it can be done, and these have no value yet.")
    assert desk.ask(lambda store: store.tasks(1)[0].state) == "open"


def test_a_task_tells_its_condition_and_what_it_needs(desk: Desk) -> None:
    answered(desk, "attribute severity high")
    assert "It is here because **Severity** is High (it is High)." in answered(desk, "info 1.2")
    assert "Needed before it can be done: Severity (it is High), Page (not said yet)." in answered(desk, "info 1.1")
    answered(desk, "start 1.2")
    answered(desk, "attribute severity low")
    assert "It was to be done if **Severity** is High (it is Low)." in answered(desk, "info 1.2")


def test_the_card_shows_what_is_to_be_shown(desk: Desk) -> None:
    answered(desk, "attribute severity high")
    answered(desk, "attribute customer Initech")
    card = one(desk.commands("info", place=HERE), do.Answer).content.cards[0]
    assert next(field.value for field in card.fields if field.title == "Attributes") == (
        "Severity: High · Users: not said yet"
    )


def test_what_has_to_be_said_is_asked_for_before_a_run_starts_even_where_it_would_start_at_once() -> None:
    desk = Desk(BOOK)
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    assert [entry.name for entry in dialog.entries if entry.name.startswith("attribute")] == ["attribute1"]
    found = desk.submits(dialog, name="Checkout")
    assert one(found, do.Correct).errors == {"attribute1": "This is needed."}
    desk.submits(dialog, name="Checkout", attribute1="High")
    desk.opens()
    assert kept(desk) == {"Severity": ("High",)}
    _, tasks = desk.does(lambda ctx, run: [each.title for each in ctx.store.tasks(run.id)])
    assert tasks == ["Publish", "Call"]


def test_a_command_with_a_name_asks_too_and_keeps_the_name() -> None:
    desk = Desk(BOOK)
    dialog = one(desk.commands("run incident Checkout is down"), do.Ask).dialog
    assert next(entry.default for entry in dialog.entries if entry.name == "name") == "Checkout is down"
    desk.submits(dialog, name="Checkout is down", attribute1="Low")
    assert kept(desk) == {"Severity": ("Low",)}


def test_a_run_that_began_without_asking_asks_in_its_channel_until_it_is_said() -> None:
    desk = Desk(BOOK)
    desk.commands("run incident Checkout", trigger="")
    desk.opens()
    asked = [each for each in all_of(desk.sent, do.Post) if "has to be said" in words_of(each.content)]
    assert [words_of(each.content) for each in asked] == [
        "❓ Severity has to be said, and nobody has yet. `/playbook attribute severity` and its value says it, too."
    ]
    desk.sent.clear()
    answered(desk, "attribute severity low")
    shown = [each for each in all_of(desk.sent, do.Edit) if each.message_id == asked[0].message_id]
    assert [words_of(each.content) for each in shown] == ["Severity: Low"]


@pytest.mark.parametrize("words", ["check 1.2", "info 1.2", "due 1.2 30m"])
def test_a_task_that_is_hidden_is_told_to_wait_for_its_condition(desk: Desk, words: str) -> None:
    said = answered(desk, words)
    assert said.startswith("**1.2** “Call” is to be done only if **Severity** is High (it has no value).")
    assert "There is no task 1.3." in answered(desk, "check 1.3")
