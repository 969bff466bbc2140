"""Opens the data hosts for a run: the real ones, or the embedded exchange in their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from aiwatch.market.desk import Clock
from aiwatch.settings import Settings, SourceSettings
from aiwatch.sources import Source

if TYPE_CHECKING:
    from aiwatch.exchange.options import ExchangeOptions, ExchangeUrls
    from aiwatch.feed.feed import OpenSources

Opened = Sequence[tuple[Source, SourceSettings]]

DEMO_INTERVALS = (1.0, 2.0)
"""Seconds between the demo's requests to its own Tencent and Yahoo."""


async def open_hosts(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Opened:
    """Open Tencent and Yahoo on ``stack``; their clients are imported only now, off the loop's thread."""
    tencent, yahoo = await asyncio.to_thread(_clients)
    opened: list[tuple[Source, SourceSettings]] = [
        (tencent(settings.tencent, clock), settings.tencent),
        (yahoo(settings.yahoo, clock), settings.yahoo),
    ]
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
) -> OpenSources:
    """The embedded exchange, started as a process of its own; the sources are pointed at it, and ``told`` of it."""

    async def open_sources(stack: AsyncExitStack) -> Opened:
        from aiwatch.exchange.process import exchange_process

        urls = await stack.enter_async_context(exchange_process(options))
        told(urls)
        return await open_hosts(stack, pointed_at(settings, urls.tencent, urls.yahoo), clock)

    return open_sources


def pointed_at(settings: Settings, tencent: str, yahoo: str) -> Settings:
    """``settings`` with the sources at these addresses, asked at the demo's pace."""
    quick, slow = DEMO_INTERVALS
    return replace(
        settings,
        tencent=SourceSettings(tencent, interval=quick, interval_closed=quick),
        yahoo=SourceSettings(yahoo, interval=slow, interval_closed=slow),
    )


def _clients() -> tuple[type, type]:
    from aiwatch.sources.tencent import Tencent
    from aiwatch.sources.yahoo import Yahoo

    return Tencent, Yahoo
