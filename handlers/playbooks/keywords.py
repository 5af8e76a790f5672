"""Hears keywords: one automaton over all keywords of all playbooks, however many there are."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Literal

from ahocorasick_rs import AhoCorasick

from handlers.events import Hit
from handlers.text.plain_text import even, is_whole, without_code

Deaf = Literal["unseen", "code"]
"""Why a keyword is never heard; each has its words in `templates/messages/mistakes.md.j2`, `unheard_…`."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What one playbook listens for; `team_ids` None means in all teams.

    With `task_id` it is what completes a task, said in the channel `place_id` alone.
    """

    playbook_id: int
    keywords: tuple[str, ...]
    match: Literal["word", "substring", "exact"] = "word"
    team_ids: frozenset[str] | None = None
    task_id: int = 0
    place_id: str = ""


class Keywords:
    """Finds in a message what playbooks listen for.

    Most messages hold no keyword and cost one pass of the automaton over their folded text; only where it stops is
    it worth taking code and addresses out and looking at the edges of words.
    """

    def __init__(self, entries: Iterable[Watched] = ()) -> None:
        self._in_place: Mapping[str, Keywords] = {}
        self._meant: dict[str, list[tuple[Watched, str]]] = {}
        for entry in entries:
            for keyword in entry.keywords:
                if pattern := _folded(even(keyword)):
                    self._meant.setdefault(pattern, []).append((entry, keyword))
        self._patterns = tuple(self._meant)
        self._automaton = AhoCorasick(self._patterns)
        self._stops = self._automaton.find_matches_as_indexes
        self._are_spaced = any(" " in pattern for pattern in self._patterns)

    def __len__(self) -> int:
        return len(self._patterns)

    def also_in_places(self, entries: Iterable[Watched]) -> "Keywords":
        """Return these keywords and others that count in one channel each, and cost one look into a table elsewhere."""
        by_place: dict[str, list[Watched]] = {}
        for entry in entries:
            by_place.setdefault(entry.place_id, []).append(entry)
        both = copy(self)
        both._in_place = {place_id: Keywords(some) for place_id, some in by_place.items()}
        both._are_spaced |= any(some._are_spaced for some in both._in_place.values())
        return both

    def find(self, text: str, team_id: str, place_id: str = "") -> tuple[Hit, ...]:
        """Return the playbooks and tasks whose words stand in a message, in the order of the message.

        A direct message has no team, and holds what is listened for in any.
        """
        if not self._patterns and not self._in_place:
            return ()
        # Most messages are plain ASCII, and need no even writing first; spaces matter only to keywords that have some.
        plain = text.isascii() and (not self._are_spaced or (text.isprintable() and "  " not in text))
        folded = text.lower() if plain else _folded(even(text))
        found = self._found(text, team_id) if self._stops(folded) else ()
        if not self._in_place or (here := self._in_place.get(place_id)) is None or not here._stops(folded):
            return found
        return found + here._found(text, team_id)

    def _found(self, text: str, team_id: str) -> tuple[Hit, ...]:
        heard: dict[tuple[int, int], dict[str, None]] = {}
        for entry, keyword in self._heard(even(without_code(text)), team_id):
            heard.setdefault((entry.playbook_id, entry.task_id), {})[keyword] = None
        return tuple(
            Hit(playbook_id=playbook_id, keywords=tuple(keywords), task_id=task_id)
            for (playbook_id, task_id), keywords in heard.items()
        )

    def _heard(self, text: str, team_id: str) -> Iterator[tuple[Watched, str]]:
        """Yield each hit by where it begins, the longer one first where two begin together."""
        folded = _folded(text)
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        origins: list[int] = []
        for which, start, end in sorted(found, key=lambda match: (match[1], -match[2])):
            whole = is_whole(folded, start, end)
            for entry, keyword in self._meant[self._patterns[which]]:
                if entry.team_ids is not None and (team_id not in entry.team_ids if team_id else not entry.team_ids):
                    continue
                if entry.match == "exact" and whole:
                    origins = origins or [at for at, letter in enumerate(text) for _ in _folded(letter)]
                    if text[origins[start] : origins[end - 1] + 1] != even(keyword):
                        continue
                if whole or entry.match == "substring":
                    yield entry, keyword


def unheard(keyword: str) -> Deaf | None:
    """Return why a keyword could never be heard, not even said alone; None where it can."""
    if not even(keyword):
        return "unseen"
    return None if Keywords([Watched(1, (keyword,))]).find(keyword, "") else "code"


def _folded(text: str) -> str:
    """Return the text without regard to capitals, letter by letter; Turkish i with and without dot are one."""
    return text.casefold() if text.isascii() else text.replace("İ", "i").replace("ı", "i").casefold()
