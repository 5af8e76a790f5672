"""A desk for handler tests: decisions over an in-memory database, with time and people as values."""

import re
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from handlers import effects as do
from handlers.context import Context, Installation
from handlers.events import (
    AnyEvent,
    ButtonPressed,
    ChannelOpened,
    CommandGiven,
    DialogSubmitted,
    Hit,
    JobDue,
    MessageHeard,
    MessagePosted,
    PeopleInvited,
    Person,
    Place,
    PlaceChanged,
    Readers,
    asker_of,
)
from handlers.playbooks.playbook import Playbook
from handlers.routes import MENUS, handle
from handlers.text.jinja_rendering import rendered
from handlers.unsure import HeadOf, InTeam, OfGroups, ReadersOf, ToRender, Unsure
from store import Database, KnownPerson, KnownPlace, KnownTeam, PlaybookRow, PlaybookVersion, Run, Store
from tests.remembered import begun, changes

START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
BOT = Person(id="bot", username="muster", is_bot=True)
ALICE = Person(id="alice", username="alice", timezone="Europe/Berlin")
BOB = Person(id="bob", username="bob")
CARLA = Person(id="carla", username="carla")
GUEST = Person(id="guest", username="visitor", is_guest=True)
ADMIN = Person(id="root", username="root", is_admin=True)
TOWN = Place(id="town", team_id="t1", name="town-square", title="Town Square")

INCIDENT = Playbook.model_validate(
    {
        "title": "Incident response",
        "key": "incident-response",
        "keywords": ["sev-1", "#incident"],
        "name": "{message}",
        "invite": ["@bob"],
        "updates": {
            "every": "30m",
            "template": "What changed?",
            "broadcast": ["~town-square"],
            "broadcast_private": True,
        },
        "channel": {"visibility": "private"},
        "checklists": [
            {"title": "Triage", "tasks": ["Acknowledge the alert", {"title": "Open a bridge call", "due": "15m"}]},
            {"title": "Fix", "tasks": ["Roll back", "Tell support", "Watch the graphs"]},
        ],
    }
)
PUBLIC = INCIDENT.model_copy(update={"channel": INCIDENT.channel.model_copy(update={"visibility": "public"})})


class Undone(Exception):
    """Ends a trial, so that nothing of it stays."""


