"""One of Tencent's quote lines, read and checked: fields in, a `Quote` out; the field maps are in `tencent_fields`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import nan
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aiwatch.market.quote import Level, Quote, Trading, coherent
from aiwatch.market.security import Board, Security
from aiwatch.market.symbol import Symbol, described
from aiwatch.sources import parsing
from aiwatch.sources.parsing import InvalidLine, positive
from aiwatch.sources.tencent import fields as at
from aiwatch.sources.tencent.book import Side, sides_of
from aiwatch.sources.tencent.line import FIGURES, PRICES, Line, picked

_PLAIN = re.compile(r"[-+0-9.~]*")
_TIME = re.compile(r"(\d{4})([/-]?)(\d\d)\2(\d\d) ?(\d\d):?(\d\d):?(\d\d)", re.ASCII)
_STATES = {"D": Trading.DELISTED, "S": Trading.SUSPENDED, "C": Trading.SUSPENDED}
# Looking up a member of an enumeration costs more than reading a number.
_TRADED, _AUCTION, _UNTRADED = Trading.TRADED, Trading.AUCTION, Trading.UNTRADED
_INDEX, _STAR = Board.INDEX, Board.STAR
_AFTER_CODE = (b"~", b".")
_HUNDRED_MILLION = 1e8
_TOP, _MOST = parsing.ABSURD_PRICE, parsing.ABSURD_AMOUNT
_TICKS = [10.0 ** -max(2, decimals) for decimals in range(parsing.MOST_DECIMALS + 1)]
"""The least step of a price, by its decimals; prices without any are whole, and checked as closely as others."""


class Prices(NamedTuple):
    """The figures that every market sends, checked against each other; 0 where there is nothing but in ``last``."""

    last: float
    previous_close: float
    open: float
    high: float
    low: float
    volume: float
    decimals: int
    trading: Trading


def quote_of(symbol: Symbol, code: str, content: bytes, received_at: datetime) -> Quote:
    """The quote that the line ``content`` of ``code`` (the text between the quotation marks) makes of ``symbol``.

    Raises `InvalidLine` with the reason when the line is not believed.
    """
    name, text = _parted(code, content)
    line, layout, is_usual = picked(text, code[:2])
    security = described(symbol, line.kind, name, line.english_name)
    index = security.board is _INDEX
    prices = _prices(line, symbol, security, is_plain=is_usual)
    as_of = moment_of(line.time, layout.zone)
    parsing.check_time(as_of, received_at)
    worth, coarse, rate, vwap, high_52w, low_52w, pe, amplitude, cap, up, down, ratio = _figures(line, plain=is_usual)
    turnover = _turnover(worth if -_MOST < worth < _MOST else coarse, layout)
    unit = _unit(security, line.kind, prices, turnover, layout)
    traded = prices.trading is _TRADED
    limit_up, limit_down, daily_limit = _limits(up, down, symbol, security)
    bids, asks, (bid, bid_size, ask, ask_size) = _orders(line, layout, unit, is_usual=is_usual)
    if index:
        bid = bid_size = ask = ask_size = None
    quote = Quote(
        symbol=symbol, source="tencent", last=prices.last, previous_close=prices.previous_close or None,
        as_of=as_of, received_at=received_at, currency=_currency(line.currency, security),
        decimals=prices.decimals, trading=prices.trading, open=(prices.open or None) if traded else None,
        high=(prices.high or None) if traded else None, low=(prices.low or None) if traded else None,
        volume=None if unit is None else round(prices.volume * unit),
        turnover=None if index and not symbol.is_china else turnover, bid=bid, ask=ask, bid_size=bid_size,
        ask_size=ask_size, limit_up=limit_up, limit_down=limit_down, daily_limit=daily_limit,
        turnover_rate=rate if -_TOP < rate < _TOP else None, volume_ratio=ratio if -_TOP < ratio < _TOP else None,
        vwap=vwap if not index and 0 < vwap < _TOP else None, amplitude=amplitude if -_TOP < amplitude < _TOP else None,
        pe=pe if pe and -_TOP < pe < _TOP else None,
        market_cap=float(round(cap * _HUNDRED_MILLION)) if not index and 0 < cap < _TOP else None,
        high_52w=high_52w if 0 < high_52w < _TOP else None, low_52w=low_52w if 0 < low_52w < _TOP else None,
        lot=(_count(line.lot, 1) or security.lot) if security.has_shares else None,
        delay_minutes=layout.delay, name=name, bids=bids, asks=asks, extended=None,
        zone="", regular=None,  # what is left to a default costs as much as what is worked out
    )  # fmt: skip
    return coherent(quote)


def _limits(
    up: float, down: float, symbol: Symbol, security: Security
) -> tuple[float | None, float | None, int | None]:
    """Limit up, limit down and the quote's ``daily_limit``: a full line that has -1 or 0 for both says that there are
    none."""
    if 0 < up < _TOP and 0 < down < _TOP:
        return up, down, parsing.ruled_limit(symbol, security)
    if -_TOP < up <= 0 and -_TOP < down <= 0:
        return None, None, 0
    return None, None, parsing.ruled_limit(symbol, security)


def _parted(code: str, content: bytes) -> tuple[str, str]:
    """The name in a line, and the fields from the last price on. The name is cut out by the code that follows it, for
    a half character at its end would else swallow the separator: the second byte of a GBK character may be a tilde."""
    own = code[2:].encode()
    start = content.find(b"~") + 1
    end = content.find(b"~" + own, start)
    after = end + 1 + len(own)
    if not start or end < 0 or content[after : after + 1] not in _AFTER_CODE:
        raise InvalidLine("its line is about another code" if content.count(b"~") >= at.LEAST - 1 else "too few fields")
    rest = content[content.find(b"~", after) + 1 :]
    text = rest.decode("ascii") if rest.isascii() else rest.decode("gb18030", "replace")
    return _name(content[start:end]), text


def _figures(line: Line, *, plain: bool) -> Sequence[float]:
    """The figures of ``line`` that may be missing, in their order; no number (nan) for each that is none: every
    comparison with it fails."""
    texts: tuple[str, ...] = tuple(line[FIGURES])
    if plain:
        try:
            return tuple(map(float, texts))
        except ValueError:  # one is missing
            pass
    return tuple(map(_figure, texts))


def _figure(text: str) -> float:
    if not text or "_" in text:
        return nan
    try:
        return float(text)
    except ValueError:
        return nan


@lru_cache(maxsize=16_384)
def _name(text: bytes) -> str:
    """A stock's name; the same few come again and again."""
    return parsing.plain(text.decode("gb18030", "replace"))


