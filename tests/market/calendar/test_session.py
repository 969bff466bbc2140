"""Sessions by the clock, against the hours the exchanges publish. All times in UTC unless said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.market.calendar.holidays import shipped_day
from aiwatch.market.calendar.hours import has_hours
from aiwatch.market.calendar.session import (
    Calendar,
    Phase,
    always_open,
    extended_at,
    session_at,
    session_for,
    session_of,
)
from aiwatch.market.quote import Extended, Quote, Trading
from aiwatch.market.symbol import BSE, CRYPTO, EXCHANGES, FX, HKEX, SSE, US, parse_symbol
from tests.market.quotes import make_quote

PHASES = """
SSE    09:14 closed           09:15 call auction    09:30 open    11:29 open    11:30 lunch break
SSE    12:59 lunch break      13:00 open    14:56 open   14:57 closing auction   15:00 closed   15:04 closed
SSE    15:05 closing-price trading   15:29 closing-price trading   15:30 closed   23:59 closed
SZSE   00:00 closed   09:20 call auction    14:59 closing auction   15:05 closing-price trading
BSE    09:20 call auction    10:00 open   15:00 closed   15:10 closed   15:30 closed
HKEX   08:59 closed   09:00 call auction    09:30 open   12:00 lunch break   13:00 open
HKEX   15:59 open   16:00 closing auction   16:10 closed
US     03:59 closed   04:00 pre-open   09:29 pre-open   09:30 open   15:59 open   16:00 after hours   20:00 closed
TSE    07:59 closed   08:00 pre-open   09:00 open   11:30 lunch break   12:30 open   15:24 open
TSE    15:25 closing auction   15:30 closed
TWSE   08:29 closed   08:30 call auction   09:00 open   13:25 closing auction   13:30 closed
TPEX   08:30 call auction   09:00 open   13:25 closing auction   13:30 closed
KRX    08:29 closed   08:30 call auction   09:00 open   15:20 closing auction   15:30 closed
KOSDAQ 08:30 call auction   09:00 open   15:20 closing auction   15:30 closed
XETRA  08:49 closed   08:50 call auction   09:00 open   17:30 closing auction   17:35 closed
XAMS   07:14 closed   07:15 pre-open   09:00 open   17:30 closing auction   17:35 closed
XPAR   08:00 pre-open   12:00 open
LSE    07:49 closed   07:50 call auction   08:00 open   16:30 closing auction   16:35 closed
FX     00:00 open   12:00 open   23:59 open
CRYPTO 00:00 open   12:00 open   23:59 open
"""


WITH_HOURS = {code for code, exchange in EXCHANGES.items() if has_hours(exchange)}


def _cases() -> list[tuple[str, str, str]]:
    cases = []
    for line in PHASES.strip().splitlines():
        code, _, rest = line.partition(" ")
        words = rest.split()
        at = [index for index, word in enumerate(words) if word[2:3] == ":"]
        for start, end in zip(at, [*at[1:], len(words)], strict=True):
            cases.append((code, words[start], " ".join(words[start + 1 : end])))
    return cases


@pytest.mark.parametrize(("code", "clock", "phase"), _cases())
def test_the_phase_of_a_weekday_by_local_time(code: str, clock: str, phase: str) -> None:
    exchange = EXCHANGES[code]
    local = datetime.fromisoformat(f"2025-08-13T{clock}").replace(tzinfo=ZoneInfo(exchange.zone))
    assert session_at(exchange, local).phase == phase
    assert session_at(exchange, local.astimezone(UTC)) == session_at(exchange, local)


def test_every_exchange_has_hours() -> None:
    assert {code for code, _, _ in _cases()} == WITH_HOURS


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_lunch_ends_and_the_day_goes_on() -> None:
    session = session_at(SSE, _utc("2025-08-15T04:00"))
    assert session.phase is Phase.LUNCH
    assert (session.until, session.opens, session.closes) == (
        _utc("2025-08-15T05:00"),
        _utc("2025-08-15T05:00"),
        _utc("2025-08-15T07:00"),
    )


def test_the_close_counts_the_closing_auction() -> None:
    session = session_at(HKEX, _utc("2025-08-15T02:00"))
    assert (session.until, session.closes) == (_utc("2025-08-15T04:00"), _utc("2025-08-15T08:10"))


def test_after_fridays_close_monday_is_next() -> None:
    session = session_at(SSE, _utc("2025-08-15T07:30"))
    assert session.phase is Phase.CLOSED
    assert (session.until, session.opens) == (_utc("2025-08-18T01:15"), _utc("2025-08-18T01:30"))
    assert session.closes is None


def test_trading_at_the_closing_price_comes_after_the_close_and_moves_nothing() -> None:
    session = session_at(SSE, _utc("2026-11-25T07:10"))
    assert session.phase is Phase.FIXED_PRICE
    assert not session.phase.is_trading
    assert (session.until, session.stopped) == (_utc("2026-11-25T07:30"), _utc("2026-11-25T07:00"))
    assert session_at(SSE, _utc("2026-11-25T07:31")).stopped == _utc("2026-11-25T07:30")
    assert session_at(BSE, _utc("2026-11-25T07:31")).stopped == _utc("2026-11-25T07:00")


ENDS = """
600519.SS closing-price trading
300750.SZ closing-price trading
688981.SS closing-price trading
900901.SS closed
200725.SZ closed
510300.SS closed
508056.SS closed
113050.SS closed
019547.SS closed
000001.SS closed
399006.SZ closed
920819.BJ closed
204001.SS open
131810.SZ open
0700.HK   open
"""


@pytest.mark.parametrize("line", ENDS.strip().splitlines())
def test_a_shares_alone_trade_at_the_closing_price_and_repos_go_on(line: str) -> None:
    text, words = line.split(maxsplit=1)
    symbol = parse_symbol(text)
    session = session_for(symbol, session_at(symbol.exchange, _utc("2026-11-25T07:10")))
    assert session.phase == Phase(words)


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        *((moment, Phase.OPEN) for moment in ("05:00", "06:56", "06:58", "07:02", "07:29")),
        ("07:30", Phase.CLOSED),
        ("04:00", Phase.LUNCH),
        ("01:20", Phase.CALL_AUCTION),
    ],
)
def test_repos_trade_to_half_past_three(moment: str, phase: Phase) -> None:
    session = session_for(parse_symbol("204001.SS"), session_at(SSE, _utc(f"2026-11-25T{moment}")))
    assert session.phase is phase
    if "06:57" < moment < "07:30":
        assert (session.until, session.stopped) == (_utc("2026-11-25T07:30"), None)


@pytest.mark.parametrize("moment", ["2026-11-28T07:10", "2026-10-01T07:10"])
def test_repos_rest_when_shares_do(moment: str) -> None:
    closed = Calendar(shipped=shipped_day)(SSE, _utc(moment))
    assert session_for(parse_symbol("204001.SS"), closed).phase is closed.phase


@pytest.mark.parametrize(
    ("moment", "phase", "until"),
    [
        ("2026-11-22T16:59", Phase.CLOSED, "2026-11-22T17:00"),
        ("2026-11-22T17:00", Phase.OPEN, None),
        ("2026-11-25T17:30", Phase.OPEN, None),
        ("2026-11-27T16:59", Phase.OPEN, "2026-11-27T17:00"),
        ("2026-11-27T17:00", Phase.CLOSED, None),
        ("2026-11-28T12:00", Phase.CLOSED, None),
        ("2026-03-08T16:59", Phase.CLOSED, "2026-03-08T17:00"),  # New York has summer time already, London has not
        ("2026-03-27T16:59", Phase.OPEN, "2026-03-27T17:00"),
        ("2026-12-25T12:00", Phase.OPEN, None),
    ],
)
def test_the_week_of_currencies_turns_at_five_in_new_york(moment: str, phase: Phase, until: str | None) -> None:
    new_york = ZoneInfo("America/New_York")
    session = session_at(FX, datetime.fromisoformat(moment).replace(tzinfo=new_york))
    assert session.phase is phase
    if until is not None:
        assert session.until == datetime.fromisoformat(until).replace(tzinfo=new_york)


def test_after_fridays_end_currencies_stopped_and_open_again_on_sunday() -> None:
    session = session_at(FX, _utc("2026-11-28T12:00"))
    assert (session.stopped, session.opens) == (_utc("2026-11-27T22:00"), _utc("2026-11-22T22:00") + timedelta(days=7))
    assert session.holidays_known


def test_crypto_currencies_never_close() -> None:
    for moment in ("2026-11-28T12:00", "2026-12-25T00:00", "2026-11-29T23:59"):
        session = session_at(CRYPTO, _utc(moment))
        assert session.phase is Phase.OPEN
        assert session.holidays_known


START, END = _utc("2026-11-25T08:00"), _utc("2026-11-25T16:30")


@pytest.mark.parametrize(
    ("clock", "phase", "until"),
    [("07:59:50", Phase.CLOSED, "08:00"), ("08:00", Phase.OPEN, "16:30"), ("16:29", Phase.OPEN, "16:30")],
)
def test_of_an_exchange_without_hours_the_sources_session_counts(clock: str, phase: Phase, until: str) -> None:
    symbol, now = parse_symbol("VOLV-B.ST"), _utc(f"2026-11-25T{clock}")
    sent_quote = make_quote(symbol.text, regular=(START, END))
    session = session_of(sent_quote, session_at(symbol.exchange, now), now)
    assert (session.phase, session.until) == (phase, _utc(f"2026-11-25T{until}"))
    assert session.opens == (START if phase is Phase.CLOSED else None)


def test_after_it_the_session_that_a_source_told_is_over_and_the_next_not_known() -> None:
    symbol, now = parse_symbol("^STOXX50E"), _utc("2026-11-25T16:30")
    sent_quote = make_quote(symbol.text, regular=(START, END))
    session = session_of(sent_quote, session_at(symbol.exchange, now), now)
    assert (session.phase, session.stopped, session.opens) == (Phase.CLOSED, END, None)
    silent = make_quote(symbol.text)
    for nothing in (None, silent):
        assert session_of(nothing, session_at(symbol.exchange, now), now).phase is Phase.UNKNOWN


def test_an_exchange_whose_hours_are_known_keeps_them_whatever_a_source_says() -> None:
    now = _utc("2026-11-25T20:00")
    sent_quote = make_quote("NVDA", regular=(START, END))
    assert session_of(sent_quote, session_at(US, now), now) == session_at(US, now)


def test_the_weekend_is_the_exchanges_own() -> None:
    # Sunday evening in New York is Monday morning in Shanghai; Friday evening there is Saturday here.
    assert session_at(SSE, _utc("2025-08-18T02:00")).phase is Phase.OPEN
    assert session_at(US, _utc("2025-08-18T02:00")).phase is Phase.CLOSED
    assert session_at(US, _utc("2025-08-15T19:30")).phase is Phase.OPEN
    assert session_at(SSE, _utc("2025-08-15T19:30")).phase is Phase.CLOSED
    assert session_at(SSE, _utc("2025-08-16T02:00")).phase is Phase.CLOSED
    assert session_at(FX, _utc("2025-08-17T12:00")).phase is Phase.CLOSED


def test_after_hours_has_no_close_and_opens_the_next_day() -> None:
    session = session_at(US, _utc("2025-08-13T21:00"))
    assert session.phase is Phase.AFTER_HOURS
    assert (session.until, session.opens, session.closes) == (
        _utc("2025-08-14T00:00"),
        _utc("2025-08-14T13:30"),
        None,
    )


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        ("2025-03-07", "14:30"),  # Friday before the clocks go forward in New York
        ("2025-03-10", "13:30"),
        ("2025-10-31", "13:30"),  # Friday before they go back
        ("2025-11-03", "14:30"),
    ],
)
def test_new_york_keeps_its_local_hours_through_the_change_of_clocks(day: str, opens: str) -> None:
    opening = _utc(f"{day}T{opens}")
    before = session_at(US, opening - timedelta(seconds=1))
    assert (before.phase, before.until) == (Phase.PRE_OPEN, opening)
    session = session_at(US, opening)
    assert session.phase is Phase.OPEN
    assert session.closes == opening + timedelta(hours=6.5)


def test_a_weekend_with_a_change_of_clocks_is_an_hour_shorter() -> None:
    friday_evening = _utc("2025-03-08T02:00")
    assert session_at(US, friday_evening).opens == _utc("2025-03-10T13:30")


@given(
    code=st.sampled_from(sorted(WITH_HOURS)),
    when=st.integers(0, 4 * 366 * 86_400).map(lambda seconds: _utc("2024-01-01T00:00") + timedelta(seconds=seconds)),
)
def test_phases_follow_one_another_without_a_gap(code: str, when: datetime) -> None:
    session = session_at(EXCHANGES[code], when)
    assert when < session.until <= when + timedelta(days=4)
    assert session.opens is not None
    assert when < session.opens
    following = session_at(EXCHANGES[code], session.until)
    assert following.phase is not session.phase or code in ("FX", "CRYPTO")
    if session.closes is not None:
        assert session.until <= session.closes


def test_a_demo_exchange_is_open_until_local_midnight() -> None:
    session = always_open(SSE, _utc("2025-08-17T17:00"))
    assert session.phase is Phase.OPEN
    assert session.phase.is_trading
    assert session.until == session.closes == _utc("2025-08-18T16:00")


def test_prices_move_in_auctions_and_open_hours_alone() -> None:
    moving = {phase for phase in Phase if phase.is_trading}
    assert moving == {Phase.CALL_AUCTION, Phase.OPEN, Phase.CLOSING_AUCTION}


def outside(when: str, at: datetime, close: datetime, **more: object) -> Quote:
    """A share of New York whose session's last price is of ``close``, and one outside it of ``at``."""
    extended = Extended(when, 61.0, at)
    return make_quote("NVDA", as_of=close, received_at=at, extended=extended, **more)


