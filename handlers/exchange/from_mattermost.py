"""A playbook of Mattermost Playbooks, as its files and its REST API say it, becomes one of ours."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from handlers.exchange.attributes import attributes_of, fields_of
from handlers.exchange.conditions import whens_of
from handlers.exchange.found import Findings
from handlers.exchange.kept import kept_of
from handlers.exchange.metrics import metrics_of
from handlers.exchange.parts import KNOWN, OF_SERVER, channel_of, people_of, updates_of, webhooks_of
from handlers.exchange.saying import Saying
from handlers.exchange.tasks import Around, checklists_of
from handlers.exchange.to_mattermost import usual_name, written
from handlers.exchange.words import line_of
from handlers.playbooks.file import PlaybookMistake
from handlers.playbooks.keywords import unheard
from handlers.playbooks.mistakes import Mistake, found_in_words, in_words, key_in_words, sentence
from handlers.playbooks.people import Membership
from handlers.playbooks.playbook import MAX_TASKS, Playbook, slug
from handlers.playbooks.retrospective import Retrospective, wrong_lines
from handlers.text.durations import LONGEST

VERSION = 1
"""The only version that files of that product had so far."""
MOST_KEPT = 100_000
"""How many characters `kept` has at most."""


def playbook_from(document: Mapping[str, Any], file: str, findings: Findings) -> Playbook:
    """Return what a document describes; what cannot be kept as it was is added to the findings.

    Raises `PlaybookMistake` with all that is wrong with it.
    """
    said = Saying(document)
    _refuse_unfit(said)
    try:
        book = _playbook(said, findings)
    except ValidationError as error:
        mistakes = [Mistake(0, key_in_words(one["loc"]), in_words(one, None)) for one in error.errors()]
        raise PlaybookMistake(file, [*said.mistakes, *mistakes]) from None
    if said.mistakes:
        raise PlaybookMistake(file, said.mistakes)
    book = book.model_copy(update={"kept": kept_of(document, written(book, findings.names))})
    kept = [book.kept, *(one.kept for one in book.attributes), *(one.kept for one in book.checklists)]
    if any(len(one) > MOST_KEPT for one in (*kept, *(one.kept for one in book.tasks))):
        raise PlaybookMistake(file, [Mistake(0, "", sentence("kept_long", most=MOST_KEPT // 1000))])
    return book


def _refuse_unfit(said: Saying) -> None:
    version = said.values.get("version")
    if version not in (None, VERSION):
        said.blame("version", sentence("json_version", found=found_in_words(version)))
    count = sum(len(found) for one in said.groups("checklists") if isinstance(found := one.values.get("items"), list))
    if count > MAX_TASKS:
        said.blame("checklists", sentence("too_many_tasks", most=MAX_TASKS, count=count))


def _playbook(said: Saying, findings: Findings) -> Playbook:
    for key in sorted(said.values.keys() - KNOWN - OF_SERVER):
        findings.note("unknown_key", key)
    title = findings.line(said.text("title"), 200, "Untitled", "title")
    attributes = attributes_of(said.groups("properties"), findings)
    fields = fields_of(attributes)
    around = Around(fields, whens_of(said.groups("conditions"), fields), findings.names)
    return Playbook(
        title=title,
        key=slug(title) or "playbook",
        description=findings.text(said.text("description"), 4000, "description"),
        keywords=tuple(_keywords(said, findings)),
        name=_name(said, title, findings),
        summary=_summary(said, findings),
        channel=channel_of(said, findings),
        membership=_membership(said),
        prefix=_prefix(said, findings),
        templates="tokens",
        attributes=attributes,
        only_owner_finishes=said.yes("owner_group_only_actions"),
        welcome=_welcome(said, findings),
        updates=updates_of(said, findings),
        retrospective=_retrospective(said, findings),
        checklists=checklists_of(said.groups("checklists"), around, findings),
        webhooks=webhooks_of(said, findings),
        **people_of(said, findings),
    )


def _keywords(said: Saying, findings: Findings) -> Iterator[str]:
    words = said.texts("signal_any_keywords") if said.yes("signal_any_keywords_enabled") else []
    for word in findings.some(words, 100, "signal_any_keywords"):
        keyword = line_of(word, 101)
        if len(keyword) > 100 or unheard(keyword) is not None:
            findings.note("keyword_unheard", word)
        else:
            yield keyword


def _name(said: Saying, title: str, findings: Findings) -> str:
    template = line_of(said.text("channel_name_template"), 200)
    if not template:
        return usual_name(title)
    if len(said.text("channel_name_template")) > 200:
        findings.note("name_cut", template)
    return findings.template(template, 200)


def _welcome(said: Saying, findings: Findings) -> str:
    is_on = said.yes("message_on_join_enabled")
    text = findings.text(said.text("message_on_join"), 4000, "message_on_join") if is_on else ""
    return findings.template(text, 4000)


def _summary(said: Saying, findings: Findings) -> str:
    if not said.yes("run_summary_template_enabled"):
        return ""
    return findings.template(findings.text(said.text("run_summary_template"), 4000, "run_summary_template"), 4000)


def _membership(said: Saying) -> Membership:
    # Files since October 2022 misspell the second one.
    misspelt = said.yes("create_channel_member_on_removed_participant")
    return Membership(
        join_channel=said.yes("create_channel_member_on_new_participant"),
        leave_channel=said.yes("remove_channel_member_on_removed_participant") or misspelt,
    )


def _prefix(said: Saying, findings: Findings) -> str:
    prefix = said.text("run_number_prefix").strip(" -")
    if len(prefix) > 32 or not all(one.isascii() and (one.isalnum() or one == "-") for one in prefix):
        findings.note("prefix_unfit", prefix)
        return ""
    return prefix


def _retrospective(said: Saying, findings: Findings) -> Retrospective:
    template = findings.text(said.text("retrospective_template"), 4000, "retrospective_template")
    if any(wrong_lines(template)):
        findings.note("retrospective_template")
        template = ""
    key = "retrospective_reminder_interval_seconds"
    return Retrospective(
        enabled=said.yes("retrospective_enabled"),
        template=findings.template(template, 4000),
        remind=findings.seconds(said.number(key), LONGEST, key),
        metrics=metrics_of(said.groups("metrics"), findings),
    )
