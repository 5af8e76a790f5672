"""What errbot listens for: so many keywords, and the message that ends what is measured."""

import os
import re
from typing import Any

from errbot import BotPlugin, re_botcmd

from bench.words import END, keywords


def _heard(number: int, pattern: str) -> Any:
    def heard(self: BotPlugin, msg: Any, match: Any) -> str:
        return "heard"

    # errbot knows a command by its function's name.
    heard.__name__ = f"heard{number}"
    return re_botcmd(pattern=pattern, prefixed=False, flags=re.IGNORECASE)(heard)


_patterns = [rf"\b{re.escape(one)}\b" for one in keywords(int(os.environ["BENCH_PATTERNS"]))] + [f"^{END}$"]
Bench = type("Bench", (BotPlugin,), {f"heard{n}": _heard(n, one) for n, one in enumerate(_patterns)})
