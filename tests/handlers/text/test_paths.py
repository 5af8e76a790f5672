"""Paths lead to pages of these, and nowhere else."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.text.paths import HOME, is_page, wanted


@given(
    st.one_of(st.text(max_size=40), st.text(alphabet="/\\.:@?#%ainout \t\n", max_size=20).map(lambda one: "/" + one))
)
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("https:/evil.example")
@example("/runs#x")
@example("/" + "a" * 5000)
def test_whatever_is_wanted_is_a_page_at_this_address(path: str) -> None:
    here = "https://pages.example.com/muster"
    found = urlsplit(urljoin(here, wanted(path)))
    assert (found.scheme, found.netloc) == ("https", "pages.example.com")
    assert found.path.split("/")[1] not in ("act", "events", "in", "oauth", "out", "static", "")


@pytest.mark.parametrize(
    "path",
    [
        "/runs",
        "/runs/12",
        "/runs?state=late&mine=1",
        "/insights",
        "/incidents",
        "/playbooks/a-b_c",
        "/runs?q=%C3%A4",
        "/outage",
    ],
)
def test_pages_are_pages(path: str) -> None:
    assert is_page(path)
    assert wanted(path) == path


@pytest.mark.parametrize(
    "path", ["", "runs", "/", "/in", "/in/x", "/in?to=/runs", "/out", "/act/x", "/oauth/back", "/runs/"]
)
def test_doors_are_none(path: str) -> None:
    assert wanted(path) == HOME
