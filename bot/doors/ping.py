"""The doctor's question to whoever answers at the door, a signed ping, and the answer to it, a signed pong."""

from datetime import datetime
from typing import Any

from bot.wire.signing import Forged, Press, Signer

PING, PONG = "doctor.ping", "doctor.pong"


def ping(signer: Signer, arg: str, now: datetime) -> str:
    """Return the token that a button of the doctor's carries."""
    return signer.press(PING, arg, 0, now)


def ping_text(signer: Signer, arg: str, now: datetime) -> str:
    """Return what the doctor writes after the slash command."""
    return f"{PING} {ping(signer, arg, now)}"


def pressed(signer: Signer, token: Press, now: datetime) -> dict[str, Any] | None:
    """Return the reply to a ping by a button: the pressed message shows the pong. None for any other press."""
    return {"update": {"message": _pong(signer, token, now)}} if token.action == PING else None


def told(signer: Signer, text: str, now: datetime) -> str | None:
    """Return the pong to a ping by a slash command, None for any other text."""
    first, _, token = text.strip().partition(" ")
    if first != PING:
        return None
    try:
        read = signer.read_press(token)
    except Forged:
        return None
    return _pong(signer, read, now) if read.action == PING else None


def is_pong(signer: Signer, text: str, arg: str) -> bool:
    """Tell whether a text is the answer to the ping with `arg`, by whoever has the same secret."""
    try:
        read = signer.read_press(text.strip())
    except Forged:
        return False
    return (read.action, read.arg) == (PONG, arg)


def _pong(signer: Signer, token: Press, now: datetime) -> str:
    return signer.press(PONG, token.arg, 0, now)
