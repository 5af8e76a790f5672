"""Draws a conversation in a terminal: who says and presses what, and messages with their cards and buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.demo.inked import inked
from sandbox.human import Json

COLOURS = ("green", "cyan", "magenta", "yellow")
BOT_COLOUR = "bold #4d8df6"
WIDTH = 100
INDENT = " " * 8


def terminal() -> Console:
    """Return the terminal with lines that are not longer than one likes to read."""
    made = Console(highlight=False)
    return Console(highlight=False, width=min(WIDTH, made.width) if made.is_terminal else WIDTH)


@dataclass(frozen=True, slots=True)
class Beside:
    """Something with the same signs before each of its lines: a card's coloured bar, or just space."""

    inside: RenderableType
    before: str = "▌ "
    colour: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        before = Segment(self.before, Style.parse(self.colour))
        inner = options.update(width=options.max_width - len(self.before))
        for line in console.render_lines(self.inside, inner, pad=False):
            yield before
            yield from line
            yield Segment.line()


@dataclass(slots=True)
class Transcript:
    """Writes to a console; `names` are the user names by id, `places` those of the channels."""

    console: Console
    names: Mapping[str, str]
    places: dict[str, str]
    zone: ZoneInfo
    people: list[str] = field(default_factory=list)

    def title(self, number: int, title: str) -> None:
        self.console.print()
        self.console.rule(Text(f" {number} · {title} ", "bold"), align="left", style="dim")

    def does(self, who: str, what: str, place_id: str) -> None:
        """Tell what somebody does other than writing a message."""
        where = Text(f"  {self._place(place_id)}", "dim")
        self.console.print(Text.assemble("  ", self._person(who), " ", inked(what), where))

    def post(self, post: Json) -> None:
        """Draw a message with its cards."""
        author = self.names.get(post["user_id"], "?")
        about = ["in a thread"] if post.get("root_id") else []
        about += ["only for one person"] if post.get("type") == "system_ephemeral" else []
        at = datetime.fromtimestamp(post["create_at"] / 1000, self.zone)
        where = Text("  ".join([self._place(post["channel_id"]), *about]), "dim")
        self.console.print(Text.assemble("  ", (f"{at:%H:%M} ", "dim"), self._person(author), "  ", where))
        self.console.print(Beside(drawn(post), INDENT))

    def dialog(self, dialog: Json, values: Json) -> None:
        """Draw a dialog as somebody has filled it in."""
        form = dialog["dialog"]
        rows: list[RenderableType] = [Text(form["title"], "bold")]
        rows += [inked(form["introduction_text"])] if form.get("introduction_text") else []
        for element in form.get("elements") or []:
            rows.append(Text.assemble((f"{element['display_name'].rstrip(':?')}: ", "bold"), _value(element, values)))
        rows.append(Text(f"[ {form['submit_label']} ]", "reverse"))
        self.console.print(Beside(Beside(Group(*rows)), INDENT))

    def remark(self, text: str) -> None:
        self.console.print(Text(f"  {text}", "dim italic"))

    def seen(self, who: str, what: str) -> None:
        """Tell that what had to be seen was seen."""
        self.console.print(Text.assemble(("  ✓ ", "bold green"), self._person(who), " ", inked(what)))

    def not_seen(self, expected: str, screen: list[Json]) -> None:
        """Tell what was waited for, and draw what stood there instead."""
        self.console.print(Text.assemble(("  ✗ Not seen: ", "bold red"), inked(expected)))
        self.console.print(Text("  What stood on the screen:" if screen else "  The screen was empty.", "red"))
        for post in screen:
            self.post(post)

    def _person(self, username: str) -> Text:
        known = username in self.people
        colour = COLOURS[self.people.index(username) % len(COLOURS)] if known else BOT_COLOUR
        return Text(f"@{username}", colour)

    def _place(self, place_id: str) -> str:
        return f"~{self.places[place_id]}" if place_id in self.places else "direct message"


def drawn(post: Json) -> RenderableType:
    """Return a message's text and cards."""
    rows: list[RenderableType] = [inked(post["message"])] if post.get("message") else []
    rows += [_card(card) for card in (post.get("props") or {}).get("attachments") or []]
    return Group(*rows)


def _card(card: Json) -> RenderableType:
    rows: list[RenderableType] = [_styled(card["title"], "bold")] if card.get("title") else []
    rows += [inked(card["text"])] if card.get("text") else []
    rows += [_fields(card["fields"])] if card.get("fields") else []
    rows += [_styled(card["footer"], "dim")] if card.get("footer") else []
    rows += [_buttons(card["actions"])] if card.get("actions") else []
    return Beside(Group(*rows), colour=card.get("color", ""))


def _styled(markdown: str, style: str) -> Text:
    made = inked(markdown)
    made.stylize(style)
    return made


def _fields(fields: list[Json]) -> RenderableType:
    """Return short fields in two columns, as the clients show them, and below them the others."""
    table = Table.grid(padding=(0, 4, 0, 0))
    short = [_field(one) for one in fields if one.get("short")]
    for left in range(0, len(short), 2):
        table.add_row(*short[left : left + 2])
    return Group(table, *(_field(one) for one in fields if not one.get("short")))


def _field(field: Json) -> Text:
    return Text.assemble((f"{field['title']}\n", "bold"), inked(field["value"]))


def _buttons(actions: list[Json]) -> Text:
    """Return the buttons in a row if they fit, as on a desktop, or else below each other, as on a phone."""
    labels = [f"[ {one['name']}{' ▾' if one['type'] == 'select' else ''} ]" for one in actions]
    between = "  " if len("  ".join(labels)) < WIDTH - 12 else "\n"
    return Text(between).join([Text(label, "reverse") for label in labels])


def _value(element: Json, values: Json) -> Text:
    value = str(values.get(element["name"]) or "")
    chosen = next((one["text"] for one in element.get("options") or [] if one["value"] == value), value)
    return Text(f"\n{chosen}" if "\n" in chosen else chosen or "–")
