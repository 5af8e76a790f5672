"""The composition root: builds all parts from the configuration, runs them together, and stops them in order."""

import asyncio
import gc
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.charts.charts import Charts
from bot.clock import Steady
from bot.database import open_database
from bot.delivery.courier import Courier
from bot.delivery.gateway import Gateway
from bot.delivery.redraw_overtaken import Repairs
from bot.directory.directory import Directory
from bot.directory.doubts import decided
from bot.directory.named import meet_named
from bot.directory.retry import Passing, Patience, passes
from bot.doors.button_mode import Buttons
from bot.doors.callbacks import Door
from bot.doors.clearing import Clearing
from bot.doors.command_tokens import CommandTokens
from bot.doors.doorway import Limits, listening
from bot.doors.figuring import Figuring
from bot.doors.health import Health
from bot.doors.scheduler import Scheduler
from bot.doors.way_back import WayBack
from bot.driver import Driver, ServerRefused, ServerUnreachable, connect
from bot.exports import Exports
from bot.insights.making import Insights
from bot.library.follow import Followed
from bot.library.shelf import Files
from bot.listening.auto_join import Joiner
from bot.listening.keyword_refresh import Ears
from bot.listening.listener import Listener
from bot.listening.memberships import Memberships
from bot.listening.restored import RestoredChannels
from bot.pages.address import Address
from bot.pages.oauth import provider_of
from bot.pages.questions import Questions
from bot.pages.site import Site
from bot.rendering.rendering import Rendering
from bot.settings.config import Config
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.pace import PersonalPace
from bot.transaction.readers import Readers
from bot.trouble import Trouble
from bot.webhooks.guard import Guard
from bot.webhooks.lanes import Lanes
from bot.webhooks.sender import Sender
from bot.wire.answers import Server
from bot.wire.outgoing import Writer
from bot.wire.reading import BadFrame, read_channels, read_teams
from bot.wire.signing import Signer
from bot.wire.things import Channel, Team
from handlers.context import Installation
from handlers.events import PlaceChanged
from handlers.playbooks.keywords import Keywords
from handlers.routes import MENUS
from handlers.unsure import ToRender
from store import Database

log = structlog.get_logger()
T = TypeVar("T")

YOUNG = 20_000
"""How many objects come before the garbage collector looks at them; a decision makes thousands that soon go."""

REFUSED = (
    "The server refuses the bot's token. It was revoked, or the bot or its owner was deactivated. "
    "Run muster setup again, or put a new token into MUSTER_TOKEN."
)
JOIN = (
    "Add it there (Main menu > Invite People, or muster setup), or correct [server] teams, and start it again; "
    "muster doctor looks at it."
)
ROOMY = (6, 0)
"""From this version on a post's props hold 800,000 characters instead of 8,000 (server source: model/post.go)."""


@dataclass(frozen=True, slots=True)
class Bot:
    """All parts of a running bot, for whoever started it to look at."""

    desk: Dispatcher
    readers: Readers
    gateway: Gateway
    courier: Courier
    listener: Listener
    scheduler: Scheduler
    directory: Directory
    ears: Ears
    playbooks: Followed
    buttons: Buttons
    charts: Charts
    pace: PersonalPace
    rendering: Rendering


