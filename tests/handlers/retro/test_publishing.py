"""Publishing: shown first to whom it goes and what is missing; posted, pinned, told; nothing of it lost or invented."""

import pytest
from desk import ALICE, BOB, CARLA, Desk, all_of, one, started_run, words_of
from retrospects import book, draft_of, finished, sections, text_of

from handlers import effects as do
from handlers.context import Context
from handlers.operations.publish_retrospective import publish_retrospective
from handlers.playbooks.playbook import Playbook
from handlers.text.words import calls_in
from handlers.views.timeline import numbered


def test_the_dialog_says_to_whom_it_goes_and_what_is_missing() -> None:
    desk, place, _ = finished()
    desk.commands("follow", BOB, place=place)
    desk.commands("#1 follow", BOB)
    desk.commands("retro 1 Quick\n- [ ] fix the probe by friday\n- [ ] @bob write it down", place=place)
    desk.commands("retro review @bob", place=place)
    desk.commands("retro comment Not yet", BOB, place=place)
    said = one(desk.presses("retro.publish", 1, place=place), do.Ask).dialog.intro
    assert "~checkout-is-down-1, pinned there" in said
    assert "~town-square: only if you want it" in said
    assert "**Left out**, as nobody has answered: What went badly?" in said
    assert "2 tasks" in said
    assert "⚠️ fix the probe: no owner" in said
    assert "⚠️ write it down: no date" in said
    assert "1 comment is not settled" in said
    assert "@bob did not answer yet" in said


def test_metrics_without_a_value_are_named_first() -> None:
    desk, place, _ = finished(book(metrics=[{"title": "Users affected", "type": "integer"}]))
    dialog = one(desk.commands("retro publish", place=place), do.Ask).dialog
    assert "**Without a value:** Users affected" in dialog.intro
    desk.commands("metric users-affected 120", place=place)
    assert "Without a value" not in one(desk.commands("retro publish", place=place), do.Ask).dialog.intro


def test_it_is_posted_and_pinned_and_followers_are_told_but_no_channels() -> None:
    desk = Desk(book())
    place = started_run(desk)
    desk.commands("follow", BOB, place=place)
    desk.commands("follow", ALICE, place=place)
    for effect in all_of(desk.commands("finish now", place=place), do.Post):
        desk.stands(effect.message_id)
    desk.commands("retro 1 Quick, @bob and @channel", place=place)
    dialog = one(desk.commands("retro publish", place=place), do.Ask).dialog
    assert [entry.name for entry in dialog.entries] == ["lead", "channels"]
    desk.sent.clear()
    found = desk.submits(dialog, place=place, lead="We were lucky.")
    post = one(found, do.Post)
    assert post.place_id == place.id
    assert "We were lucky." in post.content.text
    assert "#### What went well?\nQuick, " in post.content.text
    assert "What went badly?" not in post.content.text
    assert "### What the bot has recorded" in post.content.text
    assert "#### Tasks (generated)" in post.content.text
    sent = next(effect for effect in desk.sent if isinstance(effect, do.Post))
    assert calls_in(sent.content.text) == set()
    assert one(found, do.Pin).message_id == post.message_id
    assert [tell.person_id for tell in all_of(found, do.Tell) if not tell.only_whispered] == ["bob"]
    assert "We were lucky." in text_of([tell for tell in all_of(found, do.Tell) if tell.person_id == "bob"], do.Tell)
    assert draft_of(desk) is None


def test_the_playbooks_channels_are_told_only_on_wish() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)
    dialog = one(desk.commands("retro publish", place=place), do.Ask).dialog
    found = desk.submits(dialog, place=place, channels=True)
    (there,) = [post for post in all_of(found, do.Post) if post.place_id == "town"]
    assert "published the retrospective of" in there.content.text
    assert there.under is not None
    assert "~town-square were told" in text_of(found, do.Tell)


def test_a_private_run_is_not_told_where_everybody_reads() -> None:
    updates = {"updates": {"broadcast": ["~town-square"], "broadcast_private": False}}
    desk, place, _ = finished(Playbook.model_validate(book().definition() | updates))
    desk.becomes(place, kind="P")
    desk.ask(lambda store: setattr(store.place("town"), "kind", "O"))
    desk.commands("retro 1 Quick", place=place)
    dialog = one(desk.commands("retro publish", place=place), do.Ask).dialog
    assert "Not to ~town-square" in dialog.intro
    found = desk.submits(dialog, place=place, channels=True)
    assert [post.place_id for post in all_of(found, do.Post)] == [place.id]


def test_with_all_unanswered_it_is_asked_once() -> None:
    desk, place, _ = finished()
    assert "None of the questions" in one(desk.commands("retro publish now", place=place), do.Refuse).text
    dialog = one(desk.commands("retro publish", place=place), do.Ask).dialog
    assert "No question is answered" in dialog.intro
    assert "None of the questions" in one(desk.submits(dialog, place=place), do.Correct).errors["lead"]
    found = desk.submits(dialog, place=place, anyway=True)
    assert "####" in text_of(found, do.Post)
    assert "What went well?" not in text_of(found, do.Post)


