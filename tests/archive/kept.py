"""An archive of the test's own: quotes at a fixed moment, and ways to wait for what the thread does."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiwatch.archive.archive import Archive
from aiwatch.archive.pending import Pending
from aiwatch.archive.recall import recall
from aiwatch.archive.store import Store
from aiwatch.market.calendar.session import session_at
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import parse_symbol

NOW = datetime(2026, 11, 23, 6, 10, 19, 123457, tzinfo=UTC)
"""A Monday, ten past two in the afternoon in Shanghai."""

MINUTE = timedelta(minutes=1)


def make_quote(text: str = "002837.SZ", last: float = 58.02, at: datetime = NOW, **more: Any) -> Quote:
    """A quote of the symbol ``text``."""
    symbol = parse_symbol(text)
    values: dict[str, Any] = {"source": "tencent", "previous_close": 57.5, "currency": symbol.currency} | more
    return Quote(symbol=symbol, last=last, as_of=at, received_at=at, **values)


def write(path: Path, *quotes: Quote) -> None:
    """Write ``quotes`` to the archive at ``path``."""
    pending = Pending()
    pending.add(quotes)
    with closing(Store.open(path)) as store:
        store.write(pending, session_at)


@asynccontextmanager
async def started(path: Path, **options: Any) -> AsyncIterator[Archive]:
    """An archive at work, that writes at once."""
    async with Archive(path, lambda: NOW, **({"write_seconds": 0.0} | options)) as archive:
        archive.start()
        yield archive


async def settled(archive: Archive) -> Archive:
    """``archive`` when the thread has done everything it was given so far."""
    await archive.fact("nothing")
    return archive


@contextmanager
def looked_into(path: Path) -> Iterator[sqlite3.Connection]:
    """The file at ``path`` as any program sees it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def rows(path: Path, statement: str) -> list[tuple[Any, ...]]:
    """What ``statement`` finds in the file at ``path``."""
    with looked_into(path) as connection:
        return connection.execute(statement).fetchall()


async def written(path: Path, *quotes: Quote) -> None:
    """`write` off the event loop."""
    await asyncio.to_thread(write, path, *quotes)


async def recalled(path: Path, *symbols: str) -> tuple[Quote, ...]:
    """The quotes of ``symbols`` that a start on the day after would show."""
    expected = [parse_symbol(text) for text in symbols or ("002837.SZ", "NVDA")]
    return (await asyncio.to_thread(recall, path, expected, NOW + timedelta(days=1))).quotes


def contents(path: Path) -> bytes:
    """The bytes of the file."""
    return path.read_bytes()


def put(path: Path, content: bytes) -> None:
    """Write over the file where it is, as a fault of a disk does."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(content)
        file.truncate()


def set_mode(path: Path, mode: int) -> None:
    """Change who may do what with it."""
    path.chmod(mode)


def names(folder: Path) -> list[str]:
    """What is in the folder."""
    return sorted(entry.name for entry in folder.iterdir())
