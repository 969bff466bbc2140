"""Yahoo's spark and chart answers, read. Pure: bytes in, quotes and refusals out.

Three shapes carry the same ``meta``: the v7 spark ``{"spark": {"result": [{"symbol", "response": [{"meta"}]}]}}``, the
v8 chart ``{"chart": {"result": [{"meta"}]}}``, and the v8 spark ``{"AAPL": {"timestamp", "close", "previousClose"}}``,
whose newest bar stands for the quote. A symbol Yahoo does not know is simply missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, overload

import msgspec

from aiwatch.errors import Garbled, RateLimited, Refused
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import BSE, FX, HKEX, LSE, SSE, SZSE, TSE, TWSE, US, XAMS, XETRA, XPAR, Board, Symbol
from aiwatch.sources import Answer, Refusal, figures
from aiwatch.sources.figures import Doubt

DELAY_MINUTES = {
    SSE.code: 15,
    SZSE.code: 15,
    BSE.code: 15,
    HKEX.code: 15,
    TSE.code: 20,
    TWSE.code: 20,
    XETRA.code: 15,
    XAMS.code: 15,
    XPAR.code: 15,
    LSE.code: 20,
    US.code: 0,
    FX.code: 0,
}
"""How late Yahoo is, by exchange: ``exchangeDataDelayedBy`` of its quotes where one was seen (mainland China,
Hong Kong, Tokyo, Xetra, US), else its published table of exchanges and delays."""

HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}
"""Currencies that Yahoo counts in hundredths, and their whole ones."""
_SHELL = "ECNQUOTE"
_PERCENT_SLACK = 0.05
"""Percentage points between Yahoo's change and ours that rounding explains."""
_NOT_FOUND = "Not Found"
_BAR_KEYS = frozenset({"timestamp", "close", "previousClose", "chartPreviousClose", "regularMarketPrice"})
"""An entry of the v8 spark has some of them."""


