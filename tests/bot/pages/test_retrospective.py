"""A retrospective is written, read, published and skipped on its page, without any script."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from pages import Browser, browser, let_in, pages
from scenes import QUICK, joins, settled, started
from stage import Stage, stage

BOOK = QUICK | {"retrospective": {"enabled": True}}
HERE = "/runs/1/retrospective"


@asynccontextmanager
async def over(folder: Path) -> AsyncIterator[tuple[Stage, str, Browser, Browser]]:
    """Let a run be over, of which Alice and Bob look at the retrospective; give its channel."""
    async with AsyncExitStack() as stack:
        scene = await stack.enter_async_context(stage(folder, [BOOK], pages=pages()))
        url = scene.config.pages.url
        mine, bobs = [await stack.enter_async_context(browser(url)) for _ in range(2)]
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        await scene.alice.command(channel, f"/{scene.trigger} finish now")
        await settled(scene)
        await let_in(scene, mine)
        await let_in(scene, bobs, "bob")
        yield scene, channel, mine, bobs


async def said(scene: Stage, number: int = 1) -> str:
    return await scene.bot.desk.ask(lambda store: store.retro_sections(1)[number - 1].text)


async def test_a_section_is_opened_previewed_and_saved(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, mine, bobs):
        page = await mine.get(HERE)
        assert "3 of 3 questions open" in page.words
        assert "What was recorded" in page.words
        opened = await mine.send(next(one for one in page.forms if one.action == "/act/retro.begin"))
        assert opened.url.endswith(f"{HERE}/1")
        assert f"@{scene.name('alice')} is writing this now" in (await bobs.get(HERE)).words
        preview = await mine.send(opened.form("/act/retro.write"), text="It was **quick** <b>", do="preview")
        assert "<strong>quick</strong> &lt;b&gt;" in preview.text
        assert "Not saved yet" in preview.words
        assert await said(scene) == ""
        form = preview.form("/act/retro.write")
        assert form.fields["text"].strip() == "It was **quick** <b>"
        saved = await mine.send(form, do="save")
        assert "is written" in saved.words
        assert await said(scene) == "It was **quick** <b>"
        seen = await bobs.get(HERE)
        assert "2 of 3 questions open" in seen.words
        assert f"Last written by @{scene.name('alice')}" in seen.words


async def test_whoever_saves_over_a_newer_text_sees_both_and_chooses(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, mine, bobs):
        forms = [(await one.get(f"{HERE}/1")).form("/act/retro.write") for one in (mine, bobs)]
        await mine.send(forms[0], text="Mine", do="save")
        both = await bobs.send(forms[1], text="Bob's", do="save")
        assert "As it stands now" in both.words
        assert "Nothing is lost" in both.words
        assert "Mine" in both.words
        assert both.form("/act/retro.write").fields["text"].strip() == "Bob's"
        assert await said(scene) == "Mine"
        await bobs.send(both.form("/act/retro.write"), do="both")
        assert await said(scene) == "Mine\n\nBob's"
        over_it = await mine.send(forms[0], text="Only this", do="auto", once="another")
        assert "As it stands now" in over_it.words
        await mine.send(over_it.form("/act/retro.write"), do="save")
        assert await said(scene) == "Only this"


async def test_saving_meanwhile_says_nothing_and_goes_on(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, mine, _bobs):
        form = (await mine.get(f"{HERE}/1")).form("/act/retro.write")
        for text in ("First", "First and second"):
            page = await mine.send(form, text=text, do="auto")
            assert "is written" not in page.words
            form = page.form("/act/retro.write")
            assert await said(scene) == text


async def test_what_is_published_is_not_saved_half_written(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, mine, _bobs):
        draft = await mine.get(f"{HERE}/4")
        assert "data-autosave" in draft.text
        await mine.send((await mine.get(f"{HERE}/publish")).form("/act/retro.publish"), anyway="true")
        assert "data-autosave" not in (await mine.get(f"{HERE}/4")).text
        kept = await mine.send(draft.form("/act/retro.write"), text="- [ ] fix", do="auto")
        assert "is not saved while you write" in kept.words
        assert kept.form("/act/retro.write").fields["text"].strip() == "- [ ] fix"
        assert await said(scene, 4) == ""


async def test_what_is_too_long_stays_in_its_field(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, mine, _bobs):
        long = "x" * 12_001
        page = await mine.send((await mine.get(f"{HERE}/1")).form("/act/retro.write"), text=long, do="save")
        assert "12001" in page.words
        assert page.form("/act/retro.write").fields["text"].strip() == long
        assert await said(scene) == ""


async def test_readers_are_asked_comment_and_answer(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, mine, bobs):
        page = await mine.get(HERE)
        nobody = await mine.send(page.form("/act/retro.review"), people="@nobody-of-that-name")
        assert "Name somebody of the team" in nobody.words
        assert nobody.form("/act/retro.review").fields["people"] == "@nobody-of-that-name"
        await mine.send(nobody.form("/act/retro.review"), people=f"@{scene.name('bob')}", words="Is that so?")
        asked = await scene.bob.sees("asks you to read", "Is that so?")
        assert f"({scene.config.pages.url}{HERE})" in str(asked)
        theirs = await bobs.get(HERE)
        assert "You were asked to read this" in theirs.words
        commented = await bobs.send(
            next(one for one in theirs.forms if one.fields.get("section") == "2" and "comment" in one.action),
            comment="It was the **cache**",
        )
        assert "<strong>cache</strong>" in commented.text
        await bobs.send(commented.form("/act/retro.read"))
        mine_now = await mine.get(HERE)
        assert f"@{scene.name('bob')}, asked by @{scene.name('alice')}: has read it" in mine_now.words
        settled_now = await mine.send(mine_now.form("/act/retro.settle"))
        assert f"settled by @{scene.name('alice')}" in settled_now.words


async def test_publishing_says_first_to_whom_it_goes_and_what_is_missing(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, channel, mine, bobs):
        await scene.bob.command(channel, f"/{scene.trigger} follow")
        page = await mine.get(f"{HERE}/publish")
        assert "No question is answered" in page.words
        refused = await mine.send(page.form("/act/retro.publish"))
        assert "only the facts would be published" in refused.words
        text = "- [ ] Look at the probe"
        await mine.send((await mine.get(f"{HERE}/4")).form("/act/retro.write"), text=text, do="save")
        await mine.send((await mine.get(f"{HERE}/1")).form("/act/retro.write"), text="It held", do="save")
        page = await mine.get(f"{HERE}/publish")
        for words in ("pinned there", "What went badly", "no owner and no date", "~status: only if you want it"):
            assert words in page.words
        done = await mine.send(page.form("/act/retro.publish"), lead="Read this, please")
        assert done.url.endswith(HERE)
        assert "is published" in done.words
        assert "Read this, please" in done.words
        await scene.bob.sees("Retrospective of Checkout is down", "It held", where=channel)
        form = (await mine.get(f"{HERE}/1")).form("/act/retro.write")
        assert (await mine.send(form, text="It held well", do="save")).status == 200
        assert "Changed since it was published" in (await bobs.get(HERE)).words


async def test_it_is_skipped_with_a_reason(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, mine, _bobs):
        form = (await mine.get(f"{HERE}/publish")).form("/act/retro.skip")
        assert "Say why" in (await mine.send(form, reason=" ")).words
        form = (await mine.get(f"{HERE}/publish")).form("/act/retro.skip")
        assert "A drill" in (await mine.send(form, reason="A drill")).words
        assert (await scene.bot.desk.ask(lambda store: store.retrospective(1))).state == "skipped"


async def test_an_event_is_shown_at_another_time_and_in_other_words(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, channel, mine, _bobs):
        await scene.alice.command(channel, f"/{scene.trigger} note The site is dark")
        page = await mine.get(HERE)
        moment = page.text.partition('name="moment"')[2].partition('value="')[2].partition('"')[0]
        wrong = await mine.send(page.form("/act/retro.event"), moment=moment, when="half past", words_shown="")
        assert wrong.form("/act/retro.event").fields["when"] == "half past"
        assert wrong.text.count('class="wrong"') == 1
        seen = await mine.send(wrong.form("/act/retro.event"), moment=moment, when="", words_shown="Nobody could pay")
        assert "Nobody could pay" in seen.words
        row = await scene.bot.desk.ask(lambda store: store.moment(int(moment)))
        assert (row.subject, row.shown_words) == ("The site is dark", "Nobody could pay")


async def test_whoever_may_not_see_the_run_is_told_what_they_are_told_of_none(tmp_path: Path) -> None:
    async with over(tmp_path) as (scene, _, _mine, _bobs), browser(scene.config.pages.url) as theirs:
        await let_in(scene, theirs, "carla")
        form = (await theirs.get("/settings")).forms[1]
        for path in (HERE, f"{HERE}/1", f"{HERE}/publish"):
            unseen, absent = await theirs.get(path), await theirs.get(path.replace("/1/", "/9/", 1))
            assert unseen.status == absent.status == 404
            assert unseen.words == absent.words
        told = []
        for run in ("1", "9"):
            form.action, form.fields["once"] = "/act/retro.comment", f"once{run}"
            told.append((await theirs.send(form, run=run, comment="x", back="/settings")).words.replace(run, "N"))
        assert "no run N that you may see" in told[0]
        assert told[0].partition("Settings")[0] == told[1].partition("Settings")[0]
        assert await scene.bot.desk.ask(lambda store: list(store.retro_comments(1))) == []
