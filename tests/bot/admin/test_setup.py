"""`muster setup`: what it makes on a server, what it writes down, and what it says when something is in the way."""

import asyncio
import os
import pty
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from installing import VERSIONS, Place, environment, listening, mode, place, plugin_holds, server
from rich.console import Console
from stage import ADMIN, free_port

from bot.admin import server_settings
from bot.admin.account import CodeWanted, Credentials
from bot.admin.setup import set_up
from bot.admin.setup_address import readings
from bot.admin.setup_files import edited, template, write_secrets, write_settings
from bot.admin.setup_places import choose_address
from bot.admin.setup_plan import Plan
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import Wishes
from bot.app import running
from bot.settings.config import load
from bot.settings.sections import Callbacks
from bot.trouble import Trouble

__all__ = ["place"]

ROOT = Path(__file__).parents[3]
HELD = ("MUSTER_TOKEN", "MUSTER_CALLBACKS_SECRET", "MUSTER_COMMANDS_TOKENS")


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_was_set_up_runs(place: Place, version: str) -> None:
    async with server(version) as (mm, admin):
        said = await place.set_up(mm.url)
        assert "create the bot @muster" in said
        async with running(load()):
            town = await admin.channel("town-square")
            heard = await admin.say(town["id"], "sev-1, checkout is down")
            offer = await admin.sees("sev-1", "Start run")
            assert offer["root_id"] == heard["id"]
            await admin.press(offer, "Start run")
            await admin.submit(await admin.dialog(), town["id"])
            await admin.sees("started", where=town["id"])
            assert "/playbook help check" in await admin.command(town["id"], "/playbook help")


async def test_the_secrets_are_for_their_owner_alone_and_never_shown(place: Place) -> None:
    os.umask(before := os.umask(0))
    try:
        os.umask(0)
        async with server() as (mm, _):
            said = await place.set_up(mm.url)
    finally:
        os.umask(before)
    kept = place.kept()
    assert tuple(kept) == HELD
    assert mode(place.secrets) == 0o600
    told = said + place.toml.read_text()
    assert not [value for value in (*kept.values(), ADMIN[1]) if value in told]
    assert ADMIN[1] not in place.secrets.read_text()
    assert len(kept["MUSTER_CALLBACKS_SECRET"]) >= 32


async def test_the_session_of_the_administrator_is_closed(place: Place) -> None:
    async with server() as (mm, _):
        await place.set_up(mm.url)
        assert mm.requests[-1].path == "/users/logout"


@pytest.mark.parametrize("version", VERSIONS)
async def test_again_it_keeps_what_works_and_points_to_the_new_address(place: Place, version: str) -> None:
    async with server(version) as (mm, admin):
        await place.set_up(mm.url)
        first, ours = place.kept(), '\n# ours\n[prompts]\nfold_after = "2h"  # soon\n'
        place.local.write_text(place.local.read_text() + ours)
        said = await place.set_up(mm.url, callback_url="http://127.0.0.1:8999/hooks")
        assert "keep its access token, which works" in said
        assert place.kept() == first
        assert len([user for user in mm.users if user.is_bot]) == 1
        found = await admin.rest("GET", "/commands", team_id=admin.team_id, custom_only="true")
        assert [(one["trigger"], one["url"]) for one in found] == [
            ("playbook", "http://127.0.0.1:8999/hooks/commands"),
        ]
        written = place.local.read_text()
        assert written.endswith(ours)
        assert load().callbacks.url == "http://127.0.0.1:8999/hooks"
        assert (place.folder / "bot.local.toml.bak").read_text() != written


async def test_a_token_that_was_revoked_is_replaced(place: Place) -> None:
    async with server() as (mm, _):
        await place.set_up(mm.url)
        first = place.kept()
        mm.faults.revoke_tokens("muster")
        assert "does not work for @muster" in await place.set_up(mm.url)
        second = place.kept()
        assert second["MUSTER_TOKEN"] != first.pop("MUSTER_TOKEN")
        assert first.items() <= second.items()


