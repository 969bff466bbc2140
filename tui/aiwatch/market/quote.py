"""A quote: what one source said of one symbol at one moment. What a row shows is computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.market.security import ISSUE_PRICE, Board
from aiwatch.market.symbol import BSE, Symbol

AHEAD = timedelta(minutes=2)
"""How far a feed's clock may be ahead of ours."""


class Trading(StrEnum):
    """What the source says the stock is doing."""

    TRADED = "traded"
    AUCTION = "auction"
    """In a call auction: ``last`` is the indicative price, nothing has traded yet."""
    UNTRADED = "untraded"
    """Not traded yet this session: ``last`` is the previous close."""
    SUSPENDED = "suspended"
    DELISTED = "delisted"


# Looking up a member of an enumeration costs more than all that is done with it here.
_CONVERTIBLE = Board.CONVERTIBLE
_TRADED, _SUSPENDED, _DELISTED = Trading.TRADED, Trading.SUSPENDED, Trading.DELISTED


Level = tuple[float, int | None]
"""One step of an order book: a price, and the shares that stand there (``None`` where the source says no size)."""


class Extended(Struct, frozen=True, gc=False):
    """A price outside the regular session; ``when`` is ``pre`` or ``post``, ``as_of`` its own time, aware UTC."""

    when: str
    last: float
    as_of: datetime


class Quote(Struct, frozen=True, gc=False):
    """Prices are in ``currency`` with ``decimals`` decimals; ``None`` where the source sent nothing.

    ``volume``, ``bid_size`` and ``ask_size`` are in shares, ``turnover`` in currency units, ``turnover_rate`` and
    ``amplitude`` in percent, ``market_cap`` in currency units, ``volume_ratio`` against the mean of five days.
    ``currency`` is empty where neither the source nor a rule says it: such amounts enter no sum. ``daily_limit`` is the
    percentage that holds for the security as the source describes it, 0 for none and ``None`` for its symbol's.
    ``as_of`` is the feed's own time and ``received_at`` ours, both aware UTC; age is counted from ``as_of``.
    ``bids`` and ``asks`` are the order book as far as the source sends it, best first; ``extended`` is a price before
    or after the regular session, which ``last`` never is. ``delay_minutes`` is ``None`` where nobody says how late the
    source is. ``zone`` and ``regular`` are the time zone (IANA, empty) and the regular session (start and end,
    ``None``) as the source tells them, of symbols whose exchange is not known well enough.

    A msgspec structure, made in a tenth of a dataclass's time, and by place, in the order below, in a third of what it
    takes by name: thousands come a second. The garbage collector need not look at it: it never
    changes and holds plain values alone, so that it can be part of no cycle.
    """

    symbol: Symbol
    source: str
    last: float
    previous_close: float | None
    as_of: datetime
    received_at: datetime
    currency: str
    decimals: int = 2
    trading: Trading = Trading.TRADED
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: int | None = None
    turnover: float | None = None
    bid: float | None = None
    ask: float | None = None
    bid_size: int | None = None
    ask_size: int | None = None
    limit_up: float | None = None
    limit_down: float | None = None
    daily_limit: int | None = None
    turnover_rate: float | None = None
    volume_ratio: float | None = None
    vwap: float | None = None
    amplitude: float | None = None
    pe: float | None = None
    market_cap: float | None = None
    high_52w: float | None = None
    low_52w: float | None = None
    lot: int | None = None
    delay_minutes: int | None = 0
    name: str = ""
    bids: Sequence[Level] = ()
    asks: Sequence[Level] = ()
    extended: Extended | None = None
    zone: str = ""
    regular: tuple[datetime, datetime] | None = None

    @property
    def change(self) -> float | None:
        """``last`` less ``previous_close``; ``None`` when nothing trades, so that no fall is ever made up."""
        reference = self._reference
        return None if reference is None else round(self.last - reference, self.decimals)

    @property
    def change_percent(self) -> float | None:
        """The change in percent of ``previous_close``, to two decimals; of the prices as sent, which may have more
        decimals than are shown."""
        reference = self._reference
        return round((self.last / reference - 1) * 100, 2) if reference else None

    @property
    def _reference(self) -> float | None:
        """What a change counts from; ``None`` when nothing trades."""
        return None if self.trading is _SUSPENDED or self.trading is _DELISTED else self.previous_close

    @property
    def limits(self) -> tuple[float, float] | None:
        """Limit up and limit down: the source's own, else by the rule for the security; ``None`` where neither says
        any, and where a price of the day lies outside, which proves them wrong."""
        up, down = self.limit_up, self.limit_down
        if up is None or down is None:
            ruled = self._ruled_limits()
            if ruled is None:
                return None
            up, down = ruled
        half_tick = 0.5 * 10.0**-self.decimals
        least, most = down - half_tick, up + half_tick
        last = self.last
        around = least <= last <= most and least <= (self.open or last) <= most and down < up
        return (up, down) if around and (self.low or last) >= least and (self.high or last) <= most else None

    def _ruled_limits(self) -> tuple[float, float] | None:
        """The limits by the rule for the security, if there is one; not on a convertible bond's first day."""
        symbol, previous = self.symbol, self.previous_close
        percent = symbol.daily_limit if self.daily_limit is None else self.daily_limit
        if not percent or not previous or (previous == ISSUE_PRICE and symbol.board is _CONVERTIBLE):
            return None
        return limit_prices(previous, percent, self.decimals, inwards=symbol.exchange is BSE)

    @property
    def limit_percent(self) -> int | None:
        """The daily limit in percent of the previous close; ``None`` without one, or where the source's own limits are
        not those of the rule."""
        limits = self.limits
        percent = self.symbol.daily_limit if self.daily_limit is None else self.daily_limit
        return percent if limits is not None and limits == self._ruled_limits() else None

    @property
    def at_limit(self) -> int:
        """1 at limit up, -1 at limit down, 0 else."""
        limits = self.limits if self.trading is _TRADED else None
        if limits is None:
            return 0
        last, half_tick = self.last, 0.5 * 10.0**-self.decimals
        if last >= limits[0] - half_tick:
            return 1
        return -1 if last <= limits[1] + half_tick else 0

    @property
    def to_limit_percent(self) -> float | None:
        """Room to the limit on the side the price has moved to, in percent of ``last``; 0 at the limit."""
        limits, change = self.limits, self.change
        if limits is None or change is None:
            return None
        limit = limits[0] if change >= 0 else limits[1]
        return round(abs(limit - self.last) / self.last * 100, 2)


