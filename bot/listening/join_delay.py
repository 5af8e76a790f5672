"""People who come into channels, told a moment later: whom the bot itself brings in, its own request tells."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.listening.read_marks import Watermarks


class Arrivals:
    """Keeps each arrival for `wait` seconds and gives it to `tell` then; until that the channel's mark stands still.

    The server tells of each person whom a request adds, while it still works on the request. To deal with each at once
    would keep it, and the bot, from what people wait for.
    """

    def __init__(self, marks: Watermarks, tell: Callable[[str, str], None], wait: float) -> None:
        self._marks = marks
        self._tell = tell
        self._wait = wait
        self._kept: dict[tuple[str, str], tuple[int, asyncio.TimerHandle]] = {}

    def came(self, place_id: str, person_id: str) -> None:
        """Take note that somebody came into a channel."""
        if (place_id, person_id) not in self._kept:
            timer = asyncio.get_running_loop().call_later(self._wait, self.tell_now, place_id, person_id)
            self._kept[place_id, person_id] = (self._marks.begin(place_id), timer)

    def tell_now(self, place_id: str, person_id: str) -> None:
        """Tell of an arrival that is kept, if it is: something else is to be told after it."""
        at, timer = self._kept.pop((place_id, person_id), (0, None))
        if timer is not None:
            timer.cancel()
            self._tell(place_id, person_id)
            self._marks.done(place_id, at)

    async def meet(self, place_id: str, person_id: str, deal: Callable[[str, str], Awaitable[None]]) -> None:
        """Deal with an arrival that is kept, if it is, before that person is answered; what fails is told later."""
        at, timer = self._kept.get((place_id, person_id), (0, None))
        if timer is not None:
            await deal(place_id, person_id)
            if self._kept.pop((place_id, person_id), None) is not None:
                timer.cancel()
                self._marks.done(place_id, at)

    def close(self) -> None:
        """Tell nothing any more; what is kept is read again at the next start."""
        for _, timer in self._kept.values():
            timer.cancel()
