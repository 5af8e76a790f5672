"""Changes a playbook's own text, line by line: what nobody wants changed stays as it was written, comments too."""

import yaml

from handlers.playbooks.changes import NotThere, PlaybookChange, changed
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.rewriting import Rewriting
from handlers.playbooks.yaml_text import NotEditable, YamlText

__all__ = ["NotEditable", "edited", "rewritten"]

_MARK = "\ufeff"


def edited(text: str, change: PlaybookChange) -> str:
    """Return a text with a change in it. Raises `NotEditable`, also where it would come to mean anything else."""
    try:
        return rewritten(text, changed(_read(text), change))
    except (PlaybookMistake, NotThere) as error:
        raise NotEditable from error


def rewritten(text: str, after: Playbook) -> str:
    """Return a text so that it says what another playbook does; only the lines of what differs change.

    What moves takes the comments above it and beside it along. Comments above what is taken out stay, apart from what
    follows. Raises `NotEditable` where that cannot be done, or the text would come to mean anything else.
    """
    mark, newline = _MARK if text.startswith(_MARK) else "", "\r\n" if "\r\n" in text else "\n"
    plain = text.removeprefix(_MARK).replace("\r\n", "\n")
    whole = plain if plain.endswith("\n") else f"{plain}\n"
    try:
        before = _read(whole)
        made = Rewriting(YamlText(whole, before), before, after).made()
        made = made if whole.endswith("\n\n") else made.rstrip("\n") + "\n"
        is_right = _read(made) == after
    except (PlaybookMistake, yaml.YAMLError) as error:
        raise NotEditable from error
    if not is_right:
        raise NotEditable
    if made == whole:
        return text
    return mark + (made if plain.endswith("\n") else made.removesuffix("\n")).replace("\n", newline)


def _read(text: str) -> Playbook:
    return read_playbook(text.removeprefix(_MARK), "")
