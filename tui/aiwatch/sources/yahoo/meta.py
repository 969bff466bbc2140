"""What Yahoo says of one symbol, read and checked: the ``meta`` of a chart, or what has the same keys.

Pure: a table of fields in, a `Quote` out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from aiwatch.market.calendar.hours import has_hours
from aiwatch.market.quote import Quote, Trading, coherent
from aiwatch.market.security import SHARELESS
from aiwatch.market.symbol import (
    BSE,
    CRYPTO,
    FX,
    HKEX,
    KOSDAQ,
    KRX,
    LSE,
    SSE,
    SZSE,
    TPEX,
    TSE,
    TWSE,
    US,
    XAMS,
    XETRA,
    XPAR,
    Board,
    Symbol,
    described,
)
from aiwatch.sources import parsing
from aiwatch.sources.parsing import InvalidLine

DELAY_MINUTES = {
    SSE.code: 15,
    SZSE.code: 15,
    BSE.code: 15,
    HKEX.code: 15,
    TSE.code: 20,
    TWSE.code: 20,
    TPEX.code: 20,
    KRX.code: 20,
    KOSDAQ.code: 20,
    XETRA.code: 15,
    XAMS.code: 15,
    XPAR.code: 15,
    LSE.code: 20,
    US.code: 0,
    FX.code: 0,
    CRYPTO.code: 0,
}
"""How late Yahoo is where its answer does not say it, by exchange: ``exchangeDataDelayedBy`` of its quotes where one
was seen (mainland China, Hong Kong, Tokyo, Xetra, US), else its published table of exchanges and delays. Of any other
exchange nothing is claimed."""
_LONGEST_DELAY = 24 * 60

MINOR_UNITS = {
    **dict.fromkeys(("GBp", "GBX"), ("GBP", 2)),
    **dict.fromkeys(("ZAc", "ZAC"), ("ZAR", 2)),
    "ILA": ("ILS", 2),
    "USX": ("USD", 2),
    "KWF": ("KWD", 3),
}
"""Pence, cents and fils, in which Yahoo counts London, Johannesburg, Tel Aviv, grain and cattle, and Kuwait: the whole
currency (ISO 4217), and by how many decimals a price of it is longer."""
USUAL_DECIMALS = {FX.code: 4, HKEX.code: 3}
"""Of prices whose decimals Yahoo does not say; two elsewhere, and four below one."""
_ZONE = re.compile(r"[A-Za-z_]{2,20}(/[A-Za-z0-9_+-]{1,20}){1,2}")
_LONGEST_SESSION = 48 * 3600
_PAIR = re.compile(r"[A-Z]{3}/[A-Z]{3}")
_SHELL = "ECNQUOTE"
_FIRST_DAYS = 14 * 86_400
_PERCENT_SLACK = 0.05
"""Percentage points between Yahoo's change and ours that rounding explains."""


def quote_of(symbol: Symbol, entry: dict[str, Any], received_at: datetime) -> Quote | None:
    """The quote that ``entry`` (a ``meta``, or an entry of the v8 spark) makes of ``symbol``.

    ``None`` when there is no price in it: Yahoo sends empty shells for names it does not know. Raises `InvalidLine`
    with the reason when it is not believed.
    """
    if entry.get("instrumentType") == _SHELL:
        return None
    price, moment = _price(entry)
    if price is None:
        return None
    own = entry.get("symbol", symbol.text)
    if own != symbol.text:
        raise InvalidLine(f"an entry about {parsing.plain(own, 20) if isinstance(own, str) else 'another symbol'}")
    previous_close = _previous_close(entry)
    untraded = not price and previous_close is not None and not number(entry, "regularMarketVolume")
    price = previous_close or 0.0 if untraded else price
    parsing.check_price(price)
    _check_pair(entry, symbol)
    as_of = _time(moment)
    parsing.check_time(as_of, received_at)
    decimals = _decimals(entry, symbol, price)
    low, high = (None, None) if untraded else _day_range(entry, price, previous_close, decimals)
    currency = entry.get("currency") or _usual_currency(symbol)
    whole, further, main = whole_currency(currency)
    last = scaled(price, main)
    if last is None:
        raise InvalidLine(f"a price of {price:g} {parsing.plain(str(currency), 20)}")
    quote = Quote(
        symbol=symbol, source="yahoo", last=last, previous_close=scaled(previous_close, main),
        as_of=as_of, received_at=received_at, currency=whole or _currency(currency, symbol),
        trading=Trading.UNTRADED if untraded else Trading.TRADED, daily_limit=_daily_limit(entry, symbol, as_of),
        decimals=decimals + further, high=scaled(high, main), low=scaled(low, main),
        volume=_volume(entry, symbol), high_52w=scaled(positive(entry, "fiftyTwoWeekHigh"), main),
        low_52w=scaled(positive(entry, "fiftyTwoWeekLow"), main), lot=_lot(entry, symbol),
        delay_minutes=_delay(entry, symbol), name=_name(entry), zone=_zone(entry, symbol),
        regular=None if has_hours(symbol.exchange) else _regular(entry),
    )  # fmt: skip
    return coherent(quote)


