"""The process that draws: takes pictures from its standard input, one a line, and gives each back as a file."""

import os
import resource
import signal
import sys

import msgspec

from bot.charts.drawing import draw
from bot.charts.orders import Drawn, Order

MEMORY = 1 << 30
"""Bytes of address space; matplotlib with all fonts takes half of it."""


def main() -> None:
    """Draw until there is nothing more to read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is drawn goes to where the output was; nothing else that is printed may get between.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin.buffer:
        out.write(msgspec.json.encode(_drawn(line)) + b"\n")
        out.flush()


def _drawn(line: bytes) -> Drawn:
    try:
        order = msgspec.json.decode(line, type=Order)
        return Drawn(content=draw(order.picture, "svg" if order.form == "svg" else "png"))
    except MemoryError:
        return Drawn(trouble="not enough memory")
    except Exception as error:
        return Drawn(trouble=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
