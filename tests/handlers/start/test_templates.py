"""Texts of a run come from its playbook's templates when it begins, with its values in them as words."""

from typing import Any

import pytest
from desk import ALICE, BOB, Desk, all_of, one

from handlers import effects as do
from handlers.operations.copy_playbook import save_run
from handlers.operations.store_playbook import store_playbook
from handlers.operations.take_newer import newer_of, take_newer
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.run_texts import as_written
from handlers.rules.run_values import questions_of, update_template
from handlers.unsure import ToRender
from store import Run

TASKS: list[Any] = [
    {"title": "Tell {{ creator }}", "description": "About {{ message }}", "command": "/echo {{ number }}"},
    {"title": "Page", "command": "/page {{ seq }}", "command_is_template": True},
    "Literal {braces} and docker ps",
]
JINJA: dict[str, Any] = {
    "title": "Outage",
    "keywords": ["sev-1"],
    "templates": "jinja2",
    "prefix": "INC",
    "start": "now",
    "name": "{{ seq }}: {{ message|default('something is down') }} - {{ severity }}",
    "summary": "**Said:** {{ message }}\n**By:** {{ creator }} for {{ owner }} on {{ date }}, {{ keyword }}\n**Why:**",
    "owner": "@bob",
    "attributes": [{"name": "Severity"}],
    "welcome": "Welcome to {{ seq }}, run {{ number }}.{% if severity %} It is {{ severity }}.{% endif %}",
    "channel": {"name": "{{ prefix }}-{{ date }}", "header": "{{ playbook }} of {{ owner }}"},
    "updates": {"every": "30m", "template": "**{{ severity|default('not rated') }}** {{ seq }}: what changed?"},
    "retrospective": {"template": "## What helped {{ owner }}?\nAsk {{ severity }}."},
    "checklists": [{"title": "For {{ owner }}", "tasks": TASKS}],
    "actions": [{"on": "task", "task": "Tell {{ creator }}", "post": "{{ creator }} knows of {{ message }}."}],
}


def desk_of(**more: Any) -> Desk:
    return Desk(Playbook.model_validate({**JINJA, **more}))


def begun(desk: Desk, said: str = "sev-1, checkout [eu] is down") -> Run:
    desk.says(said)
    desk.presses("prompt.start", 1)
    return desk.run()


def tasks(desk: Desk) -> list[Any]:
    return desk.ask(lambda store: list(store.tasks(1)))


def test_all_texts_are_made_when_a_run_begins() -> None:
    desk = desk_of()
    run = begun(desk)
    assert run.called == "INC-0001"
    assert run.name == "INC-0001: Checkout [eu] is down"
    assert run.summary == ("**Said:** Checkout &#91;eu&#93; is down\n**By:** alice for bob on 2026-11-23, sev-1")
    book = playbook_of(run.definition)
    assert book.welcome == "Welcome to INC-0001, run 1."
    assert (book.channel.name, book.channel.header) == ("INC-2026-11-23", "Outage of bob")
    assert [one.title for one in tasks(desk)] == ["Tell alice", "Page", "Literal {braces} and docker ps"]
    assert tasks(desk)[0].description == "About Checkout &#91;eu&#93; is down"
    assert [one.command for one in tasks(desk)] == ["/echo {{ number }}", "/page INC-0001", ""]
    assert desk.ask(lambda store: [one.title for one in store.checklists(1)]) == ["For bob"]
    assert (book.actions[0].task, book.actions[0].post) == (
        "Tell alice",
        "alice knows of Checkout &#91;eu&#93; is down.",
    )
    opened = one(desk.sent, do.OpenChannel)
    assert opened.name == "inc-2026-11-23-1"
    assert "Outage of bob" in opened.header


def test_how_they_are_written_is_kept_beside_them() -> None:
    desk = desk_of()
    assert as_written(begun(desk)) == Playbook.model_validate(JINJA)


def test_nothing_is_rendered_when_something_is_drawn() -> None:
    desk = desk_of()
    begun(desk)
    before = dict(desk.here.rendered)
    desk.opens()
    desk.commands("info #1")
    desk.presses("task.done", tasks(desk)[0].id)
    assert desk.here.rendered == before