class Desk:
    """Takes events as the dispatcher does, and keeps all effects that followed; what it returns is as people see it."""

    locale = ""
    """The language that all people have chosen."""

    def __init__(self, *playbooks: Playbook, url: str = "sqlite://") -> None:
        self.database = Database(url)
        self.now = START
        self.here = Installation(bot=BOT, site_url="https://chat.example.com", menus=MENUS)
        self.sent: list[do.Lasting] = []
        self.heads: set[tuple[str, str]] = set()
        """Who administers which channel, by person and channel, as the server would say."""
        self.strangers: set[str] = set()
        """Who is in no team, as the server would say; all others are in all of them."""
        self.groups: dict[str, set[str]] = {}
        """Who is in which group of the server's, by ids."""
        self.readers = Readers(people=())
        """Who reads the channel where a button is pressed, beyond what its team may see."""
        self._posts = 0
        self.made_of = (self.locale, *(book.model_dump_json() for book in playbooks))
        if url == "sqlite://":
            begun(self.database, self.made_of, lambda: self._fill(playbooks))
            self._as_made = (self.here, changes(self.database))
        else:
            self._fill(playbooks)
            self._as_made = None

    def _fill(self, playbooks: Sequence[Playbook]) -> None:
        self.database.migrate()
        with self.database.transaction() as store:
            store.learn(
                *(
                    KnownPerson(
                        id=one.id,
                        username=one.username,
                        timezone=one.timezone,
                        locale=self.locale,
                        roles="system_admin" if one.is_admin else "",
                        seen_at=self.now,
                    )
                    for one in (ALICE, BOB, CARLA, GUEST, ADMIN)
                ),
                KnownTeam(id="t1", name="ops", title="Operations", seen_at=self.now),
                KnownPlace(id="town", team_id="t1", name="town-square", is_member=True, seen_at=self.now),
            )
            for book in playbooks or (INCIDENT,):
                self._keep(store, book)

    @property
    def is_as_made(self) -> bool:
        """Return whether nothing has happened yet, and nothing is otherwise than at most desks."""
        if self.now != START or self.sent or self._posts or self.strangers or self.heads or self._as_made is None:
            return False
        return self._as_made == (self.here, changes(self.database))

    def _keep(self, store: Store, book: Playbook) -> None:
        row = store.add(
            PlaybookRow(
                key=book.key,
                title=book.title,
                teams=list(book.teams),
                keywords=list(book.keywords),
                prefix=book.prefix,
                source="test",
            )
        )
        store.add(
            PlaybookVersion(
                playbook_id=row.id or 0, version=1, definition=book.definition(), digest=book.key, created_at=self.now
            )
        )

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def take(self, event: AnyEvent) -> list[do.Effect]:
        """Let one event be decided; what it sends is also kept in `sent`."""
        if self.locale and (asker := asker_of(event)) is not None:
            name = "author" if isinstance(event, MessageHeard) else "asker"
            event = replace(event, **{name: replace(asker, locale=self.locale)})
        try:
            with self.database.transaction() as store:
                found = list(handle(event, Context(self.now, store, self.here)))
        except Unsure as unsure:
            return self.take(self.asked(event, unsure))
        for effect in found:
            msgspec.json.decode(msgspec.json.encode(effect))
        self.sent += [one for one in found if isinstance(one, do.Lasting)]
        return [as_seen(effect) for effect in found]

    def tried(self, event: AnyEvent, heads: Collection[tuple[str, str]] = ()) -> list[do.Effect]:
        """Return what follows from an event, and let nothing of it stay."""
        found: list[do.Effect] = []
        try:
            with self.database.transaction() as store:
                found = list(handle(event, Context(self.now, store, self.here)))
                raise Undone
        except Undone:
            return found
        except Unsure as unsure:
            return self.tried(self.asked(event, unsure, heads), heads)

    def asked(self, event: AnyEvent, unsure: Unsure, heads: Collection[tuple[str, str]] = ()) -> AnyEvent:
        """Return the event as it comes again when the server was asked what it hangs on."""
        match unsure.question:
            case InTeam(team_id, person_ids):
                self.in_team(*person_ids, team_id=team_id)
                return event
            case OfGroups(names):
                self.in_groups(*names)
                return event
            case ToRender() as order:
                self.renders(order)
                return event
            case HeadOf(place_id):
                return answered(event, place_id, heads or self.heads)
            case ReadersOf():
                return replace(event, readers=self.readers)

    def renders(self, order: ToRender) -> None:
        """Let it be known what templates say."""
        self.here.rendered[order] = tuple(rendered(order))

    def in_groups(self, *names: str) -> None:
        """Let it be known who is in some groups now."""
        for name in names:
            people = self.groups.get(name)
            self.ask(
                partial(
                    Store.learn_group, name=name, person_ids=people or (), now=self.now, is_there=people is not None
                )
            )

    def in_team(self, *person_ids: str, team_id: str = "t1") -> None:
        """Let it be known who of some people is in a team now."""
        said = {each: each not in self.strangers for each in person_ids}
        self.ask(lambda store: store.learn_members(team_id, said, self.now))

    def ask(self, question: Any) -> Any:
        with self.database.transaction() as store:
            return question(store)

    def does(self, operation: Callable[..., Any], *args: Any, run_id: int = 1, **more: Any) -> tuple[list[Any], Any]:
        """Let an operation change a run as who asks elsewhere than in chat would: what follows, and what it returns."""

        def kept(found: Any) -> Iterator[do.Effect]:
            returned.append((yield from found) if isinstance(found, Generator) else found)

        returned: list[Any] = []
        try:
            with self.database.transaction() as store:
                run = store.run(run_id)
                found = list(kept(operation(Context(self.now, store, self.here), run, *args, **more)))
        except Unsure as unsure:
            match unsure.question:
                case InTeam(team_id, person_ids):
                    self.in_team(*person_ids, team_id=team_id)
                case OfGroups(names):
                    self.in_groups(*names)
                case ToRender() as order:
                    self.renders(order)
                case HeadOf() | ReadersOf():
                    raise
            return self.does(operation, *args, run_id=run_id, **more)
        return [as_seen(effect) for effect in found], *returned

    # -- what people do

    def says(
        self,
        text: str,
        by: Person = ALICE,
        *,
        thread: str = "",
        post: str = "",
        hits: Sequence[Hit] | None = None,
        place: Place = TOWN,
    ):
        self._posts += 1
        default = [Hit(playbook_id=1, keywords=("sev-1",))]
        return self.take(
            MessageHeard(
                at=self.now,
                post_id=post or f"post{self._posts}",
                root_id=thread,
                place=place,
                author=by,
                text=text,
                hits=tuple(default if hits is None else hits),
            )
        )

    def presses(
        self,
        action: str,
        arg: object = "",
        by: Person = ALICE,
        *,
        choice: str = "",
        message: int = 0,
        place: Place = TOWN,
    ) -> list[do.Effect]:
        return self.take(
            ButtonPressed(
                at=self.now,
                action=action,
                arg=str(arg),
                choice=choice,
                asker=by,
                place=place,
                message_id=message,
                post_id="p",
                trigger_id="trigger",
            )
        )

    def submits(
        self, dialog: do.Dialog, by: Person = ALICE, *, once: str = "", place: Place = TOWN, **values: str | bool
    ) -> list[do.Effect]:
        self._posts += 1
        return self.take(
            DialogSubmitted(
                at=self.now,
                action=dialog.action,
                arg=dialog.arg,
                once=once or f"once{self._posts}",
                values=values,
                asker=by,
                place=place,
            )
        )

    def commands(
        self, text: str, by: Person = ALICE, *, place: Place = TOWN, trigger: str = "trigger"
    ) -> list[do.Effect]:
        return self.take(CommandGiven(at=self.now, text=text, asker=by, place=place, trigger_id=trigger))

    def what_is_due(self) -> list[do.Effect]:
        """Let everything happen whose time has come."""
        found: list[do.Effect] = []
        for id in self.ask(lambda store: list(store.due_jobs(self.now, 50))):
            found += self.take(JobDue(at=self.now, job_id=id))
        return found

    # -- what the server does

    def opens(self, run_id: int = 1, name: str = "checkout-is-down-1") -> Place:
        """Let a run's channel be opened, its people be added and its messages be posted."""
        wanted = [one for one in self.sent if isinstance(one, do.OpenChannel) and one.run_id == run_id]
        kind: Literal["O", "P"] = "P" if not wanted or wanted[-1].private else "O"
        place = Place(id=f"channel{run_id}", team_id="t1", kind=kind, name=name, title=name)
        found = self.take(ChannelOpened(at=self.now, run_id=run_id, place=place))
        with self.database.transaction() as store:
            store.learn(KnownPlace(id=place.id, team_id="t1", name=name, kind=kind, is_member=True, seen_at=self.now))
        self.take(PeopleInvited(at=self.now, run_id=run_id, added=(ALICE, BOB), refused={}))
        for effect in found:
            if isinstance(effect, do.Post):
                self.stands(effect.message_id)
        return place

    def becomes(self, place: Place, **changes: Any) -> list[do.Effect]:
        """Let a channel be renamed or converted."""
        self._posts += 1
        return self.take(PlaceChanged(at=self.now, place=replace(place, **changes), as_of=self._posts))

    def stands(self, message_id: int) -> None:
        """Let one of the bot's messages be posted."""

        def note(store: Store) -> None:
            message = store.message(message_id)
            assert message is not None
            message.post_id = f"own{message_id}"

        self.ask(note)
        self.take(MessagePosted(at=self.now, message_id=message_id, post_id=f"own{message_id}"))

    def run(self, run_id: int = 1) -> Run:
        found = self.ask(lambda store: store.run(run_id))
        assert found is not None
        return found


