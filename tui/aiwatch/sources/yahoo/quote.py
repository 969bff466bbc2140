"""Yahoo's richer quotes: bid and ask, prices outside the regular session, the delay of each; an extra that is off
unless the settings switch it on.

``GET /v7/finance/quote`` with a cookie and the crumb that belongs to it, see `yahoo_session`; read by `yahoo_rich`.

An entry of Yahoo's ``/v7/finance/quote``, read and checked. Pure: bytes in, quotes and refusals out.

The answer is ``{"quoteResponse": {"result": [entry], "error": null}}``. A symbol Yahoo does not know is missing, a
delisted one may be there without a price. Numbers may come as ``{"raw": 1.5, "fmt": "1.50"}``. What the entry shares
with a chart's ``meta`` is read as that is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings
from aiwatch.errors import Garbled, Refused
from aiwatch.market.calendar.hours import read_zones
from aiwatch.market.quote import AHEAD, Extended, Level, Quote, Trading, coherent
from aiwatch.market.symbol import FX, US, Board, Symbol
from aiwatch.sources import Answer, parsing
from aiwatch.sources.answer_guard import raises_garbled
from aiwatch.sources.http import HttpSource
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.yahoo import meta as yahoo_meta
from aiwatch.sources.yahoo import spark as yahoo_spark
from aiwatch.sources.yahoo.meta import number, positive, scaled
from aiwatch.sources.yahoo.session import YahooSession
from aiwatch.sources.yahoo.spark import zones_of

_ENVELOPE = "quoteResponse"
_PRE, _REGULAR = "PRE", "REGULAR"
_ROUND_LOT, _LOT_CERTAIN_BELOW = 100, 200.0
"""Sizes of US orders are in round lots, as recordings show in which the host's company facts give the same orders in
hundreds. A round lot has 100 shares, but fewer of stocks that cost more than 250 dollars in the mean of a month (SEC,
Rule 600 of Regulation NMS, since November 2025): nothing is claimed from a little below that. Other markets' unit is
not known."""
_MOST_KEYS = 300
"""Fields of an entry; a real one has about ninety, and each is looked at."""
_SHARED = {
    "regularMarketPreviousClose": "previousClose",
    "quoteType": "instrumentType",
}
"""Keys that a ``meta`` calls otherwise."""


@raises_garbled
def parse(body: bytes, symbols: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The answer ``body`` to a request for ``symbols``.

    Entries are matched by their symbol, never by place. Raises `Garbled` when it is no such answer or when nothing of
    several symbols is in it, `Refused` or `RateLimited` when it is an error of Yahoo's own.
    """
    by_text = {symbol.text: symbol for symbol in symbols}
    entries = map(_entry, _result(yahoo_spark.decoded(body, host), host))
    return yahoo_spark.answer_of(entries, by_text, quote_of, received_at, host)


def _entry(item: Any) -> tuple[str, dict[str, Any]]:
    """The text of an item's symbol, empty when it has none that can be shown, and its fields; none of an item that is
    no entry, or has more than `_MOST_KEYS`."""
    is_entry = isinstance(item, dict) and len(item) <= _MOST_KEYS
    entry = {key: _raw(value) for key, value in item.items()} if is_entry else {}
    text = entry.get("symbol")
    return (text if isinstance(text, str) and parsing.plain(text, 20) else ""), entry


def quote_of(symbol: Symbol, entry: dict[str, Any], received_at: datetime) -> Quote | None:
    """The quote that ``entry`` (its numbers unwrapped) makes of ``symbol``; ``None`` when there is no price in it.

    Raises `InvalidLine` with the reason when it is not believed.
    """
    meta = entry | {name: entry.get(key) for key, name in _SHARED.items()}
    quote = yahoo_meta.quote_of(symbol, meta, received_at)
    if quote is None:
        return None
    _, _, factor = yahoo_meta.whole_currency(entry.get("currency"))
    _check_change(entry, quote, factor)
    bid, ask = (_best_order(entry, side, quote, factor) for side in ("bid", "ask"))
    if bid and ask and bid[0] > ask[0]:
        bid = ask = None
    index = symbol.board in (Board.INDEX, Board.CURRENCY, Board.FUTURE)
    full = replace(
        quote,
        source="yahoo_quote",
        open=_price(entry, "regularMarketOpen", factor) if quote.trading is Trading.TRADED else None,
        bid=bid[0] if bid else None,
        ask=ask[0] if ask else None,
        bid_size=bid[1] if bid else None,
        ask_size=ask[1] if ask else None,
        bids=(bid,) if bid else (),
        asks=(ask,) if ask else (),
        pe=positive(entry, "trailingPE"),
        market_cap=None if index else positive(entry, "marketCap", parsing.ABSURD_AMOUNT),
        extended=_extended(entry, factor, received_at),
    )
    return coherent(full)


