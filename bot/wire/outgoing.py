"""Messages, cards, buttons and dialogs as the JSON that a Mattermost server takes; nothing here waits or sends."""

import hashlib
import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, assert_never

from bot.wire.elements import LABEL, clean, element, options
from bot.wire.signing import Signer
from handlers.effects import LABEL_LIMIT, ArrangeChannel, Button, Card, Colour, Content, Dialog, Menu, OpenChannel
from handlers.events import Place
from handlers.text.cut import cut

Json = dict[str, Any]
Sign = Callable[[str, str], str]
"""Makes the token of a button by its action and what it carries."""

COLOURS: Mapping[Colour, str] = {
    "red": "#d24b4e",
    "amber": "#f5ab00",
    "green": "#339970",
    "grey": "#8d93a5",
    "blue": "#1c58d9",
}
CHANNEL_TITLE = 64
FALLBACK = 100


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes messages and dialogs whose buttons lead, signed, to `callback_url` (no slash at its end)."""

    signer: Signer
    callback_url: str

    def body(
        self, content: Content, *, key: str, revision: int, message_id: int | None, now: datetime, root_id: str = ""
    ) -> Json:
        """Return a post's `message` and `props`, complete: a server replaces all props by those of an edit.

        `key` and `revision` tell later which effect made the post and which content it shows.
        """
        props: Json = {"from_bot": "true", "muster": {"effect": key, "rev": revision}}
        if content.cards:
            props["attachments"] = self.attachments(content, message_id or 0, now, root_id)
        return {"message": clean(content.text), "props": props}

    def attachments(self, content: Content, message_id: int, now: datetime, root_id: str = "") -> list[Json]:
        """Return the cards of a message; `message_id` and the thread that it stands in go into the buttons' tokens."""
        used: set[str] = set()
        sign = partial(self.signer.press, message_id=message_id, now=now, root_id=root_id)
        return [self._card(card, content, sign, used) for card in content.cards]

    def dialog(
        self, trigger_id: str, dialog: Dialog, person_id: str, place: Place, now: datetime, root_id: str = ""
    ) -> Json:
        """Return the request that opens a dialog for one person in a channel or thread; its token is the `state`.

        Titles and hints are cut to the lengths that the clients document; what the fields hold never is.
        """
        return {
            "trigger_id": trigger_id,
            "url": f"{self.callback_url}/dialogs",
            "dialog": {
                "callback_id": dialog.action,
                "title": cut(clean(dialog.title), LABEL),
                "icon_url": "",
                "introduction_text": clean(dialog.intro),
                "elements": [element(entry) for entry in dialog.entries],
                "submit_label": clean(dialog.submit),
                "notify_on_cancel": True,
                "state": self.signer.showing(
                    dialog.action,
                    dialog.arg,
                    person_id,
                    now,
                    place_id=place.id,
                    team_id=place.team_id,
                    root_id=root_id,
                ),
            },
        }

    def _card(self, card: Card, content: Content, sign: Sign, used: set[str]) -> Json:
        written: Json = {
            "fallback": _fallback(card, content),
            "color": COLOURS[card.colour],
            "title": clean(card.title),
            "text": clean(card.text),
            "footer": clean(card.footer),
            "fields": [
                {"title": clean(field.title), "value": clean(field.value), "short": field.short}
                for field in card.fields
            ],
            "actions": [self._control(control, sign, used) for control in card.controls],
        }
        return {name: value for name, value in written.items() if value}

    def _control(self, control: Button | Menu, sign: Sign, used: set[str]) -> Json:
        token = sign(control.action, control.arg)
        written: Json = {
            "id": _control_id(control, used),
            "name": clean(control.label),
            "integration": {"url": f"{self.callback_url}/actions", "context": {"m": token}},
        }
        match control:
            case Button():
                name = cut(clean(control.label), LABEL_LIMIT)
                return {"type": "button", "style": control.style, **written, "name": name}
            case Menu():
                return {"type": "select", "options": options(control.options), **written}
            case _:
                assert_never(control)


def new_post(place_id: str, body: Json, *, pending_id: str, root_id: str = "") -> Json:
    """Return the request that posts `body` into a channel or, with `root_id`, into a thread."""
    return {"channel_id": place_id, "root_id": root_id, "pending_post_id": pending_id, **body}


def new_ephemeral(person_id: str, place_id: str, body: Json, *, root_id: str = "") -> Json:
    """Return the request that shows `body` to one person in a channel or, with `root_id`, in a thread."""
    return {"user_id": person_id, "post": {"channel_id": place_id, "root_id": root_id, **body}}


def new_channel(effect: OpenChannel, name: str) -> Json:
    """Return the request that creates a channel; its purpose ends with the mark by which it is known again."""
    purpose = clean(effect.purpose)
    if effect.mark not in purpose:
        purpose = f"{purpose} {effect.mark}".strip()
    return {
        "team_id": effect.team_id,
        "name": name,
        "display_name": cut(clean(effect.title), CHANNEL_TITLE),
        "type": "P" if effect.private else "O",
        "header": clean(effect.header),
        "purpose": purpose,
    }


def arrangement(effect: ArrangeChannel) -> Json:
    """Return the request that gives a channel a header, or its category in the sidebar."""
    wanted = {"header": effect.header, "default_category_name": effect.category}
    return {name: clean(value) for name, value in wanted.items() if value is not None}


def command_answer(attachments: list[Json], text: str) -> Json:
    """Return the reply to a slash command, which its asker alone sees."""
    # The server would otherwise turn `<…|…>` in the text into links.
    return {
        "response_type": "ephemeral",
        "text": clean(text),
        "attachments": attachments,
        "skip_slack_parsing": True,
    }


def press_answer(body: Json | None = None, told: str = "") -> Json:
    """Return the reply to a press: nothing, or what the pressed message shows from now on (`Writer.body`).

    What the presser is `told` newer clients show in the thread panel alone: a dialog says it better where one opens.
    """
    if told:
        return {"ephemeral_text": clean(told), "skip_slack_parsing": True}
    return {} if body is None else {"update": body, "skip_slack_parsing": True}


def dialog_answer(errors: Mapping[str, str] | None = None, error: str = "") -> Json:
    """Return the reply to a dialog: empty closes it, errors by field name or one for all of it keep it open."""
    return {name: said for name, said in (("errors", dict(errors or {})), ("error", error)) if said}


def _control_id(control: Button | Menu, used: set[str]) -> str:
    # Named after what it does, not after where it stands: who presses a button that has just moved, or gone,
    # never presses another one. Letters and digits only (server source: api4/integration_action.go route).
    known = f"{control.action}\0{control.arg}"
    name = next(
        name
        for again in range(len(used) + 1)
        if (name := hashlib.sha256(f"{known}\0{again}".encode()).hexdigest()[:16]) not in used
    )
    used.add(name)
    return name


def _fallback(card: Card, content: Content) -> str:
    said = (card.title, card.text, *(field.title for field in card.fields), content.text, card.footer)
    first = next((line for text in said for line in clean(text).splitlines() if line.strip()), "")
    # A notification shows it as it stands.
    return cut(html.unescape(first.strip()), FALLBACK)