def whole_currency(currency: object) -> tuple[str, int, float]:
    """The whole currency (ISO 4217) of one that Yahoo counts in smaller units, by how many decimals its prices are
    longer, and what a price of Yahoo's is to be multiplied by for it; an empty text, 0 and 1 for any other."""
    whole, further = MINOR_UNITS.get(currency, ("", 0)) if isinstance(currency, str) else ("", 0)
    return whole, further, 10.0**-further


def _day_range(
    entry: dict[str, Any], price: float, previous_close: float | None, decimals: int
) -> tuple[float | None, float | None]:
    """Low and high of the day. Raises `InvalidLine` when they or the change in percent do not fit the price."""
    _check_percent(entry, price, previous_close)
    low, high = positive(entry, "regularMarketDayLow"), positive(entry, "regularMarketDayHigh")
    parsing.check_range(price, low, high, 10.0 ** -max(2, decimals))
    return low, high


def _daily_limit(entry: dict[str, Any], symbol: Symbol, as_of: datetime) -> int | None:
    """0, which is none, for a mainland listing in its first days, by the date of its first trade where Yahoo sends it:
    its name is not the exchange's, which would say so. Fourteen days hold five sessions, whatever the holidays."""
    first = number(entry, "firstTradeDate")
    if first is None:
        milliseconds = number(entry, "firstTradeDateMilliseconds")
        first = None if milliseconds is None else milliseconds / 1000
    if first is None or not symbol.is_china:
        return None
    return 0 if as_of.timestamp() - first < _FIRST_DAYS else None


def number(entry: dict[str, Any], key: str) -> float | None:
    """A finite number of ``entry``; ``None`` when it is absent, null or of another type."""
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < parsing.ABSURD_AMOUNT else None


def positive(entry: dict[str, Any], key: str, bound: float = parsing.ABSURD_PRICE) -> float | None:
    """`number`, and ``None`` for zero and less, and for ``bound`` and more."""
    value = number(entry, key)
    return value if value is not None and 0 < value < bound else None


def _price(entry: dict[str, Any]) -> tuple[float | None, Any]:
    """The price and its time: of the ``meta``, else of the newest bar with a close."""
    if entry.get("regularMarketPrice") is not None:
        price = number(entry, "regularMarketPrice")
        if price is None:
            raise InvalidLine("a price that is no number")
        return price, entry.get("regularMarketTime")
    closes, times = entry.get("close"), entry.get("timestamp")
    if not isinstance(closes, list):
        return None, None
    times = times if isinstance(times, list) and len(times) == len(closes) else [None] * len(closes)
    for close, moment in zip(reversed(closes), reversed(times), strict=True):
        if close is not None:
            return number({"close": close}, "close") or 0.0, moment
    return None, None


def _time(moment: Any) -> datetime:
    """The moment of a count of seconds since 1970 UTC."""
    if isinstance(moment, bool) or not isinstance(moment, (int, float)) or not 0 < moment < 1e11:
        raise InvalidLine("no time")
    return datetime.fromtimestamp(int(moment), UTC)


def _previous_close(entry: dict[str, Any]) -> float | None:
    """The close of the session before. ``chartPreviousClose`` is that only over one day: it is the close before the
    range asked for."""
    close = positive(entry, "previousClose")
    if close is None and entry.get("range", "1d") == "1d":
        close = positive(entry, "chartPreviousClose")
    return close


