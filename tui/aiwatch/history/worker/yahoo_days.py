"""Yahoo's daily history as a `BarSource`, through the child process: it brings dividends and splits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiwatch.history.worker.client import TITLE, Worker
from aiwatch.history.worker.messages import AskBars, BarsAnswer
from aiwatch.market.bars import Bar, BarsQuery, Basis, Interval, Series
from aiwatch.market.security import SHARELESS
from aiwatch.market.symbol import Symbol


class YahooDays:
    """Daily bars of whatever Yahoo prices. The worker is somebody else's to close."""

    name = "yahoo"
    title = f"{TITLE} (yfinance)"

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing of its own is open."""

    def has_bars(self, symbol: Symbol, interval: Interval) -> bool:
        """Of every symbol, days."""
        return interval is Interval.DAY

    async def bars(self, query: BarsQuery) -> Series:
        """Ask the child. Raises what `Worker.ask` does."""
        answer = await self._worker.ask(AskBars(query.symbol.text, query.first), BarsAnswer)
        return await asyncio.to_thread(series_of, query, answer, datetime.now(UTC))


def series_of(query: BarsQuery, answer: BarsAnswer, received_at: datetime) -> Series:
    """The child's ``answer`` to ``query`` as a series; which bars are final is for the calendar to say."""
    has_shares = query.symbol.board not in SHARELESS  # of others a volume of 0 is none that Yahoo tells
    bars = (Bar(*row[:5], row.volume if has_shares else row.volume or None) for row in answer.rows)
    return Series(
        symbol=query.symbol,
        interval=Interval.DAY,
        source=YahooDays.name,
        basis=Basis.UNADJUSTED,
        zone=query.symbol.zone,
        as_of=received_at,
        bars=tuple(bar for bar in bars if query.last is None or bar.when <= query.last),
        events=tuple(answer.events),
        currency=answer.currency,
        refused=tuple(answer.refused),
        complete_from=query.first,
    )
