"""Pages of runs over real sockets: what is done there is in chat at once, and what is not for somebody is not there."""

import re
from pathlib import Path

from pages import Browser, Seen, browser, let_in, pages
from scenes import settled
from stage import INCIDENT, Stage, stage

SECOND = 1.0
"""So long may it take until what was done on a page is seen in chat."""
PUBLIC = {**INCIDENT, "channel": {"visibility": "public"}}


async def started(scene: Stage, name: str = "Checkout is down") -> None:
    await scene.alice.command(scene.town["id"], f"/{scene.trigger} run incident-response {name}")
    await scene.alice.sees(name, "Tasks")


async def test_what_is_done_on_a_page_is_in_chat_within_a_second(tmp_path: Path) -> None:
    async with stage(tmp_path, (PUBLIC,), pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await started(scene)
        await let_in(scene, mine)
        seen = await mine.get("/runs/1")
        assert "Checkout is down" in seen.words
        check = next(one for one in seen.forms if one.action == "/act/task.turn")
        seen = await mine.send(check, verb="check")
        await scene.alice.sees("[x] ~~1.1 Acknowledge the alert~~", within=SECOND)
        assert "is done" in seen.words
        assert "1 of 5" in seen.words
        seen = await mine.send(seen.form("/act/update.post"), text="We **roll back** now", next="1800")
        await scene.alice.sees("roll back", within=SECOND)
        assert "Update 1 is posted" in seen.words
        seen = await mine.send(seen.form("/act/task.new"), title="Call the provider")
        await scene.alice.sees("Call the provider", within=SECOND)
        seen = await mine.send(seen.form("/act/run.finish"), outcome="A certificate ran out")
        await scene.alice.sees("A certificate ran out", within=SECOND)
        assert "Finished" in seen.words


async def test_what_happened_by_itself_is_shown_and_done_again_by_a_page(tmp_path: Path) -> None:
    book = {**PUBLIC, "actions": [{"on": "update", "post": "An update is **out**."}]}
    async with stage(tmp_path, (book,), pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await started(scene)
        await let_in(scene, mine)
        seen = await mine.get("/runs/1")
        assert "Automation" in seen.words
        assert "post here: “An update is out.” · not yet" in seen.words
        seen = await mine.send(seen.form("/act/update.post"), text="We roll back now", next="1800")
        await scene.alice.sees("An update is", within=SECOND)
        await settled(scene)
        seen = await mine.get("/runs/1")
        again = next(one for one in seen.forms if one.action == "/act/action.again" and one.button == "Run again")
        last = [one for one in seen.forms if one.action == "/act/action.again"][-1]
        assert again.fields["action"] != last.fields["action"]
        seen = await mine.send(last)
        assert "Once more: post here" in seen.words


async def test_somebody_takes_part_by_a_page(tmp_path: Path) -> None:
    async with stage(tmp_path, (PUBLIC,), pages=pages()) as scene, browser(scene.config.pages.url) as theirs:
        await started(scene)
        await let_in(scene, theirs, "carla")
        seen = await theirs.send((await theirs.get("/runs/1")).form("/act/people.join"))
        assert seen.status == 200
        await scene.carla.sees("Checkout is down", within=2 * SECOND)
        seen = await theirs.send((await theirs.get("/runs/1")).form("/act/run.follow"))
        assert "You follow" in seen.words


def as_if_for(seen: Seen, number: str) -> tuple[int, str]:
    """Return an answer without what differs with each: the keys of its forms, and the number that was asked for."""
    plain = re.sub(r'(name="(?:form|once)" value=")[^"]*', r"\1", seen.text)
    return seen.status, re.sub(rf"(/runs/|run )#?{number}\b", r"\1N", plain)


async def test_a_run_that_is_not_for_somebody_is_answered_as_one_that_is_not_there(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as theirs:
        await started(scene)
        await let_in(scene, theirs, "carla")
        unseen, absent = await theirs.get("/runs/1"), await theirs.get("/runs/7777")
        assert unseen.status == 404
        assert as_if_for(unseen, "1") == as_if_for(absent, "7777")
        assert "Checkout" not in (await theirs.get("/runs")).text
        form = (await theirs.get("/settings")).forms[1]
        for action in ("task.turn", "update.post", "run.finish", "people.join", "run.follow"):
            form.action = f"/act/{action}"
            told = [await _sent(theirs, form, number) for number in ("1", "7777")]
            assert told[0] == told[1]
            assert "Checkout" not in told[0][1]


async def _sent(theirs: Browser, form: object, number: str) -> tuple[int, str]:
    fields = {"run": number, "once": f"once{number}", "text": "x", "task": "1", "verb": "check"}
    return as_if_for(await theirs.send(form, **fields), number)  # type: ignore[arg-type]


async def test_a_page_says_times_by_the_clock_of_who_reads_it(tmp_path: Path) -> None:
    async with stage(tmp_path, (PUBLIC,), pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        zone = {"useAutomaticTimezone": "false", "manualTimezone": "Asia/Tokyo", "automaticTimezone": ""}
        await scene.alice.rest("PUT", f"/users/{scene.alice.id}/patch", {"timezone": zone})
        await started(scene)
        await let_in(scene, mine)
        for path in ("/runs", "/runs/1"):
            seen = await mine.get(path)
            assert re.search(r'<time datetime="20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ">\d\d:\d\d JST</time>', seen.text), path


async def test_a_filter_stands_in_the_address_and_what_is_none_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path, (PUBLIC,), pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await started(scene)
        await let_in(scene, mine)
        assert "Checkout is down" in (await mine.get("/runs?q=checkout&state=active&sort=-name")).words
        assert "No run that you may see fits" in (await mine.get("/runs?q=billing")).words
        seen = await mine.get("/runs?state=<b>odd</b>&page=0&from=soon")
        assert seen.status == 200
        assert "“state=<b>odd</b>” is no filter" in seen.words
        assert "“from=soon” is no filter" in seen.words
        assert "<b>odd" not in seen.text
        assert "Checkout is down" in seen.words


async def test_what_people_write_is_never_markup_of_a_page(tmp_path: Path) -> None:
    async with stage(tmp_path, (PUBLIC,), pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        nasty = '<script>alert(1)</script>"><img src=x onerror=alert(2)> {{ 777*777 }} [a](javascript:alert(3))'
        await started(scene)
        for words in (
            f"rename {nasty[:100]}",
            f"summary {nasty}",
            f"add {nasty[:90]}",
            f"update {nasty}",
            f"note {nasty}",
        ):
            await scene.alice.command(scene.town["id"], f"/{scene.trigger} #1 {words}")
        await let_in(scene, mine)
        for path in ("/runs", "/runs/1", "/tasks", "/playbooks/incident-response"):
            seen = await mine.get(path)
            assert seen.status == 200
            assert "<script>alert" not in seen.text
            assert "<img" not in seen.text
            assert 'href="javascript' not in seen.text
            assert "603729" not in seen.words
