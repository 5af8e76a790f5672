"""OAuth 2.0: applications, asking a person to let one in, and the token that it gets for a code."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from ..errors import ApiError, bad_param
from ..ids import new_id
from ..model import OAuthApp, OAuthCode, Session
from ..permissions import is_admin, require
from ..routing import OK, Call, Route, string

_CODE_LIFE = 600_000


async def create_app(call: Call) -> Any:
    """Register an application; its secret is shown to who made it."""
    require(is_admin(call.world, call.user))
    if not call.world.setting("ServiceSettings", "EnableOAuthServiceProvider"):
        raise ApiError("api.oauth.register_oauth_app.turn_off.app_error", 501)
    body = call.object("oauth_app")
    callbacks = [str(one) for one in body.get("callback_urls") or []]
    if not callbacks or not string(body, "homepage"):
        raise ApiError("model.oauth.is_valid.callback.app_error", 400)
    made = OAuthApp(new_id(), new_id(), string(body, "name"), callbacks, bool(body.get("is_trusted")))
    call.world.oauth_apps[made.id] = made
    return {
        "id": made.id,
        "client_secret": made.secret,
        "name": made.name,
        "callback_urls": callbacks,
        "is_trusted": made.is_trusted,
        "creator_id": call.user.id,
    }


async def delete_app(call: Call) -> Any:
    """Take an application away."""
    require(is_admin(call.world, call.user))
    call.world.oauth_apps.pop(call.id("app_id"), None)
    return OK


async def look(call: Call) -> web.Response:
    """Show whom an application wants to know; one that is trusted is told at once, whoever is not logged in does so."""
    if call.caller is None:
        back = urlencode({"redirect_to": call.request.path_qs})
        return _to(f"{call.world.setting('ServiceSettings', 'SiteURL')}/login?{back}")
    asked = _asked(call, dict(call.request.query))
    if asked.app.is_trusted:
        return _to(_allowed(call, asked))
    return web.Response(text="<!doctype html><title>Authorize</title>", content_type="text/html")


async def allow(call: Call) -> Any:
    """*Allow* on that page: tell where the browser goes with the code."""
    call.require_login()
    return {"redirect": _allowed(call, _asked(call, call.object("authorize_request")))}


async def give_token(call: Call) -> Any:
    """Give an application the token of a person, once for each code."""
    sent = dict(parse_qsl(call.body.decode(errors="replace")))
    app = call.world.oauth_apps.get(sent.get("client_id", ""))
    if sent.get("grant_type") != "authorization_code" or app is None:
        raise ApiError("api.oauth.get_access_token.bad_grant.app_error", 400)
    if sent.get("client_secret") != app.secret:
        newest = call.world.version.newest
        raise ApiError(
            "model.oauth.validate_grant.credentials.app_error"
            if newest
            else "api.oauth.get_access_token.credentials.app_error",
            401 if newest else 403,
        )
    code = call.world.oauth_codes.get(sent.get("code", ""))
    is_good = code is not None and code.app_id == app.id and code.redirect_uri == sent.get("redirect_uri")
    if code is None or not is_good or call.world.clock() - code.create_at > _CODE_LIFE:
        raise ApiError("api.oauth.get_access_token.expired_code.app_error", 400)
    # Older servers know nothing of a challenge.
    if call.world.version.newest and code.challenge and _challenge(sent.get("code_verifier", "")) != code.challenge:
        raise ApiError("model.authorize.validate_pkce.verification_failed.app_error", 400)
    del call.world.oauth_codes[code.code]
    token = new_id()
    call.world.sessions[token] = Session(token, code.user_id)
    return {"access_token": token, "token_type": "bearer", "expires_in": 2_592_000, "scope": "", "refresh_token": ""}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asks for."""

    app: OAuthApp
    redirect_uri: str
    state: str
    challenge: str


def _asked(call: Call, said: dict[str, Any]) -> Asked:
    app = call.world.oauth_apps.get(string(said, "client_id"))
    if app is None or string(said, "redirect_uri") not in app.callback_urls:
        raise ApiError("api.oauth.allow_oauth.redirect_callback.app_error", 400)
    if string(said, "response_type") != "code":
        raise bad_param("response_type")
    return Asked(app, string(said, "redirect_uri"), string(said, "state"), string(said, "code_challenge"))


def _allowed(call: Call, asked: Asked) -> str:
    made = OAuthCode(new_id() * 2, asked.app.id, call.user.id, asked.redirect_uri, asked.challenge, call.world.clock())
    call.world.oauth_codes[made.code] = made
    return f"{asked.redirect_uri}?{urlencode({'code': made.code, 'state': asked.state})}"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _to(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})


ROUTES = [
    Route("POST", "/oauth/apps", create_app, status=201),
    Route("DELETE", "/oauth/apps/{app_id}", delete_app),
]

OPEN_ROUTES = [
    Route("GET", "/oauth/authorize", look, public=True),
    Route("POST", "/oauth/authorize", allow, public=True),
    Route("POST", "/oauth/access_token", give_token, public=True),
]
"""Routes outside `/api/v4`, which browsers and applications ask."""
