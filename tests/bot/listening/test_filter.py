"""Which messages are commands: whatever calls the bot at their beginning, a slash command among them."""

import pytest

from bot.listening.filter import Ear
from bot.wire.things import Post
from handlers.events import Person
from handlers.playbooks.keywords import Keywords, Watched

EAR = Ear(Person(id="bot", username="muster"), Keywords([Watched(1, ("down",))]), trigger="playbook")


def command(text: str, kind: str = "O") -> str | None:
    return EAR.command(Post(id="p", channel_id="c", user_id="u", message=text), kind)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" /playbook list", "/playbook list"),
        ("\n/playbook list", "/playbook list"),
        ("\u00a0/Playbook\ncheck 1.2", "/Playbook\ncheck 1.2"),
        ("／playbook", "／playbook"),
        ("@muster /playbook check 1.2", "/playbook check 1.2"),
        ("＠muster，check 1.2", None),
        ("＠muster， check 1.2", "check 1.2"),
        ("@muster\u3000check 1.2", "check 1.2"),
        ("/playbooks list", None),
        ("/playbook-x list", None),
        ("see /playbook list", None),
        ("a/playbook list", None),
        ("/echo hi", None),
        ("hello", None),
    ],
)
def test_a_slash_command_in_a_message_is_one(text: str, words: str | None) -> None:
    assert command(text) == words
    assert command(text, "D") == (words or text.strip())


def test_without_a_trigger_a_slash_calls_nobody() -> None:
    ear = Ear(Person(id="bot", username="muster"), Keywords(()))
    assert ear.command(Post(id="p", channel_id="c", user_id="u", message="/playbook list"), "O") is None


def test_a_message_to_the_bot_alone_holds_keywords_too() -> None:
    post = Post(id="p", channel_id="c", user_id="u", message="checkout is down")
    hits, words = EAR.listen(post, "", "D") or ((), None)
    assert ([hit.playbook_id for hit in hits], words) == ([1], "checkout is down")
