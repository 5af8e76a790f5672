"""Starting a run: its name, its channel, who owns it, and what is said when it cannot start."""

import re
from typing import Any

import pytest
from desk import BOB, CARLA, GUEST, INCIDENT, Desk, all_of, as_seen, one, started_run, words_of

from handlers import effects as do
from handlers.events import Place, Undeliverable
from handlers.playbooks.playbook import Playbook
from store import KnownPerson, KnownPlace

QUICK = INCIDENT.model_copy(update={"start": "now"})
LEGAL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")


def opened(desk: Desk, text: str) -> do.OpenChannel:
    desk.says(text)
    return one(desk.presses("prompt.start", 1), do.OpenChannel)


def card_text(desk: Desk) -> str:
    """Return what the run's card says."""
    shown = (card for post in all_of(desk.sent, do.Post) for card in post.content.cards)
    return words_of(next(card for card in shown if any(one.title == "Owner" for one in card.fields))).strip()


@pytest.mark.parametrize(
    ("text", "name", "channel"),
    [
        ("sev-1, checkout is down", "Checkout is down", "checkout-is-down-1"),
        ("sev-1: Prüfung fällt aus", "Prüfung fällt aus", "prufung-fallt-aus-1"),
        ("sev-1 決済が止まっています", "決済が止まっています", "incident-response-1"),
        ("sev-1 الدفع لا يعمل", "الدفع لا يعمل", "incident-response-1"),
        ("sev-1 🔥🔥🔥", "🔥🔥🔥", "incident-response-1"),
        ("sev-1", "Incident response 1", "incident-response-1-1"),
        ("**sev-1** `x` > checkout", "Checkout", "checkout-1"),
    ],
)
def test_a_run_is_named_after_the_message_and_its_channel_legally(text: str, name: str, channel: str) -> None:
    desk = Desk(QUICK)
    effect = opened(desk, text)
    assert desk.run().name == name
    assert effect.name == channel
    assert LEGAL.fullmatch(effect.name)


def test_the_channel_is_as_the_playbook_says() -> None:
    private = opened(Desk(QUICK), "sev-1")
    assert private.private
    assert "Incident response" in private.header
    assert private.mark in private.purpose
    assert len(private.header) <= 1024
    assert len(private.purpose) <= 250
    book = {"title": "Release " * 24, "start": "now", "channel": {"header": "h" * 1000, "name": "rel {number}"}}
    public = opened(Desk(Playbook.model_validate(book)), "sev-1")
    assert not public.private
    assert public.name == "rel-1-1"
    assert len(public.header) <= 1024
    assert len(public.purpose) <= 250
    assert public.mark in public.purpose


def test_the_template_is_filled_with_what_is_known() -> None:
    book = INCIDENT.model_copy(update={"name": "{date} {creator} {number} {keyword} {playbook}: {message}"})
    desk = Desk(book)
    desk.says("sev-1 checkout")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    assert dialog.entries[0].default == "2026-11-23 alice {number} sev-1 Incident response: Checkout"
    desk.submits(dialog, name=dialog.entries[0].default)
    assert desk.run().name == "2026-11-23 alice 1 sev-1 Incident response: Checkout"


def test_the_dialog_takes_its_summary_from_the_message() -> None:
    desk = Desk()
    desk.says("sev-1 " + "long " * 3000)
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    assert dialog.entries[1].default.startswith("sev-1 long")
    assert len(dialog.entries[1].default) <= 3000


def test_what_somebody_else_wrote_is_plain_words_in_the_summary_that_the_dialog_takes_from_it() -> None:
    desk = Desk()
    desk.says("sev-1 [Login](https://evil.example) @carla ![x](https://evil.example/p.png)\n# Big\n- one", by=CARLA)
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    summary = str(dialog.entries[1].default)
    assert summary == "sev-1 [Login](https://evil.example) @carla ![x](https://evil.example/p.png)\n# Big\n- one"
    desk.submits(dialog, name="Down", summary=f"{summary}\n**Mine** now")
    desk.opens()
    text = card_text(desk)
    assert "\n**Mine** now" in text
    assert text.startswith(
        "sev-1 &#91;Login&#93;(https://evil.example) @\u2060carla !&#91;x&#93;(https://evil.example/p.png)\n"
    )
    assert "\n&#35; Big\n&#45; one\n" in text


