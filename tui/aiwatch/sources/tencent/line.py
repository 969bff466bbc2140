"""The fields of a quote line that are read, picked out by one pattern a market.

Taking a line apart into its 88 fields costs three times what picking thirty does. One pattern takes only plain numbers
where numbers belong and a whole order book; a line that is written otherwise is picked by another that takes anything,
and looked at field by field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.tencent import fields as at
from aiwatch.sources.tencent.fields import Layout

_FIRST = at.LAST
"""The field after the code, with which the text begins."""
_ANY, _PLAIN = "[^~]*+", "[-+0-9.]*+"
_PRICE, _SIZE = r"[0-9]{1,9}+\.[0-9]{1,9}+", "[1-9][0-9]{0,8}+"
"""What stands in a whole order book: no empty price, and no size that is a part of a unit."""
_STEPS_BELOW = 4


class Line(NamedTuple):
    """Texts of a line; those that its market has not are empty. ``book`` are all prices and sizes of the order book."""

    last: str
    previous_close: str
    open: str
    volume: str
    change: str
    high: str
    low: str
    turnover: str
    coarse_turnover: str
    turnover_rate: str
    vwap: str
    high_52w: str
    low_52w: str
    pe: str
    amplitude: str
    market_cap: str
    limit_up: str
    limit_down: str
    volume_ratio: str
    bid: str
    bid_size: str
    ask: str
    ask_size: str
    book: str
    time: str
    status: str
    kind: str
    currency: str
    english_name: str
    lot: str


PRICES = slice(0, 7)
"""The prices and the volume of a `Line`, which every market sends."""
FIGURES = slice(7, 19)
"""Its figures that may be missing."""
BEST = slice(19, 23)
"""The best bid and ask, each with its size."""
_NUMBERS = Line._fields[:19]
_FIXED = {
    "last": at.LAST,
    "previous_close": at.PREVIOUS_CLOSE,
    "open": at.OPEN,
    "volume": at.VOLUME,
    "change": at.CHANGE,
    "high": at.HIGH,
    "low": at.LOW,
    "bid": at.BID,
    "bid_size": at.BID_SIZE,
    "ask": at.ASK,
    "ask_size": at.ASK_SIZE,
    "time": at.TIME,
    "status": at.STATUS,
}
"""Fields that mean the same in every market."""
_OF_BOOK = ("bid", "bid_size", "ask", "ask_size")


_Picker = tuple[re.Pattern[str], Callable[[tuple[str, ...]], tuple[str, ...]]]
"""A pattern, and what puts the texts of its groups into the order of `Line`."""


def picked(text: str, prefix: str) -> tuple[Line, Layout, bool]:
    """What is read of ``text``, all fields from the last price on, of a code with ``prefix``; where its fields are; and
    whether it is written as such lines are: numbers plain or empty, and a book, where there is one, of ten prices and
    whole sizes. Raises `InvalidLine` for one with too few fields.
    """
    layout, (pattern, order) = _usual(prefix)
    match = pattern.match(text)
    if match is not None:
        return _made(Line, order(match.groups())), layout, True
    count = text.count("~") + _BEFORE
    if count < at.LEAST:
        raise InvalidLine(f"{count} fields, fewer than {at.LEAST}")
    layout, (pattern, order) = _any(prefix, count >= layout.length)
    match = pattern.match(text)
    assert match is not None, "it takes anything with that many fields"
    return Line._make(order(match.groups())), layout, False


_made = tuple.__new__  # a third of the time of `Line._make`
_BEFORE = 4
"""Fields of a line less the separators after its code: the market, the name, the code, and the last one."""


@cache
def _usual(prefix: str) -> tuple[Layout, _Picker]:
    """Where the fields of a full line are, and the picker of one that is written as usual."""
    layout = at.LAYOUTS[prefix]
    return layout, _picker(layout, is_full=True, usual=True)


@cache
def _any(prefix: str, is_full: bool) -> tuple[Layout, _Picker]:
    """The same for every line with enough fields."""
    layout = (at.LAYOUTS if is_full else at.SHORT_LAYOUTS)[prefix]
    return layout, _picker(layout, is_full=is_full, usual=False)


def _picker(layout: Layout, *, is_full: bool, usual: bool) -> _Picker:
    places: dict[str, int] = {name: _FIXED.get(name, getattr(layout, name, at.ABSENT)) for name in Line._fields}
    numbers = {place for name, place in places.items() if name in _NUMBERS}
    most = layout.length if is_full else at.LEAST
    groups: dict[int, int] = {}
    pattern, place = [], _FIRST
    for needed in sorted({*places.values(), at.BID} - {at.ABSENT}):
        if needed < place:  # within the book
            continue
        pattern.append(_skipped(needed - place))
        if needed == at.BID:
            first = len(groups)
            pattern.append(_book(usual=usual and layout.has_book))
            inside = (at.BID, at.BID_SIZE, at.ASK, at.ASK_SIZE)
            groups |= {at.BOOK_END: first} | {field: first + 1 + step for step, field in enumerate(inside)}
            place = at.BOOK_END
        else:
            end = "~" if needed < most - 1 else "(?:~|$)"
            pattern.append(f"({_PLAIN if usual and needed in numbers else _ANY}){end}")
            groups[needed] = len(groups)
            place = needed + 1
    pattern.append("()" + (_skipped(layout.length - 1 - place) if usual else ""))
    absent = len(groups)
    places["book"] = at.BOOK_END
    order = itemgetter(*(groups.get(places[name], absent) for name in Line._fields))
    return re.compile("".join(pattern)), order


def _skipped(count: int) -> str:
    """Fields written out one by one: a repeated group takes twice as long."""
    return f"{_ANY}~" * count


def _book(*, usual: bool) -> str:
    """A pattern of the fields from `BID` up to `BOOK_END`: all of them, and the best prices with their sizes."""
    price, size = (_PRICE, _SIZE) if usual else (_ANY, _ANY)
    side = f"({price})~({size})" + f"~{price}~{size}" * _STEPS_BELOW
    return f"({side}~{side})~"
