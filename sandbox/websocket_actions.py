"""What a client can ask over its websocket."""

from typing import TYPE_CHECKING, Any

from .errors import ApiError
from .hub import Event

if TYPE_CHECKING:
    from .websocket import Visit

Frame = dict[str, Any]


async def act(visit: "Visit", frame: Frame) -> bool:
    """Perform one action and answer it; False means that the socket must be cut."""
    raw_data = frame.get("data")
    data: Frame = raw_data if isinstance(raw_data, dict) else {}
    action = frame.get("action") or ""
    seq = frame.get("seq") or 0
    if action == "authentication_challenge":
        return await _challenge(visit, seq, data)
    if visit.connection is None:
        return True
    try:
        answer = _perform(visit, action, seq, data)
    except ApiError as error:
        await visit.reply(_fail(seq, error))
        return True
    if answer is not None:
        found: Frame = {"status": "OK", "seq_reply": seq}
        await visit.reply(found | ({"data": answer} if answer else {}))
    return True


async def _challenge(visit: "Visit", seq: int, data: Frame) -> bool:
    if visit.connection is not None:
        return True
    if not await visit.challenge(str(data.get("token", ""))):
        return False
    await visit.reply({"status": "OK", "seq_reply": seq})
    return True


def _perform(visit: "Visit", action: str, seq: int, data: Frame) -> Frame | None:
    """Return the answer's data; None when there is nothing to say."""
    world, connection = visit.world, visit.connection
    assert connection is not None
    if connection.silenced:
        return None
    if not action:
        raise ApiError("api.web_socket_router.no_action.app_error", 400)
    if seq <= 0:
        raise ApiError("api.web_socket_router.bad_seq.app_error", 400)
    if connection.logged_out:
        raise ApiError("api.web_socket_router.not_authenticated.app_error", 401)
    match action:
        case "ping":
            return {
                "node_id": "",
                "server_time": world.clock(),
                "text": "pong",
                "version": world.version.number,
            }
        case "user_typing":
            _typing(visit, connection.user_id, data)
            return {}
        case "user_update_active_status":
            world.hub.touch(connection.user_id)
            return {}
        case "get_statuses":
            return {connection.user_id: world.users[connection.user_id].status}
        case "get_statuses_by_ids":
            asked = data.get("user_ids") or []
            return {id: world.users[id].status for id in asked if id in world.users}
        case "presence" | "posted_notify_ack" if world.version.newest:
            return {}
    raise ApiError("api.web_socket_router.bad_action.app_error", 500)


def _typing(visit: "Visit", user_id: str, data: Frame) -> None:
    typing = {"parent_id": data.get("parent_id") or "", "user_id": user_id}
    channel_id = str(data.get("channel_id") or "")
    if channel_id not in visit.world.channels:
        raise ApiError("api.context.invalid_param.app_error", 400)
    visit.world.hub.publish(Event("typing", typing, channel_id=channel_id, omit=(user_id,)))


def _fail(seq: int, error: ApiError) -> Frame:
    found: Frame = {"status": "FAIL"}
    # A frame without a usable number is answered without one.
    if seq > 0:
        found["seq_reply"] = seq
    detail = {"id": error.id, "message": error.message, "detailed_error": ""}
    return found | {"error": detail | {"status_code": error.status}}
