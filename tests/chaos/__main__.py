"""Plays episodes: `python -m chaos [--seed N] [--episodes N] [--storage sqlite|postgresql] [--processes N]`."""

import argparse
import asyncio
import sys
from pathlib import Path

from chaos.episode import Verdict, play
from chaos.plan import plan

LOGS = Path(".chaos")


def main() -> int:
    """Play the episodes that are asked for; return how many had a violation."""
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--episodes", type=int, default=1)
    parser.add_argument("--storage", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--trace", action="store_true", help="show what happened in every episode")
    wanted = parser.parse_args()
    wrong = []
    for seed in range(wanted.seed, wanted.seed + wanted.episodes):
        verdict = asyncio.run(play(plan(seed, wanted.storage, wanted.processes)))
        _show(verdict, wanted.trace)
        if verdict.violations:
            wrong.append(seed)
    print(f"{wanted.episodes - len(wrong)} of {wanted.episodes} clean on {wanted.storage}", *wrong)
    return len(wrong)


def _show(verdict: Verdict, whole: bool) -> None:
    print(verdict, flush=True)
    if verdict.violations or whole:
        print("\n".join(f"    {line}" for line in verdict.trace), flush=True)
        LOGS.mkdir(exist_ok=True)
        one = verdict.plan
        path = LOGS / f"{one.storage}-{one.processes}-{one.seed}.log"
        path.write_text("\n".join(verdict.log), encoding="utf-8")
        print(f"    log: {path}", flush=True)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
