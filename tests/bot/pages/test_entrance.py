"""The way into the pages, over real sockets: by a link, by a code, and out again."""

import re
from pathlib import Path

from pages import browser, pages
from stage import Stage, stage


async def link_of(scene: Stage, name: str = "alice", words: str = "open") -> tuple[str, str]:
    """Have somebody ask for a link; return it, and the code beside it."""
    answer = await scene.people[name].command(scene.town["id"], f"/{scene.trigger} {words}")
    link, code = re.search(r"\]\((http\S+)\)", answer), re.search(r"code `([a-z0-9-]+)`", answer)
    assert link is not None, answer
    assert code is not None, answer
    return link[1], code[1]


async def test_a_link_lets_its_person_in_once_and_only_by_the_press(tmp_path: Path) -> None:
    async with stage(tmp_path, pages=pages()) as scene, browser(scene.config.pages.url) as mine:
        link, _ = await link_of(scene)
        for _ in range(3):
            seen = await mine.get(link)
            assert f"Continue as @{scene.name('alice')}" in seen.words
        first = await mine.send(seen.forms[0])
        assert first.status == 200
        assert first.url.endswith("/runs")
        assert f"@{scene.name('alice')}" in first.words
        again = await mine.get(link)
        assert again.status == 410
        assert "used already" in again.words
