"""Yahoo Finance: every market, US prices without delay and others 15 to 20 minutes late, in batches of twenty.

``GET /v7/finance/spark``, which asks for neither key nor cookie; read by `yahoo_spark`.

Yahoo's spark and chart answers, read. Pure: bytes in, quotes and refusals out.

Three shapes carry the same ``meta``, which `yahoo_meta` reads: the v7 spark
``{"spark": {"result": [{"symbol", "response": [{"meta"}]}]}}``, the v8 chart ``{"chart": {"result": [{"meta"}]}}``, and
the v8 spark ``{"AAPL": {"timestamp", "close", "previousClose"}}``, whose newest bar stands for the quote. A symbol that
Yahoo does not know is simply missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiwatch.errors import Garbled, RateLimited, Refused
from aiwatch.files.bounded import reason_of
from aiwatch.market.calendar.hours import read_zones
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal, parsing
from aiwatch.sources.answer_guard import decode_json, raises_garbled
from aiwatch.sources.http import HttpSource
from aiwatch.sources.yahoo.meta import quote_of

_MOST_STRAY = 200
"""Entries beyond four for each symbol that an answer may have."""
_NONE_FOUND = "Not Found"
TOO_MANY = "too many requests"
"""What Yahoo says, in small letters, when it wants silence, not always with the status that means it."""
_BAR_KEYS = frozenset({"timestamp", "close", "previousClose", "chartPreviousClose", "regularMarketPrice"})
"""An entry of the v8 spark has some of them."""


@raises_garbled
def parse(body: bytes, symbols: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """The answer ``body`` to a request for ``symbols`` over the range of one day.

    Raises `Garbled` when it is no such answer or when nothing of several symbols is in it, `Refused` or `RateLimited`
    when it is an error of Yahoo's own.
    """
    by_text = {symbol.text: symbol for symbol in symbols}
    return answer_of(_entries(decoded(body, host), host, alone=len(by_text) == 1), by_text, quote_of, received_at, host)


def answer_of(
    entries: Iterable[tuple[str, dict[str, Any]]],
    by_text: Mapping[str, Symbol],
    read: Callable[[Symbol, dict[str, Any], datetime], Quote | None],
    received_at: datetime,
    host: str,
) -> Answer:
    """What ``entries``, each with its symbol text or none, say of those in ``by_text``; ``read`` makes a quote of one.

    Matched by symbol, never by place. Raises `Garbled` when nothing of several symbols is among them.
    """
    results: dict[str, Quote | Refusal | None] = {}
    stray: list[Refusal] = []
    for number, (text, entry) in enumerate(entries):
        if number > 4 * len(by_text) + _MOST_STRAY:
            raise Garbled(host, f"far more entries than the {len(by_text)} asked for")
        symbol = by_text.get(text)
        if symbol is None:
            stray.append(Refusal(parsing.plain(text, 20), "was not asked for" if text else "an entry without a symbol"))
            continue
        try:
            results[text] = read(symbol, entry, received_at)
        except Exception as error:  # a `InvalidLine`, or a field that nobody has thought of: it hurts no other symbol
            results[text] = Refusal(text, reason_of(error))
    if len(by_text) > 1 and not results:
        raise Garbled(host, f"none of the {len(by_text)} symbols asked for is in the answer")
    if any(not refusal.symbol for refusal in stray):
        for text in by_text.keys() - results.keys():
            results[text] = Refusal(text, "its entry may be among those without a symbol")
    return Answer(
        quotes=tuple(entry for entry in results.values() if isinstance(entry, Quote)),
        unknown=frozenset(symbol for text, symbol in by_text.items() if results.get(text) is None),
        refused=(*(entry for entry in results.values() if isinstance(entry, Refusal)), *stray),
    )


def zones_of(answer: Answer) -> frozenset[str]:
    """The time zones in which the quotes of ``answer`` are given; they have to be read from disk."""
    zones = {zone for quote in answer.quotes for zone in (quote.symbol.zone, quote.zone) if zone}
    return frozenset(zones)


def decoded(body: bytes, host: str) -> dict[str, Any]:
    """The JSON object ``body`` spells. Raises `Garbled`, and `RateLimited` for a text that asks for silence."""
    try:
        value = decode_json(body)
    except (ValueError, RecursionError):
        start = parsing.plain(body[:200].decode("utf-8", "replace"), 60)
        if TOO_MANY in start.lower():
            raise RateLimited(host, start) from None
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
            raise Garbled(host, f"no result under {parsing.plain(envelope, 20)!r}")
        return
    if value and not any(isinstance(entry, dict) and not _BAR_KEYS.isdisjoint(entry) for entry in value.values()):
        raise Garbled(host, "JSON of another format")
    for text, entry in value.items():  # one at a time: the caller stops at far too many
        yield text, entry if isinstance(entry, dict) else {}


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
    code, description = (parsing.plain(text) if isinstance(text, str) else "" for text in texts)
    if alone and code == _NONE_FOUND:
        return
    message = ": ".join(filter(None, (code, description))) or "an error without words"
    if TOO_MANY in message.lower():
        raise RateLimited(host, message)
    raise Refused(host, message)


PATH = "/v7/finance/spark"
_NOT_FOUND = "HTTP 404: Not Found: "
"""How the refusal of Yahoo itself begins; a proxy's 404 has no code with a description."""
_QUESTION = {
    "range": "1d",
    "interval": "5m",
    "indicators": "close",
    "includeTimestamps": "false",
    "includePrePost": "false",
}


class Yahoo(HttpSource):
    """The `Source` of Yahoo Finance; see `HttpSource` for how it is made, opened and closed."""

    name = "yahoo"
    batch_limit = 20

    def covers(self, symbol: Symbol) -> bool:
        """Yes: symbols are spelled Yahoo's way, so it may know any."""
        return True

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for ``symbols``; see `Source.fetch`."""
        if not symbols:
            return Answer(())
        try:
            body = await self.get(PATH, {"symbols": ",".join(symbol.text for symbol in symbols), **_QUESTION})
        except Refused as refused:
            # Asked for one symbol it does not know, Yahoo says 404; that is an answer, not an outage.
            if len(set(symbols)) == 1 and str(refused).startswith(_NOT_FOUND):
                return Answer((), unknown=frozenset(symbols))
            raise
        answer = parse(body, symbols, self.clock(), self.host)
        await asyncio.to_thread(read_zones, zones_of(answer))
        return answer
