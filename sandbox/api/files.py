"""Files: uploading one, and reading it again."""

from typing import Any
from urllib.parse import quote

from aiohttp import web

from ..errors import ApiError, bad_url
from ..file_shapes import file_shape, kind_of
from ..ids import is_id, new_id
from ..model import File
from ..permissions import may_in_channel, may_read, require
from ..routing import Call, Route


async def upload(call: Call) -> Any:
    """Keep a file for a post in a channel; its body is the file, as clients but the browser send it."""
    world, settings = call.world, call.world.config["FileSettings"]
    if not settings["EnableFileAttachments"]:
        raise ApiError("api.file.attachments.disabled.app_error", 403 if world.version.modern else 501)
    channel_id, name = call.query("channel_id"), call.query("filename")
    if not is_id(channel_id):
        raise bad_url("channel_id")
    require(may_in_channel(world, call.user, world.channels.get(channel_id), "upload_file"))
    if not call.body:
        raise ApiError("api.file.upload_file.read_request.app_error", 400)
    if len(call.body) > settings["MaxFileSize"]:
        raise ApiError("api.file.upload_file.too_large_detailed.app_error", 413)
    file = File(new_id(), call.user.id, channel_id, name, call.body, world.clock())
    world.files[file.id] = file
    return {"file_infos": [file_shape(world, file)], "client_ids": None}


async def read(call: Call) -> Any:
    """Return a file's content to whoever may read its channel."""
    file = _readable(call)
    headers = {
        "Content-Type": kind_of(file.name),
        "Content-Disposition": f"{_place(file.name)};filename*=UTF-8''{quote(file.name)}",
        "Cache-Control": "private, max-age=86400",
        "Content-Security-Policy": "Frame-ancestors 'none'",
    }
    return web.Response(body=file.content, headers=headers)


async def info(call: Call) -> Any:
    """Return what is known of a file."""
    return file_shape(call.world, _readable(call))


def _readable(call: Call) -> File:
    file = call.world.files.get(call.id("file_id"))
    if file is None:
        raise ApiError("app.file_info.get.app_error", 404)
    require(file.user_id == call.user.id or may_read(call.world, call.user, call.world.channel(file.channel_id)))
    return file


def _place(name: str) -> str:
    return "inline" if kind_of(name).startswith("image/") else "attachment"


ROUTES = [
    Route("POST", "/files", upload, status=201, uploads=True),
    Route("GET", "/files/{file_id}", read),
    Route("GET", "/files/{file_id}/info", info),
]