async def test_another_word_takes_the_place_of_the_former(place: Place) -> None:
    async with server() as (mm, admin):
        await place.set_up(mm.url)
        await place.set_up(mm.url, trigger="muster")
        found = await admin.rest("GET", "/commands", team_id=admin.team_id, custom_only="true")
        assert [one["trigger"] for one in found] == ["muster"]
        assert place.kept()["MUSTER_COMMANDS_TOKENS"] == f"ops:{found[0]['token']}"
        assert load().commands.trigger == "muster"


async def test_only_the_named_teams_are_worked_in(place: Place) -> None:
    async with server() as (mm, admin):
        await admin.rest("POST", "/teams", {"name": "sales", "display_name": "Sales", "type": "O"})
        await place.set_up(mm.url, teams=["ops"])
        assert load().server.teams == ("ops",)
        await place.set_up(mm.url, teams=["ops", "sales"])
        assert load().server.teams == ()
        assert set(load().commands.tokens) == {"ops", "sales"}


@pytest.mark.parametrize(
    ("join", "written"), [("all", "all"), ("invited", "invited"), ("incident-*, ~ops", ("incident-*", "ops"))]
)
async def test_the_channels_to_join_are_written_down(place: Place, join: str, written: object) -> None:
    async with server() as (mm, _):
        await place.set_up(mm.url, join=join)
        assert load().channels.join == written


async def test_another_server_is_not_shown_what_the_first_one_gave(place: Place) -> None:
    async with server() as (first, _), server() as (second, _):
        await place.set_up(first.url)
        kept = place.kept()
        await place.set_up(second.url)
        # A token of the first one's would have been refused.
        assert 401 not in {seen.status for seen in second.requests}
        assert place.kept()["MUSTER_TOKEN"] != kept["MUSTER_TOKEN"]
        assert load().commands.tokens["ops"].get_secret_value() not in kept["MUSTER_COMMANDS_TOKENS"]


async def test_what_differs_from_bot_toml_alone_is_written_beside_it(place: Place) -> None:
    place.toml.write_text(ours := "# ours\n[commands]\ntrigger = 'runs'\n")
    async with server() as (mm, _):
        await place.set_up(mm.url, listen_host="0.0.0.0", listen_port=8646)
        assert place.toml.read_text() == ours
        assert load().commands.trigger == "runs"
        lines = [line for line in place.local.read_text().splitlines() if line and not line.startswith("#")]
        assert lines == ["[server]", f'url = "{mm.url}"', "[callbacks]", 'url = "http://127.0.0.1:8646"']


async def test_an_installation_set_up_before_keeps_its_file_and_what_is_said_now_wins(place: Place) -> None:
    async with server() as (former, _), server() as (mm, _):
        old = f'[server]\nurl = "{former.url}"\n\n[callbacks]\nlisten_port = 8646\nurl = "http://127.0.0.1:8646"\n'
        place.toml.write_text(old)
        assert (load(complete=False).server.url, place.local.exists()) == (former.url, False)
        await place.set_up(mm.url, callback_url="http://127.0.0.1:8646", listen_port=8646)
        assert place.toml.read_text() == old
        assert load().server.url == mm.url
        assert "8646" not in place.local.read_text()
        # Back to what bot.toml says: a key that stands beside it has to say so, too.
        await place.set_up(former.url)
        assert load().server.url == former.url


async def test_where_there_is_no_bot_toml_one_is_made_that_explains_every_key(place: Place) -> None:
    async with server() as (mm, _):
        assert f"{place.toml} explains every other key" in await place.set_up(mm.url)
        assert place.toml.read_text() == template()
        place.toml.write_text("")
        await place.set_up(mm.url)
        assert place.toml.read_text() == ""


