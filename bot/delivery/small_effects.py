"""The gateway's smaller deeds: what one or two requests do, each harmless when it is done again."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any, Literal

from bot.delivery.refusals import is_for_all
from bot.driver import Driver, ServerRefused
from bot.transaction.parcel import Parcel
from bot.wire import answers, outgoing
from handlers import effects as do
from handlers.events import ChannelArranged, CommandRan, NotRun

_NOT_ARCHIVED = "api.channel.restore_channel.restored.app_error"
_NO_MEMBER = "app.channel.get_member.missing.app_error"
_ARCHIVED = "api.channel.delete_channel.deleted.app_error"
_NO_SUCH_THING = "api.channel.patch_update_channel.no_changes.app_error"
"""What a server answers that has no categories of channels, or has them switched off (seen on 11.6)."""
_NO_EMOJI = (400, 404)
_NOT_RUN: dict[int, NotRun] = {404: "unknown", 403: "forbidden"}


async def react(driver: Driver, own_id: str, post_id: str, effect: do.React) -> None:
    """Put reactions under a post in their order; one that the server does not know is left out."""
    for name in effect.emoji:
        try:
            await driver.reactions.create_reaction({"user_id": own_id, "post_id": post_id, "emoji_name": name})
        except ServerRefused as refusal:
            if refusal.status not in _NO_EMOJI or is_for_all(refusal):
                raise


async def change_channel(driver: Driver, effect: do.ChangeChannel) -> None:
    """Restore, rename and archive a channel, as far as it is wanted and not so already."""
    path = f"/channels/{effect.place_id}"
    if effect.archived is False:
        await _unless(driver.client.post(f"{path}/restore"), _NOT_ARCHIVED)
    if effect.title is not None:
        await driver.client.put(f"{path}/patch", {"display_name": effect.title})
    if effect.archived:
        await _unless(driver.client.delete(path), _ARCHIVED)


async def arrange_channel(driver: Driver, effect: do.ArrangeChannel, now: datetime) -> ChannelArranged:
    """Give a channel a header or a category; return whether the server has such a thing."""
    try:
        channel = await driver.client.put(f"/channels/{effect.place_id}/patch", outgoing.arrangement(effect))
    except ServerRefused as refusal:
        if refusal.id != _NO_SUCH_THING:
            raise
        return ChannelArranged(at=now, action_id=effect.action_id, is_done=False)
    is_done = effect.category is None or answers.has_category(channel, effect.category)
    return ChannelArranged(at=now, action_id=effect.action_id, is_done=is_done)


async def remove_person(driver: Driver, effect: do.RemovePerson) -> None:
    """Remove somebody from a channel; who is not in it need not be removed."""
    await _unless(driver.client.delete(f"/channels/{effect.place_id}/members/{effect.person_id}"), _NO_MEMBER)


async def set_head(driver: Driver, effect: do.SetHead) -> None:
    """Make somebody a channel's admin, or no longer one; who is not in it is none.

    Whoever opens a channel may say so (seen on 5.37, 10.0 and 11.6).
    """
    roles = {"scheme_user": True, "scheme_admin": effect.is_head}
    path = f"/channels/{effect.place_id}/members/{effect.person_id}/schemeRoles"
    await _unless(driver.client.put(path, roles), _NO_MEMBER)


async def run_command(driver: Driver, parcel: Parcel, effect: do.RunCommand, now: datetime) -> CommandRan:
    """Run a slash command as the bot, once: where a first attempt may have run it, it is not run again."""
    trouble: NotRun | Literal[""] = ""
    answer = ""
    if not effect.is_allowed:
        trouble = "before"
    elif parcel.is_repeated:
        trouble = "unsure"
    else:
        try:
            told = await driver.client.post(
                "/commands/execute", {"channel_id": effect.place_id, "command": effect.command}
            )
            answer = str(told.get("text") or "")
        except ServerRefused as refusal:
            if is_for_all(refusal) and refusal.status in (401, 429):
                raise
            trouble = _NOT_RUN.get(refusal.status, "failed")
    return CommandRan(
        at=now,
        task_id=effect.task_id,
        by_id=effect.by_id,
        command=effect.command,
        trouble=trouble,
        answer=answer,
        action_id=effect.action_id,
    )


async def _unless(request: Awaitable[Any], harmless: str) -> None:
    try:
        await request
    except ServerRefused as refusal:
        if refusal.id != harmless:
            raise
