"""The simulated past: every host tells the same one, to the sources of aiwatch and to yfinance, over real sockets."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.errors import Garbled, Refused
from aiwatch.market.bars import Bar, BarsQuery, EventKind, Interval, Series, adjusted
from aiwatch.market.quote import limit_prices
from aiwatch.market.symbol import parse_symbol
from aiwatch.runtime.hosts import pointed_at
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.history import DEPTH, History
from aiwatch.simulator.listings import universe
from aiwatch.simulator.market import Market
from aiwatch.simulator.server import Exchange
from aiwatch.sources.bars import CLOSE_ALONE, NO_FIGURES, TWICE, UNTRADED
from aiwatch.sources.sina.bars import SinaBars
from aiwatch.sources.tencent.history import TencentBars
from aiwatch.sources.yahoo.bars import YahooBars
from aiwatch.sources.yahoo.spark import Yahoo
from tests.simulator.clock import NOON, SteppingClock
from tests.simulator.test_round_trip import plain

PUMPS, CAMBRICON, TENCENT, NVDA = map(parse_symbol, ("603757.SS", "688256.SS", "0700.HK", "NVDA"))
TODAY = date(2026, 7, 15)
DAY = Interval.DAY
Sources = dict[str, Any]


@pytest.fixture
async def exchange(clock: SteppingClock) -> AsyncIterator[Exchange]:
    async with Exchange(clock=clock, rate=100) as exchange:
        clock.advance(20)
        yield exchange


@pytest.fixture
async def sources(exchange: Exchange, clock: SteppingClock) -> AsyncIterator[Sources]:
    settings = pointed_at(Settings(), exchange.urls).sources
    async with AsyncExitStack() as stack:
        kinds = {"tencent": TencentBars, "sina": SinaBars, "yahoo": YahooBars, "quotes": Yahoo}
        yield {
            name: await stack.enter_async_context(
                kind(settings["yahoo" if name == "quotes" else name], clock, transport=plain())
            )
            for name, kind in kinds.items()
        }


def figures(bars: tuple[Bar, ...]) -> list[tuple[Any, ...]]:
    return [bar[:6] for bar in bars]


@pytest.mark.parametrize("symbol", [PUMPS, CAMBRICON, parse_symbol("002837.SZ"), parse_symbol("000300.SS")], ids=str)
async def test_three_hosts_tell_the_same_days_of_mainland_china(sources: Sources, symbol: Any) -> None:
    query = BarsQuery(symbol, DAY, TODAY - timedelta(days=700))
    answers: list[Series] = [await sources[name].bars(query) for name in ("tencent", "sina", "yahoo")]
    days = [[bar.when for bar in series.bars] for series in answers]
    assert days[0] == days[1] == days[2]
    assert len(days[0]) > 440
    assert [series.refused for series in answers] == [()] * 3
    tencent, sina, yahoo = (figures(series.bars) for series in answers)
    if symbol.text != "000300.SS":
        assert tencent == sina
    # Yahoo divides prices by the splits since; undone, a cent of rounding may be left.
    for here, there in zip(tencent, yahoo, strict=True):
        assert there[1:5] == pytest.approx(here[1:5], abs=0.011)
    assert answers[0].previous_close == answers[1].previous_close
    limit = (symbol.daily_limit or 100) / 100 + 0.006
    closes = [bar.close for bar in adjusted(answers[2]).bars]
    assert all(abs(later / earlier - 1) <= limit for earlier, later in pairwise(closes)), "Yahoo tells every split"


async def test_tencents_forward_adjusted_days_are_what_the_events_make_of_the_raw_ones(
    sources: Sources, exchange: Exchange, client: httpx.AsyncClient
) -> None:
    series = await sources["yahoo"].bars(BarsQuery(PUMPS, DAY, TODAY - timedelta(days=800)))
    asked = f"{exchange.tencent_url}/appstock/app/fqkline/get?param=sh603757,day,,,{{}},qfq"
    rows = (await client.get(asked.format(800))).json()["data"]["sh603757"]["qfqday"]
    closes = {row[0]: float(row[2]) for row in rows}
    computed = {str(bar.when): bar.close for bar in adjusted(series).bars}
    shared = closes.keys() & computed.keys()
    assert len(shared) > 500
    assert [closes[day] for day in shared] == pytest.approx([computed[day] for day in shared], abs=0.02)
    assert len((await client.get(asked.format(1000))).json()["data"]["sh603757"]["qfqday"]) == 640


@pytest.mark.parametrize("symbol", [TENCENT, NVDA], ids=str)
async def test_two_hosts_tell_the_same_days_abroad(sources: Sources, symbol: Any) -> None:
    query = BarsQuery(symbol, DAY, TODAY - timedelta(days=3000))
    tencent, yahoo = await sources["tencent"].bars(query), await sources["yahoo"].bars(query)
    assert [bar.when for bar in tencent.bars] == [bar.when for bar in yahoo.bars]
    assert len(tencent.bars) > 2000, "more than a page of Tencent's"
    for here, there in zip(tencent.bars, yahoo.bars, strict=True):
        assert there[1:6] == pytest.approx(here[1:6], rel=1e-5, abs=0.011)
    assert {event.kind for event in yahoo.events} == {EventKind.DIVIDEND, EventKind.SPLIT}
    assert (tencent.complete_from, yahoo.complete_from) == (query.first, query.first)


@pytest.mark.parametrize("symbol", [PUMPS, NVDA, TENCENT, parse_symbol("CNY=X"), parse_symbol("^GSPC")], ids=str)
async def test_todays_bar_is_the_live_quote(sources: Sources, symbol: Any) -> None:
    series = await sources["yahoo"].bars(BarsQuery(symbol, DAY, TODAY - timedelta(days=30)))
    (quote,) = (await sources["quotes"].fetch([symbol])).quotes
    today = series.bars[-1]
    assert (today.close, today.high, today.low) == (quote.last, quote.high, quote.low)
    if quote.volume:
        assert today.volume == quote.volume
    assert series.bars[-2].close == quote.previous_close
    assert series.currency == quote.currency
    assert not today.final
    assert all(bar.final for bar in series.bars[:-1])


async def test_minutes_add_up_to_the_day(sources: Sources) -> None:
    days = (await sources["tencent"].bars(BarsQuery(PUMPS, DAY, TODAY - timedelta(days=20)))).bars
    minutes = await sources["tencent"].bars(BarsQuery(PUMPS, Interval.MINUTE, TODAY - timedelta(days=7)))
    by_day = {day: [bar for bar in minutes.bars if minutes.day_of(bar) == day] for day in set(minutes.days)}
    assert len(by_day) == 5
    for day in days[-5:]:
        bars = by_day[day.when]
        assert (bars[0].open, bars[-1].close) == (day.open, day.close)
        assert day.low <= min(bar.low for bar in bars) <= max(bar.high for bar in bars) <= day.high
        assert day.volume is not None
        assert sum(bar.volume or 0 for bar in bars) == pytest.approx(day.volume, abs=100)
        assert sum(bar.amount or 0 for bar in bars) == pytest.approx(day.volume * day.close, rel=0.15)
    clocks = {f"{bar.when + timedelta(hours=8):%H%M}" for bar in by_day[days[-2].when]}
    assert {"0930", "1130", "1500"} < clocks
    assert not {"1131", "1200", "1300"} & clocks, "nothing in the lunch break"


async def test_bars_of_five_minutes_are_the_same_at_every_host(sources: Sources) -> None:
    query = BarsQuery(PUMPS, Interval.FIVE_MINUTES, TODAY - timedelta(days=5))
    tencent, sina, yahoo = [(await sources[name].bars(query)).bars for name in ("tencent", "sina", "yahoo")]
    assert figures(sina) == [bar[:6] for bar in yahoo]
    assert [bar[:5] for bar in tencent] == [bar[:5] for bar in sina]
    assert len({bar.when for bar in sina}) == len(sina) > 100


@pytest.mark.parametrize(
    ("symbol", "interval"), [(TENCENT, Interval.FIVE_MINUTES), (NVDA, Interval.MINUTE), (NVDA, Interval.QUARTER_HOUR)]
)
async def test_minutes_abroad_agree(sources: Sources, symbol: Any, interval: Interval) -> None:
    query = BarsQuery(symbol, interval, TODAY - timedelta(days=5))
    tencent, yahoo = await sources["tencent"].bars(query), await sources["yahoo"].bars(query)
    assert set(tencent.days) >= set(yahoo.days)
    last = yahoo.days[-1]
    closes = [series.bars[len(series.bars) - 1 - series.days[::-1].index(last)].close for series in (tencent, yahoo)]
    assert closes[0] == closes[1]


async def test_a_minute_that_was_told_stays_while_the_price_goes_on(sources: Sources, clock: SteppingClock) -> None:
    query = BarsQuery(PUMPS, Interval.MINUTE, TODAY)
    clock.now = clock.now.replace(hour=2, minute=10)
    before = (await sources["tencent"].bars(query)).bars
    clock.advance(600)
    after = (await sources["tencent"].bars(query)).bars
    assert len(after) == len(before) + 10
    assert after[: len(before) - 1] == before[:-1]
    (quote,) = (await sources["quotes"].fetch([PUMPS])).quotes
    assert (after[-1].close, sum(bar.volume or 0 for bar in after)) == (
        quote.last,
        pytest.approx(quote.volume, abs=100),
    )
    yahoo = (await sources["yahoo"].bars(query)).bars
    assert [bar.close for bar in yahoo] == [bar.close for bar in after[1:]]


async def test_minutes_of_today_come_with_the_close_before(sources: Sources) -> None:
    series = await sources["tencent"].bars(BarsQuery(PUMPS, Interval.MINUTE, TODAY))
    (quote,) = (await sources["quotes"].fetch([PUMPS])).quotes
    assert set(series.days) == {TODAY}
    assert series.previous_close == quote.previous_close
    assert series.bars[-1].close == quote.last


HIT = [
    (FaultKind.MISSING_DAY, "tencent sina yahoo", ()),
    (FaultKind.NULL_ROW, "tencent sina yahoo", (NO_FIGURES,)),
    (FaultKind.ONLY_CLOSE, "tencent sina yahoo", (CLOSE_ALONE,)),
    (FaultKind.PRE_OPEN_ROW, "tencent sina yahoo", (UNTRADED,)),
    (FaultKind.DOUBLED_LIVE_ROW, "tencent sina yahoo", (TWICE,)),
    (FaultKind.FUTURE, "tencent sina yahoo", ("a date in the future",)),
    (FaultKind.ZERO_PRICE, "tencent sina yahoo", ("a price that is none",)),
    (FaultKind.NEGATIVE_PRICE, "tencent sina yahoo", ("a price that is none",)),
]


@pytest.mark.parametrize(("kind", "hosts", "reasons"), HIT, ids=[kind.value for kind, _, _ in HIT])
async def test_a_fault_in_a_row_costs_that_row_and_is_said(
    exchange: Exchange, sources: Sources, kind: FaultKind, hosts: str, reasons: tuple[str, ...]
) -> None:
    query = BarsQuery(PUMPS, DAY, TODAY - timedelta(days=100))
    for host in hosts.split():
        whole = (await sources[host].bars(query)).bars
        await exchange.fail(host, Fault(kind, times=1))
        series = await sources[host].bars(query)
        assert tuple(refused.reason for refused in series.refused) == reasons
        lost = [bar.when for bar in whole if bar.when not in {left.when for left in series.bars}]
        assert len(lost) == (0 if kind is FaultKind.DOUBLED_LIVE_ROW else 1)
        assert set(series.bars) <= set(whole)


@pytest.mark.parametrize("host", ["tencent", "sina", "yahoo"])
@pytest.mark.parametrize("kind", [FaultKind.EMPTY_LIST, FaultKind.GARBAGE, FaultKind.HTML, FaultKind.HALF_LINE])
async def test_an_answer_without_bars_is_an_outage(
    exchange: Exchange, sources: Sources, host: str, kind: FaultKind
) -> None:
    await exchange.fail(host, Fault(kind, times=1))
    with pytest.raises(Garbled):
        await sources[host].bars(BarsQuery(PUMPS, DAY))


async def test_a_silent_cut_is_seen_and_the_rest_is_asked_for(exchange: Exchange, sources: Sources) -> None:
    query = BarsQuery(PUMPS, DAY, TODAY - timedelta(days=2000))
    whole = await sources["tencent"].bars(query)
    await exchange.fail("tencent", Fault(FaultKind.TRUNCATED_640, times=1))
    mended = await sources["tencent"].bars(query)
    assert (mended.bars, mended.complete_from, mended.refused) == (whole.bars, query.first, ())
    await exchange.fail("tencent", Fault(FaultKind.TRUNCATED_640))
    asked = exchange.requests("tencent").value
    series = await sources["tencent"].bars(BarsQuery(PUMPS, DAY, date(2000, 1, 1)))
    assert exchange.requests("tencent").value - asked == 4
    assert len(series.bars) == DEPTH + 1


@pytest.mark.parametrize(("host", "symbol"), [("sina", "600999.SS"), ("yahoo", "ZZZZZ"), ("yahoo", "600999.SS")])
async def test_a_symbol_that_is_not_known_is_told_from_an_outage(sources: Sources, host: str, symbol: str) -> None:
    with pytest.raises(Refused) as caught:
        await sources[host].bars(BarsQuery(parse_symbol(symbol), DAY))
    assert caught.value.status == 404


def test_no_close_is_beyond_the_limit_unless_an_event_says_so(clock: SteppingClock) -> None:
    market = Market(universe(), seed=7, rate=0, clock=clock)
    history = History(market, 7)
    up_days = 0
    for stock in market.stocks.values():
        percent, decimals = stock.listing.symbol.daily_limit, stock.listing.decimals
        past = history.daily(stock, NOON)
        assert len(past.bars) == DEPTH + 1
        assert past.bars[-2].close == stock.listing.previous_close
        ex_dates = {action.day for action in past.actions}
        for before, bar in zip(past.bars, past.bars[1:], strict=False):
            assert before.day < bar.day
            assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
            if percent is not None and bar.day not in ex_dates:
                scale = 10**decimals
                up, down = limit_prices(before.close / scale, percent, decimals)
                assert round(down * scale) <= bar.close <= round(up * scale)
                up_days += bar.close == round(up * scale)
    assert up_days > 100


def test_the_past_depends_on_the_seed_and_not_on_who_asks_first(clock: SteppingClock) -> None:
    def days_of(seed: int, *texts: str) -> dict[str, Any]:
        market = Market(universe(), seed=7, rate=0, clock=clock)
        history = History(market, seed)
        return {text: history.daily(market.stocks[text], NOON) for text in texts}

    assert days_of(7, "NVDA", "0700.HK") == days_of(7, "0700.HK", "NVDA")
    assert days_of(7, "NVDA") != days_of(8, "NVDA")


YFINANCE = """
import json, sys, warnings
from urllib.parse import urlsplit, urlunsplit
from curl_cffi.requests import Session
import yfinance

