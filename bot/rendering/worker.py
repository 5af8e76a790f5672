"""The process that renders: takes orders from its standard input, one a line, and answers what the templates say."""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from types import FrameType

import msgspec

from handlers.text.jinja_rendering import made
from handlers.unsure import Made, ToRender

MEMORY = 256 << 20
"""Bytes of address space, of which Python itself takes a fourth."""
ONE = 0.5
"""Seconds of computing for one text."""
ALL = 2
"""Seconds of computing for all of an order, after which the system ends the process."""
FILES = 16


class _TooSlow(Exception):
    pass


def main() -> None:
    """Render until there is nothing more to read."""
    _limit()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGVTALRM, _interrupt)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin.buffer:
        _begin()
        out.write(msgspec.json.encode(list(_answers(msgspec.json.decode(line, type=ToRender)))) + b"\n")
        out.flush()


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, FILES),
    ):
        resource.setrlimit(what, (most, most))


def _begin() -> None:
    """Give an order its time; what was used for others before it does not count."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + 1 + ALL, most))


def _answers(order: ToRender) -> Iterator[Made]:
    values, attributes = dict(order.values), dict(order.attributes)
    for kind, text in order.texts:
        signal.setitimer(signal.ITIMER_VIRTUAL, ONE)
        try:
            yield made(text, kind, values, attributes)
        except _TooSlow:
            yield Made(None, "slow")
        except MemoryError:
            yield Made(None, "memory")
        except Exception:
            yield Made(None, "failed")
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise _TooSlow


if __name__ == "__main__":
    main()
