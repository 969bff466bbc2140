"""A list as one line: the equal-weight basket of those of its stocks that days are kept of."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.history.service import HistoryService
from aiwatch.history.sessions import with_today
from aiwatch.market.bars import Range, Series, equal_weight
from aiwatch.market.data_sources import title_of
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol

LATE = timedelta(days=7)
"""How much later than the first stock one may begin and not be younger: a holiday at the start makes nobody young."""


class Basket(Struct, frozen=True):
    """The ``series`` of a basket, of ``count`` out of ``total`` stocks by the data ``sources`` (their titles), and how
    many ``younger`` ones joined it after its start."""

    series: Series
    count: int
    total: int
    sources: tuple[str, ...]
    younger: int

    @property
    def name(self) -> str:
        """What it is called: ``average of all 10``, ``average of 8 of 10``."""
        return f"average of {f'all {self.total}' if self.count == self.total else f'{self.count} of {self.total}'}"


async def kept_basket(
    service: HistoryService, symbols: Sequence[Symbol], span: Range, quotes: Mapping[Symbol, Quote]
) -> Basket | None:
    """The basket of what is kept of ``symbols``, with the day of ``quotes`` at its end; ``None`` without any."""
    stored = [(await service.kept(symbol, span)).series for symbol in symbols]
    several = [series for series in stored if series is not None and series.bars]
    if not several:
        return None
    return await asyncio.to_thread(_basket, several, len(symbols), quotes)


def _basket(several: Sequence[Series], total: int, quotes: Mapping[Symbol, Quote]) -> Basket | None:
    series = equal_weight([with_today(each, quotes.get(each.symbol)) for each in several])
    if series is None:
        return None
    firsts = [each.day_of(each.bars[0]) for each in several]
    asked = [each.complete_from for each in several if each.complete_from is not None]
    series = replace(series, as_of=min(each.as_of for each in several), complete_from=max(asked, default=None))
    sources = tuple(dict.fromkeys(title_of(each.source) for each in several))
    return Basket(series, len(several), total, sources, sum(first > min(firsts) + LATE for first in firsts))
