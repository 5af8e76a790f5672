"""What is said to the process that draws, and what it answers; one line of JSON each."""

import msgspec

from handlers.figures.picture import Picture


class Order(msgspec.Struct, frozen=True):
    """A picture to be drawn, and as what."""

    picture: Picture
    form: str


class Drawn(msgspec.Struct, frozen=True):
    """The file, or why there is none."""

    content: bytes = b""
    trouble: str = ""
