"""What a client can ask over its websocket."""

from typing import Any, Protocol

from .connection import Connection
from .errors import ApiError
from .hub import Event
from .world import World

Frame = dict[str, Any]


class Client(Protocol):
    """Who asks: a socket with its connection, once it has one."""

    world: World
    connection: Connection | None

    async def reply(self, value: Frame) -> None: ...

    async def challenge(self, token: str) -> bool: ...


async def act(visit: Client, frame: Frame) -> bool:
    """Perform one action and answer it; False means that the socket must be cut."""
    data, action, seq = frame.get("data") or {}, frame.get("action") or "", frame.get("seq") or 0
    if not (isinstance(data, dict) and isinstance(action, str) and isinstance(seq, int)):
        return False
    if action == "authentication_challenge":
        return await _challenge(visit, seq, data)
    connection = visit.connection
    if connection is None or connection.silenced:
        return True
    try:
        answer = _perform(visit, connection, action, seq, data)
    except ApiError as error:
        await visit.reply(_fail(seq, error))
        return True
    found: Frame = {"status": "OK", "seq_reply": seq}
    await visit.reply(found | ({"data": answer} if answer else {}))
    return True


async def _challenge(visit: Client, seq: int, data: Frame) -> bool:
    if visit.connection is not None:
        return True
    if not await visit.challenge(str(data.get("token", ""))):
        return False
    await visit.reply({"status": "OK", "seq_reply": seq})
    return True


def _perform(visit: Client, connection: Connection, action: str, seq: int, data: Frame) -> Frame:
    """Return the answer's data."""
    world = visit.world
    if not action:
        raise ApiError("api.web_socket_router.no_action.app_error", 400)
    if seq <= 0:
        raise ApiError("api.web_socket_router.bad_seq.app_error", 400)
    if connection.logged_out:
        raise ApiError("api.web_socket_router.not_authenticated.app_error", 401)
    match action:
        case "ping":
            text = {"node_id": "", "server_time": world.clock(), "text": "pong"}
            return text | {"version": world.version.number}
        case "user_typing":
            _tell_typing(world, connection.user_id, data)
        case "user_update_active_status":
            world.hub.touch(connection.user_id)
        case "get_statuses":
            return {connection.user_id: world.users[connection.user_id].status}
        case "get_statuses_by_ids":
            asked = data.get("user_ids") or []
            return {user_id: world.users[user_id].status for user_id in asked if user_id in world.users}
        case "presence" | "posted_notify_ack" if world.version.newest:
            pass
        case _:
            raise ApiError("api.web_socket_router.bad_action.app_error", 500)
    return {}


def _tell_typing(world: World, user_id: str, data: Frame) -> None:
    typing = {"parent_id": data.get("parent_id") or "", "user_id": user_id}
    channel_id = str(data.get("channel_id") or "")
    if channel_id not in world.channels:
        raise ApiError("api.context.invalid_param.app_error", 400)
    world.hub.publish(Event("typing", typing, channel_id=channel_id, omit=(user_id,)))


def _fail(seq: int, error: ApiError) -> Frame:
    found: Frame = {"status": "FAIL"}
    # A frame without a usable number is answered without one.
    if seq > 0:
        found["seq_reply"] = seq
    detail = {"id": error.id, "message": error.message, "detailed_error": ""}
    return found | {"error": detail | {"status_code": error.status}}
