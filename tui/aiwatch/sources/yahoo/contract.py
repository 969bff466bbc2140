"""What Yahoo's quotes look like: the ``meta`` of a spark, and the entry of its richer quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiwatch.market.symbol import Symbol
from aiwatch.sources.contract import CURRENCY, NUMBER, OBJECT, WORD, Field, object_departures, type_words
from aiwatch.sources.yahoo.spark import decoded

_META = (
    Field("symbol", "symbol", WORD),
    Field("price", "regularMarketPrice", NUMBER),
    Field("time", "regularMarketTime", NUMBER),
    Field("currency", "currency", CURRENCY),
    Field("kind", "instrumentType", WORD),
    Field("previous close", "chartPreviousClose", NUMBER),
    Field("high", "regularMarketDayHigh", NUMBER),
    Field("low", "regularMarketDayLow", NUMBER),
    Field("volume", "regularMarketVolume", NUMBER, optional=True),
    Field("high of 52 weeks", "fiftyTwoWeekHigh", NUMBER, optional=True),
    Field("low of 52 weeks", "fiftyTwoWeekLow", NUMBER, optional=True),
    Field("decimals", "priceHint", NUMBER, optional=True),
    Field("time zone", "exchangeTimezoneName", WORD),
    Field("regular session", "currentTradingPeriod", OBJECT, optional=True),
)
_RICH = (
    Field("symbol", "symbol", WORD),
    Field("price", "regularMarketPrice", NUMBER),
    Field("time", "regularMarketTime", NUMBER),
    Field("currency", "currency", CURRENCY),
    Field("kind", "quoteType", WORD),
    Field("previous close", "regularMarketPreviousClose", NUMBER),
    Field("state of the market", "marketState", WORD),
    Field("change", "regularMarketChange", NUMBER, optional=True),
)


def departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of a spark."""
    result = _result(decoded(body, ""), "spark")
    if isinstance(result, str):
        return {"": (result,)}
    changes: dict[str, tuple[str, ...]] = {}
    for item in result:
        meta = _meta_of(item)
        if meta is None:
            changes[""] = ("an entry without 'response' and 'meta' in it",)
        else:
            _note(changes, item.get("symbol", meta.get("symbol")), symbols, object_departures(meta, _META))
    return changes


def _meta_of(item: Any) -> dict[str, Any] | None:
    """The ``meta`` of an entry of a spark, where it is in its place."""
    try:
        meta = item["response"][0]["meta"]
    except (LookupError, TypeError):
        return None
    return meta if isinstance(meta, dict) else None


def rich_departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of the richer quotes, whose numbers may stand in objects."""
    result = _result(decoded(body, ""), "quoteResponse")
    if isinstance(result, str):
        return {"": (result,)}
    changes: dict[str, tuple[str, ...]] = {}
    for item in result:
        if not isinstance(item, dict):
            changes[""] = (f"an entry that is {type_words(item)}",)
            continue
        entry = {key: value.get("raw") if isinstance(value, dict) else value for key, value in item.items()}
        _note(changes, entry.get("symbol"), symbols, object_departures(entry, _RICH))
    return changes


def _result(answer: Mapping[str, Any], envelope: str) -> list[Any] | str:
    """The entries of an answer, or what has changed about that in which they stand."""
    changed = object_departures(answer, (Field("envelope", envelope, OBJECT),))
    if changed:
        return changed[0]
    result = answer[envelope].get("result")
    return result if isinstance(result, list) else f"'{envelope}.result': a list was there, now {type_words(result)}"


def _note(
    changes: dict[str, tuple[str, ...]], text: object, symbols: Sequence[Symbol], changed: tuple[str, ...]
) -> None:
    """Note what has changed of the entry of ``text``: where that is none of the symbols, of the whole answer."""
    is_known = isinstance(text, str) and any(text == symbol.text for symbol in symbols)
    if is_known:
        changes[str(text)] = changed
    else:
        changes[""] = changed or ("an entry whose symbol was not asked for",)
