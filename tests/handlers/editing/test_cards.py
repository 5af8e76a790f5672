"""Playbooks are made, changed, published and shared in chat, by commands, a card and its dialogs."""

from dataclasses import replace
from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, CARLA, GUEST, INCIDENT, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.editor.fields import SECTIONS
from handlers.editor.parts import MODELS
from handlers.events import ChannelOpened, Hit, Person, Place, TeamLeft
from handlers.playbooks.playbook import Playbook, playbook_of

DIRECT = Place(id="dm", kind="D", name="alice__bot")


def kept(desk: Desk, key: str = "tea-time") -> Playbook:
    """Return what a playbook is to become."""

    def found(store: Any) -> Playbook:
        row = store.playbook_by_key(key)
        draft = store.draft(row.id)
        return playbook_of(draft.definition if draft is not None else store.playbook_version(row).definition)

    return desk.ask(found)


def row_of(desk: Desk, key: str = "tea-time") -> Any:
    return desk.ask(lambda store: store.playbook_by_key(key))


def card_of(effects: list[Any]) -> do.Content:
    return next(one.content for one in reversed(effects) if isinstance(one, do.Tell | do.Edit) and one.content.cards)


def controls(content: do.Content) -> dict[str, Any]:
    return {control.label: control for card in content.cards for control in card.controls}


def made(desk: Desk, by: Person = ALICE) -> list[do.Effect]:
    """Make a playbook by the dialog."""
    dialog = one(desk.commands("create", by), do.Ask).dialog
    tasks = "# Brew\n- [ ] Boil the water\n- [ ] Pour it\n  Slowly.\n# Drink\n- Sip"
    return desk.submits(dialog, by, title="Tea time", tasks=tasks, keywords="tea\ncuppa", private=False)


def chooses(desk: Desk, part: str, by: Person = ALICE, key: str = "tea-time") -> do.Dialog:
    return one(desk.presses("edit.choose", row_of(desk, key).id, by, choice=part), do.Ask).dialog


def filled(dialog: do.Dialog, **changes: Any) -> dict[str, Any]:
    """Return what a dialog is sent with: what it shows, but for some fields; clients leave out what is empty."""
    said = {each.name: (each.default == "true" if each.kind == "bool" else each.default) for each in dialog.entries}
    return {name: value for name, value in (said | changes).items() if value != ""}


def saves(desk: Desk, part: str, by: Person = ALICE, **changes: Any) -> list[do.Effect]:
    dialog = chooses(desk, part, by)
    return desk.submits(dialog, by, **filled(dialog, **changes))


def test_a_playbook_is_made_by_one_dialog_and_published_by_another() -> None:
    desk = Desk()
    found = made(desk)
    assert "draft" in card_of(found).text
    assert [task.title for task in kept(desk).tasks] == ["Boil the water", "Pour it", "Sip"]
    assert kept(desk).tasks[1].description == "Slowly."
    assert (kept(desk).teams, kept(desk).keywords) == (("ops",), ("tea", "cuppa"))
    press = controls(card_of(found))["Publish…"]
    dialog = one(desk.presses(press.action, press.arg), do.Ask).dialog
    told = desk.submits(dialog)
    assert "version 1" in words_of(one(all_of(told, do.Tell), do.Tell).content)
    assert row_of(desk).keywords == ["tea", "cuppa"]
    assert "Tea time" in words_of(one(desk.commands("list"), do.Answer).content)


def test_it_is_made_by_one_line_too() -> None:
    desk = Desk()
    desk.commands("create Tea time; Boil; Pour")
    assert kept(desk).task_titles == ["Boil", "Pour"]
    assert "published as version 1: First version" in words_of(
        one(desk.commands("publish tea-time"), do.Answer).content
    )


@pytest.mark.parametrize(("said", "field"), [({"title": ""}, "title"), ({"keywords": "`code`"}, "keywords")])
def test_what_is_wrong_is_said_at_its_field(said: dict[str, str], field: str) -> None:
    desk = Desk()
    dialog = one(desk.commands("create"), do.Ask).dialog
    values = {"title": "Tea", "tasks": "", "keywords": ""} | said
    assert field in one(desk.submits(dialog, **values), do.Correct).errors


