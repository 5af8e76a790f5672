"""Plays episodes: `python -m chaos [--seed N] [--episodes N] [--storage sqlite|postgresql] [--processes N]`."""

import argparse
import asyncio
import sys
import traceback
from pathlib import Path

from chaos.episode import Verdict, play
from chaos.plan import Plan
from chaos.planning import plan

LOGS = Path(".chaos")
"""Where what the processes logged is kept of episodes that were not clean."""


def main() -> int:
    """Play the episodes that are asked for; return 1 if one was not clean."""
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--episodes", type=int, default=1, help="how many, each with the next seed")
    parser.add_argument("--storage", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--trace", action="store_true", help="show what happened in clean episodes, too")
    wanted = parser.parse_args()
    seeds = range(wanted.seed, wanted.seed + wanted.episodes)
    wrong = [seed for seed in seeds if not _is_clean(plan(seed, wanted.storage, wanted.processes), wanted.trace)]
    where = f"{wanted.storage}, {wanted.processes} process{'es' if wanted.processes > 1 else ''}"
    print(f"{len(seeds) - len(wrong)} of {len(seeds)} clean on {where}", "; not clean:" if wrong else "", *wrong)
    return min(len(wrong), 1)


def _is_clean(one: Plan, show: bool) -> bool:
    try:
        verdict = asyncio.run(play(one))
    except Exception:
        print(f"seed {one.seed} on {one.storage} could not be played:")
        traceback.print_exc(file=sys.stdout)
        return False
    _tell(verdict, show)
    return not verdict.violations


def _tell(verdict: Verdict, show: bool) -> None:
    print(verdict, flush=True)
    if not verdict.violations and not show:
        return
    print(*(f"    {line}" for line in verdict.trace), sep="\n")
    LOGS.mkdir(exist_ok=True)
    one = verdict.plan
    path = LOGS / f"{one.storage}-{one.processes}-{one.seed}.log"
    path.write_text("\n".join(verdict.log), encoding="utf-8")
    print(f"    what was logged: {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
