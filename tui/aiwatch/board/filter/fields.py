"""What a filter may ask of a row: every column by its names in English and Chinese, and how its value is found."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, cast

from aiwatch.board.cells import FilterContext
from aiwatch.board.column import Column, Texts, folded
from aiwatch.board.columns import BY_KEY
from aiwatch.market.quote import Quote
from aiwatch.watchlist import Stock
from aiwatch.watchlist.pinyin import matches_pinyin

Number = Callable[[Stock, Quote | None, FilterContext], float | None]
"""Gives the figure of a row; ``None`` where it has none."""


class Field(NamedTuple):
    """What a comparison may name: its names, the one that is suggested first, and how its texts are found (``None`` for
    figures)."""

    names: tuple[str, ...]
    texts: Texts | None = None


_WITHOUT_COLUMN: Mapping[str, Field] = {
    "printed_as": Field(("printed", "printed as", "译名"), lambda stock: folded(stock.printed_as)),
    "note": Field(("note", "备注"), lambda stock: folded(stock.note)),
    "exchange": Field(("exchange", "market", "交易所", "市场"), lambda stock: folded(stock.symbol.exchange.code)),
}
"""Texts that no column shows."""

LONGEST_NAME = 3
"""Words of a column's name at most, as in ``to limit``."""
_OF_NO_WEIGHT = re.compile(r"[\s._/\-]")


def _compared(name: str) -> str:
    """``name`` as it is compared: without blanks, points and strokes; ``percent`` is ``%``."""
    return _OF_NO_WEIGHT.sub("", name.casefold()).replace("percent", "%")


def fields() -> dict[str, Field]:
    """All that a comparison may name, by its key: the columns, and texts that no column shows."""
    return {**{key: Field(column.filter_names, column.texts) for key, column in BY_KEY.items()}, **_WITHOUT_COLUMN}


def _keys() -> dict[str, str]:
    return _keys_of(tuple(BY_KEY.values()))


@lru_cache(maxsize=1)
def _keys_of(columns: tuple[Column, ...]) -> dict[str, str]:
    """The key of each name as it is compared; a column is called by its key, its title and its ``filter_names``."""
    names: dict[str, str] = {}
    for column in sorted(columns, key=lambda column: column.texts is not None):  # figures are compared more often
        names |= {_compared(name): column.key for name in (column.key, column.title, *column.filter_names)}
    return names | {_compared(name): key for key, field in _WITHOUT_COLUMN.items() for name in (key, *field.names)}


def column_of(name: str) -> str:
    """The key of the column called ``name``; empty if none is."""
    return _keys().get(_compared(name), "")


def nearest(name: str) -> str:
    """The name of a column most like ``name``; empty if none is like it."""
    keys = _keys()
    near = difflib.get_close_matches(_compared(name), keys, n=1, cutoff=0.6)
    return fields()[keys[near[0]]].names[0] if near else ""


def unfinished(text: str) -> str:
    """How the column would be compared whose name the last words of ``text`` begin, or say without comparing it, or
    nearly say; empty if there is none."""
    keys, words = _keys(), text.split()
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        begun = _compared("".join(words[-count:]))
        key = next((key for name, key in keys.items() if begun and name.startswith(begun)), "")
        if key:
            return _comparison_of(key)
    near = difflib.get_close_matches(_compared(words[-1]), keys, n=1, cutoff=0.8) if words else []
    return _comparison_of(keys[near[0]]) if near else ""


def _comparison_of(key: str) -> str:
    field = fields()[key]
    return f"{field.names[0]} {'> 3' if field.texts is None else '~ word'}"


def texts_of(key: str) -> Texts | None:
    """How the texts of column ``key`` are found; ``None`` for a column of figures."""
    return fields()[key].texts


def number_of(key: str) -> Number:
    """How the figure of column ``key`` is found: percents as percents, the place in the day's range from 0 to 100, the
    age in seconds. Raises ``KeyError`` for what is no column, ``ValueError`` for a column of texts."""
    column = BY_KEY[key]
    if column.texts is not None:
        raise ValueError(f"column {key!r} has texts, not figures")
    return cast(Number, column.value_of)


def matches_word(stock: Stock, word: str) -> bool:
    """Whether the plain ``word`` (in lower case) is in anything that is known of ``stock``, or is how its Chinese name
    is typed in Latin letters, as far as that has been learnt."""
    texts = (stock.symbol.text, stock.name, stock.name_zh, stock.role, stock.printed_as, *stock.tags)
    if word in "\n".join(texts).casefold():
        return True
    return bool(stock.name_zh) and word.isascii() and matches_pinyin(stock.name_zh, word)
