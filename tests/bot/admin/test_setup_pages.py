"""`muster setup --pages-url` lets pages be somewhere, and people sign in there by Mattermost."""

import pytest
from installing import Place, place, server

from bot.settings.config import load
from bot.trouble import Trouble

__all__ = ["place"]

URL = "https://pages.example.com"


async def test_pages_are_written_down_and_registered_once(place: Place) -> None:
    async with server("11.6") as (mm, _):
        said = await place.set_up(mm.url, pages_url=f"{URL}/")
        assert f"let the pages be at {URL}" in said
        assert "register an OAuth 2.0 application" in said
        (app,) = mm.world.oauth_apps.values()
        assert (app.callback_urls, app.is_trusted) == ([f"{URL}/oauth/back"], True)
        section = load().pages
        assert (section.url, section.oauth_client_id) == (URL, app.id)
        assert section.oauth_client_secret.get_secret_value() == app.secret
        assert app.secret not in said
        assert app.secret not in place.local.read_text()
        again = await place.set_up(mm.url, pages_url=URL)
        assert "register" not in again
        assert list(mm.world.oauth_apps.values()) == [app]
        assert load().pages == section


async def test_where_the_server_lets_nobody_ask_a_link_is_left(place: Place) -> None:
    async with server("5.37") as (mm, _):
        said = await place.set_up(mm.url, pages_url=URL)
        assert "Enable OAuth 2.0 Service Provider" in said
        assert load().pages.url == URL
        assert mm.world.oauth_apps == {}


async def test_an_address_that_will_not_do_changes_nothing(place: Place) -> None:
    async with server("11.6") as (mm, _):
        with pytest.raises(Trouble, match="need https"):
            await place.set_up(mm.url, pages_url="http://pages.example.com")
        assert not place.local.is_file()