@pytest.mark.parametrize(
    "text", ["sev-1, checkout is down", "sev-1 *a*\n- [b](https://c.example)", "sev-1 " + "x* " * 900]
)
def test_a_message_that_the_summary_already_says_is_not_quoted_beside_it(text: str) -> None:
    desk = Desk()
    desk.says(text)
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name="Down", summary=str(dialog.entries[1].default))
    desk.opens()
    assert card_text(desk).endswith("\n[where it began](https://chat.example.com/ops/pl/post1)")


FORM = INCIDENT.model_copy(update={"summary": "**What users notice:**\n**Since when:**"})


@pytest.mark.parametrize("book", [FORM, FORM.model_copy(update={"start": "now"})])
def test_a_template_that_nobody_filled_in_is_no_summary_and_hinders_no_start(book: Playbook) -> None:
    desk = Desk(book)
    desk.says("sev-1, checkout is down")
    found = desk.presses("prompt.start", 1)
    if book.start == "dialog":
        dialog = one(found, do.Ask).dialog
        assert dialog.entries[1].default == FORM.summary
        desk.submits(dialog, name="Down", summary=FORM.summary.replace("\n", "\r\n "))
    desk.opens()
    assert desk.run().summary == ""
    assert "Since when" not in card_text(desk)


def test_a_template_that_the_playbook_fills_in_or_that_sets_a_variable_is_a_summary() -> None:
    for summary in ("Said: {message}\nSince lunch", "$region=eu-1"):
        desk = Desk(QUICK.model_copy(update={"summary": summary}))
        desk.says("sev-1, checkout is down")
        desk.presses("prompt.start", 1)
        assert desk.run().summary == summary.replace("{message}", "Checkout is down")


@pytest.mark.parametrize("sign", ["*", "\\", "`"])
@pytest.mark.parametrize("before", ["sev-1 ", "sev-1 a"])
def test_a_long_message_is_not_cut_within_a_sign_that_was_made_plain(sign: str, before: str) -> None:
    desk = Desk()
    desk.says(before + sign * 4000)
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    default = str(dialog.entries[1].default)
    plain = default.removeprefix(before).removesuffix("…")
    assert plain == sign * len(plain)
    assert len(plain) > 500
    desk.submits(dialog, name="Down", summary=default)
    assert desk.run().summary.endswith(f"&#{ord(sign)};…")


def test_an_empty_name_is_asked_for_again_and_nothing_starts() -> None:
    desk = Desk()
    desk.says("sev-1")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    assert "needs a name" in one(desk.submits(dialog, name=" \n ", once="same"), do.Correct).errors["name"]
    assert all_of(desk.submits(dialog, name="Now", once="same"), do.OpenChannel)


def test_a_dialog_submitted_twice_starts_one_run() -> None:
    desk = Desk()
    desk.says("sev-1")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    assert all_of(desk.submits(dialog, name="Now", once="same"), do.OpenChannel)
    assert desk.submits(dialog, name="Now", once="same") == []
    form = one(desk.commands("run incident-response"), do.Ask).dialog
    assert all_of(desk.submits(form, name="Two", once="other"), do.OpenChannel)
    assert desk.submits(form, name="Two", once="other") == []
    assert len(desk.ask(lambda store: store.active_runs("t1"))) == 2


def test_who_may_not_start_a_run_does_not_learn_from_its_dialog_who_did() -> None:
    desk = Desk(INCIDENT.model_copy(update={"members": ("@alice",)}))
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name="Checkout", summary="")
    said = one(desk.submits(dialog, by=BOB, name="Checkout", summary=""), do.Correct).error
    assert "private" in said
    assert "alice" not in said


def test_who_made_up_a_longer_text_than_the_dialog_takes_breaks_nothing() -> None:
    desk = Desk()
    desk.says("sev-1")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    wrong = one(desk.submits(dialog, name="n" * 9000, summary="s" * 90000), do.Correct)
    assert set(wrong.errors) == {"name", "summary"}
    assert desk.ask(lambda store: list(store.active_runs("t1"))) == []
    desk.commands(f"run incident-response {'n' * 9000}")
    assert len(desk.run().name) <= 150


