"""What is not right any more with the playbooks that are in use, as `muster playbooks check` tells it without files."""

from bot.cli.on_host import context_of
from bot.database import looking
from bot.settings.config import load
from bot.tables import console
from handlers.editing.check_up import of_playbook
from handlers.rules.check_up import found_in

FINE = "Everything is as it should be in the playbooks that are in use, as far as it is known here."


def check_what_is_in_use() -> bool:
    """Tell what is not right with each playbook in use, and what to do about it; return whether all is well."""
    config = load(complete=False)
    with looking(config.store.url) as database:
        if database is None:
            console().print("No playbook is in use yet.")
            return True
        with database.reading() as store:
            ctx, rows = context_of(store, config), store.playbooks()
            found = [(row, found_in(ctx, row, rows)) for row in rows]
            texts = [of_playbook(ctx, row, some) for row, some in found if some]
    for text in texts or [FINE]:
        console().print(text.replace("**", ""), markup=False, soft_wrap=True)
    return not texts
