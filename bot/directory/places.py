"""What the server says of a channel goes into the store, or into doubt."""

from datetime import datetime

from bot.wire.things import Channel
from store import KnownPlace, Store


def note_place(store: Store, channel: Channel, now: datetime) -> KnownPlace:
    """Store what the server says of a channel; whether the bot is in it, and what it heard there, stays."""
    said = (channel.team_id, channel.type, channel.name, channel.display_name)
    return store.know_place(channel.id, *said, now, as_of=channel.update_at)


def note_or_doubt(store: Store, channel: Channel, now: datetime) -> bool:
    """Store a channel that is new or unchanged; return whether it has changed, and is in doubt from now on."""
    if not differs(store, channel):
        note_place(store, channel, now)
        return False
    store.doubt(channel.id)
    return True


def differs(store: Store, channel: Channel) -> bool:
    row = store.place(channel.id)
    return row is not None and (row.name, row.title, row.kind) != (channel.name, channel.display_name, channel.type)
