"""Questions to the database in the handlers' words, and what they add to it; one store is one transaction."""

from store.about_directory import AboutDirectory
from store.about_messages import AboutMessages
from store.about_people import AboutPeople
from store.about_playbooks import AboutPlaybooks
from store.about_reminders import AboutReminders
from store.about_runs import AboutRuns


class Store(AboutPlaybooks, AboutRuns, AboutPeople, AboutReminders, AboutMessages, AboutDirectory):
    """All that one decision may ask and change."""