@asynccontextmanager
async def running(
    config: Config,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    patience: Patience | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[Bot]:
    """Run a bot as long as the context lasts; it hears, answers and reminds once this is entered.

    `clock` may be set back meanwhile: the bot's own time does not go back with it.

    A part that ends by an error ends the context with it.
    """
    patience, clock = patience or Patience(), Steady(clock)
    log.info("starting", action="starting")
    database = await patience.insist(partial(asyncio.to_thread, open_database, config.store.url, alone=True))
    driver = connect(config.server.url, config.token.get_secret_value(), verify=config.server.verify_tls)
    try:
        bot, door, joiner = await _build(config, database, driver, clock, patience)
        where = (config.callbacks.listen_host, config.callbacks.listen_port)
        async with (
            asyncio.TaskGroup() as group,
            listening(*where, door, limits),
            _pages_shown(config, bot, limits),
        ):
            parts = [
                group.create_task(part, name=name)
                for name, part in (
                    ("listener", bot.listener.run()),
                    ("restored", RestoredChannels(bot.readers, driver.client, bot.listener, patience).run()),
                    ("courier", bot.courier.run()),
                    ("scheduler", bot.scheduler.run()),
                    ("webhooks", Lanes(bot.desk, Sender(Guard(config.webhooks.allow)), patience).run()),
                    ("joiner", joiner.run()),
                    ("ears", bot.ears.run()),
                    ("playbooks", bot.playbooks.run()),
                    ("buttons", bot.buttons.run()),
                    ("clearing", Clearing(bot.desk).run()),
                    ("figures", Figuring(bot.desk).run()),
                )
            ]
            await bot.listener.is_complete.wait()
            log.info("listening", action="ready", bot=bot.gateway.server.me.username, server=config.server.url)
            try:
                yield bot
            finally:
                bot.scheduler.stop()
                bot.courier.stop()
                for part in parts:
                    if part.get_name() not in ("scheduler", "courier"):
                        part.cancel()
        # What is being asked has its time, in which all else goes on.
        await asyncio.to_thread(bot.readers.close)
        await bot.charts.close()
        await bot.rendering.close()
        bot.desk.close()
    finally:
        await driver.close()
        database.close()


@asynccontextmanager
async def _pages_shown(config: Config, bot: Bot, limits: Limits | None) -> AsyncIterator[None]:
    """Let the pages be reached, where they have an address."""
    pages = config.pages
    if not pages.url:
        yield
        return
    limits = limits or Limits()
    questions = Questions(bot.desk, bot.readers, bot.directory, bot.charts)
    provider = provider_of(pages, config.server.url, verify=config.server.verify_tls)
    site = Site(Address(pages.url), questions, bot.pace, limits.most // 2, provider)
    try:
        async with listening(pages.listen_host, pages.listen_port, site.application(), limits, section="pages"):
            yield
    finally:
        await questions.previews.close()


def leave_alone_what_is_there() -> None:
    """Let the garbage collector pass over all that exists by now, which stays as long as the process.

    To look through it takes a tenth of a second, for which everybody waits, and is done every few hundred runs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


async def _build(
    config: Config, database: Database, driver: Driver, clock: Callable[[], datetime], patience: Patience
) -> tuple[Bot, web.Application, Joiner]:
    # Without buttons nothing is signed, and nothing that comes in is believed.
    signer = Signer(config.callbacks.secret.get_secret_value() or secrets.token_hex(16))
    gateway, charts = Gateway(driver, Writer(signer, config.callbacks.url), clock=clock), Charts()
    rendering = Rendering()
    server = await _learn(gateway, patience)
    desk = Dispatcher(database, _installation(config, server), clock=clock)
    readers = Readers(database, desk.storage)

    def differs(channel: Channel) -> None:
        listener.differs(channel)

    async def learn_words() -> None:
        await ears.refresh()

    async def render(order: ToRender) -> None:
        await rendering.answer(order, desk.here.rendered)

    directory = Directory(driver.client, desk, clock=clock, on_differing=differs, render=render)
    memberships = Memberships(desk, clock=clock)
    team_ids = await _meet_teams(driver, memberships, config.server.teams, patience)
    pace = PersonalPace(config.limits.requests)
    await patience.insist(partial(_meet_places, driver, desk, directory, memberships, team_ids.values()))
    playbooks = Followed(
        Files(config.playbooks.starters, config.playbooks.files, config.folder, f"@{server.me.username}"),
        desk.ask,
        clock,
    )
    await patience.insist(playbooks.begin)
    listener = Listener(
        config.server.url,
        config.token.get_secret_value(),
        me=server.me,
        client=driver.client,
        desk=desk,
        directory=directory,
        keywords=Keywords(),
        learn_words=learn_words,
        memberships=memberships,
        on_own_edit=Repairs(desk, gateway, patience).notice,
        patience=patience,
        pace=pace,
        clock=clock,
        verify=config.server.verify_tls,
        prefix=config.commands.prefix,
    )
    ears = Ears(readers, desk.listening, listener, partial(meet_named, directory, team_ids.values()), patience)
    await patience.insist(ears.refresh)
    await patience.insist(ears.meet)
    buttons = _buttons(config, desk, driver, signer, patience)
    courier, scheduler = Courier(desk, gateway), Scheduler(desk, directory)
    parts = (desk, readers, gateway, courier, listener, scheduler, directory, ears, playbooks, buttons, charts, pace)
    bot = Bot(*parts, rendering)
    questions = Questions(desk, readers, directory, charts)
    gateway.insights, gateway.exports = Insights(questions), Exports(questions)
    tokens = {team: token.get_secret_value() for team, token in config.commands.tokens.items()}
    door = Door(desk, directory, gateway, signer, CommandTokens(tokens, desk.ask, clock), pace, listener.meet)
    path = urlsplit(config.callbacks.url).path.rstrip("/")
    application = door.application(path, Health(listener, courier, desk, readers))
    joiner = Joiner(driver.client, memberships, server.me, config.channels.join, patience=patience)
    return bot, application, joiner


def _buttons(config: Config, desk: Dispatcher, driver: Driver, signer: Signer, patience: Patience) -> Buttons:
    url = config.callbacks.url
    way = WayBack(driver, url, signer, desk.here.bot.id) if url else None
    return Buttons(desk, config.callbacks.mode, way.works if way is not None else None, patience=patience)


async def _learn(gateway: Gateway, patience: Patience) -> Server:
    try:
        return await patience.insist(gateway.learn_server)
    except ServerRefused as refusal:
        if refusal.status != 401:
            raise Trouble(f"The server refuses to say what it is: {refusal}. Is [server] url right?") from refusal
        raise Trouble(REFUSED) from refusal


def _installation(config: Config, server: Server) -> Installation:
    return Installation(
        bot=server.me,
        site_url=(server.site_url or config.server.url).rstrip("/"),
        menus=MENUS,
        trigger=config.commands.trigger,
        teams=frozenset(config.server.teams),
        may_run=config.commands.run,
        prompt_folds_after=config.prompts.fold_after,
        text_limit=server.max_post_size,
        file_limit=server.max_file_size,
        starts=config.limits.starts,
        pages_url=config.pages.url,
        is_private=Guard(config.webhooks.allow).is_private,
        message_budget=12_000 if server.version >= ROOMY else 6_000,
    )


async def _meet_teams(
    driver: Driver, memberships: Memberships, named: Sequence[str], patience: Patience
) -> dict[str, str]:
    """Store the bot's teams; return their ids by name. Raises `Trouble` where it is in none that it is to work in."""
    teams = await patience.insist(lambda: _my_teams(driver))
    mine = [team.name for team in teams]
    if missing := [name for name in named if name not in mine]:
        if len(missing) == len(named):
            inside = f"in {', '.join(mine)}" if mine else "in no team"
            raise Trouble(f"The bot is in none of the teams to work in ({', '.join(missing)}); it is {inside}. {JOIN}")
        log.warning("the bot is not in a team that [server] teams names", action="team_missing", teams=missing)
    if not teams:
        raise Trouble(f"The bot is in no team, so there is nothing to do. {JOIN}")
    await patience.insist(lambda: memberships.note_teams(teams))
    return {team.name: team.id for team in teams}


async def _my_teams(driver: Driver) -> list[Team]:
    return await _ask(driver, "/users/me/teams", read_teams)


async def _ask(driver: Driver, path: str, read: Callable[[Any], T]) -> T:
    try:
        return read(await driver.client.get(path))
    except BadFrame as error:
        raise ServerUnreachable(f"an answer that cannot be read: {error}") from error
    except ServerRefused as refusal:
        if refusal.status == 401:
            raise Trouble(REFUSED) from refusal
        raise


async def _meet_places(
    driver: Driver, desk: Dispatcher, directory: Directory, memberships: Memberships, team_ids: Iterable[str]
) -> None:
    """Learn what the bot's channels have become meanwhile, before anybody asks who may see what."""
    for team_id in team_ids:
        try:
            channels = await _ask(driver, f"/users/me/teams/{team_id}/channels", read_channels)
        except ServerRefused as error:
            if passes(error):
                raise
            # The bot was taken out of the team just now; catching up finds the same.
            log.warning("no channels of a team", action="team_unknown", team=team_id, error=str(error))
            continue
        for each in await memberships.differing({each.id: each for each in channels}):
            await _change(PlaceChanged(at=desk.clock(), place=each.place, as_of=each.update_at), desk, directory)


async def _change(changed: PlaceChanged, desk: Dispatcher, directory: Directory) -> None:
    try:
        await decided(desk.dispatch, directory, changed)
    except Passing:
        raise
    except Exception:
        # A fault of ours must not end each start.
        log.exception("event failed", action="event_failed", event_kind=type(changed).__name__)
