"""What a form was filled in with."""

from aiohttp import web

MAX_BODY = 256 * 1024
"""Bytes that a form has at most; what a person writes at once is far less."""
MAX_WHOLE, MAX_FIELDS = 4 * 1024 * 1024, 20_000
"""Bytes and fields of a form in which a whole playbook may stand."""


async def sent_with(request: web.Request, most: int = MAX_BODY) -> dict[str, str]:
    """Return the fields of a form, as words, without what no database keeps.

    Raises `HTTPBadRequest` where what was sent is no form, `HTTPRequestEntityTooLarge` where it is longer than `most`.
    """
    if (size := len(await request.read())) > most:
        raise web.HTTPRequestEntityTooLarge(most, size)
    try:
        return {name: str(value).replace("\0", "") for name, value in (await request.post()).items()}
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest from error
