"""The columns of the quote board: the one table of all that is known of each.

A new column is one entry of `COLUMNS` (it stands on the board by itself) or of `FURTHER` (it stands where it was asked
for). The board, sorting, the filter, the dialogs, the help, the reader of watchlists, their JSON Schema and their
reference go by it. What an entry shows beyond a stock and its quote has a place in `cells.RowView` (to draw it) and in
`cells.FilterContext` (to sort and filter by it).
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from aiwatch.board import drawing
from aiwatch.board.cells import day_move, extended_percent, history_move, moved, range_place, shown_name
from aiwatch.board.column import (
    AGE_TURN,
    DAY_TURN,
    LEFT,
    RANGE_TURN,
    REST_TURN,
    ROLE_TURN,
    TAGS_TURN,
    Column,
    amount_width,
    folded,
    gain_width,
    growing,
    in_china,
    in_shares,
    name_width,
    of_history,
    of_position,
    of_quote,
    of_texts,
    percent_of,
    with_turnover,
)
from aiwatch.formatting.widths import UNBOUNDED, Growth, Track

_TEXT_MOST = 24
"""Cells of a role or of tags at most."""

COLUMNS = (
    Column(
        "symbol",
        "Symbol",
        "the symbol",
        drawing.symbol_cell,
        value=lambda stock, quote, context: stock.symbol.text,
        texts=lambda stock: folded(stock.symbol.text),
        filter_names=("symbol", "code", "代码"),
        width=lambda extent: Track(extent.symbol),
        align=LEFT,
        first_falls=False,
        needs_quote=False,
    ),
    Column(
        "name",
        "Name",
        "the name, English or Chinese",
        drawing.name_cell,
        value=lambda stock, quote, context: shown_name(stock, context.names).casefold(),
        texts=lambda stock: folded(stock.name, stock.name_zh),
        filter_names=("name", "名称", "股票"),
        width=name_width,
        rank=0,
        align=LEFT,
        first_falls=False,
        needs_quote=False,
    ),
    Column(
        "last",
        "Last",
        "the last price",
        drawing.last_cell,
        figure=attrgetter("last"),
        filter_names=("last", "price", "现价", "最新", "最新价"),
        width=lambda extent: Track(extent.price + drawing.limit_sign_cells(extent)),
        title_end=drawing.limit_sign_cells,
        rank=0,
        needs_quote=False,
    ),
    Column(
        "change_percent",
        "Chg %",
        "the day's change in percent",
        drawing.change_percent_cell,
        figure=lambda quote: moved(quote)[1],
        filter_names=("change%", "chg%", "pct", "涨幅", "涨跌幅", "涨幅%"),
        width=7,
        rank=-1,
        needs_quote=False,
    ),
    Column(
        "change",
        "Chg",
        "the day's change in the stock's currency",
        drawing.change_cell,
        figure=lambda quote: moved(quote)[0],
        filter_names=("change", "chg", "涨跌", "涨跌额"),
        width=lambda extent: Track(extent.price + 1),
        rank=9,
    ),
    of_quote(
        "volume",
        "Volume",
        "shares traded",
        drawing.count_cell,
        filter_names=("volume", "vol", "成交量"),
        has_zero=False,
        width=7,
        rank=8,
        fills=in_shares,
    ),
    of_quote(
        "turnover",
        "Turnover",
        "value traded today",
        drawing.amount_cell,
        filter_names=("turnover", "amount", "成交额", "成交金额"),
        has_zero=False,
        width=amount_width,
        rank=2,
        fills=with_turnover,
    ),
    of_quote(
        "turnover_rate",
        "T/O %",
        "turnover rate: volume in % of the float",
        drawing.ratio_cell,
        filter_names=("t/o%", "turnover rate", "turnover%", "换手", "换手率"),
        has_zero=False,
        width=5,
        rank=6,
        fills=in_china,
    ),
    of_quote(
        "volume_ratio",
        "Vol.R",
        "volume ratio: today against the 5-day average so far",
        drawing.ratio_cell,
        filter_names=("vol.r", "volume ratio", "量比"),
        has_zero=False,
        width=5,
        rank=7,
        fills=in_china,
    ),
    Column(
        "range",
        "Range",
        "where the price stands between the day's low and high",
        drawing.range_cell,
        figure=lambda quote: percent_of(range_place(quote)),
        filter_names=("range", "区间"),
        width=growing(8, Growth(RANGE_TURN, 14)),
        rank=5,
        align=LEFT,
    ),
    Column(
        "to_limit",
        "To limit",
        "how far it is to the nearer daily limit, in percent",
        drawing.to_limit_cell,
        figure=lambda quote: None if moved(quote)[0] is None else quote.to_limit_percent,
        filter_names=("to limit", "距涨停", "距涨跌停"),
        width=10,
        rank=3,
        first_falls=False,
        is_shown=lambda extent: extent.limits,
    ),
    Column(
        "day",
        "Day",
        "price path today",
        drawing.day_cell,
        value=lambda stock, quote, context: percent_of(day_move(context.prices(stock.symbol))),
        filter_names=("day", "日内"),
        width=growing(6, Growth(DAY_TURN, 12), Growth(REST_TURN, UNBOUNDED)),
        rank=4,
        align=LEFT,
    ),
    Column(
        "age",
        "Age",
        "how old the price is, or why it does not move; now is under 5 s",
        drawing.age_cell,
        value=lambda stock, quote, context: None if quote is None else (context.now - quote.as_of).total_seconds(),
        filter_names=("age", "时间"),
        width=growing(4, Growth(AGE_TURN, steps=(9, 12))),
        rank=-2,
        first_falls=False,
        needs_quote=False,
        is_span=True,
    ),
)
"""The usual ones in the order they stand in; the ranks keep what a glance needs."""

FURTHER = (
    Column(
        "quantity",
        "Qty",
        "how many shares you hold",
        drawing.quantity_cell,
        value=lambda stock, quote, context: stock.quantity or None,
        filter_names=("quantity", "qty", "shares", "持仓", "持股"),
        width=8,
        needs_quote=False,
    ),
    Column(
        "cost",
        "Cost",
        "your average cost",
        drawing.cost_cell,
        value=lambda stock, quote, context: stock.cost,
        filter_names=("cost", "成本", "成本价"),
        needs_quote=False,
    ),
    of_position(
        "value",
        "Value",
        "market value of your position",
        drawing.value_cell,
        filter_names=("value", "持仓市值"),
        width=amount_width,
    ),
    of_position(
        "day_gain",
        "Day P/L",
        "today's gain or loss",
        drawing.gain_cell("day_gain"),
        filter_names=("day p/l", "day gain", "当日盈亏"),
        width=gain_width,
    ),
    of_position(
        "gain",
        "P/L",
        "gain or loss since purchase",
        drawing.gain_cell("gain"),
        filter_names=("p/l", "gain", "盈亏"),
        width=gain_width,
    ),
    of_position(
        "gain_percent",
        "P/L %",
        "gain or loss in % of cost",
        drawing.gain_percent_cell,
        filter_names=("p/l%", "gain%", "盈亏%", "盈亏比例"),
        width=7,
    ),
    of_quote(
        "open",
        "Open",
        "the first price of the day",
        drawing.price_cell,
        filter_names=("open", "今开", "开盘", "开盘价"),
    ),
    of_quote("high", "High", "the day's highest price", drawing.price_cell, filter_names=("high", "最高", "最高价")),
    of_quote("low", "Low", "the day's lowest price", drawing.price_cell, filter_names=("low", "最低", "最低价")),
    of_quote(
        "previous_close", "Prev", "previous close", drawing.price_cell, filter_names=("previous close", "prev", "昨收")
    ),
    of_quote(
        "amplitude",
        "Ampl %",
        "from the day's low to its high, in percent",
        drawing.ratio_cell,
        filter_names=("amplitude", "ampl%", "振幅"),
        width=6,
    ),
    of_quote("bid", "Bid", "best bid", drawing.price_cell, filter_names=("bid", "买价", "买一")),
    of_quote("ask", "Ask", "best ask", drawing.price_cell, filter_names=("ask", "卖价", "卖一")),
    of_quote(
        "vwap", "VWAP", "the mean price of the shares traded today", drawing.price_cell, filter_names=("vwap", "均价")
    ),
    of_quote(
        "high_52w",
        "52w high",
        "the highest price of 52 weeks",
        drawing.price_cell,
        filter_names=("52w high", "high 52w", "52周最高"),
    ),
    of_quote(
        "low_52w",
        "52w low",
        "the lowest price of 52 weeks",
        drawing.price_cell,
        filter_names=("52w low", "low 52w", "52周最低"),
    ),
    of_history("change_5d", "5d %", "change over 5 sessions, adjusted", "five_days", filter_names=("5d%", "5日涨幅")),
    of_history("change_1m", "1M %", "change over a month, adjusted", "month", filter_names=("1m%", "近1月")),
    of_history("change_6m", "6M %", "change over six months, adjusted", "half_year", filter_names=("6m%", "近6月")),
    of_history(
        "change_ytd", "YTD %", "change in this year, adjusted", "year_to_date", filter_names=("ytd%", "今年以来")
    ),
    of_history("change_1y", "1Y %", "change over a year, adjusted", "year", filter_names=("1y%", "近1年")),
    of_history(
        "from_high",
        "From hi",
        "how far below the highest price of 52 weeks, in percent, adjusted",
        "high",
        drawing.from_high_cell,
        filter_names=("from high", "距52周高"),
    ),
    Column(
        "closes",
        "20 d",
        "the closes of 20 sessions, adjusted, the price of now last",
        drawing.strip_cell,
        value=lambda stock, quote, context: percent_of(history_move(context.history(stock.symbol), quote)),
        filter_names=("20d", "20日"),
        width=10,
        align=LEFT,
        needs_history=True,
    ),
    Column(
        "extended",
        "Pre/post",
        "price before or after the regular session (US)",
        drawing.extended_cell,
        value=lambda stock, quote, context: getattr(context.extended(stock.symbol), "last", None),
        filter_names=("pre/post", "extended", "盘前盘后"),
    ),
    Column(
        "extended_percent",
        "P/P %",
        "its change since the last price of the session, in percent",
        drawing.extended_percent_cell,
        value=lambda stock, quote, context: extended_percent(context.extended(stock.symbol), quote),
        filter_names=("pre/post%", "extended%", "盘前盘后涨幅"),
        width=7,
    ),
    of_quote(
        "pe",
        "PE",
        "price / earnings, last 12 months",
        drawing.multiple_cell,
        filter_names=("pe", "p/e", "市盈率", "市盈"),
        width=7,
        first_falls=False,
    ),
    of_quote(
        "market_cap",
        "Mkt cap",
        "market capitalisation",
        drawing.amount_cell,
        filter_names=("market cap", "mkt cap", "cap", "市值", "总市值"),
        has_zero=False,
        width=amount_width,
    ),
    of_texts(
        "role",
        "Role",
        "the stock's role",
        lambda stock: (stock.role,),
        filter_names=("role", "角色", "行业"),
        width=growing(12, Growth(ROLE_TURN, _TEXT_MOST)),
    ),
    of_texts(
        "tags",
        "Tags",
        "the stock's tags",
        lambda stock: stock.tags,
        filter_names=("tag", "tags", "标签"),
        width=growing(8, Growth(TAGS_TURN, _TEXT_MOST)),
    ),
    of_texts(
        "lists",
        "List",
        "the lists that have it",
        lambda stock: stock.lists,
        filter_names=("list", "lists", "列表"),
        width=growing(10, Growth(TAGS_TURN, _TEXT_MOST)),
    ),
)
"""Those that stand only where they were asked for, and therefore stay longer than the usual ones."""

BY_KEY = {column.key: column for column in (*COLUMNS, *FURTHER)}
"""Every column there is by its key: the usual ones in their order, then the others."""
SPARSE = tuple(column for column in COLUMNS if column.fills is not None)
"""The usual ones that not every market fills."""
USUAL = tuple(column.key for column in COLUMNS)
ALWAYS = "age"
"""The column that no choice leaves out: a price does not stand there without saying how old it is."""


def legend() -> tuple[tuple[str, str], ...]:
    """Every column's title, and what it shows."""
    return tuple((column.title, column.words) for column in BY_KEY.values())


def unknown_columns(keys: Iterable[str]) -> str:
    """What is wrong with ``keys`` where they should be of columns: the first that is none, and those there are."""
    return next((f"{key!r}: one of {', '.join(BY_KEY)}" for key in keys if key not in BY_KEY), "")
