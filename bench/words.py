"""What is said in the chat of the bench, and what is listened for there: always the same words."""

import random
from collections.abc import Sequence

END = "bench-end"
"""Stands in the message that all bots answer, so that it is known when they have dealt with those before it."""

_CHAT = (
    "the a to and of for is it that this we you I have has be on with not are can will do just but if so at from "
    "was there what when how deploy release build branch merge review test ticket customer meeting morning today "
    "tomorrow later sprint backlog staging production config version update rollback graph latency dashboard "
    "alert service queue database cache worker error warning timeout request response client server login page "
    "button email invoice order payment cart search index please thanks sure maybe looks good works fails again "
    "fixed broken slow fast new old could somebody take look into question answer docs link wiki team lunch "
    "coffee weekend holiday ready done started"
).split()
_ODD = (
    "see https://wiki.example.com/runbooks/{0}#step-{1} for details",
    "`kubectl get pods -n {0}` says {1} restarts",
    "naïve idea for {0}: retry {1} times 👍",
    "```\nTraceback (most recent call last):\n  {0}.py, line {1}\nKeyError: 'id'\n```",
    "@channel {0} moved to {1}:30, sorry for the noise",
)
_SERVICES = (
    "checkout payment search login cart mail billing catalog gateway invoice shipping profile inbox media".split()
)
_TROUBLES = ("outage is down not reachable data loss breach on fire cannot log in high error rate disk full").split()


def messages(count: int) -> list[str]:
    """Return messages as colleagues write them, most of them short, some long, none of which concerns the bot."""
    chance = random.Random(20261123)
    return [_message(chance) for _ in range(count)]


def keywords(count: int) -> list[str]:
    """Return different keywords that begin as many messages' words do, none of which is ever said."""
    return [
        f"{_SERVICES[n % len(_SERVICES)]} {_TROUBLES[n // len(_SERVICES) % len(_TROUBLES)]} {n:05d}"
        for n in range(count)
    ]


def _message(chance: random.Random) -> str:
    length = min(120, max(2, round(chance.lognormvariate(2.5, 0.8))))
    text = " ".join(_pick(chance, _CHAT) for _ in range(length)).capitalize() + chance.choice((".", "", "?", "!"))
    if chance.random() < 0.15:
        text += " " + chance.choice(_ODD).format(_pick(chance, _SERVICES), chance.randrange(20))
    return text


def _pick(chance: random.Random, words: Sequence[str]) -> str:
    return words[chance.randrange(len(words))]
