"""Figures of lists from what is kept, and their days asked for one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.history.board_history import BoardHistory
from aiwatch.market.history_figures import HistoryFigures
from aiwatch.market.symbol import Symbol, parse_symbol
from tests.history.test_figures import quoted
from tests.history.test_service import AFTER_CLOSE, DAYS, ENVICOOL, FIRST, Desk, day_of
from tests.market.bars.fixtures import daily

SECOND = parse_symbol("300870.SZ")
MONDAY = date(2025, 8, 18)


class Lists:
    """A board's history on two fake sources, and what was shown of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.board = BoardHistory(desk.keeper, desk.service, desk.clock, day_of, ("tencent",))
        self.shown: list[Symbol] = []
        self.pauses: list[int] = []

    async def pause(self) -> None:
        self.pauses.append(len(self.desk.first.asked))

    def show(self, figures: dict[Symbol, HistoryFigures]) -> None:
        self.shown += figures

    async def renew(self, *symbols: Symbol) -> int:
        return await self.board.renew(symbols, self.pause, self.show)  # type: ignore[arg-type]


@pytest.fixture(name="lists")
async def _lists(tmp_path: Path) -> AsyncIterator[Lists]:
    desk = Desk(tmp_path, daily([10 + at / 100 for at in range(DAYS)], first=FIRST))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(desk.keeper)
        await stack.enter_async_context(desk.service)
        yield Lists(desk)


async def test_figures_come_from_what_is_kept_and_no_host_is_asked(lists: Lists) -> None:
    assert await lists.board.figures([ENVICOOL]) == {}
    await lists.renew(ENVICOOL)
    asked = len(lists.desk.first.asked)
    figures = await lists.board.figures([ENVICOOL, SECOND])
    assert list(figures) == [ENVICOOL]
    last = 10 + (DAYS - 1) / 100
    closed = quoted(MONDAY, last, last - 0.01)
    assert figures[ENVICOOL].percent("five_days", closed) == pytest.approx((last / (last - 0.05) - 1) * 100, abs=0.006)
    assert figures[ENVICOOL].percent("year", closed) is not None, "a year back, and the day before it"
    assert len(lists.desk.first.asked) == asked


async def test_lists_are_asked_for_one_by_one_and_only_what_lacks(lists: Lists) -> None:
    assert await lists.renew(ENVICOOL, SECOND) == 2
    assert lists.shown == [ENVICOOL, SECOND]
    assert lists.pauses == [0, 1]
    assert await lists.renew(ENVICOOL, SECOND) == 0
    lists.desk.first.answer = daily([10 + at / 100 for at in range(DAYS + 1)], first=FIRST)
    lists.desk.now = AFTER_CLOSE + timedelta(days=1)
    assert await lists.renew(ENVICOOL) == 1
    assert (await lists.board.figures([ENVICOOL]))[ENVICOOL].last_day == date(2025, 8, 19)


async def test_without_known_dividends_and_splits_there_is_no_figure(lists: Lists) -> None:
    await lists.renew(ENVICOOL)
    strict = BoardHistory(lists.desk.keeper, lists.desk.service, lists.desk.clock, day_of)
    assert await strict.figures([ENVICOOL]) == {}
    for learned, is_known in (("2025-08-18", True), ("2025-08-07", False)):
        await lists.desk.keeper.run(
            lambda store, day=learned: store.note(f"events {ENVICOOL}", f"{day} from 2024-01-01"),  # type: ignore[misc]
            None,
        )
        assert (ENVICOOL in await strict.figures([ENVICOOL])) is is_known
    index = parse_symbol("000300.SS")
    await lists.renew(index)
    assert index in await strict.figures([index]), "an index pays nothing"


async def test_history_is_in_use_for_a_week_after_it_was_looked_at(lists: Lists) -> None:
    assert not await lists.board.is_in_use()
    await lists.board.note_use()
    assert await lists.board.is_in_use()
    lists.desk.now += timedelta(days=8)
    assert not await lists.board.is_in_use()


def test_the_next_final_day_is_the_first_of_any_market(lists: Lists) -> None:
    apple = parse_symbol("AAPL")
    assert lists.board.next_final([apple]) == datetime(2025, 8, 18, 20, 10, tzinfo=UTC)
    assert lists.board.next_final([ENVICOOL, apple]) == datetime(2025, 8, 18, 20, 10, tzinfo=UTC)
    assert lists.board.next_final([ENVICOOL]) == datetime(2025, 8, 19, 7, 10, tzinfo=UTC)
    assert lists.board.next_final([]) is None
