"""The same moment reads alike from every source, and what is not known is not claimed: invariants over all of them.

One moment of a security is written in each host's own format and read back. What the hosts leave out differs; what they
all say must not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.summary import summarise
from aiwatch.market.symbol import parse_symbol
from aiwatch.sources.sina import codes
from aiwatch.sources.sina import source as lines
from aiwatch.sources.tencent import codes as tencent_codes
from aiwatch.sources.tencent import source as tencent_lines
from aiwatch.sources.yahoo import quote as yahoo_rich
from aiwatch.sources.yahoo import spark as yahoo_spark
from aiwatch.watchlist import Stock
from aiwatch.watchlist.positions import holdings_of
from tests.properties import examples
from tests.sources.sina import wire
from tests.sources.tencent import wire as tencent_wire

SECURITIES = {
    "600519.SS": ("测试", "GP-A", 2),
    "603991.SS": ("C测试", "GP-A", 2),
    "300870.SZ": ("测试", "GP-A-CYB", 2),
    "688992.SS": ("测试", "GP-A-KCB", 2),
    "920992.BJ": ("测试", "GP-A", 2),
    "900991.SS": ("测试Ｂ股", "GP-B", 3),
    "201872.SZ": ("测试B", "GP-B", 2),
    "510300.SS": ("测试ETF", "ETF", 3),
    "588991.SS": ("科创测试", "ETF", 3),
    "113991.SS": ("测试转债", "ZQ-KZZ", 3),
    "204001.SS": ("GC001", "ZQ-HG", 3),
    "000001.SS": ("测试指数", "ZS", 2),
    "899050.BJ": ("测试指数", "ZS", 2),
    "0991.HK": ("测试", "GP", 3),
    "80991.HK": ("测试－Ｒ", "GP", 3),
    "9067.HK": ("测试", "GP", 3),
}
"""By symbol: name, Tencent's word for the kind, decimals."""


