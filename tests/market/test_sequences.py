"""A stock through its day, told by sources that change: what is shown is always one of the states its moment allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aiwatch.feed.quote_book import QuoteBook
from aiwatch.market.calendar.session import session_at
from aiwatch.market.quote import Quote, Trading, coherent
from aiwatch.market.state import MarketState, PriceStatus
from aiwatch.market.symbol import parse_symbol
from tests.market.days import local
from tests.market.quotes import make_quote
from tests.properties import examples

SYMBOL = parse_symbol("600519.SS")
PREVIOUS, LIMIT_UP, LIMIT_DOWN = 58.02, 63.82, 52.22
CLOCKS = ("09:05", "09:20", "09:31", "10:40", "11:29", "12:00", "13:05", "14:59", "15:10", "15:40", "20:00")
"""Before the session, call auction, open, lunch, afternoon, after hours, closed."""
SOURCES = {"tencent": 0, "sina": 0, "yahoo": 15, "stream": 15}
FRESH = {PriceStatus.LIVE, PriceStatus.DELAYED, PriceStatus.STALE, PriceStatus.AUCTION, PriceStatus.UNTRADED}
DAY = "2026-03-02T"


def said(source: str, as_of: datetime, now: datetime, last: float) -> Quote:
    """What ``source`` says of the stock at ``as_of``, as its reader makes it."""
    minute = f"{as_of.astimezone(ZoneInfo(SYMBOL.zone)):%H:%M}"
    auction, untraded = "09:15" <= minute < "09:30" and source in ("tencent", "sina"), minute < "09:30"
    trading = Trading.AUCTION if auction else Trading.UNTRADED if untraded else Trading.TRADED
    price = PREVIOUS if untraded and not auction else last
    day = {"open": PREVIOUS, "high": max(PREVIOUS, price), "low": min(PREVIOUS, price), "volume": 1000}
    limits = {"limit_up": LIMIT_UP, "limit_down": LIMIT_DOWN} if source == "tencent" else {}
    return coherent(
        make_quote(
            SYMBOL.text,
            source=source,
            last=price,
            previous_close=PREVIOUS,
            as_of=as_of,
            received_at=now,
            delay_minutes=SOURCES[source],
            trading=trading,
            **(limits if trading is not Trading.TRADED else limits | day),
        )
    )


def allowed(market: MarketState, now: datetime) -> set[PriceStatus]:
    """The states that can be true at ``now`` of a stock that is neither suspended nor kept from an earlier run."""
    phase = session_at(SYMBOL.exchange, now).phase
    if SYMBOL not in market.quotes:
        return {PriceStatus.WAITING}
    if phase.name == "LUNCH":
        return {PriceStatus.LUNCH}
    return FRESH if phase.is_trading else {PriceStatus.CLOSED}


def check(market: MarketState, now: datetime) -> None:
    status, quote = market.status(SYMBOL), market.quotes.get(SYMBOL)
    assert status in allowed(market, now)
    if quote is None:
        return
    if status is PriceStatus.AUCTION:
        assert now - quote.as_of <= timedelta(minutes=5)
    if status is PriceStatus.LIVE:
        assert not quote.delay_minutes
    if quote.trading is not Trading.TRADED:
        assert (quote.at_limit, quote.open, quote.volume) == (0, None, None)
    if quote.limits is not None:
        assert quote.limits == (LIMIT_UP, LIMIT_DOWN)
        assert LIMIT_DOWN <= quote.last <= LIMIT_UP
    assert quote.at_limit == (quote.trading is Trading.TRADED) * ((quote.last == LIMIT_UP) - (quote.last == LIMIT_DOWN))


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(SOURCES)),
            st.sampled_from([PREVIOUS, 60.0, 57.3, LIMIT_UP, LIMIT_DOWN]),
            st.booleans(),
        ),
        min_size=len(CLOCKS),
        max_size=len(CLOCKS),
    )
)
def test_a_day_told_by_changing_sources_shows_only_states_that_can_be(expected: list[tuple[str, float, bool]]) -> None:
    book, moments = QuoteBook(), [local("SSE", DAY + clock) for clock in CLOCKS]
    present = [moments[0]]
    market = MarketState(lambda: present[0])
    newest = None
    for now, (source, last, answers) in zip(moments, expected, strict=True):
        present[0] = now
        if answers:
            as_of = min(now, local("SSE", f"{DAY}15:00")) - timedelta(minutes=SOURCES[source])
            book.add([said(source, as_of, now, last)])
            newest = as_of if newest is None else max(newest, as_of)
        market.apply(book.drain())
        check(market, now)
        if newest is not None:
            assert market.quotes[SYMBOL].as_of == newest


def test_each_state_of_a_day_is_reached() -> None:
    seen = []
    present = [local("SSE", f"{DAY}09:05")]
    market, book = MarketState(lambda: present[0]), QuoteBook()
    for clock, source, last in (
        ("09:20", "sina", 60.0),
        ("09:31", "tencent", 60.0),
        ("12:00", "tencent", 60.0),
        ("14:00", "sina", LIMIT_UP),
        ("15:40", "tencent", LIMIT_UP),
    ):
        present[0] = now = local("SSE", DAY + clock)
        book.add([said(source, min(now, local("SSE", f"{DAY}15:00")), now, last)])
        market.apply(book.drain())
        seen.append((market.status(SYMBOL), market.quotes[SYMBOL].at_limit))
    assert seen == [
        (PriceStatus.AUCTION, 0),
        (PriceStatus.LIVE, 0),
        (PriceStatus.LUNCH, 0),
        (PriceStatus.LIVE, 1),
        (PriceStatus.CLOSED, 1),
    ]


def test_a_source_without_the_exchanges_name_does_not_bring_a_limit_back() -> None:
    book, now = QuoteBook(), local("SSE", f"{DAY}10:40")
    first = replace(said("tencent", now, now, 63.0), limit_up=None, limit_down=None, daily_limit=0, name="C测试")
    book.add([first, said("stream", now + timedelta(seconds=1), now, LIMIT_UP)])
    (held,) = book.drain()
    assert (held.source, held.last, held.limits, held.at_limit) == ("stream", LIMIT_UP, None, 0)
