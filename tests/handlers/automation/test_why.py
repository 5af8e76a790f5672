"""`why`: what happened by itself, why not, and doing it again; in chat, by menu and on the page."""

from desk import TOWN, Desk, one, words_of

from handlers import effects as do


def told(desk: Desk, words: str = "why", **more: object) -> str:
    content = one(desk.commands(words, place=desk_place(desk), **more), do.Answer).content  # type: ignore[arg-type]
    return words_of(content)


def desk_place(desk: Desk):
    run = desk.run()
    return TOWN if run.channel_id is None else TOWN.__class__(id=run.channel_id, team_id="t1", kind="O", name="x")
