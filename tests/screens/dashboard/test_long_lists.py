"""Lists of 20,000 stocks do not hold the event loop: neither when their file changes nor when they are summed up."""

from __future__ import annotations

import asyncio
from functools import cache
from itertools import cycle
from pathlib import Path

from aiwatch.feed.feed import Batch
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS, Stock, Watchlist
from tests.screens.stage import MORNING, Stage, healthy, on_stage, priced
from tests.sources.test_loop import LONGEST_TURN, Turns, _turns

COUNT = 20_000
LOADED = 1.5
"""A reload is nearer to the aim than an answer is."""
turns = _turns


@cache
def stocks() -> tuple[Stock, ...]:
    """So many stocks, half of them of Shenzhen."""
    codes = [f"{600_000 + row}.SS" if row % 2 else f"{300_000 + row}.SZ" for row in range(COUNT)]
    return tuple(Stock(parse_symbol(code), f"Company {row}", f"公司{row}") for row, code in enumerate(codes))


def big(*left_out: int) -> Watchlist:
    """A list of them without those in the rows ``left_out``; each time of new objects, as a reading makes them."""
    fresh = tuple(
        Stock(each.symbol, each.name, each.name_zh) for row, each in enumerate(stocks()) if row not in left_out
    )
    return Watchlist("big", "Big", "", fresh, Path("big.toml"))


async def priced_all(stage: Stage) -> None:
    """Give every stock a price."""
    quotes = [priced(each.symbol.text, 10 + row % 7 / 10, 10.0) for row, each in enumerate(stocks())]
    stage.dashboard.take(Batch(tuple(quotes), healthy(MORNING), frozenset()))
    await stage.settle()


async def reload(stage: Stage, watchlist: Watchlist) -> None:
    """Take what a thread has read and compared, as `ListSession.reload` does."""
    session = stage.dashboard.session.lists
    compared = await asyncio.to_thread(session._compare, (watchlist,))
    stage.dashboard.show_lists(session._hold(compared))
    await asyncio.sleep(0)


async def test_a_reload_and_the_sums_of_a_long_list_take_no_long_turn(turns: Turns) -> None:
    async with on_stage((160, 45), watchlists=(big(),), start_list="big") as stage:
        await priced_all(stage)
        lists, board = stage.dashboard.lists, stage.dashboard.lists.board
        readings = cycle([big(3), big(), big(3), big(5), big(), big(7), big(3, 4), big(), big(1)])

        async def read_anew() -> None:
            await reload(stage, next(readings))

        async def pass_a_second() -> None:
            lists.sum_up()
            for tick in range(10):
                board.tick(tick)
                await asyncio.sleep(0)

        async def pass_a_second_of_all_lists() -> None:
            lists.sum_up()
            await asyncio.sleep(0)

        assert await turns.of(read_anew) < LOADED * LONGEST_TURN
        assert await turns.of(pass_a_second) < LOADED * LONGEST_TURN
        lists.open(ALL_STOCKS)
        await stage.settle()
        assert await turns.of(read_anew) < 2 * LOADED * LONGEST_TURN, "all stocks are put together anew"
        lists.open(ALL_LISTS)
        await stage.until(lambda: "Up most" in stage.text("#overview"))
        assert await turns.of(pass_a_second_of_all_lists) < LOADED * LONGEST_TURN
        await stage.until(lambda: not lists._is_gathering)
