"""What Tencent's quote lines look like, by the maps that the parser reads them with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiwatch.market.symbol import Symbol
from aiwatch.sources.contract import (
    CURRENCY,
    FIGURE,
    PRICE,
    TEXT,
    WORD,
    Departed,
    Field,
    framed,
    in_order,
    is_difference,
    json_of,
    line_departures,
    pattern,
    rows_of,
)
from aiwatch.sources.parsing import plain
from aiwatch.sources.tencent import fields as at
from aiwatch.sources.tencent.codes import code_of
from aiwatch.sources.tencent.source import lines_of

_TIMES = {
    "hk": pattern("a time as YYYY/MM/DD HH:MM:SS", r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"),
    "us": pattern("a time as YYYY-MM-DD HH:MM:SS", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
}
_CHINESE_TIME = pattern("a time as YYYYMMDDHHMMSS", r"20\d{12}")
_FIGURES = ("turnover", "turnover_rate", "vwap", "high_52w", "low_52w", "pe", "amplitude", "market_cap", "volume_ratio")
_LIMITS = ("limit_up", "limit_down", "lot")
_RELATIONS = (
    is_difference("change is last price less previous close", at.CHANGE, at.LAST, at.PREVIOUS_CLOSE),
    in_order("low, last price and high stand in order", at.LOW, at.LAST, at.HIGH),
)


def departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`."""
    texts = {code: symbol.text for symbol in symbols if (code := code_of(symbol))}
    changes: dict[str, tuple[str, ...]] = {}
    for line in lines_of(body, ""):
        name, mark, content = line.decode("gb18030", "replace").partition('="')
        code = name.strip().removeprefix("v_")
        if not mark or not name.strip().startswith("v_"):
            changes[""] = ('lines do not begin with v_CODE=" any more',)
        elif code in texts:
            fields = content.rstrip('"; \r\n').split("~")
            changes[texts[code]] = line_departures(fields, _expected(code), _RELATIONS)
    return changes


def _expected(code: str) -> list[Field]:
    layout = at.LAYOUTS[code[:2]]
    own = pattern("its own code", rf"{code[2:].replace('.', '[.]')}(?:[.][A-Z]+)?")
    expected = [
        Field("name", at.NAME, TEXT),
        Field("code", at.CODE, own),
        Field("last price", at.LAST, PRICE),
        Field("previous close", at.PREVIOUS_CLOSE, PRICE),
        Field("open", at.OPEN, PRICE),
        Field("volume", at.VOLUME, PRICE),
        *(Field(f"order book, part {part}", place, FIGURE) for part, place in enumerate(range(at.BID, at.BOOK_END), 1)),
        Field("time", at.TIME, _TIMES.get(code[:2], _CHINESE_TIME)),
        Field("change", at.CHANGE, PRICE),
        Field("change in percent", at.CHANGE_PERCENT, PRICE),
        Field("high", at.HIGH, PRICE),
        Field("low", at.LOW, PRICE),
    ]
    places = {name: getattr(layout, name) for name in (*_FIGURES, *_LIMITS)}
    expected += [Field(name.replace("_", " "), place, FIGURE) for name, place in places.items() if place != at.ABSENT]
    return [*expected, Field("kind", layout.kind, TEXT), Field("currency", layout.currency, CURRENCY)]


_DAY = pattern("a date as YYYY-MM-DD", r"\d{4}-\d\d-\d\d")
_KLINE = [
    Field("date", 0, _DAY),
    Field("open", 1, PRICE),
    Field("close", 2, PRICE),
    Field("high", 3, PRICE),
    Field("low", 4, PRICE),
    Field("volume", 5, PRICE),
]
_KLINE_RELATIONS = (
    in_order("low, close and high stand in order", 4, 2, 3),
    in_order("low, open and high stand in order", 4, 1, 3),
)
_HINT = [
    Field("market", 0, pattern("a market of two letters", "[a-z]{2}")),
    Field("code", 1, WORD),
    Field("name", 2, WORD),
    Field("kind", 4, pattern("a kind such as GP-A", "[A-Z]{2,5}(?:-[A-Z]+)*")),
]


@framed
def bars_departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of days. The newest row is compared."""
    changes: dict[str, tuple[str, ...]] = {}
    for symbol in symbols:
        row = rows_of(json_of(body), "data", str(code_of(symbol)), "day")[-1]
        fields = row[:6] if isinstance(row, list) else []
        changes[symbol.text] = line_departures(fields, _KLINE, _KLINE_RELATIONS)
    return changes


@framed
def search_departures(body: bytes, symbols: Sequence[Symbol]) -> Mapping[str, tuple[str, ...]]:
    """See `aiwatch.sources.contract.Departures`; of the hints of a search for a symbol."""
    head, mark, rest = body.decode("utf-8", "replace").strip().partition('="')
    if head != "v_hint" or not mark:
        raise Departed('it does not begin with v_hint=" any more')
    hints = [hint.split("~") for hint in rest.rstrip('"; \r\n').split("^")]
    changes: dict[str, tuple[str, ...]] = {}
    for symbol in symbols:
        code = str(code_of(symbol))
        own = [hint for hint in hints if "".join(hint[:2]).lower() == code.lower()]
        if own:
            changes[symbol.text] = line_departures(own[0], _HINT, ())
        elif hints[0] != ["N"]:
            raise Departed(f"no hint of {code}, the first is {plain('~'.join(hints[0]), 40)!r}")
    return changes
