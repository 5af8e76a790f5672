"""`open`: a link for who asks, to the page that they mean."""

import re
from dataclasses import replace

import pytest
from desk import ALICE, BOB, TOWN, Desk, one, started_run

from handlers import effects as do
from handlers.events import Place

URL = "https://pages.example.com"


def with_pages() -> Desk:
    desk = Desk()
    desk.here = replace(desk.here, pages_url=URL)
    return desk


def wanted(desk: Desk, words: str, place: Place = TOWN) -> str:
    """Return which page a link leads to that somebody asked for."""
    text = one(desk.commands(words, place=place), do.Answer).content.text
    secret = re.search(rf"{URL}/in/(\S+)\)", text)
    assert secret is not None, text
    found = desk.ask(lambda store: store.page_pass(secret[1], desk.now))
    assert found.person_id == ALICE.id
    return str(found.wanted)


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("open", "/runs"),
        ("open #12", "/runs/12"),
        ("open 12", "/runs/12"),
        ("open runs", "/runs"),
        ("open My tasks", "/tasks"),
        ("open todo", "/tasks"),
        ("open playbooks", "/playbooks"),
        ("open insights", "/insights"),
        ("open /runs/3/retrospective", "/runs/3/retrospective"),
        ("open /runs?state=late&q=a", "/runs?state=late&q=a"),
    ],
)
def test_what_is_opened(words: str, page: str) -> None:
    assert wanted(with_pages(), words) == page


def test_in_the_channel_of_a_run_it_is_that_run() -> None:
    desk = with_pages()
    place = started_run(desk)
    assert wanted(desk, "open", place) == "/runs/1"


@pytest.mark.parametrize("words", ["open //evil.example", "open everything", "open /in/x", "open task"])
def test_what_is_no_page_is_refused_and_makes_no_link(words: str) -> None:
    desk = with_pages()
    assert "I know no page" in one(desk.commands(words), do.Refuse).text


def test_a_link_takes_the_place_of_the_one_before_and_is_stored_by_a_hash() -> None:
    desk = with_pages()
    texts = [one(desk.commands("open"), do.Answer).content.text for _ in range(2)]
    secrets = [re.search(r"/in/(\S+)\)", text)[1] for text in texts]  # type: ignore[index]
    found = [desk.ask(lambda store, key=key: store.page_pass(key, desk.now)) for key in secrets]
    assert found[0] is None
    assert secrets[1] not in (found[1].key, found[1].code_key)


def test_without_pages_there_is_no_link_and_none_in_any_message() -> None:
    desk = Desk()
    place = started_run(desk)
    assert "no pages" in one(desk.commands("open"), do.Refuse).text
    shown = [*desk.sent, *desk.commands("todo"), *desk.commands("list"), *desk.commands("brief", place=place)]
    assert "page" not in str([effect.content for effect in shown if hasattr(effect, "content")])


def test_messages_lead_to_pages_by_plain_addresses() -> None:
    desk = with_pages()
    place = started_run(desk)
    cards = [card for effect in desk.sent if isinstance(effect, do.Post) for card in effect.content.cards]
    assert [card.title for card in cards if f"[page of this run]({URL}/runs/1)" in card.text] == ["Checkout is down"]
    for words, address in (("todo", "/tasks"), ("list", "/runs"), ("brief", "/runs/1")):
        assert f"({URL}{address})" in str(desk.commands(words, place=place))
    assert "/in/" not in str(desk.sent)


def test_settings_sign_out_everywhere_and_only_oneself() -> None:
    desk = with_pages()
    for person in (ALICE, ALICE, BOB):
        desk.ask(lambda store, id=person.id: store.begin_page_session(id, desk.now))
        (card,) = one(desk.commands("settings"), do.Answer).content.cards
    assert "settings.sign_out" in {control.action for control in card.controls}

    assert "in 2 browsers" in one(desk.commands("settings sign out"), do.Answer).content.text
    assert "signed in to the pages nowhere" in one(desk.commands("settings log out"), do.Answer).content.text
    assert len(desk.ask(lambda store: store.page_sessions_of(BOB.id, desk.now))) == 1
