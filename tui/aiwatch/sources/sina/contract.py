"""What Sina's quote lines look like, market by market, as `aiwatch.sources.sina.quote` reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiwatch.market.symbol import Symbol
from aiwatch.sources.contract import (
    FIGURE,
    PRICE,
    TEXT,
    Field,
    Look,
    Relation,
    entry_departures,
    framed,
    in_order,
    is_difference,
    json_of,
    line_departures,
    number,
    pattern,
    rows_of,
)
from aiwatch.sources.sina.codes import REAL_TIME, code_of
from aiwatch.sources.sina.source import lines_of

_DATE = pattern("a date", r"\d{4}[-/]\d\d[-/]\d\d")
_CLOCK = pattern("a time", r"\d\d:\d\d(?::\d\d)?")
_MOMENT = pattern("a date and a time", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_NEW_YORK = pattern("a time in New York", r"[A-Z][a-z]{2} \d{1,2} \d\d:\d\d(?:AM|PM) E[SD]T")


def _prices(names: Mapping[int, str]) -> list[Field]:
    return [Field(name, place, PRICE) for place, name in names.items()]


_CHINA = (
    [
        Field("name", 0, TEXT),
        *_prices({1: "open", 2: "previous close", 3: "last price", 4: "high", 5: "low", 8: "volume", 9: "turnover"}),
        *(Field(f"order book, part {place - 9}", place, FIGURE) for place in range(10, 30)),
        Field("date", 30, _DATE),
        Field("time", 31, _CLOCK),
    ],
    (in_order("low, last price and high stand in order", 5, 3, 4),),
)
_HONG_KONG = (
    [
        Field("English name", 0, TEXT),
        Field("name", 1, TEXT),
        *_prices({2: "open", 3: "previous close", 4: "high", 5: "low", 6: "last price", 7: "change"}),
        *_prices({8: "change in percent", 9: "bid", 10: "ask", 11: "turnover", 12: "volume"}),
        *_prices({15: "high of 52 weeks", 16: "low of 52 weeks"}),
        Field("date", 17, _DATE),
        Field("time", 18, _CLOCK),
    ],
    (
        is_difference("change is last price less previous close", 7, 6, 3),
        in_order("low, last price and high stand in order", 5, 6, 4),
    ),
)
_UNITED_STATES = (
    [
        Field("name", 0, TEXT),
        *_prices({1: "last price", 2: "change in percent"}),
        Field("time in Beijing", 3, _MOMENT),
        *_prices({4: "change", 5: "open", 6: "high", 7: "low", 8: "high of 52 weeks", 9: "low of 52 weeks"}),
        *_prices({10: "volume", 12: "market value"}),
        Field("price by earnings", 14, FIGURE),
        Field("time in New York", 25, _NEW_YORK),
        Field("previous close", 26, PRICE),
    ],
    (
        is_difference("change is last price less previous close", 4, 1, 26),
        in_order("low, last price and high stand in order", 7, 1, 6),
    ),
)
_RATE = (
    [
        Field("time", 0, _CLOCK),
        *_prices({1: "bid", 2: "ask", 3: "previous close", 5: "open", 6: "high", 7: "low", 8: "last price"}),
    ],
    (in_order("low, last price and high stand in order", 7, 8, 6),),
)
_BY_PREFIX: Mapping[str, tuple[list[Field], tuple[Relation, ...]]] = {
    "sh": _CHINA,
    "sz": _CHINA,
    "bj": _CHINA,
    "rt_hk": _HONG_KONG,
    "hk": _HONG_KONG,
    "gb_": _UNITED_STATES,
    "fx": _RATE,
}


def departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`."""
    texts = {code: symbol.text for symbol in symbols if (code := code_of(symbol))}
    changes: dict[str, tuple[str, ...]] = {}
    for line in lines_of(body, ""):
        name, mark, content = line.partition('="')
        code = name.strip().removeprefix("var hq_str_")
        text = texts.get(code) or texts.get(REAL_TIME + code)
        if not mark or not name.strip().startswith("var hq_str_"):
            changes[""] = ('lines do not begin with var hq_str_CODE=" any more',)
        elif text is not None:
            fields = content.rstrip('"; \r\n').split(",")
            expected, relations = next(each for prefix, each in _BY_PREFIX.items() if code.startswith(prefix))
            changed = line_departures(fields, expected, relations)
            if code.startswith("fx") and not _DATE.fits(fields[-1]):
                changed = (*changed, f"date, the last field: a date was there, now {fields[-1][:20]!r}")
            changes[text] = changed
    return changes


_PRICE = Look("a figure as text", lambda value: isinstance(value, str) and number(value) is not None)
_BAR = [Field("day", "day", pattern("a date", r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?"))]
_BAR += [Field(name, name, _PRICE) for name in ("open", "high", "low", "close", "volume")]


@framed
def bars_departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of days. The newest row is compared."""
    row = rows_of(json_of(body))[-1]
    return {symbol.text: entry_departures(row, _BAR) for symbol in symbols}
