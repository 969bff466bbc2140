"""The whole app on real sockets, against an exchange that can be told to misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from aiwatch.config.settings import SourceSettings, StreamSettings
from aiwatch.feed.feed import Feed
from aiwatch.feed.stream_listener import Stream
from aiwatch.market.calendar.session import SessionAt, always_open
from aiwatch.market.quote import Quote
from aiwatch.market.source_health import Condition, SourceHealth
from aiwatch.market.state import Clock, utc_now
from aiwatch.market.symbol import parse_symbol
from aiwatch.simulator import ExchangeUrls
from aiwatch.simulator.faults import Fault
from aiwatch.simulator.server import Exchange
from aiwatch.sources import Source
from aiwatch.sources.sina.source import Sina
from aiwatch.sources.tencent.source import Tencent
from aiwatch.sources.yahoo.quote import YahooQuote
from aiwatch.sources.yahoo.spark import Yahoo
from aiwatch.sources.yahoo_stream.client import YahooStream
from aiwatch.sources.yahoo_stream.connection import Pace
from tests.screens.stage import MORNING, Stage, followed, on_stage
from tests.simulator.clock import SteppingClock
from tests.simulator.test_round_trip import plain

HOSTS = ("tencent", "sina", "yahoo")
TITLES = {"tencent": "Tencent", "sina": "Sina", "yahoo": "Yahoo", "yahoo_quote": "Yahoo quote", "stream": "Stream"}
RALLY = ("603757.SS", "002837.SZ", "300870.SZ", "002536.SZ")
INTERVAL = 0.15
"""Seconds between two questions to a host."""
SHORT = 0.4
"""Seconds after which a test gives up a host that hangs."""
AT_ONCE = 2.0
"""Seconds after which what a key does is no longer done at once, also on a machine that has other work."""
QUICK = Pace(silence=60.0, open_timeout=SHORT, first_pause=0.05, longest_pause=0.1)
_KINDS: dict[str, type[Tencent] | type[Sina] | type[Yahoo]] = {"tencent": Tencent, "sina": Sina, "yahoo": Yahoo}
Polled = Tencent | Sina | Yahoo | YahooQuote
MakeSources = Callable[[ExchangeUrls, Clock], Sequence[Polled]]


@dataclass(frozen=True, slots=True)
class Live:
    """The app, the feed behind it, and the exchange it asks at ``hosts``."""

    stage: Stage
    feed: Feed
    exchange: Exchange
    clock: SteppingClock
    hosts: Sequence[str]

    def health(self, name: str) -> SourceHealth:
        """A source as the screen knows it."""
        return next(item for item in self.stage.dashboard.status.health if item.name == name)

    def are(self, condition: Condition, *names: str) -> bool:
        """Whether the sources called ``names``, every one when none is named, are in this condition."""
        return all(self.health(name).condition is condition for name in names or self.hosts)

    def quote(self, text: str) -> Quote | None:
        """What the screen shows of a symbol."""
        return self.stage.dashboard.session.market.quotes.get(parse_symbol(text))

    @property
    def status(self) -> str:
        """The top line."""
        return self.stage.lines()[0]

    @property
    def notices(self) -> str:
        """What is complained about, in one line."""
        return " ".join(self.stage.text("NoticeLine").split())

    async def fail(self, fault: Fault, *hosts: str) -> None:
        """Let ``hosts`` (all, when none is named) have ``fault``."""
        for host in hosts or self.hosts:
            await self.exchange.fail(host, fault)

    async def heal(self) -> None:
        """Take every fault away and ask again, as a person would."""
        for host in {"yahoo" if host == "yahoo_quote" else host for host in self.hosts}:
            await self.exchange.heal(host)
        await self.stage.press("r")

    def complaint(self, name: str) -> str:
        """What is complained about of the source called ``name``, as far as it is known for certain."""
        return f"{TITLES[name]}: {self.health(name).why}; "

    async def all_priced(self) -> None:
        """Wait until every symbol has a price and every source is well."""
        expected = set(followed())
        await self.stage.until(
            lambda: (
                expected <= self.stage.dashboard.session.market.quotes.keys() and self.are(Condition.OK, *self.polled)
            )
        )
        await self.stage.settle()

    @property
    def polled(self) -> list[str]:
        """The hosts that are asked."""
        return [host for host in self.hosts if host != "stream"]

    def is_made(self, quote: Quote) -> bool:
        """Whether the price of ``quote`` is the one that the exchange made."""
        stock = self.exchange.market.stocks[quote.symbol.text]
        return bool(quote.last == stock.last / 10**stock.listing.decimals)

    async def true_prices(self) -> None:
        """Wait until every price is the exchange's again: nought beside a previous close was read as no trade yet."""
        await self.stage.until(lambda: all(map(self.is_made, self.stage.dashboard.session.market.quotes.values())))
        await self.stage.settle()

    def check_prices(self) -> None:
        """Every price shown is one that the exchange made; a row without a quote shows no figure at all."""
        for quote in self.stage.dashboard.session.market.quotes.values():
            assert self.is_made(quote)
        for symbol in RALLY:
            row, words = self.stage.row(symbol).replace(symbol, ""), self.quote(symbol)
            if words is None:
                assert not any(letter.isdigit() for letter in row)
            else:
                assert f"{words.last:.2f}" in row

    async def check_alive(self) -> None:
        """A key changes what is seen, at once."""
        before = self.stage.current
        row = self.stage.row(before)
        await self.stage.press("j" if before != RALLY[-1] else "k")
        async with asyncio.timeout(AT_ONCE):
            await self.stage.until(lambda: self.stage.current != before)
            await self.stage.until(lambda: self.stage.row(before) != row)  # the cursor's mark has gone


