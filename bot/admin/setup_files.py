"""Writing down what a set-up found: lines of `bot.local.toml`, and the secrets beside it for their owner alone."""

import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table

from bot.logs.veil import veil
from bot.settings.layers import local_path
from bot.trouble import Trouble

LOCAL_HEAD = """\
# What muster setup found out for this machine. It is read after bot.toml, which explains every key, and wins over it.
# Every key of bot.toml may stand here, too; muster setup changes its own and leaves all others as they are.

"""
Key = tuple[str, str]
Value = str | int | bool | Sequence[str]


def require_writable(toml: Path) -> None:
    """Raise `Trouble` unless files can be written there; asked before anything is made on the server."""
    for path in (local_path(toml), secrets_path(toml)):
        known = path if path.exists() else path.parent
        if not os.access(path.parent, os.W_OK) or not os.access(known, os.W_OK):
            raise Trouble(f"{path} cannot be written. Run muster setup as the user who owns that folder.")


def secrets_path(toml: Path) -> Path:
    """Return where the secrets are."""
    return toml.with_name("muster.secrets")


def write_template(toml: Path) -> bool:
    """Write a `bot.toml` in which every key is explained, and return True, where there is none."""
    if toml.exists():
        return False
    _replace(toml, template(), 0o644)
    return True


def write_settings(
    file: Path, wanted: Mapping[Key, Value], *, usual: Callable[[Key], Any] = lambda key: None
) -> Path | None:
    """Set the wanted keys and leave all else as it is; return where the former file was kept, if it changed.

    `usual` says what holds for a key that is not there; it is not written down then.
    """
    target = file.resolve()
    old = target.read_bytes().decode() if target.is_file() else ""
    new = edited(old or LOCAL_HEAD, wanted, usual)
    if new == old:
        return None
    kept = None
    if old:
        kept = target.with_name(f"{target.name}.bak")
        _replace(kept, old, target.stat().st_mode & 0o777)
    _replace(target, new, target.stat().st_mode & 0o777 if old else 0o644)
    return kept


def write_secrets(toml: Path, wanted: Mapping[str, str]) -> None:
    """Set the wanted secrets; the file is never readable to others, not even while it is written."""
    tokens = wanted.get("MUSTER_COMMANDS_TOKENS", "").split(",")
    veil.hide(*wanted.values(), *(token.rpartition(":")[2] for token in tokens))
    path = secrets_path(toml).resolve()
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    left = dict(wanted)
    for number, line in enumerate(lines):
        name = line.partition("=")[0].removeprefix("export ").strip()
        if name in wanted:
            lines[number] = f"{name}={wanted[name]}"
            left.pop(name, None)
    lines += [f"{name}={value}" for name, value in left.items()]
    _replace(path, "\n".join(lines) + "\n", 0o600)


def template() -> str:
    """Return a `bot.toml` in which every key is explained."""
    return (files("templates") / "bot.toml").read_text(encoding="utf-8")


def edited(text: str, wanted: Mapping[Key, Value], usual: Callable[[Key], Any] = lambda key: None) -> str:
    """Return TOML with some values changed and all else, comments too, as it was."""
    document = tomlkit.parse(text if not text or text.endswith("\n") else f"{text}\n")
    before = document.unwrap()
    for (section, name), value in wanted.items():
        present = before.get(section, {}).get(name)
        held = usual((section, name)) if present is None else present
        plain = value if isinstance(value, str | int) else list(value)
        if held is None or (held if isinstance(held, str | int) else list(held)) != plain:
            _set(document, section, name, plain)
    new = tomlkit.dumps(document)
    return re.sub(r"\r?\n", "\r\n", new) if "\r\n" in text else new


def _set(document: tomlkit.TOMLDocument, section: str, name: str, value: Any) -> None:
    group = document.setdefault(section, tomlkit.table())
    if name in group or not isinstance(group, Table):
        group[name] = value
        return
    # The blank lines and the remarks at a section's end are about the next one.
    body, end = group.value.body, []
    while body and body[-1][0] is None:
        end.append(body.pop())
    group.append(name, value)
    body += reversed(end)


def _replace(path: Path, text: str, mode: int) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp opens with mode 600 from the beginning.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            os.fchmod(stream.fileno(), mode)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
