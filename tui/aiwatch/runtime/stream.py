"""Makes the stream's client for a run: at the address of the settings, or at the demo's own exchange."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.market.state import Clock

if TYPE_CHECKING:
    from aiwatch.feed.feed import OpenStream
    from aiwatch.feed.stream_listener import Stream
    from aiwatch.simulator.options import ExchangeUrls


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
