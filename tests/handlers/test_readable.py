"""Whatever people write into whichever field of a run, every message and every answer stays what it is meant to be."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from desk import ALICE, BOB, INCIDENT, START, Desk, all_of, one, started_run, words_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers import effects as do
from handlers.context import Installation
from handlers.events import JobDue, Place
from handlers.playbooks.playbook import Playbook
from handlers.routes import BUTTONS, KNOWN, MENUS
from handlers.text.escaping import JOINER
from handlers.text.pages import pages
from store import Store

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
WRITER = Writer(Signer("a secret of the tests"), "https://muster.example/a/long/path/to/the/hooks")
# How the server finds mentions: app/notification.go, processText.
CALLS = re.compile(r"(?<![^\W_])@(all|channel|here)(?![^\W_])", re.IGNORECASE)
HANDED_OVER = re.compile(r"yourself:\n\n```\n(?:(?!```)[^\n])*\n```\Z")

LINES = (
    "@channel", "@here!", "x @all y", "[Zq](https://evil.example)", "![Zq](https://evil.example/x.png)", "**Zq", "Zq**",
    "`Zq`", "```", "~~Zq~~", "| Zq | Zq |", "|---|---|", "# Zq", "- Zq", "1. Zq", "> Zq", "<b onclick=x>Zq</b>",
    "&lt;Zq", "~town-square", "\\", "\\|", "__Zq__", "<https://evil.example>", "[Zq]: https://evil.example", "---",
    "@bob", "עברית ועוד", "\u202eZq\u202c", "障害が発生しました", "🔥👩‍🚒", "Zq " * 30, "a" * 190, "🔥" * 60,
)  # fmt: skip
LINE = st.one_of(st.sampled_from(LINES), st.lists(st.sampled_from(LINES), min_size=1, max_size=3).map(" ".join))
TEXT = st.lists(LINE, min_size=1, max_size=4).map("\n".join)
CALLING = st.lists(st.sampled_from(["@channel", "@here", "@all", "**bold**", "words"]), min_size=1).map(" ".join)
"""What authors may write with Markdown: a summary, an update, a welcome; it still calls nobody."""
AUTHORED = ("update", "summary", "description", "describe")


def strings(value: Any) -> Iterator[str]:
    """Yield all that a message or a dialog shows."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)


def contents(effects: list[do.Effect]) -> Iterator[do.Content]:
    for effect in effects:
        if isinstance(effect, do.Post | do.Edit | do.Tell | do.Answer):
            yield effect.content


def marked_down(effects: list[do.Effect]) -> Iterator[str]:
    """Yield what clients read as Markdown."""
    for content in contents(effects):
        yield content.text
        for card in content.cards:
            yield card.title
            yield words_of(card)
            yield from (field.value for field in card.fields)
    yield from (effect.dialog.intro for effect in all_of(effects, do.Ask))
    yield from (effect.text for effect in all_of(effects, do.Refuse))


def handed_over(text: str) -> str:
    """Return a text without the command that it hands over: one line in a fence, where nothing means anything."""
    return HANDED_OVER.sub("yourself", text)


def check(effects: list[do.Effect]) -> None:
    """Refuse a call to everybody, a link or a picture that somebody wrote, and whatever would break a message."""
    for effect in effects:
        for said in map(handed_over, strings(json.loads(json.dumps(_shown(effect))))):
            assert not CALLS.search(said), said
    for markdown in map(handed_over, marked_down(effects)):
        tables = []
        for token in MARKDOWN.parse(markdown):
            assert token.type not in ("heading_open", "hr", "html_block", "fence", "code_block"), markdown
            tables += [token] if token.type == "table_open" else []
            for child in token.children or []:
                href = str(child.attrs.get("href", ""))
                assert child.type not in ("image", "html_inline"), markdown
                assert child.type != "link_open" or "evil" not in href, markdown
                assert child.type != "code_inline" or "Zq" not in child.content or "`" not in child.content, markdown
        rows = [line for line in markdown.splitlines() if line.startswith("|")]
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
        assert len(widths) <= max(1, len(tables)), rows
    for content in contents(effects):
        assert {control.action for card in content.cards for control in card.controls} <= set(BUTTONS)
        fits(content)


