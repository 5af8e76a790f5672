"""What a file says, read value by value: nothing stands for what is missing, and what has another type is a mistake."""

from collections.abc import Mapping
from typing import Any

from handlers.playbooks.mistakes import Mistake, Path, found_in_words, key_in_words, sentence


class Saying:
    """A group of keys of a file; what is wrong in it is added to the `mistakes` of the whole file.

    A missing key says nothing, and so does null.
    """

    def __init__(self, values: Mapping[str, Any], path: Path = (), mistakes: list[Mistake] | None = None) -> None:
        self.values = values
        self.path = path
        self.mistakes: list[Mistake] = [] if mistakes is None else mistakes

    def text(self, key: str) -> str:
        found: str = self._of(key, str, "", "json_text")
        return found

    def yes(self, key: str) -> bool:
        found: bool = self._of(key, bool, False, "json_yes")
        return found

    def number(self, key: str) -> int:
        """Return a whole number; one that is written as 5.0 is one, too."""
        value = self.values.get(key)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return 0 if value is None else self._of(key, int, 0, "json_number")

    def texts(self, key: str) -> list[str]:
        found = self._of(key, list, [], "json_list")
        return [one for at, one in enumerate(found) if self._is(one, str, (key, at), "json_text")]

    def group(self, key: str) -> "Saying":
        return Saying(self._of(key, dict, {}, "json_group"), (*self.path, key), self.mistakes)

    def groups(self, key: str) -> list["Saying"]:
        found = self._of(key, list, [], "json_list")
        return [
            Saying(one if self._is(one, dict, (key, at), "json_group") else {}, (*self.path, key, at), self.mistakes)
            for at, one in enumerate(found)
        ]

    def blame(self, key: str, words: str) -> None:
        self.mistakes.append(Mistake(0, key_in_words((*self.path, key)), words))

    def _of(self, key: str, kind: type, nothing: Any, expected: str) -> Any:
        value = self.values.get(key)
        return value if value is not None and self._is(value, kind, (key,), expected) else nothing

    def _is(self, value: object, kind: type, path: Path, expected: str) -> bool:
        # Python counts true among the numbers.
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not fits:
            found = sentence("found_nothing") if value is None else found_in_words(value)
            words = sentence("unexpected", found=found, expected=sentence(expected))
            self.mistakes.append(Mistake(0, key_in_words((*self.path, *path)), words))
        return fits
