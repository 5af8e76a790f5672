"""What Muster relies on where people sign in to its pages by Mattermost, on every server."""

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from ground import Ground

BACK = "http://127.0.0.1:9/oauth/back"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@asynccontextmanager
async def application(on: Ground, *, is_trusted: bool = True) -> AsyncIterator[dict[str, Any]]:
    body = {"name": "Muster", "description": "x", "homepage": "http://127.0.0.1:9", "callback_urls": [BACK]}
    # 5.37 comes with it switched off.
    await on.admin.rest("PUT", "/config/patch", {"ServiceSettings": {"EnableOAuthServiceProvider": True}})
    made = await on.admin.rest("POST", "/oauth/apps", body | {"is_trusted": is_trusted})
    yield made
    await on.admin.rest("DELETE", f"/oauth/apps/{made['id']}")


def asked(app: dict[str, Any], **more: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": app["id"],
        "redirect_uri": BACK,
        "state": "s.t-a_te",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **more,
    }


async def sent_to(on: Ground, query: dict[str, str], token: str = "") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{on.url}/oauth/authorize"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(url, params=query, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers.get("Location", "")


async def token_for(on: Ground, app: dict[str, Any], code: str, **more: str) -> tuple[int, dict[str, Any]]:
    body = {
        "grant_type": "authorization_code",
        "client_id": app["id"],
        "client_secret": app["client_secret"],
        "redirect_uri": BACK,
        "code": code,
        "code_verifier": VERIFIER,
        **more,
    }
    headers = {"Authorization": "Bearer "}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{on.url}/oauth/access_token", data=body) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_trusted_application_is_told_at_once_who_somebody_is_once_for_each_code(on: Ground) -> None:
    async with application(on) as app:
        status, back = await sent_to(on, asked(app), on.alice.token)
        said = dict(parse_qsl(urlsplit(back).query))
        assert (status, back.partition("?")[0], said["state"]) == (302, BACK, "s.t-a_te")
        status, given = await token_for(on, app, said["code"])
        assert (status, given["token_type"]) == (200, "bearer")
        headers = {"Authorization": f"Bearer {given['access_token']}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            async with session.get(f"{on.url}/api/v4/users/me") as answer:
                assert (await answer.json())["id"] == on.alice.id
            async with session.post(f"{on.url}/api/v4/users/logout") as answer:
                assert answer.status == 200
            async with session.get(f"{on.url}/api/v4/users/me") as answer:
                assert answer.status == 401
        assert (await token_for(on, app, said["code"]))[0] == 400


async def test_who_is_not_signed_in_is_asked_to_and_an_untrusted_application_is_asked_about(on: Ground) -> None:
    async with application(on, is_trusted=False) as app:
        status, to = await sent_to(on, asked(app))
        assert (status, urlsplit(to).path) == (302, "/login")
        assert "redirect_to" in to
        assert (await sent_to(on, asked(app), on.alice.token))[0] != 302


async def test_a_code_goes_nowhere_else_and_needs_the_secret(on: Ground) -> None:
    async with application(on) as app:
        status, to = await sent_to(on, asked(app, redirect_uri="http://evil.example/"), on.alice.token)
        assert (status, to) == (400, "")
        _, back = await sent_to(on, asked(app), on.alice.token)
        code = dict(parse_qsl(urlsplit(back).query))["code"]
        assert (await token_for(on, app, code, client_secret="wrong"))[0] in (401, 403)
