"""Lets people act by the forms of pages: as an event at the desk, whose reply the page tells that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from aiohttp import web

from bot.directory.doubts import decided
from bot.driver import ServerRefused, ServerUnreachable
from bot.logs.addresses import route_of
from bot.pages.address import Address, path_of, see
from bot.pages.drawing import Drawing, Surroundings
from bot.pages.entrance import Entrance
from bot.pages.forms import MAX_BODY, MAX_UPLOAD, MAX_WHOLE, is_upload, sent_with
from bot.pages.guard import is_made_for
from bot.pages.visits import Visits
from bot.transaction.pace import PersonalPace
from handlers import effects as do
from handlers.context import Context
from handlers.events import PageActed, Person, Place
from handlers.pages.visitor import Visitor
from handlers.routes.pages import worth_keeping
from handlers.text.paths import is_page, wanted
from handlers.unsure import Unsure
from store import Conflict, DiskFull, Flash, Unavailable

log = structlog.get_logger()

OWN = ("form", "once", "run", "back")
"""The fields that every form has besides what people fill in."""
WHOLE = ("book.create", "book.save")
"""The forms in which a whole playbook may stand."""
IMPORT = "/playbooks/import"
"""Where files are sent from."""
WORDS = 12
"""From how many characters on something is shown again that could not be taken."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Takes forms."""

    address: Address
    drawing: Drawing
    visits: Visits
    entrance: Entrance
    pace: PersonalPace

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Take a form: decide, and go back to the page that it was sent from, which tells what came of it.

        Where that cannot be done, the answer holds all that was written.
        """
        is_whole = request.match_info["action"] in WHOLE
        most = MAX_UPLOAD if is_upload(request) else MAX_WHOLE if is_whole else MAX_BODY
        if is_upload(request) and not isinstance(who := await self.visits.who(request), Visitor):
            # A file cannot be shown again, so nothing of it is read for nobody.
            return await self.entrance.ways_in(request, who, wanted(IMPORT))
        sent = await sent_with(request, most)
        try:
            return await self._act(request, sent)
        except DiskFull as error:
            return await self._again(request, sent, "disk_full", error)
        except (Unavailable, Conflict) as error:
            in_doubt = isinstance(error, Unavailable) and error.in_doubt
            return await self._again(request, sent, "in_doubt" if in_doubt else "away", error)
        except (ServerRefused, ServerUnreachable, Unsure) as error:
            return await self._again(request, sent, "server_away", error)
        except Exception as error:
            log.exception("decision failed", action="failed", event_kind="PageActed")
            return await self._again(request, sent, "failed", error)

    async def _act(self, request: web.Request, sent: dict[str, str]) -> web.StreamResponse:
        who = await self.visits.who(request)
        back = wanted(sent.get("back", ""))
        if not isinstance(who, Visitor):
            return await self.entrance.ways_in(request, who, back, kept=_words(sent))
        if not is_made_for(sent.get("form", ""), self.visits.cookies.form_token(request)):
            log.warning("a form that was not made for this session", action="refused", path=route_of(request))
            around = Surroundings(who.person, form_token=self.visits.cookies.form_token(request))
            return await self.drawing.draw(request, "error.html.j2", around, 403, why="forged", kept=_words(sent))
        event = await self._event(request.match_info["action"], sent, who.person)
        effects = await self._decided(event)
        if found := told(effects, event):
            await self._tell(self.visits.cookies.session(request), found)
        return see(next_page(effects) or back, self.address)

    async def _tell(self, key: str, told: Sequence[Flash]) -> None:
        """Have the next page tell what came of a form."""
        try:
            await self.visits.questions.desk.ask(lambda store: store.tell_page_session(key, told))
        except (Unavailable, Conflict):
            # What was done stays so, and nobody may be told that it was not; what was refused is still to be sent.
            if any(one.is_refusal for one in told):
                raise

    async def _again(self, request: web.Request, sent: dict[str, str], why: str, error: Exception) -> web.Response:
        """Offer to send the same once more, which counts once."""
        log.warning("a form was not taken", action="not_taken", path=route_of(request), why=type(error).__name__)
        here, again = path_of(request, self.address), {name: value for name, value in sent.items() if name != "form"}
        # It is worth what it was before: nobody has looked yet for whom it was made.
        around = Surroundings(form_token=sent.get("form", ""), here=here)
        return await self.drawing.draw(request, "again.html.j2", around, 503, why=why, again=again)

    async def _decided(self, event: PageActed) -> Sequence[do.Immediate]:
        desk, directory = self.visits.questions.desk, self.visits.questions.directory
        if self.pace.ask(event.asker.id) != "go":
            return [do.Correct(error=self.pace.told(desk.here.reader(event.asker)))]
        return (await decided(desk.dispatch, directory, event)).effects

    async def _event(self, action: str, sent: dict[str, str], asker: Person) -> PageActed:
        written = sent.get("run", "")
        run_id = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0
        return PageActed(
            at=self.visits.questions.now,
            action=action,
            run_id=run_id,
            once=f"{asker.id}:{sent.get('once', '')[:40]}",
            values={name: value for name, value in sent.items() if name not in OWN},
            asker=asker,
            place=await self.visits.questions.ask(partial(_place, run_id=run_id)),
        )


def _words(sent: dict[str, str]) -> list[str]:
    """Return what somebody wrote into a form, so that it is not lost."""
    return [value for name, value in sent.items() if name not in OWN and len(value) >= WORDS]


def _place(ctx: Context, _asker: Person, run_id: int) -> Place:
    run = ctx.store.run(run_id)
    return Place(id=(run.channel_id or "") if run is not None else "")


def next_page(effects: Sequence[do.Immediate]) -> str:
    """Return the page that a reply leads to, empty where it leads back."""
    return next((one.page for one in effects if isinstance(one, do.Answer) and is_page(one.page)), "")


def told(effects: Sequence[do.Immediate], event: PageActed) -> list[Flash]:
    """Return what the next page says of a reply."""
    found = []
    for effect in effects:
        match effect:
            case do.Answer(content=content):
                found.append(Flash(text="\n\n".join([content.text, *(card.text for card in content.cards)]).strip()))
            case do.Refuse(title=title, text=text):
                found.append(_wrong(event, title=title, text=text))
            case do.Correct(errors=errors, error=error):
                found.append(_wrong(event, text=error, errors=errors))
    return found


def _wrong(event: PageActed, text: str, title: str = "", errors: dict[str, str] | None = None) -> Flash:
    return Flash(
        title=title,
        text=text,
        is_refusal=True,
        action=event.action,
        run_id=event.run_id,
        errors=errors or {},
        values=worth_keeping(event),
    )
