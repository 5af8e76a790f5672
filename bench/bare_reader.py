"""The yardstick of the way in: a process that drains the same socket and reads the JSON, and does nothing else."""

import asyncio
import json
import sys

from websockets.asyncio.client import connect

from bench.words import END


async def read(url: str) -> None:
    async with connect(url.replace("http", "ws", 1) + "/api/v4/websocket", max_size=None, proxy=None) as socket:
        async for raw in socket:
            frame = json.loads(raw)
            if frame["event"] == "posted" and json.loads(frame["data"]["post"])["message"] == END:
                await socket.send('{"action":"done","seq":1}')


if __name__ == "__main__":
    asyncio.run(read(sys.argv[1]))