def _prices(line: Line, symbol: Symbol, security: Security, *, is_plain: bool) -> Prices:
    """The prices of ``line``, which ``is_plain`` says to be written in digits, signs and points alone."""
    texts: tuple[str, ...] = tuple(line[PRICES])
    try:
        if not is_plain and not _PLAIN.fullmatch("~".join(texts)):
            raise ValueError
        last, previous, opened, volume, change, high, low = map(float, texts)
    except ValueError:
        raise InvalidLine(f"no numbers where prices belong: {parsing.plain(' '.join(texts))}") from None
    if previous < 0 or opened < 0 or volume < 0 or high < 0 or low < 0:
        raise InvalidLine("a price or volume that cannot be")
    if volume >= parsing.ABSURD_AMOUNT or max(previous, opened, high, low) >= parsing.ABSURD_PRICE:
        raise InvalidLine("a price or volume that cannot be")
    state = _STATES.get(line.status.strip())
    indicative = None
    if state is None and symbol.is_china and not opened and not volume:
        indicative = parsing.call_auction(line.time[8:14], positive(line.bid), positive(line.ask), last)
    decimals = _decimals(texts, symbol, security)
    if not last and (state is not None or not (volume or high or low)):
        # Nothing trades, or nothing has traded yet: the previous close is the price, and it has not changed.
        last, opened, change = previous, 0.0, 0.0 if change == -previous else change
    parsing.check_price(last)
    tick = _TICKS[min(parsing.decimals_of(texts[0]), parsing.decimals_of(texts[4]))]
    if abs(last - previous - change) > tick * 1.01 and (previous or change):
        raise InvalidLine(f"a change of {change:g} does not fit {last:g} after {previous:g}")
    if indicative is not None:
        return Prices(indicative or last, previous, 0.0, 0.0, 0.0, 0.0, decimals, _AUCTION)
    trading = state or _TRADED
    if state is None and not opened and not volume:
        trading = _untraded(symbol, security, high or low, moved=abs(last - previous) > tick * 0.5)
    if trading is _TRADED:
        parsing.check_range(last, low or None, high or None, tick)
    return Prices(last, previous, opened, high, low, volume, decimals, trading)


