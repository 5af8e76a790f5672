"""Forms of pages are decided as what people do in chat, count once, and lose no word."""

from pathlib import Path

import pytest
from pages import browser, let_in, pages
from scenes import PUBLIC, started
from stage import stage

from bot.directory.retry import Patience
from bot.pages.acting import told
from bot.settings.sections import Limits
from handlers import effects as do
from handlers.events import PageActed, Person, Place
from handlers.personal import digests
from handlers.routes import pages as routes
from handlers.routes.rows import FreePageForm
from store import Flash
from tests.desk import START

EVENT = PageActed(
    at=START,
    action="update.post",
    run_id=1,
    once="a",
    values={"text": "All is well"},
    asker=Person(id="alice", username="alice"),
    place=Place(id="c"),
)


async def test_a_form_is_done_told_once_and_brings_back_to_its_page(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        form = (await mine.get("/settings?from=here")).forms[1]
        first = await mine.send(form, follow=False)
        assert (first.status, first.headers["Location"]) == (303, "/settings?from=here")
        live = await mine.get("/settings", **{"X-Muster": "live"})
        assert "daily digest is off" in live.words
        assert "daily digest is off" in (await mine.get("/settings")).words
        assert "daily digest is off" not in (await mine.get("/settings")).words
        assert "have to do: off" in (await mine.get("/settings")).words


async def test_a_form_counts_once_however_often_it_is_sent(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        off = (await mine.get("/settings")).forms[1]
        await mine.send(off)
        await mine.send((await mine.get("/settings")).forms[1])
        again = await mine.send(off)
        assert again.status == 200
        assert (await scene.bot.desk.ask(lambda store: store.settings(scene.alice.id))).daily is True


async def test_what_no_page_offers_is_refused_and_kept_to_itself(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        form = (await mine.get("/settings")).forms[1]
        form.action = "/act/nothing.of.this"
        assert "older than I am" in (await mine.send(form)).words
        form.action = "/act/settings.turn"
        assert "Write /" in (await mine.send(form, which="hourly")).words
        elsewhere = await mine.send(form, follow=False, back="https://evil.example")
        assert elsewhere.headers["Location"] == "/runs"


async def test_words_survive_a_session_that_has_ended(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        form = (await mine.get("/settings")).forms[1]
        scene.pass_time(days=8)
        seen = await mine.send(form, state="A <b>long</b> word of mine")
        assert seen.status == 401
        assert "A <b>long</b> word of mine" in seen.words
        assert "open /settings" in seen.words


async def test_a_full_disk_is_told_and_what_was_written_can_be_sent_again(tmp_path: Path) -> None:
    async def limit(full: bool) -> None:
        def set_most(store: object) -> None:
            connection = store.session.connection()  # type: ignore[attr-defined]
            count = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={count if full else 10**6}")

        await Patience().insist(lambda: scene.bot.desk.ask(set_most))

    async with stage(tmp_path, [PUBLIC], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await started(scene)
        await let_in(scene, mine)
        form = (await mine.get("/runs/1")).form("/act/update.post")
        await limit(full=True)
        kept = "So many words that they need room. " * 2000
        form.fields["text"] = kept
        # What the next page is to say of each takes some of the little room that is left.
        while (seen := await mine.send(form, follow=False)).status == 303:
            pass
        assert seen.status == 503
        assert "disk" in seen.words
        assert kept.strip() in seen.words
        await limit(full=False)
        again = seen.form("Send it again")
        assert again.fields["text"] == kept
        assert (await mine.send(again, text="All is well")).status == 200
        assert (await scene.bot.desk.ask(lambda store: store.run(1).last_update_at)) is not None


def test_what_a_reply_says_is_told_by_the_next_page() -> None:
    assert told([do.Answer(content=do.Content("Done.", (do.Card(text="More."),)))], EVENT) == [
        Flash(text="Done.\n\nMore.")
    ]
    (refused,) = told([do.Refuse(title="No", text="Not yours.")], EVENT)
    assert (refused.title, refused.text, refused.is_refusal) == ("No", "Not yours.", True)
    (wrong,) = told([do.Correct(errors={"text": "Too long."})], EVENT)
    assert (wrong.action, wrong.run_id, wrong.errors, wrong.values) == (
        "update.post",
        1,
        {"text": "Too long."},
        {"text": "All is well"},
    )


async def test_pages_are_there_while_mattermost_is_not_and_forms_wait(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC], pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await started(scene)
        await let_in(scene, mine, "carla")
        form = (await mine.get("/runs/1")).form("/act/run.follow")
        assert scene.sandbox is not None
        await scene.sandbox.stop()
        scene.pass_time(minutes=16)
        assert "Checkout is down" in (await mine.get("/runs/1")).words
        seen = await mine.send(form)
        assert seen.status == 503
        assert "Mattermost server does not answer" in seen.words
        await scene.sandbox.start()
        assert (await mine.send(seen.form("Send it again"))).status == 200
        assert await scene.bot.desk.ask(lambda store: store.follower(1, scene.carla.id)) is not None


async def test_who_sends_too_fast_is_told_so(tmp_path: Path) -> None:
    section = {"pages": pages(), "limits": Limits(requests=3)}
    async with stage(tmp_path, [PUBLIC], **section) as scene, browser(scene.config.pages.url) as mine:
        await started(scene)
        await let_in(scene, mine, "carla")
        form = (await mine.get("/settings")).forms[1]
        for number in range(4):
            form.fields["once"] = f"once{number}"
            seen = await mine.send(form)
        assert "I take 3 commands" in seen.words


async def test_a_fault_of_ours_keeps_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = FreePageForm("settings.turn", digests.TurnForm, lambda event, ctx: 1 / 0, "anybody")  # type: ignore[arg-type, return-value]
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        form = (await mine.get("/settings")).forms[1]
        monkeypatch.setattr(routes, "PAGE_FORMS", {"settings.turn": broken})
        seen = await mine.send(form, which="My words")
        assert seen.status == 503
        assert "fault of Muster" in seen.words
        assert seen.form("Send it again").fields["which"] == "My words"