def parse(body: bytes, asked: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The answer ``body`` to a request for ``asked`` over the range of one day.

    Raises `Garbled` when it is no such answer or when nothing of several symbols is in it, `Refused` or `RateLimited`
    when it is an error of Yahoo's own.
    """
    wanted = {symbol.text: symbol for symbol in asked}
    return answer_of(_entries(decoded(body, host), host, alone=len(wanted) == 1), wanted, quote_of, received_at, host)


def answer_of(
    entries: Iterable[tuple[str, dict[str, Any]]],
    wanted: Mapping[str, Symbol],
    read: Callable[[Symbol, dict[str, Any], datetime], Quote | None],
    received_at: datetime,
    host: str,
) -> Answer:
    """What ``entries``, each with the text of its symbol or none, say of the ``wanted``; ``read`` makes a quote of one.

    Matched by symbol, never by place. Raises `Garbled` when nothing of several symbols is among them.
    """
    found: dict[str, Quote | Refusal | None] = {}
    stray: list[Refusal] = []
    for text, entry in entries:
        symbol = wanted.get(text)
        if symbol is None:
            stray.append(Refusal(figures.plain(text, 20), "was not asked for" if text else "an entry without a symbol"))
            continue
        try:
            found[text] = read(symbol, entry, received_at)
        except Doubt as doubt:
            found[text] = Refusal(text, str(doubt))
    if len(wanted) > 1 and not found:
        raise Garbled(host, f"none of the {len(wanted)} symbols asked for is in the answer")
    if any(not refusal.symbol for refusal in stray):
        for text in wanted.keys() - found.keys():
            found[text] = Refusal(text, "its entry may be among those without a symbol")
    return Answer(
        quotes=tuple(entry for entry in found.values() if isinstance(entry, Quote)),
        unknown=frozenset(symbol for text, symbol in wanted.items() if found.get(text) is None),
        refused=(*(entry for entry in found.values() if isinstance(entry, Refusal)), *stray),
    )


def quote_of(symbol: Symbol, entry: dict[str, Any], received_at: datetime) -> Quote | None:
    """The quote that ``entry`` (a ``meta``, or an entry of the v8 spark) makes of ``symbol``.

    ``None`` when there is no price in it: Yahoo sends empty shells for names it does not know. Raises `Doubt`
    with the reason when it is not believed.
    """
    if entry.get("instrumentType") == _SHELL:
        return None
    price, moment = _price(entry)
    if price is None:
        return None
    own = entry.get("symbol", symbol.text)
    if own != symbol.text:
        raise Doubt(f"an entry about {figures.plain(own, 20) if isinstance(own, str) else 'another symbol'}")
    figures.check_price(price)
    as_of = _time(moment)
    figures.check_time(as_of, received_at)
    decimals = _decimals(entry)
    previous_close = _previous_close(entry)
    _check_percent(entry, price, previous_close)
    high, low = _positive(entry, "regularMarketDayHigh"), _positive(entry, "regularMarketDayLow")
    figures.check_range(price, low, high, 10.0**-decimals)
    currency = entry.get("currency") or symbol.currency
    minor = HUNDREDTHS.get(currency) if isinstance(currency, str) else None
    main = 0.01 if minor else 1.0
    return Quote(
        symbol=symbol, source="yahoo", last=_scaled(price, main), previous_close=_scaled(previous_close, main),
        as_of=as_of, received_at=received_at, currency=minor or _currency(currency, symbol),
        decimals=decimals + 2 if minor else decimals, high=_scaled(high, main), low=_scaled(low, main),
        volume=_volume(entry, symbol), high_52w=_scaled(_positive(entry, "fiftyTwoWeekHigh"), main),
        low_52w=_scaled(_positive(entry, "fiftyTwoWeekLow"), main), lot=symbol.lot,
        delay_minutes=DELAY_MINUTES.get(symbol.exchange.code, 15), name=_name(entry)
    )  # fmt: skip


def decoded(body: bytes, host: str) -> dict[str, Any]:
    """The JSON object ``body`` spells. Raises `Garbled`."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        start = figures.plain(body[:200].decode("utf-8", "replace"), 60)
        html = body.lstrip()[:1] == b"<"
        why = "a web page instead of data" if html else f"no JSON: {start}" if start else "an empty answer"
        raise Garbled(host, why) from None
    if not isinstance(value, dict):
        raise Garbled(host, "JSON that is no object")
    return value


def _entries(value: dict[str, Any], host: str, *, alone: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each symbol of the answer with its ``meta``, or with its v8 spark entry; an empty one where there is none."""
    for envelope, inner in value.items():
        if not isinstance(inner, dict) or "result" not in inner:
            continue
        if inner.get("error") is not None:
            refuse(inner["error"], host, alone=alone)
        elif envelope in ("spark", "chart") and isinstance(inner["result"], list):
            yield from map(_entry, inner["result"])
        else:
            raise Garbled(host, f"no result under {figures.plain(envelope, 20)!r}")
        return
    entries = {text: entry if isinstance(entry, dict) else {} for text, entry in value.items()}
    if entries and not any(_BAR_KEYS.intersection(entry) for entry in entries.values()):
        raise Garbled(host, "JSON of another format")
    yield from entries.items()


def _entry(item: Any) -> tuple[str, dict[str, Any]]:
    """Symbol and ``meta`` of one item of a v7 spark or of a chart."""
    if not isinstance(item, dict):
        return "", {}
    response = item.get("response")
    inner = response[0] if isinstance(response, list) and response else item
    meta = inner.get("meta") if isinstance(inner, dict) else None
    meta = meta if isinstance(meta, dict) else {}
    symbol = item.get("symbol", meta.get("symbol"))
    return (symbol if isinstance(symbol, str) else ""), meta


def refuse(error: Any, host: str, *, alone: bool) -> None:
    """Raise for Yahoo's own error, unless it says that the one symbol asked for does not exist."""
    fields = error if isinstance(error, dict) else {"description": error}
    texts = (fields.get(key) for key in ("code", "description"))
    code, description = (figures.plain(text) if isinstance(text, str) else "" for text in texts)
    if alone and code == _NOT_FOUND:
        return
    message = ": ".join(filter(None, (code, description))) or "an error without words"
    if "too many requests" in message.lower():
        raise RateLimited(host, message)
    raise Refused(host, message)


def _number(entry: dict[str, Any], key: str) -> float | None:
    """A finite number of ``entry``; ``None`` when it is absent, null or of another type."""
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < figures.ABSURD_AMOUNT else None


def _positive(entry: dict[str, Any], key: str) -> float | None:
    value = _number(entry, key)
    return value if value is not None and 0 < value < figures.ABSURD_PRICE else None


def _price(entry: dict[str, Any]) -> tuple[float | None, Any]:
    """The price and its time: of the ``meta``, else of the newest bar with a close."""
    if entry.get("regularMarketPrice") is not None:
        price = _number(entry, "regularMarketPrice")
        if price is None:
            raise Doubt("a price that is no number")
        return price, entry.get("regularMarketTime")
    closes, times = entry.get("close"), entry.get("timestamp")
    if not isinstance(closes, list):
        return None, None
    times = times if isinstance(times, list) and len(times) == len(closes) else [None] * len(closes)
    for close, moment in zip(reversed(closes), reversed(times), strict=True):
        if close is not None:
            return _number({"close": close}, "close") or 0.0, moment
    return None, None


def _time(moment: Any) -> datetime:
    """The moment of a count of seconds since 1970 UTC."""
    if isinstance(moment, bool) or not isinstance(moment, (int, float)) or not 0 < moment < 1e11:
        raise Doubt("no time")
    return datetime.fromtimestamp(int(moment), UTC)


def _previous_close(entry: dict[str, Any]) -> float | None:
    """The close of the session before. ``chartPreviousClose`` is that only over one day: it is the close before the
    range asked for."""
    close = _positive(entry, "previousClose")
    if close is None and entry.get("range", "1d") == "1d":
        close = _positive(entry, "chartPreviousClose")
    return close


def _check_percent(entry: dict[str, Any], price: float, previous_close: float | None) -> None:
    """Raise `Doubt` when Yahoo's own change in percent contradicts the previous close it sent: that was seen to be
    one session old for some indices."""
    said = _number(entry, "regularMarketChangePercent")
    if said is None or previous_close is None:
        return
    computed = (price / previous_close - 1) * 100
    if abs(said - computed) > _PERCENT_SLACK + 1e-9:
        raise Doubt(f"a change of {said:.2f} % does not fit {price:g} after {previous_close:g}")


def _decimals(entry: dict[str, Any]) -> int:
    hint = entry.get("priceHint", 2)
    whole = isinstance(hint, int) and not isinstance(hint, bool)
    return min(figures.MOST_DECIMALS, max(0, hint)) if whole else 2


@overload
def _scaled(value: float, factor: float) -> float: ...


@overload
def _scaled(value: None, factor: float) -> None: ...


def _scaled(value: float | None, factor: float) -> float | None:
    return value if value is None or factor == 1.0 else round(value * factor, figures.MOST_DECIMALS)


def _currency(currency: Any, symbol: Symbol) -> str:
    known = isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()
    return str(currency) if known else symbol.currency


def _volume(entry: dict[str, Any], symbol: Symbol) -> int | None:
    """Volume in shares; an index and a currency have none of their own."""
    volume = _number(entry, "regularMarketVolume")
    if volume is None or volume < 0 or symbol.board in (Board.INDEX, Board.CURRENCY):
        return None
    return round(volume)


def _name(entry: dict[str, Any]) -> str:
    name = entry.get("longName") or entry.get("shortName") or ""
    return figures.plain(name) if isinstance(name, str) else ""
