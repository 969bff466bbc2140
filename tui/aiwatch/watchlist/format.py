"""The keys of a watchlist file: what each means, and what may stand there.

The reader, the JSON Schema and the reference in ``watchlists/README.md`` all go by these tables.

Which columns there are is the board's to know: who reads a list, or writes its schema, passes their keys in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Key(Struct, frozen=True):
    """A key of a table: ``meaning`` is for people, ``form`` says in JSON Schema what may stand there."""

    name: str
    meaning: str
    form: Mapping[str, Any]
    required: bool = False


class KeyTable(Struct, frozen=True):
    """The keys that a table may have, in the order in which they are listed and written."""

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
        Key("above", "an alert above this price, in the stock's currency", _POSITIVE),
        Key("below", "an alert below this price; less than `above`", _POSITIVE),
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
        Key("alerts", "when to alert you, in a table", {"type": "object"}),
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
            {"type": "array", "items": _LINE, "uniqueItems": True},
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
