"""What the server and its clients are given."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire import outgoing
from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers.effects import Button, Card, Content, Dialog, Entry, Field, Menu, OpenChannel, Option
from handlers.events import Place

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SIGNER = Signer("a secret of the tests")
WRITER = Writer(SIGNER, "https://muster.example/mm")
CARD = Card(
    colour="red",
    title="Run 7",
    text="**Open**",
    fields=(Field("Owner", "@ann"), Field("Summary", "All of it", short=False)),
    footer="Started by @ann",
    controls=(
        Button("Post update", "run.update", "7", "primary"),
        Menu("More…", "run.more", "7", (Option("Finish", "finish"), Option("Rename", "rename"))),
    ),
)
Kind = get_type_hints(Entry)["kind"]


def body(content: Content, message_id: int | None = 3) -> dict[str, Any]:
    return WRITER.body(content, key="k1", revision=2, message_id=message_id, now=NOW)


def actions(written: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for card in written["props"].get("attachments", ()):
        yield from card.get("actions", ())


def test_a_message_is_written_whole() -> None:
    written = body(Content("Run 7 has started", (CARD,)))

    assert written["message"] == "Run 7 has started"
    assert written["props"]["from_bot"] == "true"
    assert written["props"]["muster"] == {"effect": "k1", "rev": 2}
    (card,) = written["props"]["attachments"]
    assert {name: card[name] for name in ("fallback", "color", "title", "text", "footer", "fields")} == {
        "fallback": "Run 7",
        "color": "#d24b4e",
        "title": "Run 7",
        "text": "**Open**",
        "footer": "Started by @ann",
        "fields": [
            {"title": "Owner", "value": "@ann", "short": True},
            {"title": "Summary", "value": "All of it", "short": False},
        ],
    }


def test_a_button_comes_back_with_what_was_signed() -> None:
    button, menu = actions(body(Content("", (CARD,))))

    assert (button["type"], button["name"], button["style"]) == ("button", "Post update", "primary")
    assert (menu["type"], menu["name"]) == ("select", "More…")
    assert menu["options"] == [{"text": "Finish", "value": "finish"}, {"text": "Rename", "value": "rename"}]
    for action, name in ((button, "run.update"), (menu, "run.more")):
        assert action["integration"]["url"] == "https://muster.example/mm/actions"
        press = SIGNER.read_press(action["integration"]["context"]["m"])
        assert (press.action, press.arg, press.message_id) == (name, "7", 3)


def test_a_button_keeps_its_name_when_others_before_it_go() -> None:
    buttons = tuple(Button(f"Task {number}", "task.done", str(number)) for number in range(1, 4))
    before = {a["name"]: a["id"] for a in actions(body(Content("", (Card(controls=buttons),))))}
    after = {a["name"]: a["id"] for a in actions(body(Content("", (Card(controls=buttons[1:]),))))}

    assert after == {name: before[name] for name in ("Task 2", "Task 3")}


words = st.text(st.characters(codec="utf-8"), max_size=40)
controls = st.one_of(
    st.builds(Button, words, words, words),
    st.builds(Menu, words, words, words, st.lists(st.builds(Option, words, words), max_size=3).map(tuple)),
)
cards = st.builds(
    Card,
    title=words,
    text=words,
    footer=words,
    fields=st.lists(st.builds(Field, words, words), max_size=3).map(tuple),
    controls=st.lists(controls, max_size=6).map(tuple),
)


@settings(deadline=None)
@given(words, st.lists(cards, max_size=3).map(tuple))
def test_any_content_gives_json_with_distinct_clickable_buttons(text: str, some: tuple[Card, ...]) -> None:
    written = body(Content(text, some))
    ids = [action["id"] for action in actions(written)]

    assert json.loads(json.dumps(written)) == written
    assert "\\u0000" not in json.dumps(written["message"])
    assert len(ids) == len(set(ids)) == sum(len(card.controls) for card in some)
    assert all(re.fullmatch("[A-Za-z0-9]+", id) for id in ids)


def test_text_is_never_cut() -> None:
    long = "é" * 70_000
    written = body(Content(long, (Card(title=long, text=long, fields=(Field(long, long),), footer=long),)))
    (card,) = written["props"]["attachments"]

    assert written["message"] == card["title"] == card["text"] == card["footer"] == long
    assert card["fields"][0]["value"] == long
    assert len(card["fallback"]) <= 100


def test_twenty_buttons_fit_into_a_post_of_an_old_server() -> None:
    buttons = tuple(Button(f"✓ 1.{n} Open a bridge call", "task.done", str(n)) for n in range(20))

    assert len(json.dumps(body(Content("", (Card(controls=buttons),)))["props"])) < 8000


def test_a_card_without_a_title_falls_back_to_its_first_words() -> None:
    (card,) = WRITER.attachments(Content("first line\nsecond", (Card(),)), 0, NOW)
    (other,) = WRITER.attachments(Content("first line", (Card(text="\nits own\nwords"),)), 0, NOW)

    assert (card["fallback"], other["fallback"]) == ("first line", "its own")


def dialog(*entries: Entry, title: str = "Post update") -> dict[str, Any]:
    asked = Dialog(action="update", arg="7", title=title, intro="*How is it?*", entries=entries, submit="Post")
    return WRITER.dialog("trigger", asked, "ann", Place(id="town", team_id="crew"), NOW)


def test_a_dialog_is_signed_for_one_person_and_one_channel() -> None:
    request = dialog(Entry(name="text", label="Text"))

    assert (request["trigger_id"], request["url"]) == ("trigger", "https://muster.example/mm/dialogs")
    showing = SIGNER.read_showing(request["dialog"]["state"], "ann", NOW)
    assert (showing.action, showing.arg) == ("update", "7")
    assert (showing.place_id, showing.team_id) == ("town", "crew")
    assert request["dialog"]["introduction_text"] == "*How is it?*"
    assert request["dialog"]["submit_label"] == "Post"
    assert request["dialog"]["notify_on_cancel"] is True


def test_a_dialogs_labels_keep_to_the_lengths_that_clients_document() -> None:
    entry = Entry(name="text", label="l" * 30, placeholder="p" * 200, help="h" * 200)
    written = dialog(entry, title="t" * 30)["dialog"]
    (element,) = written["elements"]

    assert (len(written["title"]), len(element["display_name"])) == (24, 24)
    assert (len(element["placeholder"]), len(element["help_text"])) == (150, 150)
    assert written["title"].endswith("…")


def test_each_kind_of_entry_has_its_element() -> None:
    options = (Option("One", "1"),)
    entries = [Entry(name=kind, label=kind, kind=kind, options=options) for kind in get_args(Kind)]
    elements = {element["name"]: element for element in dialog(*entries)["dialog"]["elements"]}

    assert (elements["text"]["type"], elements["text"]["max_length"]) == ("text", 150)
    assert (elements["textarea"]["type"], elements["textarea"]["max_length"]) == ("textarea", 3000)
    assert elements["select"]["options"] == [{"text": "One", "value": "1"}]
    assert (elements["users"]["type"], elements["users"]["data_source"]) == ("select", "users")
    assert elements["channels"]["data_source"] == "channels"
    assert elements["bool"]["optional"] is True


def test_a_long_default_turns_a_line_into_a_text_box() -> None:
    entry = Entry(name="summary", label="Summary", default="d" * 151)
    (element,) = dialog(entry)["dialog"]["elements"]

    assert (element["type"], element["default"]) == ("textarea", "d" * 151)


def test_a_channel_carries_its_mark() -> None:
    effect = OpenChannel(
        run_id=1, team_id="t", name="x", title="T" * 70, private=True, header="h", purpose="Run 1", mark="m:1"
    )
    written = outgoing.new_channel(effect, "x-2")

    assert (written["name"], written["type"], written["purpose"]) == ("x-2", "P", "Run 1 m:1")
    assert len(written["display_name"]) == 64


def test_answers_are_left_as_they_are_by_the_server() -> None:
    assert outgoing.command_answer([], "<b|c>")["skip_slack_parsing"] is True
    assert outgoing.press_answer() == {}
    assert outgoing.press_answer({"message": "m", "props": {}})["update"] == {"message": "m", "props": {}}
    assert outgoing.dialog_answer() == {}
    assert outgoing.dialog_answer({"text": "too short"}) == {"errors": {"text": "too short"}}


def test_a_buttons_label_fits_a_phone_and_no_sign_of_it_is_cut_in_two() -> None:
    long = Button("✓ 2.2 Undo the likeliest change, or switch the feature off", "task.done", "1")
    flags = Button("✓ 2.2 " + "🇩🇪" * 20, "task.done", "2")
    first, second = actions(body(Content("", (Card(controls=(long, flags)),))))
    assert first["name"] == "✓ 2.2 Undo the likeliest change,…"
    assert second["name"] == "✓ 2.2 " + "🇩🇪" * 13 + "…"


def test_what_a_notification_shows_of_a_card_is_as_it_was_typed() -> None:
    (written,) = body(Content("", (Card(title="service&#58;checkout_api &#60;down&#62;"),)))["props"]["attachments"]
    assert written["fallback"] == "service:checkout_api <down>"
