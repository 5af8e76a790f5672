"""Whom and what playbooks name, looked up on the server: people, channels and teams."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from bot.admin.doctor_server import Patient
from bot.admin.findings import Finding, ill, well
from bot.directory.groups import Unknown, members
from bot.directory.named import named_in
from bot.driver import ServerRefused
from bot.library.shelf import Shelf
from handlers.events import NoGroup
from handlers.playbooks.playbook import Playbook

BATCH = 200
GROUP = "group:"
WITHOUT_GROUP: Mapping[NoGroup, str] = {
    "no_group": "which the server does not know",
    "no_groups": "on a server whose license has no groups",
    "groups_forbidden": "which the server does not show to bots",
}
WITHOUT_PEOPLE = "runs start without them; their tasks and roles are nobody's."
WITHOUT_CHANNELS = "updates are told in the run's own channel, and wherever else the playbook says."
OTHERS = "all other playbooks."


async def examine_named(patient: Patient, shelf: Shelf) -> AsyncIterator[Finding]:
    """Yield for each playbook what it names in vain, or that everything is there."""
    books = [(key, found.playbook) for key, found in sorted(shelf.found.items())]
    known = await _people(patient, {name for _, book in books for name in _named_people(book)})
    is_well, count = True, 0
    for key, book in books:
        teams = [team for team in patient.teams if not book.teams or team["name"] in book.teams]
        count += len(_named_people(book)) + len(named_in([book])[1])
        async for finding in _examine(patient, key, book, teams, known):
            is_well = False
            yield finding
    if is_well and count:
        yield well("Every person and channel that playbooks name is there.")


async def _examine(
    patient: Patient, key: str, book: Playbook, teams: list[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]]
) -> AsyncIterator[Finding]:
    if away := [name for name in book.teams if name not in [team["name"] for team in patient.teams]]:
        yield ill(
            f"{key} names teams in which Muster does not work: {', '.join(away)}.",
            "Correct teams in the playbook, add the bot to them, or name them in [server] teams.",
            f"runs of it in {', '.join(str(team['name']) for team in teams)}." if teams else OTHERS,
        )
    if lost := await _lost_people(patient, book, teams, known):
        yield ill(
            f"{key} names people who cannot take part: {'; '.join(lost)}.",
            "Correct the names in the playbook, or invite these people.",
            WITHOUT_PEOPLE,
        )
    if lost := await _lost_groups(patient, book):
        yield ill(
            f"{key} names groups in vain: {'; '.join(lost)}.",
            "Correct the names, or name the people of the group.",
            WITHOUT_PEOPLE,
        )
    if lost := [why for name in sorted(named_in([book])[1]) for why in await _lost_channel(patient, name, teams)]:
        used = (book.channel.use or "").removeprefix("~")
        yield ill(
            f"{key} names channels that cannot be used: {'; '.join(lost)}.",
            "Correct the names in the playbook, create these channels, or invite the bot to them if they are private.",
            OTHERS if used and any(why.startswith(f"~{used},") for why in lost) else WITHOUT_CHANNELS,
        )


def _named_people(book: Playbook) -> set[str]:
    allowed = (*book.admins, *book.members, *book.start_by)
    return named_in([book])[0] | {name.removeprefix("@") for name in allowed if name.startswith("@")}


def _named_groups(book: Playbook) -> list[str]:
    invited = (*book.invite, *(one for action in book.actions for one in action.invite))
    named = (*invited, *book.admins, *book.members, *book.start_by)
    return sorted({name.removeprefix(GROUP) for name in named if name.startswith(GROUP)})


async def _lost_groups(patient: Patient, book: Playbook) -> list[str]:
    lost = []
    for name in _named_groups(book):
        try:
            await members(patient.driver.client, name)
        except Unknown as unknown:
            lost.append(f"{name}, {WITHOUT_GROUP[unknown.why]}")
    return lost


async def _people(patient: Patient, names: set[str]) -> dict[str, Mapping[str, Any]]:
    """Return the accounts by user name."""
    found: dict[str, Mapping[str, Any]] = {}
    for batch in _batches(sorted(names)):
        rows = await patient.driver.client.post("/users/usernames", options=batch) or []
        found |= {str(row["username"]): row for row in rows}
    return found


async def _lost_people(
    patient: Patient, book: Playbook, teams: list[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    names = sorted(_named_people(book))
    unknown = [f"@{name}, whom the server does not know" for name in names if name not in known]
    accounts = {name: known[name] for name in names if name in known}
    off = [f"@{name}, who is deactivated" for name, row in accounts.items() if row.get("delete_at")]
    there = {str(row["id"]): name for name, row in accounts.items() if not row.get("delete_at")}
    outside = [
        f"@{name}, who is not in {team['name']}"
        for team in teams
        for name in sorted(there[one] for one in there.keys() - await _members(patient, team, there))
    ]
    return [*unknown, *off, *outside]


async def _members(patient: Patient, team: Mapping[str, Any], ids: Iterable[str]) -> set[str]:
    """Return who of some people is in a team."""
    found: set[str] = set()
    for batch in _batches(sorted(ids)):
        rows = await patient.driver.client.post(f"/teams/{team['id']}/members/ids", options=batch) or []
        found |= {str(row["user_id"]) for row in rows if not row.get("delete_at")}
    return found


async def _lost_channel(patient: Patient, name: str, teams: list[Mapping[str, Any]]) -> list[str]:
    lost: list[str] = []
    for team in teams:
        try:
            path = f"/teams/{team['id']}/channels/name/{name}"
            channel = await patient.driver.client.get(path, params={"include_deleted": "true"})
        except ServerRefused as refusal:
            if refusal.status not in (403, 404):
                raise
            lost.append(f"~{name}, which is not in {team['name']}, or is private without the bot")
            continue
        if channel.get("delete_at"):
            lost.append(f"~{name}, which is archived in {team['name']}")
    return lost


def _batches(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
