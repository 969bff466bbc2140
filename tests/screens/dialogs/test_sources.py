"""The sources' screen: every figure in words, and who said what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiwatch.market.calendar.session import Calendar, always_open
from aiwatch.market.merge import Disagreement
from aiwatch.market.source_health import Condition, SourceHealth, SourceTraffic
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import XETRA
from aiwatch.screens.dialogs.sources import disagreement_rows, seconds, session_rows, source_rows
from tests.feed.fakes import quote, symbols
from tests.market.days import local, trading

NOW = datetime(2026, 11, 23, 6, 10, 19, tzinfo=UTC)


def text(health: SourceHealth, traffic: SourceTraffic) -> str:
    """The rows as they read."""
    return "\n".join(row.plain for row in source_rows(health, traffic, NOW))


def test_a_source_that_works_tells_its_figures() -> None:
    health = SourceHealth("tencent", "Tencent", Condition.OK, NOW - timedelta(seconds=3), following=33)
    words = text(health, SourceTraffic(requests=720, bytes=1_530_000, latency_p50=0.08, latency_p95=1.2))
    assert "last answer 3s ago, follows 33" in words
    assert "720 requests this hour, 1.53 MB" in words
    assert "latency p50 80 ms, p95 1.20 s" in words
    assert "refused" not in words


def test_a_source_that_fails_tells_why_and_when_it_is_asked_again() -> None:
    health = SourceHealth(
        "yahoo",
        "Yahoo",
        Condition.FAILING,
        None,
        "HTTP 429",
        NOW + timedelta(seconds=40),
        dropped=3,
        last_refusal="x: y",
    )
    words = text(health, SourceTraffic(requests=1, rests=1, refusals=(("a price of 0", 3),)))
    assert "no answer yet" in words
    assert "HTTP 429; next try in 40 s" in words
    assert "backed off 1 time" in words
    assert "3 lines refused, the last: x: y" in words
    assert "3 × a price of 0" in words


def test_a_stream_tells_its_pace() -> None:
    health = SourceHealth("stream", "Stream", Condition.OK, NOW, dropped=1, last_refusal="NVDA: a price of 0")
    words = text(health, SourceTraffic(requests=1, bytes=912, rests=2, messages_per_second=12.5))
    assert "1 connection; 912 B this hour, backed off 2 times" in words
    assert "12.5 messages a second" in words
    assert "1 message refused" in words
    assert "latency" not in words


def test_latencies_are_in_milliseconds_below_a_second() -> None:
    assert (seconds(0.0123), seconds(2.5), seconds(None)) == ("12 ms", "2.50 s", "–")


def test_who_said_what_is_listed() -> None:
    (symbol,) = symbols("NVDA")
    differing = Disagreement(quote(symbol, 10.5, source="tencent"), quote(symbol, 10.7, source="yahoo"))
    label = "\n".join(row.plain for row in disagreement_rows([differing]))
    assert "NVDA" in label
    assert "Tencent 10.50 at 06:10:19 UTC" in label
    assert "Yahoo 10.70" in label
    assert disagreement_rows([])[0].plain == "No sources differ"
    assert disagreement_rows([], answering=1)[0].plain == "Nothing to compare yet"


def test_sessions_are_told_and_where_holidays_are_not_known() -> None:
    new_year = local("SSE", "2026-12-31T10:00")
    listed = [trading(code, "2026-12-31") for code in ("SSE", "HKEX", "TSE")]
    market = MarketState(lambda: new_year, Calendar(listed))
    market.apply([quote(symbol) for symbol in symbols("SAP.DE", "002837.SZ", "CNY=X")])
    rows = [row.plain for row in session_rows(market)]
    assert rows[0] == "Sessions"
    assert rows[1].startswith("  SSE/SZSE, open: closes Thu 31 Dec 15:00 (")
    assert [row.split(",")[0].strip() for row in rows[1:6]] == ["SSE/SZSE", "HKEX", "NYSE/Nasdaq", "TSE", XETRA.title]
    assert [row.endswith("holidays not known") for row in rows[1:6]] == [False, False, True, False, True]
    assert rows[6:] == ["  Where there is no holiday calendar yet, normal hours are assumed."]
    assert len(session_rows(MarketState(lambda: new_year, always_open))) == 5, "a demo has no holidays"