def test_guests_make_none() -> None:
    desk = Desk()
    assert all_of(desk.commands("create Tea; Boil", GUEST), do.Refuse)


@pytest.mark.parametrize("part", ["basics", "people", "channel", "updates", "retrospective"])
def test_a_part_that_is_saved_as_it_was_shown_changes_nothing(part: str) -> None:
    desk = Desk()
    made(desk)
    before, revision = kept(desk), row_of(desk).revision
    saves(desk, part)
    assert (kept(desk), row_of(desk).revision) == (before, revision)


def test_parts_are_filled_in_one_by_one() -> None:
    desk = Desk()
    made(desk)
    saves(desk, "basics", title="Tea break", keywords="tea\nchai", match="exact")
    saves(desk, "channel", **{"channel.visibility": "private", "welcome": "Sit down."})
    saves(desk, "updates", **{"updates.every": "30m", "updates.broadcast": "~town-square"})
    saves(desk, "roles.new", name="pourer")
    saves(desk, "tasks.t1", assignee="pourer", due="5m", **{"done_when.says": "poured"})
    book = kept(desk)
    assert (book.title, book.keywords, book.match, book.key) == ("Tea break", ("tea", "chai"), "exact", "tea-time")
    assert (book.channel.visibility, book.welcome, book.updates.every) == ("private", "Sit down.", 1800)
    assert (book.tasks[1].assignee, book.tasks[1].due, book.roles[0].name) == ("pourer", 300, "pourer")
    assert book.tasks[1].done_when is not None


def test_tasks_are_added_moved_and_taken_out() -> None:
    desk = Desk()
    made(desk)
    dialog = chooses(desk, "tasks.new")
    desk.submits(dialog, added="- [ ] Wait\n- Stir", checklist="checklists.c0")
    saves(desk, "tasks.t0", also="down")
    saves(desk, "tasks.t2", also="remove")
    assert kept(desk).task_titles == ["Pour it", "Boil the water", "Stir", "Sip"]
    desk.submits(chooses(desk, "checklists.new"), added="# Wash\n- Rinse")
    assert [row.title for row in kept(desk).checklists] == ["Brew", "Drink", "Wash"]
    saves(desk, "checklists.c2", title="Clean")
    assert kept(desk).checklists[2].title == "Clean"


def test_a_mistake_is_said_beside_its_field_and_nothing_is_saved() -> None:
    desk = Desk()
    made(desk)
    before = kept(desk)
    wrong = one(saves(desk, "tasks.t1", assignee="nobody-such", due="soon"), do.Correct)
    assert "due" in wrong.errors
    assert kept(desk) == before


def test_two_at_once_lose_nothing() -> None:
    desk = Desk()
    made(desk)
    mine, theirs, same = (
        chooses(desk, part, by) for part, by in (("basics", ALICE), ("updates", BOB), ("basics", BOB))
    )
    desk.submits(theirs, BOB, **filled(theirs, **{"updates.every": "1h"}))
    desk.submits(mine, **filled(mine, description="Hot"))
    assert (kept(desk).description, kept(desk).updates.every) == ("Hot", 3600)
    wrong = one(desk.submits(same, BOB, **filled(same, description="Cold")), do.Correct)
    assert "Cold" in wrong.error
    assert "Hot" in wrong.error
    assert kept(desk).description == "Hot"


def test_a_clash_tells_both_titles_and_no_code() -> None:
    desk = Desk()
    made(desk)
    mine, theirs, more = (chooses(desk, "tasks.t0", by) for by in (ALICE, BOB, CARLA))
    desk.submits(theirs, BOB, **filled(theirs, title="Boil the water well", **{"done_when.update": True}))
    said = one(desk.submits(mine, **filled(mine, title="Ask everybody")), do.Correct).error
    assert "title: yours is “Ask everybody”, somebody else wrote “Boil the water well”" in said
    assert "checklists" not in said
    said = one(desk.submits(more, CARLA, **filled(more, also="remove")), do.Correct).error
    assert "you took it out or renamed it, and somebody else changed it" in said
    assert "{" not in said
    assert kept(desk).tasks[0].title == "Boil the water well"


