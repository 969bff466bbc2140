"""The exchange itself: a loopback host each for the data sources and those of filings, over one simulated market."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from random import Random
from types import TracebackType
from typing import Self

from aiwatch.market.state import utc_now
from aiwatch.simulator import ExchangeUrls
from aiwatch.simulator.access import COOKIE_PATHS, AccessPolicy, NoPolicy, SinaPolicy, YahooPolicy
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.history import History
from aiwatch.simulator.http_host import Count, Host, Page, RequestCounter, Wire
from aiwatch.simulator.listings import Listing, universe
from aiwatch.simulator.market import Clock, Market
from aiwatch.simulator.stream_host import StreamHost
from aiwatch.simulator.wire.ecb import EcbWire
from aiwatch.simulator.wire.filings import CninfoPage, HkexPage, SecFilingsPage
from aiwatch.simulator.wire.news import SinaNewsPage, YahooNewsPage
from aiwatch.simulator.wire.search import TencentSearchWire, YahooSearchWire
from aiwatch.simulator.wire.sec import NothingElse, SecPage
from aiwatch.simulator.wire.sina import SinaWire
from aiwatch.simulator.wire.sina_bars import SinaBarsPage
from aiwatch.simulator.wire.tencent import TencentWire
from aiwatch.simulator.wire.tencent_bars import TencentBarsPage
from aiwatch.simulator.wire.yahoo import YahooQuoteWire, YahooWire
from aiwatch.simulator.wire.yahoo_chart import YahooChartPage
from aiwatch.simulator.wire.yahoo_facts import YahooFactsPage


class Exchange:
    """A running exchange, opened with ``async with``; every host has a port of its own, so that one can be down alone.

    ``universe`` is what is listed (the demo's listings when ``None``), ``rate`` the quotes changed per second over all
    of it, ``latency`` the seconds every answer takes, ``faults`` pairs of a host's name and a fault. The same ``seed``
    and ``clock`` give the same prices. With ``delayed``, the times sent are as old as the real hosts' are.
    With ``anything``, a symbol that is not listed is listed when it is first asked for. `Market.extended` lets New York
    trade outside its session.
    """

    def __init__(
        self,
        *,
        universe: Sequence[Listing] | None = None,
        seed: int = 7,
        rate: float = 20.0,
        clock: Clock = utc_now,
        latency: float = 0.0,
        delayed: bool = False,
        anything: bool = False,
        faults: Iterable[tuple[str, Fault]] = (),
    ) -> None:
        self._listings = universe
        self._seed = seed
        self._rate = rate
        self._clock = clock
        self._latency = latency
        self._delayed = delayed
        self._anything = anything
        self._first_faults = tuple(faults)
        self._hosts: dict[str, Host | StreamHost] = {}
        self._market: Market | None = None

    async def __aenter__(self) -> Self:
        # Large universes take a while to open, and time zones are read from files: neither belongs on the event loop.
        self._market = await asyncio.to_thread(self._prepare)
        try:
            for host in self._hosts.values():
                await host.open()
            for name, fault in self._first_faults:
                await self.fail(name, fault)
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    @property
    def market(self) -> Market:
        """The market behind both hosts. Raises `RuntimeError` outside of ``async with``."""
        if self._market is None:
            raise RuntimeError("the exchange has not been opened")
        return self._market

    @property
    def tencent_url(self) -> str:
        """The base address of the host that speaks as Tencent does."""
        return self.host("tencent").url

    @property
    def sina_url(self) -> str:
        """The base address of the host that speaks as Sina does."""
        return self.host("sina").url

    @property
    def yahoo_url(self) -> str:
        """The base address of the host that speaks as Yahoo does."""
        return self.host("yahoo").url

    @property
    def ecb_url(self) -> str:
        """The base address of the host that gives the reference rates."""
        return self.host("ecb").url

    @property
    def sec_url(self) -> str:
        """The base address of the host that has what companies report."""
        return self.host("sec").url

    @property
    def stream_url(self) -> str:
        """The address of the stream."""
        return self.stream.url

    @property
    def stream(self) -> StreamHost:
        """The host that streams as Yahoo does. Raises `KeyError` outside of ``async with``."""
        host = self._hosts["stream"]
        assert isinstance(host, StreamHost)
        return host

    @property
    def urls(self) -> ExchangeUrls:
        """All addresses."""
        return ExchangeUrls(
            tencent=self.tencent_url,
            sina=self.sina_url,
            yahoo=self.yahoo_url,
            yahoo_cookie=self.yahoo_url + COOKIE_PATHS[0],
            ecb=self.ecb_url,
            stream=self.stream_url,
            sec=self.sec_url,
            cninfo=self.host("cninfo").url,
            hkex=self.host("hkex").url,
            yahoo_news=self.host("yahoo_news").url,
            sina_news=self.host("sina_news").url,
        )

    def host(self, name: str) -> Host | StreamHost:
        """The host of a name of `faults.HOSTS`. Raises `KeyError` for others, and when closed."""
        return self._hosts[name]

    def tally(self, name: str) -> RequestCounter:
        """The counters of a host."""
        return self.host(name).tally

    def requests(self, name: str) -> Count:
        """How many requests a host has got: ``await exchange.requests("tencent").wait_for(3)``."""
        return self.host(name).tally.requests

    def answers(self, name: str) -> Count:
        """How many answers a host has given, broken ones included."""
        return self.host(name).tally.answers

    async def fail(self, name: str, *faults: Fault) -> None:
        """Let a host have ``faults`` from its next request on; `FaultKind.REFUSE` takes effect at once."""
        host = self.host(name)
        for fault in faults:
            if fault.kind is FaultKind.REFUSE:
                await host.close()
            else:
                host.plan.add(fault)

    async def heal(self, name: str) -> None:
        """Take all faults off a host: it listens again, and what hangs is answered."""
        host = self.host(name)
        host.plan.clear()
        host.release()
        await host.open()

    def release(self, name: str) -> None:
        """Answer the requests that hang at a host; its faults stay."""
        self.host(name).release()

    def _prepare(self) -> Market:
        listings = universe() if self._listings is None else self._listings
        market = Market(listings, seed=self._seed, rate=self._rate, clock=self._clock, anything=self._anything)
        rich = YahooQuoteWire(market, delayed=self._delayed)
        history = History(market, self._seed)
        charts: tuple[Page, ...] = (YahooChartPage(history), YahooFactsPage(history))
        hosts: tuple[tuple[Wire, tuple[Wire, ...], tuple[Page, ...], AccessPolicy], ...] = (
            (
                TencentWire(market, delayed=self._delayed),
                (TencentSearchWire(market),),
                (TencentBarsPage(history),),
                NoPolicy(),
            ),
            (YahooWire(market, delayed=self._delayed), (rich, YahooSearchWire(market)), charts, YahooPolicy()),
            (SinaWire(market), (), (SinaBarsPage(history),), SinaPolicy()),
            (EcbWire(market), (), (), NoPolicy()),
            (NothingElse("sec"), (), (SecPage(), SecFilingsPage(listings)), NoPolicy()),
            (NothingElse("cninfo"), (), (CninfoPage(listings),), NoPolicy()),
            (NothingElse("hkex"), (), (HkexPage(),), NoPolicy()),
            (NothingElse("yahoo_news"), (), (YahooNewsPage(),), NoPolicy()),
            (NothingElse("sina_news"), (), (SinaNewsPage(listings),), NoPolicy()),
        )
        for number, (wire, also, pages, policy) in enumerate(hosts):
            random = Random(f"{self._seed}/{number}")
            self._hosts[wire.name] = Host(
                wire, market.advance, random, self._latency, also=also, pages=pages, policy=policy
            )
        self._hosts["stream"] = StreamHost(market, Random(f"{self._seed}/stream"))
        return market

    async def _close(self) -> None:
        for host in self._hosts.values():
            await host.close()
