"""mmpy_bot with so many keywords as patterns, one that ends what is measured, and a command that it replies to."""

import json
import logging
import re
import sys

from mmpy_bot import Bot, Message, Plugin, Settings, listen_to

from bench.words import END, keywords


def heard(self: Plugin, message: Message) -> None:
    self.driver.reply_to(message, "heard")


def said(self: Plugin, message: Message, number: str) -> None:
    self.driver.reply_to(message, f"bench{number}")


def plugin(count: int) -> type[Plugin]:
    """Return a plugin with a method for each pattern, as its users write them."""
    methods = {
        f"heard{n}": listen_to(rf"\b{re.escape(keyword)}\b", re.IGNORECASE)(heard)
        for n, keyword in enumerate(keywords(count))
    }
    methods |= {"end": listen_to(f"^{END}$")(heard), "say": listen_to(r"^bench-say (\d+)$")(said)}
    return type("Heard", (Plugin,), methods)


def main(port: str, count: str) -> None:
    settings = Settings(
        MATTERMOST_URL="http://127.0.0.1", MATTERMOST_PORT=int(port), BOT_TOKEN="x", LOG_LEVEL=logging.ERROR
    )
    bot = Bot(settings, [plugin(int(count))()])
    print(json.dumps({"ready": True}), flush=True)
    bot.run()


if __name__ == "__main__":
    main(*sys.argv[1:3])
