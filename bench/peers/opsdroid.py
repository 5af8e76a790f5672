"""opsdroid with its Mattermost connector; its patterns stand in the skill beside this module."""

import gettext
import json
import os
import sys

gettext.install("opsdroid")

from opsdroid.core import OpsDroid  # noqa: E402 -- it wants gettext to be there


def main(port: str, count: str) -> None:
    os.environ["BENCH_PATTERNS"] = count
    connector = {
        "token": "x",
        "url": "127.0.0.1",
        "port": int(port),
        "scheme": "http",
        "team-name": "ops",
        "trigger-on-mention": False,
    }
    config = {
        "connectors": {"mattermost": connector},
        "skills": {"bench": {"module": "bench.peers.opsdroid_skill", "no-cache": True}},
        "web": {"host": "127.0.0.1", "port": 0},
        "logging": {"level": "error"},
        "welcome-message": False,
    }
    with OpsDroid(config=config) as bot:
        print(json.dumps({"ready": True}), flush=True)
        bot.run()


if __name__ == "__main__":
    main(*sys.argv[1:3])
