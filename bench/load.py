"""A process that plays many people who send commands and press buttons at once, and notes how long each waits.

It reads lines of JSON: which requests each person sends, one after the other, to which port.
"""

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp


async def person(session: aiohttp.ClientSession, port: int, requests: list[dict[str, Any]]) -> list[float]:
    """Send one request after the other; return how long each took, in seconds."""
    waits = []
    for one in requests:
        began = time.perf_counter()
        async with session.post(f"http://127.0.0.1:{port}{one['path']}", **one["body"]) as answer:
            said = await answer.read()
            waits.append(time.perf_counter() - began)
            if answer.status != 200 or one.get("says", "").encode() not in said:
                raise RuntimeError(f"{answer.status}: {said[:300]!r}")
    return waits


async def crowd(port: int, people: list[list[dict[str, Any]]]) -> list[float]:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=300)
    async with aiohttp.ClientSession(connector=connector) as session:
        waits = await asyncio.gather(*(person(session, port, requests) for requests in people))
    return [wait for one in waits for wait in one]


def main() -> None:
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps({"waits": asyncio.run(crowd(told["port"], told["people"]))}), flush=True)


if __name__ == "__main__":
    main()
