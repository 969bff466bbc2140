"""The history service: kept before fetched, one flight, failover, rests, words for all that is the matter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.errors import Garbled, RateLimited, Refused, SourceError, TimedOut
from aiwatch.history.asking.rests import HostRests
from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.service import HistoryService
from aiwatch.market.bars import Interval, Range, RefusedBar, Series
from aiwatch.market.calendar.hours import usual_day
from aiwatch.market.calendar.session import Day
from aiwatch.market.symbol import Exchange, Symbol, parse_symbol
from tests.feed.fakes import Silence
from tests.history.fakes import FakeSource
from tests.market.bars.fixtures import daily, dividend, minutes, weekdays

ENVICOOL = parse_symbol("002837.SZ")
FIRST = date(2024, 8, 1)
DAYS = 273
"""From August 2024 to Monday, 18 August 2025."""
AFTER_CLOSE = datetime(2025, 8, 18, 8, 0, tzinfo=UTC)


class Desk:
    """A service with two fake sources and a clock that a test sets."""

    def __init__(self, path: Path, series: Series) -> None:
        self.now = AFTER_CLOSE
        self.silence = Silence()
        self.first, self.second = FakeSource("tencent", series), FakeSource("sina", series)
        self.keeper = HistoryKeeper(path / "history.sqlite3", self.clock)
        self.rests = HostRests(self.clock, self.silence)
        self.service = HistoryService(self.keeper, self.choose, self.rests, self.clock, day_of)

    def clock(self) -> datetime:
        return self.now

    def choose(self, symbol: Symbol, interval: Interval) -> list[FakeSource]:
        return [self.first, self.second]


def day_of(exchange: Exchange, day: date) -> Day | None:
    """Every weekday trades."""
    return usual_day(exchange, day) if day.weekday() < 5 else None


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path, daily([10 + at / 100 for at in range(DAYS)], first=FIRST))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(desk.keeper)
        await stack.enter_async_context(desk.service)
        yield desk


async def test_nothing_kept_is_said_and_fetched_once(desk: Desk) -> None:
    assert weekdays(FIRST, DAYS)[-1] == date(2025, 8, 18)
    before = await desk.service.kept(ENVICOOL, Range.YEAR)
    assert before.series is None
    assert before.problem == "No price history of 002837.SZ is kept yet"
    bars = await desk.service.bars(ENVICOOL, Range.YEAR)
    assert bars.series is not None
    assert (bars.series.source, bars.problem) == ("tencent", "")
    assert bars.series.day_of(bars.series.bars[0]) == date(2024, 8, 19)
    assert all(bar.final for bar in bars.series.bars)
    again = await desk.service.bars(ENVICOOL, Range.YEAR)
    assert again.series == bars.series
    assert again.is_kept
    assert again.notices == ("Kept, as of 18 Aug 2025 (Tencent)",)
    assert desk.first.asked == [date(2024, 8, 18)]
    assert desk.second.asked == []


async def test_all_who_ask_for_one_symbol_share_one_flight(desk: Desk) -> None:
    desk.first.gate.clear()
    asking = [asyncio.create_task(desk.service.bars(ENVICOOL, Range.YEAR)) for _ in range(5)]
    while not desk.first.asked:
        await asyncio.sleep(0)
        await desk.keeper.run(lambda store: None, None)
    asking[0].cancel()
    desk.first.gate.set()
    answers = await asyncio.gather(*asking[1:])
    assert all(answer.series is not None for answer in answers)
    assert len(desk.first.asked) == 1


async def test_a_new_session_is_asked_for_after_its_close_and_only_what_is_new(desk: Desk) -> None:
    await desk.service.bars(ENVICOOL, Range.YEAR)
    longer = daily([10 + at / 100 for at in range(DAYS + 1)], first=FIRST)
    desk.first.answer = longer
    desk.now = datetime(2025, 8, 19, 2, 0, tzinfo=UTC)  # trading
    assert (await desk.service.bars(ENVICOOL, Range.YEAR)).is_kept
    desk.now = datetime(2025, 8, 19, 7, 5, tzinfo=UTC)  # five minutes after the close
    assert (await desk.service.bars(ENVICOOL, Range.YEAR)).is_kept
    desk.now = datetime(2025, 8, 19, 7, 11, tzinfo=UTC)
    bars = await desk.service.bars(ENVICOOL, Range.YEAR)
    assert desk.first.asked[1:] == [date(2025, 8, 11)]
    assert bars.series is not None
    assert bars.series.day_of(bars.series.bars[-1]) == date(2025, 8, 19)
    assert len(bars.series.bars) > 250


async def test_a_longer_range_than_kept_is_asked_for_whole(desk: Desk) -> None:
    await desk.service.bars(ENVICOOL, Range.MONTH)
    await desk.service.bars(ENVICOOL, Range.YEAR)
    await desk.service.bars(ENVICOOL, Range.HALF_YEAR)
    assert desk.first.asked == [date(2025, 7, 18), date(2024, 8, 18)]
    await desk.service.bars(ENVICOOL, Range.MAX)
    assert desk.first.asked[2:] == [None]


async def test_today_is_shown_and_not_kept_before_it_is_final(desk: Desk) -> None:
    desk.now = datetime(2025, 8, 18, 3, 0, tzinfo=UTC)
    bars = await desk.service.bars(ENVICOOL, Range.MONTH)
    assert bars.series is not None
    assert [bar.final for bar in bars.series.bars[-2:]] == [True, False]
    stored = await desk.service.kept(ENVICOOL, Range.MONTH)
    assert stored.series is not None
    assert stored.series.day_of(stored.series.bars[-1]) == date(2025, 8, 15)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimedOut("Tencent", "no answer within 15 s"), "Tencent: no answer within 15 s"),
        (Garbled("Tencent", "not JSON"), "Tencent: not JSON"),
        (Refused("Tencent", "no bars", status=404), "Tencent has no bars of 300870.SZ"),
        (ValueError("a slip"), "Tencent: unexpected answer: ValueError: a slip"),
    ],
)
async def test_the_second_source_answers_for_the_first_and_without_it_the_reason_is_told(
    desk: Desk, error: Exception, words: str
) -> None:
    desk.first.answer = error
    bars = await desk.service.bars(ENVICOOL, Range.MONTH)
    assert bars.series is not None
    assert bars.series.source == "sina"
    second = parse_symbol("300870.SZ")
    desk.second.answer = Refused("Sina", "no bars", status=404)
    desk.now += timedelta(minutes=30)
    nothing = await desk.service.bars(second, Range.MONTH)
    assert nothing.series is None
    assert words in nothing.problem
    assert "Sina has no bars of 300870.SZ" in nothing.problem


async def test_a_host_that_asked_for_silence_is_left_alone_by_all(desk: Desk) -> None:
    desk.first.answer = RateLimited("Tencent", "too many requests (429)", retry_after=600)
    desk.second.answer = Refused("Sina", "no bars", status=404)
    bars = await desk.service.bars(ENVICOOL, Range.MONTH)
    assert bars.next_try == desk.now + timedelta(seconds=600)
    assert desk.silence.seconds == {"tencent": 600}
    desk.silence.seconds.clear()
    again = await desk.service.bars(ENVICOOL, Range.MONTH)
    assert len(desk.first.asked) == 1
    assert f"Tencent rests until {bars.next_try.astimezone():%H:%M} (429)" in again.problem


async def test_the_pollers_silence_holds_for_history(desk: Desk) -> None:
    desk.silence.keep_silent("tencent", 60)
    bars = await desk.service.bars(ENVICOOL, Range.MONTH)
    assert bars.series is not None
    assert bars.series.source == "sina"
    assert desk.first.asked == []


async def test_what_is_kept_stays_when_nobody_answers(desk: Desk) -> None:
    await desk.service.bars(ENVICOOL, Range.YEAR)
    down: SourceError = TimedOut("Tencent", "no answer within 15 s")
    desk.first.answer = desk.second.answer = down
    desk.now += timedelta(days=1)
    bars = await desk.service.bars(ENVICOOL, Range.YEAR)
    assert bars.series is not None
    assert bars.problem == ""
    assert "no answer within 15 s" in bars.notices[0]
    assert bars.notices[1] == "Kept, as of 18 Aug 2025 (Tencent)"


async def test_what_was_the_matter_is_still_said_of_what_is_kept_of_that_answer(desk: Desk) -> None:
    whole = desk.first.answer
    assert isinstance(whole, Series)
    desk.first.answer = replace(whole, refused=(RefusedBar("2025-08-18", "sent twice"),))
    words = "1 row was refused: 2025-08-18: sent twice"
    assert words in (await desk.service.bars(ENVICOOL, Range.YEAR)).notices
    again = await desk.service.bars(ENVICOOL, Range.YEAR)
    assert again.is_kept
    assert words in again.notices
    desk.first.answer = whole
    assert words not in (await desk.service.bars(ENVICOOL, Range.YEAR, force=True)).notices


async def test_a_missing_session_is_named_asked_again_next_day_and_of_the_second_source(desk: Desk) -> None:
    whole = desk.first.answer
    assert isinstance(whole, Series)
    hole = date(2025, 8, 14)
    desk.first.answer = replace(whole, bars=tuple(bar for bar in whole.bars if bar.when != hole))
    desk.second.answer = desk.first.answer
    bars = await desk.service.bars(ENVICOOL, Range.MONTH)
    assert "1 session is missing: 14 Aug" in bars.notices
    assert (len(desk.first.asked), len(desk.second.asked)) == (1, 1)
    assert (await desk.service.bars(ENVICOOL, Range.MONTH)).is_kept
    desk.now += timedelta(hours=20)
    desk.second.answer = whole
    again = await desk.service.bars(ENVICOOL, Range.MONTH)
    assert again.series is not None
    assert again.series.source == "sina"
    assert again.series.missing == ()


async def test_two_sources_that_differ_are_both_named(desk: Desk) -> None:
    await desk.service.bars(ENVICOOL, Range.MONTH)
    whole = desk.second.answer
    assert isinstance(whole, Series)
    last = whole.bars[-1]
    desk.second.answer = replace(whole, bars=(*whole.bars[:-1], last._replace(close=last.close + 0.05)))
    bars = await desk.service.bars(ENVICOOL, Range.MONTH, source="sina")
    (conflict,) = bars.conflicts
    assert (conflict.day, conflict.source, conflict.other_source) == (date(2025, 8, 18), "sina", "tencent")


async def test_weeks_are_made_of_days(desk: Desk) -> None:
    bars = await desk.service.bars(ENVICOOL, Range.HALF_YEAR, Interval.WEEK)
    assert bars.series is not None
    assert bars.series.interval is Interval.WEEK
    assert 25 <= len(bars.series.bars) <= 28


async def test_minutes_are_asked_again_after_a_minute(desk: Desk) -> None:
    opens = datetime(2025, 8, 18, 1, 30, tzinfo=UTC)
    desk.first.answer = replace(minutes([opens + timedelta(minutes=at) for at in range(3)], [10, 11, 12]))
    desk.now = opens + timedelta(minutes=3)
    desk.first.answer = replace(desk.first.answer, as_of=desk.now)
    bars = await desk.service.bars(ENVICOOL, Range.DAY)
    assert bars.series is not None
    assert len(bars.series.bars) == 3
    desk.now += timedelta(seconds=59)
    assert (await desk.service.bars(ENVICOOL, Range.DAY)).is_kept
    desk.now += timedelta(seconds=2)
    assert not (await desk.service.bars(ENVICOOL, Range.DAY)).is_kept


async def test_dividends_and_splits_are_asked_for_where_the_source_of_bars_tells_none(desk: Desk) -> None:
    whole = desk.first.answer
    assert isinstance(whole, Series)
    ex_date = date(2025, 8, 12)
    yahoo = FakeSource("yahoo", replace(whole, events=(dividend(ex_date, 0.5)._replace(source="yahoo"),)))
    parts = (desk.keeper, desk.choose, desk.rests, desk.clock, day_of)
    async with HistoryService(*parts, event_source=yahoo) as service:
        bars = await service.bars(ENVICOOL, Range.MONTH)
        assert bars.series is not None
        assert bars.series.source == "tencent"
        assert [event.day for event in bars.series.events] == [ex_date]
        await service.bars(ENVICOOL, Range.MONTH, force=True)
        assert len(yahoo.asked) == 1
        desk.now += timedelta(days=1)
        yahoo.answer = TimedOut("Yahoo", "no answer within 15 s")
        later = await service.bars(ENVICOOL, Range.MONTH)
        assert "Dividends and splits are not known: Yahoo: no answer within 15 s" in later.notices
        index = parse_symbol("000300.SS")
        yahoo.asked.clear()
        await service.bars(index, Range.MONTH)
        assert yahoo.asked == [], "an index pays nothing"


async def test_a_failure_rests_the_source_and_a_wish_for_silence_its_host(desk: Desk) -> None:
    desk.rests.fail("yahoo", "Yahoo (yfinance)", TimedOut("Yahoo", "late"))
    assert desk.rests.until("yahoo", "Yahoo (yfinance)") is not None
    assert desk.rests.until("yahoo", "Yahoo") is None
    desk.rests.fail("yahoo", "Yahoo", RateLimited("Yahoo", "429"))
    assert desk.rests.why("yahoo", "Yahoo (yfinance)") == "429"
    desk.rests.succeed("yahoo", "Yahoo")
    desk.silence.seconds.clear()
    assert desk.rests.until("yahoo", "Yahoo") is None


@pytest.mark.parametrize(
    ("error", "asked_too"),
    [
        (TimedOut("Yahoo", "no answer within 15 s"), False),
        (Refused("Yahoo", "nothing", status=404), False),
        (Garbled("Yahoo", "not JSON"), True),
        (Refused("Yahoo", "answered with status 500", status=500), True),
    ],
)
async def test_another_way_to_the_same_host_is_tried_where_it_may_help(
    desk: Desk, error: SourceError, asked_too: bool
) -> None:
    whole = desk.first.answer
    assert isinstance(whole, Series)
    worker, chart = FakeSource("yahoo", error), FakeSource("yahoo", whole)
    worker.title = "Yahoo (yfinance)"
    last = FakeSource("tencent", whole)
    parts = (desk.keeper, lambda symbol, interval: [worker, chart, last], desk.rests, desk.clock, day_of)
    async with HistoryService(*parts) as service:
        bars = await service.bars(parse_symbol("NVDA"), Range.MONTH)
    assert bool(chart.asked) is asked_too
    assert bool(last.asked) is not asked_too
    assert bars.series is not None
    assert bars.notices[0].startswith("Yahoo (yfinance)")