def test_without_a_dialog_it_says_the_same_and_how() -> None:
    desk, place, _ = finished()
    said = one(desk.commands("retro publish", place=place, trigger=""), do.Answer).content.text
    assert "No question is answered" in said
    assert "`/playbook retro publish anyway`" in said
    desk.commands("retro 2 The alert came late", place=place)
    assert (
        "`/playbook retro publish now`"
        in one(desk.commands("retro publish", place=place, trigger=""), do.Answer).content.text
    )


def test_facts_stay_as_they_were_published() -> None:
    desk, place, _ = finished()
    posted = all_of(desk.commands("retro publish anyway", place=place), do.Post)[-1]
    desk.stands(posted.message_id)
    desk.commands("note Too late for it", place=place)
    assert "Too late" not in words_of(one(desk.commands("retro", place=place), do.Answer).content)
    assert "was published by @alice" in one(desk.commands("retro publish now", place=place), do.Refuse).text
    assert "was published by @alice" in one(desk.commands("retro skip No", place=place), do.Refuse).text


def test_what_is_corrected_or_said_later_is_told_of_what_was_published() -> None:
    metric = {"title": "Users affected", "type": "integer"}
    desk, place, _ = finished(book(metrics=[metric]))
    posted = all_of(desk.commands("retro publish anyway", place=place), do.Post)[-1]
    desk.stands(posted.message_id)
    desk.later(minutes=1)
    desk.commands("note Too late for it", place=place)
    found = desk.commands("time started 14:50 because I forgot", place=place)
    assert posted.message_id in {each.message_id for each in all_of(found, do.Edit)}
    desk.commands("metric users-affected 200", place=place)
    found = desk.ask(lambda store: numbered(Context(desk.now, store, desk.here), store.run(1)))
    number = next(at for at, one in found.items() if one.kind == "update")
    desk.commands(f"retro event {number} We rolled back", place=place)
    said = words_of(one(desk.commands("retro", place=place), do.Answer).content)
    assert "14:50" in said
    assert "Users affected:** 200" in said
    assert "We rolled back" in said
    assert "Too late" not in said, "what nobody corrected stays as it was published"
    history = words_of(one(desk.commands("retro history", place=place), do.Answer).content)
    assert history.count("How it went") == 1
    assert "How it went 15:4" in history, "it was the bot"


def test_a_long_one_stands_in_several_messages_under_the_first() -> None:
    desk, place, _ = finished()
    for _ in range(3):
        desk.commands("retro 1 " + "\n".join(["words " * 15] * 40), place=place)
    posts = all_of(desk.commands("retro publish now", place=place), do.Post)
    parts = [post for post in posts if post.place_id == place.id]
    limit = desk.here.text_limit
    assert len(parts) == 1 + sum(len(row.text) for row in sections(desk)) // limit
    desk.here = type(desk.here)(bot=desk.here.bot, site_url=desk.here.site_url, menus=desk.here.menus, text_limit=4000)
    desk.stands(parts[0].message_id)
    found = desk.commands("retro 2 More", place=place)
    more = all_of(found, do.Post)
    assert len(more) == 2
    assert {post.under for post in more} == {parts[0].message_id}
    assert all(len(effect.content.text) <= 4000 for effect in [*more, *all_of(found, do.Edit)])


def test_in_a_channel_that_cannot_be_used_it_is_kept_and_followers_are_told() -> None:
    desk, place, _ = finished()
    desk.commands("#1 follow", BOB)
    desk.ask(lambda store: setattr(store.run(1), "closed_place", "archived"))
    found = desk.commands("retro publish anyway", place=place)
    assert all_of(found, do.Post) == []
    assert "not in its channel" in one(found, do.Answer).content.text


def test_an_operation_returns_what_it_did() -> None:
    desk, _, _ = finished()
    _, done = desk.does(publish_retrospective, ALICE, anyway=True)
    assert (done.is_here, done.channels, done.added.tasks, done.is_addendum) == (True, (), 0, False)


@pytest.mark.parametrize("lead", ["x" * 501])
def test_a_word_with_it_may_not_be_longer_than_a_sentence(lead: str) -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)
    dialog = one(desk.commands("retro publish", place=place), do.Ask).dialog
    assert "At most 500" in one(desk.submits(dialog, place=place, lead=lead), do.Correct).errors["lead"]
    assert CARLA.username == "carla"


def test_channels_are_told_by_command_too() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)
    said = one(desk.commands("retro publish", place=place, trigger=""), do.Answer).content.text
    assert "`/playbook retro publish now channels` tells ~town-square, too" in said
    found = desk.commands("retro publish now channels Read this", place=place)
    (there,) = [post for post in all_of(found, do.Post) if post.place_id == "town"]
    assert "Read this" in there.content.text
    assert there.content.text.endswith("\n\nRead this")


def test_what_is_over_is_offered_no_more_and_has_no_since_before_it() -> None:
    desk, place, _ = finished()
    desk.commands("retro 1 Quick", place=place)

    def ways() -> set[str]:
        controls = one(desk.commands("retro", place=place), do.Answer).content.cards[0].controls
        menu = next(each for each in controls if isinstance(each, do.Menu) and each.action == "retro.more")
        return {option.value for option in menu.options}

    assert {"retro.review", "retro.skip", "retro.off"} < ways()
    assert "What has changed:" in words_of(one(desk.commands("retro history", place=place), do.Answer).content)
    desk.commands("retro publish now", place=place)
    assert ways() == {"retro.event", "retro.timeline", "retro.history"}
