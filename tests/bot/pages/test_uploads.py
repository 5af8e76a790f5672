"""A form with a file is read from its bytes as browsers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.pages.uploads import MOST_HEAD, MOST_PARTS, fields_in

TYPE = "multipart/form-data; boundary=----x7"


def written(*parts: tuple[str, bytes]) -> bytes:
    """Return a form as browsers write it: the head of each part, and what is in it."""
    lines = [
        b"------x7\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + said for head, said in parts
    ]
    return b"\r\n".join([*lines, b"------x7--\r\n"])


@given(some.binary(max_size=60).filter(lambda said: b"----x7" not in said))
def test_a_file_is_what_it_was_byte_by_byte(content: bytes) -> None:
    body = written(('name="once"', b"a"), ('name="file"; filename="drill 1.json"\r\nContent-Type: text/plain', content))
    found = dict(fields_in(TYPE, body))
    assert (found["once"], found["file_name"]) == ("a", "drill 1.json")
    assert found["file"].encode("utf-8", "surrogateescape") == content


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (TYPE, b""),
        (TYPE, b"a=b"),
        (TYPE, written(('name="a"', b"b")).removesuffix(b"--\r\n")),
        (TYPE, b"before" + written(('name="a"', b"b"))),
        (TYPE, written(*[('name="a"', b"b")] * (MOST_PARTS + 1))),
        (TYPE, written(('name="a' + ";" * 60_000, b"b"))),
        (f"{TYPE}; a={';' * MOST_HEAD}", written(('name="a"', b"b"))),
        ("multipart/form-data", written(('name="a"', b"b"))),
        ("text/plain", b"a=b"),
    ],
)
def test_what_is_no_such_form_is_none(kind: str, body: bytes) -> None:
    with pytest.raises(ValueError, match="no form"):
        dict(fields_in(kind, body))


def test_a_name_as_long_as_systems_let_files_have_is_read() -> None:
    name = "ü" * 255
    assert dict(fields_in(TYPE, written((f'name="file"; filename="{name}"', b"x"))))["file_name"]