warnings.simplefilter("ignore")
base = urlsplit(sys.argv[1])
yfinance.config.debug.hide_exceptions = False
yfinance.set_tz_cache_location(sys.argv[2])


class Routed(Session):
    def request(self, method, url, **options):
        asked = urlsplit(url)
        return super().request(method, urlunsplit((base.scheme, base.netloc, asked.path, asked.query, "")), **options)


def answer(symbol):
    ticker = yfinance.Ticker(symbol, session=Routed(impersonate="chrome"))
    days = ticker.history(start="2024-07-01", auto_adjust=False)
    minutes = ticker.history(period="5d", interval="5m")
    calendar, flow = ticker.calendar, ticker.quarterly_cash_flow
    return {
        "closes": list(days["Close"]),
        "adjusted": list(days["Adj Close"]),
        "days": [f"{day:%Y-%m-%d}" for day in days.index],
        "dividends": float(days["Dividends"].sum()),
        "splits": [float(ratio) for ratio in days["Stock Splits"] if ratio],
        "minutes": len(minutes),
        "earnings": len(calendar["Earnings Date"]),
        "flow": [float(value) for value in flow.loc["Free Cash Flow"]],
    }


print(json.dumps(answer("NVDA")))
"""


async def test_yfinance_unmodified_reads_the_same_past(tmp_path: Path, clock: SteppingClock) -> None:
    from datetime import UTC, datetime

    clock.now = datetime.now(UTC)
    async with Exchange(clock=clock, rate=0) as exchange:
        command = [sys.executable, "-W", "ignore", "-c", YFINANCE, exchange.urls.yahoo, str(tmp_path)]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr[-800:]
        answer = json.loads(done.stdout)
        settings = replace(pointed_at(Settings(), exchange.urls).sources["yahoo"], timeout=5)
        async with YahooBars(settings, clock, transport=plain()) as source:
            series = await source.bars(BarsQuery(NVDA, DAY, date(2024, 7, 1)))
    assert answer["days"] == [str(bar.when) for bar in series.bars]
    assert answer["closes"][-1] == series.bars[-1].close
    computed = [bar.close for bar in adjusted(series).bars]
    assert answer["adjusted"] == pytest.approx(computed, rel=1e-4)
    assert answer["splits"] == [event.value for event in series.events if event.kind is EventKind.SPLIT]
    assert answer["dividends"] > 0
    assert answer["minutes"] > 200
    assert answer["earnings"] == 1
    assert len(answer["flow"]) == 5
    assert all(value > 0 for value in answer["flow"])


async def test_a_fault_of_history_is_met_by_history_alone(exchange: Exchange, sources: Sources) -> None:
    await exchange.fail("yahoo", Fault(FaultKind.EMPTY_LIST, times=1))
    assert (await sources["quotes"].fetch([NVDA])).quotes
    with pytest.raises(Garbled):
        await sources["yahoo"].bars(BarsQuery(NVDA, DAY))
    assert (await sources["yahoo"].bars(BarsQuery(NVDA, DAY))).bars
