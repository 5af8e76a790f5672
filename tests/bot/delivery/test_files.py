"""A message with files: uploaded and posted once, for many or for one, and what stands where none are taken."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from desk import ALICE, START, Desk
from sqlmodel import col, select
from wayout import Stage, staged

from bot.delivery.gateway import Gateway
from bot.delivery.upload import TRIES
from bot.driver import ServerUnreachable
from bot.transaction.decisions import Decisions, Pace
from bot.transaction.parcel import Parcel
from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers.effects import FILES_LIMIT, Content, File, Files, Lasting, Post, SendRun, Tell
from handlers.events import JobDue, Undeliverable
from store import Outgoing

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
FILES = Files(files=(File("figures.png", PNG), File("run 1.md", b"# Run")), instead=Content("no files here"))
WORDS = Content("Three sentences.")


@pytest.fixture(params=["5.37", "10.0", "11.6"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with staged(request.param) as made:
        yield made


async def gateway(stage: Stage) -> Gateway:
    made = Gateway(stage.driver, Writer(Signer("a secret of the tests"), "http://127.0.0.1:9"), chance=lambda: 0.0)
    await made.learn_server()
    return made


def parcel(effect: Lasting, attempts: int = 1) -> Parcel:
    now = datetime.now(UTC)
    return Parcel(row_id=1, lane="l", key=secrets.token_hex(13), effect=effect, attempts=attempts, created_at=now)


def posting(place_id: str, files: Files = FILES) -> Parcel:
    return parcel(Post(message_id=3, place_id=place_id, content=WORDS, attached=files))


def shown(stage: Stage, place_id: str) -> list[tuple[str, list[tuple[str, bytes]]]]:
    """Return the posts of a channel: what each says, and its files."""
    of = stage.mm.world.files
    return [(one.message, [(of[id].name, of[id].content) for id in one.file_ids]) for one in stage.mm.posts(place_id)]


def uploads(stage: Stage) -> int:
    return sum((seen.method, seen.path) == ("POST", "/files") for seen in stage.mm.requests)


def configure(stage: Stage, **settings: object) -> None:
    stage.mm.world.config["FileSettings"].update(settings)


async def test_a_message_is_posted_with_its_files(stage: Stage) -> None:
    place_id = await stage.channel()
    result = await (await gateway(stage)).perform(posting(place_id))

    assert shown(stage, place_id) == [("Three sentences.", [("figures.png", PNG), ("run 1.md", b"# Run")])]
    assert result.post_id == stage.mm.posts(place_id)[0].id


async def test_one_person_is_given_files_by_direct_message_wherever_they_asked(stage: Stage) -> None:
    place_id = await stage.channel()
    effect = Tell(person_id=stage.ann.id, place_id=place_id, content=WORDS, attached=FILES)
    await (await gateway(stage)).perform(parcel(effect))
    (direct,) = [one for one in stage.mm.channels if set(one.name.split("__")) == {stage.bot_id, stage.ann.id}]

    assert [words for words, _ in shown(stage, direct.id)] == ["Three sentences."]
    assert len(shown(stage, direct.id)[0][1]) == 2
    assert shown(stage, place_id) == []


async def test_a_post_whose_answer_was_lost_is_neither_posted_nor_uploaded_again(stage: Stage) -> None:
    place_id = await stage.channel()
    one, way = posting(place_id), await gateway(stage)
    stage.mm.faults.reset("POST /posts", after_commit=True)
    with pytest.raises(ServerUnreachable):
        await way.perform(one)
    stage.mm.clock.advance(minutes=5)
    result = await way.perform(replace(one, attempts=2))

    assert result.post_id == stage.mm.posts(place_id)[0].id
    assert [len(files) for _, files in shown(stage, place_id)] == [2]
    assert uploads(stage) == 2


async def test_what_was_uploaded_and_not_posted_is_uploaded_anew(stage: Stage) -> None:
    place_id = await stage.channel()
    one, way = posting(place_id), await gateway(stage)
    stage.mm.faults.reset("POST /posts", after_commit=False)
    with pytest.raises(ServerUnreachable):
        await way.perform(one)
    await way.perform(replace(one, attempts=2))

    assert [len(files) for _, files in shown(stage, place_id)] == [2]
    assert uploads(stage) == 4


@pytest.mark.parametrize("settings", [{"EnableFileAttachments": False}, {"MaxFileSize": 10}], ids=["off", "too large"])
async def test_where_the_server_takes_no_such_files_something_else_stands(
    stage: Stage, settings: dict[str, object]
) -> None:
    way, place_id = await gateway(stage), await stage.channel()
    configure(stage, **settings)
    await way.perform(posting(place_id))

    assert shown(stage, place_id) == [("no files here", [])]


async def test_a_channel_that_takes_no_post_is_told_as_ever(stage: Stage) -> None:
    place_id = await stage.channel()
    await stage.admin.delete(f"/channels/{place_id}")
    result = await (await gateway(stage)).perform(posting(place_id))

    assert isinstance(result.event, Undeliverable)
    assert result.outcome == "archived"


async def test_a_server_that_cannot_keep_files_is_tried_for_a_while(stage: Stage) -> None:
    place_id = await stage.channel()
    error = '{"id": "api.file.upload_file.storage.app_error", "message": "", "status_code": 500}'
    stage.mm.faults.server_error("POST /files", body=error, content_type="application/json", times=None)
    one, way = posting(place_id), await gateway(stage)

    assert (await way.perform(one)).retry_at is not None
    assert shown(stage, place_id) == []
    assert (await way.perform(replace(one, attempts=TRIES))).retry_at is None
    assert shown(stage, place_id) == [("no files here", [])]


async def test_the_server_tells_how_large_a_file_may_be(stage: Stage) -> None:
    configure(stage, MaxFileSize=1234)
    assert (await gateway(stage)).server.max_file_size == 1234
    configure(stage, EnableFileAttachments=False)
    assert (await gateway(stage)).server.max_file_size == 0


def test_files_wait_in_the_outbox_byte_for_byte() -> None:
    effect = Post(message_id=3, place_id="c", content=WORDS, attached=FILES)
    stored = msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(effect)))

    assert msgspec.convert(stored, Lasting) == effect


def test_more_than_a_message_can_have_is_refused_before_it_is_decided() -> None:
    here, large = Desk().here, File("a.json", b"x" * (FILES_LIMIT // 2 + 1))
    assert here.takes([large])
    for files in ([large, large], [File("a", b"x")] * 6):
        assert not here.takes(files)
        with pytest.raises(ValueError, match="more files"):
            Files(files=tuple(files), instead=WORDS)
    with pytest.raises(ValueError, match="empty"):
        File("a.md", b"")


def test_long_words_come_in_parts_and_the_files_with_the_last() -> None:
    desk = Desk()
    told = Tell(person_id=ALICE.id, content=Content("line\n" * 5000), attached=FILES)
    with desk.database.transaction() as store:
        decisions = Decisions(store, desk.here, START, lambda event, ctx: [told], Pace())
        decisions.take(JobDue(at=START, job_id=1))
        decisions.close()
    with desk.database.transaction() as store:
        rows = store.session.exec(select(Outgoing).order_by(col(Outgoing.id))).all()
        parts = [msgspec.convert(one.effect, Tell) for one in rows]
    assert [part.attached for part in parts] == [None, FILES]


async def test_what_is_made_as_it_is_delivered_is_made_for_whom_it_is_and_may_be_nothing(stage: Stage) -> None:
    asked: list[SendRun] = []

    async def exports(effect: SendRun) -> Tell | None:
        asked.append(effect)
        return Tell(person_id=effect.person_id, content=WORDS, attached=FILES) if effect.run_id == 1 else None

    made = await gateway(stage)
    made.exports = exports
    gone = await made.perform(parcel(SendRun(run_id=2, person_id=stage.ann.id)))
    await made.perform(parcel(SendRun(run_id=1, person_id=stage.ann.id)))
    assert [one.run_id for one in asked] == [2, 1]
    assert gone.outcome == "unheard"
    (direct,) = [one for one in stage.mm.channels if set(one.name.split("__")) == {stage.bot_id, stage.ann.id}]
    assert [words for words, _ in shown(stage, direct.id)] == ["Three sentences."]