def test_an_unknown_owner_is_told_and_the_starter_owns_the_run() -> None:
    desk = Desk(INCIDENT.model_copy(update={"owner": "@nobody", "start": "now"}))
    desk.says("sev-1")
    desk.presses("prompt.start", 1)
    desk.opens()
    assert told_in_channel(desk, "names") == [
        "⚠️ The playbook names @nobody, who is no active member of this team. @alice owns the run instead. What was to"
        " be theirs is nobody's: `/playbook assign` gives a task to somebody, `/playbook role` a role. Whoever looks"
        " after the playbook can put other names into it."
    ]
    assert desk.run().owner_id == "alice"


def told_in_channel(desk: Desk, words: str) -> list[str]:
    return [post.content.text for post in map(as_seen, all_of(desk.sent, do.Post)) if words in post.content.text]


@pytest.mark.parametrize("name", ["visitor", "ci"], ids=["guest", "bot"])
def test_a_guest_or_bot_that_the_playbook_makes_the_owner_is_named_and_the_starter_owns_the_run(name: str) -> None:
    desk = Desk(INCIDENT.model_copy(update={"owner": f"@{name}", "start": "now"}))
    desk.ask(lambda store: setattr(store.person("guest"), "roles", "system_user system_guest"))
    desk.ask(lambda store: store.learn(KnownPerson(id="ci", username="ci", is_bot=True, seen_at=desk.now)))
    opened(desk, "sev-1")
    desk.opens()
    assert desk.run().owner_id == "alice"
    (told,) = told_in_channel(desk, "The playbook")
    assert f"@{name}, but" in told
    assert "@alice owns the run instead" in told
    assert "no active member" not in told


def test_what_the_playbook_gives_to_a_bot_is_nobodys_but_its_words_count() -> None:
    tasks = [{"title": "Look", "assignee": "@ci"}, {"title": "Build", "done_when": {"says": ["green"], "by": ["@ci"]}}]
    rota = {"people": ["@ci", "@carla"], "every": 86400, "from": "2026-11-23"}
    given = {
        "roles": [{"name": "scribe", "person": "@ci"}, {"name": "lead", "rota": rota}],
        "checklists": [{"title": "Triage", "tasks": tasks}],
    }
    desk = Desk(Playbook.model_validate(QUICK.definition() | given))
    desk.ask(lambda store: store.learn(KnownPerson(id="ci", username="ci", is_bot=True, seen_at=desk.now)))
    opened(desk, "sev-1")
    desk.opens()
    held = desk.ask(lambda store: {one.role: one.person_id for one in store.role_holders(1)})
    assert held == {"scribe": "", "lead": "carla"}
    look, build = desk.ask(lambda store: list(store.tasks(1)))
    assert (look.assignees, build.words_by) == ([], ["ci"])
    (told,) = told_in_channel(desk, "The playbook")
    assert "@ci" in told
    assert "owns the run instead" not in told


def test_the_owner_that_the_playbook_names_is_invited_too() -> None:
    desk = Desk(INCIDENT.model_copy(update={"owner": "@carla", "start": "now"}))
    opened(desk, "sev-1")
    desk.opens()
    invite = next(effect for effect in desk.sent if isinstance(effect, do.Invite))
    assert invite.person_ids == ("alice", "carla")
    assert invite.usernames == ("bob",)
    assert desk.run().owner_id == "carla"


def test_run_by_command_opens_the_dialog_or_starts_with_a_name() -> None:
    desk = Desk()
    assert one(desk.commands("run"), do.Ask).dialog.title == "Start a run"
    found = desk.commands("run incident-response Checkout is down")
    assert one(found, do.OpenChannel).title == "Checkout is down"
    assert "Starting **Checkout is down**" in one(found, do.Answer).content.text
    assert one(desk.commands("run Incident Response And on", trigger=""), do.OpenChannel).title == "And on"
    assert one(desk.commands("run inc Short"), do.OpenChannel).title == "Short"


