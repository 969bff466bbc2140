"""yfinance, unmodified, against the embedded exchange: its history is the one that the other hosts serve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.errors import Refused
from aiwatch.history.worker.client import Worker
from aiwatch.history.worker.messages import (
    AskBars,
    AskCashFlow,
    AskEarnings,
    BarsAnswer,
    CashFlowAnswer,
    EarningsAnswer,
)
from aiwatch.history.worker.yahoo_days import series_of
from aiwatch.market.bars import BarsQuery, EventKind, Interval, adjusted, fault_of
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange
from aiwatch.system.child_process import module_command

NVDA, ENVICOOL = parse_symbol("NVDA"), parse_symbol("002837.SZ")


async def test_yfinance_reads_the_embedded_exchange(tmp_path: Path) -> None:
    async with Exchange(universe=universe(5), clock=lambda: datetime.now(UTC), rate=100) as exchange:
        command = (*module_command("aiwatch.history.worker.child"), exchange.yahoo_url, str(tmp_path))
        async with Worker(lambda: command, deadline=60) as worker:
            now = datetime.now(UTC)
            for symbol in (NVDA, ENVICOOL):
                query = BarsQuery(symbol, Interval.DAY, now.date() - timedelta(days=2 * 366))
                answer = await worker.ask(AskBars(symbol.text, query.first), BarsAnswer)
                series = series_of(query, answer, now)
                assert 480 <= len(series.bars) <= 530
                assert (series.currency, series.zone) == (symbol.currency, symbol.zone)
                assert not series.refused
                assert all(not fault_of(bar) for bar in series.bars)
                assert [bar.when for bar in adjusted(series).bars] == [bar.when for bar in series.bars]
            everything = await worker.ask(AskBars(NVDA.text), BarsAnswer)
            assert {event.kind for event in everything.events} == {EventKind.DIVIDEND, EventKind.SPLIT}
            assert len(everything.rows) > 2400
            assert (await worker.ask(AskEarnings(NVDA.text), EarningsAnswer)).earnings
            assert len((await worker.ask(AskCashFlow(NVDA.text), CashFlowAnswer)).quarters) >= 4
            with pytest.raises(Refused) as raised:
                await worker.ask(AskBars("NOSUCH"), BarsAnswer)
            assert raised.value.status == 404
