"""What holds for all requests and answers of the pages: who is asked, who may send, and what a browser may do."""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.pages.address import Address

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A drawing has its styles in itself, and is looked at alone."""
HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
A_YEAR = 31_536_000


def secured(response: web.StreamResponse, address: Address) -> None:
    """Say in an answer's head what a browser may do with it; nothing is kept that does not say so itself."""
    is_picture = response.content_type == "image/svg+xml"
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = PICTURE_POLICY if is_picture else POLICY
    if response.headers.get("Cache-Control") in (None, "no-cache"):
        response.headers["Cache-Control"] = "no-store"
    if address.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"


def is_for(request: web.Request, address: Address) -> bool:
    """Return whether a request was made to the address of the pages, and not to another name of this machine."""
    default = ":443" if address.is_secure else ":80"
    return request.host.lower().removesuffix(default) == address.host.removesuffix(default)


def comes_from_here(request: web.Request, address: Address) -> bool:
    """Return whether a form was sent by a page of these, as far as the browser says from where."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None and origin != "null":
        return origin.lower() == _origin(address)
    return origin is None and site in (None, "same-origin")


def is_made_for(sent: str, token: str) -> bool:
    """Return whether a form was made for the browser that sent it."""
    return bool(token) and hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), token.encode())


def _origin(address: Address) -> str:
    parts = urlsplit(address.url)
    default = {"https": ":443", "http": ":80"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(default)}".lower()
