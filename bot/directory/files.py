"""Files that people have put under a message to the bot."""

import json

from bot.directory.protocols import Rest
from bot.directory.retry import passes
from bot.driver import ServerRefused
from bot.wire.answers import file_info
from handlers.events import Given

MOST_FILES = 10
"""How many files a message has at most (server source: model/post.go)."""


async def given_files(client: Rest, file_ids: list[str], most_bytes: int) -> tuple[Given, ...]:
    """Return files by their ids, without what is in those that are larger than `most_bytes`.

    One that the server does not give is left out. Raises `ServerUnreachable`, and such a `ServerRefused` as passes.
    """
    found = []
    for file_id in file_ids[:MOST_FILES]:
        try:
            name, size = file_info(await client.get(f"/files/{file_id}/info"))
            content = _bytes(await client.get(f"/files/{file_id}")) if size <= most_bytes else b""
        except ServerRefused as error:
            if passes(error):
                raise
            continue
        found.append(Given(name, size, content))
    return tuple(found)


def _bytes(answer: object) -> bytes:
    # The driver has read what is JSON already.
    return answer if isinstance(answer, bytes) else json.dumps(answer).encode()
