"""A source whose answers are recorded as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from aiwatch.errors import SourceError
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Source
from aiwatch.sources.recording import Recorder


class Tappable(Source, Protocol):
    """A source that hands out the bodies it reads, as `HttpSource` does."""

    tap: Callable[[bytes], None] | None


class Tapped:
    """Keeps the `Source` protocol for ``inner`` and notes every body, or the failure in its place."""

    def __init__(self, inner: Tappable, recorder: Recorder) -> None:
        self.name = inner.name
        self.title = inner.title
        self.batch_limit = inner.batch_limit
        self.received_bytes = 0
        self._inner = inner
        self._recorder = recorder

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)

    def covers(self, symbol: Symbol) -> bool:
        """As `Source.covers`."""
        return self._inner.covers(symbol)

    async def fetch(self, symbols: Sequence[Symbol]) -> Answer:
        """As `Source.fetch`; a body that could not be read is noted as the body it was."""
        asked = [symbol.text for symbol in symbols]
        bodies: list[bytes] = []
        self._inner.tap = bodies.append
        try:
            return await self._inner.fetch(symbols)
        except SourceError as error:
            if not bodies:
                self._recorder.note(self.name, asked, error=error)
            raise
        finally:
            self._inner.tap = None
            self.received_bytes = self._inner.received_bytes
            for body in bodies:
                self._recorder.note(self.name, asked, body)
