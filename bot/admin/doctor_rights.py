"""What the doctor finds out about the bot's places and rights: teams, channels, and what its roles allow."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.admin.doctor_server import Patient
from bot.admin.findings import Finding, ill, note, well
from bot.admin.setup_grants import EPHEMERAL_FROM, RIGHT
from bot.driver import ServerRefused

_FIRST = 5
_WANTED = {
    "create_public_channel": "create public channels",
    "create_private_channel": "create private channels",
    "manage_public_channel_members": "add people to public channels",
    "manage_private_channel_members": "add people to private channels",
}


async def examine_rights(patient: Patient) -> AsyncIterator[Finding]:
    """Yield what is found, and leave the teams to work in in `patient.teams`."""
    mine = list(await patient.driver.client.get("/users/me/teams") or [])
    named = patient.config.server.teams
    patient.teams = [team for team in mine if not named or team["name"] in named]
    for name in named:
        if name not in [team["name"] for team in mine]:
            yield ill(
                f"The bot is not in the team {name}.",
                "Add it there: Main menu > Invite People, or muster setup.",
                "everything in " + ", ".join(str(team["name"]) for team in patient.teams) if patient.teams else "",
            )
    if not patient.teams:
        yield ill("The bot is in none of the teams to work in.", "Run muster setup, or add the bot to a team.")
    for team in patient.teams:
        yield await _channels(patient, team)
        yield await _may_work(patient, team)
    yield await _ephemeral(patient)


async def _channels(patient: Patient, team: Mapping[str, Any]) -> Finding:
    rows = await patient.driver.client.get(f"/users/me/teams/{team['id']}/channels") or []
    names = sorted(str(row["name"]) for row in rows if row.get("team_id") == team["id"] and not row.get("delete_at"))
    shown = ", ".join(f"~{name}" for name in names[:_FIRST]) + (" …" if len(names) > _FIRST else "")
    where = f"In {team['name']} the bot hears {len(names)} channels: {shown}" if names else ""
    join = patient.config.channels.join
    if join == "invited":
        return note(
            f"{where or 'In ' + team['name'] + ' the bot is in no channel'}; it waits to be invited to others.",
            f"Invite it with /invite @{patient.me['username']}, or let it join: [channels] join.",
        )
    wanted = "every public one" if join == "all" else ", ".join(join)
    return well(f"{where or 'In ' + team['name'] + ' the bot is in no channel yet'}; it joins {wanted}.")


async def _may_work(patient: Patient, team: Mapping[str, Any]) -> Finding:
    client = patient.driver.client
    try:
        member = await client.get(f"/teams/{team['id']}/members/me")
        # In a channel that it has created the bot has the roles of a member and of its administrator.
        roles = {*str(patient.me.get("roles")).split(), *str(member.get("roles")).split()}
        rows = await client.post("/roles/names", options=[*sorted(roles), "channel_user", "channel_admin"])
    except ServerRefused as refusal:
        return note(f"The server does not show what the bot may do in {team['name']} ({refusal.status}).")
    held = {right for row in rows for right in row.get("permissions") or []}
    missing = [words for right, words in _WANTED.items() if right not in held]
    if not missing:
        return well(f"In {team['name']} the bot may create channels, and add people to them.")
    return ill(
        f"In {team['name']} the bot may not {', '.join(missing)}.",
        "Give these rights to members in System Console > User Management > Permissions, or make the bot a team admin.",
        "runs that need none of that, such as those in a channel in which the bot is already (run here).",
    )


async def _ephemeral(patient: Patient) -> Finding:
    try:
        rows = await patient.driver.client.post("/roles/names", options=str(patient.me.get("roles")).split())
    except ServerRefused:
        rows = []
    if any(RIGHT in (row.get("permissions") or []) for row in rows):
        return well("The bot may show a message to one person alone.")
    words = "The bot may not show a message to one person alone in a channel; it writes direct messages instead."
    if patient.version < EPHEMERAL_FROM:
        return note(words)
    return note(words, "If that is wanted: muster setup --grant-ephemeral.")
