"""A server with people, channels and a bot account: the stage of the stories, which the bench plays on too."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.stage import Stage, real_server, stage
from tests.stage import empty_stage as _empty_stage

__all__ = ["Stage", "empty_stage", "server_named", "stage"]


def server_named() -> str:
    """Return what kind of server is measured on, without its address."""
    return "a real Mattermost" if real_server() else "the sandbox"


@asynccontextmanager
async def empty_stage(
    folder: Path, playbooks: Iterable[dict[str, Any]], *, anyway: bool = False
) -> AsyncIterator[Stage]:
    """Set up a stage without a running bot; `anyway` on the sandbox."""
    names = [name for name in os.environ if name.startswith("MUSTER_TEST_")] if anyway else []
    named = {name: os.environ.pop(name) for name in names}
    try:
        async with _empty_stage(folder, playbooks) as scene:
            yield scene
    finally:
        os.environ |= named