@pytest.mark.parametrize(
    "name", ["bot.local.toml", "bot.local.toml.bak", "muster.secrets", "muster.sqlite", "muster.sqlite.lock"]
)
def test_nothing_that_setup_and_bot_write_is_committed_by_oversight(name: str) -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert any(fnmatch(name, pattern) for pattern in ignored)


# An address without a scheme


@pytest.mark.parametrize("after", ["", "/"])
async def test_an_address_is_read_without_its_scheme_too(place: Place, after: str) -> None:
    async with server() as (mm, _):
        await place.set_up(mm.url.removeprefix("http://") + after)
        assert load().server.url == mm.url
        await place.set_up(mm.url, callback_url="127.0.0.1:8999")
        assert load().callbacks.url == "http://127.0.0.1:8999"


@pytest.mark.parametrize(
    ("said", "tried"),
    [
        ("127.0.0.1:8065", ["http://127.0.0.1:8065", "https://127.0.0.1:8065"]),
        (" localhost:8065/ ", ["http://localhost:8065/", "https://localhost:8065/"]),
        ("[::1]:8065", ["http://[::1]:8065", "https://[::1]:8065"]),
        ("mattermost:8065", ["http://mattermost:8065", "https://mattermost:8065"]),
        ("192.168.0.7", ["http://192.168.0.7", "https://192.168.0.7"]),
        ("chat.example.com", ["https://chat.example.com"]),
        ("chat.example.com:8443/mattermost", ["https://chat.example.com:8443/mattermost"]),
        ("8.8.8.8", ["https://8.8.8.8"]),
        ("http://chat.example.com", ["http://chat.example.com"]),
    ],
)
def test_what_is_far_is_never_tried_without_tls_unless_somebody_says_so(said: str, tried: list[str]) -> None:
    assert readings(said) == tried


@pytest.mark.parametrize(
    "said", ["127.0.0.1:99999", "127.0.0.1:abc", "2001:db8::1", "[::1", "http://", "a b", "ftp://x"]
)
async def test_what_is_no_address_is_told_in_words(place: Place, said: str) -> None:
    with pytest.raises(Trouble, match=r"an address is written like https://chat\.example\.com"):
        await place.set_up(said)


# The word after the slash


async def test_a_word_of_the_servers_own_is_not_taken(place: Place) -> None:
    async with server() as (mm, _):
        with pytest.raises(Trouble, match=r"/help is one of Mattermost's own commands. Choose .*--trigger playbook"):
            await place.set_up(mm.url, trigger="help")
        assert not place.toml.exists()


async def test_a_word_of_somebody_elses_is_not_taken(place: Place) -> None:
    async with server() as (mm, admin):
        other = {"team_id": admin.team_id, "trigger": "playbook", "method": "P", "url": "http://elsewhere/x"}
        await admin.rest("POST", "/commands", other)
        with pytest.raises(Trouble, match=r"/playbook leads to http://elsewhere/x in ops already.*--trigger muster"):
            await place.set_up(mm.url)


async def test_a_word_of_a_plugins_is_not_taken(place: Place) -> None:
    async with server() as (mm, _):
        plugin_holds(mm, "playbook")
        with pytest.raises(Trouble, match=r"belongs to a plugin and would never reach Muster.*--trigger muster"):
            await place.set_up(mm.url)
        await place.set_up(mm.url, trigger="muster")
        assert load().commands.trigger == "muster"


# What the server forbids


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("EnableCommands", False, "Integrations > Integration Management > Enable Custom Slash Commands (ServiceSett"),
        ("EnableBotAccountCreation", False, "Integrations > Bot Accounts > Enable Bot Account Creation (ServiceSettin"),
        ("SiteURL", "", "Environment > Web Server > Site URL (ServiceSettings.SiteURL)"),
    ],
)
async def test_a_setting_in_the_way_is_named_with_its_place(place: Place, key: str, value: object, words: str) -> None:
    async with server() as (mm, _):
        mm.world.config["ServiceSettings"][key] = value
        with pytest.raises(Trouble) as trouble:
            await place.set_up(mm.url)
        assert f"System Console > {words}" in str(trouble.value)
        assert not place.toml.exists()
        assert not place.secrets.exists()


