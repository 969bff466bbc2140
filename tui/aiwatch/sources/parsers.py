"""Every source's parser by its name: bytes of one answer in, an `Answer` out; for what was recorded earlier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from aiwatch.market.quote import Quote
from aiwatch.market.symbol import Symbol
from aiwatch.sources import Answer, Refusal, ecb
from aiwatch.sources.sina import source as lines
from aiwatch.sources.tencent import source as tencent_lines
from aiwatch.sources.yahoo import quote as rich
from aiwatch.sources.yahoo import spark as yahoo_spark
from aiwatch.sources.yahoo_stream import frames

Reader = Callable[[bytes, Iterable[Symbol], datetime, str], Answer]
"""Takes a body, the symbols asked for, when it was received, and the host's name; may raise a `SourceError`."""


def read_frame(body: bytes, asked: Iterable[Symbol], received_at: datetime, host: str) -> Answer:
    """One message of the stream, which answers no question: ``asked`` is what was followed."""
    told = frames.read(body, {symbol.text: symbol for symbol in asked}, received_at)
    if isinstance(told, Quote):
        return Answer((told,))
    return Answer((), refused=(told,) if isinstance(told, Refusal) else ())


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "tencent": tencent_lines.parse,
        "sina": lines.parse,
        "yahoo": yahoo_spark.parse,
        "yahoo_quote": rich.parse,
        "ecb": ecb.parse,
        frames.SOURCE: read_frame,
    }
)
"""The reader of each source, by the source's name."""