@lru_cache(maxsize=16_384)
def limit_prices(
    previous_close: float, percent: int, decimals: int = 2, *, inwards: bool = False
) -> tuple[float, float]:
    """Limit up and limit down of a day, in the currency of ``previous_close``.

    The previous close times one plus or minus the limit, rounded half up to the price's last decimal in Shanghai and
    Shenzhen; cut off ``inwards`` in Beijing, so that neither is ever more than the limit away (recorded in September
    2026: 68.01 and 36.63 after 52.32). Both are at least one step away from the previous close (SSE trading rules
    3.3.17, SZSE 3.3.16), and the lower is at least one step. ``percent`` is 10, 20 or 30. A stock's are asked for with
    its every quote and are the same all day.
    """
    close = Decimal(f"{previous_close:.{decimals}f}")
    step = Decimal(1).scaleb(-decimals)
    share = Decimal(percent) / 100
    up = (close * (1 + share)).quantize(step, ROUND_FLOOR if inwards else ROUND_HALF_UP)
    down = (close * (1 - share)).quantize(step, ROUND_CEILING if inwards else ROUND_HALF_UP)
    return float(max(up, close + step)), float(max(min(down, close - step), step))


def newer(held: Quote | None, arrived: Quote) -> bool:
    """Whether ``arrived`` may take the place of ``held``: an older ``as_of`` never replaces a newer one."""
    return held is None or arrived.as_of >= held.as_of


def is_ahead(quote: Quote, now: datetime) -> bool:
    """Whether ``quote`` is of a time that ``now`` (aware) has not reached, as one believed while a clock was wrong."""
    return quote.as_of - now > AHEAD


def coherent(quote: Quote) -> Quote:
    """``quote`` without those figures beside its last price that contradict others; the same object where none does.

    An open outside the day's range, a mean price outside it, a bid above the ask, a year's low above its high, limits
    that do not lie around the previous close: which of the two is wrong cannot be known, so neither is shown, and the
    last price stays. That the last price lies within the day's range is for the source's reader to check.
    """
    dropped: dict[str, object] = {}
    low, high, bid, ask = quote.low, quote.high, quote.bid, quote.ask
    if low is not None and high is not None:
        opened, vwap = quote.open, quote.vwap
        if not ((opened is None or low <= opened <= high) and (vwap is None or low <= vwap <= high)):
            dropped |= _outside(quote, low, high)
    if bid is not None and ask is not None and bid > ask:
        dropped |= {"bid": None, "ask": None, "bid_size": None, "ask_size": None, "bids": (), "asks": ()}
    low_52w, high_52w = quote.low_52w, quote.high_52w
    if low_52w is not None and high_52w is not None and low_52w > high_52w:
        dropped |= {"low_52w": None, "high_52w": None}
    if dropped:
        quote = replace(quote, **dropped)
    up, down = quote.limit_up, quote.limit_down
    if up is not None and down is not None and not _are_limits(quote, up, down):
        return replace(quote, limit_up=None, limit_down=None, daily_limit=0)
    return quote


def _outside(quote: Quote, low: float, high: float) -> dict[str, object]:
    """No open and no mean price in place of one of ``quote`` more than a step outside the day's range."""
    slack = 1.01 * 10.0**-quote.decimals
    least, most = low - slack, high + slack
    figures = {"open": quote.open, "vwap": quote.vwap}
    return {name: None for name, figure in figures.items() if figure is not None and not least <= figure <= most}


def _are_limits(quote: Quote, up: float, down: float) -> bool:
    """Whether the source's limits can be those of the day: they lie around the previous close and the day's prices."""
    previous, low, high = quote.previous_close, quote.low, quote.high
    if previous is not None and not down <= previous <= up:
        return False
    if low and high and down < up and down <= low <= quote.last <= high <= up and low <= (quote.open or low) <= high:
        return True  # as nearly always
    return quote.limits is not None
