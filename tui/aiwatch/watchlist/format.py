"""The keys of a watchlist file: what each means, and what may stand there.

The reader, the JSON Schema and the reference in ``watchlists/README.md`` all go by these tables.

The keys of the board's columns, as ``columns`` in a watchlist names them, and what each column shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

_USUAL = {
    "symbol": "the symbol",
    "name": "the name, English or Chinese",
    "last": "the last price",
    "change_percent": "the day's change in percent",
    "change": "the day's change in the stock's currency",
    "volume": "shares traded",
    "turnover": "what they cost together",
    "turnover_rate": "shares traded in percent of those in circulation",
    "volume_ratio": "the volume beside that of the last days at the same hour",
    "range": "where the price stands between the day's low and high",
    "to_limit": "how far it is to the nearer daily limit, in percent",
    "day": "the day's line",
    "age": "how old the price is, or why it does not move",
}
_POSITION = {
    "quantity": "how many shares you hold",
    "cost": "what one share of them cost",
    "value": "what they are worth now",
    "day_gain": "what they gained today",
    "gain": "what they gained since they were bought",
    "gain_percent": "the same in percent of their cost",
}
_FURTHER = {
    "open": "the first price of the day",
    "high": "the day's highest price",
    "low": "the day's lowest price",
    "previous_close": "the close before",
    "amplitude": "from the day's low to its high, in percent",
    "bid": "the best price offered for it",
    "ask": "the best price asked for it",
    "vwap": "the mean price of the shares traded today",
    "high_52w": "the highest price of 52 weeks",
    "low_52w": "the lowest price of 52 weeks",
    "pe": "the price beside a year's earnings",
    "market_cap": "what all shares are worth together",
    "role": "the stock's role",
    "tags": "the stock's tags",
}

COLUMN_WORDS = {**_USUAL, **_POSITION, **_FURTHER}
"""Every column there is with what it shows: those that the board shows by itself in their order, then the others."""
COLUMN_KEYS = tuple(COLUMN_WORDS)
POSITION_COLUMN_KEYS = tuple(_POSITION)
"""The columns of what a person holds."""


class Key(Struct, frozen=True):
    """A key of a table: ``meaning`` is for people, ``form`` says in JSON Schema what may stand there."""

    name: str
    meaning: str
    form: Mapping[str, Any]
    required: bool = False


class KeyTable(Struct, frozen=True):
    """The keys that a table may have, in the order in which they are told and written."""

    keys: tuple[Key, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(key.name for key in self.keys)


_LINE = {"type": "string", "pattern": r"\S"}
_LINE_OR_NOTHING = {"type": "string"}
_POSITIVE = {"type": "number", "exclusiveMinimum": 0}

ALERT = KeyTable(
    (
        Key("above", "a price above which you want to be told, in the stock's currency", _POSITIVE),
        Key("below", "a price below which you want to be told; less than `above`", _POSITIVE),
        Key("change_percent", "a day's change of that many percent, either way", _POSITIVE),
        Key("limit", "`true`: the daily limit was touched, or left again", {"type": "boolean"}),
        Key("volume_ratio", "a volume ratio of at least that much", _POSITIVE),
    )
)
"""The keys of ``alerts``."""

STOCK = KeyTable(
    (
        Key("symbol", "in any form people write: `002837.SZ`, `sz002837`, `0700.HK`, `BRK.B`", _LINE, required=True),
        Key("name", "the company's name in English; without it, what other lists, the ledger or the source say", _LINE),
        Key("name_zh", "its name in Chinese", _LINE_OR_NOTHING),
        Key("role", "its place in the chain", _LINE_OR_NOTHING),
        Key("printed_as", "how an article printed the name, where that differs", _LINE_OR_NOTHING),
        Key("note", "a line of your own", _LINE_OR_NOTHING),
        Key(
            "tags",
            'a list of words to find it by, each once: `["pumps", "a-share"]`',
            {"type": "array", "items": _LINE, "uniqueItems": True},
        ),
        Key(
            "quantity",
            "how many shares you hold; less than 0 when sold short, never 0",
            {"type": "number", "not": {"const": 0}},
        ),
        Key(
            "cost",
            "what one share of them cost, in the stock's currency; at least 0",
            {"type": "number", "minimum": 0},
        ),
        Key("alerts", "when you want to be told of it, in a table", {"type": "object"}),
    )
)
"""The keys of a ``[[stock]]``."""

LIST = KeyTable(
    (
        Key("name", "what its tab shows; without it, the name of the file", _LINE),
        Key("description", "what the list is about, in a sentence", _LINE_OR_NOTHING),
        Key(
            "order",
            "a whole number: lists with one come first, the lowest leftmost; the others follow by file name",
            {"type": "integer"},
        ),
        Key("benchmark", "a symbol that the list's change is measured against", _LINE),
        Key(
            "columns",
            "the board's columns for this list, in the order you want",
            {"type": "array", "items": {"enum": list(COLUMN_KEYS)}, "uniqueItems": True},
        ),
        Key(
            "symbols",
            'stocks of which there is no more to say: `["NVDA", "600519.SS"]`; they stand before those under heads',
            {"type": "array", "items": _LINE, "uniqueItems": True},
        ),
        Key("stock", "the stocks, each under its own `[[stock]]` head; a list may be empty", {"type": "array"}),
    )
)
"""The keys above the first ``[[stock]]``, and that head itself."""
