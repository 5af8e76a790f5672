"""The JSON shape of files, and which of those that a post names become its own."""

import mimetypes
import struct
from pathlib import PurePath
from typing import Any

from .errors import ApiError
from .model import File, Post
from .world import World

_PNG = b"\x89PNG\r\n\x1a\n"


def file_shape(world: World, file: File) -> dict[str, Any]:
    """Show what is known of a file; a picture has its size, and a preview."""
    found: dict[str, Any] = {"id": file.id, "user_id": file.user_id}
    if file.post_id:
        found["post_id"] = file.post_id
    found |= {
        "channel_id": file.channel_id if world.version.modern else "",
        "create_at": file.create_at,
        "update_at": file.create_at,
        "delete_at": 0,
        "name": file.name,
        "extension": PurePath(file.name).suffix.removeprefix("."),
        "size": len(file.content),
        "mime_type": kind_of(file.name),
    }
    if file.content.startswith(_PNG):
        width, height = struct.unpack(">II", file.content[16:24])
        found |= {"width": width, "height": height, "has_preview_image": True}
    found |= {"mini_preview": None, "remote_id": ""}
    return found | ({"archived": False} if world.version.modern else {})


def kind_of(name: str) -> str:
    """Return the media type that a file's name tells."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def take_files(world: World, post: Post) -> None:
    """Give a new post those of its files that its author uploaded and no post has yet; others it loses in silence."""
    if len(post.file_ids) > world.version.most_files:
        raise ApiError("model.post.is_valid.file_ids.app_error", 400)
    files = [world.files[one] for one in post.file_ids if one in world.files]
    mine = [file for file in files if file.user_id == post.user_id and not file.post_id]
    for file in mine:
        file.post_id, file.channel_id = post.id, post.channel_id
    post.file_ids = [file.id for file in mine]


def files_of(world: World, post: Post) -> list[dict[str, Any]]:
    """Show all files of a post."""
    return [file_shape(world, world.files[one]) for one in post.file_ids if one in world.files]
