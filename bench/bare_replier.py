"""What is possible: a process that hears by `websockets`, answers by aiohttp's client, and does nothing else."""

import asyncio
import json
import sys

import aiohttp
from websockets.asyncio.client import connect


async def answer(url: str) -> None:
    async with (
        aiohttp.ClientSession() as rest,
        connect(url.replace("http", "ws", 1) + "/api/v4/websocket", max_size=None, proxy=None) as socket,
    ):
        async for raw in socket:
            frame = json.loads(raw)
            if frame["event"] == "posted":
                post = json.loads(frame["data"]["post"])
                reply = {"channel_id": post["channel_id"], "message": post["message"].replace("-say ", "")}
                async with rest.post(url + "/api/v4/posts", json=reply) as said:
                    await said.json()


if __name__ == "__main__":
    asyncio.run(answer(sys.argv[1]))
