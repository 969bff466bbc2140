"""The Filings view of the stock's panel: asked for when it is seen, what its rows lead to, what it says of failures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from aiwatch.errors import Unreachable
from aiwatch.simulator.server import Exchange
from tests.ledger.bundled import bundled_ledger
from tests.screens.filings.given import FakeHosts, of_exchange
from tests.screens.stage import MORNING, Stage, focused, on_stage


@pytest.fixture(name="hosts")
def _hosts(tmp_path: Path) -> FakeHosts:
    bundled_ledger()  # read before the event loop is guarded
    return FakeHosts(tmp_path / "filings", lambda: MORNING)


@asynccontextmanager
async def staged(hosts: FakeHosts, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Stage]:
    async with on_stage(
        size, filings=hosts.open, whole_ledger=True, start_list="hyperscalers", browse=lambda url: True
    ) as stage:
        yield stage


async def opened(stage: Stage) -> None:
    """Go to the view, which is the one before the first."""
    await stage.press("3", "V")
    await stage.until(lambda: "Asking" not in stage.text("#stock-panel") and bool(stage.dashboard.query("#filings")))
    await stage.settle()


async def test_nobody_is_asked_before_the_view_is_seen_and_then_for_the_stock_alone(hosts: FakeHosts) -> None:
    async with staged(hosts) as stage:
        assert hosts.asked == []
        await opened(stage)
        await stage.until(lambda: "Supply agreement with OpenAI of MSFT" in stage.text("#stock-panel"))
        assert "▸Filings" in stage.text("#stock-panel")
        assert hosts.asked == ["MSFT"]
        assert focused(stage) == "filings"
        await stage.press("v")
        assert "▸Figures" in stage.text("#stock-panel")
        assert focused(stage) == "stock"
        await stage.press("h")
        await stage.press("1", "j")
        assert hosts.asked == ["MSFT"], "another view is shown"


async def test_left_and_right_show_the_next_view_and_another_stock_its_own_filings(hosts: FakeHosts) -> None:
    async with staged(hosts) as stage:
        await opened(stage)
        await stage.press("left")
        assert "▸Ledger" in stage.text("#stock-panel")
        await stage.press("v", "1", "j")
        await stage.until(lambda: "OpenAI of GOOGL" in stage.text("#stock-panel"))
        assert "of MSFT" not in stage.text("#stock-panel")


async def test_enter_goes_to_the_record_and_the_page_key_to_the_filing(hosts: FakeHosts) -> None:
    async with staged(hosts) as stage:
        await opened(stage)
        await stage.until(lambda: "8-K" in stage.text("#stock-panel"))
        await stage.press("o")
        await stage.until(lambda: any("Archives/edgar/data/1.htm" in words for words in stage.messages))
        await stage.press("j", "o")
        await stage.until(lambda: "There is no page of this filing" in stage.messages)
        await stage.press("y", "k", "enter")
        await stage.until(lambda: stage.dashboard.panels.front.name == "RECORD")
        assert "OpenAI" in stage.text("#record-panel")
        await stage.press("b")
        assert stage.dashboard.panels.front.name == "STOCK"
        assert "Quarterly report of MSFT" in stage.dashboard.panels.stock.plain


async def test_a_host_that_fails_is_named_and_nothing_else_is_touched(hosts: FakeHosts) -> None:
    hosts.error = Unreachable("data.sec.gov", "no connection", hint="Look at the network.")
    async with staged(hosts) as stage:
        before = stage.text("#board")
        await opened(stage)
        await stage.until(lambda: "data.sec.gov: no connection" in stage.text("#stock-panel"))
        assert stage.text("#board") == before
        assert "data.sec.gov" not in stage.text("StatusLine") + stage.text("NoticeLine")


async def test_a_stock_without_filings_and_one_that_nobody_has_are_said(hosts: FakeHosts) -> None:
    hosts.has_none = True
    async with staged(hosts) as stage:
        await opened(stage)
        await stage.until(lambda: "None: the hosts list no filing of Microsoft" in stage.text("#stock-panel"))
        await stage.press("enter", "o")
        await stage.until(lambda: "No filing is selected" in stage.messages)


async def test_without_filings_there_is_no_view_of_them_and_the_key_says_so() -> None:
    async with on_stage() as stage:
        await stage.press("3", "V")
        assert "Filings" not in stage.text("#stock-panel")
        await stage.press("1", "F")
        await stage.until(lambda: "Filings are not asked for here" in stage.messages)


@pytest.mark.parametrize("size", [(80, 24), (160, 45), (200, 60)])
async def test_a_demo_shows_simulated_filings_and_headlines_marked_as_what_they_are(
    hosts: FakeHosts, tmp_path: Path, size: tuple[int, int]
) -> None:
    clock = lambda: MORNING  # noqa: E731
    async with (
        Exchange(rate=0, clock=clock) as exchange,
        of_exchange(exchange, tmp_path / "filings", clock, news=True) as open_filings,
        on_stage(size, filings=open_filings, mark="DEMO", whole_ledger=True, start_list="hyperscalers") as stage,
    ):
        await opened(stage)
        await stage.until(lambda: "10-Q" in stage.text("#stock-panel"))
        text = stage.text("#stock-panel")
        assert "DEMO: simulated filings" in text
        assert "headline" in text
        assert "◆" in text
        assert stage.widths() == {size[0]}
        for name in ("sec", "yahoo_news", "sina_news"):
            assert exchange.requests(name).value > 0
        assert exchange.requests("tencent").value == exchange.requests("yahoo").value == 0
