"""What a chart is given of a stock: its bars with the live price at their end, and all that is said beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.formatting.text import price
from aiwatch.history.notices import KEPT_WORDS, gap_words, refused_words
from aiwatch.history.results import Bars
from aiwatch.history.sessions import with_live
from aiwatch.history.store import Conflict
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.reports.dated import dated_records
from aiwatch.market.bars import Series, local_day
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.calendar.hours import Phase, slots_of
from aiwatch.market.data_sources import title_of
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock
from aiwatch.widgets.chart.data import ChartData, Compared, DatedEvent

_MOST_CONFLICTS = 2
"""Days on which two sources differ that are named."""


class ChartInputs(Struct, frozen=True):
    """What came of one load: the ``bars`` of ``stock``, those it is ``compared`` with, and further ``words``.

    ``is_waiting``: hosts are still asked for what is newer.
    """

    stock: Stock
    bars: Bars
    compared: tuple[Compared, ...] = ()
    words: tuple[str, ...] = ()
    is_waiting: bool = False

    @property
    def is_failed(self) -> bool:
        """Whether hosts were asked and none answered, so that the bars are those kept."""
        return not self.bars.is_kept and any(notice.startswith(KEPT_WORDS) for notice in self.bars.notices)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols whose live price moves the chart."""
        return (self.stock.symbol, *(each.series.symbol for each in self.compared if each.is_live))


def chart_data(inputs: ChartInputs, quotes: Mapping[Symbol, Quote], ledger: Ledger, provenance: str = "") -> ChartData:
    """``inputs`` as the chart wants it, with the live prices of ``quotes``. There must be a series. Where
    ``provenance`` says that prices are simulated, the market never closes: the last day goes on with them."""
    stock, bars = inputs.stock, inputs.bars
    assert bars.series is not None
    quote = quotes.get(stock.symbol)
    series = with_live(_unfinished(bars.series) if provenance else bars.series, quote)
    return ChartData(
        series=series,
        name=stock.name or stock.symbol.text,
        compared=tuple(
            Compared(each.name, with_live(each.series, quotes.get(each.series.symbol)), is_live=True)
            if each.is_live
            else each
            for each in inputs.compared
        ),
        decimals=quote.decimals if quote is not None else 2,
        source=title_of(series.source),
        delay_minutes=(quote.delay_minutes or 0) if quote is not None else 0,
        previous_close=_previous_close(series, quote),
        limits=quote.limits if quote is not None and _is_of_day(series, quote) else None,
        hours=hours_of(series),
        events=tuple(DatedEvent(day, f"{id} {words}") for day, id, words in dated_records(ledger, stock.symbol.text)),
        is_kept=inputs.is_failed or inputs.is_waiting,
        notes=(*((provenance,) if provenance else ()), *inputs.words, *notices_of(bars)),
    )


def _unfinished(series: Series) -> Series:
    """``series`` with a last bar that is not final."""
    return replace(series, bars=(*series.bars[:-1], *(bar._replace(final=False) for bar in series.bars[-1:])))


def notices_of(bars: Bars) -> tuple[str, ...]:
    """What is to be known of ``bars`` beside what a chart says by itself, which is their age, the missing sessions and
    what was rejected; with the closes on which two sources differ."""
    own = (*gap_words(bars.series), *(refused_words(bars.series) if bars.series is not None else ()))
    notices = tuple(notice for notice in bars.notices if notice not in own and not notice.startswith(KEPT_WORDS))
    return (*notices, *conflict_words(bars.conflicts, bars.series))


def conflict_words(conflicts: Sequence[Conflict], series: Series | None) -> tuple[str, ...]:
    """The newest days on which two sources' closes differ, both of which are shown."""
    first = series.day_of(series.bars[0]) if series is not None and series.bars else date.max
    inside = [conflict for conflict in conflicts if conflict.day >= first]
    words = [
        f"closes differ on {each.day.day} {each.day:%b}: {title_of(each.source)} {price(each.close, 2)}, "
        f"{title_of(each.other_source)} {price(each.other_close, 2)}"
        for each in inside[:_MOST_CONFLICTS]
    ]
    left = len(inside) - len(words)
    return (*words, *((f"and on {left} more day{'s'[: left > 1]}",) if left > 0 else ()))


def hours_of(series: Series) -> tuple[tuple[datetime, datetime], ...]:
    """Start and end of each session of the day that minutes are of, as far as a rule gives them; none for days, nor
    where a bar lies outside of them, which proves them wrong. What is traded at the price of the close belongs to its
    last minute."""
    if not series.interval.is_intraday or not series.bars:
        return ()
    exchange, day = series.symbol.exchange, series.day_of(series.bars[-1])
    hours: list[tuple[datetime, datetime]] = []
    ends: list[datetime] = []
    for slot in slots_of(exchange, day, shipped_day(exchange, day)):
        if slot.phase in (Phase.OPEN, Phase.CLOSING_AUCTION, Phase.FIXED_PRICE):
            ends.append(slot.end)
        if slot.phase not in (Phase.OPEN, Phase.CLOSING_AUCTION):
            continue
        if hours and hours[-1][1] == slot.start:
            hours[-1] = (hours[-1][0], slot.end)
        else:
            hours.append((slot.start, slot.end))
    last = series.bars[-1].when
    assert isinstance(last, datetime)
    return tuple(hours) if hours and last <= max(ends) else ()


def _is_of_day(series: Series, quote: Quote) -> bool:
    """Whether ``quote`` is of the last day of ``series``."""
    return bool(series.bars) and series.day_of(series.bars[-1]) == local_day(quote.as_of, series.zone)


def _previous_close(series: Series, quote: Quote | None) -> float | None:
    """The close before the last day of ``series`` as the quote of that day says it."""
    return quote.previous_close if quote is not None and _is_of_day(series, quote) else None
