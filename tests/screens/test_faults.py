"""The whole app on real sockets against an exchange that misbehaves: alive, honest, and well again afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from aiwatch.exchange.faults import Fault, FaultKind
from aiwatch.exchange.server import Exchange
from aiwatch.feed import rest
from aiwatch.feed.feed import Feed
from aiwatch.market.health import Condition, SourceHealth
from aiwatch.market.session import always_open
from aiwatch.market.symbol import parse_symbol
from aiwatch.settings import SourceSettings
from aiwatch.sources.tencent import Tencent
from aiwatch.sources.yahoo import Yahoo
from tests.exchange.clock import SteppingClock
from tests.exchange.test_round_trip import plain
from tests.screens.stage import MORNING, Stage, feed_on, followed, on_stage

HOSTS = ("tencent", "yahoo")
RALLY = ("603757.SS", "002837.SZ", "300870.SZ", "002536.SZ")
SHORT = 0.4
"""Seconds after which a test gives up a host that hangs."""


@dataclass(frozen=True, slots=True)
class Live:
    """The app, the feed behind it, and the exchange it asks."""

    stage: Stage
    feed: Feed
    exchange: Exchange
    clock: SteppingClock

    def health(self, name: str) -> SourceHealth:
        """A source as the screen knows it."""
        return next(one for one in self.stage.dashboard.status.health if one.name == name)

    async def fail(self, fault: Fault, *hosts: str) -> None:
        """Let ``hosts`` (both, when none is named) have ``fault``."""
        for host in hosts or HOSTS:
            await self.exchange.fail(host, fault)

    async def heal(self) -> None:
        """Take every fault away and ask again, as a person would."""
        for host in HOSTS:
            await self.exchange.heal(host)
        await self.stage.press("r")

    async def all_priced(self) -> None:
        """Wait until every symbol has a price and both sources are well."""
        wanted = set(followed())
        await self.stage.until(
            lambda: (
                wanted <= self.stage.dashboard.desk.quotes.keys()
                and all(self.health(name).condition is Condition.OK for name in HOSTS)
            )
        )
        await self.stage.settle()

    def check_prices(self) -> None:
        """Every price shown is one that the exchange made; a row without a quote shows no figure at all."""
        for quote in self.stage.dashboard.desk.quotes.values():
            stock = self.exchange.market.stocks[quote.symbol.text]
            assert quote.last == stock.last / 10**stock.listing.decimals
        for symbol in RALLY:
            row = self.stage.row(symbol).replace(symbol, "")
            told = self.stage.dashboard.desk.quotes.get(parse_symbol(symbol))
            if told is None:
                assert not any(letter.isdigit() for letter in row)
            else:
                assert f"{told.last:.2f}" in row

    async def check_alive(self) -> None:
        """A key changes what is seen, at once."""
        before = self.stage.current
        row = self.stage.row(before)
        await self.stage.press("j" if before != RALLY[-1] else "k")
        assert self.stage.current != before
        assert self.stage.row(before) != row, "the cursor's mark has gone"


@asynccontextmanager
async def live(*faults: tuple[str, Fault], patience: float = 10.0) -> AsyncIterator[Live]:
    """The app on both sources against an exchange whose prices stand still."""
    clock = SteppingClock(MORNING)
    async with Exchange(clock=clock, rate=0, faults=faults) as exchange:

        def settings(url: str) -> SourceSettings:
            return SourceSettings(url, interval=0.05, interval_closed=0.05, timeout=patience)

        feed = feed_on(
            [
                (Tencent(settings(exchange.tencent_url), clock, transport=plain()), settings(exchange.tencent_url)),
                (Yahoo(settings(exchange.yahoo_url), clock, transport=plain()), settings(exchange.yahoo_url)),
            ],
            clock,
            always_open,
        )
        async with feed, on_stage((200, 50), feed=feed, clock=clock, sessions=always_open) as stage:
            yield Live(stage, feed, exchange, clock)


def both(fault: Fault) -> list[tuple[str, Fault]]:
    return [(host, fault) for host in HOSTS]


async def test_prices_come_over_real_sockets() -> None:
    async with live() as app:
        await app.all_priced()
        app.check_prices()
        assert "Tencent 0s ✓  Yahoo 0s ✓" in app.stage.lines()[0]
        assert "4 names   " in app.stage.text("SummaryLine")
        app.exchange.market.trade("002837.SZ", 65.5)
        app.clock.advance(3)
        await app.stage.until(lambda: app.stage.dashboard.desk.quotes[parse_symbol("002837.SZ")].last == 65.5)
        await app.stage.settle()
        assert "65.50" in app.stage.row("002837.SZ")
        app.check_prices()


DOWN = [
    pytest.param(Fault(FaultKind.STATUS, status=500), ["HTTP 500"], id="500"),
    pytest.param(Fault(FaultKind.STATUS, status=403), ["HTTP 403: Forbidden"], id="403"),
    pytest.param(Fault(FaultKind.HTML), [], id="html"),
    pytest.param(Fault(FaultKind.GARBAGE), [], id="garbage"),
    pytest.param(Fault(FaultKind.EMPTY), [], id="empty"),
    pytest.param(Fault(FaultKind.CUT), ["the answer was cut short"], id="cut"),
    pytest.param(Fault(FaultKind.RESET), ["the answer was cut short"], id="reset"),
    pytest.param(Fault(FaultKind.HANG), ["time-out after 0.4 s"], id="hang"),
    pytest.param(Fault(FaultKind.SLOW, seconds=3), ["time-out after 0.4 s"], id="drip"),
    pytest.param(Fault(FaultKind.REFUSE), ["no connection to 127.0.0.1:"], id="refuse"),
]


@pytest.mark.parametrize(("fault", "words"), DOWN)
async def test_a_host_that_is_down(fault: Fault, words: list[str]) -> None:
    patience = SHORT if fault.kind in (FaultKind.HANG, FaultKind.SLOW) else 10.0
    async with live(*both(fault), patience=patience) as app:
        await app.stage.until(lambda: all(app.health(name).condition is Condition.FAILING for name in HOSTS))
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert not app.stage.dashboard.desk.quotes
        assert "Tencent down ✗  Yahoo down ✗" in app.stage.lines()[0]
        notices = " ".join(app.stage.text("NoticeLine").split())
        for title in ("Tencent", "Yahoo"):
            why = app.health(title.lower()).why
            assert why
            assert f"{title}: {why}" in notices
        assert notices.count("next try in") + notices.count("trying again") == 2
        assert "`aiwatch demo`" in notices
        assert all(notices.count(word) == 2 for word in words)
        await app.heal()
        await app.all_priced()
        app.check_prices()
        assert app.stage.dashboard.notice.region.area == 0


@pytest.mark.parametrize("wish", [None, "90"])
async def test_a_host_that_asks_for_silence_is_left_alone(wish: str | None) -> None:
    async with live(("tencent", Fault(FaultKind.STATUS, status=429, retry_after=wish))) as app:
        await app.stage.until(lambda: app.health("tencent").condition is Condition.FAILING)
        wanted = set(followed())
        await app.stage.until(lambda: wanted <= app.stage.dashboard.desk.quotes.keys())
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert {quote.source for quote in app.stage.dashboard.desk.quotes.values()} == {"yahoo"}
        waits = app.health("tencent").next_try
        assert waits is not None
        assert waits - MORNING >= timedelta(seconds=float(wish or 60))
        assert "Tencent down ✗  Yahoo 0s ✓" in app.stage.lines()[0]
        assert "Tencent: HTTP 429: Edge: Too Many Requests; next try in" in app.stage.text("NoticeLine")
        asked, answered = app.exchange.requests("tencent").value, app.exchange.answers("yahoo").value
        await app.stage.press("r")
        await app.exchange.answers("yahoo").wait_for(answered + 4)
        assert app.exchange.requests("tencent").value == asked == 1


async def test_both_hosts_ask_for_silence_and_speak_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "RATE_LIMIT_RESTS", (0.5,))
    async with live(*both(Fault(FaultKind.STATUS, status=429))) as app:
        await app.stage.until(lambda: all(app.health(name).condition is Condition.FAILING for name in HOSTS))
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert app.stage.text("NoticeLine").count("HTTP 429") == 2
        await app.heal()
        await app.all_priced()
        app.check_prices()


SPOILT = [
    FaultKind.FIELD_COUNT,
    FaultKind.ZERO_PRICE,
    FaultKind.NEGATIVE_PRICE,
    FaultKind.HUGE_PRICE,
    FaultKind.NAN_PRICE,
    FaultKind.FUTURE,
]


@pytest.mark.parametrize("kind", SPOILT)
async def test_lines_that_cannot_be_are_refused_and_counted(kind: FaultKind) -> None:
    async with live(*both(Fault(kind, symbol="*"))) as app:
        known: Callable[[str], bool] = lambda name: (  # noqa: E731
            app.health(name).dropped > 0 or app.health(name).condition is Condition.FAILING
        )
        await app.stage.until(lambda: all(known(name) for name in HOSTS))
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert not app.stage.dashboard.desk.quotes
        tencent = app.health("tencent")
        assert tencent.dropped >= len(RALLY)
        assert f"Tencent 0s ✓ {tencent.dropped} refused" in app.stage.lines()[0]
        await app.heal()
        await app.all_priced()
        app.check_prices()
        assert "refused" in app.stage.lines()[0], "what was refused stays told"


async def test_one_line_that_cannot_be_hides_no_other() -> None:
    async with live(
        ("tencent", Fault(FaultKind.ZERO_PRICE, symbol="sz002837")),
        ("yahoo", Fault(FaultKind.ZERO_PRICE, symbol="002837.SZ")),
    ) as app:
        wanted = {symbol for symbol in followed() if symbol.text != "002837.SZ"}
        await app.stage.until(lambda: wanted <= app.stage.dashboard.desk.quotes.keys())
        await app.stage.settle()
        app.check_prices()
        assert "waiting" in app.stage.row("002837.SZ")
        assert "refused" in app.stage.lines()[0]
        await app.heal()
        await app.all_priced()


async def test_a_symbol_nobody_knows_is_told_and_hides_no_other() -> None:
    async with live(
        ("tencent", Fault(FaultKind.UNKNOWN, symbol="sz002837")),
        ("yahoo", Fault(FaultKind.UNKNOWN, symbol="002837.SZ")),
    ) as app:
        await app.stage.until(lambda: parse_symbol("002837.SZ") in app.stage.dashboard.desk.unknown)
        wanted = {symbol for symbol in followed() if symbol.text != "002837.SZ"}
        await app.stage.until(lambda: wanted <= app.stage.dashboard.desk.quotes.keys())
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert "unknown" in app.stage.row("002837.SZ")
        assert "Tencent 0s ✓  Yahoo 0s ✓" in app.stage.lines()[0]
        await app.heal()
        await app.all_priced()
        assert "unknown" not in app.stage.row("002837.SZ")


async def test_a_body_that_drips_in_time_is_read() -> None:
    async with live(*both(Fault(FaultKind.SLOW, seconds=0.1))) as app:
        await app.check_alive()
        await app.all_priced()
        app.check_prices()


async def test_prices_of_a_source_that_went_down_stay_and_grow_old() -> None:
    async with live() as app:
        await app.all_priced()
        await app.fail(Fault(FaultKind.STATUS, status=500))
        await app.stage.until(lambda: all(app.health(name).condition is Condition.FAILING for name in HOSTS))
        app.clock.advance(420)
        await app.stage.settle()
        await app.check_alive()
        app.check_prices()
        assert "7m" in app.stage.row("002837.SZ")
        assert "stale" in app.stage.row("002837.SZ")
        assert "HTTP 500" in app.stage.text("NoticeLine")
        assert "aiwatch demo" not in app.stage.text("NoticeLine")
        await app.heal()
        await app.stage.until(lambda: app.health("tencent").condition is Condition.OK)
        fresh = parse_symbol("002837.SZ")
        await app.stage.until(lambda: app.stage.dashboard.desk.quotes[fresh].as_of == app.clock.now)
        await app.stage.settle()
        assert "stale" not in app.stage.row("002837.SZ")


async def test_one_host_down_is_no_gap_while_the_other_speaks() -> None:
    async with live(("tencent", Fault(FaultKind.REFUSE))) as app:
        wanted = set(followed())
        await app.stage.until(lambda: app.health("tencent").condition is Condition.FAILING)
        await app.stage.press("r")
        await app.stage.until(lambda: wanted <= app.stage.dashboard.desk.quotes.keys())
        await app.stage.settle()
        app.check_prices()
        assert "Tencent down ✗  Yahoo 0s ✓" in app.stage.lines()[0]
        await app.heal()
        await app.stage.until(lambda: app.health("tencent").condition is Condition.OK)


async def test_what_was_asked_of_the_hosts_is_polite() -> None:
    async with live() as app:
        await app.all_priced()
        for host in HOSTS:
            tally = app.exchange.tally(host)
            assert tally.most_at_once == 1
            assert all("aiwatch/" in agent for agent in tally.agents)
        assert max(len(asked) for asked in app.exchange.tally("yahoo").asked) <= 20
