"""Looks for stocks at several hosts while a person types: for the newest text alone, and politely."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.errors import RateLimited, SourceError
from aiwatch.feed.backoff import NoSilence, SharedSilence
from aiwatch.sources.search import Search, StockMatch

PAUSE = 0.4
"""Seconds between two requests to a host at the least."""
REST = 30.0
"""Seconds that a host is left alone which asked for silence, unless it said for how long."""

OpenSearches = Callable[[AsyncExitStack], Awaitable[Sequence[Search]]]
"""Opens the searches on a stack that closes them; called once, when something is first looked for."""


class Finding(Struct, frozen=True):
    """What the hosts know under a text: every stock once, and the failures of those that gave no answer."""

    text: str
    found: tuple[StockMatch, ...]
    failures: tuple[SourceError, ...] = ()


FindStocks = Callable[[str], Awaitable[Finding | None]]
"""Looks for a text; see `Finder.find`."""


class Finder:
    """Asks all searches at once. Opened with ``async with``; the hosts are opened at the first `find`.

    ``silence`` is the feed of a screen: a host that asks either of them for silence rests for both.
    """

    def __init__(
        self,
        open_searches: OpenSearches,
        *,
        pause: float = PAUSE,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        silence: SharedSilence | None = None,
    ) -> None:
        self._silence = silence or NoSilence()
        self._open = open_searches
        self._pause = pause
        self._now = now
        self._sleep = sleep
        self._stack = AsyncExitStack()
        self._searches: Sequence[Search] | None = None
        self._opening = asyncio.Lock()
        self._newest = 0
        self._free_at = float("-inf")
        self._asking: asyncio.Task[Finding] | None = None
        self._resting: dict[str, tuple[float, RateLimited]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._newest += 1
        await self._stop_asking()
        await self._stack.aclose()

    async def find(self, text: str) -> Finding | None:
        """What the hosts know under ``text``; ``None`` when another text was looked for meanwhile.

        An older request is broken off at once, and the next begins `PAUSE` seconds after it began. A host that fails
        stands among the failures; the others' answers count.
        """
        self._newest += 1
        mine = self._newest
        await self._stop_asking()
        wait = self._free_at - self._now()
        if wait > 0:
            await self._sleep(wait)
        searches = await self._opened()
        if mine != self._newest:
            return None
        self._free_at = self._now() + self._pause
        asking = self._asking = asyncio.create_task(self._ask_all(searches, text), name="find stocks")
        try:
            return await asking
        except asyncio.CancelledError:
            asking.cancel()
            if mine == self._newest or _is_leaving():
                raise
            return None

    async def _opened(self) -> Sequence[Search]:
        async with self._opening:
            if self._searches is None:
                self._searches = await self._open(self._stack)
            return self._searches

    async def _stop_asking(self) -> None:
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _ask_all(self, searches: Sequence[Search], text: str) -> Finding:
        answers = await asyncio.gather(*(self._ask(search, text) for search in searches))
        by_symbol: dict[str, StockMatch] = {}
        for stock in (stock for answer in answers if not isinstance(answer, SourceError) for stock in answer):
            earlier = by_symbol.get(stock.symbol.text)
            by_symbol[stock.symbol.text] = stock if earlier is None else _joined(earlier, stock)
        return Finding(
            text, tuple(by_symbol.values()), tuple(answer for answer in answers if isinstance(answer, SourceError))
        )

    async def _ask(self, search: Search, text: str) -> tuple[StockMatch, ...] | SourceError:
        until, refusal = self._resting.get(search.name, (0.0, None))
        if refusal is not None and self._now() < until:
            return refusal
        if seconds := self._silence.silent_seconds(search.name):
            return RateLimited(search.title, "asked for silence (429)", retry_after=seconds)
        try:
            return await search.find(text)
        except RateLimited as error:
            wish = REST if error.retry_after is None else error.retry_after
            self._resting[search.name] = (self._now() + wish, error)
            self._silence.keep_silent(search.name, wish)
            return error
        except SourceError as error:
            return error


def _joined(first: StockMatch, second: StockMatch) -> StockMatch:
    """One stock of two hosts: the first's words, and the names that only the other has."""
    return replace(first, name=first.name or second.name, name_zh=first.name_zh or second.name_zh)


def _is_leaving() -> bool:
    """Whether it is the waiting task itself that is being cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
