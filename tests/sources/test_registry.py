"""The pages on which the sources show a quote."""

from __future__ import annotations

import pytest

from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.registry import quote_page


@pytest.mark.parametrize(
    ("source", "symbol", "page"),
    [
        ("tencent", "600519.SS", "https://gu.qq.com/sh600519"),
        ("tencent", "002837.SZ", "https://gu.qq.com/sz002837"),
        ("tencent", "0700.HK", "https://gu.qq.com/hk00700"),
        ("tencent", "NVDA", "https://finance.yahoo.com/quote/NVDA"),
        ("sina", "600519.SS", "https://finance.sina.com.cn/realstock/company/sh600519/nc.shtml"),
        ("sina", "0700.HK", "https://stock.finance.sina.com.cn/hkstock/quotes/00700.html"),
        ("sina", "BRK-B", "https://stock.finance.sina.com.cn/usstock/quotes/BRK.B.html"),
        ("sina", "^HSI", "https://finance.yahoo.com/quote/%5EHSI"),
        ("yahoo", "603757.SS", "https://finance.yahoo.com/quote/603757.SS"),
        ("yahoo_quote", "9984.T", "https://finance.yahoo.com/quote/9984.T"),
        ("stream", "BRK-B", "https://finance.yahoo.com/quote/BRK-B"),
        ("yahoo", "USDCNY=X", "https://finance.yahoo.com/quote/USDCNY=X"),
    ],
)
def test_every_source_has_its_page(source: str, symbol: str, page: str) -> None:
    assert quote_page(source, parse_symbol(symbol)) == page


def test_the_fixing_of_the_ecb_has_one_page_for_all() -> None:
    assert quote_page("ecb", parse_symbol("EURUSD=X")).startswith("https://www.ecb.europa.eu/")
