"""Opens the data hosts for a run: the real ones, or the embedded exchange in their place.

Makes the stream's client for a run: at the address of the settings, or at the demo's own exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiwatch.config.settings import Settings, SourceSettings
from aiwatch.market.state import Clock
from aiwatch.sources import Source

if TYPE_CHECKING:
    import httpx

    from aiwatch.feed.feed import OpenSources, OpenStream
    from aiwatch.feed.stream_listener import Stream
    from aiwatch.simulator.options import ExchangeOptions, ExchangeUrls

Opened = Sequence[tuple[Source, SourceSettings]]

DEMO_INTERVALS: Mapping[str, float] = MappingProxyType(
    {"tencent": 1.0, "sina": 1.0, "yahoo": 2.0, "yahoo_quote": 2.0, "ecb": 10.0}
)
"""Seconds between the demo's requests to each host of its own exchange."""


async def open_hosts(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Opened:
    """Open the hosts on ``stack``; their clients are imported only now, off the loop's thread.

    Raises `SettingError` when the transport that ``settings`` ask for is not installed.
    """
    opened = await asyncio.to_thread(_made, settings, clock)
    for source, _ in opened:
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
    """``settings`` with the sources at the addresses of an exchange, asked at the demo's pace."""

    def at(name: str, base_url: str) -> SourceSettings:
        return SourceSettings(base_url, interval=DEMO_INTERVALS[name], interval_closed=DEMO_INTERVALS[name])

    pace = DEMO_INTERVALS["yahoo_quote"]
    return replace(
        settings,
        tencent=at("tencent", urls.tencent),
        sina=at("sina", urls.sina),
        yahoo=at("yahoo", urls.yahoo),
        ecb=at("ecb", urls.ecb),
        yahoo_quote=replace(
            settings.yahoo_quote,
            base_url=urls.yahoo,
            interval=pace,
            interval_closed=pace,
            cookie_url=urls.yahoo_cookie,
            consent_url=urls.yahoo_cookie,
        ),
        tencent_search_url=urls.tencent,
        transport="httpx",
    )


def _made(settings: Settings, clock: Clock) -> list[tuple[Source, SourceSettings]]:
    """The clients of the hosts, not yet open, with their settings."""
    from aiwatch.sources.ecb import Ecb
    from aiwatch.sources.network.curl_transport import transport_of
    from aiwatch.sources.sina.source import Sina
    from aiwatch.sources.tencent.source import Tencent
    from aiwatch.sources.yahoo.quote import YahooQuote
    from aiwatch.sources.yahoo.spark import Yahoo

    def network() -> httpx.AsyncBaseTransport | None:
        return transport_of(settings.transport)  # one each, for each closes its own

    rich = settings.yahoo_quote
    made: list[tuple[Source, SourceSettings]] = [
        (Tencent(settings.tencent, clock, transport=network()), settings.tencent),
        (Sina(settings.sina, clock, transport=network()), settings.sina),
        (Yahoo(settings.yahoo, clock, transport=network()), settings.yahoo),
    ]
    if rich.enabled:
        made.append((YahooQuote(rich, clock, transport=network()), rich))
    return [*made, (Ecb(settings.ecb, clock, transport=network()), settings.ecb)]


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
        stream: Stream = client(self._settings, self._clock)
        return stream


def _client() -> type:
    from aiwatch.sources.yahoo_stream.client import YahooStream

    return YahooStream