def eastern(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of New York in June 2026; the 12th is a Friday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


CLOSE = eastern(12, 16)


@pytest.mark.parametrize(
    ("when", "at", "now", "is_shown"),
    [
        ("post", eastern(12, 17), eastern(12, 17, 5), True),
        ("post", eastern(12, 16, 30), eastern(12, 18), False),  # stale, while others trade
        ("post", eastern(12, 19, 59), eastern(12, 21), True),
        ("post", eastern(12, 16, 30), eastern(14, 12), True),  # the last one stays over the weekend
        ("post", eastern(12, 19, 59), eastern(15, 4, 1), False),  # the next one begins
        ("post", eastern(12, 19, 59), eastern(15, 9, 31), False),
        ("post", eastern(12, 17), eastern(12, 16, 50), False),  # ahead of the clock
        ("pre", eastern(15, 8), eastern(15, 8, 30), True),
        ("pre", eastern(15, 8), eastern(15, 9, 31), False),  # the session began
        ("pre", eastern(15, 8), eastern(15, 16, 30), False),  # and is over
        ("post", eastern(8, 17), eastern(14, 12), False),  # another session was since
    ],
)
def test_a_price_outside_the_session_is_shown_while_it_is_one_of_now(
    when: str, at: datetime, now: datetime, is_shown: bool
) -> None:
    quote = outside(when, at, CLOSE if at > CLOSE else at - timedelta(hours=1))
    session = session_at(US, now)
    assert extended_at(quote, session, now) == (quote.extended if is_shown else None)
    assert extended_at(make_quote("NVDA"), session, now) is None
    assert extended_at(None, session, now) is None


def test_nothing_outside_the_session_is_shown_of_what_does_not_trade_or_of_hours_nobody_knows() -> None:
    at, now = eastern(12, 17), eastern(12, 17, 5)
    for trading in (Trading.SUSPENDED, Trading.DELISTED):
        assert extended_at(outside("post", at, CLOSE, trading=trading), session_at(US, now), now) is None
    elsewhere = parse_symbol("D05.SI").exchange
    assert extended_at(outside("post", at, CLOSE), session_at(elsewhere, now), now) is None


@given(
    st.sampled_from(["pre", "post"]),
    st.integers(-7 * 1440, 7 * 1440),
    st.integers(-3 * 1440, 3 * 1440),
    st.integers(0, 7 * 1440),
)
def test_what_is_shown_is_younger_than_the_last_session_and_never_in_one(
    when: str, minutes: int, behind: int, later: int
) -> None:
    at = CLOSE + timedelta(minutes=minutes)
    close, now = at - timedelta(minutes=behind), at + timedelta(minutes=later)
    session = session_at(US, now)
    shown = extended_at(outside(when, at, close), session, now)
    if shown is not None:
        assert not session.phase.is_trading
        assert session.stopped is not None
        assert session.stopped <= shown.as_of
        assert close <= shown.as_of
        if session.phase in (Phase.PRE_OPEN, Phase.AFTER_HOURS):
            assert now - shown.as_of <= timedelta(hours=1)
