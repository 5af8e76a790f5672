"""Prepared websocket frames: `posted` events in the shape that a 11.6 server sends, framed ahead of time."""

import json
import time
from collections.abc import Iterator

from bench.words import messages

TEAM = "teamteamteamteamteamteam01"
ME = "botbotbotbotbotbotbotbot01"
START = int(time.time() * 1000)
"""When the first message is said, in ms: nobody is asked about old ones."""
CHANNELS = 500
PEOPLE = 50


def channel(number: int) -> str:
    return f"channel{number:019d}"


def person(number: int) -> str:
    return f"person{number:020d}"


def post_id(number: int) -> str:
    return f"post{number:022d}"


def event(name: str, data: object, seq: int, channel_id: str = "") -> bytes:
    """Return the JSON of an event."""
    broadcast = {
        "omit_users": None,
        "user_id": "",
        "channel_id": channel_id,
        "team_id": "",
        "connection_id": "",
        "omit_connection_id": "",
    }
    said = {"event": name, "data": data, "broadcast": broadcast, "seq": seq}
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def posted(text: str, number: int, seq: int, channel_number: int, person_number: int) -> bytes:
    """Return the JSON of the event of one message."""
    channel_id = channel(channel_number)
    post = {
        "id": post_id(number),
        "create_at": START + number,
        "update_at": START + number,
        "edit_at": 0,
        "delete_at": 0,
        "is_pinned": False,
        "user_id": person(person_number),
        "channel_id": channel_id,
        "root_id": "",
        "original_id": "",
        "message": text,
        "type": "",
        "props": {"disable_group_highlight": True},
        "hashtags": "",
        "file_ids": [],
        "pending_post_id": f"{person(person_number)}:{START + number}",
        "remote_id": "",
        "reply_count": 0,
        "last_reply_at": 0,
        "participants": None,
        "metadata": {},
    }
    data = {
        "channel_display_name": f"Channel {channel_number}",
        "channel_name": f"channel-{channel_number}",
        "channel_type": "O",
        "post": json.dumps(post, separators=(",", ":"), ensure_ascii=False),
        "sender_name": f"@person{person_number}",
        "set_online": True,
        "team_id": TEAM,
    }
    return event("posted", data, seq, channel_id)


def framed(payload: bytes) -> bytes:
    """Return an unmasked text frame, as servers send it."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


class Flood:
    """Frames of messages that concern nobody, each with an id, a time and a number of its own."""

    def __init__(self, variety: int = 1_000) -> None:
        self._moulds = [self._mould(text, n) for n, text in enumerate(messages(variety))]

    def frames(self, count: int, number: int, seq: int) -> Iterator[bytes]:
        """Yield frames with post numbers and sequence numbers from those given on."""
        moulds = self._moulds
        for n in range(count):
            yield moulds[n % len(moulds)] % (number + n, START + number + n, START + number + n, seq + n)

    def _mould(self, text: str, n: int) -> bytes:
        """Return a frame with gaps for its numbers, each of a fixed width, so that its length never changes."""
        whole = posted(text, n, 0, n % CHANNELS, n % PEOPLE).replace(b"%", b"%%")
        at = str(START + n).encode()
        for found, gap in (
            (post_id(n).encode(), b"post%022d"),
            (b'create_at\\":' + at, b'create_at\\":%d'),
            (b'update_at\\":' + at, b'update_at\\":%d'),
            # JSON bears white space before a number.
            (b'"seq":0}', b'"seq":%12d}'),
        ):
            assert whole.count(found) == 1, found
            whole = whole.replace(found, gap)
        payload = whole % (n, START + n, START + n, 0)
        return framed(payload)[: -len(payload)].replace(b"%", b"%%") + whole
