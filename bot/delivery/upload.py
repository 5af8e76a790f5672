"""Uploading the files of a message, which the post that is made next takes by their ids."""

from bot.delivery.refusals import is_for_all, is_hopeless
from bot.driver import Driver, ServerRefused
from bot.transaction.parcel import Parcel
from bot.wire import answers
from handlers.effects import Files

TRIES = 6
"""How often files are tried that the server fails on alone, such as for want of room: half a minute and more."""


async def uploaded(driver: Driver, parcel: Parcel, place_id: str, attached: Files | None) -> list[str]:
    """Upload files for a channel; return their ids, none where the server will not take all of them.

    Nothing is seen of a file until a post has it, so what an attempt before has uploaded does no harm. Whether the
    channel takes a post at all is told by the post. Raises `ServerRefused` and `ServerUnreachable`.
    """
    ids: list[str] = []
    for file in attached.files if attached is not None else ():
        try:
            ids += await _upload(driver, place_id, file.name, file.content)
        except ServerRefused as refusal:
            if not is_hopeless(refusal) and (is_for_all(refusal) or parcel.attempts < TRIES):
                raise
            return []
    return ids


async def _upload(driver: Driver, place_id: str, name: str, content: bytes) -> list[str]:
    where = {"channel_id": place_id, "filename": name}
    return answers.file_ids(await driver.client.post("/files", params=where, data=content))
