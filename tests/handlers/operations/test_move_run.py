"""Moving a run: where it was and is, and where it cannot live."""

import pytest
from desk import ALICE, TOWN, Desk, all_of, started_run
from msgspec.structs import replace

from handlers import effects as do
from handlers.events import Place
from handlers.operations.move_run import Moved, move_run, place_from_afar
from store import KnownPlace


def test_a_run_lives_elsewhere_with_its_messages() -> None:
    desk = Desk()
    place = started_run(desk)
    found, told = desk.does(move_run, TOWN, ALICE)
    assert told == Moved(run_id=1, place=TOWN, left_id=place.id)
    assert [post.place_id for post in all_of(found, do.Post)] == [place.id, "town", "town", "town"]
    assert (desk.run().channel_id, desk.run().own_channel) == ("town", False)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (replace(TOWN, team_id="t2"), "a channel of its own team"),
        (Place(id="dm", kind="D"), "a channel of its own team"),
        (Place(id="channel1", team_id="t1", kind="P"), "in this channel already"),
        (Place(id="far", team_id="t1", name="far"), "Invite me"),
    ],
)
def test_where_a_run_cannot_live_it_does_not_go(place: Place, why: str) -> None:
    desk = Desk()
    started_run(desk)
    with pytest.raises(do.Refused, match=why):
        desk.does(move_run, place, ALICE)
    assert desk.run().channel_id == "channel1"


def test_from_afar_nobody_learns_of_a_private_channel() -> None:
    desk = Desk()
    started_run(desk)
    secret = KnownPlace(id="s", team_id="t1", kind="P", name="secret", is_member=True, seen_at=desk.now)
    for known in (secret, None):
        with pytest.raises(do.Refused, match="no public channel of that name"):
            desk.does(place_from_afar, known)