def _shown(effect: do.Effect) -> Any:
    match effect:
        case do.Post() | do.Edit() | do.Tell() | do.Answer():
            cards = [
                [card.title, words_of(card), card.footer, [[field.title, field.value] for field in card.fields]]
                for card in effect.content.cards
            ]
            return [effect.content.text, cards]
        case do.Refuse():
            return [effect.title, effect.text]
        case do.Correct():
            return [effect.errors, effect.error]
        case do.Ask(dialog=dialog):
            return [dialog.title, dialog.intro, [entry.label for entry in dialog.entries]]
    return []


def fits(content: do.Content, props: int = 8000) -> None:
    """Refuse what a 5.37 server would refuse, which counts as its own language writes JSON."""
    for page in pages(content, 16383):
        body = WRITER.body(page, key="k" * 26, revision=999, message_id=99999, now=START)
        written = json.dumps(body["props"], ensure_ascii=False, separators=(",", ":"))
        for sign in "<>&\u2028\u2029":
            written = written.replace(sign, f"\\u{ord(sign):04x}")
        assert len(body["message"]) <= 16383
        assert len(written) <= props, len(written)


def book(line: str, text: str) -> Playbook:
    return Playbook.model_validate(
        {
            "title": "Incident " + line[:100],
            "key": "incident",
            "keywords": ["sev-1"],
            "start": "now",
            "welcome": text,
            "updates": {"every": "30m", "template": text[:500], "broadcast": ["~town-square"]},
            "checklists": [
                {"title": line[:150], "tasks": [line[:150], {"title": "Look", "description": line, "due": "15m"}]},
                {"title": "Fix", "tasks": ["Roll back", line[:150]]},
            ],
        }
    )


def written_into(desk: Desk, line: str, prose: str) -> None:
    """Put words into every field of the run that people fill in."""

    def write(store: Store) -> None:
        run = store.run(1)
        assert run is not None
        run.name, run.summary = line[:150], prose
        run.origin_text = line
        run.attributes = {"ticket": line[:200], "Zq": line[:100]}
        for row in store.checklists(1):
            row.title = line[:200]
        for task in store.tasks(1):
            task.title, task.description = line[:200], prose
            task.assignees = ["bob", "role:commander"]
            task.command = "/echo " + line
            task.words = [line[:100]]
        run.record_update(prose, desk.now, 1800)

    desk.ask(write)


def everything(desk: Desk, place: Place, line: str, prose: str, limit: int = 160) -> Iterator[list[do.Effect]]:
    """Give each command with each kind of words, press each button that is shown, fill in each dialog."""
    seen: set[tuple[str, str, str]] = set()
    waiting: list[list[do.Effect]] = []
    for word in sorted(KNOWN, key=lambda word: word in ("finish", "delete", "leave", "handover")):
        mine = prose if word in AUTHORED else line
        for words in ("", "1.1", "1", f"2.1 {mine}", mine, "@bob"):
            waiting.append(desk.commands(f"{word} {words}", place=place))
            yield waiting[-1]
    while waiting and len(seen) < limit:
        for control in _controls(waiting.pop(0)):
            choices = [option.value for option in control.options[:20]] if isinstance(control, do.Menu) else [""]
            for choice in choices:
                key = (control.action, control.arg, choice)
                if key in seen:
                    continue
                seen.add(key)
                found = desk.presses(control.action, control.arg, choice=choice, place=place)
                yield found
                waiting.append(found)
                for asked in all_of(found, do.Ask):
                    values = {
                        entry.name: {"text": line, "textarea": prose}.get(entry.kind, entry.default)
                        for entry in asked.dialog.entries
                    }
                    waiting.append(desk.submits(asked.dialog, place=place, **values))
                    yield waiting[-1]


def _controls(effects: list[do.Effect]) -> list[do.Button | do.Menu]:
    return [control for content in contents(effects) for card in content.cards for control in card.controls]


@pytest.mark.parametrize("buttons", [True, False])
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=LINE, prose=CALLING)
def test_nothing_that_people_write_becomes_more_than_words(buttons: bool, line: str, prose: str) -> None:
    desk = Desk(book(line, prose))
    desk.here = Installation(bot=desk.here.bot, site_url=desk.here.site_url, menus=MENUS, buttons=buttons)
    check(desk.says(f"sev-1 {line}"))
    check(desk.presses("prompt.start", 1))
    place = desk.opens()
    written_into(desk, line, prose)
    check([effect for effect in desk.sent if not isinstance(effect, do.OpenChannel)])
    for found in everything(desk, place, line, prose):
        check(found)
    desk.later(minutes=40)
    for id in desk.ask(lambda store: list(store.due_jobs(desk.now, 99))):
        check(desk.take(JobDue(at=desk.now, job_id=id)))


