"""What Tencent's quote lines look like, by the maps that the parser reads them with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiwatch.market.symbol import Symbol
from aiwatch.sources.contract import (
    CURRENCY,
    FIGURE,
    PRICE,
    TEXT,
    Field,
    in_order,
    is_difference,
    line_departures,
    pattern,
)
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
    wanted = {code: symbol.text for symbol in symbols if (code := code_of(symbol))}
    found: dict[str, tuple[str, ...]] = {}
    for line in lines_of(body, ""):
        name, mark, content = line.decode("gb18030", "replace").partition('="')
        code = name.strip().removeprefix("v_")
        if not mark or not name.strip().startswith("v_"):
            found[""] = ('lines do not begin with v_CODE=" any more',)
        elif code in wanted:
            fields = content.rstrip('"; \r\n').split("~")
            found[wanted[code]] = line_departures(fields, _expected(code), _RELATIONS)
    return found


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
