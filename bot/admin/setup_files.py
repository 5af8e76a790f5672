"""Writing down what a set-up found: single lines of `bot.toml`, and the secrets beside it for their owner alone."""

import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.logs.veil import veil
from bot.trouble import Trouble

Key = tuple[str, str]
Value = str | int | bool | Sequence[str]


def require_writable(toml: Path) -> None:
    """Raise `Trouble` unless files can be written there; asked before anything is made on the server."""
    for path in (toml, secrets_path(toml)):
        known = path if path.exists() else path.parent
        if not os.access(path.parent, os.W_OK) or not os.access(known, os.W_OK):
            raise Trouble(f"{path} cannot be written. Run muster setup as the user who owns that folder.")


def secrets_path(toml: Path) -> Path:
    """Return where the secrets are."""
    return toml.with_name("muster.secrets")


def write_settings(
    toml: Path, wanted: Mapping[Key, Value], *, usual: Callable[[Key], Any] = lambda key: None
) -> Path | None:
    """Set the wanted keys and leave all else as it is; return where the former file was kept, if it changed.

    `usual` says what holds for a key that is not there; it is not written down then.
    Raises `Trouble`, with the lines to change by hand, where that cannot be done without harm.
    """
    target = toml.resolve()
    old = target.read_text(encoding="utf-8") if target.is_file() else ""
    new = edited(old or template(), wanted, usual)
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
    """Return TOML with some values changed and all else, comments too, as it was. Raises `Trouble`."""
    before = tomllib.loads(text)
    present = {key: _at(before, key) for key in wanted}
    held = {key: usual(key) if value is None else value for key, value in present.items()}
    changes = {key: value for key, value in wanted.items() if held[key] is None or _plain(held[key]) != _plain(value)}
    new = text
    for key, value in changes.items():
        new = _set(new, key, value)
    try:
        found = tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        found = {}
    # Whatever style the file is written in: what is read back must be what was there, with these changes.
    if found != _merged(before, changes):
        by_hand = "\n".join(f"  [{section}] {key} = {_written(value)}" for (section, key), value in changes.items())
        raise Trouble(f"bot.toml is written in a way that cannot be changed safely. Put in by hand:\n{by_hand}")
    return new


def _set(text: str, key: Key, value: Value) -> str:
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    section, name = key
    start = next((number for number, line in enumerate(lines) if _header(line) == section), None)
    if start is None:
        gap = "" if not text or text.endswith(end) else end
        return f"{text}{gap}{end}[{section}]{end}{name} = {_written(value)}{end}"
    stop = next((n for n in range(start + 1, len(lines)) if _header(lines[n]) is not None), len(lines))
    for first in range(start + 1, stop):
        if lines[first].partition("=")[0].strip() == name:
            last = _last_line(lines, first, stop)
            lines[first : last + 1] = [f"{name} = {_written(value)}{_comment(lines[last], last == first)}{end}"]
            return "".join(lines)
    while stop > start + 1 and (not lines[stop - 1].strip() or lines[stop - 1].startswith("#")):
        stop -= 1
    if not lines[stop - 1].endswith("\n"):
        lines[stop - 1] += end
    return "".join([*lines[:stop], f"{name} = {_written(value)}{end}", *lines[stop:]])


def _header(line: str) -> str | None:
    bare = line.partition("#")[0].strip()
    return bare.strip("[]").strip() if bare.startswith("[") and bare.endswith("]") and "=" not in bare else None


def _last_line(lines: Sequence[str], first: int, stop: int) -> int:
    """Return where a value ends that may go over several lines."""
    for last in range(first, stop):
        with suppress(tomllib.TOMLDecodeError):
            tomllib.loads("".join(lines[first : last + 1]))
            return last
    return first


def _comment(line: str, is_whole: bool) -> str:
    """Return the comment behind a value; a # inside quotation marks is none."""
    if not is_whole:
        return ""
    for at, sign in enumerate(line):
        if sign == "#":
            with suppress(tomllib.TOMLDecodeError):
                tomllib.loads(line[:at])
                return f"  {line[at:].rstrip()}"
    return ""


def _at(found: Mapping[str, Any], key: Key) -> Any:
    group = found.get(key[0])
    return group.get(key[1]) if isinstance(group, dict) else None


def _merged(before: Mapping[str, Any], changes: Mapping[Key, Value]) -> dict[str, Any]:
    made = {name: dict(group) if isinstance(group, dict) else group for name, group in before.items()}
    for (section, key), value in changes.items():
        made.setdefault(section, {})[key] = _plain(value)
    return made


def _plain(value: Value) -> Any:
    return value if isinstance(value, str | int) else list(value)


def _written(value: Value) -> str:
    # JSON's texts, numbers, booleans and lists of texts are TOML's, too, DEL apart, which no setting holds.
    return json.dumps(_plain(value), ensure_ascii=False)


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
