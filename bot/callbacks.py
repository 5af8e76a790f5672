"""The callback door: slash commands, buttons and dialogs come in by HTTP and are answered from the decision itself."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.admin import doctor_ping
from bot.deciding import Reply
from bot.dispatcher import Dispatcher, Prepare
from bot.driver import ServerRefused, ServerUnreachable
from bot.health import Health
from bot.hearing.admins import decided
from bot.hearing.directory import Directory, Unknown, mentions_in
from bot.sending.gateway import DialogTooLate, Gateway
from bot.signing import Expired, Forged, Signer
from bot.wire import outgoing, requests
from handlers import effects as do
from handlers.events import AnyEvent, ButtonPressed, CommandGiven, DialogSubmitted, Person, Place
from handlers.words import say
from store import DiskFull

log = structlog.get_logger()

MAX_BODY = 1024 * 1024
NOTHING = "nothing"
"""The action of a dialog that only tells something."""


@dataclass(frozen=True, slots=True)
class Door:
    """All that a request needs; `command_tokens` are those that the server gave for the slash command in each team."""

    desk: Dispatcher
    directory: Directory
    gateway: Gateway
    signer: Signer
    command_tokens: Sequence[str]

    def application(self, path: str, health: Health) -> web.Application:
        """Return the door as a web application whose routes begin with `path`.

        The routes take POST alone: a redirect in front of them turns a press into a GET whose success would hide that
        nothing was heard (server source: services/httpservice).
        """
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(f"{path}/commands", self._guarded(self.command))
        app.router.add_post(f"{path}/actions", self._guarded(self.press))
        app.router.add_post(f"{path}/dialogs", self._guarded(self.submit))

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
        form = await request.post()
        given = requests.command(form, [str(one) for one in form.getall("user_mentions", [])])
        if not self._is_known(given.token):
            log.warning("unknown command token", action="refused", team=given.team_id)
            return _tell(say("door")["command_token"])
        if (pong := doctor_ping.told(self.signer, given.text, self.desk.clock())) is not None:
            return _tell(pong)
        asker, place = await self._who_and_where(given.user_id, given.channel_id, given.team_id)
        event = CommandGiven(
            at=self.desk.clock(),
            text=given.text,
            asker=asker,
            place=place,
            root_id=given.root_id,
            trigger_id=given.trigger_id,
            named=await self.directory.people_named([*given.mentioned, *mentions_in(given.text)]),
        )
        reply = await self._decide(event)
        if reply is None:
            return _tell(say("door")["failed"])
        return await self._answer_command(reply, given.trigger_id, asker)

    async def press(self, request: web.Request) -> web.Response:
        """A button or a menu: the reply carries what the message shows from now on."""
        given = requests.press(await request.read())
        token = self.signer.read_press(given.token)
        if (pong := doctor_ping.pressed(self.signer, token, self.desk.clock())) is not None:
            return _json(pong)
        asker, place = await self._who_and_where(given.user_id, given.channel_id, given.team_id)
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
        )
        reply = await self._decide(event, self._write)
        if reply is None:
            reply = Reply([do.Refuse(title=say("door")["failed_title"], text=say("door")["failed"])])
        for effect in reply.effects:
            await self._show(effect, given.trigger_id, asker)
        return _said(reply.written or self._write(reply))

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
            return _json(outgoing.dialog_answer(error=say("door")["dialog_old"]))
        if given.cancelled or showing.action == NOTHING:
            return _json(outgoing.dialog_answer())
        asker, place = await self._who_and_where(given.user_id, given.channel_id, given.team_id)
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
        )
        reply = await self._decide(event)
        if reply is None:
            return _json(outgoing.dialog_answer(error=say("door")["failed"]))
        for effect in reply.effects:
            if isinstance(effect, do.Correct):
                return _json(outgoing.dialog_answer(effect.errors, effect.error))
        return _json(outgoing.dialog_answer())

    def _guarded(
        self, handle: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
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
                return web.Response(status=503, text="the server does not say who asks")

        return guarded

    def _is_known(self, token: str) -> bool:
        # All are compared, so that the time taken tells nothing about any of them.
        return sum(hmac.compare_digest(token.encode(), one.encode()) for one in self.command_tokens) > 0

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

    async def _learn(self, person_id: str) -> None:
        try:
            await self.directory.person(person_id)
        except (Unknown, ServerRefused, ServerUnreachable):
            log.info("chosen person not known", action="skipped", person=person_id)

    async def _decide(self, event: AnyEvent, prepare: Prepare | None = None) -> Reply | None:
        """Return the decision, or None when it could not be made; then nothing has changed."""
        try:
            return await decided(partial(self.desk.dispatch, prepare=prepare), self.directory, event)
        except DiskFull as error:
            log.error(str(error), action="failed", event_kind=type(event).__name__)
        except Exception:
            log.exception("decision failed", action="failed", event_kind=type(event).__name__)
        return None

    async def _answer_command(self, reply: Reply, trigger_id: str, asker: Person) -> web.Response:
        told: list[do.Content] = []
        for effect in reply.effects:
            match effect:
                case do.Answer(content=content):
                    told.append(content)
                case do.Refuse(text=text):
                    told.append(do.Content(text))
                case do.Ask(dialog=dialog):
                    if (problem := await self._open(dialog, trigger_id, asker)) is not None:
                        told.append(do.Content(problem))
        if not told:
            return _json({})
        content = do.Content("\n\n".join(one.text for one in told), tuple(card for one in told for card in one.cards))
        attachments = self.gateway.writer.attachments(content, 0, self.desk.clock())
        return _json(outgoing.command_answer(attachments, content.text))

    async def _show(self, effect: do.Immediate, trigger_id: str, asker: Person) -> None:
        """Show what a press was answered with: always a dialog, the one form that every client shows."""
        match effect:
            case do.Ask(dialog=dialog):
                problem = await self._open(dialog, trigger_id, asker)
            case do.Refuse(title=title, text=text):
                told = do.Dialog(action=NOTHING, title=title, intro=text, submit=say("door")["understood"])
                if await self._open(told, trigger_id, asker) is None:
                    return
                problem = text
            case _:
                return
        if problem is not None:
            await self.desk.tell(asker.id, do.Content(problem))

    async def _open(self, dialog: do.Dialog, trigger_id: str, asker: Person) -> str | None:
        """Open a dialog; return what to tell the asker where that failed."""
        try:
            await self.gateway.open_dialog(trigger_id, dialog, asker.id)
        except DialogTooLate:
            return say("door")["dialog_late"]
        except (ServerRefused, ServerUnreachable) as error:
            log.warning("no dialog", action="dialog_failed", why=str(error))
            return say("door")["dialog_failed"]
        return None


def _json(body: outgoing.Json) -> web.Response:
    # A checklist's menu is long, and the library's own way to write it takes ten times as long.
    return _said(msgspec.json.encode(body))


def _said(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json", charset="utf-8")


def _tell(text: str) -> web.Response:
    return _json(outgoing.command_answer([], text))
