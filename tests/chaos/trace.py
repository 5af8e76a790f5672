"""What happened in an episode and when, in lines."""

import asyncio


class Trace:
    """Lines with the seconds since the beginning; before it `note` counts from when the trace was made."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self._began = asyncio.get_running_loop().time()

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time() - self._began

    def note(self, text: str) -> None:
        """Add a line."""
        self.lines.append(f"{self.now:7.2f}  {text}")

    async def until(self, at: float) -> None:
        """Wait until a time of the plan; a time that has passed is not waited for."""
        await asyncio.sleep(max(0.0, at - self.now))
