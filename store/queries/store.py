"""Questions to the database in the handlers' words, and what they add to it; one store is one transaction."""

from store.queries.actions import AboutActions
from store.queries.directory import AboutDirectory
from store.queries.figures import AboutFigures
from store.queries.imports import AboutImports
from store.queries.insights import AboutInsights
from store.queries.jobs import AboutJobs
from store.queries.messages import AboutMessages
from store.queries.pages import AboutPages
from store.queries.people import AboutPeople
from store.queries.playbooks import AboutPlaybooks
from store.queries.retrospectives import AboutRetrospectives
from store.queries.runs import AboutRuns
from store.queries.webhooks import AboutWebhooks


class Store(
    AboutPlaybooks,
    AboutRuns,
    AboutRetrospectives,
    AboutPeople,
    AboutJobs,
    AboutMessages,
    AboutDirectory,
    AboutFigures,
    AboutImports,
    AboutInsights,
    AboutPages,
    AboutActions,
    AboutWebhooks,
):
    """All that one decision may ask and change."""