@pytest.mark.parametrize(("part", "field"), [("attributes", "name"), ("actions", "post"), ("tasks", "added")])
def test_an_empty_new_one_is_told_at_its_first_field(part: str, field: str) -> None:
    desk = Desk()
    made(desk)
    dialog = chooses(desk, f"{part}.new")
    wrong = one(desk.submits(dialog, **(filled(dialog) if part != "tasks" else {"added": "\n"})), do.Correct)
    assert "nothing to add" in next(iter(wrong.errors.values()))
    assert part in ("actions", "tasks") or [*wrong.errors] == [field]


def test_what_is_added_under_more_stands_on_the_card() -> None:
    desk = Desk()
    made(desk)
    assert "Attributes" not in words_of(card_of(desk.commands("edit tea-time")))
    saves(desk, "attributes.new", name="Severity")
    saves(desk, "webhooks.new", name="pager", url="https://pager.example/hook", enabled=False)
    assert "**Attributes:** Severity · **Webhooks:** pager (off)" in words_of(card_of(desk.commands("edit tea-time")))


def test_attributes_are_named_in_any_capitals() -> None:
    desk = Desk()
    made(desk)
    saves(desk, "attributes.new", name="Severity", type="select", options="High\nLow")
    wrong = one(saves(desk, "tasks.t0", when="severty is high"), do.Correct)
    assert wrong.errors["when"].endswith('did you mean "Severity"?')
    saves(desk, "tasks.t0", when="severity is high", needs="SEVERITY")
    task = kept(desk).tasks[0]
    assert task.when is not None
    assert (task.when.attribute, task.needs) == ("Severity", ("Severity",))


@pytest.mark.parametrize("word", ["edit", "duplicate", "restore", "history"])
def test_where_there_is_no_run_a_playbook_is_asked_for(word: str) -> None:
    desk = Desk()
    made(desk)
    assert f"{word} incident-response`" in one(desk.commands(word), do.Refuse).text
    assert "Did you mean `tea-time`" in one(desk.commands(f"{word} tea-tiem"), do.Refuse).text
    place = started_run(desk)
    assert "No task is called" in one(desk.commands(f"{word} Nothing such", place=place), do.Refuse).text


def test_archived_ones_are_found_again() -> None:
    desk = Desk()
    made(desk)
    assert "archived" not in words_of(one(desk.commands("playbooks"), do.Answer).content)
    assert "`/playbook publish tea-time`" in one(desk.commands("run tea-time Now"), do.Refuse).text
    desk.commands("publish tea-time")
    desk.commands("archive tea-time")
    said = words_of(one(desk.commands("playbooks"), do.Answer).content)
    assert "1 archived one is not shown: `/playbook playbooks archived`" in said
    said = words_of(one(desk.commands("playbooks archived"), do.Answer).content)
    assert "Tea time" in said
    assert "incident-response" not in said
    assert "`/playbook restore tea-time`" in one(desk.commands("run tea-time Now"), do.Refuse).text
    desk.commands("restore tea-time")
    assert "No playbook that you may see is archived" in words_of(
        one(desk.commands("playbooks archived"), do.Answer).content
    )


def test_the_card_comes_directly_and_follows_what_others_save() -> None:
    desk = Desk()
    made(desk)
    found = desk.commands("edit Tea time", BOB)
    assert "direct messages" in one(found, do.Answer).content.text
    message = one(found, do.Tell)
    assert message.person_id == "bob"
    desk.ask(lambda store: setattr(store.message(message.message_id), "post_id", "p1"))
    changed = saves(desk, "basics", title="Tea break")
    assert any("Tea break" in words_of(each.content) for each in all_of(changed, do.Edit))


