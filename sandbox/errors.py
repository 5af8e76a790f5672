"""Errors as a Mattermost server words them: an id, a sentence and a status."""

from typing import Any

_SENTENCES = {
    "api.context.session_expired.app_error": "Invalid or expired session, please login again.",
    "api.context.permissions.app_error": "You do not have the appropriate permissions.",
    "api.context.404.app_error": "Sorry, we could not find the page.",
    "api.context.request_body_too_large.app_error": ("Unable to process request. Request body too large."),
    "app.user.missing_account.const": "Unable to find the user.",
    "app.user.get_by_username.app_error": (
        "Unable to find an existing account matching your username for this team. "
        "This team may require an invite from the team owner to join."
    ),
    "app.team.get_by_name.missing.app_error": "Unable to find the existing team.",
    "app.team.get.find.app_error": "Unable to find the existing team.",
    "app.team.get_member.missing.app_error": ("No team member found for that user ID and team ID."),
    "app.channel.get.existing.app_error": "Unable to find the existing channel.",
    "app.channel.get_by_name.missing.app_error": "Channel does not exist.",
    "app.channel.get_member.missing.app_error": ("No channel member found for that user ID and channel ID."),
    "app.channel.create_channel.internal_error": "Unable to save channel.",
    "store.sql_channel.save_channel.exists.app_error": ("A channel with that name already exists on the same team."),
    "model.channel.is_valid.1_or_more.app_error": ("Name must be 1 or more lowercase alphanumeric character."),
    "model.channel.is_valid.2_or_more.app_error": ("Name must be 2 or more lowercase alphanumeric characters."),
    "api.channel.delete_channel.deleted.app_error": ("The channel has been archived or deleted."),
    "api.post.create_post.can_not_post_to_deleted.error": "Can not post to deleted channel.",
    "api.post.create_post.root_id.app_error": "Invalid RootId parameter.",
    "api.post.do_action.action_integration.app_error": "Action integration error.",
    "app.post.get.app_error": "Unable to get the post.",
    "model.post.is_valid.msg.app_error": "Invalid message.",
    "model.post.is_valid.message_length.app_error": (
        "Post Message property is longer than the maximum permitted length."
    ),
    "model.post.is_valid.props.app_error": "Invalid props.",
    "api.file.attachments.disabled.app_error": "File attachments have been disabled on this server.",
    "api.file.upload_file.read_request.app_error": ("Unable to upload file(s). Error reading or parsing request data."),
    "api.reaction.save_reaction.user_id.app_error": ("You cannot save reaction for the other user."),
    "api.command.duplicate_trigger.app_error": ("This trigger word is already in use. Please choose another word."),
    "api.bot.create_disabled": "Bot creation has been disabled.",
    "api.web_socket_router.bad_action.app_error": "Unknown WebSocket action.",
    "api.web_socket_router.bad_seq.app_error": "Invalid sequence for WebSocket message.",
    "api.web_socket_router.no_action.app_error": "No websocket action.",
    "api.web_socket_router.not_authenticated.app_error": (
        "WebSocket connection is not authenticated. Please log in and try again."
    ),
    "api.user.login.invalid_credentials_email_username": ("Enter a valid email or username and/or password."),
    "store.sql_bot.get.missing.app_error": "Bot does not exist.",
    "api.roles.patch_roles.license.error": ("Your current license does not support advanced permissions."),
    "api.license_error": "Your license does not support this feature.",
    "api.ldap_groups.license_error": "Your license does not support LDAP Groups.",
    "app.group.no_rows": "No matching Group found.",
    "api.channel.patch_update_channel.no_changes.app_error": "No changes were made to the channel.",
    "api.channel.bookmark.channel_bookmark.license.error": ("Your license does not support channel bookmarks."),
}


class ApiError(Exception):
    """A refusal with the id that clients switch on."""

    def __init__(self, id: str, status: int, message: str = "") -> None:
        super().__init__(id)
        self.id = id
        self.status = status
        self.message = message or _SENTENCES.get(id, "An error occurred.")

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """Return the JSON object; unknown routes are answered without a request id."""
        found: dict[str, Any] = {"id": self.id, "message": self.message, "detailed_error": ""}
        if request_id is not None:
            found["request_id"] = request_id
        return found | {"status_code": self.status}


class DropConnection(Exception):
    """The server lets go of the TCP connection instead of answering."""


def forbidden() -> ApiError:
    """The caller lacks a permission."""
    return ApiError("api.context.permissions.app_error", 403)


def unauthorized() -> ApiError:
    """The token is missing, unknown, revoked or expired."""
    return ApiError("api.context.session_expired.app_error", 401)


def bad_body(what: str) -> ApiError:
    """The body, or a field of it, is missing or has the wrong form."""
    text = f"Invalid or missing {what} in request body."
    return ApiError("api.context.invalid_body_param.app_error", 400, text)


def bad_url(what: str) -> ApiError:
    """An identifier in the path is malformed."""
    text = f"Invalid or missing {what} parameter in request URL."
    return ApiError("api.context.invalid_url_param.app_error", 400, text)


def bad_param(what: str) -> ApiError:
    """A value is not allowed."""
    return ApiError("api.context.invalid_param.app_error", 400, f"Invalid {what} parameter.")


def unknown_user() -> ApiError:
    """No such user."""
    return ApiError("app.user.missing_account.const", 404)


def unknown_channel(named: str = "") -> ApiError:
    """No such channel; 11.6 names the id that was asked for."""
    text = f"Unable to find the existing channel {named}." if named else ""
    return ApiError("app.channel.get.existing.app_error", 404, text)


def unknown_post() -> ApiError:
    """No such post, or a deleted one."""
    return ApiError("app.post.get.app_error", 404)
