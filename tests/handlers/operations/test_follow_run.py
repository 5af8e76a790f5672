"""Following: whether somebody does now, and did before."""

from desk import BOB, Desk, started_run

from handlers.operations.follow_run import Following, follow_run, unfollow_run


def test_it_begins_and_ends_once() -> None:
    desk = Desk()
    started_run(desk)
    told = [desk.does(turn, BOB) for turn in (follow_run, follow_run, unfollow_run, unfollow_run)]
    assert told == [
        ([], Following(follows=True, before=False)),
        ([], Following(follows=True, before=True)),
        ([], Following(follows=False, before=True)),
        ([], Following(follows=False, before=False)),
    ]
