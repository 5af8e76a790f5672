"""errbot with its Mattermost backend, which needs Python 3.10: newer ones have no `asyncio.coroutine`."""

import json
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

PLUG = """[Core]
Name = Bench
Module = errbot_plugin
[Python]
Version = 3
"""


def config(port: str, folder: Path) -> SimpleNamespace:
    """Return what errbot reads from its config.py."""
    found = find_spec("mattermostdriver")
    assert found is not None
    assert found.origin is not None
    backends = Path(found.origin).parent.parent / "err-backend-mattermost"
    return SimpleNamespace(
        BACKEND="Mattermost",
        BOT_EXTRA_BACKEND_DIR=str(backends),
        BOT_DATA_DIR=str(folder),
        BOT_EXTRA_PLUGIN_DIR=str(folder / "plugins"),
        BOT_LOG_FILE=None,
        BOT_LOG_LEVEL=40,
        BOT_ADMINS=("@person0",),
        BOT_PREFIX="!",
        BOT_IDENTITY={
            "token": "x",
            "team": "ops",
            "server": "127.0.0.1",
            "port": int(port),
            "scheme": "http",
            "timeout": 30,
        },
        CORE_PLUGINS=(),
        STORAGE="Memory",
    )


def main(port: str, count: str) -> None:
    from errbot.bootstrap import bot_config_defaults, setup_bot  # noqa: PLC0415 -- after the environment is set

    with tempfile.TemporaryDirectory() as name:
        plugins = Path(name) / "plugins"
        plugins.mkdir()
        (plugins / "bench.plug").write_text(PLUG)
        (plugins / "errbot_plugin.py").write_text(Path(__file__).with_name("errbot_plugin.py").read_text())
        made = config(port, Path(name))
        bot_config_defaults(made)
        bot = setup_bot("Mattermost", __import__("logging").getLogger(), made, None)
        print(json.dumps({"ready": True}), flush=True)
        bot.serve_forever()


if __name__ == "__main__":
    os.environ["BENCH_PATTERNS"] = sys.argv[2]
    main(*sys.argv[1:3])