def test_updates_and_questions_are_made_with_what_holds_then() -> None:
    desk = desk_of()
    place = (begun(desk), desk.opens())[1]
    assert said(desk, update_template) == "**not rated** INC-0001: what changed?"
    desk.commands("attribute Severity = [high]", place=place)
    assert said(desk, update_template) == "**&#91;high&#93;** INC-0001: what changed?"
    dialog = one(desk.commands("update", place=place), do.Ask).dialog
    assert dialog.entries[0].default == "**[high]** INC-0001: what changed?"
    refused = one(desk.submits(dialog, text="**[high]** INC-0001: what changed?", next="0", place=place), do.Correct)
    assert refused.errors
    desk.submits(dialog, text="**[high]** INC-0001: what changed?\nAll.", next="0", place=place)
    assert desk.run().last_update_text == "**&#91;high&#93;** INC-0001: what changed?\nAll."
    (refused,) = all_of(desk.commands("update **&#91;high&#93;** INC-0001: what changed?", place=place), do.Refuse)
    assert refused
    (question,) = said(desk, questions_of)
    assert (question.title, question.hint) == ("What helped bob?", "Ask &#91;high&#93;.")


def said(desk: Desk, question: Any) -> Any:
    return desk.does(question)[1]


LONG = "{% for a in message %}{% for b in message %}{{ message }}{{ a }}{% endfor %}{% endfor %}"


@pytest.mark.parametrize("text", ["{{ 1 in message }}", "{{ nothing }}", LONG])
def test_a_template_that_cannot_be_made_keeps_no_run_from_beginning(text: str) -> None:
    desk = desk_of(name=text, welcome=text)
    run = begun(desk)
    assert run.name == "Outage INC-0001"
    assert playbook_of(run.definition).welcome == text
    assert run.state == "opening"


def test_nothing_that_people_say_is_a_template() -> None:
    desk = desk_of()
    run = begun(desk, "sev-1 {{ owner }} {{ 1/0 }} {number} \ue000")
    assert run.name == "INC-0001: {{ owner }} {{ 1/0 }} {number}"


def test_a_number_of_a_rolled_back_decision_is_used_by_the_next() -> None:
    desk = desk_of()
    begun(desk)
    desk.says("sev-1, search is down", post="other")
    desk.presses("prompt.start", 2)
    assert (desk.run(2).called, desk.run(2).name) == ("INC-0002", "INC-0002: Search is down")


BRACES = {
    "title": "Drill",
    "keywords": ["sev-1"],
    "start": "now",
    "name": "{keyword}: {message} ({Severity})",
    "attributes": [{"name": "Severity"}],
    "welcome": "{SEQ} of {Owner}, {creator}, {unknown}: {message}",
    "updates": {"template": "{SEQ}: what changed?"},
    "checklists": [{"title": "L", "tasks": ["Run docker ps --format '{{.Names}}' on {owner}"]}],
}


def test_placeholders_keep_their_meaning_and_are_filled_in_all_texts() -> None:
    desk = Desk(Playbook.model_validate(BRACES))
    run = begun(desk)
    assert run.name == "sev-1: Checkout [eu] is down"
    assert playbook_of(run.definition).welcome == "1 of alice, alice, {unknown}: Checkout &#91;eu&#93; is down"
    assert tasks(desk)[0].title == "Run docker ps --format '{{.Names}}' on alice"
    assert said(desk, update_template) == "1: what changed?"
    assert not desk.here.rendered


def test_in_texts_of_mattermost_s_own_playbooks_all_else_is_literal() -> None:
    desk = Desk(
        Playbook.model_validate({**BRACES, "templates": "tokens", "prefix": "DRILL", "name": "{seq} {message}"})
    )
    run = begun(desk)
    assert run.name == "DRILL-0001 {message}"
    assert playbook_of(run.definition).welcome == "DRILL-0001 of alice, alice, {unknown}: {message}"


def test_a_name_with_tokens_that_comes_back_from_its_dialog_has_no_placeholders() -> None:
    name = "{seq} {number} - {date}"
    desk = Desk(Playbook.model_validate({**BRACES, "templates": "tokens", "start": "dialog", "name": name}))
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name=name, summary="")
    assert desk.ask(lambda store: store.run(1).name) == "1 {number} - {date}"


def test_commands_are_literal_unless_they_are_templates_and_take_no_value_that_is_more_than_a_word() -> None:
    one_task = {"title": "T", "command": "/page {Severity} {creator} {number}", "command_is_template": True}
    plain = {"title": "U", "command": "/page {creator}"}
    desk = Desk(Playbook.model_validate({**BRACES, "checklists": [{"title": "L", "tasks": [one_task, plain]}]}))
    begun(desk)
    assert [one.command for one in tasks(desk)] == ["/page {Severity} alice 1", "/page {creator}"]


