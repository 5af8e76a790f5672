"""The commands `muster webhooks …`: how the webhooks of playbooks stand, trying one, and its secret."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from bot.cli.on_host import context_of, show_table
from bot.database import open_database
from bot.settings.config import load
from bot.tables import console, table_of_deliveries, table_of_webhooks
from bot.trouble import Trouble
from handlers.context import Context
from handlers.operations.call_webhooks import address_of, hook_named, redeliver, rotate_secret, send_test, turn_on
from handlers.playbooks.webhooks import Webhook
from handlers.text.nearest import nearest
from store import PlaybookRow

NOTHING = "No playbook has webhooks."
HOST = "the host"

webhooks = typer.Typer(
    help="List the webhooks of playbooks, try one, and make its secret.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
Key = Annotated[str, typer.Argument(metavar="PLAYBOOK", help="The short name of a playbook.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of one of its webhooks.")]


@webhooks.callback()
def list_webhooks(context: typer.Context) -> None:
    """List all webhooks, how each stands, and what was delivered last."""
    if context.invoked_subcommand is None:
        show_table(table_of_webhooks, NOTHING)


@webhooks.command()
def deliveries(playbook: Key, name: Name) -> None:
    """List what was delivered to one, the last 200 deliveries."""
    with _found(playbook, name) as (ctx, row, hook):
        console().print(table_of_deliveries(ctx.store.webhook_deliveries(address_of(ctx, row, hook.name).id)))


@webhooks.command()
def secret(playbook: Key, name: Name) -> None:
    """Show a new secret, once; the one before is good for a day."""
    with _found(playbook, name) as (ctx, row, hook):
        made = rotate_secret(ctx, row, hook.name)
    typer.echo(made)


@webhooks.command()
def test(playbook: Key, name: Name) -> None:
    """Send one webhook.test, once muster run is at work."""
    with _found(playbook, name) as (ctx, row, hook):
        key = send_test(ctx, row, hook, HOST).key
    console().print(f"webhook.test goes to {name} as {key}, once muster run is at work.", markup=False)


@webhooks.command()
def on(playbook: Key, name: Name) -> None:
    """Have one told again what happens that was left alone."""
    with _found(playbook, name) as (ctx, row, hook):
        turn_on(ctx, address_of(ctx, row, hook.name))
    console().print(f"{name} is told again what happens from now on.", markup=False)


@webhooks.command()
def again(
    playbook: Key,
    name: Name,
    delivery: Annotated[str, typer.Argument(metavar="ID", help="Its id, as deliveries lists it.")],
) -> None:
    """Have something delivered once more, under the same id."""
    with _found(playbook, name) as (ctx, row, hook):
        kept = ctx.store.webhook_deliveries(address_of(ctx, row, hook.name).id)
        one = next((each for each in kept if each.key == delivery), None)
        if one is None:
            raise Trouble(f"{name} was sent no {delivery}; `muster webhooks deliveries {playbook} {name}` lists all.")
        redeliver(ctx, hook, one)
    console().print(f"{delivery} goes to {name} once more, once muster run is at work.", markup=False)


@contextmanager
def _found(playbook: str, name: str) -> Iterator[tuple[Context, PlaybookRow, Webhook]]:
    """Give a webhook, in a transaction in which something of it may be changed."""
    config = load(complete=False)
    with closing(open_database(config.store.url)) as database, database.transaction() as store:
        rows = {row.key: row for row in store.playbooks()}
        if playbook not in rows:
            raise Trouble(_none(f"There is no playbook {playbook}.", playbook, list(rows)))
        ctx = context_of(store, config)
        hook = hook_named(ctx, rows[playbook], name)
        if hook is None:
            definition = store.playbook_version(rows[playbook]).definition
            names = [one["name"] for one in definition.get("webhooks", ())]
            raise Trouble(_none(f"{playbook} has no webhook {name}.", name, names))
        yield ctx, rows[playbook], hook


def _none(said: str, word: str, known: list[str]) -> str:
    like = nearest(word, known)
    return f"{said} Did you mean {like}?" if like else f"{said} There are {', '.join(sorted(known)) or 'none'}."
