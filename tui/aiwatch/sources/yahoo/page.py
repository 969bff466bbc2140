"""The page on which Yahoo shows a quote to people."""

from __future__ import annotations

from urllib.parse import quote

from aiwatch.market.symbol import Symbol


def page_of(symbol: Symbol) -> str:
    """The address of the page of ``symbol``."""
    return f"https://finance.yahoo.com/quote/{quote(symbol.text, safe='=.-')}"
