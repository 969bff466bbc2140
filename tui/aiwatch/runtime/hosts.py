"""Opens the data hosts for a run: the real ones, or the embedded exchange in their place.

Makes the stream's client for a run: at the address of the settings, or at the demo's own exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from aiwatch.config.settings import Settings, SourceSettings, StreamSettings
from aiwatch.market.data_sources import polled, streamed
from aiwatch.market.state import Clock
from aiwatch.sources import Source

if TYPE_CHECKING:
    from aiwatch.feed.feed import OpenSources, OpenStream
    from aiwatch.feed.stream_listener import Stream
    from aiwatch.simulator.options import ExchangeOptions, ExchangeUrls
    from aiwatch.sources.bars import BarSource

Opened = Sequence[tuple[Source, SourceSettings]]


async def open_hosts(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Opened:
    """Open the hosts on ``stack``; their clients are imported only now, off the loop's thread.

    Raises `SettingError` when the transport that ``settings`` ask for is not installed.
    """
    opened = await asyncio.to_thread(_made, settings, clock)
    for source, _ in opened:
        await stack.enter_async_context(source)
    return opened


async def open_bar_sources(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, BarSource]:
    """Open the sources of price history on ``stack``, by name; see `open_hosts`."""
    opened: dict[str, BarSource] = dict(await asyncio.to_thread(_made_bars, settings, clock))
    for source in opened.values():
        await stack.enter_async_context(source)
    return opened


def live_hosts(settings: Settings, clock: Clock) -> OpenSources:
    """The real hosts, at the addresses of ``settings``."""

    async def open_sources(stack: AsyncExitStack) -> Opened:
        return await open_hosts(stack, settings, clock)

    return open_sources


def demo_hosts(
    settings: Settings,
    clock: Clock,
    options: ExchangeOptions,
    told: Callable[[ExchangeUrls], None] = lambda urls: None,
    ended: Callable[[str], None] = lambda why: None,
) -> OpenSources:
    """The embedded exchange, started as a process of its own; the sources are pointed at it, and ``told`` of it.
    ``ended`` is called with a sentence when that process ends by itself."""

    async def open_sources(stack: AsyncExitStack) -> Opened:
        from aiwatch.simulator.process import exchange_process

        urls = await stack.enter_async_context(exchange_process(options, ended=ended))
        told(urls)
        return await open_hosts(stack, pointed_at(settings, urls), clock)

    return open_sources


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
    return replace(settings, sources=sources, transport="httpx")


def _made(settings: Settings, clock: Clock) -> list[tuple[Source, SourceSettings]]:
    """The clients of the sources that are enabled, not yet open, with their settings."""
    from aiwatch.sources.network.curl_transport import transport_of
    from aiwatch.sources.registry import loaded

    made = []
    for spec in polled():
        own = settings.sources[spec.name]
        if own.enabled:  # a transport each, for each closes its own
            made.append((loaded(spec.load)(own, clock, transport=transport_of(settings.transport)), own))
    return made


def _made_bars(settings: Settings, clock: Clock) -> list[tuple[str, BarSource]]:
    from aiwatch.sources.network.curl_transport import transport_of
    from aiwatch.sources.registry import loaded

    made = []
    for spec in polled():
        own = settings.sources[spec.name]
        if spec.bars and own.enabled:
            made.append((spec.name, loaded(spec.bars)(own, clock, transport=transport_of(settings.transport))))
    return made


class StreamOpener:
    """Hands the feed a stream that has sent nothing yet. `told` points it at an embedded exchange."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings.stream
        self._clock = clock

    @property
    def opener(self) -> OpenStream | None:
        """What the feed calls; ``None`` when the settings switch the stream off."""
        return self._open if self._settings.enabled else None

    def told(self, urls: ExchangeUrls) -> None:
        """Go to the stream of an exchange that has started."""
        self._settings = replace(self._settings, url=urls.stream)

    async def _open(self) -> Stream:
        client = await asyncio.to_thread(_client)
        return client(self._settings, self._clock)


def _client() -> Callable[[StreamSettings, Clock], Stream]:
    from aiwatch.sources.registry import loaded

    client: Callable[[StreamSettings, Clock], Stream] = loaded(streamed().load)
    return client
