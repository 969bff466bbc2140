"""Draws the README's pictures on the embedded exchange: the screen after it has run for a while, and the ledger.

Run it with ``python -m tests.picture``; it writes ``tui/screen.svg`` and ``tui/ledger.svg``. With ``ledger`` behind it,
it draws that one alone.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from aiwatch.app import AiwatchApp
from aiwatch.config.paths import bundled
from aiwatch.config.settings import Settings
from aiwatch.feed.feed import Feed
from aiwatch.ledger.loader import load_commitments, load_ledger
from aiwatch.market.calendar.session import always_open
from aiwatch.market.state import utc_now
from aiwatch.runtime.hosts import demo_hosts
from aiwatch.runtime.screen import DEMO
from aiwatch.runtime.search import RunHistory
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.session.dependencies import Dependencies, FeedDependencies, FileDependencies
from aiwatch.session.layout import Panel
from aiwatch.simulator import ExchangeOptions
from aiwatch.watchlist.reader import read_watchlists
from aiwatch.widgets.chart.chart import Chart

_FOLDER = Path(__file__).resolve().parent.parent / "tui"
PICTURE, LEDGER_PICTURE = _FOLDER / "screen.svg", _FOLDER / "ledger.svg"
SIZE, LEDGER_SIZE = (160, 45), (120, 36)
TICKS = 18
"""How many prices the first stock must have seen, so that there is something on its tape."""


async def draw(folder: Path) -> str:
    """The screen as SVG, with the chart of a stock; what is kept meanwhile is kept in ``folder``."""
    lists = read_watchlists(bundled("watchlists")).lists
    ledger = load_commitments(bundled("seeds"))
    history = RunHistory(Settings(), folder / "screen.sqlite3", utc_now, waits=True)
    hosts = demo_hosts(Settings(), utc_now, ExchangeOptions(rate=60, anything=True), history.use_exchange)
    async with Feed(hosts, utc_now, always_open) as feed, history:
        history.feed = feed
        prices = FeedDependencies(utc_now, always_open, feed, DEMO, history=history.service, list_history=history)
        dependencies = Dependencies(prices, FileDependencies(Settings(), lists, ledger))
        app = AiwatchApp(dependencies)
        async with app.run_test(size=SIZE) as pilot:
            screen = app.screen
            assert isinstance(screen, DashboardScreen)
            first = lists[0].stocks[0].symbol
            while len(screen.session.market.tapes.get(first, ())) < TICKS:
                await pilot.pause(0.2)
            await pilot.press("j", "j")
            screen.panels.ledger.list.highlighted = 14
            while (chart := screen.panels.stock.chart) is None or not _is_settled(chart):
                await pilot.pause(0.2)
            await pilot.pause(1.0)
            return app.export_screenshot(title="aiwatch demo")


def _is_settled(chart: Chart) -> bool:
    """Whether all is on the chart that was on its way."""
    text = "".join(chart.render_line(row).text for row in range(chart.size.height))
    return "adjusted" in text and "asked for" not in text and "Loading" not in text


async def draw_ledger(folder: Path) -> str:
    """What was delivered of what was promised, as SVG; what is kept meanwhile is kept in ``folder``."""
    lists, ledger = read_watchlists(bundled("watchlists")).lists, load_ledger(bundled("seeds"))
    history = RunHistory(Settings(), folder / "history.sqlite3", utc_now, waits=True)
    hosts = demo_hosts(Settings(), utc_now, ExchangeOptions(anything=True), history.use_exchange)
    async with Feed(hosts, utc_now, always_open) as feed, history:
        prices = FeedDependencies(utc_now, always_open, feed, DEMO, spending=history.spending)
        app = AiwatchApp(Dependencies(prices, FileDependencies(Settings(), lists, ledger)))
        async with app.run_test(size=LEDGER_SIZE) as pilot:
            screen = app.screen
            assert isinstance(screen, DashboardScreen)
            screen.panels.ledger.view = "delivered"
            screen.panels.go_to(Panel.COMMITMENTS)
            screen.panels.full = True
            while (reports := screen.session.ledger.reports) is None or reports.done < reports.total:
                await pilot.pause(0.2)
            await pilot.pause(1.0)
            return app.export_screenshot(title="aiwatch demo")


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        LEDGER_PICTURE.write_text(asyncio.run(draw_ledger(Path(folder))), encoding="utf-8")
        if sys.argv[1:] != ["ledger"]:
            PICTURE.write_text(asyncio.run(draw(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