def test_edit_means_a_task_where_there_are_tasks() -> None:
    desk = Desk()
    place = started_run(desk)
    made(desk)
    desk.commands("edit 1.1 Look at the alert", place=place)
    assert desk.ask(lambda store: store.tasks(1)[0].title) == "Look at the alert"
    assert all_of(desk.commands("edit tea-time", place=place), do.Tell)
    assert all_of(desk.commands("history tea-time", place=place), do.Answer)


def test_history_tells_versions_and_has_one_in_use_again() -> None:
    desk = Desk()
    made(desk)
    desk.commands("publish tea-time A first go")
    saves(desk, "basics", keywords="chai")
    desk.commands("publish tea-time", BOB)
    answer = one(desk.commands("history tea-time"), do.Answer)
    said = "".join(field.value for card in answer.content.cards for field in card.fields)
    assert "A first go" in said
    assert "keywords" in said
    menu = next(iter(controls(answer.content).values()))
    desk.presses(menu.action, menu.arg, choice="1")
    assert row_of(desk).keywords == ["tea", "cuppa"]
    assert "version 4" in one(desk.commands("restore tea-time 2"), do.Answer).content.text
    assert row_of(desk).keywords == ["chai"]


def test_archived_and_brought_back() -> None:
    desk = Desk()
    made(desk)
    desk.commands("publish tea-time")
    desk.commands("archive tea-time")
    assert row_of(desk).archived_at is not None
    assert all_of(desk.commands("run tea-time Now"), do.Refuse)
    desk.commands("restore tea-time")
    assert row_of(desk).archived_at is None


def test_a_copy_and_a_playbook_of_a_run() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands("duplicate incident-response Major incident")
    assert kept(desk, "major-incident").task_titles == INCIDENT.task_titles
    desk.commands("add Call the vendor", place=place)
    desk.commands("save-as Vendor incident", place=place)
    assert kept(desk, "vendor-incident").task_titles[-1] == "Call the vendor"
    assert kept(desk, "vendor-incident").admins == ("@alice",)


def test_it_is_shared_at_once_by_a_line_and_by_a_dialog() -> None:
    desk = Desk()
    made(desk)
    desk.commands("publish tea-time")
    desk.commands("share tea-time @bob as admin")
    desk.commands("share tea-time @carla", BOB)
    book = kept(desk)
    assert (book.admins, book.members) == (("@alice", "@bob"), ("@carla",))
    assert "nobody-such" in one(desk.commands("share tea-time @nobody-such"), do.Refuse).text
    dialog = one(desk.commands("share tea-time"), do.Ask).dialog
    desk.submits(dialog, **filled(dialog, edit_by="admins", see_runs="participants"))
    assert (kept(desk).edit_by, kept(desk).see_runs) == ("admins", "participants")
    assert all_of(desk.commands("share tea-time @carla as admin", CARLA), do.Refuse)


def test_sharing_takes_nothing_away_from_others() -> None:
    desk = Desk()
    made(desk)
    desk.commands("publish tea-time")
    said = one(desk.commands("share tea-time @carla"), do.Answer).content.text
    assert "everybody of its teams may start it" in said
    assert "Tea time" in words_of(one(desk.commands("list", BOB), do.Answer).content)
    assert all_of(desk.commands("run tea-time Now", BOB), do.OpenChannel)
    dialog = one(desk.commands("create"), do.Ask).dialog
    desk.submits(dialog, title="Secret", tasks="", keywords="", private=True)
    assert "everybody" not in one(desk.commands("share secret @carla"), do.Answer).content.text
    assert kept(desk, "secret").is_private


@pytest.mark.parametrize("words", ["share tea-time @carla", "playbooks transfer @alice @bob"])
def test_who_may_do_what_with_an_archived_one_changes_and_it_stays_archived(words: str) -> None:
    desk = Desk()
    made(desk)
    desk.commands("publish tea-time")
    desk.commands("archive tea-time")
    before = kept(desk)
    desk.commands(words)
    assert kept(desk) != before
    assert row_of(desk).archived_at is not None
    assert all_of(desk.commands("run tea-time Now"), do.Refuse)
    desk.commands("restore tea-time", BOB)
    assert row_of(desk).archived_at is None


