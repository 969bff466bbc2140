from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from msgspec.structs import replace
from textual.app import App, ComposeResult

from aiwatch.market.calendar.session import always_open
from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.market.state import MarketState
from aiwatch.widgets.status_line import StatusLine
from tests.conftest import FIXED_NOW

_OK = SourceHealth("tencent", "Tencent", Condition.OK, last_success=FIXED_NOW)


class _Stage(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict.fromkeys(("up", "closed", "flat", "limit", "demo", "heading", "quiet"), "#808080")

    def compose(self) -> ComposeResult:
        yield StatusLine(MarketState(lambda: FIXED_NOW, always_open))


async def test_an_answer_within_the_same_second_costs_no_paint() -> None:
    async with _Stage().run_test() as pilot:
        line = pilot.app.query_one(StatusLine)
        line.health = (_OK,)
        with patch.object(line, "refresh", wraps=line.refresh) as refresh:
            line.health = (replace(_OK, last_success=FIXED_NOW - timedelta(milliseconds=400)),)
            assert refresh.call_count == 0
            line.health = (replace(_OK, dropped=1),)
            assert refresh.call_count == 1
            line.health = (replace(_OK, condition=Condition.FAILING, why="gone"),)
            assert refresh.call_count == 2
