"""What Yahoo's search and its charts look like, as `aiwatch.sources.yahoo.search` and `.bars` read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiwatch.market.symbol import Symbol
from aiwatch.sources.contract import (
    CURRENCY,
    NUMBER,
    WORD,
    Departed,
    Field,
    framed,
    inside,
    json_of,
    object_departures,
    rows_of,
    type_words,
)

_QUOTE = (
    Field("symbol", "symbol", WORD),
    Field("kind", "quoteType", WORD),
    Field("name", "shortname", WORD),
    Field("full name", "longname", WORD, optional=True),
    Field("exchange", "exchDisp", WORD, optional=True),
)
_META = (
    Field("symbol", "symbol", WORD),
    Field("currency", "currency", CURRENCY),
    Field("time zone", "exchangeTimezoneName", WORD),
    Field("decimals", "priceHint", NUMBER, optional=True),
    Field("previous close", "chartPreviousClose", NUMBER, optional=True),
)
_COLUMNS = ("open", "high", "low", "close", "volume")


@framed
def search_departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of a search for a symbol."""
    quotes = rows_of(json_of(body), "quotes")
    changes: dict[str, tuple[str, ...]] = {}
    for symbol in symbols:
        own = [quote for quote in quotes if isinstance(quote, dict) and symbol.text in quote.values()]
        if not own:
            raise Departed(f"no entry of {symbol}, the first is {type_words(quotes[0])}")
        changes[symbol.text] = object_departures(own[0], _QUOTE)
    return changes


@framed
def bars_departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of a chart of days."""
    result = inside(json_of(body), "chart", "result", 0)
    meta = inside(result, "meta")
    stamps = rows_of(result, "timestamp")
    columns = inside(result, "indicators", "quote", 0)
    if not isinstance(meta, dict) or not isinstance(columns, dict):
        raise Departed(f"'meta' and 'quote': objects were there, now {type_words(meta)} and {type_words(columns)}")
    changed = (*object_departures(meta, _META), *_column_departures(stamps, columns))
    return {symbol.text: changed for symbol in symbols}


def _column_departures(stamps: Sequence[Any], columns: Mapping[str, Any]) -> tuple[str, ...]:
    changed = [] if NUMBER.fits(stamps[-1]) else [f"'timestamp': numbers were there, now {type_words(stamps[-1])}"]
    for name in _COLUMNS:
        column = columns.get(name)
        if not isinstance(column, list):
            changed.append(f"{name!r}: a list was there, now {type_words(column)}")
        elif len(column) != len(stamps):
            changed.append(f"{name!r}: {len(column)} rows for {len(stamps)} times")
        elif wrong := [value for value in column if value is not None and not NUMBER.fits(value)]:
            changed.append(f"{name!r}: numbers were there, now {type_words(wrong[0])}")
    return tuple(changed)
