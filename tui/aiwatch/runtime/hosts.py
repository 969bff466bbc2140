"""Opens the data hosts for a run: the real ones, or the embedded exchange in their place.

Makes the stream's client for a run: at the address of the settings, or at the demo's own exchange.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from msgspec.structs import asdict, replace

from aiwatch.config.settings import Settings, SourceSettings, StreamSettings
from aiwatch.market.data_sources import polled, streamed
from aiwatch.market.state import Clock
from aiwatch.sources import Source

if TYPE_CHECKING:
    from aiwatch.feed.feed import OpenSources, OpenStream
    from aiwatch.feed.stream_listener import Stream
    from aiwatch.simulator import ExchangeOptions, ExchangeUrls
    from aiwatch.sources.bars import BarSource

T = TypeVar("T")
Opened = Sequence[tuple[Source, SourceSettings]]


async def open_hosts(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Opened:
    """Open the hosts on ``stack``; their clients are imported only now, off the loop's thread.

    Raises `SettingError` when the transport that ``settings`` ask for is not installed.
    """
    return [opened async for opened in opened_hosts(stack, settings, clock)]


async def opened_hosts(
    stack: AsyncExitStack, settings: Settings, clock: Clock
) -> AsyncIterator[tuple[Source, SourceSettings]]:
    """As `open_hosts`, each as soon as it is open: the first can be asked while the code of the others is read."""
    await asyncio.to_thread(import_httpx)
    for spec in polled():
        own = settings.sources[spec.name]
        if own.enabled:
            source = await asyncio.to_thread(_made, spec.load, settings, own, clock)
            yield await stack.enter_async_context(source), own


async def open_bar_sources(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, BarSource]:
    """Open the sources of price history on ``stack``, by name; see `open_hosts`."""
    await asyncio.to_thread(import_httpx)
    opened: dict[str, BarSource] = {}
    for spec in polled():
        own = settings.sources[spec.name]
        if spec.bars and own.enabled:
            source = await asyncio.to_thread(_made, spec.bars, settings, own, clock)
            opened[spec.name] = await stack.enter_async_context(source)
    return opened


def live_hosts(settings: Settings, clock: Clock) -> OpenSources:
    """The real hosts, at the addresses of ``settings``."""

    def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        return opened_hosts(stack, settings, clock)

    return open_sources


def demo_hosts(
    settings: Settings,
    clock: Clock,
    options: ExchangeOptions,
    use_exchange: Callable[[ExchangeUrls], None] = lambda urls: None,
    ended: Callable[[str], None] = lambda why: None,
) -> OpenSources:
    """The embedded exchange, started as a process of its own; the sources are pointed at it, and ``use_exchange`` is
    called with its addresses. ``ended`` is called with a sentence when that process ends by itself."""

    async def open_sources(stack: AsyncExitStack) -> AsyncIterator[tuple[Source, SourceSettings]]:
        from aiwatch.simulator.process import exchange_process

        urls = await stack.enter_async_context(exchange_process(options, ended=ended))
        use_exchange(urls)
        async for opened in opened_hosts(stack, pointed_at(settings, urls), clock):
            yield opened

    return open_sources


class OpenedLate(Generic[T]):
    """What is opened when it is first wanted, with the settings of then, and closed where ``async with`` ends.

    ``open_it`` opens it on a stack. With ``waits``, nothing is opened before `use_exchange` has named the
    exchange to ask, as in a demo, whose own exchange starts meanwhile.
    """

    def __init__(
        self, settings: Settings, open_it: Callable[[Settings, AsyncExitStack], Awaitable[T]], *, waits: bool = False
    ) -> None:
        self._settings = settings
        self._open_it = open_it
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._opened: list[T] = []
        self._may_ask = asyncio.Event()
        if not waits:
            self._may_ask.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def use_exchange(self, urls: ExchangeUrls) -> None:
        """Ask the hosts of an exchange that has started."""
        self._settings = pointed_at(self._settings, urls)
        self._may_ask.set()

    async def get(self) -> T:
        """It, opened by the first who asks."""
        await self._may_ask.wait()
        async with self._opening:
            if not self._opened:
                self._opened.append(await self._open_it(self._settings, self._stack))
            return self._opened[0]


def pointed_at(settings: Settings, urls: ExchangeUrls) -> Settings:
    """``settings`` with the sources at the addresses of an exchange, asked at the demo's pace. A source that the
    exchange does not serve is not asked at all: no request of a demo leaves this machine."""
    hosts = asdict(urls)
    sources = {}
    for spec in polled():
        base = hosts.get(spec.host, "")
        further = {address.key: base + address.demo_path for address in spec.addresses}
        sources[spec.name] = SourceSettings(
            base,
            interval=spec.demo_interval,
            interval_closed=spec.demo_interval,
            enabled=bool(base) and settings.sources[spec.name].enabled,
            addresses=further,
        )
    sec = replace(settings.sec, base_url=urls.sec, tickers_url=urls.sec)
    filings = {name: replace(own, base_url=hosts[name]) for name, own in settings.filings.items()}
    return replace(settings, sources=sources, sec=sec, filings=filings, transport="httpx")


def _made(load: str, settings: Settings, own: SourceSettings, clock: Clock) -> Any:
    """The client of one source, of its quotes or its bars, not yet open, with a transport of its own: each closes its
    own."""
    from aiwatch.sources.network.curl_transport import transport_of
    from aiwatch.sources.registry import loaded

    return loaded(load)(own, clock, transport=transport_of(settings.transport))


def import_httpx() -> None:
    """Import httpx without its program for the command line, which takes as long to import as httpx itself, and
    without SOCKS where no proxy speaks it."""
    if "httpx" in sys.modules:
        return
    with left_out("httpx._main", *_not_spoken("socksio")):
        import httpcore  # noqa: F401
        import httpx  # noqa: F401


def _not_spoken(library: str) -> tuple[str, ...]:
    """``library``, which speaks SOCKS, when no request of this run can need it. A proxy of the system may be set while
    the program runs."""
    from aiwatch.sources.network.environment import Proxy, read_network

    network = read_network()
    may = network.is_system or any(isinstance(proxy, Proxy) and proxy.is_socks for proxy in network.proxies.values())
    return () if may else (library,)


@contextmanager
def left_out(*modules: str) -> Iterator[None]:
    """Have every import of ``modules`` fail meanwhile, as if they were not installed; but for those imported before."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(cast("dict[str, ModuleType]", dict.fromkeys(absent)))  # what Python calls "not there"
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


class StreamOpener:
    """Hands the feed a stream that has sent nothing yet. `use_exchange` points it at an embedded exchange."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings.stream
        self._clock = clock

    @property
    def opener(self) -> OpenStream | None:
        """What the feed calls; ``None`` when the settings switch the stream off."""
        return self.open if self._settings.enabled else None

    def use_exchange(self, urls: ExchangeUrls) -> None:
        """Go to the stream of an exchange that has started."""
        self._settings = replace(self._settings, url=urls.stream)

    async def open(self) -> Stream:
        """The stream, which has not connected yet."""
        client = await asyncio.to_thread(_client)
        return client(self._settings, self._clock)


def _client() -> Callable[[StreamSettings, Clock], Stream]:
    from aiwatch.sources.registry import loaded

    with left_out(*_not_spoken("python_socks")):
        client: Callable[[StreamSettings, Clock], Stream] = loaded(streamed().load)
    return client
