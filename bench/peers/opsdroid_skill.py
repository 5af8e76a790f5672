"""What opsdroid listens for: so many keywords, and the message that ends what is measured."""

import os
import re
from typing import Any

from opsdroid.matchers import match_regex
from opsdroid.skill import Skill

from bench.words import END, keywords


def _heard() -> Any:
    async def heard(self: Skill, message: Any) -> None:
        await message.respond("heard")

    return heard


_patterns = [rf"\b{re.escape(one)}\b" for one in keywords(int(os.environ["BENCH_PATTERNS"]))] + [f"^{END}$"]
Bench = type(
    "Bench",
    (Skill,),
    {f"heard{n}": match_regex(one, matching_condition="search")(_heard()) for n, one in enumerate(_patterns)},
)
