"""Which host has the filings of a symbol."""

from __future__ import annotations

from aiwatch.market.data_sources import FILING_HOSTS, FilingHost
from aiwatch.market.security import Board
from aiwatch.market.symbol import Symbol


def host_of(symbol: Symbol) -> FilingHost | None:
    """Where the company of ``symbol`` files; ``None`` for an exchange whose filings nobody here has, and an index."""
    if symbol.board is Board.INDEX:
        return None
    return next((host for host in FILING_HOSTS if symbol.exchange.code in host.exchanges), None)
