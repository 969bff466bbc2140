"""What a host of the exchange has been asked and has answered, and how a test waits for it."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

REMEMBERED = 1000
"""How many of the last requests are kept word for word."""


class Count:
    """A number that only grows, and can be waited for."""

    def __init__(self) -> None:
        self.value = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def add(self, amount: int = 1) -> None:
        """Grow by ``amount`` and wake whoever waits for the number reached."""
        self.value += amount
        if not self._waiting:
            return
        for least, future in self._waiting:
            if self.value >= least and not future.done():
                future.set_result(None)
        self._waiting = [entry for entry in self._waiting if not entry[1].done()]

    async def wait_for(self, least: int, timeout: float = 10.0) -> int:  # noqa: ASYNC109 (a test's safety net)
        """Wait until the number is at least ``least``; returns it.

        Raises `TimeoutError`, saying how far it came, after ``timeout`` seconds.
        """
        if self.value < least:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append((least, future))
            try:
                await asyncio.wait_for(future, timeout)
            except TimeoutError:
                raise TimeoutError(f"waited for {least}, came to {self.value} in {timeout:g} s") from None
        return self.value

    async def more(self, amount: int = 1, timeout: float = 10.0) -> int:  # noqa: ASYNC109 (a test's safety net)
        """Wait until the number has grown by ``amount`` from now on; returns it. Raises as `wait_for` does."""
        return await self.wait_for(self.value + amount, timeout)


class Tally:
    """The counters of one host. ``requests`` grows when one arrives, ``answers`` when its end has been sent.

    ``symbols`` counts those asked for, ``sent`` the bytes of bodies, ``statuses`` the answers by status,
    ``most_at_once`` the requests under way together. ``asked``, ``targets`` and ``agents`` hold the last requests'
    symbols, targets and User-Agent headers, oldest first.
    """

    def __init__(self) -> None:
        self.requests = Count()
        self.answers = Count()
        self.symbols = 0
        self.sent = 0
        self.statuses: Counter[int] = Counter()
        self.at_once = 0
        self.most_at_once = 0
        self.asked: deque[tuple[str, ...]] = deque(maxlen=REMEMBERED)
        self.targets: deque[str] = deque(maxlen=REMEMBERED)
        self.agents: deque[str] = deque(maxlen=REMEMBERED)

    def arrive(self, target: str, symbols: tuple[str, ...], agent: str) -> None:
        """Note a request that has come in."""
        self.symbols += len(symbols)
        self.asked.append(symbols)
        self.targets.append(target)
        self.agents.append(agent)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.requests.add()

    def leave(self) -> None:
        """Note that a request is no longer under way, however it ended."""
        self.at_once -= 1

    def answer(self, status: int, sent: int) -> None:
        """Note an answer: its status and how many bytes of its body were sent."""
        self.statuses[status] += 1
        self.sent += sent
        self.answers.add()
