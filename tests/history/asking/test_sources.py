"""Two ways to one host: the slow one is not waited for alone, and none is asked that wants silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut
from aiwatch.market.bars import Interval, Range
from aiwatch.market.symbol import parse_symbol
from tests.history.test_service import DAYS, ENVICOOL, FIRST, Desk
from tests.market.bars.fixtures import daily


@pytest.fixture(name="ways")
async def _ways(tmp_path: Path) -> AsyncIterator[Desk]:
    """A service whose two sources are two ways to one host, the first of which waits for its gate."""
    desk = Desk(tmp_path, daily([10 + at / 100 for at in range(DAYS)], first=FIRST))
    desk.first.name = desk.second.name = "yahoo"
    desk.first.title, desk.second.title = "Yahoo (yfinance)", "Yahoo"
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(desk.keeper)
        await stack.enter_async_context(desk.service)
        yield desk


async def test_a_slow_way_to_a_host_is_not_waited_for_alone_and_its_answer_is_kept(ways: Desk) -> None:
    ways.first.gate.clear()
    bars = await ways.service.bars(ENVICOOL, Range.YEAR, patience=0.01)
    assert bars.series is not None
    assert (len(ways.first.asked), len(ways.second.asked)) == (1, 1)
    assert bars.notices == ()
    await ways.keeper.run(lambda store: store.connection.execute("DELETE FROM bars"), None)
    ways.first.gate.set()
    while not await ways.keeper.run(  # noqa: ASYNC110 - until it is kept
        lambda store: store.kept(ENVICOOL, Interval.DAY)[0].bar_count, 0
    ):
        await asyncio.sleep(0)


async def test_a_quick_way_and_one_that_nobody_waits_for_are_asked_alone(ways: Desk) -> None:
    await ways.service.bars(ENVICOOL, Range.YEAR, patience=5.0)
    ways.first.gate.clear()
    slow = asyncio.create_task(ways.service.renew(ENVICOOL, FIRST))
    while len(ways.first.asked) < 2:  # noqa: ASYNC110 - until it is asked
        await asyncio.sleep(0)
    ways.first.gate.set()
    await slow
    assert ways.second.asked == []


@pytest.mark.parametrize(
    ("error", "words", "gives_up"),
    [
        (RateLimited("Yahoo", "HTTP 429"), "Yahoo: HTTP 429", True),
        (Refused("Yahoo", "nothing", status=404), "Yahoo has no bars of 002837.SZ", True),
        (Garbled("Yahoo", "no chart"), "", False),
        (TimedOut("Yahoo", "no answer"), "", False),
    ],
)
async def test_the_slow_way_is_given_up_where_the_host_is_not_to_be_asked(
    ways: Desk, error: SourceError, words: str, gives_up: bool
) -> None:
    ways.first.gate.clear()
    ways.second.answer = error
    asking = asyncio.create_task(ways.service.bars(ENVICOOL, Range.YEAR, patience=0.01))
    while not ways.second.asked:  # noqa: ASYNC110 - until it is asked
        await asyncio.sleep(0.001)
    if not gives_up:
        ways.first.gate.set()
    bars = await asking
    assert (bars.series is None) is gives_up
    assert words in bars.problem
    assert len(ways.second.asked) == 1


async def test_no_spare_way_is_tried_while_it_rests(ways: Desk) -> None:
    ways.rests.fail("yahoo", "Yahoo", Garbled("Yahoo", "no chart"))
    ways.first.gate.clear()
    asking = asyncio.create_task(ways.service.bars(ENVICOOL, Range.YEAR, patience=0.01))
    while not ways.first.asked:  # noqa: ASYNC110 - until it is asked
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.02)
    ways.first.gate.set()
    assert (await asking).series is not None
    assert ways.second.asked == []


async def test_a_spare_way_that_hangs_too_is_not_asked_by_the_next(ways: Desk) -> None:
    ways.first.gate.clear()
    ways.second.gate.clear()
    asking = [
        asyncio.create_task(ways.service.bars(symbol, Range.YEAR, patience=0.01))
        for symbol in (ENVICOOL, parse_symbol("300870.SZ"))
    ]
    while len(ways.first.asked) < 2 or not ways.second.asked:  # noqa: ASYNC110 - until both are asked
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.03)
    ways.first.gate.set()
    ways.second.gate.set()
    assert all(bars.series is not None for bars in await asyncio.gather(*asking))
    assert len(ways.second.asked) == 1


async def test_leaving_gives_up_what_nobody_waits_for(ways: Desk) -> None:
    ways.first.gate.clear()
    await ways.service.bars(ENVICOOL, Range.YEAR, patience=0.01)
    await ways.service.__aexit__(None, None, None)
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("history of")]
