"""What ``aiwatch doctor --contract`` asks beside quotes: searches, price history, the stream, filings, headlines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.config.settings import Settings, StreamSettings
from aiwatch.errors import SourceError
from aiwatch.market.bars import BarsQuery, Interval
from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, SEC, FilingHost, SourceSpec, polled, streamed
from aiwatch.market.quote import Quote
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.runtime.filings import may_ask
from aiwatch.runtime.hosts import open_bar_sources
from aiwatch.sources import Refusal
from aiwatch.sources.network.curl_transport import transport_of
from aiwatch.sources.registry import loaded

SYMBOLS = {
    "sec": ("US share", "NVDA"),
    "cninfo": ("share in Shenzhen", "002837.SZ"),
    "hkex": ("share in Hong Kong", "0700.HK"),
    "yahoo_news": ("US share", "NVDA"),
    "sina_news": ("share in Shanghai", "603757.SS"),
    "yahoo": ("US share", "NVDA"),
    "tencent": ("share in Shanghai", "603757.SS"),
    "sina": ("share in Shanghai", "603757.SS"),
}
"""The known symbol that each host is asked for, and what it is."""
_DAYS = timedelta(days=20)


class _Client(Protocol):
    host: str
    tap: Callable[[bytes], None] | None


class Question(Struct):
    """One that is no source of quotes: how it is asked, about what, and what its answers are compared with."""

    title: str
    client: _Client
    ask: Callable[[], Awaitable[object]]
    kinds: Mapping[Symbol, str]
    contracts: tuple[str, ...]


async def open_questions(stack: AsyncExitStack, settings: Settings, clock: Clock) -> list[Question]:
    """The questions to those that ``settings`` switch on, their clients opened on ``stack``."""
    bars = await open_bar_sources(stack, settings, clock)
    questions = []
    for spec in polled():
        own = settings.sources[spec.name]
        if spec.search_contract and own.enabled:
            own = replace(own, base_url=own.addresses.get("search_url", own.base_url))
            client = loaded(spec.search)(own, clock, transport=transport_of(settings.transport))
            questions.append(_search(spec, await stack.enter_async_context(client)))
        if spec.bars_contract and spec.name in bars:
            questions.append(_history(spec, bars[spec.name], clock))
    clients = [(host, _filing_client(host, settings, clock)) for host in (*FILING_HOSTS, *NEWS_HOSTS)]
    opened = [(host, await stack.enter_async_context(client)) for host, client in clients if client is not None]
    return questions + [_filings(host, client) for host, client in opened]


def _kinds(name: str) -> tuple[Symbol, dict[Symbol, str]]:
    kind, text = SYMBOLS[name]
    symbol = parse_symbol(text)
    return symbol, {symbol: kind}


def _search(spec: SourceSpec, client: Any) -> Question:
    symbol, kinds = _kinds(spec.name)
    return Question(f"{spec.title} search", client, partial(client.find, symbol.code), kinds, (spec.search_contract,))


def _history(spec: SourceSpec, client: Any, clock: Clock) -> Question:
    symbol, kinds = _kinds(spec.name)
    query = BarsQuery(symbol, Interval.DAY, (clock() - _DAYS).date())
    return Question(f"{spec.title} history", client, partial(client.bars, query), kinds, (spec.bars_contract,))


def _filing_client(host: FilingHost, settings: Settings, clock: Clock) -> Any:
    """The client of a host that may be asked; ``None`` for another."""
    if host is SEC:
        return loaded(host.load)(settings.sec, clock) if may_ask(settings.sec) else None
    own = settings.filings[host.name]
    return loaded(host.load)(own, clock, transport=transport_of(settings.transport)) if own.enabled else None


def _filings(host: FilingHost, client: Any) -> Question:
    symbol, kinds = _kinds(host.name)
    return Question(host.title, client, partial(client.filings, symbol), kinds, host.contracts)


class _First:
    """Waits for the first message, or for the first failure."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.message: bytes | None = None
        self.problem = ""

    def take(self, message: bytes, symbol: str) -> None:
        """Keep the first message."""
        if self.message is None:
            self.message = message
        self.came.set()

    def failed(self, error: SourceError, pause: float) -> None:
        """There is no connection."""
        self.problem = str(error)
        self.came.set()

    def opened(self) -> None:
        """A connection stands."""

    def heard(self, signs: int = 1) -> None:
        """A sign of life."""

    def received(self, quotes: Sequence[Quote]) -> None:
        """Prices came, which were tapped before."""

    def refused(self, refusal: Refusal) -> None:
        """A message was not believed, which was tapped before."""

    def fell_behind(self, superseded: int) -> None:
        """Messages were left out."""

    def rested(self) -> None:
        """There is nothing to follow."""


async def first_message(
    settings: StreamSettings, symbols: Sequence[Symbol], clock: Clock, patience: float
) -> tuple[str, bytes | None, str]:
    """The stream's host, its first message about ``symbols`` within ``patience`` seconds, and why there is none."""
    stream, first = loaded(streamed().load)(settings, clock), _First()
    stream.tap = first.take
    stream.follow(symbols)
    running = asyncio.create_task(stream.run(first, lambda: False))
    try:
        async with asyncio.timeout(patience):
            await first.came.wait()
    except TimeoutError:
        first.problem = f"no message within {patience:g} s, as there is none while markets are closed"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return str(stream.dialer.host), first.message, first.problem
