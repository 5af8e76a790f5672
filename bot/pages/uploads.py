"""A form that brings a file along, read from its bytes: the library would read them from a stream that is over."""

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser

MOST_PARTS = 20
"""How many fields such a form has at most."""
MOST_HEAD = 2048
"""Bytes of what stands before a field, and of the form's own type: the library takes the square of it to read them."""


def fields_in(content_type: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form by their names (RFC 7578).

    A file is the words in it, with what is no UTF-8 as half characters, and its name is a field of its own, `…_name`.
    Raises `ValueError` where it is no such form.
    """
    if len(content_type) > MOST_HEAD:
        raise ValueError("no form with parts")
    head = Message()
    head["Content-Type"] = content_type
    boundary = head.get_boundary("")
    before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if not boundary or before or len(parts) < 2 or len(parts) > MOST_PARTS or not parts[-1].startswith(b"--"):
        raise ValueError("no form with parts")
    for part in parts[:-1]:
        yield from _field(part)


def _field(part: bytes) -> Iterator[tuple[str, str]]:
    head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if len(head) > MOST_HEAD:
        raise ValueError("no form with parts")
    said = BytesHeaderParser().parsebytes(head)
    name = str(said.get_param("name", "", header="content-disposition"))
    words = content.decode("utf-8", "surrogateescape")
    yield name, words
    if (file := said.get_filename()) is not None:
        yield f"{name}_name", file
