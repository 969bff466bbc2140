"""When a symbol is asked for again: by the session, and hardly ever when nothing moves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from aiwatch.feed.schedule import LastAnswer, asked_now, wait
from aiwatch.market.calendar.session import Calendar, Session, session_at
from aiwatch.market.symbol import EXCHANGES, SSE, parse_symbol
from tests.feed.fakes import NOW, quote
from tests.market.days import GOLDEN_WEEK, local

SECOND = timedelta(seconds=1)


def left(now: datetime, asked: datetime | None, as_of: datetime | None = None, delay: int = 0, **more: object) -> float:
    """Seconds to wait at ``now`` after an answer of ``asked``, in Shanghai at 5 and 60 seconds."""
    calendar = more.get("calendar", session_at)
    assert callable(calendar)
    session = calendar(SSE, now)
    assert isinstance(session, Session)
    before = None if asked is None else LastAnswer(asked.timestamp(), asked, as_of, timedelta(minutes=delay))
    return wait(session, before, now.timestamp(), 5, 60, now)


def at(text: str) -> datetime:
    """A moment of Wednesday 25 November 2026 in Shanghai."""
    return local("SSE", f"2026-11-25T{text}")


@pytest.mark.parametrize("clock", ["10:00", "12:00", "20:00"])
def test_what_was_never_asked_is_asked_at_once(clock: str) -> None:
    assert left(at(clock), None) == 0


def test_in_the_session_the_interval_counts_and_jitter_may_come_early() -> None:
    assert left(at("10:00:01"), at("10:00")) == 4
    assert left(at("10:00:04.6"), at("10:00")) == 0


def test_after_the_close_one_answer_confirms_it() -> None:
    before = at("14:59:58")
    assert left(at("15:00:02"), before, as_of=before) == 58
    assert left(at("15:01"), before, as_of=before) == 0
    # answered, though with an older time: that was the one try
    assert left(at("15:01:01"), at("15:01"), as_of=before) == 239  # trading at the closing price begins


def test_trading_at_the_closing_price_is_asked_for_once_when_it_is_over() -> None:
    close = at("15:00:03")
    assert left(at("15:05"), at("15:01"), as_of=close) == 25 * 60
    assert left(at("15:29"), at("15:01"), as_of=close) == 60
    assert left(at("15:30"), at("15:01"), as_of=close) == 60
    assert left(at("15:31"), at("15:01"), as_of=close) == 0
    until_the_auction = (local("SSE", "2026-11-26T09:15") - at("15:31:01")).total_seconds()
    assert left(at("15:31:01"), at("15:31"), as_of=close) == until_the_auction


def test_an_answer_of_the_close_itself_needs_no_other() -> None:
    assert left(at("15:00:03"), at("15:00:02"), as_of=at("15:00:01")) == 297
    assert left(at("15:30:03"), at("15:30:02"), as_of=at("15:30:01")) > 17 * 3600


def test_a_delayed_source_is_asked_when_its_delay_is_over() -> None:
    asked = at("15:05")
    assert left(at("15:06:01"), asked, as_of=at("14:50"), delay=15) == 599
    assert left(at("15:16"), asked, as_of=at("14:50"), delay=15) == 0


def test_the_confirming_question_keeps_the_pace_of_a_closed_market() -> None:
    assert left(at("15:01"), at("15:00:30"), as_of=at("14:59")) == 30


def test_a_market_never_closes_unconfirmed_at_lunch_either() -> None:
    assert left(at("11:31"), at("11:29:59"), as_of=at("11:29:59")) == 0
    assert left(at("11:40"), at("11:31"), as_of=at("11:29:59")) == 80 * 60


def test_overnight_and_on_holidays_nobody_is_asked() -> None:
    calendar = Calendar(GOLDEN_WEEK)
    asked = local("SSE", "2026-09-30T15:32")
    now, opening = asked, local("SSE", "2026-10-08T09:15")
    looks = 0
    while now < opening:
        seconds = left(now, asked, as_of=local("SSE", "2026-09-30T15:00"), calendar=calendar)
        assert seconds > 0
        now += timedelta(seconds=seconds)
        looks += 1
    assert now == opening
    assert looks < 10
    assert left(now, asked, as_of=local("SSE", "2026-09-30T15:00"), calendar=calendar) == 0


def test_a_computer_that_slept_through_the_close_asks_when_it_wakes() -> None:
    assert left(at("22:00"), at("10:00"), as_of=at("10:00")) == 0


def test_a_whole_day_asks_once_a_close() -> None:
    asked: list[datetime] = []
    now = at("00:00")
    last: datetime | None = None
    while now < at("00:00") + timedelta(days=1):
        before = None if last is None else LastAnswer(last.timestamp(), last, last - 3 * SECOND)
        seconds = wait(session_at(SSE, now), before, now.timestamp(), 5, 60, now)
        if seconds <= 0:
            asked.append(now)
            last = now
        now += timedelta(seconds=max(seconds, 0.5))
    trading = [item for item in asked if session_at(EXCHANGES["SSE"], item).phase.is_trading]
    rest = [item for item in asked if item not in trading]
    assert rest == [at("00:00"), at("11:31"), at("15:01"), at("15:31")]
    assert 3000 < len(trading) < 3300


def left_abroad(clock: str, as_of: str, regular: tuple[str, str] | None = None, delay: int = 0) -> float:
    """Seconds to wait after an answer of just now, about something at hours that no rule gives."""
    now, symbol = at(clock), parse_symbol("VOLV-B.ST")
    words = None if regular is None else (at(regular[0]), at(regular[1]))
    asked = LastAnswer(now.timestamp(), now, at(as_of), timedelta(minutes=delay), words)
    return wait(session_at(symbol.exchange, now), asked, now.timestamp(), 5, 60, now)


def test_where_no_rule_gives_the_hours_the_sources_session_sets_the_pace() -> None:
    hours = ("16:00", "23:30")
    assert [left_abroad(clock, clock, hours) for clock in ("15:59", "16:00", "23:30", "23:31")] == [60, 5, 5, 60]
    assert left_abroad("23:40", "23:25", hours, delay=15) == 5, "the last prices come late"
    assert left_abroad("12:00", "11:59", hours) == 60, "whatever the age of the price"


def test_and_without_one_the_age_of_the_price() -> None:
    assert left_abroad("12:00", "11:45") == 5
    assert left_abroad("12:00", "11:29") == 60
    assert left_abroad("12:00", "11:20", delay=15) == 5


def test_an_answer_is_remembered_with_its_time_and_delay() -> None:
    words, silent = parse_symbol("002837.SZ"), parse_symbol("603757.SS")
    stored = asked_now([words, silent], [quote(words, delay_minutes=15)], 7.0, NOW)
    assert stored == {words: LastAnswer(7.0, NOW, NOW, timedelta(minutes=15)), silent: LastAnswer(7.0, NOW)}