def _result(value: dict[str, Any], host: str) -> list[Any]:
    for envelope, inner in value.items():
        if not isinstance(inner, dict) or "result" not in inner:
            continue
        if inner.get("error") is not None:
            yahoo_spark.refuse(inner["error"], host, alone=False)
        if envelope != _ENVELOPE or not isinstance(inner["result"], list):
            raise Garbled(host, f"no result under {parsing.plain(envelope, 20)!r}")
        return list(inner["result"])
    raise Garbled(host, "JSON of another format")


def _raw(value: Any) -> Any:
    """The number in ``{"raw": number, "fmt": text}``; anything else as it is."""
    return value.get("raw") if isinstance(value, dict) else value


def _price(entry: dict[str, Any], key: str, factor: float) -> float | None:
    return scaled(positive(entry, key), factor)


def _check_change(entry: dict[str, Any], quote: Quote, factor: float) -> None:
    """Raise `InvalidLine` when the change sent does not fit price and previous close, give or take single precision."""
    change = number(entry, "regularMarketChange")
    if change is None or quote.previous_close is None or quote.trading is not Trading.TRADED:
        return
    slack = 1.01 * 10.0 ** -max(2, quote.decimals) + quote.last * 1e-6
    if abs(quote.last - quote.previous_close - change * factor) > slack:
        raise InvalidLine(f"a change of {change:g} does not fit {quote.last:g} after {quote.previous_close:g}")


def _best_order(entry: dict[str, Any], side: str, quote: Quote, factor: float) -> Level | None:
    """The best ``bid`` or ``ask``, in the regular session alone: outside of it they are left over, and those of
    currencies were seen far from the price."""
    if quote.symbol.exchange == FX or entry.get("marketState") != _REGULAR:
        return None
    price, size = _price(entry, side, factor), positive(entry, f"{side}Size")
    if price is None:
        return None
    is_in_lots = quote.symbol.exchange == US and quote.last < _LOT_CERTAIN_BELOW
    return price, round(size * _ROUND_LOT) if size is not None and size >= 1 and is_in_lots else None


def _extended(entry: dict[str, Any], factor: float, received_at: datetime) -> Extended | None:
    """The price before or after the regular session; none while that runs. The last one after it stays on while the
    market is closed."""
    state = entry.get("marketState")
    if state == _REGULAR or not isinstance(state, str):
        return None
    when = "pre" if state == _PRE else "post"
    last, seconds = _price(entry, f"{when}MarketPrice", factor), number(entry, f"{when}MarketTime")
    if last is None or seconds is None or not 0 < seconds < 1e11:
        return None
    as_of = datetime.fromtimestamp(int(seconds), UTC)
    return Extended(when, last, as_of) if as_of - received_at <= AHEAD else None


PATH = "/v7/finance/quote"
UNAUTHORIZED = 401


class YahooQuote(HttpSource):
    """The `Source` of Yahoo's richer quotes; nothing is asked, not even for a cookie, before the first `fetch`."""

    name = "yahoo_quote"
    batch_limit = 20
    keeps_cookies = True

    def __init__(
        self,
        settings: SourceSettings,
        clock: Callable[[], datetime],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock, transport=transport)
        self._session = YahooSession(self, settings)

    def covers(self, symbol: Symbol) -> bool:
        """Yes: symbols are spelled Yahoo's way, so it may know any."""
        return True

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for ``symbols``, and once more with a new session when Yahoo refuses the crumb; see
        `Source.fetch`."""
        if not symbols:
            return Answer(())
        try:
            body = await self._ask(symbols)
        except Refused as refused:
            if refused.status != UNAUTHORIZED:
                raise
            self._session.drop(str(refused))
            body = await self._again(symbols)
        answer = parse(body, symbols, self.clock(), self.host)
        await asyncio.to_thread(read_zones, zones_of(answer))
        return answer

    async def _ask(self, symbols: Sequence[Symbol]) -> bytes:
        crumb = await self._session.crumb()
        return await self.get(PATH, {"symbols": ",".join(symbol.text for symbol in symbols), "crumb": crumb})

    async def _again(self, symbols: Sequence[Symbol]) -> bytes:
        try:
            return await self._ask(symbols)
        except Refused as refused:
            if refused.status == UNAUTHORIZED:
                self._session.drop(str(refused))
            raise
