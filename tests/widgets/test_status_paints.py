from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

from aiwatch.market.calendar.hours import Phase
from aiwatch.market.calendar.session import Session, SessionAt, always_open
from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.market.state import Clock, MarketState
from aiwatch.market.symbol import Exchange
from aiwatch.widgets.status_line import StatusLine
from tests.conftest import FIXED_NOW

_OK = SourceHealth("tencent", "Tencent", Condition.OK, last_success=FIXED_NOW)


class _Stage(App[None]):
    def __init__(self, clock: Clock = lambda: FIXED_NOW, sessions: SessionAt = always_open) -> None:
        super().__init__()
        self._clock = clock
        self._sessions = sessions

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict.fromkeys(("up", "closed", "flat", "limit", "demo", "heading", "quiet"), "#808080")

    def compose(self) -> ComposeResult:
        yield StatusLine(MarketState(self._clock, self._sessions))


async def test_a_second_costs_a_paint_only_where_it_changes_a_word() -> None:
    now = [FIXED_NOW]
    async with _Stage(lambda: now[0]).run_test(size=(160, 4)) as pilot:
        line = pilot.app.query_one(StatusLine)
        line.health = (_OK,)
        await pilot.pause()
        with patch.object(line, "refresh", wraps=line.refresh) as refresh:
            line._move_on()
            assert refresh.call_count == 0
            now[0] += timedelta(hours=2)
            line._move_on()
            assert refresh.call_count == 1


async def test_an_answer_within_the_same_second_costs_no_paint() -> None:
    async with _Stage().run_test(size=(160, 4)) as pilot:
        line = pilot.app.query_one(StatusLine)
        line.health = (_OK,)
        await pilot.pause()
        with patch.object(line, "refresh", wraps=line.refresh) as refresh:
            line.health = (replace(_OK, last_success=FIXED_NOW - timedelta(milliseconds=400)),)
            assert refresh.call_count == 0
            line.health = (replace(_OK, dropped=1),)
            assert refresh.call_count == 1
            line.health = (replace(_OK, condition=Condition.FAILING, why="gone"),)
            assert refresh.call_count == 2


async def test_the_age_of_an_answer_is_said_once_it_is_a_minute_and_by_the_minute() -> None:
    now = [FIXED_NOW]
    async with _Stage(lambda: now[0]).run_test(size=(200, 4)) as pilot:
        line = pilot.app.query_one(StatusLine)
        line.health = (_OK,)
        for seconds, words in ((0, "Tencent ✓"), (59, "Tencent ✓"), (60, "Tencent 1m ✓"), (185, "Tencent 3m ✓")):
            now[0] = FIXED_NOW + timedelta(seconds=seconds)
            assert words in line.render().plain


@pytest.mark.parametrize(
    ("opens_in", "seconds", "words"),
    [
        (timedelta(minutes=2), 1, "opens in 2 min"),
        (timedelta(minutes=2), 61, "opens in 59 s"),
        (timedelta(seconds=40), 1, "opens in 39 s"),
        (timedelta(seconds=40), 39, "opens in 1 s"),
        (timedelta(hours=2), 60, "opens in 1 h 59 min"),
    ],
)
async def test_the_markets_are_said_by_the_minute_and_counted_down_by_the_second(
    opens_in: timedelta, seconds: int, words: str
) -> None:
    now = [FIXED_NOW]

    def closed(exchange: Exchange, when: datetime) -> Session:
        opens = FIXED_NOW + opens_in
        return Session(exchange, Phase.CLOSED, opens, opens, None)

    app = _Stage(lambda: now[0], closed)
    async with app.run_test(size=(250, 4)) as pilot:
        line = pilot.app.query_one(StatusLine)
        for second in range(seconds + 1):
            now[0] = FIXED_NOW + timedelta(seconds=second)
            line._move_on()
        assert words in line.render().plain
