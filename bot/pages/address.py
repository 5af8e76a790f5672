"""Where the pages are: their address, and what of it stands before each path."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Address:
    """The address of the pages, such as https://playbooks.example.com."""

    url: str

    @property
    def is_secure(self) -> bool:
        return self.url.startswith("https:")

    @property
    def origin(self) -> str:
        """What a browser says of a page that sent a form."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """What a browser says whom it asks."""
        return urlsplit(self.url).netloc.lower()

    @property
    def prefix(self) -> str:
        """What stands before each path of a page."""
        return urlsplit(self.url).path.rstrip("/")

    def to(self, path: str) -> str:
        """Return the address of a page, as it stands in pages."""
        return f"{self.prefix}{path}"


def see(path: str, address: Address) -> web.Response:
    """Answer with another page to look at, which a browser asks for by itself, whatever it sent."""
    return web.Response(status=303, headers={"Location": address.to(path)})


def path_of(request: web.Request, address: Address) -> str:
    """Return a page's own path, as its forms come back to it."""
    return request.path_qs.removeprefix(address.prefix) or "/"
