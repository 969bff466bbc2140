"""One of Tencent's quote lines, read and checked: fields in, a `Quote` out; the field maps are in `tencent_fields`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import isnan, nan
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import DecodeError
from msgspec.json import Decoder

from aiwatch.market.quote import Level, Quote, Trading, coherent
from aiwatch.market.security import Board, Security
from aiwatch.market.symbol import Symbol, described
from aiwatch.sources import parsing
from aiwatch.sources.parsing import InvalidLine, decimals_of, positive
from aiwatch.sources.tencent import fields as at
from aiwatch.sources.tencent.book import Side, sides_of
from aiwatch.sources.tencent.line import BEST, FIGURES, PRICES, Line, picked

_PLAIN = re.compile(r"[-+0-9.~]*")
_TIME = re.compile(r"(\d{4})([/-]?)(\d\d)\2(\d\d) ?(\d\d):?(\d\d):?(\d\d)", re.ASCII)
_STATES = {"D": Trading.DELISTED, "S": Trading.SUSPENDED, "C": Trading.SUSPENDED}
# Looking up a member of an enumeration costs more than reading a number.
_TRADED, _AUCTION, _UNTRADED = Trading.TRADED, Trading.AUCTION, Trading.UNTRADED
_INDEX, _STAR = Board.INDEX, Board.STAR
_AFTER_CODE = (b"~", b".")
_HUNDRED_MILLION = 1e8
_TOP, _MOST = parsing.ABSURD_PRICE, parsing.ABSURD_AMOUNT
_HARDLY_ANY = 0.0004
_LEAST = 10.0**-parsing.MOST_DECIMALS
_ALL = Decoder(list[float])
_TICKS = [10.0 ** -max(2, decimals) for decimals in range(parsing.MOST_DECIMALS + 1)]
"""The least step of a price, by its decimals; prices without any are whole, and checked as closely as others."""


class Facts(NamedTuple):
    """What follows from the words of a line, the same in each line of a stock. ``unit`` are the shares in one unit of
    its volume, ``None`` for what is not counted in shares."""

    security: Security
    is_index: bool
    is_china: bool
    writes_decimals: bool
    """Whether prices have the decimals they are written with."""
    unit: int | None
    currency: str
    lot: int | None
    daily_limit: int | None


@lru_cache(maxsize=16_384)
def facts_of(symbol: Symbol, board_lot: int, kind: str, name: str, english: str, currency: str, lot: str) -> Facts:
    """The facts of ``symbol`` by these words of its line, in a market that counts volume in ``board_lot`` shares."""
    security = described(symbol, kind, name, english)
    is_star = kind == at.STAR_SHARE or (not kind and security.board is _STAR)
    return Facts(
        security=security,
        is_index=security.board is _INDEX,
        is_china=symbol.is_china,
        writes_decimals=symbol.exchange.code == "US",
        unit=None if not security.has_shares else 1 if is_star else board_lot,
        currency=_currency(currency, security),
        lot=(_count(lot, 1) or security.lot) if security.has_shares else None,
        daily_limit=parsing.ruled_limit(symbol, security),
    )


_Prices = tuple[float, float, float, float, float, float, int, Trading]
"""Last, previous close, open, high, low, volume, decimals and trading, checked against each other; 0 where there is
nothing but in the first."""


def quote_of(symbol: Symbol, code: str, content: bytes, received_at: datetime) -> Quote:
    """The quote that the line ``content`` of ``code`` (the text between the quotation marks) makes of ``symbol``.

    Raises `InvalidLine` with the reason when the line is not believed.
    """
    name, text = _parted(code, content)
    line, layout, is_usual = picked(text, code[:2])
    facts = facts_of(symbol, layout.board_lot, line.kind, name, line.english_name, line.currency, line.lot)
    numbers = _numbers(line, layout, is_usual=is_usual)
    last, previous, opened, high, low, volume, decimals, trading = _prices(line, numbers, symbol, facts)
    as_of = moment_of(line.time, layout.zone)
    if as_of > received_at:
        parsing.check_time(as_of, received_at)
    worth, coarse, rate, vwap, high_52w, low_52w, pe, amplitude, cap, up, down, ratio = numbers[FIGURES]
    if not -_MOST < worth < _MOST:
        worth = coarse
    turnover = _rounded(worth * layout.turnover_unit) if 0 <= worth < _MOST else None
    index, traded, unit = facts.is_index, trading is _TRADED, facts.unit
    if turnover and unit and layout.board_lot > 1 and not _fits(turnover, volume * unit * last):
        unit = None
    is_limited = 0 < up < _TOP and 0 < down < _TOP
    is_free = -_TOP < up <= 0 and -_TOP < down <= 0  # a full line that has -1 or 0 for both says that there are none
    bids, asks, (bid, bid_size, ask, ask_size) = _orders(line, numbers, layout, unit, is_usual=is_usual)
    if index:
        bid = bid_size = ask = ask_size = None
    quote = Quote(  # by place: 36 names take three times as long
        symbol, "tencent", last, previous or None, as_of, received_at, facts.currency, decimals, trading,
        (opened or None) if traded else None, (high or None) if traded else None, (low or None) if traded else None,
        None if unit is None else round(volume * unit), None if index and not facts.is_china else turnover,
        bid, ask, bid_size, ask_size, up if is_limited else None, down if is_limited else None,
        0 if is_free else facts.daily_limit,
        rate if -_TOP < rate < _TOP else None, ratio if -_TOP < ratio < _TOP else None,
        vwap if not index and 0 < vwap < _TOP else None, amplitude if -_TOP < amplitude < _TOP else None,
        pe if pe and -_TOP < pe < _TOP else None,
        float(round(cap * _HUNDRED_MILLION)) if not index and 0 < cap < _TOP else None,
        high_52w if 0 < high_52w < _TOP else None, low_52w if 0 < low_52w < _TOP else None,
        facts.lot, layout.delay, name, bids, asks,
    )  # fmt: skip
    return coherent(quote)


def _parted(code: str, content: bytes) -> tuple[str, str]:
    """The name in a line, and the fields from the last price on. The name is cut out by the code that follows it, for
    a half character at its end would else swallow the separator: the second byte of a GBK character may be a tilde."""
    own = b"~" + code[2:].encode()
    start = content.find(b"~") + 1
    end = content.find(own, start)
    after = end + len(own)
    if not start or end < 0 or content[after : after + 1] not in _AFTER_CODE:
        raise InvalidLine("its line is about another code" if content.count(b"~") >= at.LEAST - 1 else "too few fields")
    rest = content[content.find(b"~", after) + 1 :]
    text = rest.decode("ascii") if rest.isascii() else rest.decode("gb18030", "replace")
    return _name(content[start:end]), text


def _numbers(line: Line, layout: at.Layout, *, is_usual: bool) -> list[float]:
    """The `PRICES` and `FIGURES` of ``line``, and its `BEST` orders where it has a book; no number (nan) for a figure
    that is none: every comparison with it fails. Raises `InvalidLine` where a price is none.

    Of a line that is written as usual all are read at once, as JSON: a fourth of what one by one takes.
    """
    if is_usual:
        try:
            return _ALL.decode(f"[{','.join(line[: BEST.stop if layout.has_book else FIGURES.stop])}]")
        except DecodeError:  # one is missing, or begins with a zero
            pass
    numbers = [*map(_figure, line[: BEST.stop])]
    texts = line[PRICES]
    if any(map(isnan, numbers[PRICES])) or not _PLAIN.fullmatch("~".join(texts)):
        raise InvalidLine(f"no numbers where prices belong: {parsing.plain(' '.join(texts))}")
    return numbers


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


def _prices(line: Line, numbers: Sequence[float], symbol: Symbol, facts: Facts) -> _Prices:
    """The prices of ``line``, whose ``numbers`` they are; raises `InvalidLine` where they do not fit each other."""
    last, previous, opened, volume, change, high, low = numbers[PRICES]
    if not (
        0 <= previous < _TOP and 0 <= opened < _TOP and 0 <= volume < _MOST and 0 <= high < _TOP and 0 <= low < _TOP
    ):
        raise InvalidLine("a price or volume that cannot be")
    state = _STATES.get(line.status.strip()) if line.status else None
    has_begun = bool(opened or volume)
    indicative = None
    if state is None and facts.is_china and not has_begun:
        indicative = parsing.call_auction(line.time[8:14], positive(line.bid), positive(line.ask), last)
    if not last and (state is not None or not (volume or high or low)):
        # Nothing trades, or nothing has traded yet: the previous close is the price, and it has not changed.
        last, opened, change = previous, 0.0, 0.0 if change == -previous else change
    if not _LEAST <= last < _TOP:
        parsing.check_price(last)
    written = decimals_of(line.last)
    tick = _TICKS[min(written, decimals_of(line.change))]
    if abs(last - previous - change) > tick * 1.01 and (previous or change):
        raise InvalidLine(f"a change of {change:g} does not fit {last:g} after {previous:g}")
    decimals = written if facts.writes_decimals else facts.security.decimals
    if not facts.writes_decimals and (written > decimals or decimals_of(line.previous_close) > decimals):
        decimals = parsing.step_decimals(decimals, line.last, line.previous_close)
    if indicative is not None:
        return indicative or last, previous, 0.0, 0.0, 0.0, 0.0, decimals, _AUCTION
    trading = state or _TRADED
    if state is None and not has_begun:
        trading = _untraded(symbol, facts.security, high or low, moved=abs(last - previous) > tick * 0.5)
    if trading is _TRADED and not low <= last <= high:
        parsing.check_range(last, low or None, high or None, tick)
    return last, previous, opened, high, low, volume, decimals, trading


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


def _rounded(amount: float) -> float:
    """``amount`` to three decimals. One that is a whole number but for what a product in floats loses is rounded as
    such, which costs a fifth."""
    whole = float(round(amount))
    return whole if abs(amount - whole) < _HARDLY_ANY else round(amount, 3)


def _fits(turnover: float, worth: float) -> bool:
    """Whether volume and price are worth about the ``turnover``: another unit of volume would not be."""
    return not worth or 0.2 < turnover / worth < 5


def _count(text: str, unit: int | None) -> int | None:
    """A number of units in shares; ``None`` for zero, for nothing, or in a unit that is not known."""
    value = positive(text)
    return None if value is None or unit is None else round(value * unit)


_Best = tuple[float | None, int | None, float | None, int | None]
_NO_ORDERS: _Best = (None, None, None, None)
_Orders = tuple[Sequence[Level], Sequence[Level], _Best]


def _orders(line: Line, numbers: Sequence[float], layout: at.Layout, unit: int | None, *, is_usual: bool) -> _Orders:
    """Bids and asks, of a line that has them, in ``unit`` shares, and the best of each with its size.

    A book that is written as usual, of which both best prices are some, is read when somebody looks at it: whatever
    stands below them, they are the best.
    """
    if not (layout.has_book and unit):
        return (), (), _best_orders(line, unit, (), ())
    if is_usual:
        bid, bid_size, ask, ask_size = numbers[BEST]
        if bid > 0 and ask > 0:
            best = bid, int(bid_size) * unit, ask, int(ask_size) * unit
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
