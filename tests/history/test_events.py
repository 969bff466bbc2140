"""Dividends and splits of another source: known from when on, asked once a day, never waited for too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.errors import TimedOut
from aiwatch.history.analysis.past_closes import PastClose, adjusted_close
from aiwatch.history.board_history import BoardHistory
from aiwatch.history.events import STILL_ASKED, Learned, learned_events
from aiwatch.history.service import HistoryService
from aiwatch.market.bars import Range
from tests.history.fakes import FakeSource
from tests.history.test_service import DAYS, ENVICOOL, FIRST, Desk, day_of
from tests.market.bars.fixtures import daily, dividend, split, weekdays

EX_DATE = date(2025, 8, 12)
LAST = weekdays(FIRST, DAYS)[-1]


class Learning:
    """A service whose bars come of one source, and dividends and splits of another."""

    def __init__(self, path: Path) -> None:
        bars = daily([10.0] * DAYS, first=FIRST)
        self.desk = Desk(path, bars)
        self.source = FakeSource("yahoo", replace(bars, events=(dividend(EX_DATE, 0.5)._replace(source="yahoo"),)))
        parts = self.desk.keeper, self.desk.choose, self.desk.rests, self.desk.clock, day_of
        self.service = HistoryService(*parts, event_source=self.source)
        self.board = BoardHistory(self.desk.keeper, self.service, self.desk.clock, day_of)

    async def learned(self) -> Learned | None:
        return await self.desk.keeper.run(lambda store: learned_events(store, ENVICOOL), None)

    async def adjusted(self, day: date, close: float = 10.0) -> dict[str, float]:
        return await self.board.adjusted_closes([PastClose("R01", ENVICOOL, day, close)])


@pytest.fixture
async def learning(tmp_path: Path) -> AsyncIterator[Learning]:
    learning = Learning(tmp_path)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(learning.desk.keeper)
        await stack.enter_async_context(learning.service)
        yield learning


async def test_bars_do_not_wait_for_a_source_of_dividends_that_hangs(learning: Learning) -> None:
    learning.source.gate.clear()
    bars = await learning.service.bars(ENVICOOL, Range.YEAR, patience=0.05)
    assert bars.series is not None
    assert (bars.awaits_events, bars.notices) == (True, (STILL_ASKED,))
    again = await learning.service.bars(ENVICOOL, Range.YEAR, patience=0.05)
    assert again.awaits_events
    assert len(learning.source.asked) == 1, "one question at a time"
    learning.source.gate.set()
    bars = await learning.service.bars(ENVICOOL, Range.YEAR)
    assert bars.series is not None
    assert [event.day for event in bars.series.events] == [EX_DATE]
    assert not bars.awaits_events


async def test_leaving_while_dividends_are_asked_for_leaves_no_task(tmp_path: Path) -> None:
    learning = Learning(tmp_path)
    learning.source.gate.clear()
    async with learning.desk.keeper, learning.service:
        await learning.service.bars(ENVICOOL, Range.YEAR, patience=0.01)
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "events"] == []


async def test_they_are_asked_for_once_a_day_and_from_further_back_once_more(learning: Learning) -> None:
    service, source = learning.service, learning.source
    await service.bars(ENVICOOL, Range.YEAR)
    assert await service.learn_events(ENVICOOL, date(2025, 1, 2)) == ""
    assert len(source.asked) == 1
    assert await service.learn_events(ENVICOOL, FIRST) == ""
    assert source.asked[1:] == [FIRST]
    learning.desk.now += timedelta(days=1)
    assert await service.learn_events(ENVICOOL, date(2025, 8, 1)) == ""
    assert len(source.asked) == 3
    assert await learning.learned() == Learned(learning.desk.now.date(), FIRST), "what was known before still is"
    source.answer = TimedOut("Yahoo", "no answer")
    learning.desk.now += timedelta(days=1)
    assert "not known" in await service.learn_events(ENVICOOL, FIRST)
    again = await service.bars(ENVICOOL, Range.YEAR)
    assert "not known" in " ".join(again.notices), "it is still said where bars are kept ones"


@pytest.mark.parametrize(
    ("before", "new", "joined"),
    [
        (None, Learned(date(2025, 8, 2), date(2025, 1, 1)), date(2025, 1, 1)),
        (Learned(date(2025, 8, 1), date(2024, 1, 1)), Learned(date(2025, 8, 2), date(2025, 1, 1)), date(2024, 1, 1)),
        (Learned(date(2025, 8, 1), date(2024, 1, 1)), Learned(date(2025, 9, 2), date(2025, 8, 5)), date(2025, 8, 5)),
        (Learned(date(2025, 8, 1), None), Learned(date(2025, 8, 2), date(2025, 1, 1)), None),
        (Learned(date(2025, 8, 1), date(2025, 1, 1)), Learned(date(2025, 8, 2), None), None),
    ],
)
def test_what_is_known_from_when_on_joins_what_was_known_before(
    before: Learned | None, new: Learned, joined: date | None
) -> None:
    assert new.joined(before).first == joined


# Closes that somebody printed


async def test_a_printed_close_is_adjusted_only_where_all_since_is_known(learning: Learning) -> None:
    day = EX_DATE - timedelta(days=1)
    assert await learning.adjusted(day) == {}, "nothing is kept"
    await learning.service.bars(ENVICOOL, Range.MONTH)
    assert await learning.adjusted(day) == {"R01": pytest.approx(9.5)}
    assert await learning.adjusted(EX_DATE) == {"R01": 10.0}
    assert await learning.adjusted(day, 10.3) == {}, "another close than the printed one"
    assert await learning.adjusted(date(2025, 6, 10)) == {}, "no bar of it is kept"
    await learning.desk.keeper.run(lambda store: store.note(f"events {ENVICOOL}", f"{LAST} from 2025-08-12"), None)
    assert await learning.adjusted(day) == {}, "an ex-date before may not be known"
    await learning.desk.keeper.run(lambda store: store.note(f"events {ENVICOOL}", "2025-08-01 from None"), None)
    assert await learning.adjusted(day) == {}, "an ex-date since may not be known"


def test_a_close_is_adjusted_for_every_event_after_its_day_and_none_of_it() -> None:
    days = weekdays(FIRST, 5)
    series = daily([10, 10, 10, 5, 5], [dividend(days[1], 1.0), split(days[3], 2)], first=FIRST)
    for at, expected in ((0, 4.5), (1, 5.0), (2, 5.0), (3, 5.0)):
        past = PastClose("R01", ENVICOOL, days[at], series.bars[at].close)
        assert adjusted_close(past, series) == pytest.approx(expected), at
    live = replace(series, bars=(*series.bars[:-1], series.bars[-1]._replace(final=False)))
    assert adjusted_close(PastClose("R01", ENVICOOL, days[4], 5.0), live) is None
