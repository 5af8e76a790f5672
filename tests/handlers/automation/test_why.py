"""`why`: what happened by itself, why not, and doing it again; in chat, by menu and on the page."""

from actions import book, page, position, posted, row, rows, sends_again, settles
from desk import BOB, CARLA, GUEST, Desk, all_of, one, started_run, words_of

from handlers import effects as do
from handlers.context import Context
from handlers.events import Place
from handlers.rules.action_rows import renew_rows
from store import AttributeValue, Run

HERE = Place(id="channel1", team_id="t1", kind="O", name="checkout-is-down-1")
THANKS = {"on": "finish", "post": "Thank you."}


def told(desk: Desk, words: str = "why") -> str:
    return words_of(one(desk.commands(words, place=HERE), do.Answer).content)


def test_it_tells_by_occasion_what_is_to_come_and_what_was_done() -> None:
    desk = Desk(book(THANKS, {"on": "task", "task": "Roll back", "command": "/deploy status"}))
    started_run(desk)
    said = told(desk)
    assert "**When it starts**\n✅ **1** open a channel · done 15:00 CET" in said
    assert "**When a task is done**\n⏳ **4** offer `/deploy status` (“Roll back”) · not yet" in said
    assert (
        "**When it is finished**\n⏳ **5** tell ~town-square · not yet\n⏳ **6** post here: “Thank you.” · not yet"
        in said
    )


def test_one_is_told_by_its_number_and_a_number_that_is_none_is_refused() -> None:
    desk = Desk(book(THANKS))
    started_run(desk)
    assert told(desk, f"why {position(desk)}") == f"⏳ **{position(desk)}** post here: “Thank you.” · not yet"
    assert "from 1 to 6" in one(desk.commands("why 99", place=HERE), do.Refuse).text


def test_a_run_whose_playbook_does_nothing_and_a_bare_checklist_say_so() -> None:
    desk = Desk()
    desk.commands("checklist Shopping; milk; bread")
    assert "a checklist without a playbook" in told_of(desk, 1)


def told_of(desk: Desk, run_id: int) -> str:
    return words_of(one(desk.commands(f"why #{run_id}"), do.Answer).content)


def test_again_repeats_what_was_done_and_in_whose_name() -> None:
    desk = Desk(book(THANKS))
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    settles(desk)
    found = desk.commands(f"why again {position(desk)}", by=BOB, place=place)
    assert posted(found) == ["Thank you."]
    assert "Once more: post here: “Thank you.”." in one(found, do.Answer).content.text
    assert (row(desk).state, row(desk).by_id) == ("waiting", "bob")
    assert "under way" in one(desk.commands(f"why again {position(desk)}", by=BOB, place=place), do.Refuse).text
    settles(desk)
    assert row(desk).times == 2
    assert "done 15:00 CET · @bob · 2 times" in told(desk)


def test_what_has_not_happened_and_the_channel_are_not_done_again() -> None:
    desk = Desk(book(THANKS))
    started_run(desk)
    assert "has not happened yet" in one(desk.commands(f"why again {position(desk)}", place=HERE), do.Refuse).text
    assert "one channel" in one(desk.commands("why again 1", place=HERE), do.Refuse).text


def test_what_was_skipped_for_its_condition_is_done_again_once_that_is_met() -> None:
    attributes = [{"name": "Severity", "type": "select", "options": ["SEV-1", "SEV-3"]}]
    desk = Desk(book(THANKS | {"when": {"attribute": "Severity", "is": "SEV-1"}}, attributes=attributes))
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    assert row(desk).state == "skipped"
    again = f"why again {position(desk)}"
    assert (
        "skipped 15:00 CET: it is done only where **Severity** is SEV-1"
        in one(desk.commands(again, place=place), do.Answer).content.text
    )
    desk.commands("restart", place=place)
    desk.ask(lambda store: store.add(AttributeValue.of(1, "Severity", "SEV-1")))
    assert posted(desk.commands(again, place=place)) == ["Thank you."]


def test_the_menu_has_what_can_be_done_again_for_those_who_may() -> None:
    desk = Desk(book(THANKS))
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    settles(desk)
    card = one(desk.commands("why", place=place), do.Answer).content.cards[0]
    (menu,) = card.controls
    option = next(option for option in menu.options if "Thank you" in option.text)
    assert option.text == f"{position(desk)} · post here: “Thank you.”"
    assert posted(desk.presses(menu.action, menu.arg, choice=option.value, place=place)) == ["Thank you."]
    assert one(desk.commands("why #1", by=CARLA), do.Answer).content.cards[0].controls == ()
    refused = one(desk.presses(menu.action, menu.arg, by=CARLA, choice=option.value), do.Refuse)
    assert refused.text


def test_a_row_of_another_run_is_not_to_be_had_by_a_button() -> None:
    desk = Desk(book(THANKS))
    started_run(desk)
    desk.commands("run incident-response Other")
    desk.opens(2)
    assert all_of(desk.presses("action.again", f"2:{row(desk).id}"), do.Post) == []


def test_guests_who_see_the_run_are_told_but_cannot_repeat() -> None:
    desk = Desk(book(THANKS))
    place = started_run(desk)
    assert all_of(desk.commands("why again 2", by=GUEST, place=place), do.Post) == []


def test_the_page_shows_all_of_it_and_does_it_again() -> None:
    desk = Desk(book(THANKS))
    place = started_run(desk)
    desk.commands("finish now", place=place, trigger="")
    settles(desk)
    shown = next(one for one in page(desk).actions if "Thank you" in one.what)
    assert (shown.state, shown.may_again) == ("done", True)
    assert posted(sends_again(desk, shown.id)) == ["Thank you."]
    assert one(sends_again(desk, 999), do.Refuse).text


def test_a_run_of_an_older_version_gets_its_rows_when_something_happens() -> None:
    desk = Desk(book(THANKS))
    place = started_run(desk)

    def forget(store) -> None:  # type: ignore[no-untyped-def]
        for each in store.action_rows(1):
            store.drop(each)

    desk.ask(forget)
    assert "Thank you." in posted(desk.commands("finish now", place=place, trigger=""))
    assert "When it starts" not in told(desk)


def test_a_run_that_goes_by_a_newer_version_keeps_what_was_done_and_gets_what_is_new() -> None:
    old = book(THANKS, {"on": "update", "post": "News."}, {"on": "restart", "post": "Again."})
    new = book({"on": "update", "post": "Late news."}, {"on": "update", "post": "News."}, THANKS | {"post": "Bye."})
    desk = Desk(old)
    place = started_run(desk)
    desk.commands("update All is calm", place=place)
    before = [one.id for one in rows(desk).values()]

    def take_over(ctx: Context, run: Run) -> None:
        run.definition = new.definition()
        renew_rows(ctx, run)

    desk.ask(lambda store: take_over(Context(desk.now, store, desk.here), store.run(1)))
    posts = {one.says["post"]: one for one in rows(desk).values() if one.kind == "post"}
    assert set(posts) == {"News.", "Late news.", "Bye."}
    assert posts["News."].id in before
    assert posts["News."].state == "waiting"
    assert posted(desk.commands("finish now", place=place, trigger=""))[-1] == "Bye."
    said = told(desk)
    assert said.count("**When it is finished**") == said.count("**With each status update**") == 1
