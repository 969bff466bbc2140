"""Who is asked first for which history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date

import pytest
from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.errors import SourceError
from aiwatch.history.choice import YFINANCE, SourceChoice, order_of
from aiwatch.market.bars import BarsQuery, Interval
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.hosts import open_bar_sources, pointed_at
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange
from aiwatch.sources.bars import BarSource
from tests.simulator.clock import SteppingClock

DAY, MINUTE, FIVE = Interval.DAY, Interval.MINUTE, Interval.FIVE_MINUTES


@pytest.mark.parametrize(
    ("symbol", "interval", "names"),
    [
        ("603757.SS", DAY, ("tencent", "sina")),
        ("603757.SS", MINUTE, ("tencent", "sina", "yahoo")),
        ("002837.SZ", FIVE, ("tencent", "sina", "yahoo")),
        ("920001.BJ", DAY, ("sina", "tencent")),
        ("000300.SS", DAY, ("tencent", "sina", YFINANCE, "yahoo")),
        ("0700.HK", DAY, (YFINANCE, "yahoo", "tencent")),
        ("0700.HK", MINUTE, ("tencent", "yahoo")),
        ("HSTECH.HK", DAY, ("tencent", YFINANCE, "yahoo")),
        ("NVDA", DAY, (YFINANCE, "yahoo", "tencent")),
        ("NVDA", MINUTE, ("yahoo", "tencent")),
        ("^GSPC", DAY, (YFINANCE, "yahoo")),
        ("9984.T", DAY, (YFINANCE, "yahoo")),
        ("CNY=X", DAY, (YFINANCE, "yahoo")),
        ("CNY=X", MINUTE, ("yahoo",)),
    ],
)
def test_the_first_and_second_choice_of_every_market(symbol: str, interval: Interval, names: tuple[str, ...]) -> None:
    assert order_of(parse_symbol(symbol), interval) == names


@pytest.fixture
async def opened() -> AsyncIterator[tuple[Exchange, dict[str, BarSource]]]:
    clock = SteppingClock()
    async with Exchange(clock=clock) as exchange, AsyncExitStack() as stack:
        yield exchange, await open_bar_sources(stack, pointed_at(Settings(), exchange.urls), clock)


@pytest.mark.parametrize(
    ("symbol", "interval", "sources"),
    [
        ("603757.SS", DAY, ["tencent", "sina"]),
        ("603757.SS", MINUTE, ["tencent", "yahoo"]),
        ("0700.HK", DAY, ["yahoo", "tencent"]),
        ("NVDA", FIVE, ["yahoo", "tencent"]),
        ("9984.T", DAY, ["yahoo"]),
        ("CNY=X", MINUTE, ["yahoo"]),
    ],
)
async def test_each_choice_of_the_demo_answers(
    opened: tuple[Exchange, dict[str, BarSource]], symbol: str, interval: Interval, sources: list[str]
) -> None:
    choice = SourceChoice(opened[1])(parse_symbol(symbol), interval)
    assert [source.name for source in choice] == sources
    query = BarsQuery(parse_symbol(symbol), interval, date(2026, 7, 10))
    answers = [await source.bars(query) for source in choice]
    assert [series.source for series in answers] == sources
    assert all(series.bars for series in answers)


async def test_when_the_first_fails_the_second_has_the_same(opened: tuple[Exchange, dict[str, BarSource]]) -> None:
    exchange, sources = opened
    pumps = parse_symbol("603757.SS")
    query = BarsQuery(pumps, DAY, date(2026, 1, 5))
    first, second = SourceChoice(sources)(pumps, DAY)
    whole = await first.bars(query)
    await exchange.fail("tencent", Fault(FaultKind.STATUS, status=429))
    with pytest.raises(SourceError):
        await first.bars(query)
    assert [bar[:6] for bar in (await second.bars(query)).bars] == [bar[:6] for bar in whole.bars]


async def test_a_source_that_is_off_is_asked_for_no_history() -> None:
    clock = SteppingClock()
    sources = {name: replace(source, enabled=name != "sina") for name, source in Settings().sources.items()}
    async with AsyncExitStack() as stack:
        assert set(await open_bar_sources(stack, Settings(sources=sources), clock)) == {"tencent", "yahoo"}