def _decimals(texts: tuple[str, ...], symbol: Symbol, security: Security) -> int:
    """As many as a line writes in the US; elsewhere those of the kind, and further digits that say something."""
    written = texts[0]
    if symbol.exchange.code == "US":
        return parsing.decimals_of(written)
    return parsing.step_decimals(security.decimals, written, texts[1])


def _untraded(symbol: Symbol, security: Security, extremes: float, *, moved: bool) -> Trading:
    """What a stock without an open and without volume is doing outside of a call auction. Hong Kong moves a nominal
    price with the orders; elsewhere it stands still."""
    if (security.board is _INDEX and moved) or extremes:
        return _TRADED
    if moved and symbol.exchange.code != "HKEX":
        raise InvalidLine("the price moved without a trade")
    return _UNTRADED


@lru_cache(maxsize=8)
def zone_of(name: str) -> ZoneInfo:
    """The time zone ``name``, read from disk once."""
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def moment_of(text: str, zone: str) -> datetime:
    """The UTC moment of a line's local time; the lines of a batch share a few."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise InvalidLine(f"no time: {parsing.plain(text, 30)!r}")
    year, month, day, hour, minute, second = map(int, match.group(1, 3, 4, 5, 6, 7))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone_of(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidLine(f"no time: {text!r}") from None


def _unit(security: Security, kind: str, prices: Prices, turnover: float | None, layout: at.Layout) -> int | None:
    """The shares in one unit of volume; ``None`` for what is not counted in shares, and when turnover and price say
    that it must be another one."""
    if not security.has_shares:
        return None
    if layout.board_lot == 1:
        return 1
    unit = 1 if kind == at.STAR_SHARE or (not kind and security.board is _STAR) else layout.board_lot
    worth = prices.volume * unit * prices.last
    return None if worth and turnover and not 0.2 < turnover / worth < 5 else unit


def _turnover(amount: float, layout: at.Layout) -> float | None:
    return round(amount * layout.turnover_unit, 3) if 0 <= amount < _MOST else None


def _count(text: str, unit: int | None) -> int | None:
    """A number of units in shares; ``None`` for zero, for nothing, or in a unit that is not known."""
    value = positive(text)
    return None if value is None or unit is None else round(value * unit)


_Best = tuple[float | None, int | None, float | None, int | None]
_NO_ORDERS: _Best = (None, None, None, None)
_Orders = tuple[Sequence[Level], Sequence[Level], _Best]


def _orders(line: Line, layout: at.Layout, unit: int | None, *, is_usual: bool) -> _Orders:
    """Bids and asks, of a line that has them, in ``unit`` shares, and the best of each with its size.

    A book that is written as usual, of which both best prices are some, is read when somebody looks at it: whatever
    stands below them, they are the best.
    """
    if not (layout.has_book and unit):
        return (), (), _best_orders(line, unit, (), ())
    if is_usual and (bid := float(line.bid)) > 0 and (ask := float(line.ask)) > 0:
        best = bid, int(line.bid_size) * unit, ask, int(line.ask_size) * unit
        return Side(line.book, unit, 0), Side(line.book, unit, 1), best
    bids, asks = sides_of(line.book, unit)
    return bids, asks, _best_orders(line, unit, bids, asks)


def _best_orders(line: Line, unit: int | None, bids: tuple[Level, ...], asks: tuple[Level, ...]) -> _Best:
    """Best bid and ask, each with its size: of the book where there is a whole one. The delayed feed of Hong Kong fills
    both with the last price and says no size: no orders."""
    if bids and asks:
        return *bids[0], *asks[0]
    bid, ask = positive(line.bid), positive(line.ask)
    if bid == ask and positive(line.bid_size) is None and positive(line.ask_size) is None:
        return _NO_ORDERS
    return bid, _count(line.bid_size, unit), ask, _count(line.ask_size, unit)


def _currency(text: str, security: Security) -> str:
    if text == security.currency:
        return text
    return text if len(text) == 3 and text.isascii() and text.isalpha() and text.isupper() else security.currency
