"""What templates know of a run that there is, and what they say of it as it is now."""

from handlers.context import Context
from handlers.playbooks.playbook import playbook_of
from handlers.playbooks.retrospective import QUESTION_LIMIT, Question, questions
from handlers.playbooks.templates import known_names
from handlers.rules.attributes import attribute_values
from handlers.rules.places import origin_text
from handlers.rules.run_texts import QUESTIONS, UPDATE, Values, filled_text, plain, said_now
from handlers.text.escaping import as_typed
from handlers.text.naming import headline
from handlers.text.readers import zone
from handlers.text.words import shorten
from store import Run


def values_of_run(ctx: Context, run: Run, message: str = "") -> Values:
    """Return what templates know of a run; `message` is what is said of the one that it began with."""
    keywords = _keywords(ctx, run)
    known = {
        "message": plain(message or headline(origin_text(ctx, run), keywords)),
        "keyword": keywords[0] if keywords else "",
        "date": f"{run.created_at.astimezone(zone(run.timezone)):%Y-%m-%d}",
        "creator": ctx.username(run.creator_id),
        "owner": ctx.username(run.owner_id),
        "playbook": run.definition["title"],
        "prefix": run.prefix,
        "number": str(run.id),
        "seq": run.called,
    }
    return Values(known, {name: plain(value) for name, value in attribute_values(ctx, run).items()})


def update_template(ctx: Context, run: Run) -> str:
    """Return what an update of a run begins with. Raises `Unsure` where it is to be rendered."""
    return said_now(ctx, run, UPDATE, values_of_run(ctx, run)) if run.definition["updates"].get("template") else ""


def questions_of(ctx: Context, run: Run) -> list[Question]:
    """Return what is asked about a run: the questions of its playbook, or the usual ones.

    What somebody wrote before the run began is words in them, and begins no question of its own. Raises `Unsure` where
    they are to be rendered.
    """
    book = playbook_of(run.definition)
    values = values_of_run(ctx, run, origin_text(ctx, run) or run.name)
    if book.templates == "jinja2" and book.retrospective.template:
        found = questions(said_now(ctx, run, QUESTIONS, values))
        return [Question(shorten(as_typed(one.title), QUESTION_LIMIT), one.hint) for one in found]
    usual = ctx.say("retro_questions", ctx.readers_of(run))["usual"]
    known = known_names(book)
    return [
        Question(
            shorten(filled_text(one.title, "line", values, known), QUESTION_LIMIT),
            filled_text(one.hint, "markdown", values, known),
        )
        for one in questions(book.retrospective.template or usual)
    ]


def _keywords(ctx: Context, run: Run) -> list[str]:
    """Return the keywords in the message that a run began with."""
    offers = (one for prompt in ctx.store.prompts_of(run.id) for one in ctx.store.offers(prompt.id))
    return next((one.keywords.split("\n") for one in offers if one.playbook_id == run.playbook_id), [])
