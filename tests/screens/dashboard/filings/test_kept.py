"""The Filings view that a run was left with is there at the next start, and comes with the first paint's rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch.session.layout import Panel, ScreenLayout
from tests.ledger.bundled import bundled_ledger
from tests.screens.filings.given import FakeHosts
from tests.screens.stage import MORNING, on_stage


@pytest.fixture(name="hosts")
def _hosts(tmp_path: Path) -> FakeHosts:
    bundled_ledger()  # read before the event loop is guarded
    return FakeHosts(tmp_path / "filings", lambda: MORNING)


async def test_the_view_is_remembered_and_asked_for_without_a_key(hosts: FakeHosts) -> None:
    layout = ScreenLayout(panel=Panel.STOCK, list="hyperscalers", stock_view="filings")
    async with on_stage(filings=hosts.open, layout=layout) as stage:
        await stage.until(lambda: "Supply agreement with OpenAI of MSFT" in stage.text("#stock-panel"))
        assert "▸Filings" in stage.text("#stock-panel")
        await stage.until(lambda: stage.app.focused is not None and stage.app.focused.id == "filings")


async def test_a_run_without_filings_begins_with_the_first_view_and_keeps_the_choice(hosts: FakeHosts) -> None:
    layout = ScreenLayout(panel=Panel.STOCK, list="hyperscalers", stock_view="filings")
    async with on_stage(layout=layout) as stage:
        assert "▸Figures" in stage.text("#stock-panel")
        assert hosts.asked == []
