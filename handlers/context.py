"""What a handler is given besides the event: the time, the store, and what holds for this installation."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.effects import FILES_LIMIT, MOST_FILES, Answer, Content, File, Refuse, Refused
from handlers.events import Person, Place
from handlers.menus import Menus
from handlers.text.catalogue import spoken
from handlers.text.readers import ANYBODY, ENGLISH, Reader, zone
from handlers.text.sentences import Said, say
from handlers.text.words import Safe
from handlers.unsure import Made, ToRender
from store import KnownPerson, MomentKind, PlaybookRow, Run, Store


@dataclass(frozen=True, slots=True)
class Installation:
    """What holds as long as the bot runs: who it is, where the server is, and the choices of `bot.toml`.

    `teams` are the names of those to work in, all if there are none. `message_budget` is how many characters of a
    checklist go into one message: a 5.37 server keeps 8,000 a post at most, all attachments included (server source:
    model/post.go, IsValid); `text_limit` is how many a message's own text has at most, `file_limit` how many bytes one
    file has, 0 where the server takes none. Without `buttons` the server cannot reach the bot: then reactions and words
    take the place of buttons and of the slash command; it may change while the bot runs. `starts` is how many runs one
    person may start within ten minutes, 0 for as many as they like. `may_run` says how commands of tasks begin that the
    bot itself runs. `menus` are what fixed menus offer. `language` is spoken in channels, and to whose own nobody has
    put the sentences into. `is_private` tells whether a webhook's URL is written with an address of a private network
    that `bot.toml` does not allow; what a name leads to is seen when it is called. `pages_url` is where the pages are,
    empty where there are none. `rendered` is what templates were found to say lately.
    """

    bot: Person
    site_url: str
    menus: Menus = field(repr=False, compare=False)
    trigger: str = "playbook"
    teams: frozenset[str] = frozenset()
    prompt_folds_after: timedelta = field(default=timedelta(hours=12))
    message_budget: int = 6000
    text_limit: int = 16383
    file_limit: int = 104_857_600
    buttons: bool = True
    starts: int = 10
    may_run: tuple[str, ...] = ()
    language: str = ENGLISH
    pages_url: str = ""
    is_private: Callable[[str], bool] = field(default=lambda url: False, repr=False, compare=False)
    rendered: dict[ToRender, tuple[Made, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def call(self) -> str:
        """Return what a command begins with, as people are to write it."""
        return f"/{self.trigger}" if self.buttons else f"@{self.bot.username}"

    def takes(self, files: Collection[File]) -> bool:
        """Return whether files can be sent with one message here."""
        sizes = [len(one.content) for one in files]
        return len(sizes) <= MOST_FILES and sum(sizes) <= FILES_LIMIT and max(sizes, default=0) <= self.file_limit

    def reader(self, person: Person | KnownPerson) -> Reader:
        """Return one person as a reader."""
        return Reader(spoken(person.locale, self.language), zone(person.timezone))


def known_person(row: KnownPerson) -> Person:
    """Return a person as the store knows them."""
    roles = row.roles.split()
    return Person(
        id=row.id,
        username=row.username,
        timezone=row.timezone,
        locale=row.locale,
        is_bot=row.is_bot,
        is_guest="system_guest" in roles,
        is_admin="system_admin" in roles,
        is_active=row.is_active,
    )


def person_row(person: Person, now: datetime) -> KnownPerson:
    """Return what is stored of a person who has just been seen."""
    roles = (("system_admin", person.is_admin), ("system_guest", person.is_guest))
    return KnownPerson(
        id=person.id,
        username=person.username,
        timezone=person.timezone,
        locale=person.locale,
        roles=" ".join(role for role, holds in roles if holds),
        is_bot=person.is_bot,
        is_active=person.is_active,
        seen_at=now,
    )


@dataclass(frozen=True, slots=True)
class Context:
    """One decision's surroundings; `now` is in UTC.

    `asks` tells whether the server is asked what the decision hangs on (`handlers/unsure.py`), or what is known counts.
    `reader` is whom sentences are for that say nothing else: who asked.
    `rearranged` are the runs whose tasks have come, gone or moved in it.
    """

    now: datetime
    store: Store
    here: Installation
    asks: bool = True
    reader: Reader = ANYBODY
    rearranged: set[int] = field(default_factory=set, compare=False)

    def to(self, reader: Reader) -> "Context":
        """Return the same, with sentences for another reader."""
        return replace(self, reader=reader)

    def reader_of(self, person: Person | KnownPerson | str | None) -> Reader:
        """Return one person as a reader, who may be named by id; who is not known reads as everybody does."""
        known = self.store.person(person) if isinstance(person, str) else person
        return self.here.reader(known) if known is not None else self.everybody()

    def readers_of(self, run: Run) -> Reader:
        """Return all who read what a run says where many do, with the run's own clock."""
        return self.everybody(run.timezone)

    def everybody(self, timezone: str = "") -> Reader:
        """Return all who read in a channel, with the clock of a zone."""
        return Reader(self.here.language, zone(timezone))

    def say(self, template: str, to: Reader | None = None, /, **values: Any) -> Said:
        """Render a template, for who asked unless `to` says for whom, with what is known in all templates."""
        here = self.here
        return say(
            template,
            to or self.reader,
            now=self.now,
            call=Safe(here.call),
            trigger=Safe(here.trigger),
            bot=Safe(here.bot.username),
            buttons=here.buttons,
            pages_url=Safe(here.pages_url),
            **values,
        )

    def answer(self, template: str, block: str, **values: Any) -> Answer:
        """Return one block of a template as the answer to who asked."""
        return Answer(content=Content(self.say(template, **values)[block]))

    def refused(self, template: str, block: str, title: str = "", /, **values: Any) -> Refused:
        """Return a refusal to be raised: a block of a template, and above it `title`, or the block of its title."""
        said = self.say(template, **values)
        return Refused(Refuse(title=said[f"{title or block}_title"], text=said[block]))

    def playbooks_in(self, team_id: str) -> Sequence[PlaybookRow]:
        """Return the playbooks that hold in a team; none in one that is not to be worked in."""
        team = self.store.team(team_id)
        if self.here.teams and (team is None or team.name not in self.here.teams):
            return ()
        return self.store.playbooks_of(team_id)

    def username(self, person_id: str) -> str:
        """Return a person's user name, or a word that says that nobody knows it."""
        person = self.store.person(person_id)
        return person.username if person else self.say("people")["somebody"]

    def meet(self, *people: Person) -> None:
        """Remember people whom a door has just seen."""
        known = self.store.people(person.id for person in people)
        new = [person_row(person, self.now) for person in people if person.id not in known]
        if new:
            self.store.learn(*new)

    def meet_place(self, place: Place) -> None:
        """Remember a channel that a door has just seen; what is known of it already is newer."""
        if self.store.place(place.id) is None:
            self.store.know_place(place.id, place.team_id, place.kind, place.name, place.title, self.now)

    def note(
        self, run: Run, kind: MomentKind, person_id: str = "", subject: str = "", post_id: str = "", **details: Any
    ) -> None:
        """Enter something into a run's timeline, with what else is to be kept of it."""
        self.store.note(run.id, self.now, kind, person_id, subject, post_id, details)

    def post_link(self, team_id: str, post_id: str) -> Safe:
        """Return a link to a message, nothing where there is none; without a team the client chooses one.

        So it does for messages of no team, which stand in the team that it shows (web client: root/root.tsx).
        """
        team = self.store.team(team_id) if team_id else None
        return Safe(f"{self.here.site_url}/{team.name if team else '_redirect'}/pl/{post_id}" if post_id else "")

    def post_of_run_link(self, run: Run, post_id: str) -> Safe:
        """Return a link to a message in a run's channel, which need not be one of the run's team."""
        return self.post_link("" if self.is_direct(run) else run.team_id, post_id)

    def run_link(self, run: Run) -> Safe:
        """Return a link to where a run is now: its channel by its name, or direct messages; empty while it has none.

        Direct messages are the bot's with one person; where no team is known that leads there, the link is the card's.
        """
        team = self.store.team(run.team_id)
        place = self.store.place(run.channel_id) if run.channel_id is not None else None
        if place is None or not place.name:
            return Safe("")
        if team is None:
            return self.post_link("", self.card_post(run)) if self.is_direct(run) else Safe("")
        if place.kind == "D":
            return Safe(f"{self.here.site_url}/{team.name}/messages/@{self.here.bot.username}")
        return Safe(f"{self.here.site_url}/{team.name}/{'messages' if place.kind == 'G' else 'channels'}/{place.name}")

    def page_link(self, path: str) -> Safe:
        """Return the address of a page such as `/runs/12`, without any secret; empty where there are no pages."""
        return Safe(f"{self.here.pages_url}{path}" if self.here.pages_url else "")

    def card_post(self, run: Run) -> str:
        """Return the id of the post that shows a run's card, empty as long as there is none."""
        return next((one.post_id for one in self.store.messages("card", run_id=run.id) if one.post_id), "")

    def is_direct(self, run: Run) -> bool:
        """Return whether a run lives in direct or group messages, to which nobody can be added."""
        place = self.store.place(run.channel_id) if run.channel_id is not None else None
        return place is not None and place.kind in ("D", "G")
