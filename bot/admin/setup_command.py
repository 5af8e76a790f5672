"""`muster setup` on the command line: its options, and where the administrator's secrets come from."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from bot.logs.veil import veil
from bot.tables import console
from bot.trouble import Trouble

AdminName = Annotated[str, typer.Option(envvar="MUSTER_ADMIN", help="The administrator's user name.")]
Mfa = Annotated[str, typer.Option(help="The code of the administrator's second factor.")]
PasswordFile = Annotated[
    Path | None, typer.Option(help="A file with the administrator's password; or set MUSTER_ADMIN_PASSWORD.")
]
TokenFile = Annotated[
    Path | None, typer.Option(help="A file with the administrator's personal access token; or MUSTER_ADMIN_TOKEN.")
]
Verify = Annotated[
    bool | None, typer.Option("--verify-tls/--no-verify-tls", help="Whether the server's certificate is checked.")
]
Grant = Annotated[
    bool | None,
    typer.Option("--grant-ephemeral/--no-grant-ephemeral", help="Let the bot show messages to one person alone."),
]


def setup(
    *,
    server: Annotated[str, typer.Option(help="The server's address, like https://chat.example.com.")] = "",
    admin: AdminName = "",
    password_file: PasswordFile = None,
    token_file: TokenFile = None,
    mfa_code: Mfa = "",
    verify_tls: Verify = None,
    bot: Annotated[str, typer.Option(help="The bot's user name.")] = "",
    team: Annotated[list[str] | None, typer.Option(help="A team to work in; may be repeated.")] = None,
    callback_url: Annotated[str, typer.Option(help="The address at which the server reaches Muster.")] = "",
    listen_host: Annotated[str, typer.Option(help="The address that Muster listens at.")] = "",
    listen_port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port that it listens at.")] = None,
    pages_url: Annotated[str, typer.Option(help="The address at which people reach the pages, with https.")] = "",
    trigger: Annotated[str, typer.Option(help="The word after the slash.")] = "",
    join: Annotated[str, typer.Option(help='"invited", "all", or names and patterns with commas.')] = "",
    grant_ephemeral: Grant = None,
    enable_bot_creation: Annotated[
        bool, typer.Option("--enable-bot-creation", help="Let bots be created, for the moment.")
    ] = False,
    allow_callback_host: Annotated[
        bool, typer.Option("--allow-callback-host", help="Let the server call Muster in a private network.")
    ] = False,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="Make a new access token even if the old one works.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing, and do it.")] = False,
) -> None:
    """Make the bot and its slash command on a server.

    Asks for what it needs to know, and writes it into bot.local.toml and muster.secrets. An administrator's account
    is needed for the moment, and is not kept.
    """
    # The other commands need neither network nor questions.
    from bot.admin.account import Credentials  # noqa: PLC0415 - see above
    from bot.admin.setup import set_up  # noqa: PLC0415 - see above
    from bot.admin.setup_questions import questions  # noqa: PLC0415 - see above
    from bot.admin.setup_wishes import Wishes  # noqa: PLC0415 - see above

    wishes = Wishes(
        server=server,
        verify_tls=verify_tls,
        username=bot,
        teams=tuple(team or ()),
        callback_url=callback_url,
        listen_host=listen_host,
        listen_port=listen_port,
        pages_url=pages_url,
        trigger=trigger,
        join=join,
        grant_ephemeral=grant_ephemeral,
        enable_bots=enable_bot_creation,
        allow_host=allow_callback_host,
        new_token=new_token,
        agreed=yes,
    )
    ask = questions(console(), silent=yes)
    credentials = Credentials(
        name=admin,
        password=_secret(password_file, "MUSTER_ADMIN_PASSWORD"),
        token=_secret(token_file, "MUSTER_ADMIN_TOKEN"),
        code=mfa_code,
    )
    try:
        asyncio.run(set_up(wishes, credentials, ask))
    except EOFError:
        raise Trouble("The answers ended too early. What was not said to be done was not done.") from None


def _secret(path: Path | None, variable: str) -> str:
    try:
        said = os.environ.get(variable, "") if path is None else path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise Trouble(f"{path} cannot be read.") from None
    veil.hide(said)
    return said
