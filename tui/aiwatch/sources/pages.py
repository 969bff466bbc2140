"""The pages on which the sources show a quote to people."""

from __future__ import annotations

from urllib.parse import quote as quoted

from aiwatch.market.symbol import BSE, HKEX, SSE, SZSE, US, Symbol
from aiwatch.sources.sina import codes
from aiwatch.sources.tencent import codes as tencent_codes

_CHINA = (SSE, SZSE, BSE)
_ECB = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html"


def quote_page(source: str, symbol: Symbol) -> str:
    """The address of the page of ``symbol`` at ``source``; Yahoo's, where that source has none of it."""
    if source == "tencent" and symbol.exchange in (*_CHINA, HKEX):
        if code := tencent_codes.code_of(symbol):
            return f"https://gu.qq.com/{code}"
    elif source == "sina":
        if page := _of_sina(symbol):
            return page
    elif source == "ecb":
        return _ECB
    return f"https://finance.yahoo.com/quote/{quoted(symbol.text, safe='=.-')}"


def _of_sina(symbol: Symbol) -> str | None:
    if symbol.text.startswith("^"):
        return None
    if symbol.exchange in _CHINA:
        return f"https://finance.sina.com.cn/realstock/company/{codes.code_of(symbol)}/nc.shtml"
    if symbol.exchange == HKEX:
        return f"https://stock.finance.sina.com.cn/hkstock/quotes/{symbol.code:0>5}.html"
    if symbol.exchange == US:
        return f"https://stock.finance.sina.com.cn/usstock/quotes/{symbol.text.replace('-', '.')}.html"
    return None
