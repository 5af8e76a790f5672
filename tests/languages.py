"""Made-up languages for tests: files such as translators write, with words for some sentences."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from handlers.text import catalogue, sentences

TEMPLATES = Path(catalogue.templates.__file__).parent / "messages"


def messages() -> Iterator[tuple[str, str]]:
    """Yield the context and the words of every sentence, as the catalogue has them."""
    for path in sorted(TEMPLATES.glob("*.j2")):
        with path.open("rb") as file:
            yield from ((context, words) for _, _, (context, words), _ in catalogue.extract(file))


@contextmanager
def spoken(folder: Path, language: str, words: Mapping[str, str]) -> Iterator[None]:
    """Let a language have these words for the sentences of some contexts."""
    made, english = Catalog(locale=language), dict(messages())
    for context, said in words.items():
        made.add(english[context], said, context=context)
    with (folder / f"{language}.po").open("wb") as file:
        write_po(file, made)
    catalogue.FOLDERS.append(folder)
    _forget()
    try:
        yield
    finally:
        catalogue.FOLDERS.remove(folder)
        _forget()


def _forget() -> None:
    sentences.forget()
    catalogue.forget()