def test_a_command_of_jinja2_whose_value_would_be_more_than_a_word_stays_as_it_is_written() -> None:
    task = {"title": "T", "command": "/page {{ message }}", "command_is_template": True}
    desk = desk_of(checklists=[{"title": "L", "tasks": [task, "U"]}], actions=[])
    begun(desk)
    assert tasks(desk)[0].command == "/page {{ message }}"


def test_a_dialog_suggests_what_is_known_and_asks_for_no_name_where_that_is_fixed() -> None:
    desk = desk_of(start="dialog", name="{{ seq }} {{ message }}", name_fixed=True)
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    assert "name" not in [one.name for one in dialog.entries]
    assert "**{seq} Checkout is down**" in dialog.intro
    summary = next(one.default for one in dialog.entries if one.name == "summary")
    desk.submits(dialog, summary=summary)
    assert desk.run().name == "INC-0001 Checkout is down"


def test_who_names_a_run_that_its_playbook_names_is_told_so() -> None:
    desk = desk_of(name="{{ seq }} of {{ creator }}", name_fixed=True)
    answer = one(desk.commands("run outage My own name"), do.Answer)
    assert desk.run().name == "INC-0001 of alice"
    assert "This playbook names its runs itself." in answer.content.text


def test_a_name_of_attributes_that_are_asked_for_is_made_of_what_was_answered() -> None:
    attributes = [{"name": "Severity", "required": True}]
    desk = desk_of(start="dialog", name="{{ severity }} - {{ message }}", attributes=attributes)
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    fields = {one.name: one for one in dialog.entries}
    assert (fields["name"].default, fields["name"].optional) == ("", True)
    asked = next(name for name in fields if name not in ("name", "summary", "where"))
    desk.submits(dialog, name="", summary=fields["summary"].default, **{asked: "high"})
    assert desk.run().name == "high - Checkout is down"


def test_a_dialog_keeps_placeholders_of_attributes_until_they_are_known() -> None:
    attributes = [{"name": "Severity", "required": True}]
    desk = Desk(Playbook.model_validate({**BRACES, "start": "dialog", "attributes": attributes}))
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    fields = {one.name: one for one in dialog.entries}
    assert fields["name"].default == "sev-1: Checkout is down ({Severity})"
    asked = next(name for name in fields if name not in ("name", "summary", "where"))
    desk.submits(dialog, name=fields["name"].default, summary="s", **{asked: "high"})
    assert desk.run().name == "sev-1: Checkout is down (high)"


def test_where_nobody_can_be_asked_texts_stand_as_they_are_written() -> None:
    desk = desk_of()
    begun(desk)
    desk.here.rendered.clear()
    with desk.database.transaction() as store:
        from handlers.context import Context

        ctx = Context(desk.now, store, desk.here, asks=False)
        assert update_template(ctx, desk_run(store)) == "**not rated** INC-0001: what changed?"


def desk_run(store: Any) -> Run:
    found = store.run(1)
    assert found is not None
    return found


def test_templates_are_asked_for_once_and_before_there_is_a_run() -> None:
    desk = desk_of()
    asked: list[ToRender] = []
    render = desk.renders
    desk.renders = lambda order: (asked.append(order), render(order))  # type: ignore[method-assign,assignment]
    begun(desk)
    assert len(asked) == 1
    assert BOB.username in dict(asked[0].values).values()


def test_a_newer_version_is_compared_with_what_is_written_and_says_what_holds_by_then() -> None:
    desk = desk_of()
    begun(desk)
    more = {"title": "For {{ owner }}", "tasks": [*TASKS, "Ask {{ owner }}"]}
    newer = Playbook.model_validate({**JINJA, "checklists": [more]})
    desk.ask(lambda store: store_playbook(store, newer, "made:", desk.now))
    (line,) = said(desk, newer_of).lines
    assert line.new[:1] == ("checklists",)
    desk.does(take_newer, [line], ALICE)
    assert [one.title for one in tasks(desk)] == ["Tell alice", "Page", "Literal {braces} and docker ps", "Ask bob"]
    assert as_written(desk.run()) == newer
    assert said(desk, newer_of) is None


def test_a_run_that_is_saved_as_a_playbook_keeps_its_templates() -> None:
    desk = desk_of()
    begun(desk)
    row = desk.does(lambda ctx, run: save_run(ctx, run, "Again", ALICE).book)[1]
    assert (row.welcome, row.name, row.prefix) == (JINJA["welcome"], JINJA["name"], "")
    assert (row.actions[0].task, row.actions[0].post) == ("Tell alice", "{{ creator }} knows of {{ message }}.")
