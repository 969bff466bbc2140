"""The ledger as it ships, read for a day, and the text of what its views show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from aiwatch.config.paths import bundled
from aiwatch.ledger.amounts import Rate, chosen_rates, implied_rates
from aiwatch.ledger.loader import load_ledger
from aiwatch.ledger.records import Ledger
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import parse_symbol
from aiwatch.widgets.ledger.context import LedgerContext
from aiwatch.widgets.ledger.panel import show
from aiwatch.widgets.ledger.rows import Shown, ViewQuery

DAY = datetime.date(2025, 12, 1)
NOON = datetime.datetime(2025, 12, 1, 12, tzinfo=datetime.UTC)
WIDTHS = (42, 44, 58, 62, 76, 110, 196)
"""Rows at 80, 100, 120, 160 and 200 columns, and what a person may drag a window to."""


@cache
def whole() -> Ledger:
    """Every record."""
    return load_ledger(bundled("seeds"))


def quote(text: str, last: float, previous: float | None = None) -> Quote:
    """A quote by hand."""
    symbol = parse_symbol(text)
    return Quote(
        symbol=symbol, source="yahoo", last=last, previous_close=previous, as_of=NOON, received_at=NOON,
        currency=symbol.currency, decimals=4 if text.endswith("=X") else 2,
    )  # fmt: skip


def context(
    *quotes: Quote, ledger: Ledger | None = None, currency: str = "", feed: Sequence[Rate] = (), **more: object
) -> LedgerContext:
    """The ledger as it is to be read on `DAY`."""
    used = ledger or whole()
    rates = chosen_rates(feed, implied_rates(used))
    made = LedgerContext(used, DAY, {quote.symbol: quote for quote in quotes}, rates, currency)
    return replace(made, **more)


def shown(view: str, width: int = 76, asked: ViewQuery | None = None, read: LedgerContext | None = None) -> Shown:
    """What ``view`` shows."""
    return show(view, read or context(), asked or ViewQuery(), width)


def lines(view: Shown) -> list[str]:
    """The rows as text."""
    return [line for row in view.rows for line in row.content.plain.split("\n")]


def row_of(view: Shown, key: str) -> str:
    """The text of the row called ``key``."""
    return next(row.content.plain for row in view.rows if row.key == key)


USD_CNY = Rate("USD", "CNY", Decimal("7.1"), DAY, "Yahoo")
