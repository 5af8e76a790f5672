"""Everything that a server with playbooks of its own tells of them: playbooks, finished runs, and who is who."""

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.driver import connect
from bot.exchange.asking import Asking, groups_in
from handlers.exchange.files import Document, document_of_server
from handlers.exchange.found import Findings, Kind, Names
from handlers.exchange.from_mattermost import playbook_from
from handlers.exchange.runs import PastRun, past_run
from handlers.operations.import_runs import History
from handlers.playbooks.file import PlaybookMistake


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a server told; `left_out` are runs that could not be understood, by their names."""

    documents: tuple[Document, ...] = ()
    names: Names = field(default_factory=Names)
    history: History = field(default_factory=History)
    left_out: tuple[str, ...] = ()


async def pull(url: str, token: str, *, runs: bool = True, verify: bool = True) -> Pulled:
    """Ask a server for all playbooks that the token's owner may see. Raises `ServerRefused`, `ServerUnreachable`.

    `ValueError` is raised where the address is none.
    """
    driver = connect(url, token, verify=verify)
    try:
        return await _pulled(Asking(driver), runs=runs)
    finally:
        await driver.close()


async def _pulled(asking: Asking, *, runs: bool) -> Pulled:
    playbooks = [await _playbook(asking, key) for key in await _keys(asking)]
    documents = tuple(document_of_server(one) for one in playbooks)
    past, left_out = await _finished(asking, playbooks if runs else ())
    names = await _names(asking, documents, past)
    history = History(
        runs=past,
        people={key: name.removeprefix("@") for key, name in names.people.items()},
        teams=names.teams,
        metrics=_titles(playbooks, "metrics", "title"),
        fields=_titles(playbooks, "properties", "name"),
    )
    return Pulled(documents, names, history, left_out)


async def _finished(asking: Asking, playbooks: Iterable[dict[str, Any]]) -> tuple[tuple[PastRun, ...], tuple[str, ...]]:
    """Return finished runs, and the names of those that cannot be understood."""
    past, left_out = list[PastRun](), list[str]()
    for playbook in playbooks:
        async for said in _runs(asking, str(playbook["id"])):
            run = past_run(said)
            if run is not None:
                past.append(run)
            else:
                left_out.append(str(said.get("name", "")))
    return tuple(past), tuple(left_out)


async def _keys(asking: Asking) -> list[str]:
    found: dict[str, None] = {}
    for team in groups_in(await asking.of_server("/users/me/teams")):
        async for one in asking.pages("/playbooks", team_id=team.get("id", ""), with_archived=True):
            found[str(one.get("id", ""))] = None
    return [key for key in found if key]


async def _playbook(asking: Asking, key: str) -> dict[str, Any]:
    """Return a playbook as its file would say it, with its attributes and conditions, which stand elsewhere."""
    said = dict(await asking.of_plugin(f"/playbooks/{key}"))
    for name, path in (("properties", "property_fields"), ("conditions", "conditions")):
        answer = await asking.known(f"/playbooks/{key}/{path}")
        if found := groups_in(answer.get("items") if isinstance(answer, dict) else answer):
            said[name] = found
    return said


async def _runs(asking: Asking, key: str) -> AsyncIterator[dict[str, Any]]:
    async for one in asking.pages("/runs", playbook_id=key, statuses="Finished"):
        # A list may tell less of a run than the run does itself.
        run = dict(await asking.of_plugin(f"/runs/{one.get('id', '')}"))
        yield await _with_updates(asking, run)


async def _with_updates(asking: Asking, run: dict[str, Any]) -> dict[str, Any]:
    """Return a run with what its updates say, which its timeline leaves out."""
    events = groups_in(run.get("timeline_events"))
    updates = [event for event in events if event.get("event_type") == "status_updated" and not event.get("summary")]
    if updates:
        told = groups_in(await asking.known(f"/runs/{run.get('id', '')}/status-updates"))
        said = {str(one.get("id", "")): one.get("message") for one in told}
        for event in updates:
            message = said.get(str(event.get("post_id", "")))
            event["summary"] = message if isinstance(message, str) else ""
    return run


async def _names(asking: Asking, documents: Iterable[Document], runs: Iterable[PastRun]) -> Names:
    ids: dict[Kind, set[str]] = {"person": set(), "channel": set(), "team": set(), "group": set()}
    for document in documents:
        findings = Findings()
        # One that cannot be brought along is told with the plan; whom it names makes no difference.
        with suppress(PlaybookMistake):
            playbook_from(document.values, document.file, findings)
        for match in findings.matches:
            ids[match.kind].add(match.id)
    for run in runs:
        ids["person"] |= run.everybody
        ids["team"].add(run.team_id)
    people = await asking.people(sorted(ids["person"]))
    return Names(
        people={str(one["id"]): f"@{one['username']}" for one in people if one.get("id") and one.get("username")},
        channels=await _called(asking, "/channels/", "~", ids["channel"]),
        teams=await _called(asking, "/teams/", "", ids["team"]),
        groups=await _called(asking, "/groups/", "group:", ids["group"]),
    )


async def _called(asking: Asking, path: str, sign: str, ids: Iterable[str]) -> dict[str, str]:
    found = {key: await asking.named(f"{path}{key}") for key in sorted(ids) if key}
    return {key: f"{sign}{name}" for key, name in found.items() if name}


def _titles(playbooks: Iterable[dict[str, Any]], key: str, name: str) -> dict[str, str]:
    each = (one for playbook in playbooks for one in groups_in(playbook.get(key)))
    return {str(one.get("id", "")): str(one.get(name, "")) for one in each}
