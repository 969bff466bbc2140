"""Rows as they are copied: a line each, its cells apart by tabs, numbers whole so that a spreadsheet reads them."""

from __future__ import annotations

import re
from datetime import UTC

from aiwatch.board.cells import moved
from aiwatch.ledger.records import Commitment, Mark
from aiwatch.market.data_sources import credit_of
from aiwatch.market.quote import Quote
from aiwatch.market.state import PriceStatus
from aiwatch.watchlist import Stock

_APART = re.compile(r"\s{2,}")


def stock_line(stock: Stock, quote: Quote | None, status: PriceStatus, mark: str = "") -> str:
    """Symbol, both names, last, currency, change, change in percent, volume in shares, turnover, time (UTC), source,
    how the price is to be read, and ``mark`` where prices are not the market's. What is not known is empty."""
    figures = [""] * 8 if quote is None else _figures(quote)
    return _joined(stock.symbol.text, stock.name, stock.name_zh, *figures, status.value, *([mark] if mark else []))


def _figures(quote: Quote) -> list[str]:
    change, percent = moved(quote)
    return [
        f"{quote.last:.{quote.decimals}f}",
        quote.currency,
        "" if change is None else f"{change:+.{quote.decimals}f}",
        "" if percent is None else f"{percent:+.2f}",
        "" if quote.volume is None else f"{quote.volume:.0f}",
        "" if quote.turnover is None else f"{quote.turnover:.0f}",
        f"{quote.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        credit_of(quote.source),
    ]


def commitment_line(record: Commitment) -> str:
    """Id, payer, recipient, kind, amount in whole units, its currency, status, when announced, source and line."""
    amount = "" if record.amount is None else f"{record.amount:f}"
    cited = f"{record.source}:{record.line}" if record.line else record.source
    own = ["yours"] if record.mark is Mark.YOURS else []
    return _joined(
        record.id,
        record.payer,
        record.recipient,
        record.kind,
        amount,
        record.currency,
        record.status,
        record.announced,
        cited,
        *own,
    )


def row_line(text: str) -> str:
    """A row as the screen shows it, its columns apart by tabs."""
    return "\t".join(_APART.split(text.strip()))


def _joined(*cells: str) -> str:
    return "\t".join("".join(filter(str.isprintable, cell)) for cell in cells)
