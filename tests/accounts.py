"""Accounts that tests make on a server and leave deactivated, since servers count those that are active."""

from typing import Any, Self

from sandbox.human import Human, Refused

PASSWORD = "Story-pass-2026"


class Visitor(Human):
    """Somebody with an account of a test's own, which is deactivated when it is left."""

    def __init__(self, admin: Human, url: str, id: str, username: str) -> None:
        super().__init__(url, username, PASSWORD)
        self.id = id
        self._admin = admin

    async def __aenter__(self) -> Self:
        try:
            return await super().__aenter__()
        except BaseException:
            await deactivate(self._admin, self.id)
            raise

    async def __aexit__(self, *how: Any) -> None:
        try:
            await super().__aexit__(*how)
        finally:
            await deactivate(self._admin, self.id)


async def person(admin: Human, url: str, team: dict[str, Any] | None, username: str) -> Visitor:
    """Make an account, in the team if there is one; who enters it is logged in, and nobody is left when it ends.

    An unlicensed 11.x refuses the 251st active account (server source: app/limits.go).
    """
    user = await admin.rest(
        "POST", "/users", {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
    )
    visitor = Visitor(admin, url, user["id"], username)
    if team is None:
        return visitor
    visitor.team_id = team["id"]
    try:
        await admin.rest("POST", f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": user["id"]})
    except BaseException:
        await deactivate(admin, user["id"])
        raise
    return visitor


async def deactivate(admin: Human, user_id: str) -> None:
    """Deactivate somebody's account, as often as one likes."""
    await admin.rest("DELETE", f"/users/{user_id}")


async def disable_bot(admin: Human, username: str) -> None:
    """Disable a bot's account, if there is one of that name."""
    try:
        user = await admin.rest("GET", f"/users/username/{username}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return
    await admin.rest("POST", f"/bots/{user['id']}/disable")
