"""An exchange that lists whatever is asked for: one price for a symbol at every host and after every start."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from aiwatch.config.settings import SourceSettings
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator.market import Market
from aiwatch.simulator.server import Exchange
from aiwatch.simulator.spellings import yahoo_spelling
from aiwatch.simulator.wire.sina import code_of as sina_code
from aiwatch.simulator.wire.tencent import code_of as tencent_code
from aiwatch.sources import Source
from aiwatch.sources.sina.source import Sina
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo.spark import Yahoo
from tests.simulator.clock import SteppingClock

INVENTED = (
    "GZMT",
    "ZZ-B",
    "600001.SS",
    "301999.SZ",
    "920999.BJ",
    "9001.HK",
    "AUDUSD=X",
    "SEK=X",
    "4444.T",
    "NOSUCH.DE",
)


@pytest.mark.parametrize("text", [*INVENTED, "BRK-B", "0700.HK", "JPY=X", "EURUSD=X", "000001.SS"])
def test_the_hosts_spellings_can_be_read_backwards(text: str) -> None:
    for code in (tencent_code(parse_symbol(text)), sina_code(parse_symbol(text))):
        assert code is None or yahoo_spelling(code) == text


async def priced(kind: type[Source], url: str, clock: SteppingClock, *texts: str) -> dict[str, float]:
    """What a source says of ``texts``."""
    plain = httpx.AsyncHTTPTransport(verify=False)
    async with kind(SourceSettings(url, 5, 60, timeout=5), clock, transport=plain) as source:  # type: ignore[call-arg]
        answer = await source.fetch([parse_symbol(text) for text in texts])
    return {str(quote.symbol): quote.last for quote in answer.quotes}


async def test_what_is_asked_for_is_listed_at_one_price_at_every_host_and_after_every_start(
    clock: SteppingClock,
) -> None:
    seen = []
    for order in (INVENTED, INVENTED[::-1]):
        async with Exchange(clock=clock, rate=0, anything=True) as exchange:
            tencent, sina, yahoo = await asyncio.gather(
                priced(Tencent, exchange.tencent_url, clock, "GZMT", "600001.SS", "301999.SZ", "9001.HK"),
                priced(Sina, exchange.sina_url, clock, "GZMT", "600001.SS", "SEK=X"),
                priced(Yahoo, exchange.yahoo_url, clock, *order),
            )
        assert set(yahoo) == set(INVENTED)
        assert tencent.items() | sina.items() <= yahoo.items()
        assert len(tencent) == 4
        assert len(sina) == 3
        seen.append(yahoo)
    assert seen[0] == seen[1]


async def test_only_what_was_asked_for_is_listed_elsewhere(clock: SteppingClock) -> None:
    async with Exchange(clock=clock, rate=0) as exchange:
        for kind, url in ((Tencent, exchange.tencent_url), (Yahoo, exchange.yahoo_url)):
            assert set(await priced(kind, url, clock, "GZMT", "NVDA")) == {"NVDA"}


@pytest.mark.parametrize("text", ["", "NV DA", "nvda", "usGZMT1234567", "<script>", "^", "12345678.SS"])
def test_what_can_be_no_symbol_is_not_listed(text: str, clock: SteppingClock) -> None:
    market = Market((), seed=1, rate=1, clock=clock, anything=True)
    assert market.stock(text) is None
    assert market.stocks == {}


def test_no_more_is_listed_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch, clock: SteppingClock) -> None:
    monkeypatch.setattr("aiwatch.simulator.market.MOST_STOCKS", 2)
    market = Market((), seed=1, rate=1, clock=clock, anything=True)
    assert [market.stock(text) is not None for text in ("AAA", "BBB", "CCC", "AAA")] == [True, True, False, True]
    clock.advance(30)
    market.advance()
    assert sum(stock.version for stock in market.stocks.values()) > 0
