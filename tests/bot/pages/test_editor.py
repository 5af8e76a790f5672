"""The editor over real sockets, by a browser without scripts: made, filled in, corrected, published and started."""

from pathlib import Path
from typing import Any

from pages import Browser, Seen, browser, let_in, pages
from stage import INCIDENT, stage

LIST = "- [ ] Look at the graphs\n- [ ] Tell support\n\n## Afterwards\n1. Say that it is over"


async def begun(mine: Browser, title: str = "Database outage", tasks: str = LIST) -> Seen:
    """Make a playbook; return the page of the editor."""
    form = (await mine.get("/playbooks/new")).form("/act/book.create")
    return await mine.send(form, title=title, tasks=tasks)


async def saved(mine: Browser, section: str, do: str = "save", key: str = "database-outage", **filled: str) -> Seen:
    """Fill in a part, and press a button of it."""
    form = (await mine.get(f"/playbooks/{key}/edit/{section}")).form("/act/book.save")
    return await mine.send(form, do=do, **{name.replace("__", "."): value for name, value in filled.items()})


async def test_a_playbook_is_made_of_a_list_published_and_started(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        assert "New playbook" in (await mine.get("/playbooks")).words
        seen = await begun(mine)
        assert seen.url.endswith("/playbooks/database-outage/edit")
        assert "2 checklists, 3 tasks" in seen.words
        assert "Never published" in seen.words
        assert "Database outage" in (await mine.get("/playbooks")).words
        seen = await saved(mine, "basics", keywords="db is down", description="When the **database** fails.")
        assert "Saved as a draft" in seen.words
        seen = await mine.get("/playbooks/database-outage/publish")
        assert "“ db is down ”" in seen.words
        seen = await mine.send(seen.form("/act/book.publish"), words="First version")
        assert "published as version 1" in seen.words
        assert seen.url.endswith("/playbooks/database-outage")
        await scene.alice.say(scene.town["id"], "the db is down again")
        await scene.alice.sees("db is down", "Database outage")


async def test_what_is_wrong_is_said_at_its_field_and_nothing_that_was_written_is_lost(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        await begun(mine)
        seen = await saved(mine, "tasks", tasks__t0__due="soon", tasks__t1__title="Tell support and sales")
        assert "One thing is not right yet" in seen.words
        form = seen.form("/act/book.save")
        assert form.fields["tasks.t0.due"] == "soon"
        assert form.fields["tasks.t1.title"] == "Tell support and sales"
        assert 'id="tasks.t0.due-wrong">A length of time' in seen.text
        seen = await mine.send(form, do="save", **{"tasks.t0.due": "20m"})
        assert "Saved as a draft" in seen.words
        assert seen.form("/act/book.save").fields["tasks.t0.due"] == "20 min"
        assert seen.form("/act/book.save").fields["tasks.t1.title"] == "Tell support and sales"


async def test_tasks_are_moved_added_and_taken_out_without_scripts(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        await begun(mine)

        async def after(do: str, **filled: str) -> list[str]:
            fields = (await saved(mine, "tasks", do, **filled)).form("/act/book.save").fields
            return [value for name, value in fields.items() if name.endswith(".title") and value]

        first = ["Tasks", "Look at the graphs", "Tell support", "Afterwards", "Say that it is over"]
        assert await after("down:tasks.t0") == [first[0], first[2], first[1], *first[3:]]
        assert await after("up:checklists.c1") == ["Afterwards", "Say that it is over", *first[:1], first[2], first[1]]
        assert await after("remove:tasks.t0") == ["Afterwards", "Tasks", first[2], first[1]]
        added = await after("save", checklists__c0__added="* Write it down\n* Sleep")
        assert added == ["Afterwards", "Write it down", "Sleep", "Tasks", first[2], first[1]]
        assert (await after("save", checklists__new__title="More"))[-1] == "More"


async def test_two_who_edit_at_once_lose_nothing(tmp_path: Path) -> None:
    async with (
        stage(tmp_path, pages=pages()) as scene,
        browser(scene.config.pages.url) as mine,
        browser(scene.config.pages.url) as theirs,
    ):
        await let_in(scene, mine)
        await let_in(scene, theirs, "bob")
        await begun(mine)
        path = "/playbooks/database-outage/edit/tasks"
        ours, others = [(await one.get(path)).form("/act/book.save") for one in (mine, theirs)]
        other_part = (await theirs.get("/playbooks/database-outage/edit/updates")).form("/act/book.save")
        await theirs.send(other_part, do="save", **{"updates.every": "1h"})
        await theirs.send(others, do="save", **{"tasks.t1.title": "Tell everybody", "tasks.t0.due": "1h"})
        seen = await mine.send(ours, do="save", **{"tasks.t2.title": "Say so", "tasks.t0.due": "2h"})
        assert "Nothing is lost" in seen.words
        assert "Yours 2h @" in seen.words
        assert "’s 1h" in seen.words
        assert "Changed by both of you" in seen.words
        form = seen.form("/act/book.save")
        assert form.fields["tasks.t0.due"] == "2h"
        seen = await mine.send(form, do="mine")
        fields = seen.form("/act/book.save").fields
        assert [fields[f"tasks.t{at}.title"] for at in range(3)] == ["Look at the graphs", "Tell everybody", "Say so"]
        assert fields["tasks.t0.due"] == "2 h"
        assert "every 1 h" in (await mine.get("/playbooks/database-outage/edit")).words


async def test_versions_are_told_apart_and_an_old_one_is_used_again(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        await begun(mine)
        here = "/playbooks/database-outage"
        await mine.send((await mine.get(f"{here}/publish")).form("/act/book.publish"), words="First")
        await saved(mine, "tasks", tasks__t0__title="Look at all graphs")
        looked = (await mine.get(f"{here}/publish")).form("/act/book.publish")
        assert "Look at all graphs" in (await mine.get(f"{here}/publish")).words
        await saved(mine, "updates", updates__every="45m")
        assert "was changed since you looked" in (await mine.send(looked, words="More")).words
        await mine.send((await mine.get(f"{here}/publish")).form("/act/book.publish"), words="More graphs")
        seen = await mine.get(f"{here}/history")
        assert all(words in seen.words for words in ("Version 2", "in use", "More graphs", "Version 1", "First"))
        seen = await mine.get(f"{here}/history/2")
        assert "Look at all graphs" in seen.words
        seen = await mine.send((await mine.get(f"{here}/history/1")).form("/act/book.restore"))
        assert "in use again, as version 3" in seen.words
        assert (await mine.get(f"{here}/history/9")).status == 404
        await saved(mine, "updates", updates__every="5m")
        seen = await mine.send((await mine.get(f"{here}/publish")).form("/act/book.drop"))
        assert "nobody is asked for any" in seen.words


async def test_a_starter_is_looked_at_before_it_is_used(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        seen = await mine.get("/playbooks/new/service-outage")
        assert "What its runs will say" in seen.words
        assert "✓ 1.1" in seen.words
        runs = await scene.bot.desk.ask(lambda store: len(list(store.runs(5))))
        assert runs == 0
        seen = await mine.send(seen.form("/act/book.create"), title="Our outage")
        assert seen.url.endswith("/playbooks/our-outage/edit")
        assert "Never published" in seen.words
        assert (await mine.get("/playbooks/new/nothing")).status == 404


async def test_a_preview_shows_the_run_as_the_draft_says(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        await begun(mine)
        await saved(mine, "basics", keywords="db is down", name="{message}")
        await saved(mine, "channel", welcome="Read *this* first")
        await saved(
            mine, "updates", updates__every="30m", updates__broadcast="town-square", updates__broadcast_start="on"
        )
        seen = await mine.get("/playbooks/database-outage/preview")
        for words in ("Start run", "Read this first", "Look at the graphs", "In ~town-square", "Post update"):
            assert words in seen.words, words
        assert 'href="/runs/' not in seen.text


async def test_a_playbook_of_a_file_is_changed_by_a_patch(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        text = "# Ours\ntitle: Incident response\nkey: incident-response\nname: '{message}'  # as it was said\n"

        def of_file(store: Any) -> None:
            row = store.playbook_by_key("incident-response")
            row.source = "file:playbooks/incident.yaml"
            store.keep_text(row, text)

        await scene.bot.desk.ask(of_file)
        form = (await mine.get("/playbooks/incident-response/edit/basics")).form("/act/book.save")
        seen = await mine.send(form, do="patch", description="For what hurts.")
        assert "playbooks/incident.yaml" in seen.words
        assert "+description: For what hurts." in seen.text
        assert "as it was said" in seen.text
        seen = await mine.send(seen.form("/act/book.save"), do="save", title="Hijacked")
        assert "changed there" in seen.words
        assert "Incident response" in (await mine.get("/playbooks/incident-response/edit/basics")).words


async def test_who_may_not_change_a_playbook_sees_it_and_changes_nothing(tmp_path: Path) -> None:
    async with (
        stage(tmp_path, pages=pages()) as scene,
        browser(scene.config.pages.url) as mine,
        browser(scene.config.pages.url) as theirs,
    ):
        await let_in(scene, mine)
        await let_in(scene, theirs, "bob")
        await begun(mine)
        await saved(mine, "permissions", edit_by="admins")
        assert (await theirs.get("/playbooks/database-outage/edit")).status == 404, "a draft is for who may change it"
        await mine.send((await mine.get("/playbooks/database-outage/publish")).form("/act/book.publish"))
        seen = await theirs.get("/playbooks/database-outage/edit/tasks")
        assert "You can look at this, and not change it" in seen.words
        assert "Save draft" not in seen.words
        form = seen.form("/act/book.save")
        seen = await theirs.send(form, do="save", **{"tasks.t0.title": "Mine now"})
        assert "changed by its admins" in seen.words
        await saved(mine, "permissions", visibility="private")
        await mine.send((await mine.get("/playbooks/database-outage/publish")).form("/act/book.publish"))
        assert (await theirs.get("/playbooks/database-outage/edit")).status == 404
        assert (await theirs.get("/playbooks/database-outage/preview")).status == 404
        seen = await theirs.send(form, do="save", **{"tasks.t0.title": "Mine now"})
        assert "Mine now" not in (await mine.get("/playbooks/database-outage/edit/tasks")).text


async def test_a_copy_and_the_archive(tmp_path: Path) -> None:
    async with stage(tmp_path, (INCIDENT,), pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        await begun(mine)
        here = "/playbooks/database-outage"
        await mine.send((await mine.get(f"{here}/publish")).form("/act/book.publish"))
        seen = await mine.send((await mine.get(f"{here}/edit")).form("/act/book.copy"), title="Cache outage")
        assert seen.url.endswith("/playbooks/cache-outage/edit")
        seen = await mine.send((await mine.get(f"{here}/edit")).form("/act/book.archive"))
        assert "is archived" in seen.words
        assert "Not in use any more" in seen.words
        seen = await mine.send(seen.form("/act/book.unarchive"))
        assert "in use again" in seen.words


async def test_a_form_that_was_sent_twice_makes_one_playbook(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        form = (await mine.get("/playbooks/new")).form("/act/book.create")
        await mine.send(form, title="Twice")
        await mine.send(form, title="Twice")
        titles = await scene.bot.desk.ask(lambda store: [row.title for row in store.all_playbooks()])
        assert titles.count("Twice") == 1


async def test_a_large_playbook_is_saved(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        await begun(mine, tasks="\n".join(f"Task {number} {'x' * 150}" for number in range(300)))
        seen = await saved(mine, "tasks", tasks__t299__title="The last one")
        assert "Saved as a draft" in seen.words
        assert seen.form("/act/book.save").fields["tasks.t299.title"] == "The last one"


async def test_a_preview_fills_in_templates_as_a_run_would(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        await begun(mine)
        seen = await saved(mine, "basics", templates="jinja2", keywords="db is down", name="{{ ownr }}")
        assert "in line 1, at letter 4" in seen.words.lower()
        seen = await saved(
            mine, "basics", templates="jinja2", keywords="db is down", name="{{ playbook | upper }}: now"
        )
        assert "Saved as a draft" in seen.words
        seen = await mine.get("/playbooks/database-outage/preview")
        assert "DATABASE OUTAGE: now" in seen.words
        # What is only looked at is rendered apart, so that no start waits for it.
        assert scene.bot.rendering.process is None


async def test_pages_of_their_own_take_no_playbook_s_address(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        await let_in(scene, mine)
        assert (await begun(mine, "New")).url.endswith("/playbooks/new-2/edit")