def asked_of(desk: Desk, asker: Person, question: Callable[[Context, Person], Any]) -> Any:
    """Put a question as the door does: what only the server knows is asked of it, and the question put again."""
    while True:
        try:
            with desk.database.reading() as store:
                return question(Context(desk.now, store, desk.here, reader=desk.here.reader(asker)), asker)
        except Unsure as unsure:
            what = unsure.question
        match what:
            case InTeam(team_id, person_ids):
                desk.in_team(*person_ids, team_id=team_id)
            case OfGroups(names):
                desk.in_groups(*names)
            case ToRender() as order:
                desk.renders(order)
            case HeadOf(place_id):
                heads = frozenset({place_id} if (asker.id, place_id) in desk.heads else ())
                asker = replace(asker, asked=asker.asked | {place_id}, heads=asker.heads | heads)


def as_seen(effect: do.Effect) -> do.Effect:
    """Return an effect without the joiners that keep people's names in a post from calling them, which nobody sees."""
    if not isinstance(effect, do.Post):
        return effect
    seen = re.sub("@\u2060(?!all|here|channel)", "@", msgspec.json.encode(effect.content).decode())
    return replace(effect, content=msgspec.json.decode(seen, type=do.Content))


def answered(event: Any, place: str, heads: Collection[tuple[str, str]]) -> AnyEvent:
    """Return the event as it comes again when the server was asked who administers a channel."""
    name = "author" if isinstance(event, MessageHeard) else "asker"
    person = getattr(event, name)
    is_head = frozenset({place} if (person.id, place) in heads else ())
    return replace(event, **{name: replace(person, asked=person.asked | {place}, heads=person.heads | is_head)})


def words_of(shown: do.Card | do.Content) -> str:
    """Return what a card says, its text and the list that stands in a field without a title; or all of a message."""
    if isinstance(shown, do.Content):
        return "\n".join(part for part in (shown.text, *map(words_of, shown.cards)) if part)
    return "\n".join(part for part in (shown.text, *(one.value for one in shown.fields if not one.title)) if part)


def one(effects: Sequence[do.Effect], kind: type[Any]) -> Any:
    """Return the only effect of a kind."""
    found = [effect for effect in effects if isinstance(effect, kind)]
    assert len(found) == 1, [type(effect).__name__ for effect in effects]
    return found[0]


def all_of(effects: Sequence[do.Effect], kind: type[Any]) -> list[Any]:
    return [effect for effect in effects if isinstance(effect, kind)]


def started_run(desk: Desk) -> Place:
    """Start the incident of the examples and let its channel be opened."""
    if not desk.is_as_made:
        return _started(desk)[0]
    place, desk.sent, desk._posts = begun(desk.database, ("started", *desk.made_of), lambda: _started(desk))
    desk.sent = [*desk.sent]
    return place


def _started(desk: Desk) -> tuple[Place, list[do.Lasting], int]:
    desk.says("sev-1, checkout is down")
    dialog = one(desk.presses("prompt.start", 1), do.Ask).dialog
    desk.submits(dialog, name="Checkout is down", summary="Payments fail since 13:58.")
    return desk.opens(), [*desk.sent], desk._posts
