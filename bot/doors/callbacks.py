"""The callback door: slash commands, buttons and dialogs come in by HTTP and are answered from the decision itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import msgspec
import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.delivery.gateway import DialogTooLate, Gateway
from bot.directory.directory import Directory, Unknown
from bot.directory.doubts import decided
from bot.directory.mentions import MOST, mentions_in, too_many
from bot.directory.presence import absent
from bot.doors import ping
from bot.doors.command_tokens import CommandTokens
from bot.doors.health import Health
from bot.driver import ServerRefused, ServerUnreachable
from bot.transaction.decisions import Reply
from bot.transaction.dispatcher import Dispatcher, Prepare
from bot.transaction.pace import PersonalPace, Word
from bot.wire import outgoing, requests
from bot.wire.reading import BadFrame
from bot.wire.signing import Expired, Forged, Signer
from handlers import effects as do
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person, Place
from handlers.text.readers import ANYBODY, Reader
from handlers.text.sentences import say
from store import Conflict, Unavailable

log = structlog.get_logger()

MAX_BODY = 1024 * 1024
Handle = Callable[[web.Request], Awaitable[web.Response]]
Excuse = Callable[[web.Request, str], Awaitable[web.Response]]
"""Answers a request with why nothing came of it."""
NOTHING = "nothing"
"""The action of a dialog that only tells something, which it carries."""
COPY = "copy"
"""The tick in such a dialog that sends what it tells as a message, from where it can be copied."""


@dataclass(frozen=True, slots=True)
class Door:
    """All that a request needs.

    Before a request is decided, `meet` is given its channel and its person: if the bot has heard that they came in, and
    has not dealt with that yet, it does so then.
    """

    desk: Dispatcher
    directory: Directory
    gateway: Gateway
    signer: Signer
    tokens: CommandTokens
    pace: PersonalPace
    meet: Callable[[str, str], Awaitable[None]]

    def application(self, path: str, health: Health) -> web.Application:
        """Return the door as a web application whose routes begin with `path`.

        The routes take POST alone: a redirect in front of them turns a press into a GET whose success would hide that
        nothing was heard (server source: services/httpservice).
        """
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(f"{path}/commands", self._guarded(self.command, self._excuse_command))
        app.router.add_post(f"{path}/actions", self._guarded(self.press, self._excuse_press))
        app.router.add_post(f"{path}/dialogs", self._guarded(self.submit, self._excuse_dialog))

        async def healthz(request: web.Request) -> web.Response:
            state = health.state()
            return web.json_response(dict(state), status=200 if state["ok"] else 503)

        async def metrics(request: web.Request) -> web.Response:
            return web.Response(body=await health.metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

        app.router.add_get(f"{path}/healthz", healthz)
        app.router.add_get(f"{path}/metrics", metrics)
        return app

    async def command(self, request: web.Request) -> web.Response:
        """A slash command: answered to its asker, with a dialog where one was asked for."""
        if request.content_type == "multipart/form-data":
            raise requests.BadRequest("a server sends no files with a command")
        form = await request.post()
        given = requests.command(form, [str(one) for one in form.getall("user_mentions", [])])
        if not await self.tokens.fit(given.token, given.team_id):
            log.warning("unknown command token", action="refused", team=given.team_id)
            return _tell(say("door")["command_token"])
        if (pong := ping.told(self.signer, given.text, self.desk.clock())) is not None:
            return _tell(pong)
        if (word := self.pace.ask(given.user_id)) != "go":
            return _tell(self.pace.told()) if word == "tell" else _json({})
        names = [*given.mentioned, *mentions_in(given.text)]
        if len(names) > MOST:
            return _tell(too_many(len(names)))
        asker, place = await self._who_and_where(given.user_id, given.channel_id, given.team_id)
        if place.team_id != given.team_id:
            log.warning("command of another team", action="refused", team=given.team_id, place=place.id)
            return _tell(say("door")["command_token"])
        event = CommandGiven(
            at=self.desk.clock(),
            text=given.text,
            asker=asker,
            place=place,
            root_id=given.root_id,
            trigger_id=given.trigger_id,
            named=await self.directory.people_named(names),
        )
        reply = await self._decide(event)
        if reply is None:
            return _tell(say("door", self.desk.here.reader(asker))["failed"])
        return await self._answer_command(reply, given.trigger_id, asker, place, given.root_id)

    async def press(self, request: web.Request) -> web.Response:
        """A button or a menu: the reply carries what the message shows from now on."""
        given = requests.press(await request.read())
        token = self.signer.read_press(given.token)
        if (pong := ping.pressed(self.signer, token, self.desk.clock())) is not None:
            return _json(pong)
        word = self.pace.ask(given.user_id)
        asker, place = await self._who_and_where(given.user_id, given.channel_id, given.team_id)
        if word != "go":
            return await self._too_fast(word, given.trigger_id, asker, place)
        event = ButtonPressed(
            at=self.desk.clock(),
            action=token.action,
            arg=token.arg,
            choice=given.choice,
            asker=asker,
            place=place,
            message_id=token.message_id,
            post_id=given.post_id,
            trigger_id=given.trigger_id,
            root_id=token.root_id,
        )
        reply = await self._decide(event, self._write)
        if reply is None:
            said = say("door", self.desk.here.reader(asker))
            reply = Reply([do.Refuse(title=said["failed_title"], text=said["failed"])])
        for effect in reply.effects:
            await self._show(effect, given.trigger_id, asker, place, token.root_id)
        return _said(reply.written or self._write(reply))

    async def _too_fast(self, word: Word, trigger_id: str, asker: Person, place: Place) -> web.Response:
        """Leave a message as it is; that somebody presses too fast is told once."""
        if word == "tell":
            to = self.desk.here.reader(asker)
            title = say("door", to)["too_fast_title"]
            await self._show(do.Refuse(title=title, text=self.pace.told(to)), trigger_id, asker, place)
        return _said(self._write(Reply()))

    def _write(self, reply: Reply) -> bytes:
        """Write the reply to a press, which says what the pressed message shows from now on."""
        body = None
        if (edit := reply.pressed) is not None:
            now = self.desk.clock()
            body = self.gateway.writer.body(
                edit.content, key=reply.key, revision=edit.revision, message_id=edit.message_id, now=now
            )
        reply.written = msgspec.json.encode(outgoing.press_answer(body))
        return reply.written

    async def submit(self, request: web.Request) -> web.Response:
        """A dialog: closed, or kept open with what is wrong."""
        given = requests.submission(await request.read())
        try:
            showing = self.signer.read_showing(given.token, given.user_id, self.desk.clock())
        except Expired:
            return _wrong("dialog_old")
        is_copied = given.values.get(COPY) in (True, "true") and bool(showing.arg)
        if given.cancelled or (showing.action == NOTHING and not is_copied):
            return _json(outgoing.dialog_answer())
        if self.pace.ask(given.user_id) != "go":
            return _json(outgoing.dialog_answer(error=self.pace.told()))
        if showing.action == NOTHING:
            is_told = await self._tell_later(given.user_id, showing.arg)
            return _json(outgoing.dialog_answer()) if is_told else _wrong("away")
        if not showing.place_id:
            return _wrong("dialog_before")
        if absence := await self._absence(given.user_id, showing.place_id):
            return _wrong(absence)
        asker, place = await self._who_and_where(given.user_id, showing.place_id, showing.team_id)
        for person_id in given.chosen_people():
            await self._learn(person_id)
        event = DialogSubmitted(
            at=self.desk.clock(),
            action=showing.action,
            arg=showing.arg,
            once=showing.once,
            values=given.values,
            asker=asker,
            place=place,
            root_id=showing.root_id,
        )
        reply = await self._decide(event)
        if reply is None:
            return _wrong("failed", self.desk.here.reader(asker))
        for effect in reply.effects:
            if isinstance(effect, do.Correct):
                return _json(outgoing.dialog_answer(effect.errors, effect.error))
        return _json(outgoing.dialog_answer())

    def _guarded(self, handle: Handle, excuse: Excuse) -> Handle:
        async def guarded(request: web.Request) -> web.Response:
            try:
                return await handle(request)
            except requests.BadRequest as error:
                return web.Response(status=400, text=str(error))
            except Forged as error:
                log.warning("forged callback", action="refused", path=request.path, why=str(error))
                return web.Response(status=403, text="this was not made by Muster")
            except (Unknown, ServerRefused, ServerUnreachable) as error:
                log.warning("asker not known", action="refused", path=request.path, why=str(error))
                return await excuse(request, say("door")["server_away"])
            except (Unavailable, Conflict) as error:
                log.warning("not decided", action="storage_away", path=request.path, why=str(error))
                in_doubt = isinstance(error, Unavailable) and error.in_doubt
                return await excuse(request, say("door")["in_doubt" if in_doubt else "away"])

        return guarded

    async def _excuse_command(self, request: web.Request, told: str) -> web.Response:
        return _tell(told)

    async def _excuse_press(self, request: web.Request, told: str) -> web.Response:
        given = requests.press(await request.read())
        asker = Person(id=given.user_id, username="")
        place = Place(id=given.channel_id, team_id=given.team_id)
        problem = await self._open(_notice(say("door")["failed_title"], told), given.trigger_id, asker, place)
        is_told = problem is None or await self._tell_later(asker.id, told)
        return _json(outgoing.press_answer(told="" if is_told else told))

    async def _excuse_dialog(self, request: web.Request, told: str) -> web.Response:
        return _json(outgoing.dialog_answer(error=told))

    async def _who_and_where(self, person_id: str, place_id: str, team_id: str) -> tuple[Person, Place]:
        person = await self.directory.person(person_id)
        try:
            place = await self.directory.place(place_id)
        except Unknown:
            # A private channel that the bot is not in: its command counts, and names the team it was given in.
            place = Place(id=place_id, team_id=team_id, kind="P")
        if not place.team_id and team_id:
            place = Place(id=place.id, team_id=team_id, kind=place.kind, name=place.name, title=place.title)
        return person, place

    async def _absence(self, person_id: str, place_id: str) -> str:
        """Return the block that says why somebody cannot act in a channel, empty where they can."""
        try:
            absence = await absent(self.gateway.driver.client, self.directory, person_id, place_id)
        except (ServerRefused, ServerUnreachable, BadFrame) as error:
            log.warning("not known whether still in the channel", action="not_asked", place=place_id, why=str(error))
            return "failed"
        return f"dialog_{absence}" if absence else ""

    async def _learn(self, person_id: str) -> None:
        try:
            await self.directory.person(person_id)
        except (Unknown, ServerRefused, ServerUnreachable):
            log.info("chosen person not known", action="skipped", person=person_id)

    async def _decide(
        self, event: CommandGiven | ButtonPressed | DialogSubmitted, prepare: Prepare | None = None
    ) -> Reply | None:
        """Return the decision, or None where it breaks; then nothing has changed.

        Raises `Unavailable` and `Conflict`, and `ServerUnreachable` where the decision hangs on what the server knows.
        """
        try:
            await self.meet(event.place.id, event.asker.id)
            return await decided(partial(self.desk.dispatch, prepare=prepare), self.directory, event)
        except (Unavailable, Conflict, ServerUnreachable, ServerRefused):
            raise
        except Exception:
            log.exception("decision failed", action="failed", event_kind=type(event).__name__)
        return None

    async def _answer_command(
        self, reply: Reply, trigger_id: str, asker: Person, place: Place, root_id: str
    ) -> web.Response:
        told: list[do.Content] = []
        for effect in reply.effects:
            match effect:
                case do.Answer(content=content):
                    told.append(content)
                case do.Refuse(text=text):
                    told.append(do.Content(text))
                case do.Ask(dialog=dialog):
                    if (problem := await self._open(dialog, trigger_id, asker, place, root_id)) is not None:
                        told.append(do.Content(problem))
        if not told:
            return _json({})
        content = do.Content("\n\n".join(one.text for one in told), tuple(card for one in told for card in one.cards))
        attachments = self.gateway.writer.attachments(content, 0, self.desk.clock(), root_id)
        return _json(outgoing.command_answer(attachments, content.text))

    async def _show(
        self, effect: do.Immediate, trigger_id: str, asker: Person, place: Place, root_id: str = ""
    ) -> None:
        """Show what a press was answered with: always a dialog, the one form that every client shows."""
        match effect:
            case do.Ask(dialog=dialog):
                problem = await self._open(dialog, trigger_id, asker, place, root_id)
            case do.Refuse(title=title, text=text):
                notice = _notice(title, text, self.desk.here.reader(asker))
                if await self._open(notice, trigger_id, asker, place) is None:
                    return
                problem = text
            case _:
                return
        if problem is not None:
            await self._tell_later(asker.id, problem)

    async def _tell_later(self, person_id: str, problem: str) -> bool:
        """Tell somebody by direct message as soon as the server takes one; return whether that is remembered."""
        try:
            await self.desk.tell(person_id, do.Content(problem))
        except (Unavailable, Conflict) as error:
            # What was decided stays so: nobody may be told now that nothing has changed.
            log.warning("not told", action="storage_away", person=person_id, why=str(error))
            return False
        return True

    async def _open(
        self, dialog: do.Dialog, trigger_id: str, asker: Person, place: Place, root_id: str = ""
    ) -> str | None:
        """Open a dialog; return what to tell the asker where that failed."""
        try:
            await self.gateway.open_dialog(trigger_id, dialog, asker.id, place, root_id)
        except DialogTooLate:
            return say("door", self.desk.here.reader(asker))["dialog_late"]
        except (ServerRefused, ServerUnreachable) as error:
            log.warning("no dialog", action="dialog_failed", why=str(error))
            return say("door", self.desk.here.reader(asker))["dialog_failed"]
        return None


def _notice(title: str, text: str, to: Reader = ANYBODY) -> do.Dialog:
    """Return a dialog that only tells something, with the offer to send it as a message."""
    said = say("door", to)
    copy = do.Entry(name=COPY, label=said["copy"], kind="bool", placeholder=said["copy_tick"])
    return do.Dialog(action=NOTHING, arg=text, title=title, intro=text, entries=(copy,), submit=said["understood"])


def _json(body: outgoing.Json) -> web.Response:
    # A checklist's menu is long, and the library's own way to write it takes ten times as long.
    return _said(msgspec.json.encode(body))


def _said(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json", charset="utf-8")


def _wrong(block: str, to: Reader = ANYBODY) -> web.Response:
    """Answer a dialog with what keeps it from being taken; it stays open."""
    return _json(outgoing.dialog_answer(error=say("door", to)[block]))


def _tell(text: str) -> web.Response:
    return _json(outgoing.command_answer([], text))
