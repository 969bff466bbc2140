"""Which hosts are opened for a run, and at which addresses."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.errors import SettingError
from aiwatch.feed.once import price_once
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.hosts import open_hosts, pointed_at
from aiwatch.simulator.server import Exchange
from aiwatch.sources.network import curl_transport
from tests.simulator.clock import SteppingClock


async def test_the_demo_serves_every_source_from_the_exchange() -> None:
    clock = SteppingClock()
    sources = {name: replace(source, enabled=True) for name, source in Settings().sources.items()}
    settings = Settings(sources=sources, transport="curl")
    async with Exchange(clock=clock) as exchange, AsyncExitStack() as stack:
        opened = await open_hosts(stack, pointed_at(settings, exchange.urls), clock)
        assert [source.name for source, _ in opened] == ["tencent", "sina", "yahoo", "yahoo_quote", "ecb"]
        assert {source.name: entry.interval for source, entry in opened} == {
            "tencent": 1,
            "sina": 1,
            "yahoo": 2,
            "yahoo_quote": 2,
            "ecb": 10,
        }
        for source, _ in opened:
            (symbol,) = [parse_symbol("CNY=X" if source.name in ("ecb", "sina") else "NVDA")]
            assert [quote.source for quote in (await source.fetch([symbol])).quotes] == [source.name]
        texts = ("002837.SZ", "0700.HK", "NVDA", "9984.T", "CNY=X")
        priced = await price_once([source for source, _ in opened], [parse_symbol(text) for text in texts])
    assert [quote.source for quote in priced.quotes.values()] == ["tencent", "sina", "yahoo", "yahoo", "yahoo"]


async def test_richer_quotes_are_off_unless_switched_on() -> None:
    async with AsyncExitStack() as stack:
        opened = await open_hosts(stack, Settings(), SteppingClock())
    assert [source.name for source, _ in opened] == ["tencent", "sina", "yahoo", "ecb"]


async def test_a_transport_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curl_transport, "find_spec", lambda name: None)
    async with AsyncExitStack() as stack:
        with pytest.raises(SettingError, match="httpx-curl-cffi"):
            await open_hosts(stack, Settings(transport="curl"), SteppingClock())
