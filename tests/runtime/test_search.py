"""The search for stocks of a run, over real sockets against the embedded exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest
from msgspec.structs import replace

from aiwatch.config.settings import Settings, SourceSettings
from aiwatch.feed.stock_search import Finder, Finding
from aiwatch.runtime import search as command
from aiwatch.runtime.search import StockSearch
from aiwatch.simulator.server import Exchange

Clock = Callable[[], datetime]


def _told(finding: Finding | None) -> list[tuple[str, str, str]]:
    assert finding is not None
    assert finding.failures == ()
    return [(stock.symbol.text, stock.name, stock.name_zh) for stock in finding.found]


async def test_both_hosts_of_the_settings_are_searched(clock: Clock) -> None:
    async with Exchange(clock=clock, rate=0) as exchange:
        settings = replace(
            Settings(),
            sources={
                **Settings().sources,
                "yahoo": SourceSettings(exchange.yahoo_url, 1, 1),
                "tencent": SourceSettings("http://127.0.0.1:9", 1, 1, addresses={"search_url": exchange.tencent_url}),
            },
        )
        async with StockSearch(settings, clock) as search:
            assert _told(await search.find("bank of china")) == [
                ("601988.SS", "Bank of China", "中国银行"),
                ("3988.HK", "BANK OF CHINA", "中国银行"),
            ]
            assert _told(await search.find("软银")) == []
            assert _told(await search.find("寒武纪")) == [("688256.SS", "", "寒武纪")]


async def test_the_demo_asks_nobody_before_its_exchange_has_started(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[bool] = []
    started = False

    def finder_class() -> type[Finder]:
        began.append(started)
        return Finder

    monkeypatch.setattr(command, "_finder_class", finder_class)
    async with StockSearch(Settings(), clock, waits=True) as search, Exchange(clock=clock, rate=0) as exchange:
        asked = asyncio.create_task(search.find("nvidia"))
        await asyncio.sleep(0)
        await asyncio.to_thread(len, "what was put into a thread before is begun by now")
        started = True
        search.use_exchange(exchange.urls)
        assert _told(await asked) == [("NVDA", "NVIDIA Corporation", "英伟达")]
        assert exchange.requests("tencent").value == exchange.requests("yahoo").value == 1
    assert began == [True]


async def test_a_search_that_is_never_used_opens_nothing(clock: Clock) -> None:
    async with StockSearch(Settings(), clock):
        pass