def test_what_is_not_theirs_is_not_there() -> None:
    desk = Desk()
    dialog = one(desk.commands("create"), do.Ask).dialog
    desk.submits(dialog, title="Secret", tasks="", keywords="", private=True)
    for words in ("edit secret", "publish secret", "history secret", "share secret", "try secret", "playbooks"):
        found = [*all_of(desk.commands(words, BOB), do.Refuse), *all_of(desk.commands(words, BOB), do.Answer)]
        assert "**Secret**" not in str(found)
    assert all_of(desk.presses("edit.choose", row_of(desk, "secret").id, BOB, choice="basics"), do.Refuse)


def test_one_that_is_read_from_a_file_is_shown_and_says_where_it_is_changed() -> None:
    desk = Desk()
    desk.ask(lambda store: setattr(store.playbook_by_key(INCIDENT.key), "source", "file:books/incident.yaml"))
    content = card_of(desk.commands("edit incident-response"))
    assert "`books/incident.yaml`" in content.text
    assert set(controls(content)) == {"History"}


def test_all_of_somebody_is_handed_over() -> None:
    desk = Desk()
    made(desk)
    found = desk.commands("playbooks transfer @alice @carla", ADMIN)
    assert "Tea time" in one(found, do.Answer).content.text
    assert one(found, do.Tell).person_id == "carla"
    assert kept(desk).admins == ("@carla",)


def test_when_the_last_admin_leaves_others_are_told_once_and_take_over() -> None:
    desk = Desk()
    made(desk)
    desk.commands("publish tea-time")
    desk.commands("share tea-time @bob")
    desk.strangers.add("alice")
    desk.take(TeamLeft(at=desk.now, team_id="t1", person_id="alice"))
    told = all_of(desk.what_is_due(), do.Tell)
    assert {each.person_id for each in told} == {"bob", "root"}
    desk.later(days=2)
    desk.in_team("alice", "bob", "root")
    assert [each for each in all_of(desk.what_is_due(), do.Tell) if "looks after" in each.content.text] == []
    press = controls(told[0].content)["Take over"]
    desk.presses(press.action, press.arg, BOB)
    assert kept(desk).admins == ("@bob",)
    assert all_of(desk.presses(press.action, press.arg, ADMIN), do.Refuse)


def test_a_trial_reaches_nobody_and_says_what_it_would_have_done() -> None:
    desk = Desk()
    made(desk)
    saves(desk, "people", owner="@bob", invite="@carla")
    saves(desk, "updates", **{"updates.broadcast": "~town-square", "updates.broadcast_start": True})
    saves(desk, "tasks.t0", assignee="@bob")
    saves(desk, "webhooks.new", name="pager", url="https://pager.example/hook", enabled=True)
    saves(desk, "actions.new", on="finish", post="Bye @all")
    found = desk.commands("try tea-time")
    assert one(found, do.OpenChannel).private
    place = Place(id="c1", team_id="t1", kind="P", name="trial", title="Trial")
    sent = desk.take(ChannelOpened(at=desk.now, run_id=1, place=place))
    said = "\n".join(each.content.text for each in all_of(sent, do.Post))
    for words in ("@bob", "@carla", "town-square", "pager", "Bye"):
        assert words in said.replace("\u2060", "")
    invited = {id for each in all_of(sent, do.Invite) for id in (*each.person_ids, *each.usernames)}
    assert invited == {"alice"}
    assert {each.place_id for each in all_of(sent, do.Post)} == {place.id}
    assert all_of(sent, do.Tell) == []
    assert desk.run().is_trial
    assert "Trial of Tea time" not in words_of(one(desk.commands("list", BOB), do.Answer).content)


