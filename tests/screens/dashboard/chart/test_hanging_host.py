"""A host that hangs, on real sockets and with yfinance in its own process: it is named in time, and keys answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest

from aiwatch.config.settings import Settings
from aiwatch.history.service import HistoryService
from aiwatch.history.worker.client import DEADLINE_SECONDS
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.history import open_history
from aiwatch.runtime.hosts import pointed_at
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange
from aiwatch.watchlist import Stock, Watchlist
from tests.screens.stage import Stage, focused, on_stage

PROMISED = 15.0
"""Seconds after which the chart says that a host hangs."""
AT_ONCE = 2.0
"""Seconds after which what a key does is no longer done at once, also on a machine that has other work."""
STOCKS = tuple(Stock(parse_symbol(text), text) for text in ("NVDA", "AAPL", "MSFT"))


def _now() -> datetime:
    return datetime.now(UTC)


def _words(stage: Stage) -> str:
    return " ".join(stage.text("#chart").split())


async def _check_alive(stage: Stage) -> None:
    """Keys do what they do, at once."""
    for key, focus in (("2", "commitments"), ("3", "chart"), ("1", "board")):
        pressed = perf_counter()
        await stage.press(key)
        assert focused(stage) == focus
        assert perf_counter() - pressed < AT_ONCE


@pytest.mark.parametrize("deadline", [3.0, pytest.param(DEADLINE_SECONDS, marks=pytest.mark.long)])
async def test_the_chart_says_that_yahoo_hangs_and_keys_answer_all_the_while(tmp_path: Path, deadline: float) -> None:
    async with Exchange(universe=universe(5), clock=_now, rate=100) as exchange:
        await exchange.fail("yahoo", Fault(FaultKind.HANG))
        await exchange.fail("tencent", Fault(FaultKind.REFUSE))
        settings, path = pointed_at(Settings(), exchange.urls), tmp_path / "history.sqlite3"
        async with open_history(settings, path, _now, shipped_day, deadline=deadline) as history:

            async def opened() -> HistoryService:
                return history.service

            async with on_stage(
                (120, 36),
                clock=_now,
                watchlists=(Watchlist("us", "US", "", STOCKS, Path("us.toml")),),
                start_list="us",
                history=opened,
            ) as stage:
                await stage.until(lambda: history.worker.pid is not None)
                began = perf_counter()
                await _check_alive(stage)
                await stage.press("j")
                assert stage.current == "AAPL"
                async with asyncio.timeout(PROMISED + 5):
                    while f"Yahoo (yfinance): no answer within {deadline:g} s" not in _words(stage):
                        await stage.pilot.pause(0.02)
                assert perf_counter() - began < PROMISED
                assert "next try at" in _words(stage)
                assert history.worker.pid is None
                assert exchange.requests("yahoo").value <= 2, "each way once: who waited was not made to ask again"
                await stage.until(lambda: "before: " in _words(stage))
                await _check_alive(stage)