class Moment(Struct, frozen=True):
    """What a security is doing, in steps of its price: ``last`` 0 is nothing traded yet."""

    text: str
    previous: int
    last: int
    opened: int
    high: int
    low: int
    clock: str

    @property
    def is_china(self) -> bool:
        return not self.text.endswith(".HK")

    def price(self, steps: int) -> str:
        decimals = SECURITIES[self.text][2]
        return f"{steps / 10**decimals:.{decimals}f}"

    @property
    def change(self) -> str:
        return self.price(self.last - self.previous) if self.last else "0.00"

    @property
    def traded(self) -> bool:
        return bool(self.opened)

    @property
    def day(self) -> str:
        return "2026-03-02"

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(f"{self.day}T{self.clock}+08:00").astimezone(UTC)


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """A moment of any security: auction, nothing traded yet, or traded within 35 % of the previous close."""
    text = draw(st.sampled_from(sorted(SECURITIES)))
    previous = draw(st.integers(20, 200_000))
    if draw(st.integers(0, 3)) == 0:
        clock = draw(st.sampled_from(("09:05:00", "09:20:00", "09:29:59", "10:30:00")))
        return Moment(text, previous, 0, 0, 0, 0, clock)
    four = sorted(max(1, previous * draw(st.integers(65, 135)) // 100) for _ in range(4))
    last, opened = draw(st.sampled_from(four)), draw(st.sampled_from(four))
    return Moment(text, previous, last, opened, four[-1], four[0], "10:30:00")


def tencent(moment: Moment) -> Quote:
    name, kind, _ = SECURITIES[moment.text]
    code = tencent_codes.code_of(parse_symbol(moment.text))
    assert code
    prices = {3: moment.last, 4: moment.previous, 5: moment.opened, 33: moment.high, 34: moment.low}
    changes = {at: moment.price(steps) for at, steps in prices.items()}
    volume = "12000" if moment.traded else "0"
    changes |= {6: volume, 36: volume, 31: moment.change, 9: "0", 10: "0", 19: "0", 20: "0", 47: "", 48: "", 51: ""}
    changes |= {37: "0", 57: "0"}
    if moment.is_china:
        changes |= {30: f"{moment.day}{moment.clock}".replace("-", "").replace(":", ""), 61: kind, 82: ""}
    else:
        changes |= {
            30: f"{moment.day} {moment.clock}".replace("-", "/"),
            60: "",
            63: kind,
            75: "",
            46: "MADE UP",
            73: "",
        }
    body = tencent_wire.line(code, changes, name=name)
    return read(tencent_lines.parse(body, [parse_symbol(moment.text)], moment.now, "host"))


def sina(moment: Moment) -> Quote:
    name = SECURITIES[moment.text][0]
    code = codes.code_of(parse_symbol(moment.text))
    assert code
    p = moment.price
    if moment.is_china:
        prices = {1: moment.opened, 2: moment.previous, 3: moment.last, 4: moment.high, 5: moment.low}
        changes = {at: f"{float(p(steps)):.3f}" for at, steps in prices.items()}
        changes |= {0: name, 8: "1200000" if moment.traded else "0", 9: "0", 30: moment.day, 31: moment.clock}
        changes |= dict.fromkeys(range(10, 30), "0")
    else:
        prices = {2: moment.opened, 3: moment.previous, 4: moment.high, 5: moment.low, 6: moment.last}
        changes = {at: p(steps) for at, steps in prices.items()}
        changes |= {0: "MADE UP", 1: name, 7: moment.change, 9: "0", 10: "0", 11: "0"}
        changes |= {12: "12000" if moment.traded else "0", 17: moment.day.replace("-", "/"), 18: moment.clock}
    body = wire.line(code, changes)
    return read(lines.parse(body, [parse_symbol(moment.text)], moment.now, "host"))


def entry(moment: Moment) -> dict[str, Any]:
    """Yahoo's fields of the moment, without a currency where the exchange's rules leave it open."""
    p = moment.price
    return {
        "symbol": moment.text,
        "regularMarketPrice": float(p(moment.last)),
        "regularMarketTime": int(moment.now.timestamp()),
        "regularMarketVolume": 12000 if moment.traded else 0,
        "regularMarketDayHigh": float(p(moment.high)),
        "regularMarketDayLow": float(p(moment.low)),
        "priceHint": 2 if moment.is_china else 3,
    }


def spark(moment: Moment) -> Quote:
    meta = entry(moment) | {"previousClose": float(moment.price(moment.previous))}
    value = {"spark": {"result": [{"symbol": moment.text, "response": [{"meta": meta}]}], "error": None}}
    body = json.dumps(value).encode()
    return read(yahoo_spark.parse(body, [parse_symbol(moment.text)], moment.now, "host"))


def rich(moment: Moment) -> Quote:
    fields = entry(moment) | {"regularMarketPreviousClose": float(moment.price(moment.previous))}
    body = json.dumps({"quoteResponse": {"result": [fields], "error": None}}).encode()
    return read(yahoo_rich.parse(body, [parse_symbol(moment.text)], moment.now, "host"))


def read(answer: Any) -> Quote:
    assert (answer.refused, answer.unknown) == ((), frozenset())
    (quote,) = answer.quotes
    assert isinstance(quote, Quote)
    return quote


CHINESE, YAHOO = (tencent, sina), (spark, rich)


def check_limits(quote: Quote) -> None:
    """No price lies outside the limits shown."""
    if quote.limits is None:
        assert quote.at_limit == 0
        return
    slack = 0.51 * 10.0**-quote.decimals
    for price in (quote.last, quote.open, quote.high, quote.low):
        assert price is None or quote.limits[1] - slack <= price <= quote.limits[0] + slack


def check_sums(quotes: Sequence[Quote]) -> None:
    """What has no currency is in no sum."""
    held = [Stock(quote.symbol, quote.symbol.text, quantity=100.0) for quote in quotes]
    for target in ("", "CNY", "USD"):
        holdings = holdings_of(held, {quote.symbol: quote for quote in quotes}, target)
        assert holdings is not None
        assert "" not in {sums.currency for sums in holdings.sums}
        assert holdings.currencyless == sum(not quote.currency for quote in quotes)
    assert "" not in summarise(quotes).turnover


@settings(max_examples=examples(60), deadline=None)
@given(moments())
def test_the_same_moment_reads_alike_from_every_source(moment: Moment) -> None:
    quotes = [write(moment) for write in (*CHINESE, *YAHOO)]
    for quote in quotes:
        check_limits(quote)
        assert (quote.trading is Trading.TRADED) == moment.traded
        assert moment.last or (quote.last, quote.change) == (quote.previous_close, 0.0)
        assert quote.symbol.board != "index" or (quote.volume, quote.lot) == (None, None)
    check_sums(quotes[:1])
    alike = [(q.last, q.previous_close, q.change, q.change_percent, q.currency, q.decimals) for q in quotes]
    assert len(set(alike[:2])) == 1
    assert len({stored[:4] for stored in alike}) == 1
    chinese = [(q.trading, q.open, q.high, q.low, q.as_of, q.limits, q.at_limit, q.lot) for q in quotes[:2]]
    assert chinese[0] == chinese[1]


@pytest.mark.parametrize("text", SECURITIES)
@pytest.mark.parametrize("write", [tencent, sina, spark, rich])
def test_a_last_price_of_nought_means_that_nothing_has_traded_yet(text: str, write: Any) -> None:
    quote = write(Moment(text, 987, 0, 0, 0, 0, "09:05:00"))
    assert (quote.trading, quote.last, quote.change, quote.change_percent) == (
        Trading.UNTRADED,
        quote.previous_close,
        0.0,
        0.0,
    )


@pytest.mark.parametrize(
    ("text", "nothing", "previous"),
    [
        ("NVDA", {1: "0.0000", 4: "0.0000", 5: "0", 6: "0", 7: "0", 10: "0", 26: "100.0000"}, 100.0),
        ("CNY=X", {1: "0.0000", 2: "0.0000", 5: "0.0000", 6: "0.0000", 7: "0.0000", 8: "0.0000"}, 7.19),
    ],
)
def test_so_it_does_in_america_and_of_a_rate(text: str, nothing: dict[int, str], previous: float) -> None:
    symbol = parse_symbol(text)
    body = wire.line(codes.code_of(symbol) or "", nothing)
    quote = read(lines.parse(body, [symbol], datetime(2026, 3, 2, 18, 0, tzinfo=UTC), "host"))
    assert (quote.trading, quote.last, quote.change) == (Trading.UNTRADED, previous, 0.0)


@pytest.mark.parametrize("clock", ["09:15:00", "09:20:09", "09:29:59"])
@pytest.mark.parametrize("last", [0, 1000])
def test_the_opening_auction_stands_in_the_best_orders(clock: str, last: int) -> None:
    name = "测试"
    tencent_changes = {3: f"{last / 100:.2f}", 4: "10.00", 31: "0.00", 9: "10.55", 10: "220", 19: "10.55", 20: "9"}
    tencent_changes |= {5: "0.00", 6: "0", 33: "0.00", 34: "0.00", 37: "0", 57: "0", 47: "11.00", 48: "9.00"}
    tencent_changes |= {30: "20260302" + clock.replace(":", ""), 51: "0.00"}
    sina_changes = {0: name, 1: "0.000", 2: "10.000", 3: "0.000", 4: "0.000", 5: "0.000", 8: "0", 9: "0.000"}
    sina_changes |= dict.fromkeys(range(10, 30), "0")
    sina_changes |= {10: "22000", 11: "10.550", 20: "900", 21: "10.550", 31: clock}
    symbol, now = parse_symbol("600993.SS"), datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    quotes = [
        read(tencent_lines.parse(tencent_wire.line("sh600993", tencent_changes, name=name), [symbol], now, "host")),
        read(lines.parse(wire.line("sh600993", sina_changes), [symbol], now, "host")),
    ]
    for quote in quotes:
        assert (quote.trading, quote.last, quote.change, quote.change_percent) == (Trading.AUCTION, 10.55, 0.55, 5.5)
        assert (quote.open, quote.high, quote.low, quote.limits, quote.at_limit) == (None, None, None, (11.0, 9.0), 0)
        assert (quote.bid, quote.ask, quote.bid_size, quote.ask_size) == (10.55, 10.55, 22_000, 900)


@pytest.mark.parametrize(("up", "down"), [("-1", "-1"), ("0.00", "0.00"), ("0", "-1")])
@pytest.mark.parametrize("text", ["600519.SS", "300870.SZ", "920992.BJ", "510300.SS", "113991.SS"])
def test_a_full_line_without_limits_says_that_there_are_none(text: str, up: str, down: str) -> None:
    code = tencent_codes.code_of(parse_symbol(text))
    assert code
    body = tencent_wire.line(code, {47: up, 48: down})
    now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    quote = read(tencent_lines.parse(body, [parse_symbol(text)], now, "host"))
    assert (quote.limits, quote.at_limit) == (None, 0)
    short = tencent_wire.line("sh600519", {47: up, 48: down}, length=60)
    assert read(tencent_lines.parse(short, [parse_symbol("600519.SS")], now, "host")).limits == (55.0, 45.0)


@pytest.mark.parametrize(("days", "limited"), [(1, False), (10, False), (20, True)])
def test_yahoo_says_when_a_listing_is_in_its_first_days(days: int, limited: bool) -> None:
    moment = Moment("600519.SS", 1000, 1010, 1005, 1020, 1000, "10:30:00")
    first = int((moment.now - timedelta(days=days)).timestamp())
    meta = entry(moment) | {"previousClose": 10.0, "firstTradeDate": first}
    value = {"spark": {"result": [{"symbol": moment.text, "response": [{"meta": meta}]}], "error": None}}
    quote = read(yahoo_spark.parse(json.dumps(value).encode(), [parse_symbol(moment.text)], moment.now, "host"))
    assert (quote.limits is not None) == limited
