"""Draws the README's picture: the screen on the embedded exchange, after it has run for a while.

Run it with ``python -m tests.picture``; it writes ``tui/screen.svg``.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiwatch.app import AiwatchApp
from aiwatch.config.settings import Settings
from aiwatch.feed.feed import Feed
from aiwatch.files.bundled import bundled
from aiwatch.ledger.loader import load_commitments
from aiwatch.market.calendar.session import always_open
from aiwatch.runtime.hosts import demo_hosts
from aiwatch.runtime.load import utc_now
from aiwatch.runtime.screen import DEMO
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.session.dependencies import Dependencies, FeedDependencies, FileDependencies
from aiwatch.simulator.options import ExchangeOptions
from aiwatch.watchlist.reader import read_watchlists

PICTURE = Path(__file__).resolve().parent.parent / "tui" / "screen.svg"
SIZE = (160, 45)
TICKS = 18
"""How many prices the first stock must have seen, so that there is something on its tape."""


async def draw() -> str:
    """The screen as SVG."""
    lists = read_watchlists(bundled("watchlists")).lists
    ledger = load_commitments(bundled("seeds"))
    symbols = tuple(stock.symbol.text for one in lists for stock in one.stocks)
    hosts = demo_hosts(Settings(), utc_now, ExchangeOptions(rate=60, also=symbols))
    async with Feed(hosts, utc_now, always_open) as feed:
        prices = FeedDependencies(utc_now, always_open, feed, DEMO)
        given = Dependencies(prices, FileDependencies(Settings(), lists, ledger))
        app = AiwatchApp(given)
        async with app.run_test(size=SIZE) as pilot:
            screen = app.screen
            assert isinstance(screen, DashboardScreen)
            first = lists[0].stocks[0].symbol
            screen.lists.open("builders")
            while len(screen.session.market.tapes.get(first, ())) < TICKS:
                await pilot.pause(0.2)
            await pilot.press("j", "j")
            screen.panels.ledger.list.highlighted = 14
            await pilot.pause(1.0)
            return app.export_screenshot(title="aiwatch demo")


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(draw()), encoding="utf-8")
