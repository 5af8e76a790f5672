"""Help: every command with its theme, what it does, who may, and an example; one table, from which all help is made."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from handlers.context import Context
from handlers.effects import Answer, Content, Effect
from handlers.events import CommandGiven
from handlers.rules import permissions
from handlers.text.nearest import nearest
from handlers.text.words import Safe

Theme = Literal["begin", "tasks", "people", "tell", "life", "mine"]

THEMES: tuple[Theme, ...] = ("begin", "tasks", "people", "tell", "life", "mine")


class Topic(msgspec.Struct, frozen=True):
    """A command: its sentences stand in the template as `what_…` and `like_…`; `who` is set where no run is concerned.

    `asked` is for who was asked something. `hinted` ones are named by the server's autocomplete.
    """

    word: str
    theme: Theme
    who: Literal["", "anybody", "asked", "members", "change"] = ""
    hinted: bool = False


TOPICS: tuple[Topic, ...] = (
    Topic("run", "begin", "members", hinted=True),
    Topic("list", "begin", "anybody", hinted=True),
    Topic("info", "begin", "anybody"),
    Topic("brief", "begin", hinted=True),
    Topic("checklist", "begin"),
    Topic("check", "tasks", hinted=True),
    Topic("uncheck", "tasks"),
    Topic("start", "tasks"),
    Topic("skip", "tasks"),
    Topic("restore", "tasks"),
    Topic("add", "tasks"),
    Topic("edit", "tasks"),
    Topic("move", "tasks"),
    Topic("duplicate", "tasks"),
    Topic("remove", "tasks"),
    Topic("assign", "tasks"),
    Topic("due", "tasks"),
    Topic("do", "tasks"),
    Topic("done-when", "tasks"),
    Topic("undo", "tasks"),
    Topic("history", "tasks"),
    Topic("owner", "people", hinted=True),
    Topic("handover", "people", hinted=True),
    Topic("accept", "people", "asked"),
    Topic("decline", "people", "asked"),
    Topic("join", "people"),
    Topic("leave", "people"),
    Topic("invite", "people"),
    Topic("follow", "people"),
    Topic("unfollow", "people"),
    Topic("role", "people"),
    Topic("roles", "people"),
    Topic("update", "tell", hinted=True),
    Topic("snooze", "tell"),
    Topic("note", "tell"),
    Topic("timeline", "tell"),
    Topic("summary", "tell"),
    Topic("rename", "life"),
    Topic("set", "life"),
    Topic("unset", "life"),
    Topic("move-run", "life"),
    Topic("movehere", "life", "change"),
    Topic("finish", "life", hinted=True),
    Topic("restart", "life"),
    Topic("delete", "life"),
    Topic("todo", "mine", "anybody", hinted=True),
    Topic("settings", "mine", "anybody"),
    Topic("help", "mine", "anybody", hinted=True),
)
"""All commands, in the order in which help names them."""

WORDS = tuple(one.word for one in TOPICS)

HINT = f"[{' | '.join(one.word for one in TOPICS if one.hinted)}]"
"""What the server's autocomplete shows behind the trigger; there is room for one line."""


def by_command(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`help`, `help check`, and an empty command."""
    word = words.casefold().lstrip("/").partition(" ")[0]
    topic = next((one for one in TOPICS if one.word == word), None)
    if topic is not None:
        yield Answer(content=Content(about(ctx, topic)))
        return
    text = overview(ctx)
    if word:
        said = ctx.say("help", word=word, nearest=Safe(nearest(word, WORDS)))
        text = f"{said['no_topic']}\n\n{text}"
    yield Answer(content=Content(text))


def overview(ctx: Context) -> str:
    """Return all commands by theme, short."""
    said = ctx.say("help")
    themes = [f"- **{said[f'theme_{theme}']}**: {_named(theme)}" for theme in THEMES]
    return "\n".join([said["head"], "", *themes, "", said["foot"]])


def about(ctx: Context, topic: Topic) -> str:
    """Return what a command does, an example, and who may give it."""
    said = ctx.say("help")
    key = topic.word.replace("-", "_")
    who = said[f"who_{topic.who or permissions.needs(topic.word)}"]
    call = ctx.here.call
    lines = (line for line in said[f"like_{key}"].split("\n") if line.strip())
    examples = "\n".join(f"- `{call} {line.strip()}`" for line in lines)
    return f"**{topic.word}** {said[f'what_{key}']}\n{examples}\n\n{who}"


def _named(theme: Theme) -> str:
    return ", ".join(f"`{one.word}`" for one in TOPICS if one.theme == theme)
