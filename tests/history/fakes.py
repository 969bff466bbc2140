"""Sources of bars that answer what a test says, and count how often they were asked."""

from __future__ import annotations

import asyncio
from datetime import date
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from aiwatch.market.bars import BarsQuery, Interval, Series
from aiwatch.market.symbol import Symbol


class FakeSource:
    """Answers with ``answer``: a series, cut to what is asked, or an error. While ``gate`` is clear it waits."""

    def __init__(self, name: str, answer: Series | Exception) -> None:
        self.name = name
        self.title = name.title()
        self.answer = answer
        self.asked: list[date | None] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def has_bars(self, symbol: Symbol, interval: Interval) -> bool:
        """Of everything."""
        return True

    async def bars(self, query: BarsQuery) -> Series:
        """The answer."""
        self.asked.append(query.first)
        await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        first = query.first or date.min
        bars = tuple(bar for bar in self.answer.bars if self.answer.day_of(bar) >= first)
        return replace(self.answer, source=self.name, symbol=query.symbol, bars=bars, complete_from=query.first)
