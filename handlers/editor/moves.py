"""What buttons of a form do that work without scripts: an entry of a list goes up or down, or is taken out."""

from handlers.editor.fields import Section
from handlers.editor.reading import Values

Block = tuple[str, dict[str, str]]
"""Fields that keep together, and the entry that they are of; empty for those of none."""


def moved(section: Section, values: Values, do: str) -> dict[str, str]:
    """Return the fields of a form as they stand once a button did what it says, such as `up:tasks.t3`.

    A task goes into the checklist before or after its own where it stands at the end of that. What is no such button
    changes nothing.
    """
    how, _, which = do.partition(":")
    blocks = _blocks(section, values, which)
    at = next((number for number, (name, _) in enumerate(blocks) if name == which), None)
    if how not in ("up", "down", "remove") or not which or at is None:
        return dict(values)
    block = blocks.pop(at)
    if how != "remove":
        there = at - 1 if how == "up" else at + 1
        blocks.insert(max(there, _least(section, blocks, which)), block)
    return {name: value for _, fields in blocks for name, value in fields.items()}


def _blocks(section: Section, values: Values, which: str) -> list[Block]:
    """Return the fields in blocks: each entry, and a checklist with its tasks where one is moved."""
    found: list[Block] = []
    inside = {one.name: one.inside.name for one in section.lists if one.inside is not None}
    kept = inside.get(which.partition(".")[0])
    for name, value in values.items():
        entry = ".".join(name.split(".")[:2]) if name.count(".") > 1 else ""
        if kept is not None and entry.startswith(f"{kept}.") and found:
            entry = found[-1][0]
        if not found or found[-1][0] != entry:
            found.append((entry, {}))
        found[-1][1][name] = value
    return found


def _least(section: Section, blocks: list[Block], which: str) -> int:
    """Return before which block an entry stands at the earliest: what is inside another, behind the first of those."""
    name = which.partition(".")[0]
    outer = next((one.name for one in section.lists if one.inside is not None and one.inside.name == name), None)
    if outer is None:
        return 0
    return next(number for number, (entry, _) in enumerate(blocks, 1) if entry.startswith(f"{outer}."))
