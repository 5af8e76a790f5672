"""What a form was filled in with."""

from aiohttp import web


async def sent_with(request: web.Request) -> dict[str, str]:
    """Return the fields of a form, as words, without what no database keeps.

    Raises `HTTPBadRequest` where what was sent is no form.
    """
    try:
        return {name: str(value).replace("\0", "") for name, value in (await request.post()).items()}
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest from error
