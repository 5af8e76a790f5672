"""Trigger ids: the short-lived permission to open a dialog for somebody."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from .errors import ApiError
from .ids import new_id
from .world import World

_AREA = "interactive_message.decode_trigger_id"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger id as the integration gets it, and the short one that the client gets."""

    full: str
    client: str


def new_trigger(world: World, user_id: str) -> Trigger:
    """Make the trigger id for an action of somebody's."""
    client = new_id()
    base = f"{client}:{user_id}:{world.clock()}"
    full = base64.b64encode(f"{base}:{_sign(world, base)}".encode()).decode()
    return Trigger(full, client)


def decode_trigger(world: World, text: str) -> tuple[str, str]:
    """Return the client's id and the user's of a trigger that still lives."""
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except ValueError:
        raise ApiError(f"{_AREA}.base64_decode_failed", 400) from None
    parts = decoded.split(":")
    if len(parts) != 4:
        raise ApiError(f"{_AREA}.missing_data", 400)
    client, user_id, made_at, signature = parts
    seconds = world.version.trigger_seconds
    # Servers look at the age before they look at the signature.
    if not made_at.isdecimal() or world.clock() - int(made_at) >= seconds * 1000:
        age = "30s" if world.version.modern else "3 seconds"
        text = f"Trigger ID for interactive dialog is expired. Trigger IDs live for a maximum of {age}."
        raise ApiError(f"{_AREA}.expired", 400, text)
    if not hmac.compare_digest(signature, _sign(world, f"{client}:{user_id}:{made_at}")):
        raise ApiError(f"{_AREA}.verify_signature_failed", 400)
    return client, user_id


def _sign(world: World, text: str) -> str:
    digest = hmac.new(world.trigger_secret.encode(), text.encode(), hashlib.sha512).digest()
    return base64.b64encode(digest).decode()
