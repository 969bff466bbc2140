"""What is held of a symbol when another quote of it arrives. Pure.

A polled quote tells the whole day. A streamed one tells the moment and only some of the day, or only a price outside
the session, so it is laid over what is held, and what it lacks of the same day stays.

Two sources that price the same stock for the same moment, and not alike.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.data_sources import partial_sources
from aiwatch.market.quote import Extended, Quote, coherent, newer
from aiwatch.market.symbol import HKEX, Symbol

PARTIAL = partial_sources()
"""The sources whose quotes tell only a part."""

_SINGLE_PRECISION = 2.0**-21
_HOUR = timedelta(hours=1)


def combine(held: Quote | None, arrived: Quote) -> Quote | None:
    """The quote to hold from now on; ``None`` when ``arrived`` brings nothing new.

    An older ``as_of`` never replaces a newer one, but an older quote of a whole day fills in what a streamed one lacks.
    """
    if held is None:
        return arrived
    if arrived.source in PARTIAL:
        return _outside(held, arrived) if arrived.extended is not None else _newest(held, arrived)
    if held.source in PARTIAL:
        if _is_outside_alone(held):
            return replace(arrived, extended=arrived.extended or held.extended)
        if not newer(held, arrived):
            filled = overlaid(arrived, held)
            return None if filled == held else filled
    if not newer(held, arrived):
        return None
    extended = held.extended
    if extended is not None and arrived.extended is None and extended.as_of >= arrived.as_of:
        return replace(arrived, extended=extended)
    return arrived


def overlaid(base: Quote, frame: Quote) -> Quote:
    """``frame`` with what it lacks taken from ``base``: the day's figures if both are of one local day of the exchange,
    else only what outlasts a day. Bid, ask and depth are of a moment and never taken over.
    """
    if base.currency != frame.currency:
        return frame
    if not _are_of_one_day(base, frame):
        return replace(
            frame,
            name=base.name or frame.name,
            lot=base.lot or frame.lot,
            high_52w=base.high_52w or frame.high_52w,
            low_52w=base.low_52w or frame.low_52w,
        )
    return coherent(_of_one_day(base, frame))


def _of_one_day(base: Quote, frame: Quote) -> Quote:
    last = frame.last
    high, low, volume = base.high, base.low, base.volume
    return Quote(  # by place, as in `sources.tencent.quote`
        frame.symbol, frame.source, last, _previous_close(base, frame), frame.as_of, frame.received_at,
        frame.currency, max(base.decimals, frame.decimals), frame.trading,
        base.open if frame.open is None else frame.open,
        frame.high if high is None else max(high, frame.high or last),
        frame.low if low is None else min(low, frame.low or last),
        frame.volume if volume is None else max(volume, frame.volume or 0),
        base.turnover or frame.turnover,
        frame.bid, frame.ask, frame.bid_size, frame.ask_size,
        base.limit_up or frame.limit_up, base.limit_down or frame.limit_down,
        base.daily_limit if frame.daily_limit is None else frame.daily_limit,
        base.turnover_rate or frame.turnover_rate, base.volume_ratio or frame.volume_ratio, base.vwap or frame.vwap,
        base.amplitude or frame.amplitude, base.pe or frame.pe, base.market_cap or frame.market_cap,
        base.high_52w or frame.high_52w, base.low_52w or frame.low_52w, base.lot or frame.lot,
        frame.delay_minutes, base.name or frame.name, frame.bids, frame.asks,
        frame.extended or _still_outside(base, frame),
    )  # fmt: skip


def _newest(held: Quote, frame: Quote) -> Quote | None:
    """``frame``, a price of the session, over what is held."""
    if not newer(held, frame):
        return None
    if held.extended is not None and _is_outside_alone(held):
        return frame
    repeated = (
        frame.as_of == held.as_of
        and frame.last == held.last
        and frame.bid == held.bid
        and frame.ask == held.ask
        and (frame.volume or 0) <= (held.volume or 0)
    )
    return None if repeated else overlaid(held, frame)


def _outside(held: Quote, frame: Quote) -> Quote | None:
    """What is held with the price outside the session that ``frame`` tells."""
    assert frame.extended is not None
    extended = held.extended
    if _is_outside_alone(held):
        return frame if frame.as_of >= held.as_of and frame.extended != extended else None
    if (
        frame.as_of < held.as_of
        or frame.extended == extended
        or (extended is not None and extended.as_of > frame.as_of)
    ):
        return None
    return replace(held, extended=frame.extended, received_at=frame.received_at)


def _is_outside_alone(quote: Quote) -> bool:
    """Whether ``quote`` is of a frame from outside the session, with no quote of the session under it."""
    return quote.source in PARTIAL and quote.extended is not None and quote.extended.as_of == quote.as_of


def _still_outside(base: Quote, frame: Quote) -> Extended | None:
    """The base's price outside the session, unless the session's is the younger one."""
    extended = base.extended
    return None if extended is None or extended.as_of < frame.as_of else extended


def _previous_close(base: Quote, frame: Quote) -> float | None:
    """The base's, unless the frame's is another one altogether: a frame's is worked out of two rounded figures."""
    if base.previous_close == frame.previous_close or base.previous_close is None or frame.previous_close is None:
        return base.previous_close or frame.previous_close
    slack = 10.0**-frame.decimals * 1.01 + frame.last * _SINGLE_PRECISION
    alike = abs(base.previous_close - frame.previous_close) <= slack
    return base.previous_close if alike else frame.previous_close


def _are_of_one_day(earlier: Quote, later: Quote) -> bool:
    """Whether two quotes have the same local date at their exchange. Both, mostly, are of the same hour."""
    first, second = earlier.as_of, later.as_of
    if first.hour == second.hour and -_HOUR < second - first < _HOUR:
        return True
    zone = earlier.symbol.exchange.zone
    return _local_date(zone, first.toordinal(), first.hour) == _local_date(zone, second.toordinal(), second.hour)


@lru_cache(maxsize=512)
def _local_date(zone: str, day: int, hour: int) -> date:
    """The date in ``zone`` in an hour of UTC: no zone of an exchange changes it in between."""
    return (datetime.fromordinal(day).replace(tzinfo=UTC) + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).date()


_HONG_KONG_SPREADS = (
    (0.25, 0.001), (0.5, 0.005), (10, 0.01), (20, 0.02), (100, 0.05), (200, 0.1), (500, 0.2), (1000, 0.5),
    (2000, 1.0), (5000, 2.0),
)  # fmt: skip
"""Prices below which a spread holds, and the spread: Part A of the exchange's trading rules, the widest in force
since 2005, so that a narrower one of today raises no false alarm."""


class Disagreement(Struct, frozen=True):
    """What ``one`` and ``other`` say differs by more than a tick; ``one`` is the newer answer."""

    one: Quote
    other: Quote

    @property
    def symbol(self) -> Symbol:
        """What they disagree about."""
        return self.one.symbol

    @property
    def difference(self) -> float:
        """The price of ``one`` less that of ``other``, in their currency."""
        return round(self.one.last - self.other.last, max(self.one.decimals, self.other.decimals))


def tick_of(first: Quote, second: Quote) -> float:
    """The least step between two prices of the same stock: Hong Kong's spread, else the coarser last decimal."""
    if first.symbol.exchange == HKEX:
        price = max(first.last, second.last)
        return next((spread for top, spread in _HONG_KONG_SPREADS if price < top), 5.0)
    return 10.0 ** -min(first.decimals, second.decimals)
