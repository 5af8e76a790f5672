"""What a form was filled in with."""

from aiohttp import web

from bot.pages.uploads import fields_in

MAX_BODY = 256 * 1024
"""Bytes that a form has at most; what a person writes at once is far less."""
MAX_WHOLE, MAX_FIELDS = 4 * 1024 * 1024, 20_000
"""Bytes and fields of a form in which a whole playbook may stand."""
UPLOADS = frozenset({"book.import"})
"""The forms that bring a file along."""
MAX_UPLOAD = 6 * 1024 * 1024
"""Bytes that such a form has at most, with all that stands around the file."""
AT_ONCE = 4
"""How many of them are read at the same time: anybody may send one, and each is in memory."""


def is_upload(request: web.Request) -> bool:
    """Return whether a request is to bring a file along."""
    return request.method == "POST" and request.match_info.get("action") in UPLOADS


async def sent_with(request: web.Request, most: int = MAX_BODY) -> dict[str, str]:
    """Return the fields of a form, as words, without what no database keeps.

    Raises `HTTPBadRequest` where what was sent is no form, `HTTPRequestEntityTooLarge` where it is longer than `most`.
    """
    if (size := len(await request.read())) > most:
        raise web.HTTPRequestEntityTooLarge(most, size)
    try:
        if is_upload(request) and request.content_type == "multipart/form-data":
            sent = dict(fields_in(request.headers["Content-Type"], await request.read()))
        else:
            sent = {name: str(value) for name, value in (await request.post()).items()}
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest from error
    return {name: value.replace("\0", "") for name, value in sent.items()}
