"""What a log calls the address that was asked for: some addresses let whoever has them in."""

from aiohttp import web


def route_of(request: web.Request) -> str:
    """Return the address without what varies in it, such as `/in/{pass}`; "elsewhere" where nothing stands at it."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "elsewhere"
