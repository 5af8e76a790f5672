"""`muster doctor`: tries everything that Muster needs, and says what to do where something is missing."""

import asyncio
import os
from collections.abc import AsyncIterator

from bot.admin.doctor_here import examine_here
from bot.admin.doctor_named import examine_named
from bot.admin.doctor_pages import examine_pages
from bot.admin.doctor_rights import examine_rights
from bot.admin.doctor_route import examine_route
from bot.admin.doctor_server import Patient, examine_server
from bot.admin.findings import Finding, ill, verdict, well
from bot.driver import ServerRefused, ServerUnreachable, connect
from bot.library.shelf import Files, Shelf
from bot.settings.config import Config, ConfigMistake, config_path, load
from bot.settings.layers import local_path
from bot.tables import console


def is_healthy() -> bool:
    """Show what is found, and return whether all of it is well."""
    return asyncio.run(_report())


async def _report() -> bool:
    out = console()
    findings: list[Finding] = []
    async for finding in examine():
        out.print(finding.shown(), soft_wrap=True)
        findings.append(finding)
    out.print(f"\n{verdict(findings)}")
    return all(finding.state != "ill" for finding in findings)


async def examine() -> AsyncIterator[Finding]:
    """Yield what is found, as it is found; what depends on something that is missing is not tried."""
    try:
        config = load(complete=False)
    except ConfigMistake as mistake:
        yield ill(str(mistake), "Correct that, and run muster doctor again.")
        return
    yield _configured(config)
    shelf = Files(config.playbooks.starters, config.playbooks.files, config.folder).read()
    for finding in examine_here(config, config_path(os.environ), shelf):
        yield finding
    if not config.server.url or not config.token.get_secret_value():
        return
    async for finding in _examine_far(config, shelf):
        yield finding


async def examine_books(config: Config, shelf: Shelf) -> AsyncIterator[Finding]:
    """Yield what keeps the server from doing what playbooks say: whom and what they name, and the bot's rights."""
    driver = connect(config.server.url, config.token.get_secret_value(), verify=config.server.verify_tls)
    patient = Patient(config, driver)
    try:
        async for finding in examine_server(patient):
            if finding.state == "ill":
                yield finding
        if not patient.me:
            return
        async for finding in examine_rights(patient):
            if finding.state == "ill":
                yield finding
        async for finding in examine_named(patient, shelf):
            yield finding
    except (ServerRefused, ServerUnreachable) as error:
        yield ill(f"The server stopped answering: {error}", "Check the files again, or with --here alone.")
    finally:
        await driver.close()


def _configured(config: Config) -> Finding:
    try:
        load()
    except ConfigMistake as mistake:
        return ill(str(mistake), "Run muster setup, or put in what is missing.")
    toml = config_path(os.environ)
    read = [str(path) for path in (toml, local_path(toml)) if path.is_file()]
    return well(f"The configuration {' and '.join(read) or 'from the environment'} can be read, and is whole.")


async def _examine_far(config: Config, shelf: Shelf) -> AsyncIterator[Finding]:
    driver = connect(config.server.url, config.token.get_secret_value(), verify=config.server.verify_tls)
    patient = Patient(config, driver)
    try:
        async for finding in examine_server(patient):
            yield finding
        if patient.me:
            async for finding in examine_rights(patient):
                yield finding
            async for finding in examine_named(patient, shelf):
                yield finding
            async for finding in examine_route(patient):
                yield finding
            async for finding in examine_pages(config):
                yield finding
    except (ServerRefused, ServerUnreachable) as error:
        yield ill(f"The server stopped answering: {error}", "Run muster doctor again.")
    finally:
        await driver.close()
