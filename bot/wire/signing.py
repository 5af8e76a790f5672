"""Short signed tokens that travel through buttons and dialogs and prove that the bot itself made them."""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

MAC_BYTES = 12
DIALOG_LIFE = timedelta(hours=12)


class Forged(Exception):
    """A token that the bot did not make, or that belongs to somebody else."""


class Expired(Exception):
    """A token of the bot's own whose time is over."""


class Press(msgspec.Struct, frozen=True, array_like=True):
    """What a button carries; `issued` is in seconds since 1970, `root_id` the thread that it was put into, if any."""

    action: str
    arg: str
    message_id: int
    issued: int
    root_id: str = ""


class Showing(msgspec.Struct, frozen=True, array_like=True):
    """What one showing of a dialog carries; `issued` and `expires` are in seconds since 1970.

    `place_id` and `team_id` tell where it was opened; they are empty in a token from before dialogs told that. So is
    `root_id` where it was not opened in a thread.
    """

    action: str
    arg: str
    person_id: str
    once: str
    issued: int
    expires: int
    place_id: str = ""
    team_id: str = ""
    root_id: str = ""


Token = TypeVar("Token", Press, Showing)


class Signer:
    """Makes and reads tokens with one secret, of 16 bytes at least; whoever has the secret can press every button."""

    def __init__(self, secret: str) -> None:
        if len(secret.encode()) < 16:
            raise ValueError("the signing secret needs 16 bytes at least")
        self._secret = secret.encode()

    def press(self, action: str, arg: str, message_id: int, now: datetime, root_id: str = "") -> str:
        """Return a button's token; `message_id` is 0 where no message of the store's belongs to it."""
        return self._sign(Press(action, arg, message_id, _seconds(now), root_id))

    def read_press(self, token: str) -> Press:
        """Return what a button's token says. Raises `Forged`."""
        return self._read(token, Press)

    def showing(
        self,
        action: str,
        arg: str,
        person_id: str,
        now: datetime,
        life: timedelta = DIALOG_LIFE,
        *,
        place_id: str,
        team_id: str,
        root_id: str = "",
    ) -> str:
        """Return the token of one showing of a dialog to one person in one channel, good for `life`."""
        once = secrets.token_urlsafe(9)
        times = _seconds(now), _seconds(now + life)
        return self._sign(Showing(action, arg, person_id, once, *times, place_id, team_id, root_id))

    def read_showing(self, token: str, person_id: str, now: datetime) -> Showing:
        """Return what a dialog's token says. Raises `Forged`, also for somebody else's token, and `Expired`."""
        showing = self._read(token, Showing)
        if not hmac.compare_digest(showing.person_id.encode(), person_id.encode()):
            raise Forged("the dialog was shown to somebody else")
        if _seconds(now) > showing.expires:
            raise Expired("the dialog was shown too long ago")
        return showing

    def _sign(self, token: Press | Showing) -> str:
        said = msgspec.msgpack.encode(token)
        return _to_text(self._mac(type(token), said) + said)

    def _read(self, token: str, kind: type[Token]) -> Token:
        raw = _from_text(token)
        mac, said = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(kind, said)):
            raise Forged("the signature does not fit")
        return msgspec.msgpack.decode(said, type=kind)

    def _mac(self, kind: type, said: bytes) -> bytes:
        # The kind is signed too, so that a button's token is never taken for a dialog's.
        signed = kind.__name__.encode() + b"\0" + said
        return hmac.new(self._secret, signed, hashlib.sha256).digest()[:MAC_BYTES]


def _seconds(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp())


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _from_text(token: str) -> bytes:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Forged("this is no token") from None
    # Several spellings of base64 mean the same bytes; only the one that the bot writes counts.
    if _to_text(raw) != token:
        raise Forged("this is no token")
    return raw