@pytest.mark.parametrize(
    "part",
    [*(one.name for one in SECTIONS if one.fields), *(f"{name}.new" for name in MODELS)],
)
def test_all_that_the_dialog_of_a_part_says_fits_a_client(part: str) -> None:
    desk = Desk()
    made(desk)
    dialog = chooses(desk, part)
    assert 0 < len(dialog.title) <= 24
    for entry in dialog.entries:
        assert 0 < len(entry.label) <= 24, entry.label
        assert len(entry.help) <= 150, entry.help
        assert all(option.text and option.value for option in entry.options)


def test_a_title_in_any_letters_makes_a_playbook() -> None:
    desk = Desk()
    desk.commands("create お茶; 沸かす")
    assert kept(desk, "playbook").title == "お茶"
    desk.commands("create お茶; 沸かす")
    assert kept(desk, "playbook-2").task_titles == ["沸かす"]


def test_one_that_is_archived_while_its_prompt_stands_starts_nothing() -> None:
    desk = Desk()
    made(desk)
    desk.commands("publish tea-time")
    desk.says("tea", hits=[Hit(playbook_id=row_of(desk).id, keywords=("tea",))])
    desk.commands("archive tea-time")
    assert all_of(desk.presses("prompt.start", 1, BOB), do.OpenChannel | do.Ask) == []
    desk.commands("restore tea-time")
    assert all_of(desk.presses("prompt.start", 1, BOB), do.Ask)


def test_what_is_too_much_is_refused_with_why_and_nothing_is_made() -> None:
    desk = Desk()
    dialog = one(desk.commands("create"), do.Ask).dialog
    for values in ({"tasks": "a\n" * 600}, {"keywords": "\n".join(f"word {n}" for n in range(101))}):
        wrong = one(desk.submits(dialog, **{"title": "Tea", "tasks": "", "keywords": ""} | values), do.Correct)
        assert "Nothing was made" in wrong.error
    assert all_of(desk.commands("create Tea; " + "; ".join("a" * 501)), do.Refuse)
    assert desk.ask(lambda store: store.playbook_by_key("tea")) is None


def test_a_new_webhook_is_on_and_its_secret_is_told_of_when_it_is_published_and_shown_once() -> None:
    desk = Desk()
    made(desk)
    assert {entry.name: entry.default for entry in chooses(desk, "webhooks.new").entries}["enabled"] == "true"
    saves(desk, "webhooks.new", name="pager", url="https://pager.example/hook")
    assert kept(desk).webhooks[0].enabled
    dialog = chooses(desk, "webhooks.w0")
    desk.submits(dialog, **filled(dialog, enabled=False))
    assert {entry.name: entry.default for entry in chooses(desk, "webhooks.w0").entries}["enabled"] == "false"
    dialog = chooses(desk, "webhooks.w0")
    desk.submits(dialog, **filled(dialog, enabled=True))
    said = words_of(one(desk.commands("publish tea-time"), do.Answer).content)
    assert "webhooks secret pager tea-time` shows you the secret of the webhook pager" in said
    assert "Nobody has fetched its secret yet" in words_of(one(desk.commands("webhooks"), do.Answer).content)
    assert "The one before" not in words_of(one(desk.commands("webhooks secret pager"), do.Answer).content)
    assert "Nobody has fetched" not in words_of(one(desk.commands("webhooks"), do.Answer).content)
    saves(desk, "basics", title="Tea at five")
    assert "secret" not in words_of(one(desk.commands("publish tea-time"), do.Answer).content)


def test_a_webhook_that_is_written_as_an_address_of_a_private_network_is_not_published() -> None:
    desk = Desk()
    desk.here = replace(desk.here, is_private=lambda url: "127.0.0.1" in url)
    made(desk)
    saves(desk, "webhooks.new", name="pager", url="http://127.0.0.1:1/x")
    refused = one(desk.commands("publish tea-time"), do.Refuse)
    assert "**pager** goes to 127.0.0.1, which is in a private network" in refused.text
    assert row_of(desk).version == 0
    saves(desk, "webhooks.w0", url="https://pager.example/x")
    desk.commands("publish tea-time")
    assert row_of(desk).version == 1
