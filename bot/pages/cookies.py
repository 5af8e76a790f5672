"""The cookies: one says who is signed in, one that this browser looked at the way in."""

import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.pages.address import Address
from store import key_of

A_VISIT = 3600
"""Seconds for which the way in may be looked at before its forms have to be asked for anew."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and writes the cookies of the pages at one address.

    With https a browser takes them by their names from nobody else: not without https, and from no other host.
    """

    address: Address

    def session(self, request: web.Request) -> str:
        """Return the key of a browser's session, empty where it names none; that says nothing yet."""
        secret = request.cookies.get(self._name("session"), "")
        return key_of(secret) if secret else ""

    def form_token(self, request: web.Request) -> str:
        """Return what forms carry that were made for this browser, empty where it can have none."""
        found = (request.cookies.get(self._name(name), "") for name in ("session", "visit"))
        secret = next((one for one in found if one), "")
        return key_of(f"form:{secret}") if secret else ""

    def begin(self, response: web.StreamResponse, secret: str, seconds: float) -> None:
        """Let a browser keep who is signed in."""
        self.put(response, "session", secret, seconds)
        self.drop(response, "visit")

    def visit(self, request: web.Request, response: web.StreamResponse) -> str:
        """Let a browser without a session send forms; return what they carry."""
        if token := self.form_token(request):
            return token
        secret = secrets.token_urlsafe(16)
        self.put(response, "visit", secret, A_VISIT)
        return key_of(f"form:{secret}")

    def put(self, response: web.StreamResponse, name: str, value: str, seconds: float) -> None:
        secure, path = self.address.is_secure, self._path
        response.set_cookie(
            self._name(name), value, max_age=int(seconds), path=path, secure=secure, httponly=True, samesite="Lax"
        )

    def get(self, request: web.Request, name: str) -> str:
        return request.cookies.get(self._name(name), "")

    def drop(self, response: web.StreamResponse, name: str) -> None:
        response.del_cookie(self._name(name), path=self._path, secure=self.address.is_secure, httponly=True)

    @property
    def _path(self) -> str:
        return self.address.prefix or "/"

    def _name(self, name: str) -> str:
        if not self.address.is_secure:
            return f"muster-{name}"
        return f"__Secure-muster-{name}" if self.address.prefix else f"__Host-muster-{name}"
