"""Making a playbook in chat: by a dialog, as a copy of another one, or of a run as it went."""

from collections.abc import Sequence
from typing import Annotated, Any

from handlers.context import Context
from handlers.controls import EDIT_CREATE, entry
from handlers.editing.cards import card_for
from handlers.editing.finding import meant
from handlers.editor.fields import BY_NAME
from handlers.editor.reading import ADDED, read
from handlers.effects import Ask, Correct, Effects, Option
from handlers.events import ButtonPressed, CommandGiven, Person, Place, Submission
from handlers.forms import Filled, Line, Text
from handlers.messages.as_direct_message import told
from handlers.operations.copy_playbook import duplicate_playbook, save_run
from handlers.operations.edit_playbook import Drafted, create_playbook
from handlers.payloads import Nothing
from handlers.playbooks.keywords import unheard
from handlers.playbooks.mistakes import found_in_words, sentence
from handlers.playbooks.playbook import Playbook, key_for
from handlers.rules import teams
from handlers.rules.fit_playbook import fit
from handlers.rules.places import is_with_bot
from handlers.rules.playbook_rights import teams_here
from handlers.text.arguments import lines, titled
from handlers.text.words import Safe, plain
from store import KnownTeam, Run

TITLE_LIMIT = 150


class CreateForm(Filled, frozen=True):
    """A new playbook: its title, tasks, keywords, team, and whether it is private."""

    title: Annotated[str, Line(TITLE_LIMIT)]
    tasks: Annotated[str, Text(3000)]
    keywords: Annotated[str, Text(1000)]
    team: str
    private: bool


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`create` opens a dialog; `create Title; first; second` makes it at once."""
    there = _teams(ctx, event.asker, event.place)
    if not words and event.trigger_id:
        yield _dialog(ctx, there)
        return
    title, tasks = titled(words)
    if not title or len(there) != 1:
        raise ctx.refused("editing", "which_team" if title else "untitled")
    done = create_playbook(ctx, _book(ctx, title, "\n".join(tasks), there[0].name), event.asker)
    yield from _made(event, done, ctx, "created")


def by_dialog(event: Submission[Nothing, CreateForm], ctx: Context) -> Effects:
    """The dialog, filled in: the draft is made, and its card comes."""
    form, there = event.form, _teams(ctx, event.asker, event.place)
    team = next((one for one in there if one.id == form.team), there[0] if there else None)
    if not form.title:
        yield Correct(errors={"title": ctx.say("editing")["title_missing"]})
        return
    words = lines(form.keywords)
    if (wrong := [found for word in words if (found := _deaf(word))]) or team is None:
        yield Correct(
            errors={"keywords": str(plain(wrong[0]))} if wrong else {"team": ctx.say("editing")["which_team"]}
        )
        return
    more = {"keywords": words, "visibility": "private" if form.private else ""}
    book = _book(ctx, form.title, form.tasks, team.name, **more)
    done = create_playbook(ctx, book, event.asker)
    yield from told(event, _made(event, done, ctx, "created"))


def duplicated(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`duplicate PLAYBOOK [title]`."""
    row, title = meant(ctx, event.asker, words, "duplicate")
    yield from _made(event, duplicate_playbook(ctx, row, title, event.asker), ctx, "copied")


def run_saved(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`save-as [title]`: a playbook of the run, as it went."""
    yield from _made(event, save_run(ctx, run, words, event.asker), ctx, "from_run")


def run_saved_by_button(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Save this run as a playbook* of the card's menu."""
    yield from told(event, _made(event, save_run(ctx, run, "", event.asker), ctx, "from_run"))


def _made(event: Any, done: Drafted, ctx: Context, block: str) -> Effects:
    yield from card_for(ctx, done.row, event.asker)
    block = block if ctx.here.buttons or block != "created" else "created_plain"
    # The card says it, too, where nothing can be whispered.
    yield ctx.answer("editing", block, title=done.book.title, key=Safe(done.row.key))


def _teams(ctx: Context, asker: Person, place: Place) -> list[KnownTeam]:
    """Return the teams that a new playbook may be for: the channel's, or in a direct message one of one's own."""
    if place.team_id:
        team = ctx.store.team(place.team_id)
        return [team] if team is not None else []
    if not is_with_bot(ctx, place):
        return []
    return teams_here(ctx) if asker.is_admin else teams.of_person(ctx, asker)


def _dialog(ctx: Context, there: Sequence[KnownTeam]) -> Ask:
    said = ctx.say("editing")
    if not there:
        raise ctx.refused("editing", "which_team")
    options = tuple(Option(str(plain(one.title or one.name)), one.id) for one in there)
    team = (entry(said, "team", "select", default=there[0].id, options=options),) if len(there) > 1 else ()
    return EDIT_CREATE.ask(
        Nothing(),
        said,
        entry(said, "title", max_length=TITLE_LIMIT),
        entry(said, "tasks", "textarea", help=said["added_help"], optional=True, max_length=3000),
        entry(said, "keywords", "textarea", optional=True, max_length=1000),
        *team,
        entry(said, "private", "bool", optional=True),
        intro=said["create_intro"],
        title="create_title",
        submit="create_submit",
    )


def _book(ctx: Context, title: str, tasks: str, team: str, **more: Any) -> Playbook:
    said = read(BY_NAME["tasks"], {ADDED: tasks}, {}) if tasks.strip() else {}
    return fit(ctx, {"title": title[:200], "key": key_for(title), "teams": [team], **said, **more})


def _deaf(word: str) -> str:
    why = unheard(word)
    return f"{sentence(f'unheard_{why}', word=found_in_words(word))}." if why is not None else ""
