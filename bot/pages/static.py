"""The files that pages need: each under a name that changes with what is in it, so that browsers may keep it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from aiohttp import web

_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Static:
    """The files by the names that stand in addresses, and those by the names that stand in templates."""

    content: Mapping[str, bytes]
    names: Mapping[str, str]

    async def serve(self, request: web.Request) -> web.Response:
        """Answer with a file."""
        name = request.match_info["name"]
        if name not in self.content:
            raise web.HTTPNotFound
        kind = _KINDS[name.rpartition(".")[2]]
        headers = {"Cache-Control": FOR_EVER}
        return web.Response(body=self.content[name], content_type=kind, charset="utf-8", headers=headers)


def read_static() -> Static:
    """Read the files that come with the program."""
    content, names = {}, {}
    for file in files("templates").joinpath("pages/static").iterdir():
        stem, _, ending = file.name.rpartition(".")
        if ending in _KINDS:
            body = file.read_bytes()
            names[file.name] = f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
            content[names[file.name]] = body
    return Static(content, names)
