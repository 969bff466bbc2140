"""What the ledger's views have beside its files: reports and kept prices, looked for when they are looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aiwatch.history.results import Bars
from aiwatch.history.spending.service import SpendingReports
from aiwatch.ledger.records import Ledger
from aiwatch.market.bars import Interval, Range
from aiwatch.market.symbol import Symbol
from aiwatch.session.layout import Panel, ScreenLayout
from tests.ledger.bundled import bundled_ledger
from tests.ledger.delivered.hosts import NOW, MadeUpHosts
from tests.market.bars.fixtures import daily
from tests.screens.dashboard.test_pictures import then
from tests.screens.stage import Stage, make_app, on_stage

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def whole_ledger() -> Ledger:
    """Read before a loop runs."""
    return bundled_ledger()


class Opener:
    """Hands out the service when ``may`` is set, and counts how often it was asked to."""

    def __init__(self, hosts: MadeUpHosts, folder: Path) -> None:
        self.hosts = hosts
        self.may = asyncio.Event()
        self.times = 0
        self._reports = hosts.reports(folder)

    async def __call__(self) -> SpendingReports:
        """The service."""
        self.times += 1
        await self.may.wait()
        return self._reports


def _text(stage: Stage) -> str:
    panel = stage.dashboard.panels.ledger
    rows = (panel.list.row_at(at).content.plain for at in range(panel.list.option_count))
    return "\n".join(rows)


async def test_nobody_is_asked_before_the_view_is_looked_at(tmp_path: Path) -> None:
    opener = Opener(MadeUpHosts(), tmp_path)
    opener.may.set()
    async with on_stage(clock=lambda: NOW, spending=opener, whole_ledger=True) as stage:
        stage.dashboard.panels.ledger.view = "totals"
        await stage.settle()
        assert opener.times == 0
        stage.dashboard.panels.ledger.view = "delivered"
        await stage.until(lambda: stage.dashboard.session.ledger.reports is not None)
        await stage.until(lambda: len(opener.hosts.asked) == 6)
        stage.dashboard.panels.ledger.view = "totals"
        stage.dashboard.panels.ledger.view = "delivered"
        stage.dashboard.panels.go_to(Panel.COMMITMENTS)
        stage.dashboard.panels.full = True
        await stage.until(lambda: opener.times == 2)
        await stage.settle()
        assert len(opener.hosts.asked) == 6, "what is new is not asked for again"
        assert "ByteDance  not listed: it reports to nobody" in _text(stage)
        assert "no quarter of that time: Yahoo has 2025-03-31 to 2026-03-31" in _text(stage)


async def test_a_screen_left_on_the_view_asks_after_its_first_paint(tmp_path: Path) -> None:
    opener = Opener(MadeUpHosts(), tmp_path)
    opener.may.set()
    layout = ScreenLayout(panel=Panel.COMMITMENTS, view="delivered")
    async with on_stage(clock=lambda: NOW, spending=opener, whole_ledger=True, layout=layout) as stage:
        await stage.until(lambda: len(opener.hosts.asked) == 6)


async def test_what_cannot_be_had_is_said_and_never_zero(tmp_path: Path) -> None:
    opener = Opener(MadeUpHosts("Yahoo: no connection to query1.finance.yahoo.com"), tmp_path)
    opener.may.set()
    async with on_stage(clock=lambda: NOW, spending=opener, whole_ledger=True) as stage:
        stage.dashboard.panels.ledger.view = "delivered"
        await stage.until(lambda: "Alibaba  Yahoo: no connection to query1.finance.yahoo.com" in _text(stage))
        assert "–  not known, of ¥380 bn" in _text(stage)
        assert " 0 %" not in _text(stage)


async def test_every_row_leads_on_and_back(tmp_path: Path) -> None:
    opener = Opener(MadeUpHosts(), tmp_path)
    opener.may.set()
    async with on_stage(clock=lambda: NOW, spending=opener, whole_ledger=True) as stage:
        panels = stage.dashboard.panels
        panels.ledger.view = "delivered"
        panels.go_to(Panel.COMMITMENTS)
        await stage.until(lambda: panels.ledger.list.option_count > 5)
        await stage.pilot.press("enter")
        assert panels.record.border_title is not None
        assert "C011" in panels.record.border_title
        panels.go_to(Panel.COMMITMENTS)
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: "E022" in str(panels.record.border_title))


class KeptPrices:
    """Price history that keeps the days of the symbols in ``kept``, and who was looked for in ``asked``."""

    def __init__(self, *stored: str) -> None:
        self.those_kept = stored
        self.asked: list[str] = []

    async def __call__(self) -> Any:
        """The service, which is this."""
        return self

    async def kept(self, symbol: Symbol, span: Range, interval: Interval | None = None) -> Bars:
        """The days of a symbol."""
        self.asked.append(symbol.text)
        series = daily([100.0, 110.0, 99.0], symbol=symbol.text) if symbol.text in self.those_kept else None
        return Bars(symbol, interval or span.interval, series, is_kept=True)


@pytest.mark.parametrize(
    ("stored", "words", "row"),
    [
        (("ORCL", "NVDA"), "basket: DEMO, 2 of 12 listed companies that pay or are paid", "basket   99.0"),
        ((), "basket of those who pay or are paid: no prices kept", ""),
    ],
    ids=["two", "none"],
)
async def test_the_timeline_has_the_kept_prices_of_those_who_pay_or_are_paid(
    stored: tuple[str, ...], words: str, row: str
) -> None:
    prices = KeptPrices(*stored)
    async with on_stage(clock=lambda: NOW, history=prices, whole_ledger=True, mark="DEMO") as stage:
        panel = stage.dashboard.panels.ledger
        panel.view = "totals"
        await stage.settle()
        assert not {"ORCL", "CRWV"} & set(prices.asked)
        panel.view = "timeline"
        await stage.until(lambda: stage.dashboard.session.ledger.basket is not None)
        await stage.until(lambda: words in str(panel.summary.visual))
        assert {"ORCL", "CRWV"} <= set(prices.asked)
        assert row in _text(stage)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_picture(snap_compare: Compare, size: tuple[int, int], tmp_path: Path) -> None:
    opener = Opener(MadeUpHosts(), tmp_path)
    opener.may.set()
    app = make_app(clock=lambda: NOW, spending=opener, whole_ledger=True, mark="DEMO")

    async def look(stage: Stage) -> None:
        stage.dashboard.panels.ledger.view = "delivered"
        stage.dashboard.panels.go_to(Panel.COMMITMENTS)
        stage.dashboard.panels.full = size[0] > 80
        await stage.until(lambda: len(opener.hosts.asked) == 6 and not _reports(stage).asking)

    assert snap_compare(app, terminal_size=size, run_before=then(look))


def _reports(stage: Stage) -> Any:
    return stage.dashboard.session.ledger.reports