async def test_an_older_server_without_its_own_address_is_only_a_warning(place: Place) -> None:
    async with server("10.0") as (mm, _):
        mm.world.config["ServiceSettings"]["SiteURL"] = ""
        assert "The server does not know its own address" in await place.set_up(mm.url)


async def test_the_creation_of_bots_is_switched_on_for_the_moment_when_asked(place: Place) -> None:
    async with server() as (mm, _):
        service = mm.world.config["ServiceSettings"]
        service["EnableBotAccountCreation"] = False
        await place.set_up(mm.url, enable_bots=True)
        assert service["EnableBotAccountCreation"] is False
        assert load().token.get_secret_value()


async def test_a_private_callback_host_is_allowed_only_when_asked(place: Place) -> None:
    async with server() as (mm, _):
        service = mm.world.config["ServiceSettings"]
        service["AllowedUntrustedInternalConnections"] = "10.0.0.0/8"
        said = await place.set_up(mm.url)
        assert "Environment > Developer > Allow untrusted internal connections to (ServiceSettings.Allowed" in said
        assert service["AllowedUntrustedInternalConnections"] == "10.0.0.0/8"
        await place.set_up(mm.url, allow_host=True)
        assert service["AllowedUntrustedInternalConnections"] == "10.0.0.0/8 127.0.0.1"


async def test_a_full_team_is_told_before_anything_is_made(place: Place) -> None:
    async with server() as (mm, _):
        mm.world.config["TeamSettings"]["MaxUsersPerTeam"] = 1
        with pytest.raises(Trouble, match=r"The team ops is full: .* Users and Teams > Max Users Per Team .TeamSett"):
            await place.set_up(mm.url)
        assert not [user for user in mm.users if user.is_bot]


async def test_a_team_that_is_not_there_gets_the_nearest(place: Place) -> None:
    async with server() as (mm, _):
        with pytest.raises(Trouble, match=r"There is no team opps\. Did you mean ops\?"):
            await place.set_up(mm.url, teams=["opps"])


async def test_a_persons_account_does_not_become_the_bot(place: Place) -> None:
    async with server() as (mm, _):
        with pytest.raises(Trouble, match="@admin is a person's account"):
            await place.set_up(mm.url, username="admin")


@pytest.mark.parametrize(("where", "warned"), [("https://chat.example.com", True), ("http://127.0.0.1:8065", False)])
async def test_localhost_means_little_to_a_server_elsewhere(place: Place, where: str, warned: bool) -> None:
    plan = Plan(server=where, verify_tls=True, version=(11, 6, 0))
    silent = Questions(Console(file=place.heard, width=500))
    await choose_address(plan, Wishes(callback_url="http://localhost:8646"), Callbacks(), silent)
    assert ("http://localhost:8646 is this machine only for itself" in place.said) is warned
    assert "localhost is in a private network" in place.said
    assert plan.allow_host == ""


@pytest.mark.parametrize(
    ("allowed", "host", "addresses", "may"),
    [
        ("", "muster", ["10.0.0.5"], False),
        ("muster", "muster", ["10.0.0.5"], True),
        ("10.0.0.0/8, other", "muster", ["10.0.0.5"], True),
        ("10.0.0.5", "muster", ["10.0.0.5"], False),
        ("127.0.0.1", "localhost", ["127.0.0.1"], False),
        ("", "bot.example.com", ["8.8.8.8"], True),
        ("", "unknown", [], True),
        ("127.0.0.0/8", "localhost", ["::1", "127.0.0.1"], True),
        ("nonsense/99", "muster", ["10.0.0.5"], False),
    ],
)
def test_a_host_counts_as_it_is_spelled_and_a_range_by_its_addresses(
    allowed: str, host: str, addresses: list[str], may: bool
) -> None:
    assert server_settings.may_call(allowed, host, addresses) is may