def test_run_without_a_playbook_asks_which_one() -> None:
    desk = Desk(INCIDENT, Playbook.model_validate({"title": "Release"}))
    dialog = one(desk.commands("run"), do.Ask).dialog
    assert [option.text for option in dialog.entries[0].options] == ["Incident response", "Release"]
    assert "Choose one" in one(desk.submits(dialog, name="x", playbook=""), do.Correct).errors["playbook"]
    assert "Choose one" in one(desk.submits(dialog, name="x", playbook="9" * 2000), do.Correct).errors["playbook"]
    assert one(desk.submits(dialog, name="4.2", playbook=dialog.entries[0].options[1].value), do.OpenChannel)
    assert "run incident-response" in one(desk.commands("run", trigger=""), do.Answer).content.text


def test_the_dialog_lets_a_run_live_in_the_channel_where_it_was_opened() -> None:
    desk = Desk()
    dialog = one(desk.commands("run"), do.Ask).dialog
    where = dialog.entries[-1]
    assert [option.text for option in where.options] == ["A new private channel", "This channel, Town Square"]
    assert where.default == "own"
    found = desk.submits(dialog, name="Here", where="here")
    assert all_of(found, do.OpenChannel) == []
    assert desk.run().channel_id == "town"
    assert not desk.run().own_channel
    assert one(desk.submits(dialog, name="There", where="own"), do.OpenChannel).title == "There"
    dialog = one(desk.commands("run incident-response here"), do.Ask).dialog
    assert dialog.entries[-1].default == "here"
    assert one(desk.submits(dialog, name="After all", where="own"), do.OpenChannel).title == "After all"


def test_run_here_needs_no_more_words() -> None:
    desk = Desk()
    assert one(desk.commands("run here"), do.Ask).dialog.entries[-1].default == "here"
    desk.commands("run here Checkout is down")
    assert (desk.run().name, desk.run().channel_id) == ("Checkout is down", "town")
    desk = Desk(INCIDENT, Playbook.model_validate({"title": "Release"}))
    dialog = one(desk.commands("run here"), do.Ask).dialog
    assert dialog.entries[-1].options[0].text == "Where the playbook says"
    desk.submits(dialog, name="4.2", playbook="2", where="here")
    assert desk.run().channel_id == "town"


def test_a_prompts_dialog_also_starts_in_its_channel_and_the_prompt_says_so() -> None:
    desk = Desk()
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    found = desk.submits(dialog, name="Checkout is down", where="here")
    assert desk.run().channel_id == "town"
    assert any("started" in words_of(edit.content.cards[0]) for edit in all_of(found, do.Edit))


def test_where_the_bot_is_not_a_dialog_does_not_offer_that_channel() -> None:
    desk = Desk()
    elsewhere = Place(id="other", team_id="t1", name="other", title="Other")
    dialog = one(desk.commands("run", place=elsewhere), do.Ask).dialog
    assert [entry.name for entry in dialog.entries] == ["name", "summary"]
    refused = one(desk.submits(dialog, name="x", where="here", place=elsewhere), do.Correct)
    assert "I am not in this channel" in refused.error


def test_a_playbook_that_nobody_knows_gets_the_nearest() -> None:
    refused = one(Desk().commands("run incident-respnse x"), do.Refuse)
    assert "run incident-response" in refused.text
    assert len(one(Desk().commands("run " + "x" * 16000), do.Refuse).text) < 1000


def test_a_command_says_why_it_starts_nothing() -> None:
    assert "belongs to a team" in one(Desk().commands("run x", place=Place(id="d", kind="D")), do.Refuse).text
    assert "Guests" in one(Desk().commands("run incident-response", by=GUEST), do.Refuse).title
    none = Desk(INCIDENT.model_copy(update={"teams": ("sales",)}))
    said = one(none.commands("run"), do.Answer).content.text
    assert "has no playbook yet. `/playbook create` makes one" in said
    assert "bot.toml" not in said


def test_a_playbook_of_another_team_cannot_be_started_through_the_dialog() -> None:
    desk = Desk(INCIDENT, Playbook.model_validate({"title": "Secret", "teams": ["sales"]}))
    dialog = one(desk.commands("run incident-response"), do.Ask).dialog
    forged = do.Dialog(action=dialog.action, arg="command::", title="", entries=dialog.entries)
    assert "Choose one" in one(desk.submits(forged, name="x", playbook="2"), do.Correct).errors["playbook"]


