"""What a filter may ask of a row: every column by its names in English and Chinese, and how its value is found."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from aiwatch.board.rows import BY_QUOTE, Prices, Quotes, of_day, position_figure
from aiwatch.market.quote import Quote
from aiwatch.watchlist import Stock
from aiwatch.watchlist.format import POSITION_COLUMN_KEYS
from aiwatch.watchlist.pinyin import matches_pinyin


class Sight(NamedTuple):
    """What the rows are looked at with: the quotes and the day's prices, and the time (aware UTC)."""

    quotes: Quotes
    prices: Prices
    now: datetime


Number = Callable[[Stock, Quote | None, Sight], float | None]
"""Gives the figure of a row; ``None`` where it has none."""
Texts = Callable[[Stock], tuple[str, ...]]
"""Gives the texts of a row, folded to lower case."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "last": ("last", "price", "现价", "最新", "最新价"),
    "change_percent": ("change%", "chg%", "pct", "涨幅", "涨跌幅", "涨幅%"),
    "change": ("change", "chg", "涨跌", "涨跌额"),
    "volume": ("volume", "vol", "成交量"),
    "turnover": ("turnover", "amount", "成交额", "成交金额"),
    "turnover_rate": ("t/o%", "turnover rate", "turnover%", "换手", "换手率"),
    "volume_ratio": ("vol.r", "volume ratio", "量比"),
    "range": ("range", "区间"),
    "to_limit": ("to limit", "距涨停", "距涨跌停"),
    "day": ("day", "日内"),
    "age": ("age", "时间"),
    "quantity": ("quantity", "qty", "shares", "持仓", "持股"),
    "cost": ("cost", "成本", "成本价"),
    "value": ("value", "持仓市值"),
    "day_gain": ("day p/l", "day gain", "当日盈亏"),
    "gain": ("p/l", "gain", "盈亏"),
    "gain_percent": ("p/l%", "gain%", "盈亏%", "盈亏比例"),
    "open": ("open", "今开", "开盘", "开盘价"),
    "high": ("high", "最高", "最高价"),
    "low": ("low", "最低", "最低价"),
    "previous_close": ("previous close", "prev", "昨收"),
    "amplitude": ("amplitude", "ampl%", "振幅"),
    "bid": ("bid", "买价", "买一"),
    "ask": ("ask", "卖价", "卖一"),
    "vwap": ("vwap", "均价"),
    "high_52w": ("52w high", "high 52w", "52周最高"),
    "low_52w": ("52w low", "low 52w", "52周最低"),
    "pe": ("pe", "p/e", "市盈率", "市盈"),
    "market_cap": ("market cap", "mkt cap", "cap", "市值", "总市值"),
}
"""The names of each column of figures, the one that is suggested first."""
TEXT_NAMES: Mapping[str, tuple[str, ...]] = {
    "symbol": ("symbol", "code", "代码"),
    "name": ("name", "名称", "股票"),
    "role": ("role", "角色", "行业"),
    "tags": ("tag", "tags", "标签"),
    "printed_as": ("printed", "printed as", "译名"),
    "note": ("note", "备注"),
    "exchange": ("exchange", "market", "交易所", "市场"),
}
"""The names of each column of texts."""

_TEXTS: Mapping[str, Texts] = {
    "symbol": lambda stock: (stock.symbol.text.casefold(),),
    "name": lambda stock: (stock.name.casefold(), stock.name_zh.casefold()),
    "role": lambda stock: (stock.role.casefold(),),
    "tags": lambda stock: tuple(tag.casefold() for tag in stock.tags),
    "printed_as": lambda stock: (stock.printed_as.casefold(),),
    "note": lambda stock: (stock.note.casefold(),),
    "exchange": lambda stock: (stock.symbol.exchange.code.casefold(),),
}
LONGEST_NAME = 3
"""Words of a column's name at most, as in ``to limit``."""
_OF_NO_WEIGHT = re.compile(r"[\s._/\-]")


def folded(name: str) -> str:
    """``name`` as it is compared: without blanks, points and strokes; ``percent`` is ``%``."""
    return _OF_NO_WEIGHT.sub("", name.casefold()).replace("percent", "%")


_ALL_NAMES = {**NAMES, **TEXT_NAMES}
_BY_NAME = {folded(name): key for key, names in _ALL_NAMES.items() for name in (key, *names)}


def column_of(name: str) -> str:
    """The key of the column called ``name``; empty if none is."""
    return _BY_NAME.get(folded(name), "")


def nearest(name: str) -> str:
    """The name of a column most like ``name``; empty if none is like it."""
    near = difflib.get_close_matches(folded(name), _BY_NAME, n=1, cutoff=0.6)
    return _ALL_NAMES[_BY_NAME[near[0]]][0] if near else ""


def unfinished(text: str) -> str:
    """How the column would be compared whose name the last words of ``text`` begin, or say without comparing it, or
    nearly say; empty if there is none."""
    words = text.split()
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        begun = folded("".join(words[-count:]))
        key = next((key for name, key in _BY_NAME.items() if begun and name.startswith(begun)), "")
        if key:
            return _compared(key)
    near = difflib.get_close_matches(folded(words[-1]), _BY_NAME, n=1, cutoff=0.8) if words else []
    return _compared(_BY_NAME[near[0]]) if near else ""


def _compared(key: str) -> str:
    return f"{_ALL_NAMES[key][0]} {'~ word' if key in TEXT_NAMES else '> 3'}"


def texts_of(key: str) -> Texts | None:
    """How the texts of column ``key`` are found; ``None`` for a column of figures."""
    return _TEXTS.get(key)


def number_of(key: str) -> Number:
    """How the figure of column ``key`` is found: percents as percents, the place in the day's range from 0 to 100, the
    age in seconds. Raises ``KeyError`` for a column of texts."""
    if key == "age":
        return lambda stock, quote, sight: None if quote is None else (sight.now - quote.as_of).total_seconds()
    if key == "day":
        return lambda stock, quote, sight: _percent(of_day(sight.prices(stock.symbol)))
    if key in POSITION_COLUMN_KEYS:
        return lambda stock, quote, sight: position_figure(key, stock, quote)
    by_quote = BY_QUOTE[key]
    if key == "range":
        return lambda stock, quote, sight: None if quote is None else _percent(by_quote(quote))
    return lambda stock, quote, sight: None if quote is None else by_quote(quote)


def _percent(value: float | None) -> float | None:
    return None if value is None else value * 100


def says(stock: Stock, word: str) -> bool:
    """Whether the plain ``word`` (in lower case) is in anything that is known of ``stock``, or is how its Chinese name
    is typed in Latin letters, as far as that has been learnt."""
    texts = (stock.symbol.text, stock.name, stock.name_zh, stock.role, stock.printed_as, *stock.tags)
    if word in "\n".join(texts).casefold():
        return True
    return bool(stock.name_zh) and word.isascii() and matches_pinyin(stock.name_zh, word)
