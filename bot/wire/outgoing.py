"""Messages, cards, buttons and dialogs as the JSON that a Mattermost server takes; nothing here waits or sends."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from bot.signing import Signer
from bot.wire.shorten import shorten
from handlers.effects import Button, Card, Colour, Content, Dialog, Entry, Menu, OpenChannel, Option

Json = dict[str, Any]

COLOURS: Mapping[Colour, str] = {
    "red": "#d24b4e",
    "amber": "#f5ab00",
    "green": "#339970",
    "grey": "#8d93a5",
    "blue": "#1c58d9",
}
CHANNEL_TITLE = 64
DIALOG_LABEL = 24
DIALOG_HINT = 150
SELECT_HINT = 3000
TEXT_LENGTH = 150
TEXTAREA_LENGTH = 3000
FALLBACK = 100


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes messages and dialogs whose buttons lead, signed, to `callback_url` (no slash at its end)."""

    signer: Signer
    callback_url: str

    def body(self, content: Content, *, key: str, revision: int, message_id: int | None, now: datetime) -> Json:
        """Return a post's `message` and `props`, complete: a server replaces all props by those of an edit.

        `key` and `revision` tell later which effect made the post and which content it shows.
        """
        props: Json = {"from_bot": "true", "muster": {"effect": key, "rev": revision}}
        if content.cards:
            props["attachments"] = self.attachments(content, message_id or 0, now)
        return {"message": _clean(content.text), "props": props}

    def attachments(self, content: Content, message_id: int, now: datetime) -> list[Json]:
        """Return the cards of a message; `message_id` goes into the buttons' tokens."""
        used: set[str] = set()
        return [self._card(card, content, message_id, now, used) for card in content.cards]

    def dialog(self, trigger_id: str, dialog: Dialog, person_id: str, now: datetime) -> Json:
        """Return the request that opens a dialog for one person; its token comes back as `state`.

        Titles and hints are cut to the lengths that the clients document; what the fields hold never is.
        """
        return {
            "trigger_id": trigger_id,
            "url": f"{self.callback_url}/dialogs",
            "dialog": {
                "callback_id": dialog.action,
                "title": shorten(_clean(dialog.title), DIALOG_LABEL),
                "icon_url": "",
                "introduction_text": _clean(dialog.intro),
                "elements": [_element(entry) for entry in dialog.entries],
                "submit_label": _clean(dialog.submit),
                "notify_on_cancel": True,
                "state": self.signer.showing(dialog.action, dialog.arg, person_id, now),
            },
        }

    def _card(self, card: Card, content: Content, message_id: int, now: datetime, used: set[str]) -> Json:
        written: Json = {
            "fallback": _fallback(card, content),
            "color": COLOURS[card.colour],
            "title": _clean(card.title),
            "text": _clean(card.text),
            "footer": _clean(card.footer),
            "fields": [
                {"title": _clean(field.title), "value": _clean(field.value), "short": field.short}
                for field in card.fields
            ],
            "actions": [self._control(control, message_id, now, used) for control in card.controls],
        }
        return {name: value for name, value in written.items() if value}

    def _control(self, control: Button | Menu, message_id: int, now: datetime, used: set[str]) -> Json:
        token = self.signer.press(control.action, control.arg, message_id, now)
        written: Json = {
            "id": _control_id(control, used),
            "name": _clean(control.label),
            "integration": {"url": f"{self.callback_url}/actions", "context": {"m": token}},
        }
        match control:
            case Button():
                return {"type": "button", "style": control.style, **written}
            case Menu():
                return {"type": "select", "options": _options(control.options), **written}
            case _:
                assert_never(control)


def new_post(place_id: str, body: Json, *, pending_id: str, root_id: str = "") -> Json:
    """Return the request that posts `body` into a channel or, with `root_id`, into a thread."""
    return {"channel_id": place_id, "root_id": root_id, "pending_post_id": pending_id, **body}


def new_ephemeral(person_id: str, place_id: str, body: Json) -> Json:
    """Return the request that shows `body` to one person in a channel."""
    return {"user_id": person_id, "post": {"channel_id": place_id, **body}}


def new_channel(effect: OpenChannel, name: str) -> Json:
    """Return the request that creates a channel; its purpose ends with the mark by which it is known again."""
    purpose = _clean(effect.purpose)
    if effect.mark not in purpose:
        purpose = f"{purpose} {effect.mark}".strip()
    return {
        "team_id": effect.team_id,
        "name": name,
        "display_name": shorten(_clean(effect.title), CHANNEL_TITLE),
        "type": "P" if effect.private else "O",
        "header": _clean(effect.header),
        "purpose": purpose,
    }


def command_answer(attachments: list[Json], text: str) -> Json:
    """Return the reply to a slash command, which its asker alone sees."""
    # The server would otherwise turn `<…|…>` in the text into links.
    return {
        "response_type": "ephemeral",
        "text": _clean(text),
        "attachments": attachments,
        "skip_slack_parsing": True,
    }


def press_answer(body: Json | None = None) -> Json:
    """Return the reply to a press: nothing, or what the pressed message shows from now on (`Writer.body`)."""
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
    first = next((line for text in said for line in _clean(text).splitlines() if line.strip()), "")
    return shorten(first.strip(), FALLBACK)


def _options(options: Iterable[Option]) -> list[Json]:
    return [{"text": _clean(option.text), "value": option.value} for option in options]


def _element(entry: Entry) -> Json:
    written: Json = {
        "display_name": shorten(_clean(entry.label), DIALOG_LABEL),
        "name": entry.name,
        "default": _clean(entry.default),
        "placeholder": shorten(_clean(entry.placeholder), SELECT_HINT if entry.options else DIALOG_HINT),
        "help_text": shorten(_clean(entry.help), DIALOG_HINT),
        "optional": entry.optional,
    }
    match entry.kind:
        case "text" | "textarea":
            return written | _text_element(entry)
        case "select":
            return written | {"type": "select", "options": _options(entry.options)}
        case "users" | "channels":
            return written | {"type": "select", "data_source": entry.kind}
        case "bool":
            # The clients take an empty tick box that is not optional for a missing answer.
            return written | {"type": "bool", "optional": True}
        case _:
            assert_never(entry.kind)


def _text_element(entry: Entry) -> Json:
    wanted = max(entry.max_length, len(entry.default))
    long = entry.kind == "textarea" or wanted > TEXT_LENGTH
    most = TEXTAREA_LENGTH if long else TEXT_LENGTH
    return {
        "type": "textarea" if long else "text",
        "min_length": entry.min_length,
        "max_length": min(entry.max_length or most, most),
    }


def _clean(text: str) -> str:
    # A NUL fails in the server's database, with a 500 that no repetition cures (server source: app/post.go).
    return text.replace("\0", "")
