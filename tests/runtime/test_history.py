"""Price history as a run opens it, against the embedded exchange: sources, worker and file together."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.history.analysis.results import ComparisonRequest
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.results import Bars
from aiwatch.ledger.records import Ledger
from aiwatch.market.bars import Bar, EventKind, Interval, Range, adjusted
from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.state import utc_now
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.history import open_history
from aiwatch.screens.dashboard.chart.inputs import ChartInputs, chart_data
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange
from aiwatch.watchlist import Stock
from aiwatch.widgets.chart.data import View
from aiwatch.widgets.chart.state import ChartState
from aiwatch.widgets.chart.words import captions_of

NO_LEDGER = Ledger()
NVDA, ENVICOOL = parse_symbol("NVDA"), parse_symbol("002837.SZ")


async def test_a_run_has_bars_events_and_comparisons_of_every_market(
    settings: Settings, exchange: Exchange, tmp_path: Path
) -> None:
    async with open_history(settings, tmp_path / "history.sqlite3", utc_now, shipped_day) as history:
        assert history.worker.pid is None
        china = await history.service.bars(ENVICOOL, Range.YEAR)
        assert china.series is not None, china.problem
        assert china.series.source == "tencent"
        assert {event.source for event in china.series.events} <= {"yahoo"}
        us = await history.service.bars(NVDA, Range.FIVE_YEARS)
        assert us.series is not None, us.problem
        assert us.series.source == "yahoo"
        assert {event.kind for event in us.series.events} == {EventKind.DIVIDEND, EventKind.SPLIT}
        assert max(abs(step) for step in _steps(adjusted(us.series).bars)) < 0.4
        day = await history.service.bars(ENVICOOL, Range.DAY)
        assert day.series is not None, day.problem
        assert day.series.interval is Interval.MINUTE
        assert us.conflicts == china.conflicts == ()
        compared = await history.questions.compare(ComparisonRequest([NVDA.text, ENVICOOL.text]))
        assert compared.answer is not None, compared.problem
        assert [row.symbol for row in compared.answer.rows] == [NVDA.text, ENVICOOL.text]
        figures = await history.board.figures([NVDA, ENVICOOL])
        assert figures[NVDA].at_next.year is not None
        assert figures[ENVICOOL].at_next.five_days is not None, "its dividends and splits are known"
        pid = history.worker.pid
    assert pid is not None
    assert history.worker.pid is None


def _steps(bars: tuple[Bar, ...]) -> list[float]:
    return [later.close / earlier.close - 1 for earlier, later in pairwise(bars)]


def _on_the_chart(bars: Bars, span: Range) -> str:
    """What the chart says beside ``bars``."""
    state = ChartState(View(span))
    state.fit(160, 45)
    state.put(chart_data(ChartInputs(Stock(bars.symbol, "it"), bars), {}, NO_LEDGER))
    return " · ".join(captions_of(state, ()).notes)


@pytest.mark.parametrize(
    ("kind", "source", "words"),
    [
        (FaultKind.MISSING_DAY, "sina", "1 session is missing: "),
        (FaultKind.NULL_ROW, "sina", " of Tencent: these are Sina's"),
        (FaultKind.ONLY_CLOSE, "sina", " of Tencent: these are Sina's"),
        (FaultKind.DOUBLED_LIVE_ROW, "tencent", "sent twice; the newer one counts"),
        (FaultKind.PRE_OPEN_ROW, "tencent", "it repeats the previous close"),
        (FaultKind.EMPTY_LIST, "sina", "Tencent: an empty list"),
        (FaultKind.HTML, "sina", "Tencent: "),
        (FaultKind.REFUSE, "sina", "Tencent: no connection"),
        (FaultKind.STATUS, "sina", "Tencent: HTTP 429"),
    ],
)
async def test_every_fault_of_a_host_has_its_words_on_the_chart(
    settings: Settings, exchange: Exchange, tmp_path: Path, kind: FaultKind, source: str, words: str
) -> None:
    await exchange.fail("tencent", Fault(kind))
    without = {**settings.sources, "yahoo": replace(settings.sources["yahoo"], enabled=False)}
    own = replace(settings, sources=without)
    async with open_history(own, tmp_path / "history.sqlite3", utc_now, shipped_day) as history:
        bars = await history.service.bars(ENVICOOL, Range.YEAR)
        assert bars.series is not None
        assert bars.series.source == source
        assert words in _on_the_chart(bars, Range.YEAR)
        assert history.worker.pid is None


async def test_an_answer_cut_to_640_rows_is_made_whole_by_further_pages(
    settings: Settings, exchange: Exchange, tmp_path: Path
) -> None:
    await exchange.fail("tencent", Fault(FaultKind.TRUNCATED_640))
    async with open_history(settings, tmp_path / "history.sqlite3", utc_now, shipped_day) as history:
        bars = await history.service.bars(ENVICOOL, Range.FIVE_YEARS)
        assert bars.series is not None
        assert len(bars.series.bars) > 1200
        assert bars.series.missing == ()


async def test_every_fault_of_yahoo_has_its_words_on_the_chart(
    settings: Settings, exchange: Exchange, tmp_path: Path
) -> None:
    """Each with a stock of its own: the worker that asks is started once, and what came of another is kept."""
    async with open_history(settings, tmp_path / "history.sqlite3", utc_now, shipped_day) as history:
        for text, kind, source, words in (
            ("NVDA", FaultKind.MISSING_DAY, "tencent", "1 session is missing: "),
            ("MSFT", FaultKind.NULL_ROW, "tencent", " of Yahoo: these are Tencent's"),
            ("AMD", FaultKind.ONLY_CLOSE, "tencent", " of Yahoo: these are Tencent's"),
            ("AMZN", FaultKind.PRE_OPEN_ROW, "yahoo", "no trade yet: it repeats the previous close"),
            ("META", FaultKind.TRUNCATED_640, "yahoo", "bars only from "),
            ("ORCL", FaultKind.EMPTY_LIST, "tencent", "Yahoo (yfinance) has no bars of ORCL"),
            ("GOOGL", FaultKind.STATUS, "tencent", "Yahoo (yfinance): too many requests (429)"),  # which it then obeys
        ):
            await exchange.heal("yahoo")
            await exchange.fail("yahoo", Fault(kind))
            bars = await history.service.bars(parse_symbol(text), Range.FIVE_YEARS)
            assert bars.series is not None, kind
            assert bars.series.source == source, kind
            assert words in _on_the_chart(bars, Range.FIVE_YEARS), kind


async def test_a_symbol_that_nobody_knows_is_said(settings: Settings, exchange: Exchange, tmp_path: Path) -> None:
    async with open_history(settings, tmp_path / "history.sqlite3", utc_now, shipped_day) as history:
        for text, words in (
            ("9999.T", "Yahoo (yfinance) has no bars of 9999.T"),
            ("300999.SZ", "Sina has no bars of 300999.SZ"),
        ):
            bars = await history.service.bars(parse_symbol(text), Range.YEAR, patience=30.0)
            assert bars.series is None
            assert words in bars.problem


async def test_two_hosts_that_contradict_each_other_are_both_on_the_chart(
    settings: Settings, exchange: Exchange, tmp_path: Path
) -> None:
    path = tmp_path / "history.sqlite3"
    async with open_history(settings, path, utc_now, shipped_day) as history:
        await history.service.bars(ENVICOOL, Range.YEAR, source="sina")
        async with HistoryKeeper(path, utc_now) as keeper:
            await keeper.run(lambda store: store.connection.execute("UPDATE bars SET close = high"), None)
        bars = await history.service.bars(ENVICOOL, Range.YEAR, source="tencent")
        words = _on_the_chart(bars, Range.YEAR)
        assert "closes differ on " in words
        assert "Sina " in words
        assert "Tencent " in words
        assert "more days" in words
