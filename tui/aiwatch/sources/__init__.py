"""The data hosts. One module a host; all keep the `Source` protocol, and none knows who asks."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from msgspec import Struct, field

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol


class Refusal(Struct, frozen=True):
    """A line of an answer that was not believed: of which symbol, as far as known, and why."""

    symbol: str
    reason: str


class Answer(Struct, frozen=True):
    """What a source said to one request: quotes, symbols it does not know, lines that were refused.

    A symbol that was asked for is in exactly one of the three, matched by name, never by position.
    """

    quotes: tuple[Quote, ...]
    unknown: frozenset[Symbol] = field(default_factory=frozenset)
    refused: tuple[Refusal, ...] = ()


class Source(Protocol):
    """A data host. Opened and closed with ``async with``; nothing is sent before the first `fetch`."""

    name: str
    """The key of its settings: ``tencent``."""
    title: str
    """Its name as people know it: ``Tencent``."""
    batch_limit: int
    """How many symbols one request may carry."""
    received_bytes: int
    """How many bytes of answers have come so far, unpacked."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def covers(self, symbol: Symbol) -> bool:
        """Whether the host may know ``symbol`` at all."""
        ...

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """Ask once for at most `batch_limit` symbols, all covered.

        Raises a `SourceError` when there is no usable answer; a wholly empty answer is one of those.
        """
        ...
