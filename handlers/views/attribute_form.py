"""The fields of attributes in a dialog, and the dialog that asks for those of a run."""

from msgspec.structs import replace

from handlers.context import Context
from handlers.controls import ATTRIBUTES_SAVE
from handlers.effects import Ask, Entry, Option
from handlers.payloads import AttributesOfRun
from handlers.playbooks.attributes import Attribute
from handlers.rules.attribute_form import Fields, in_field, numbers_of
from handlers.rules.attribute_reading import VALUE_LIMIT
from handlers.rules.attributes import kept_values
from handlers.rules.conditions import Values
from handlers.rules.progress import Numbered
from handlers.text.words import Safe, plain, shorten
from store import Run

LABEL = 24
"""The longest label of a field, in characters (Mattermost's documentation of dialogs)."""
LINE = 150
"""What a dialog's line takes on every server, in characters."""


def attribute_entries(ctx: Context, fields: Fields, values: Values, *, needed: bool) -> list[Entry]:
    """Return the fields of attributes, with the values that they have; all are `needed`, or may stay as they are."""
    return [_entry(ctx, one, name, values.get(one.name, ()), needed=needed) for one, name in fields]


def attributes_dialog(ctx: Context, run: Run, fields: Fields, needed_for: Numbered | None = None) -> Ask:
    """Ask for attributes of a run, one at least; those that a task needs are asked for before it is done."""
    first, *rest = attribute_entries(ctx, fields, kept_values(ctx, run), needed=needed_for is not None)
    number, title = (needed_for.number, needed_for.task.title) if needed_for is not None else ("", "")
    said = ctx.say("attribute", number=Safe(number), title=title)
    of = AttributesOfRun(run.id, numbers_of(fields), needed_for.task.id if needed_for is not None else None)
    if needed_for is None:
        return ATTRIBUTES_SAVE.ask(of, said, first, *rest)
    return ATTRIBUTES_SAVE.ask(of, said, first, *rest, intro=said["intro_needed"], submit="submit_done")


def _entry(ctx: Context, one: Attribute, name: str, values: tuple[str, ...], *, needed: bool) -> Entry:
    said = ctx.say("attribute", choices=one.choices)
    words = in_field(ctx, one, values)
    entry = Entry(
        name=name,
        label=str(plain(shorten(one.name, LABEL))),
        default=words,
        help=str(plain(shorten(one.description, LINE))) or said[f"help_{one.type}"],
        optional=not needed and not (one.required and values),
        max_length=VALUE_LIMIT if len(words) > LINE or one.type == "multiselect" else LINE,
    )
    match one.type:
        case "select":
            return replace(entry, kind="select", options=tuple(Option(each, each) for each in one.choices))
        case "person":
            options = tuple(Option(f"@{ctx.username(each)}", each) for each in values)
            return replace(entry, kind="users", default="".join(values[:1]), options=options)
        case _:
            return entry
