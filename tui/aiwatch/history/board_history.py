"""What the board shows of price history, and the days of its lists kept new."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from aiwatch.history.analysis.claims import check_kept, is_checkable
from aiwatch.history.analysis.past_closes import PastClose, adjusted_close
from aiwatch.history.events import knows_events
from aiwatch.history.figures import figures_of
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.service import HistoryService, best_kept
from aiwatch.history.store import HistoryStore
from aiwatch.ledger.records import Claim
from aiwatch.ledger.reports.checked_claims import CheckedClaim
from aiwatch.market.bars import Interval
from aiwatch.market.calendar.final_days import DayOf, next_final
from aiwatch.market.history_figures import HistoryFigures
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol

REACH = timedelta(days=400)
"""How far back days are needed: a year, and the longest time without a session before it."""
AT_ONCE = 10
"""Symbols whose figures are worked out in one go; the file is somebody else's in between."""

Show = Callable[[Mapping[Symbol, HistoryFigures]], None]
"""Takes figures that are new."""


class BoardHistory:
    """Figures of many symbols. ``tells_events`` are the sources whose bars come with dividends and splits."""

    def __init__(
        self,
        keeper: HistoryKeeper,
        service: HistoryService,
        clock: Clock,
        day_of: DayOf,
        tells_events: Iterable[str] = (),
    ) -> None:
        self._keeper = keeper
        self._service = service
        self._clock = clock
        self._day_of = day_of
        self._tells_events = frozenset(tells_events)

    async def figures(self, symbols: Sequence[Symbol]) -> dict[Symbol, HistoryFigures]:
        """The figures of those ``symbols`` that days are kept of, worked out off the loop.

        None of a symbol whose dividends and splits are not known: a fall on an ex-date is no loss.
        """
        figures: dict[Symbol, HistoryFigures] = {}
        none: dict[Symbol, HistoryFigures] = {}
        for start in range(0, len(symbols), AT_ONCE):
            figures |= await self._keeper.run(partial(self._read, symbols[start : start + AT_ONCE]), none)
        return figures

    async def note_use(self) -> None:
        """A column of history was looked at."""
        await self._service.note_use()

    async def is_in_use(self) -> bool:
        """Whether a chart, a comparison or a column of history was looked at within a week."""
        return await self._service.is_in_use()

    async def renew(self, symbols: Sequence[Symbol], pause: Callable[[], Awaitable[object]], show: Show) -> int:
        """Ask for the days of those of ``symbols`` that lack any, one after ``pause``, and ``show`` the new figures.

        Returns how many were asked for.
        """
        lacking = await self.lacking(symbols)
        for symbol in lacking:
            await pause()
            await self._service.renew(symbol, self._first)
            show(await self.figures((symbol,)))
        return len(lacking)

    async def lacking(self, symbols: Sequence[Symbol]) -> tuple[Symbol, ...]:
        """Those of ``symbols`` of which more or newer days could be had than are kept."""
        return await self._service.lacking(symbols, self._first)

    def next_final(self, symbols: Iterable[Symbol]) -> datetime | None:
        """When the next day of any of ``symbols`` becomes final; ``None`` without any."""
        exchanges = {symbol.exchange for symbol in symbols}
        now = self._clock()
        return min((next_final(exchange, self._day_of, now) for exchange in exchanges), default=None)

    @property
    def _first(self) -> date:
        return self._clock().date() - REACH

    async def adjusted_closes(self, closes: Sequence[PastClose]) -> dict[str, float]:
        """Those of ``closes``, by their key, that the kept days and the dividends and splits since bear out, adjusted
        to prices of today; worked out off the loop."""
        none: dict[str, float] = {}
        return await self._keeper.run(partial(self._adjust, closes), none)

    async def checked_claims(self, claims: Sequence[Claim]) -> dict[str, tuple[CheckedClaim, ...]]:
        """Those of ``claims`` that can be, by their id, held against the closes kept of their shares, as the command
        does it; worked out off the loop."""
        nothing: tuple[CheckedClaim, ...] = ()
        return {
            claim.id: await self._keeper.run(partial(self._check, claim), nothing)
            for claim in claims
            if is_checkable(claim)
        }

    def _check(self, claim: Claim, store: HistoryStore) -> tuple[CheckedClaim, ...]:
        return check_kept(claim, store, self._tells_events)

    def _adjust(self, closes: Sequence[PastClose], store: HistoryStore) -> dict[str, float]:
        adjusted = {}
        for past in closes:
            series = best_kept(store, past.symbol, Interval.DAY, "", past.day)
            if series is not None and knows_events(store, series, self._tells_events, past.day):
                close = adjusted_close(past, series)
                if close is not None:
                    adjusted[past.key] = close
        return adjusted

    def _read(self, symbols: Sequence[Symbol], store: HistoryStore) -> dict[Symbol, HistoryFigures]:
        stored = {}
        for symbol in symbols:
            series = best_kept(store, symbol, Interval.DAY, "", self._first)
            if series is not None and knows_events(store, series, self._tells_events):
                figures = figures_of(series, self._day_of)
                if figures is not None:
                    stored[symbol] = figures
        return stored
