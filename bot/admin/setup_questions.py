"""Asking a person what the set-up needs to know; where nobody can be asked, the defaults count."""

import sys
from collections.abc import Sequence
from getpass import getpass
from typing import Any

from rich.console import Console
from rich.prompt import Confirm, Prompt
from rich.text import Text

from bot.logs.veil import veil
from bot.trouble import Trouble


class Questions:
    """Nobody to ask: every default counts, and what has none must be an option, which `option` names."""

    asks = False

    def __init__(self, console: Console) -> None:
        self.console = console

    def say(self, words: str) -> None:
        """Tell something, in lines as long as they are."""
        self.console.print(words, markup=False, soft_wrap=True)

    def text(self, question: str, default: str, option: str) -> str:
        if not default:
            raise Trouble(f"{question}? There is nobody to ask: give it with {option}.")
        return default

    def secret(self, question: str, option: str) -> str:
        return self.text(question, "", option)

    def yes(self, question: str, *, default: bool) -> bool:
        return default

    def several(self, question: str, choices: Sequence[str], default: Sequence[str]) -> list[str]:
        return list(default)


class AtTerminal(Questions):
    """Somebody at a terminal, who is asked."""

    asks = True

    def text(self, question: str, default: str, option: str) -> str:
        usual: Any = default or ...
        while True:
            said = str(Prompt.ask(Text(question), console=self.console, default=usual)).strip()
            if said:
                return said

    def secret(self, question: str, option: str) -> str:
        # Not rich's prompt: it asks before the terminal stops showing what is typed, and takes spaces off.
        while True:
            if said := getpass(f"{question}: "):
                veil.hide(said)
                return said

    def yes(self, question: str, *, default: bool) -> bool:
        return Confirm.ask(Text(question), console=self.console, default=default)

    def several(self, question: str, choices: Sequence[str], default: Sequence[str]) -> list[str]:
        """Show a menu; answered by numbers, names, or nothing for the default."""
        for number, choice in enumerate(choices, 1):
            self.say(f"  {number:>3}  {choice}")
        usual = "all" if list(default) == list(choices) else ", ".join(default)
        while True:
            said = self.text(f"{question} (numbers or names, with commas)", usual, "")
            if said == "all":
                return list(choices)
            words = [word.strip() for word in said.split(",") if word.strip()]
            found = {word: _chosen(word, choices) for word in words}
            if wrong := [word for word, choice in found.items() if choice is None]:
                self.say(f"There is no {wrong[0]} in the list.")
            else:
                return [choice for choice in choices if choice in found.values()]


def questions(console: Console, *, silent: bool) -> Questions:
    """Return who answers: the person at the terminal, or nobody."""
    return Questions(console) if silent or not sys.stdin.isatty() else AtTerminal(console)


def _chosen(word: str, choices: Sequence[str]) -> str | None:
    if word.isdecimal() and word not in choices:
        return choices[int(word) - 1] if 1 <= int(word) <= len(choices) else None
    return word if word in choices else None
