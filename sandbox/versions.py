"""Which of the three server generations does what: the switches that a client can notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """The observable differences between Mattermost releases."""

    number: str
    major: int
    hash_length: int
    trigger_seconds: int
    """How long a trigger id can open dialogs."""
    props_limit: int
    body_limit: int
    """Longest request body that is read; longer ones are answered with 413."""
    message_error: str
    """The error id for a message that is too long."""
    hook_used_up: str
    hook_missing: str
    most_files: int
    """How many files a post can have."""

    @property
    def modern(self) -> bool:
        """10.0 and later: receiver-only mentions, public channels readable, sockets that resume."""
        return self.major >= 10

    @property
    def newest(self) -> bool:
        """11.6: multi-step dialogs, lookups, thread roots in commands, stricter answers."""
        return self.major >= 11


_BODY_LIMIT = 300_000 + 512
"""MaximumPayloadSizeBytes and the slack that the server adds."""

V5_37 = Version(
    number="5.37.0",
    major=5,
    hash_length=32,
    trigger_seconds=3,
    props_limit=8_000,
    body_limit=50 * 1024 * 1024,
    message_error="model.post.is_valid.msg.app_error",
    hook_used_up="app.command_webhook.try_use.invalid",
    hook_missing="app.command_webhook.get.missing",
    most_files=5,
)
V10_0 = Version(
    number="10.0.0",
    major=10,
    hash_length=32,
    trigger_seconds=30,
    props_limit=800_000,
    body_limit=_BODY_LIMIT,
    message_error="model.post.is_valid.msg.app_error",
    hook_used_up="app.command_webhook.try_use.invalid",
    hook_missing="app.command_webhook.get.missing",
    most_files=10,
)
V11_6 = Version(
    number="11.6.0",
    major=11,
    hash_length=64,
    trigger_seconds=30,
    props_limit=800_000,
    body_limit=_BODY_LIMIT,
    message_error="model.post.is_valid.message_length.app_error",
    hook_used_up="web.command_webhook.general.app_error",
    hook_missing="web.command_webhook.general.app_error",
    most_files=10,
)

VERSIONS = {"5.37": V5_37, "10.0": V10_0, "11.6": V11_6}
"""The versions by the name that a test selects them with."""
