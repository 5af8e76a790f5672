"""Getting in by being signed in to Mattermost: OAuth 2.0, by an authorization code with state and PKCE."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import structlog
from aiohttp import web

from bot.driver import Driver, ServerRefused, ServerUnreachable, connect
from bot.pages.entrance import Entrance
from bot.settings.sections import Pages
from bot.wire.reading import BadFrame, read_user
from handlers.text.paths import wanted

log = structlog.get_logger()

SECONDS = 600
"""How long somebody has to sign in to Mattermost on the way."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The application as Mattermost knows it; `server` is where the bot reaches the server."""

    server: str
    client_id: str
    client_secret: str
    verify: bool = True

    async def person_of(self, code: str, verifier: str, redirect_uri: str) -> str:
        """Return the id of who let the application know who they are; the token that tells it ends at once.

        Raises `ServerRefused` for a code that is old, used or made up, and `ServerUnreachable`.
        """
        door = connect(self.server, "", verify=self.verify)
        try:
            token = await self.token_for(door, code, verifier, redirect_uri)
        finally:
            await door.close()
        return await self._who(token)

    async def token_for(self, door: Driver, code: str, verifier: str, redirect_uri: str) -> str:
        """Return the token that the server gives for a code, empty for an answer without one."""
        asked = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "redirect_uri": redirect_uri,
            "code": code,
            # Servers before 11 do not look at it.
            "code_verifier": verifier,
        }
        path = urlsplit(self.server).path.rstrip("/")
        said = await door.client.make_request("post", "/oauth/access_token", data=asked, basepath=path)
        return str(said.get("access_token", "")) if isinstance(said, dict) else ""

    async def _who(self, token: str) -> str:
        theirs = connect(self.server, token, verify=self.verify)
        try:
            person_id = read_user(await theirs.client.get("/users/me")).id
            await theirs.client.post("/users/logout")
        except BadFrame as error:
            raise ServerUnreachable(f"an answer that cannot be read: {error}") from error
        finally:
            await theirs.close()
        return person_id


@dataclass(frozen=True, slots=True)
class OAuth:
    """The way in by Mattermost."""

    provider: Provider
    entrance: Entrance

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Answer at the addresses of this way in."""
        to = self.entrance.address.to
        router.add_get(to("/oauth"), self.ask)
        router.add_get(to("/oauth/back"), self.back)

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Send a browser to Mattermost; what it has to bring back stays with it alone."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = urlencode(
            {
                "response_type": "code",
                "client_id": self.provider.client_id,
                "redirect_uri": self._back,
                "state": state,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        to = base64.urlsafe_b64encode(wanted(request.query.get("to", "")).encode()).decode()
        site = self.entrance.visits.questions.desk.here.site_url
        response = web.Response(status=303, headers={"Location": f"{site}/oauth/authorize?{asked}"})
        self.entrance.visits.cookies.put(response, "oauth", f"{state}.{verifier}.{to}", SECONDS)
        return response

    async def back(self, request: web.Request) -> web.StreamResponse:
        """Let somebody in whom Mattermost sent back with a code; each way there counts once."""
        kept = self.entrance.visits.cookies.get(request, "oauth")
        state, _, rest = kept.partition(".")
        verifier, _, to = rest.partition(".")
        response = await self._let_in(request, state, verifier, _decoded(to))
        self.entrance.visits.cookies.drop(response, "oauth")
        return response

    async def _let_in(self, request: web.Request, state: str, verifier: str, to: str) -> web.StreamResponse:
        said, code = request.query.get("state", ""), request.query.get("code", "")
        if not state or not hmac.compare_digest(*(one.encode("utf-8", "surrogatepass") for one in (said, state))):
            return await self.entrance.ways_in(request, "oauth_old", to, status=400)
        if not code:
            return await self.entrance.ways_in(request, "oauth_no", to)
        try:
            person_id = await self.provider.person_of(code, verifier, self._back)
        except (ServerRefused, ServerUnreachable) as error:
            log.warning("Mattermost did not say who somebody is", action="oauth_failed", why=str(error))
            return await self.entrance.ways_in(request, "oauth_failed", to, status=502)
        return await self.entrance.admit(request, person_id, to)

    @property
    def _back(self) -> str:
        return f"{self.entrance.address.url}/oauth/back"


def _decoded(text: str) -> str:
    try:
        return wanted(base64.urlsafe_b64decode(text.encode()).decode())
    except ValueError:
        return wanted("")


def provider_of(said: Pages, server: str, *, verify: bool) -> Provider | None:
    """Return the application that the settings of the pages name; None where they name none."""
    secret = said.oauth_client_secret.get_secret_value()
    return Provider(server, said.oauth_client_id, secret, verify) if said.oauth_client_id and secret else None