WORST = ("<&>" * 66 + "<&", '"\\' * 100, "🔥" * 200, "אבג " * 50, "*_[`|~" * 33, "@all " * 40, "x" * 200)


LONG = [(200, title, True) for title in WORST] + [(10, WORST[0], True), (50, WORST[2], False), (200, WORST[0], False)]


@pytest.mark.parametrize(("count", "title", "buttons"), LONG)
def test_a_checklist_of_any_length_is_whole_and_fits_every_server(count: int, title: str, buttons: bool) -> None:
    lists = [
        {"title": title, "tasks": [f"{number} {title}"[:200] for number in range(min(100, count - at))]}
        for at in range(0, count, 100)
    ]
    desk = Desk(Playbook.model_validate({"title": "Long", "key": "long", "keywords": ["sev-1"], "checklists": lists}))
    desk.here = Installation(bot=desk.here.bot, site_url=desk.here.site_url, menus=MENUS, buttons=buttons)
    desk.commands("run long Checkout")
    place = desk.opens()
    posts = all_of(desk.sent, do.Post)
    for post in posts:
        fits(post.content)
    shown = "\n".join(words_of(card) for post in posts for card in post.content.cards)
    for at in range(1, len(lists) + 1):
        for number in range(1, len(lists[at - 1]["tasks"]) + 1):
            assert f"**{at}.{number}** " in shown
    for text in ("info", "list", "check 1.1-1.9", "info"):
        found = desk.commands(text, place=place, by=ALICE)
        for content in contents(found):
            fits(content)
    assert one(desk.commands("info", place=place, by=BOB), do.Answer)


EVIL = "\u202egpj.exe [text](https://evil.example) @all *x* ![i](https://evil.example/i) <https://evil.example>"


def test_titles_of_cards_are_words_as_the_clients_read_them() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands(f"rename {EVIL}", place=place)
    desk.commands(f"checklist rename 1 {EVIL}", place=place)
    titles = [card.title for effect in desk.sent if isinstance(effect, do.Post) for card in effect.content.cards]
    titles += [card.title for card in one(desk.commands("timeline", place=place), do.Answer).content.cards]
    titles += [card.title for card in one(desk.commands("info", place=place), do.Answer).content.cards]
    shown = [title for title in titles if "evil" in title]
    assert len(shown) >= 2
    for title in shown:
        (inline,) = [token for token in MARKDOWN.parse(title) if token.type == "inline"]
        assert {child.type for child in inline.children or ()} == {"text"}, title
        assert "\u202e" not in title
        assert "@all" not in title


def test_what_turns_the_direction_is_nowhere_in_an_update_or_the_title_of_a_channel() -> None:
    desk = Desk()
    place = started_run(desk)
    desk.commands(f"rename {EVIL}", place=place)
    desk.commands("update It is \u202edne eht\u202c, not \u2067that\u2069.", place=place)
    desk.commands("run incident-response \u2066Another\u200f \u202eone", place=place)
    said = msgspec.json.encode(desk.sent).decode()
    for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200f":
        assert sign not in said, ascii(sign)


def test_a_message_in_a_summary_is_words_between_the_authors_markdown() -> None:
    book = INCIDENT.model_copy(update={"summary": "**What:** {message}\nBy @{creator}", "start": "now"})
    desk = Desk(book)
    desk.says(f"sev-1, @bob see {EVIL}")
    desk.presses("prompt.start", 1)
    desk.opens()
    text = next(
        words_of(card)
        for effect in desk.sent
        if isinstance(effect, do.Post)
        for card in effect.content.cards
        if "What:" in words_of(card)
    )
    assert text.startswith("**What:** ")
    assert f"By @{JOINER}alice" in text
    assert "](https://evil.example" not in text.replace("\\](", "")
    assert "@bob" not in text
    assert "@all" not in text
    assert "\u202e" not in text
