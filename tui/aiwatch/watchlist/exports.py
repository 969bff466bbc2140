"""A watchlist in the formats of other programs, and in aiwatch's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from aiwatch.formatting import spreadsheets
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.format import ALERT, LIST, STOCK

COLUMNS = (*(name for name in STOCK.names if name != "alerts"), *(f"alerts.{name}" for name in ALERT.names))
"""The columns of a CSV table."""


def as_toml(watchlist: Watchlist) -> str:
    """A watchlist file of aiwatch."""
    from aiwatch.watchlist.editing.toml_keys import pair

    head = {name: getattr(watchlist, name) for name in LIST.names if name not in ("symbols", "stock")}
    head["benchmark"] = watchlist.benchmark and watchlist.benchmark.text
    lines = [pair(key, value) for key, value in head.items() if value not in (None, "", ())]
    for stock in watchlist.stocks:
        lines += ["", "[[stock]]", *(pair(key, value) for key, value in _fields_of(stock).items())]
    return "\n".join(lines) + "\n"


def as_csv(watchlist: Watchlist) -> str:
    """A table with a column for each key of a stock; tags are between semicolons."""
    rows = []
    for stock in watchlist.stocks:
        fields = _fields_of(stock)
        fields["tags"] = _between_semicolons(stock.tags)
        row = fields | {f"alerts.{key}": _cell(value) for key, value in fields.pop("alerts", {}).items()}
        rows.append([row.get(name) for name in COLUMNS])
    return spreadsheets.table(COLUMNS, rows)


def as_txt(watchlist: Watchlist) -> str:
    """The symbols as Yahoo spells them, one a line."""
    return "".join(f"{stock.symbol}\n" for stock in watchlist.stocks)


def as_ticker(watchlist: Watchlist) -> str:
    """A configuration of ticker with the list as a group: its symbols, and a lot for each position.

    ticker takes a lot without a cost to have cost nothing, so that such a position stands in a comment only.
    """
    import yaml

    held = [stock for stock in watchlist.stocks if stock.quantity]
    group: dict[str, Any] = {"name": watchlist.name, "watchlist": [str(stock.symbol) for stock in watchlist.stocks]}
    lots = [
        {"symbol": str(stock.symbol), "quantity": _number(stock.quantity), "unit_cost": _number(stock.cost)}
        for stock in held
        if stock.cost is not None
    ]
    if lots:
        group["holdings"] = lots
    notes = [
        f"# {stock.symbol}: {_number(stock.quantity)} held at a cost that is not known\n"
        for stock in held
        if stock.cost is None
    ]
    return "".join(notes) + yaml.safe_dump({"groups": [group]}, sort_keys=False, allow_unicode=True)


EXPORTS: dict[str, Callable[[Watchlist], str]] = {
    "toml": as_toml,
    "csv": as_csv,
    "txt": as_txt,
    "ticker": as_ticker,
}
"""Every format that is written."""


def _between_semicolons(tags: tuple[str, ...]) -> str:
    out = io.StringIO()
    if tags:
        csv.writer(out, delimiter=";", lineterminator="").writerow(map(spreadsheets.guarded, tags))
    return out.getvalue()


def _fields_of(stock: Stock) -> dict[str, Any]:
    """The keys of ``stock`` that say something, as a watchlist file has them and in its order."""
    fields = {name: getattr(stock, name) for name in STOCK.names}
    fields["symbol"], fields["tags"] = stock.symbol.text, list(stock.tags)
    fields["alerts"] = {}
    if stock.alerts is not None:
        rules = {name: getattr(stock.alerts, name) for name in ALERT.names}
        fields["alerts"] = {name: _number(rule) for name, rule in rules.items() if rule not in (None, False)}
    return {name: _number(value) for name, value in fields.items() if value not in (None, "", [], {})}


def _number(value: Any) -> Any:
    """A number without a fraction where it has none; anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cell(value: Any) -> Any:
    return "true" if value is True else value
