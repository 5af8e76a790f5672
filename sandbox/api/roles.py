"""Roles: reading them, and changing them where the server lets an unlicensed one."""

from typing import Any

from ..errors import ApiError, bad_body
from ..integration_shapes import role_shape
from ..model import Role
from ..permissions import is_admin, require
from ..routing import Call, Route


async def by_name(call: Call) -> Any:
    """Show a role by name."""
    role = call.world.roles.get(call.text("role_name"))
    if role is None:
        raise ApiError("app.role.get_by_name.app_error", 404)
    return role_shape(role)


async def by_names(call: Call) -> Any:
    """Show several roles by name."""
    asked = call.strings("rolenames")
    return [role_shape(call.world.roles[name]) for name in asked if name in call.world.roles]


async def by_id(call: Call) -> Any:
    """Show a role by id."""
    return role_shape(_role(call))


async def patch_role(call: Call) -> Any:
    """Replace what a role allows; 5.37 wants a licence for that."""
    role, body = _role(call), call.object("role")
    require(is_admin(call.world, call.user))
    if not call.world.version.modern:
        raise ApiError("api.roles.patch_roles.license.error", 501)
    permissions = body.get("permissions")
    if not isinstance(permissions, list):
        raise bad_body("permissions")
    role.permissions, role.update_at = {str(row) for row in permissions}, call.world.clock()
    return role_shape(role)


def _role(call: Call) -> Role:
    role_id = call.id("role_id")
    found = next((row for row in call.world.roles.values() if row.id == role_id), None)
    if found is None:
        raise ApiError("app.role.get.app_error", 404)
    return found


ROUTES = [
    Route("POST", "/roles/names", by_names),
    Route("GET", "/roles/name/{role_name}", by_name),
    Route("GET", "/roles/{role_id}", by_id),
    Route("PUT", "/roles/{role_id}/patch", patch_role),
]