# Ephemeral messages


@pytest.mark.parametrize("version", ["10.0", "11.6"])
async def test_messages_for_one_person_are_granted_only_when_asked(place: Place, version: str) -> None:
    async with server(version) as (mm, _):
        role = mm.world.roles["system_post_all"]
        await place.set_up(mm.url)
        assert "create_post_ephemeral" not in role.permissions
        before = set(role.permissions)
        said = await place.set_up(mm.url, grant_ephemeral=True)
        assert "Every account that has the role gets the right, too" in said
        assert "add create_post_ephemeral to the role system_post_all" in said
        assert set(role.permissions) == before | {"create_post_ephemeral"}
        bot = next(user for user in mm.users if user.is_bot)
        assert bot.roles.split() == ["system_user", "system_post_all"]
        assert "Every account" not in await place.set_up(mm.url, grant_ephemeral=True)


async def test_an_old_server_cannot_grant_them_and_that_is_said(place: Place) -> None:
    async with server("5.37") as (mm, _):
        assert "only with a licence (before 6.0)" in await place.set_up(mm.url, grant_ephemeral=True)
        assert [user.roles for user in mm.users if user.is_bot] == ["system_user"]


# Getting in


async def test_a_server_that_is_not_there(place: Place) -> None:
    with pytest.raises(Trouble, match=r"The server cannot be reached: .*Is the address right"):
        await place.set_up(f"http://127.0.0.1:{free_port()}")


async def test_something_that_is_not_mattermost(place: Place) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<html>It works!</html>", content_type="text/html")

    async with listening(page) as url:
        with pytest.raises(Trouble, match="Something answers at that address, but it is not Mattermost"):
            await place.set_up(url)


