"""The view of claims: "since then" is held against end closes that price history adjusted, when it is looked at."""

from __future__ import annotations

import pytest

from tests.ledger.bundled import bundled_ledger
from tests.screens.stage import Stage, on_stage, priced
from tests.session.test_claim_closes import FakeCloses


@pytest.fixture(autouse=True)
def _whole_ledger() -> None:
    """Read before a loop runs."""
    bundled_ledger()


def _row(stage: Stage, name: str) -> str:
    panel = stage.dashboard.panels.ledger
    rows = (panel.list.row_at(at).content.plain for at in range(panel.list.option_count))
    return next((row for row in rows if name in row), "")


async def test_since_then_is_adjusted_where_history_is_kept_and_asked_for_where_it_is_not() -> None:
    history = FakeCloses({"R01": 23.57}, lacking=["002837.SZ"])
    async with on_stage(list_history=history, whole_ledger=True) as stage:
        await stage.take(priced("603757.SS", 47.14, 47.0), priced("002837.SZ", 63.0, 62.0))
        assert history.asked == [], "nobody looked at them yet"
        stage.dashboard.panels.ledger.view = "claims"
        await stage.until(lambda: "+100.00 %" in _row(stage, "大元泵业"))
        await stage.until(lambda: "+110.00 %" in _row(stage, "英维克"))
        stage.dashboard.panels.ledger.go_to("R02")
        await stage.until(lambda: "adjusted since" in stage.text("#record"))
