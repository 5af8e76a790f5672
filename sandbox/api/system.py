"""The server itself: whether it is up, its settings, its licence, its limits."""

from typing import Any

from ..config import client_config, merge
from ..errors import ApiError
from ..permissions import is_admin, require
from ..routing import Call, Route


async def ping(call: Call) -> Any:
    """Say that the server is up."""
    names = ["AndroidLatestVersion", "AndroidMinVersion", "IosLatestVersion", "IosMinVersion"]
    if not call.world.version.modern:
        names += ["DesktopLatestVersion", "DesktopMinVersion"]
    found = dict.fromkeys(sorted(names), "")
    if call.world.version.modern:
        found = {"ActiveSearchBackend": "database"} | found
    return found | {"status": "OK"}


async def get_config(call: Call) -> Any:
    """Show all settings to administrators."""
    require(is_admin(call.world, call.user))
    return call.world.config


async def put_config(call: Call) -> Any:
    """Change settings; sections that are not given stay."""
    require(is_admin(call.world, call.user))
    patch = call.object("config")
    service = patch.get("ServiceSettings")
    cleared = isinstance(service, dict) and service.get("SiteURL") == ""
    if call.world.version.modern and cleared:
        raise ApiError("api.config.update_config.clear_siteurl.app_error", 400)
    merge(call.world.config, patch)
    return call.world.config


async def client(call: Call) -> Any:
    """Show the settings that clients need, fewer of them to strangers."""
    if call.query("format") != "old" and not call.world.version.newest:
        raise ApiError("api.config.client.old_format.app_error", 501)
    return client_config(call.world.config, call.world.version, call.caller is not None)


async def license_client(call: Call) -> Any:
    """Say that the server has no licence."""
    if call.query("format") != "old" and not call.world.version.newest:
        raise ApiError("api.license.client.old_format.app_error", 501)
    return {"IsLicensed": "false"}


async def limits(call: Call) -> Any:
    """Show how many users the server bears."""
    people = [row for row in call.world.users.values() if not row.is_bot and not row.delete_at]
    return {
        "maxUsersLimit": 200,
        "maxUsersHardLimit": 250,
        "activeUserCount": len(people) if is_admin(call.world, call.user) else 0,
        "postHistoryLimit": 0,
        "lastAccessiblePostTime": 0,
    }


ROUTES = [
    Route("GET", "/system/ping", ping, public=True),
    Route("GET", "/config", get_config),
    Route("PUT", "/config", put_config),
    Route("PUT", "/config/patch", put_config),
    Route("GET", "/config/client", client, public=True),
    Route("GET", "/license/client", license_client, public=True),
    Route("GET", "/limits/server", limits, since=10),
]
