"""What a person says of the names in a file: whom its ids mean here, and how attributes and playbooks are called."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from handlers.exchange.found import Kind, Names
from handlers.playbooks import values as of
from handlers.playbooks.file import PlaybookMistake
from handlers.playbooks.mistakes import Mistake, in_words, key_in_words, sentence
from handlers.playbooks.values import Lowered
from handlers.playbooks.yaml_tree import read_tree
from handlers.text import languages

LEFT_OUT = "leave-out"
"""What stands for whom nobody is to take the place of."""


def _currency(code: str) -> str:
    if code and not languages.is_currency(code.upper()):
        raise ValueError(sentence("currency"))
    return code.upper()


_LEFT = f"{LEFT_OUT}|"
Person = Annotated[Lowered, of.like(_LEFT + of.PERSON, "map_person")]
Channel = Annotated[Lowered, of.like(_LEFT + of.CHANNEL, "map_channel")]
Team = Annotated[Lowered, of.like(_LEFT + of.TEAM, "map_team")]
Group = Annotated[Lowered, of.like(_LEFT + of.GROUP, "map_group")]


class Given(of.Part):
    """Names by the ids of a file: people as "@dana", channels as ~ops, teams and groups; or `leave-out`.

    `attributes` and `titles` (of playbooks) are by the names that they have there. `currency` is the one of all its
    amounts of money.
    """

    people: dict[str, Person] = Field(default_factory=dict)
    channels: dict[str, Channel] = Field(default_factory=dict)
    teams: dict[str, Team] = Field(default_factory=dict)
    groups: dict[str, Group] = Field(default_factory=dict)
    attributes: dict[str, of.Line] = Field(default_factory=dict)
    titles: dict[str, of.Line] = Field(default_factory=dict)
    currency: Annotated[str, AfterValidator(_currency)] = ""

    @property
    def names(self) -> Names:
        return Names(self.people, self.channels, self.teams, self.groups)

    def over(self, known: Names) -> Names:
        """Return what ids are called: as it is said here, otherwise as it is known."""
        both = self.names.over(known)
        return Names(*map(_named, (both.people, both.channels, both.teams, both.groups)))

    def leaves_out(self, kind: Kind, key: str) -> bool:
        return self.names.of(kind).get(key) == LEFT_OUT


def _named(found: Mapping[str, str]) -> dict[str, str]:
    return {key: name for key, name in found.items() if name != LEFT_OUT}


def read_mapping(text: str, file: str) -> Given:
    """Return what a YAML text says. Raises `PlaybookMistake`."""
    tree = read_tree(text)
    if tree.mistakes or not isinstance(tree.value, dict):
        raise PlaybookMistake(file, tree.mistakes or [Mistake(1, "", sentence("no_mapping"))])
    try:
        return Given.model_validate(tree.value)
    except ValidationError as error:
        raise PlaybookMistake(
            file,
            [
                Mistake(tree.line(one["loc"]), key_in_words(one["loc"]), in_words(one, Given))
                for one in error.errors(include_url=False)
            ],
        ) from None