def usual_sources(hosts: Sequence[str], patience: float, urls: ExchangeUrls, clock: Clock) -> list[Polled]:
    """The sources of ``hosts``, which wait for an answer for so many seconds and read no certificates."""
    addressed = [(name, SourceSettings(str(getattr(urls, name)), 1, 1, timeout=patience)) for name in hosts]
    return [_KINDS[name](settings, clock, transport=plain()) for name, settings in addressed]


@asynccontextmanager
async def live(
    *faults: tuple[str, Fault],
    hosts: Sequence[str] = HOSTS,
    interval: float = INTERVAL,
    patience: float = 10.0,
    sessions: SessionAt = always_open,
    sources: MakeSources | None = None,
    rate: float = 0.0,
    pace: Pace = QUICK,
) -> AsyncIterator[Live]:
    """The app on ``hosts`` of an exchange whose prices stand still, as its clock does; with a ``rate`` both move.

    ``sources`` makes other ones than the usual of each host.
    """
    status = SteppingClock(MORNING)
    clock: Clock = utc_now if rate else status
    async with Exchange(clock=clock, rate=rate, faults=faults) as exchange:
        polled = [name for name in hosts if name != "stream"]
        opened: list[tuple[Source, SourceSettings]] = [
            (source, replace(source.settings, interval=interval, interval_closed=interval))
            for source in (sources or partial(usual_sources, polled, patience))(exchange.urls, clock)
        ]

        async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
            for source, settings in opened:
                yield await stack.enter_async_context(source), settings

        async def open_stream() -> Stream:
            return YahooStream(StreamSettings(exchange.stream_url), clock, pace=pace, jitter=lambda pause: pause)

        feed = Feed(
            open_sources,
            clock,
            sessions,
            names=[(name, TITLES[name]) for name in polled],
            jitter=lambda seconds: seconds / 10,
            open_stream=open_stream if "stream" in hosts else None,
        )
        async with feed, on_stage((200, 24), fed=True, feed=feed, clock=clock, sessions=sessions) as stage:
            yield Live(stage, feed, exchange, status, hosts)


def everywhere(fault: Fault, hosts: Sequence[str] = HOSTS) -> list[tuple[str, Fault]]:
    """``fault`` at every one of ``hosts``, from the start."""
    return [(host, fault) for host in hosts]