def test_a_dialog_sent_from_nowhere_starts_nothing() -> None:
    desk = Desk()
    dialog = one(desk.commands("run incident-response"), do.Ask).dialog
    found = desk.submits(dialog, name="x", place=Place(id="d", kind="D"))
    assert "belongs to a team" in one(found, do.Correct).error


def test_the_card_quotes_and_links_where_it_began() -> None:
    desk = Desk()
    started_run(desk)
    assert "“sev-1, checkout is down”" in card_text(desk)
    assert "https://chat.example.com/ops/pl/post1" in card_text(desk)


def test_a_channel_that_cannot_be_opened_ends_the_run_and_asks_again() -> None:
    desk = Desk(QUICK)
    opened(desk, "sev-1, checkout")
    found = desk.take(Undeliverable(at=desk.now, effect="OpenChannel", reason="forbidden", run_id=1))
    told = one(found, do.Tell)
    assert told.person_id == "alice"
    assert "I may not create this kind of channel in the team Operations" in told.content.text
    assert one(found, do.Edit).content.cards[0].controls[0].label == "Start run"
    assert not desk.run().is_active
    assert one(desk.presses("prompt.start", 1, by=BOB), do.OpenChannel).run_id == 2


def test_a_channel_that_cannot_be_opened_offers_no_playbook_that_was_archived_meanwhile() -> None:
    desk = Desk(QUICK)
    opened(desk, "sev-1, checkout")
    desk.ask(lambda store: setattr(store.playbook(1), "archived_at", desk.now))
    found = desk.take(Undeliverable(at=desk.now, effect="OpenChannel", reason="forbidden", run_id=1))
    shown = one(found, do.Edit).content.cards[0]
    assert "was archived" in shown.text
    assert not shown.controls


@pytest.mark.parametrize(("kind", "name"), [("D", "alice__bot"), ("G", "f" * 40)])
def test_a_run_does_not_live_in_direct_or_group_messages_whoever_asks_for_it(kind: Any, name: str) -> None:
    desk = Desk()
    place = Place(id="talk", team_id="t1", kind=kind, name=name)
    desk.ask(lambda store: store.learn(KnownPlace(id="talk", kind=kind, name=name, is_member=True, seen_at=desk.now)))
    dialog = one(desk.commands("run incident-response", place=place), do.Ask).dialog
    assert "where" not in [entry.name for entry in dialog.entries]
    for refused in (
        one(desk.commands("run incident-response here Checkout", place=place), do.Refuse).text,
        one(desk.commands("run incident-response here", place=place), do.Refuse).text,
        one(desk.submits(dialog, name="Checkout", where="here", place=place), do.Correct).error,
    ):
        assert "lives in a channel, not in direct messages" in refused
        assert "/invite" not in refused
    assert one(desk.commands("run incident-response here", place=place), do.Refuse).title == "Not in direct messages"
    assert desk.ask(lambda store: store.run(1)) is None


TOKENS = Playbook.model_validate(
    {
        "title": "Outage",
        "prefix": "DRILL",
        "templates": "tokens",
        "name": "{SEQ} {Place} - report",
        "attributes": [{"name": "Place"}, {"name": "Other"}],
    }
)


def test_what_a_name_is_made_of_is_asked_for_and_needed_where_the_texts_are_mattermosts_own() -> None:
    desk = Desk(TOKENS)
    ask = one(desk.commands("run outage"), do.Ask).dialog
    assert [entry.name for entry in ask.entries if entry.name.startswith("attribute")] == ["attribute1"]
    name = next(entry for entry in ask.entries if entry.name == "name")
    assert name.default == "{seq} {Place} - report"
    assert "braces" in name.help
    wrong = one(desk.submits(ask, name=name.default), do.Correct)
    assert list(wrong.errors) == ["attribute1"]
    desk.submits(ask, name=name.default, attribute1="Here")
    assert desk.run().name == "DRILL-0001 Here - report"


def test_what_a_name_is_made_of_may_be_left_out_where_the_texts_are_ours() -> None:
    book = {**TOKENS.definition(), "templates": "placeholders", "name": "{seq} {place} - report"}
    desk = Desk(Playbook.model_validate(book))
    ask = one(desk.commands("run outage"), do.Ask).dialog
    name = next(entry for entry in ask.entries if entry.name == "name")
    desk.submits(ask, name=name.default)
    assert desk.run().name == "DRILL-0001 - report"
