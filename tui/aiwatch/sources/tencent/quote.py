"""One of Tencent's quote lines, read and checked: fields in, a `Quote` out; the field maps are in `tencent_fields`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aiwatch.market.quote import Level, Quote, Trading, coherent
from aiwatch.market.security import Board, Security
from aiwatch.market.symbol import Symbol, described
from aiwatch.sources import parsing
from aiwatch.sources.parsing import InvalidLine, number, positive
from aiwatch.sources.tencent import fields as at

_PLAIN = re.compile(r"[-+0-9.~]*")
_TIME = re.compile(r"(\d{4})([/-]?)(\d\d)\2(\d\d) ?(\d\d):?(\d\d):?(\d\d)", re.ASCII)
_STATES = {"D": Trading.DELISTED, "S": Trading.SUSPENDED, "C": Trading.SUSPENDED}
# Looking up a member of an enumeration costs more than reading a number.
_TRADED, _AUCTION, _UNTRADED = Trading.TRADED, Trading.AUCTION, Trading.UNTRADED
_INDEX, _STAR = Board.INDEX, Board.STAR
_AFTER_CODE = (b"~", b".")
_HUNDRED_MILLION = 1e8
_TOP = parsing.ABSURD_PRICE
_PRICE_FIELDS = itemgetter(at.LAST, at.PREVIOUS_CLOSE, at.OPEN, at.VOLUME, at.CHANGE, at.HIGH, at.LOW)
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
    fields = _fields(code, content)
    layout = at.LAYOUTS[code[:2]]
    if len(fields) < layout.length:
        layout = at.SHORT_LAYOUTS[code[:2]]
    fields.append("")
    name, kind = fields[at.NAME], fields[layout.kind]
    security = described(symbol, kind, name, fields[layout.english_name])
    index = security.board is _INDEX
    prices = _prices(fields, symbol, security)
    as_of = moment_of(fields[at.TIME], layout.zone)
    parsing.check_time(as_of, received_at)
    turnover = _turnover(fields, layout)
    unit = _unit(security, kind, prices, turnover, layout)
    traded = prices.trading is _TRADED
    limit_up, limit_down, daily_limit = _limits(fields, layout, symbol, security)
    cap = positive(fields[layout.market_cap])
    bids, asks = _book(fields, unit) if layout.has_book and unit else _NO_BOOK
    bid, ask, bid_size, ask_size = _best_orders(fields, unit, bids, asks) if not index else _NO_ORDERS
    quote = Quote(
        symbol=symbol, source="tencent", last=prices.last, previous_close=prices.previous_close or None,
        as_of=as_of, received_at=received_at, currency=_currency(fields[layout.currency], security),
        decimals=prices.decimals, trading=prices.trading, open=(prices.open or None) if traded else None,
        high=(prices.high or None) if traded else None, low=(prices.low or None) if traded else None,
        volume=None if unit is None else round(prices.volume * unit),
        turnover=None if index and not symbol.is_china else turnover, bid=bid, ask=ask, bid_size=bid_size,
        ask_size=ask_size, limit_up=limit_up, limit_down=limit_down, daily_limit=daily_limit,
        turnover_rate=number(fields[layout.turnover_rate]), volume_ratio=number(fields[layout.volume_ratio]),
        vwap=None if index else positive(fields[layout.vwap]), amplitude=number(fields[layout.amplitude]),
        pe=number(fields[layout.pe]) or None,
        market_cap=None if cap is None or index else float(round(cap * _HUNDRED_MILLION)),
        high_52w=positive(fields[layout.high_52w]), low_52w=positive(fields[layout.low_52w]),
        lot=(_count(fields[layout.lot], 1) or security.lot) if security.has_shares else None,
        delay_minutes=layout.delay, name=name, bids=bids, asks=asks
    )  # fmt: skip
    return coherent(quote)


def _limits(
    fields: list[str], layout: at.Layout, symbol: Symbol, security: Security
) -> tuple[float | None, float | None, int | None]:
    """Limit up, limit down and the quote's ``daily_limit``: a full line that has -1 or 0 for both says that there are
    none."""
    up, down = fields[layout.limit_up], fields[layout.limit_down]
    limit_up, limit_down = positive(up), positive(down)
    if limit_up and limit_down:
        return limit_up, limit_down, parsing.ruled_limit(symbol, security)
    if _says_none(up) and _says_none(down):
        return None, None, 0
    return None, None, parsing.ruled_limit(symbol, security)


def _says_none(text: str) -> bool:
    value = number(text)
    return value is not None and value <= 0


def _fields(code: str, content: bytes) -> list[str]:
    """The fields of a line. The name is cut out by the code that follows it, for a half character at its end
    would else swallow the separator: the second byte of a GBK character may be a tilde."""
    own = code[2:].encode()
    start = content.find(b"~") + 1
    end = content.find(b"~" + own, start)
    after = end + 1 + len(own)
    if not start or end < 0 or content[after : after + 1] not in _AFTER_CODE:
        raise InvalidLine("its line is about another code" if content.count(b"~") >= at.LEAST - 1 else "too few fields")
    rest = content[content.find(b"~", after) + 1 :]
    fields = (rest.decode("ascii") if rest.isascii() else rest.decode("gb18030", "replace")).split("~")
    fields[:0] = ("", _name(content[start:end]), code)
    if len(fields) < at.LEAST:
        raise InvalidLine(f"{len(fields)} fields, fewer than {at.LEAST}")
    return fields


@lru_cache(maxsize=16_384)
def _name(text: bytes) -> str:
    """A stock's name; the same few come again and again."""
    return parsing.plain(text.decode("gb18030", "replace"))


