"""Which hosts have the filings, and the headlines, of a symbol."""

from __future__ import annotations

from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, FilingHost
from aiwatch.market.security import Board
from aiwatch.market.symbol import Symbol


def host_of(symbol: Symbol) -> FilingHost | None:
    """Where the company of ``symbol`` files; ``None`` for an exchange whose filings nobody here has, and an index."""
    if symbol.board is Board.INDEX:
        return None
    return next((host for host in FILING_HOSTS if symbol.exchange.code in host.exchanges), None)


def news_hosts_of(symbol: Symbol) -> tuple[FilingHost, ...]:
    """Who may have headlines about ``symbol``; nobody of a rate."""
    if symbol.board is Board.CURRENCY:
        return ()
    return tuple(host for host in NEWS_HOSTS if not host.exchanges or symbol.exchange.code in host.exchanges)
