"""A stored installation as a document: the rows of its database, what stood on its server, and what it has to hold."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, MetaData, create_engine, func, select, text

from sandbox.integrations import Command
from sandbox.model import AccessToken, Channel, ChannelMember, Post, Reaction, Team, TeamMember, User
from sandbox.posting import add_cookies
from sandbox.world import World

Json = dict[str, Any]

HERE = Path(__file__).parent
SITE = "https://chat.example.com"
CALLBACKS = "http://muster.example.com/hooks"
"""What the document says instead of the address where the bot listens, which is another one each time."""
PAGES = "https://runs.example.com"
"""What it says instead of the address of the pages."""
TICKETS = "http://tickets.example.com/"
"""Where the command `/ticket` leads that tasks have."""
FOLDER = "/srv/muster"
"""What it says instead of the folder with the playbooks."""

_ROWS: dict[str, type[Any]] = {
    "users": User,
    "teams": Team,
    "channels": Channel,
    "commands": Command,
    "access_tokens": AccessToken,
    "posts": Post,
}
_OF_PLACES: dict[str, type[Any]] = {"team_members": TeamMember, "channel_members": ChannelMember}


def stored() -> list[Path]:
    """Return all installations that were ever stored, the oldest first."""
    return sorted(HERE.glob("installation_*.json"))


def write(path: Path, document: Json, *places: tuple[str, str]) -> None:
    """Write a document, one row a line, with other words for what is of this machine."""
    said = "".join(_lines(document)) + "\n"
    for here, there in places:
        said = said.replace(here, there)
    path.write_text(said, encoding="utf-8")


def read(path: Path, *places: tuple[str, str]) -> Json:
    """Read a document, with what is of this machine in its places."""
    said = path.read_text(encoding="utf-8")
    for here, there in places:
        said = said.replace(there, here)
    read: Json = json.loads(said)
    return read


def _lines(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, dict) and depth < 2:
        pairs = [f"{json.dumps(key)}: {''.join(_lines(one, depth + 1))}" for key, one in value.items()]
        yield "{\n" + ",\n".join(pairs) + "\n}"
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"
    else:
        yield json.dumps(value, ensure_ascii=False)


def tables(url: str) -> Json:
    """Return the rows of all tables of a database, as its own schema tells of them."""
    engine = create_engine(url)
    meta = MetaData()
    meta.reflect(engine)
    with engine.connect() as connection:
        found = {
            table.name: [
                {name: _said(value) for name, value in row._mapping.items()}
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in meta.sorted_tables
        }
    engine.dispose()
    return found


def fill(url: str, rows: Json) -> None:
    """Put rows into the tables of a database; its schema has to be the one that they were stored from."""
    engine = create_engine(url)
    meta = MetaData()
    meta.reflect(engine)
    with engine.begin() as connection:
        for table in meta.sorted_tables:
            if rows.get(table.name):
                times = {one.name for one in table.columns if isinstance(one.type, DateTime)}
                kept = [{name: _meant(value, name in times) for name, value in row.items()} for row in rows[table.name]]
                connection.execute(table.insert(), kept)
            if engine.name == "postgresql" and "id" in table.columns and table.columns["id"].type.python_type is int:
                last = connection.execute(select(func.max(table.columns["id"]))).scalar()
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                connection.execute(text(f"SELECT setval({sequence}, {(last or 0) + 1}, false)"))
    engine.dispose()


def _said(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None).isoformat()


def _meant(value: Any, is_time: bool) -> Any:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if is_time and value else value


def server(world: World) -> Json:
    """Return what a server remembers: its people, places, commands, and the posts that people wrote or a bot."""
    found = {name: [_short(row) for row in getattr(world, name).values() if _counts(row)] for name in _ROWS}
    for name in _OF_PLACES:
        found[name] = [_short(row) for rows in getattr(world, name).values() for row in rows.values()]
    found["reactions"] = [_short(row) for rows in world.reactions.values() for row in rows]
    return found


def stand(world: World, rows: Json) -> None:
    """Let a server remember all this, in place of what it remembers."""
    for name, kind in _ROWS.items():
        getattr(world, name).clear()
        getattr(world, name).update({row["id"]: kind(**row) for row in rows[name]})
    for post in world.posts.values():
        world.channel_posts[post.channel_id].append(post)
        if post.root_id:
            world.replies[post.root_id].append(post)
    for name, kind in _OF_PLACES.items():
        getattr(world, name).clear()
        for row in rows[name]:
            one = kind(**row)
            getattr(world, name)[row.get("channel_id") or row["team_id"]][one.user_id] = one
    for row in rows["reactions"]:
        world.reactions[row["post_id"]].append(Reaction(**row))


def _counts(row: Any) -> bool:
    return not isinstance(row, Post) or not (row.is_system or row.original_id or row.delete_at)


def _short(row: Any) -> Json:
    """Return a row without what is so for most."""
    usual = {
        one.name: one.default if one.default_factory is MISSING else one.default_factory() for one in fields(type(row))
    }
    return {name: value for name, value in asdict(row).items() if usual[name] is MISSING or value != usual[name]}


def private(world: World, post: Json) -> Json:
    """Return a post that one person alone sees, with what its buttons call in place of what the server made of that."""
    kept: Json = deepcopy({name: post[name] for name in ("id", "channel_id", "root_id", "message", "props")})
    for card in kept["props"].get("attachments", []):
        for action in card.get("actions", []):
            action["integration"] = world.cookies[action.pop("cookie")].integration
    return kept


def in_hand(world: World, post: Json) -> Json:
    """Return a post as somebody's client holds it, whose buttons can be pressed whatever became of it since."""
    kept = Post(post["id"], post["channel_id"], "", post.get("message", ""), 0, 0, root_id=post.get("root_id", ""))
    kept.props = deepcopy(post["props"])
    add_cookies(world, kept)
    return {"id": kept.id, "channel_id": kept.channel_id, "props": kept.props}


def actions(post: Json) -> list[Json]:
    """Return the buttons and menus of a post."""
    return [one for card in post.get("props", {}).get("attachments", []) for one in card.get("actions", [])]