def _check_percent(entry: dict[str, Any], price: float, previous_close: float | None) -> None:
    """Raise `InvalidLine` when Yahoo's own change in percent contradicts the previous close it sent, which was seen one
    session old for some indices."""
    percent = number(entry, "regularMarketChangePercent")
    if percent is None or previous_close is None:
        return
    computed = (price / previous_close - 1) * 100
    if abs(percent - computed) > _PERCENT_SLACK + 1e-9:
        raise InvalidLine(f"a change of {percent:.2f} % does not fit {price:g} after {previous_close:g}")


def _check_pair(entry: dict[str, Any], symbol: Symbol) -> None:
    """Raise `InvalidLine` when a rate is named as another pair: ``EURUSD=X`` was seen with the price of USD to EUR."""
    name = entry.get("shortName")
    if symbol.exchange == FX and isinstance(name, str) and _PAIR.fullmatch(name) and name != "/".join(symbol.pair):
        raise InvalidLine(f"a rate of {name}")


def _decimals(entry: dict[str, Any], symbol: Symbol, price: float) -> int:
    hint = entry.get("priceHint")
    if not isinstance(hint, int) or isinstance(hint, bool):
        return usual_decimals(symbol, price)
    hint = min(parsing.MOST_DECIMALS, max(0, hint))
    return max(hint, described(symbol).decimals) if symbol.is_china else hint


def usual_decimals(symbol: Symbol, price: float) -> int:
    """The decimals of a price of ``symbol`` where Yahoo does not say how many it has."""
    if symbol.is_china:
        return described(symbol).decimals
    return USUAL_DECIMALS.get(symbol.exchange.code, 4 if price < 1 else 2)


def _usual_currency(symbol: Symbol) -> str:
    """The currency of a price without one. Raises `InvalidLine` in London: its prices are mostly, not all, in pence."""
    if symbol.exchange == LSE and symbol.board is not Board.INDEX:
        raise InvalidLine("a price in London without its currency, pounds or pence")
    return symbol.currency


def scaled(value: float | None, factor: float) -> float | None:
    """``value`` times ``factor``, which is 1 but for hundredths; ``None`` for nothing and for what is too little."""
    return value if value is None or factor == 1.0 else round(value * factor, parsing.MOST_DECIMALS) or None


def _currency(currency: Any, symbol: Symbol) -> str:
    is_code = isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()
    return str(currency) if is_code else symbol.currency


def _volume(entry: dict[str, Any], symbol: Symbol) -> int | None:
    """Volume in shares; an index and a currency have none of their own, that of a future is in contracts and that of a
    crypto-currency in money."""
    volume = number(entry, "regularMarketVolume")
    if volume is None or volume < 0 or symbol.board in SHARELESS:
        return None
    return round(volume)


def _lot(entry: dict[str, Any], symbol: Symbol) -> int | None:
    """The lot of its symbol, which is that of shares; a fund in Tokyo has one of its own."""
    return None if symbol.exchange == TSE and entry.get("instrumentType") == "ETF" else symbol.lot


def _delay(entry: dict[str, Any], symbol: Symbol) -> int | None:
    """Minutes by which the quote is late, as Yahoo says, else as is known of the exchange; ``None`` for neither.

    ``quoteSourceName`` is not asked: it says "delayed" of real-time ones too.
    """
    minutes = number(entry, "exchangeDataDelayedBy")
    if minutes is None or not 0 <= minutes <= _LONGEST_DELAY:
        return DELAY_MINUTES.get(symbol.exchange.code)
    return round(minutes)


def _zone(entry: dict[str, Any], symbol: Symbol) -> str:
    """The time zone that Yahoo names of a place that is not known; empty when it names none."""
    name = entry.get("exchangeTimezoneName")
    return name if symbol.zone == "UTC" and isinstance(name, str) and _ZONE.fullmatch(name) else ""


def _regular(entry: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """Start and end of the regular session that Yahoo says is now, or is the next or the last; ``None`` without one."""
    periods = entry.get("currentTradingPeriod")
    period = periods.get("regular") if isinstance(periods, dict) else None
    start, end = (number(period, key) if isinstance(period, dict) else None for key in ("start", "end"))
    if start is None or end is None or not 0 < start < end < 1e11 or end - start > _LONGEST_SESSION:
        return None
    return datetime.fromtimestamp(int(start), UTC), datetime.fromtimestamp(int(end), UTC)


def _name(entry: dict[str, Any]) -> str:
    name = entry.get("longName") or entry.get("shortName") or ""
    return parsing.plain(name) if isinstance(name, str) else ""
