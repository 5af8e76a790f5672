"""Help: every command with what it does, an example, and who may; all of it is made from the commands' rows."""

from collections.abc import Iterable, Mapping
from typing import get_args

from handlers.context import Context
from handlers.effects import Answer, Content, Effects
from handlers.routes.rows import Command, Theme
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from handlers.views.listed import listed


def by_command(words: str, commands: Mapping[str, Command], ctx: Context) -> Effects:
    """`help`, `help check`, and an empty command."""
    word = bare(first_word(words)[0]).casefold().lstrip("/")
    if word in commands:
        yield Answer(content=Content(about(ctx, commands[word])))
        return
    rows = {row.name: row for row in commands.values()}
    said = ctx.say("help", word=word, nearest=Safe(nearest(word, list(rows))))
    above = said["no_topic"] if word else ""
    yield Answer(content=listed(ctx, overview(ctx, rows.values()), above=above))


def overview(ctx: Context, commands: Iterable[Command]) -> str:
    """Return all commands by theme, short."""
    said = ctx.say("help")
    named: dict[Theme, list[str]] = {theme: [] for theme in get_args(Theme)}
    for row in commands:
        named[row.theme].append(f"`{row.name}`")
    themes = [f"- **{said[f'theme_{theme}']}**: {', '.join(names)}" for theme, names in named.items()]
    return "\n".join([said["head"], "", *themes, "", said["foot"]])


def about(ctx: Context, row: Command) -> str:
    """Return what a command does, an example, and who may give it."""
    said, key = ctx.say(row.template), row.name.replace("-", "_")
    call = ctx.here.call
    lines = (line for line in said[f"like_{key}"].split("\n") if line.strip())
    examples = "\n".join(f"- `{call} {line.strip()}`" for line in lines)
    return f"**{row.name}** {said[f'what_{key}']}\n{examples}\n\n{ctx.say('help')[f'who_{row.who}']}"
