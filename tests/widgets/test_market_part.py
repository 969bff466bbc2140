"""What the top line says of a market: holidays, half days, and when it trades next."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from aiwatch.market.calendar.session import Calendar
from aiwatch.market.symbol import EXCHANGES
from aiwatch.widgets.status_line import market_part, next_times
from tests.market.days import GOLDEN_WEEK, holiday, local, trading

CALENDAR = Calendar(
    [
        *GOLDEN_WEEK,
        holiday("US", "2026-11-26"),
        trading("US", "2026-11-27", ("09:30", "", "", "13:00"), half=True),
        trading("HKEX", "2026-12-24", ("09:30", "", "", "12:00"), half=True),
    ]
)


@pytest.mark.parametrize(
    ("code", "moment", "said"),
    [
        ("US", "2026-11-26T10:00", ["M ○", "M ○ holiday", "M ○ 10:00 holiday", "Market ○ 10:00 holiday"]),
        (
            "US",
            "2026-11-27T10:00",
            ["M ● open", "M ● open", "M ● 10:00 open, half day", "Market ● 10:00 open, closes early"],
        ),
        ("US", "2026-11-27T14:00", ["M ○", "M ○ after hours", "M ○ 14:00 after hours", "Market ○ 14:00 after hours"]),
        ("HKEX", "2026-12-23T10:00", ["M ● open", "M ● open", "M ● 10:00 open", "Market ● 10:00 open"]),
    ],
)
def test_the_words_for_a_market(monkeypatch: pytest.MonkeyPatch, code: str, moment: str, said: list[str]) -> None:
    monkeypatch.setattr("aiwatch.widgets.status_line._SHORT", {"Market": "M"})
    now = local(code, moment)
    session = CALENDAR(EXCHANGES[code], now)
    assert [market_part(session, "Market", now, detail).plain for detail in range(-1, 3)] == said


@pytest.mark.parametrize(
    ("code", "moment", "said"),
    [
        ("US", "2026-11-26T10:00", "Market ○ 10:00 holiday, opens in 23 h 30 min"),
        ("US", "2026-11-27T12:00", "Market ● 12:00 open, closes early in 1 h"),
        ("HKEX", "2026-12-24T13:00", "Market ○ 13:00 closed, opens in 20 h 30 min"),
        ("SSE", "2026-10-01T09:30", "Market ○ 09:30 holiday, opens in 7 d"),
    ],
)
def test_the_longest_words_say_what_comes_next(code: str, moment: str, said: str) -> None:
    now = local(code, moment)
    assert market_part(CALENDAR(EXCHANGES[code], now), "Market", now, 3).plain == said


@pytest.mark.parametrize(
    ("code", "moment", "said"),
    [
        ("SSE", "2026-09-30T16:00", "Market, closed: opens Thu 08 Oct 09:30 (03:30 here)"),
        ("SSE", "2026-10-02T16:00", "Market, holiday: opens Thu 08 Oct 09:30 (03:30 here)"),
        ("US", "2026-11-27T10:00", "Market, open, half day: closes Fri 27 Nov 13:00 (19:00 here)"),
        ("US", "2026-11-26T21:00", "Market, holiday: opens Fri 27 Nov 09:30 (15:30 here)"),
    ],
)
def test_the_next_times_by_both_clocks(code: str, moment: str, said: str) -> None:
    session = CALENDAR(EXCHANGES[code], local(code, moment))
    assert next_times(session, "Market", ZoneInfo("Europe/Berlin")) == said


def test_a_day_that_no_calendar_knows_is_said_to_be_unsure() -> None:
    session = CALENDAR(EXCHANGES["SSE"], local("SSE", "2027-01-01T10:00"))
    assert session.phase.is_trading, "an ordinary day, as far as can be known"
    assert next_times(session, "Market", ZoneInfo("Asia/Shanghai")).endswith("(15:00 here); holidays not known")


def test_a_day_that_is_another_one_here_is_named() -> None:
    session = CALENDAR(EXCHANGES["US"], local("US", "2026-11-27T12:00"))
    assert next_times(session, "Market", ZoneInfo("Asia/Tokyo")).endswith("closes Fri 27 Nov 13:00 (Sat 03:00 here)")
