"""What a message of Yahoo's stream looks like, as `aiwatch.sources.yahoo_stream.frames` reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiwatch.market.symbol import Symbol
from aiwatch.sources.contract import NUMBER, WORD, Departed, Field, framed, object_departures
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.yahoo_stream.frames import payload
from aiwatch.sources.yahoo_stream.protobuf import decode

_PRICE = (
    Field("symbol", "id", WORD),
    Field("price", "price", NUMBER),
    Field("time", "time", NUMBER),
    Field("exchange", "exchange", WORD),
    Field("kind", "quote_type", NUMBER),
)
"""What is on the wire of every price; the rest is left out where it is zero."""


@framed
def departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of one message."""
    try:
        fields = dict(decode(payload(body)))
    except InvalidLine as error:
        raise Departed(str(error)) from None
    texts = [symbol.text for symbol in symbols]
    name = str(fields.get("id", ""))
    return {name if name in texts else "": object_departures(fields, _PRICE)}
