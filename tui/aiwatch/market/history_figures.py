"""What the board shows of price history: kept closes that a live price is held against. Loaded with the first of them.

A figure is worked out from the price of now and never kept: the closes are worked out once, off the event loop.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aiwatch.market.calendar.hours import zone_of
from aiwatch.market.quote import Quote, Trading

SAME_PRICE = 0.0005
"""Two prices are the same when they are a tick apart, or differ by less than this share."""


class References(Struct, frozen=True):
    """What a price of one day is held against: adjusted closes of sessions before it, ``None`` where the bars do not
    reach or a session is missing.

    ``high`` is the highest price of the 52 weeks before, ``closes`` the last sessions before, oldest first.
    """

    five_days: float | None = None
    month: float | None = None
    half_year: float | None = None
    year_to_date: float | None = None
    year: float | None = None
    high: float | None = None
    closes: tuple[float, ...] = ()


class HistoryFigures(Struct, frozen=True):
    """Kept history of one symbol up to the final bar of ``last_day``, adjusted; ``next_day`` is the session after it.

    ``step`` is what the dividends and splits known for ``next_day`` do to a price of before.
    """

    last_day: date
    last_close: float
    next_day: date
    at_last: References
    at_next: References
    step: float = 1.0

    def percent(self, name: str, quote: Quote) -> float | None:
        """The change in percent since the close that `References` has under ``name``; of ``high``, from the higher of
        that and the day's own. ``None`` where nothing is to be claimed."""
        held = self._held(quote)
        if held is None:
            return None
        price, references, scale = held
        reference: float | None = getattr(references, name)
        if reference is None:
            return None
        reference *= scale
        if name == "high":
            traded = quote.high if quote.trading is Trading.TRADED else None
            reference = max(reference, price, traded or 0.0)
        return round((price / reference - 1) * 100, 2)

    def strip(self, quote: Quote) -> tuple[float, ...]:
        """The last closes with the price of now at their end, oldest first; none where one is missing."""
        held = self._held(quote)
        if held is None or not held[1].closes:
            return ()
        price, references, scale = held
        return (*(close * scale for close in references.closes), price)

    def _held(self, quote: Quote) -> tuple[float, References, float] | None:
        """The price, what it is held against, and what those are to be multiplied with for what happened since.

        ``None`` where the kept bars and the price do not join: sessions lie between, or the previous close is another
        than the kept one and neither a dividend, a split nor the exchange's own reference price explains it.
        """
        day = quote.as_of.astimezone(zone_of(quote.symbol.zone)).date()
        if not self.last_day <= day <= self.next_day or quote.trading in (Trading.SUSPENDED, Trading.DELISTED):
            return None
        if quote.trading is not Trading.TRADED:
            return self.last_close, self.at_last, 1.0
        if day == self.last_day:
            return quote.last, self.at_last, 1.0
        scale = self._scale(quote)
        return None if scale is None else (quote.last, self.at_next, scale)

    def _scale(self, quote: Quote) -> float | None:
        """What happens to earlier prices on ``next_day``. Mainland China's previous close is the exchange's reference
        price, with dividends and splits taken off; elsewhere only what is known of them is believed."""
        previous = quote.previous_close
        if previous is None:
            return self.step
        tick = 1.01 * 10.0**-quote.decimals
        if quote.symbol.is_china:
            return 1.0 if _are_alike(previous, self.last_close, tick) else previous / self.last_close
        expected = (self.last_close, self.last_close * self.step)
        return self.step if any(_are_alike(previous, close, tick) for close in expected) else None


def _are_alike(first: float, second: float, tick: float) -> bool:
    return abs(first - second) <= max(tick, second * SAME_PRICE)