def _prices(fields: list[str], symbol: Symbol, security: Security) -> Prices:
    texts = _PRICE_FIELDS(fields)
    try:
        if not _PLAIN.fullmatch("~".join(texts)):
            raise ValueError
        last, previous, opened, volume, change, high, low = map(float, texts)
    except ValueError:
        raise InvalidLine(f"no numbers where prices belong: {parsing.plain(' '.join(texts))}") from None
    if previous < 0 or opened < 0 or volume < 0 or high < 0 or low < 0:
        raise InvalidLine("a price or volume that cannot be")
    if volume >= parsing.ABSURD_AMOUNT or max(previous, opened, high, low) >= parsing.ABSURD_PRICE:
        raise InvalidLine("a price or volume that cannot be")
    state = _STATES.get(fields[at.STATUS].strip())
    indicative = None
    if state is None and symbol.is_china and not opened and not volume:
        bid, ask = positive(fields[at.BID]), positive(fields[at.ASK])
        indicative = parsing.call_auction(fields[at.TIME][8:14], bid, ask, last)
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


def _turnover(fields: list[str], layout: at.Layout) -> float | None:
    amount = number(fields[layout.turnover], parsing.ABSURD_AMOUNT)
    if amount is None:
        amount = number(fields[layout.coarse_turnover], parsing.ABSURD_AMOUNT)
    return None if amount is None or amount < 0 else round(amount * layout.turnover_unit, 3)


def _count(text: str, unit: int | None) -> int | None:
    """A number of units in shares; ``None`` for zero, for nothing, or in a unit that is not known."""
    value = positive(text)
    return None if value is None or unit is None else round(value * unit)


_Orders = tuple[float | None, float | None, int | None, int | None]
_NO_ORDERS: _Orders = (None, None, None, None)
_NO_BOOK: tuple[tuple[Level, ...], tuple[Level, ...]] = ((), ())


def _best_orders(fields: list[str], unit: int | None, bids: tuple[Level, ...], asks: tuple[Level, ...]) -> _Orders:
    """Best bid and ask with their sizes: of the book where there is a whole one. The delayed feed of Hong Kong fills
    both with the last price and says no size: no orders."""
    if bids and asks:
        return bids[0][0], asks[0][0], bids[0][1], asks[0][1]
    bid, ask = positive(fields[at.BID]), positive(fields[at.ASK])
    bid_size, ask_size = _count(fields[at.BID_SIZE], unit), _count(fields[at.ASK_SIZE], unit)
    if bid == ask and positive(fields[at.BID_SIZE]) is None and positive(fields[at.ASK_SIZE]) is None:
        return _NO_ORDERS
    return bid, ask, bid_size, ask_size


def _book(fields: list[str], unit: int) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """Five bids and five asks, best first, in shares; none when a figure of them is none or one is out of order.

    A whole book is what nearly every line has, so it is recognised at one glance.
    """
    try:
        figs = tuple(map(float, fields[at.BID : at.BOOK_END]))
    except ValueError:
        return (), ()
    b1, m1, b2, m2, b3, m3, b4, m4, b5, m5, a1, n1, a2, n2, a3, n3, a4, n4, a5, n5 = figs
    if (
        0 < b5 < b4 < b3 < b2 < b1 < a1 < a2 < a3 < a4 < a5 < _TOP
        and 1 <= m1 < _TOP > m2 >= 1 <= m3 < _TOP > m4 >= 1 <= m5 < _TOP
        and 1 <= n1 < _TOP > n2 >= 1 <= n3 < _TOP > n4 >= 1 <= n5 < _TOP
    ):
        k = unit
        return (
            ((b1, int(m1 * k)), (b2, int(m2 * k)), (b3, int(m3 * k)), (b4, int(m4 * k)), (b5, int(m5 * k))),
            ((a1, int(n1 * k)), (a2, int(n2 * k)), (a3, int(n3 * k)), (a4, int(n4 * k)), (a5, int(n5 * k))),
        )
    return _part_of_a_book(figs, unit)


def _part_of_a_book(figs: tuple[float, ...], unit: int) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """The steps that there are: at a limit one side is empty, and in a call auction only the first is priced."""
    steps = zip(figs[0::2], figs[1::2], strict=True)
    there = [(price, int(size * unit)) if 0 < price < _TOP > size >= 1 else None for price, size in steps]
    bids, asks = ([step for step in side if step] for side in (there[:5], there[5:]))
    in_order = bids == sorted(bids, reverse=True) and asks == sorted(asks)
    if not in_order or (bids and asks and bids[0][0] > asks[0][0]):
        return (), ()
    return tuple(bids), tuple(asks)


def _currency(text: str, security: Security) -> str:
    if text == security.currency:
        return text
    return text if len(text) == 3 and text.isascii() and text.isalpha() and text.isupper() else security.currency
