"""The filings of a list on a screen of their own: merged by time, left for a record, closed by its key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from aiwatch.errors import Unreachable
from aiwatch.screens.filings.screen import FilingsScreen
from aiwatch.watchlist import ALL_STOCKS
from tests.ledger.bundled import bundled_ledger
from tests.screens.filings.given import FakeHosts
from tests.screens.stage import MORNING, Stage, lists, on_stage

LIST = next(watchlist for watchlist in lists() if watchlist.key == "hyperscalers")


@pytest.fixture(name="hosts")
def _hosts(tmp_path: Path) -> FakeHosts:
    bundled_ledger()  # read before the event loop is guarded
    return FakeHosts(tmp_path / "filings", lambda: MORNING)


@asynccontextmanager
async def opened(hosts: FakeHosts, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Stage]:
    """The screen on a list, opened by its key."""
    async with on_stage(
        size,
        filings=hosts.open,
        whole_ledger=True,
        start_list=LIST.key,
        watchlists=(LIST,),
        browse=lambda url: True,
        mark="DEMO",
    ) as stage:
        await stage.press("F")
        await stage.until(lambda: isinstance(stage.app.screen, FilingsScreen) and "Asking" not in stage.text())
        await stage.until(lambda: " 0 shown" not in stage.text() or hosts.has_none or hosts.error is not None)
        yield stage


@pytest.mark.parametrize("size", [(80, 24), (160, 45), (200, 60)])
async def test_every_stock_is_asked_for_and_the_filings_are_merged_by_time(
    hosts: FakeHosts, size: tuple[int, int]
) -> None:
    async with opened(hosts, size) as stage:
        symbols = [stock.symbol.text for stock in LIST.stocks]
        assert sorted(hosts.asked) == sorted(symbols)
        text = stage.text()
        assert f"{LIST.name} · filings of {len(symbols)} stocks · {2 * len(symbols)} shown · DEMO" in text
        rows = [line for line in text.splitlines() if "Supply agreement" in line or "Quarterly report" in line]
        kinds = ["Supply" in row for row in rows]
        assert kinds == sorted(kinds, reverse=True)
        assert all(any(symbol in row for row in rows) for symbol in symbols)
        assert stage.widths() == {size[0]}
        await stage.press("F")
        assert not isinstance(stage.app.screen, FilingsScreen)


async def test_enter_leaves_for_the_record_and_back_leads_to_the_board(hosts: FakeHosts) -> None:
    async with opened(hosts) as stage:
        await stage.press("enter")
        await stage.until(lambda: stage.dashboard.panels.front.name == "RECORD")
        assert not isinstance(stage.app.screen, FilingsScreen)
        await stage.press("b")
        assert stage.dashboard.panels.front.name == "BOARD"


async def test_the_page_of_a_filing_is_opened_without_leaving(hosts: FakeHosts) -> None:
    async with opened(hosts) as stage:
        await stage.press("o")
        await stage.until(lambda: any("https://www.sec.gov/" in words for words in stage.messages))
        await stage.press("G", "o")
        await stage.until(lambda: "There is no page of this filing" in stage.messages)
        assert isinstance(stage.app.screen, FilingsScreen)


async def test_failures_and_an_empty_answer_are_said(hosts: FakeHosts) -> None:
    hosts.error = Unreachable("some.host", "no connection")
    async with opened(hosts) as stage:
        await stage.until(lambda: "some.host: no connection" in stage.text())


async def test_nothing_filed_is_said(hosts: FakeHosts) -> None:
    hosts.has_none = True
    async with opened(hosts) as stage:
        await stage.until(lambda: f"None: the hosts list no filing of {len(LIST.stocks)} stocks" in stage.text())
        await stage.press("enter", "o", "escape")
        assert not isinstance(stage.app.screen, FilingsScreen)


async def test_all_stocks_have_one_too(hosts: FakeHosts) -> None:
    async with on_stage(filings=hosts.open, start_list="hyperscalers", watchlists=(LIST,)) as stage:
        stage.dashboard.lists.open(ALL_STOCKS)
        await stage.press("F")
        await stage.until(lambda: "All stocks · filings of" in stage.text())