async def test_a_server_whose_address_leads_elsewhere(place: Place) -> None:
    async def away(_request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently("https://chat.example.com/")

    async with listening(away) as url:
        with pytest.raises(Trouble, match=r"leads elsewhere .*https://chat\.example\.com/"):
            await place.set_up(url)


async def test_a_server_that_is_too_old(place: Place) -> None:
    async def old(request: web.Request) -> web.Response:
        return web.json_response({"Version": "5.30.1"} if "config" in request.path else {"status": "OK"})

    async with listening(old) as url:
        with pytest.raises(Trouble, match=r"The server is Mattermost 5\.30\.1; Muster needs 5\.37 or newer"):
            await place.set_up(url)


async def test_tls_where_there_is_none(place: Place) -> None:
    async with server() as (mm, _):
        with pytest.raises(Trouble, match="does not speak TLS at that address"):
            await place.set_up(mm.url.replace("http", "https"))


async def test_a_certificate_that_nobody_vouches_for(place: Place, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    listener = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with listener:
        port = listener.sockets[0].getsockname()[1]
        with pytest.raises(Trouble, match=r"certificate is not accepted: .*SSL_CERT_FILE.*--no-verify-tls"):
            await place.set_up(f"https://127.0.0.1:{port}")


def _self_signed(folder: Path) -> Path:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    names = ("-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate))
    subprocess.run(["openssl", "req", "-x509", *curve, *names], check=True, capture_output=True)
    certificate.write_text(key.read_text() + certificate.read_text())
    return certificate


async def test_a_wrong_password(place: Place) -> None:
    async with server() as (mm, _):
        with pytest.raises(Trouble, match="does not know this name with this password"):
            await place.set_up(mm.url, credentials=Credentials("admin", "guess"))


@pytest.mark.parametrize("code", ["", "123456"])
async def test_a_second_factor(place: Place, code: str) -> None:
    async with server() as (mm, _):
        mm.faults.server_error(
            "POST /users/login", status=401, body='{"id": "mfa.validate_token.authenticate.app_error", "message": "…"}'
        )
        with pytest.raises(CodeWanted, match="is wrong, or too old" if code else "is needed, too"):
            await place.set_up(mm.url, credentials=Credentials(*ADMIN, code=code))


async def test_somebody_who_is_no_administrator(place: Place) -> None:
    async with server() as (mm, admin):
        await admin.rest("POST", "/users", {"username": "zoe", "email": "z@example.com", "password": "Zoe-pass-2026"})
        with pytest.raises(Trouble, match="@zoe is not a system administrator"):
            await place.set_up(mm.url, credentials=Credentials("zoe", "Zoe-pass-2026"))


async def test_a_personal_access_token_does_too_and_a_bots_does_not(place: Place) -> None:
    async with server() as (mm, admin):
        made = await admin.rest("POST", f"/users/{admin.id}/tokens", {"description": "x"})
        said = await place.set_up(mm.url, credentials=Credentials(token=made["token"]))
        assert made["token"] not in said + place.secrets.read_text()
        assert "/users/logout" not in [seen.path for seen in mm.requests]
        with pytest.raises(Trouble, match="@muster is a bot, and bots cannot create bots"):
            await place.set_up(mm.url, credentials=Credentials(token=load().token.get_secret_value()))
        with pytest.raises(Trouble, match="refuses the access token"):
            await place.set_up(mm.url, credentials=Credentials(token="x" * 26))


# The command line


async def _muster(folder: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environment(**environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_with_nobody_to_ask_nothing_is_done_without_yes(place: Place) -> None:
    (place.folder / "password").write_text(ADMIN[1] + "\n")
    async with server() as (mm, _):
        given = ("setup", "--server", mm.url, "--admin", "admin", "--password-file", "password")
        code, out = await _muster(place.folder, *given)
        assert code == 2
        assert "create the bot @muster" in out
        assert "Nothing was changed. Add --yes" in out
        assert not place.toml.exists()
        assert not [user for user in mm.users if user.is_bot]
        code, out = await _muster(place.folder, *given, "--yes", "--team", "ops", "--join", "all")
        assert code == 0, out
        assert ADMIN[1] not in out
        assert load().channels.join == "all"


async def test_what_is_missing_is_named_by_its_option(place: Place) -> None:
    code, out = await _muster(place.folder, "setup", "--yes")
    assert code == 2
    assert out == "Address of the Mattermost server? There is nobody to ask: give it with --server.\n"
    async with server() as (mm, _):
        code, out = await _muster(place.folder, "setup", "--yes", "--server", mm.url, "--admin", "admin")
        assert code == 2
        assert "give it with MUSTER_ADMIN_PASSWORD, --password-file or --token-file" in out


async def test_a_setting_of_the_environment_that_wins_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async with server() as (mm, _):
        assert "MUSTER_STORE_URL is set in the environment, and wins" in await place.set_up(mm.url)


CONTROLLING = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


async def _converse(command: list[str], folder: Path, answers: Mapping[str, str]) -> str:
    """Run a command at a terminal of its own, and answer each question once; return all that the terminal showed.

    A question that comes again is answered by the next line of its answer.
    """
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CONTROLLING,
        *command,
        cwd=folder,
        env=environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    # A question that nobody expects would be waited at for ever.
    watch = asyncio.get_running_loop().call_later(60, process.kill)
    shown, left, after = "", dict(answers), 0
    while chunk := await asyncio.to_thread(_read, ours):
        shown += chunk
        question = next((one for one in left if one in shown[after:]), None)
        if question is not None:
            after = len(shown)
            answer, _, more = left.pop(question).partition("\n")
            left |= {question: more} if more else {}
            os.write(ours, f"{answer}\n".encode())
    watch.cancel()
    assert await process.wait() == 0, shown
    os.close(ours)
    assert not left, shown
    return shown


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""


async def test_a_person_is_asked_for_all_of_it(place: Place) -> None:
    async with server() as (mm, admin):
        await admin.rest("POST", "/teams", {"name": "sales", "display_name": "Sales", "type": "O"})
        plugin_holds(mm, "playbook")
        mm.faults.server_error(
            "POST /users/login", status=401, body='{"id": "mfa.validate_token.authenticate.app_error", "message": "…"}'
        )
        port = str(free_port())
        shown = await _converse(
            [sys.executable, "-m", "bot", "setup"],
            place.folder,
            {
                "Address of the Mattermost server:": f"127.0.0.1:{free_port()}\n{mm.url.removeprefix('http://')}",
                "User name of a system administrator:": "admin",
                "Password of admin:": f"a guess\n{ADMIN[1]}",
                "User name of a system administrator (admin):": "",
                "Code of the second factor:": "123456",
                "Name of the bot (muster):": "",
                "Teams to work in": "1",
                "Address to listen at (0.0.0.0):": "127.0.0.1",
                "Port to listen at (8646):": port,
                f"Address at which the server reaches Muster (http://127.0.0.1:{port}):": "",
                "Word after the slash (playbook):": "",
                "Word after the slash (muster):": "",
                "Channels to join (invited):": "incident-*",
                "Grant that?": "n",
                "Do that?": "y",
            },
        )
        assert "Joining is seen by everybody in a channel" in shown
        assert "would never reach Muster" in shown
        assert "The server cannot be reached" in shown
        assert "does not know this name with this password. Check both." in shown
        assert ADMIN[1] not in shown
        assert not [value for value in place.kept().values() if value in shown]
        config = load()
        assert (config.server.teams, config.commands.trigger) == (("ops",), "muster")
        assert config.channels.join == ("incident-*",)
        assert config.callbacks.listen_port == int(port)


class Agreeing(Questions):
    """Somebody who takes what is proposed; `asked` are the questions to be answered by yes or no."""

    asks = True

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.asked: list[str] = []

    def yes(self, question: str, *, default: bool) -> bool:
        self.asked.append(question)
        return default

    def several(self, question: str, choices: Sequence[str], default: Sequence[str]) -> list[str]:
        return list(default)


LISTEN = "Listen there alone?"


async def offered(place: Place, url: str, **wishes: Any) -> bool:
    """Set up with somebody who agrees; return whether listening for this machine alone was offered."""
    somebody = Agreeing(Console(file=place.heard, width=500))
    usual: dict[str, Any] = {"server": url, "agreed": True, "grant_ephemeral": False, "listen_port": free_port()}
    await set_up(Wishes(**usual | wishes), Credentials(*ADMIN), somebody)
    return any(LISTEN in question for question in somebody.asked)


async def test_where_the_servers_call_arrives_at_this_machine_alone_it_is_offered_to_listen_there(place: Place) -> None:
    async with server() as (mm, _):
        assert await offered(place, mm.url)
        assert load().callbacks.listen_host == "127.0.0.1"
        assert not [post for post in mm.posts() if not post.delete_at and "Muster tries" in str(post.props)]


async def test_where_the_servers_call_does_not_arrive_there_it_is_not_offered(place: Place) -> None:
    async with server() as (mm, _):
        mm.faults.server_error("POST /posts/{post_id}/actions/{action_id}", times=None)
        assert not await offered(place, mm.url)
        assert load().callbacks.listen_host == "0.0.0.0"


async def test_a_call_that_reaches_another_address_of_this_machine_is_not_one_to_loopback(place: Place) -> None:
    async with server(config={"ServiceSettings": {"AllowedUntrustedInternalConnections": "127.0.0.0/8"}}) as (mm, _):
        port = free_port()
        assert not await offered(place, mm.url, listen_port=port, callback_url=f"http://127.0.0.2:{port}")
        assert load().callbacks.listen_host == "0.0.0.0"


async def test_a_port_that_something_uses_already_is_not_tried(place: Place) -> None:
    async def busy(request: web.Request) -> web.Response:
        return web.Response()

    port = free_port()
    async with server() as (mm, _), listening(busy, port):
        assert not await offered(place, mm.url, listen_port=port)
        assert load().callbacks.listen_host == "0.0.0.0"


async def test_who_said_where_to_listen_is_not_asked(place: Place) -> None:
    async with server() as (mm, _):
        assert not await offered(place, mm.url, listen_host="0.0.0.0")
        assert load().callbacks.listen_host == "0.0.0.0"


# The files


def test_the_template_is_the_file_at_the_top() -> None:
    assert template() == (ROOT / "bot.toml").read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[server]\nurl = "a"  # why\n', '[server]\nurl = "new"  # why\n'),
        ("[server]\nurl = 'a#b' # why\nteams = []\n", '[server]\nurl = "new" # why\nteams = []\n'),
        (
            "# top\n[server] # here\nteams = [\n  'a', # x\n]\n",
            "# top\n[server] # here\nteams = [\n  'a', # x\n]\nurl = \"new\"\n",
        ),
        ("[server]\nteams = []\n\n# about logs\n[log]\n", '[server]\nteams = []\nurl = "new"\n\n# about logs\n[log]\n'),
        ("[log]\nlevel = 'info'", "[log]\nlevel = 'info'\n\n[server]\nurl = \"new\"\n"),
        ("[server]\r\nurl = ''\r\n", '[server]\r\nurl = "new"\r\n'),
        ("[server]\r\n\r\n[log]\r\n", '[server]\r\nurl = "new"\r\n\r\n[log]\r\n'),
        ('[server]\nurl = """\na\n"""\nteams = []\n', '[server]\nurl = "new"\nteams = []\n'),
        ("", '[server]\nurl = "new"\n'),
        ('[server]\nurl = "new" # same\n', '[server]\nurl = "new" # same\n'),
    ],
)
def test_one_line_changes_and_no_other(before: str, after: str) -> None:
    assert edited(before, {("server", "url"): "new"}) == after


@pytest.mark.parametrize("text", ['server.url = "a"\n', 'server = { url = "a" }\n', '["server"]\n"url" = "a"\n'])
def test_however_the_file_is_written_the_value_is_changed_in_its_style(text: str) -> None:
    assert edited(text, {("server", "url"): "new"}) == text.replace('"a"', '"new"')


def test_a_list_over_several_lines_is_replaced_whole() -> None:
    text = '[channels]\njoin = [\n  "a",\n  "b",\n]\n[log]\n'
    assert edited(text, {("channels", "join"): ["c"]}) == '[channels]\njoin = ["c"]\n[log]\n'


def test_other_secrets_and_remarks_stay(tmp_path: Path) -> None:
    toml = tmp_path / "bot.toml"
    secrets = tmp_path / "muster.secrets"
    secrets.write_text("# mine\nMUSTER_STORE_URL=postgresql://x\nexport MUSTER_TOKEN='old'\n")
    secrets.chmod(0o644)
    write_secrets(toml, {"MUSTER_TOKEN": "new", "MUSTER_CALLBACKS_SECRET": "s"})
    assert secrets.read_text() == (
        "# mine\nMUSTER_STORE_URL=postgresql://x\nMUSTER_TOKEN=new\nMUSTER_CALLBACKS_SECRET=s\n"
    )
    assert mode(secrets) == 0o600


def test_a_link_to_the_file_stays_a_link_and_its_ends_of_lines_stay(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_bytes(b"[server]\r\nurl = ''\r\n")
    link = tmp_path / "bot.toml"
    link.symlink_to("real.toml")
    assert write_settings(link, {("server", "url"): "http://x"}) == tmp_path / "real.toml.bak"
    assert link.is_symlink()
    assert (tmp_path / "real.toml").read_bytes() == b'[server]\r\nurl = "http://x"\r\n'
