"""What a server's refusal means for an effect: a matter of the whole server, to be tried again, or hopeless and why."""

from bot.driver import ServerRefused
from handlers.events import NotInvited
from store import Reason

CHANNEL_EXISTS = "store.sql_channel.save_channel.exists.app_error"
NOT_IN_TEAM = "app.team.get_member.missing.app_error"
NO_SUCH_PERSON = "app.user.missing_account.const"
NO_SUCH_ROUTE = "api.context.404.app_error"
LATE_TRIGGER = "interactive_message.decode_trigger_id.expired"
FOREIGN_POST = "muster.foreign_post"
BAD_ROOTS = ("api.post.create_post.root_id.app_error", "api.post.create_post.channel_root_id.app_error")

_REASONS: dict[str, Reason] = {
    "api.post.create_post.can_not_post_to_deleted.error": "archived",
    "api.post.patch_post.can_not_update_post_in_deleted.error": "archived",
    "api.post.update_post.can_not_update_post_in_deleted.error": "archived",
    "app.channel.get.existing.app_error": "channel_gone",
    NO_SUCH_PERSON: "person_gone",
    "api.channel.create_direct_channel.invalid_user.app_error": "person_gone",
    "model.post.is_valid.msg.app_error": "too_long",
    "model.post.is_valid.message_length.app_error": "too_long",
    "model.post.is_valid.props.app_error": "too_long",
    "model.channel.is_valid.header.app_error": "too_long",
    "model.channel.is_valid.purpose.app_error": "too_long",
    "model.channel.is_valid.display_name.app_error": "too_long",
}


def is_for_all(refusal: ServerRefused) -> bool:
    """Return whether every other request would be refused too: bad token, rate limit, or not Mattermost's answer."""
    if refusal.status in (401, 429, 502, 503, 504):
        return True
    return not refusal.id and not is_too_large(refusal)


def is_hopeless(refusal: ServerRefused) -> bool:
    """Return whether no repetition can succeed.

    A 5xx may pass, except 501: that feature is off (server source: model.NewAppError with StatusNotImplemented).
    An unknown route means a wrong address or a proxy in between, which somebody may put right.
    """
    if is_for_all(refusal) or refusal.id == NO_SUCH_ROUTE:
        return False
    return 400 <= refusal.status < 500 or refusal.status == 501


def is_too_large(refusal: ServerRefused) -> bool:
    """Return whether the request was too large, for the server or for a proxy before it."""
    return refusal.status in (413, 414)


def reason(refusal: ServerRefused) -> Reason:
    """Return the word for why something is hopeless."""
    if refusal.id in _REASONS:
        return _REASONS[refusal.id]
    if is_too_large(refusal):
        return "too_long"
    if refusal.status == 403:
        return "forbidden"
    return "not_found" if refusal.status == 404 else "refused"


def invitation_reason(refusal: ServerRefused) -> NotInvited:
    """Return the word for why one person cannot be added to a channel."""
    words: dict[str, NotInvited] = {NOT_IN_TEAM: "not_in_team", NO_SUCH_PERSON: "unknown"}
    # A channel that a group of the company's directory fills takes nobody else.
    denied = refusal.status == 403 or refusal.id == "api.channel.add_members.user_denied"
    return words.get(refusal.id, "forbidden" if denied else "error")
