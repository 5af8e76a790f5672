"""What is written for people and machines holds no secret, no value of the program's, no word of a private message."""

import asyncio
import io
import json
import logging
import os
import sqlite3
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, quote_plus

import aiohttp
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from installing import environment, mode
from scenes import QUICK, started
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from stage import Stage, stage

from bot.logs.discreet import without_quotes
from bot.logs.log import set_up
from bot.logs.veil import HIDDEN, Veil, veil
from bot.settings.config import Config, load
from bot.settings.sections import Commands, Storage
from store import Database, KnownPerson, KnownTeam

Style = Literal["json", "console"]
STYLES = ["json", "console"]
SECRET = "Zx9'\"%\\ ü/+@:q"
PRIVATE = "she-is-pregnant"
WHY = "no outgoing mail today"


@pytest.fixture(params=STYLES)
def written(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Let everything be logged in one style; return what has been."""
    stream = io.StringIO()
    set_up("debug", request.param, stream)

    def read() -> str:
        text = stream.getvalue()
        if request.param == "json":
            assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
        return text

    return read


def forms(secret: str) -> list[str]:
    return [
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        quote(secret, safe="").lower() if secret.isascii() and secret.islower() else quote(secret, safe=""),
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    ]


# The veil


@given(st.text(min_size=4), st.text(), st.text())
def test_a_secret_is_hidden_in_every_form_and_inside_of_words(secret: str, before: str, after: str) -> None:
    cover = Veil()
    cover.hide(secret)
    for form in forms(secret):
        assert HIDDEN in cover(before + form + after)
        assert form not in cover(f"<{form}>")


@given(st.text("abcxyz7", min_size=1, max_size=3))
def test_a_short_secret_is_hidden_where_it_stands_by_itself(secret: str) -> None:
    cover = Veil()
    cover.hide(secret, "")
    assert (
        cover(f"postgresql://m:{secret}@h 'p={secret}' {secret}") == f"postgresql://m:{HIDDEN}@h 'p={HIDDEN}' {HIDDEN}"
    )
    assert cover(f"w{secret}w") == f"w{secret}w"


def test_the_longer_of_two_secrets_leaves_nothing_of_itself() -> None:
    cover = Veil()
    cover.hide("abcd", "abcdefgh")
    assert cover("abcdefgh abcd") == f"{HIDDEN} {HIDDEN}"


def test_without_secrets_everything_stays() -> None:
    assert Veil()("as it is") == "as it is"


# What is known to be a secret


@pytest.mark.parametrize(
    ("url", "passwords"),
    [
        ("sqlite:///muster.sqlite", set()),
        ("postgresql+psycopg://h:5432/db", set()),
        ("postgresql+psycopg://muster@h/db", set()),
        ("postgresql+psycopg://muster:a@h/db", {"a"}),
        ("postgresql+psycopg://muster:p%40ss+w@h:5432/db?sslmode=require", {"p%40ss+w", "p@ss+w", "p@ss w"}),
        ("postgresql+psycopg://muster:p@ss@h/db", {"p", "p@ss"}),
        ("postgresql+psycopg://muster:p/ss@h/db", {"p/ss"}),
        ("postgresql+psycopg:///db?host=/run&password=query%21", {"query!"}),
    ],
)
def test_the_databases_password_is_known_however_it_is_written(url: str, passwords: set[str]) -> None:
    assert Storage(url=url).passwords() == passwords


def test_what_is_loaded_is_hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSTER_TOKEN", "one-bots-token")
    monkeypatch.setenv("MUSTER_CALLBACKS_SECRET", "xyz")
    monkeypatch.setenv("MUSTER_COMMANDS_TOKENS", "ops:first-token,dev:second-token")
    monkeypatch.setenv("MUSTER_STORE_URL", "postgresql+psycopg://muster:pw@h/db")
    load(complete=False)
    assert veil("one-bots-token xyz first-token second-token pw ops") == " ".join([HIDDEN] * 5 + ["ops"])


# The log


def failing(secret: str) -> None:
    kept_here = {"inner": [secret]}
    assert kept_here
    raise RuntimeError(f"could not do {secret}")


def test_no_traceback_holds_a_secret_or_a_value_of_the_programs(written: Callable[[], str]) -> None:
    veil.hide(SECRET)
    log = structlog.get_logger()
    for form in forms(SECRET):
        try:
            try:
                failing(form)
            except RuntimeError as error:
                raise ExceptionGroup(f"all of {form}", [error, ValueError(form)]) from error
        except ExceptionGroup:
            log.exception(f"failed {form}", where=form, inside={"deep": [form, (form,)]}, thing=Exception(form))
    said = written()
    assert "RuntimeError" in said
    assert "failing" in said
    assert "kept_here = " not in said.replace('kept_here = {"inner"', "")
    assert "locals" not in said
    assert not [form for form in forms(SECRET) if form in said]
    assert not [form for form in forms(SECRET) if json.dumps(form)[1:-1] in said]


def test_nothing_of_the_librarys_own_ways_holds_a_secret(written: Callable[[], str]) -> None:
    veil.hide(SECRET)
    logging.getLogger("somebody").warning("it is %s", SECRET, stack_info=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"do not use {SECRET}", stacklevel=1)
    thread = threading.Thread(target=failing, args=(SECRET,))
    thread.start()
    thread.join()
    try:
        failing(SECRET)
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    said = written()
    assert said.count("ended by an error in Muster") == 2
    assert "do not use" in said
    assert SECRET not in said
    assert json.dumps(SECRET)[1:-1] not in said


def test_the_values_of_a_statement_that_fails_are_not_logged(written: Callable[[], str], tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.sqlite")
    database.migrate()
    log = structlog.get_logger()
    row = {"id": "one", "name": PRIVATE, "title": PRIVATE, "seen_at": datetime(2026, 11, 26, tzinfo=UTC)}
    with database.engine.connect() as connection:
        connection.execute(insert(KnownTeam), row)
        try:
            connection.execute(insert(KnownTeam), row)
        except IntegrityError:
            log.exception("failed")
    database.close()
    assert "UNIQUE constraint failed" in written()
    assert PRIVATE not in written()


@pytest.mark.parametrize(
    "said",
    [
        f"invalid literal for int() with base 10: '{PRIVATE}'",
        f'invalid input syntax for type integer: "a "quoted" {PRIVATE}"',
        f"duplicate key value violates unique constraint\nDETAIL:  Key (name)=({PRIVATE}) already exists.",
        f"Invalid enum value '{PRIVATE}' - at `$.type`",
        f"'{PRIVATE} that never ends",
    ],
)
def test_what_an_error_quotes_is_not_logged(said: str, written: Callable[[], str]) -> None:
    assert PRIVATE not in without_quotes(said)
    try:
        raise ValueError(said)
    except ValueError:
        structlog.get_logger().exception("failed")
    assert PRIVATE not in written()


def test_an_error_says_what_it_is_about() -> None:
    assert without_quotes("Expected `int`, got `str`") == "Expected '…'"
    assert without_quotes("can't adapt it") == "can't adapt it"


# Every door


@pytest.mark.parametrize("style", STYLES)
async def test_errors_at_every_door_leave_nothing_private_in_the_log(style: Style, tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        stream = io.StringIO()
        set_up("debug", style, stream)
        veil.hide(*scene.config.secrets())
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        direct = await scene.alice.rest("POST", "/channels/direct", [scene.alice.id, scene.bot.gateway.server.me.id])
        await nothing_can_be_stored(scene)
        await scene.alice.command(channel, f"/{scene.trigger} note {PRIVATE}")
        await scene.alice.press(triage, "✓ 1.1")
        await scene.alice.say(direct["id"], f"check 1.1 {PRIVATE}")
        await scene.alice.say(scene.town["id"], f"sev-1 {PRIVATE}")
        await knock_badly(scene)
        async with asyncio.timeout(30):
            while stream.getvalue().count(WHY) < 3:
                await scene.bot.desk.ask(lambda store: store.next_due())
        await everything_can_be_stored(scene)
        said = stream.getvalue()
    assert "locals" not in said
    assert PRIVATE not in said
    assert not [secret for secret in scene.config.secrets() if secret in said]


SQLITE_FAILS = (f"CREATE TRIGGER fails BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, '{WHY}'); END",)
POSTGRESQL_FAILS = (
    f"CREATE FUNCTION fails() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{WHY}'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER fails BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION fails()",
)


async def nothing_can_be_stored(scene: Stage) -> None:
    """Let whatever is decided fail when it is to be stored."""
    for sql in SQLITE_FAILS if scene.bot.desk.database.is_sqlite else POSTGRESQL_FAILS:
        await statement(scene, sql)


async def everything_can_be_stored(scene: Stage) -> None:
    await statement(scene, "DROP TRIGGER fails" + ("" if scene.bot.desk.database.is_sqlite else " ON outbox"))


async def statement(scene: Stage, sql: str) -> None:
    await scene.bot.desk.ask(lambda store: store.session.connection().exec_driver_sql(sql))


async def knock_badly(scene: Stage) -> None:
    """Send what is malformed to every route, with secrets and private words in it."""
    url = scene.config.callbacks.url
    (token,) = (one.get_secret_value() for one in scene.config.commands.tokens.values())
    bodies: list[dict[str, Any]] = [
        {"data": f"{{{PRIVATE} {token}"},
        {"data": b"\xff" + PRIVATE.encode()},
        {"json": {"context": {"m": PRIVATE}, "user_id": scene.alice.id, "channel_id": scene.town["id"]}},
        {"json": {"state": f"{token}{PRIVATE}", "user_id": scene.alice.id}},
        {"data": {"token": token, "user_id": "z" * 26, "channel_id": "y" * 26, "text": PRIVATE}},
        {"data": f"--x\r\n{PRIVATE}", "headers": {"Content-Type": "multipart/form-data"}},
        {"data": PRIVATE, "headers": {"Content-Encoding": "gzip"}},
    ]
    async with aiohttp.ClientSession() as session:
        for path in ("/commands", "/actions", "/dialogs"):
            for body in bodies:
                said = ""
                with suppress(aiohttp.ServerDisconnectedError):
                    async with session.post(f"{url}{path}", **body) as answer:
                        said = await answer.text()
                assert token not in said
                assert PRIVATE not in said
        for path in ("/metrics", "/healthz"):
            async with session.get(f"{url}{path}") as answer:
                assert token not in await answer.text()
    host, port = url.removeprefix("http://").split("/")[0].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{PRIVATE} {token}\r\nX: {token}\r\n\r\n".encode())
    await reader.read(1000)
    writer.close()


# The command line


def muster(folder: Path, *arguments: str, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=folder, env=environment(**settings), text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
    )  # fmt: skip
    return done.stdout


def waiting(folder: Path, until: str, **settings: str) -> str:
    """Return all that a `muster run` says that is ended when it has said `until`, as it may go on waiting."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=folder, env=environment(**settings), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if until in line:
                process.terminate()
        assert any(until in line for line in said), said
        return "".join(said)


@pytest.mark.parametrize(
    ("url", "doctor"),
    [
        ("postgresql+psycopg://us:{}@127.0.0.1:1/db", "cannot be opened"),
        ("sqlite:////proc/none/{}", "cannot be made"),
    ],
)
def test_the_command_line_shows_no_secret_of_any_length(url: str, doctor: str, tmp_path: Path) -> None:
    # All commands with the shortest one, which is found in the most words; of a longer one those that say the most.
    for password, commands in (("q7", ("doctor", "migrate", "run")), ("a-long-password", ("doctor",))):
        settings = {
            "MUSTER_STORE_URL": url.format(password),
            "MUSTER_TOKEN": "z" * 26,
            "MUSTER_SERVER_URL": "http://127.0.0.1:1",
        }
        if url.startswith("sqlite"):
            settings["MUSTER_CALLBACKS_SECRET"] = password
        for command in commands:
            trouble = doctor if command == "doctor" else "cannot be opened"
            said = waiting(tmp_path, trouble, **settings) if command == "run" else muster(tmp_path, command, **settings)
            assert trouble in said
            assert password not in said


# Files


def test_a_database_file_is_its_owners_alone_from_the_first_moment(tmp_path: Path) -> None:
    os.umask(before := os.umask(0))
    try:
        os.umask(0)
        database = Database(f"sqlite:///{tmp_path}/muster.sqlite")
        assert mode(tmp_path / "muster.sqlite") == 0o600
        database.migrate()
        with database.transaction() as store:
            store.learn(KnownPerson(id="a", username="a", seen_at=datetime(2026, 11, 26, tzinfo=UTC)))
            names = sorted(path.name for path in tmp_path.iterdir())
            assert names == ["muster.sqlite", "muster.sqlite-shm", "muster.sqlite-wal"]
            assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
        database.close()
    finally:
        os.umask(before)


def test_a_database_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "muster.sqlite"
    other = sqlite3.connect(file)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("CREATE TABLE x (y)")
    for path in tmp_path.iterdir():
        path.chmod(0o664)
    Database(f"sqlite:///{file}").close()
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
    other.close()


def test_a_configuration_names_all_its_secrets() -> None:
    made = Config.model_construct(commands=Commands.model_validate({"tokens": "a:1,b:2"}), store=Storage())
    assert made.secrets() >= {"1", "2"}
