"""Dependencies for plain tests of a session: a clock that stands, lists and a ledger by hand, no feed that asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from aiwatch.config.settings import Settings
from aiwatch.ledger.records import Ledger
from aiwatch.market.quote import Quote
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.dependencies import FileDependencies
from aiwatch.watchlist import Stock, Watchlist
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.reader import read_watchlists

NOW = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
"""A Friday, ten in the morning in Shanghai."""


def stock(symbol: str, name: str = "", **more: Any) -> Stock:
    """A stock of a list."""
    return Stock(parse_symbol(symbol), name or symbol, **more)


def watchlist(key: str, *stocks: Stock, **more: Any) -> Watchlist:
    """A list called ``key``."""
    return Watchlist(key, key.title(), "A list.", stocks, Path(f"{key}.toml"), **more)


def priced(symbol: str, last: float, previous: float | None = None, at: datetime = NOW, **more: Any) -> Quote:
    """A quote of ``symbol`` at ``at``."""
    parsed = parse_symbol(symbol)
    fields: dict[str, Any] = {"source": "tencent", "received_at": at, "currency": parsed.currency} | more
    return Quote(symbol=parsed, last=last, previous_close=previous, as_of=at, **fields)


def files(lists: Sequence[Watchlist] = (), *, ledger: Ledger | None = None, **more: Any) -> FileDependencies:
    """The group of files; ``more`` are fields of it, and of `Settings`."""
    settings = {name: more.pop(name) for name in more.keys() - set(FileDependencies.__struct_fields__)}
    return FileDependencies(replace(Settings(), **settings), tuple(lists), ledger or Ledger(), **more)


def in_folder(folder: Path, texts: dict[str, str]) -> Callable[[], FileDependencies]:
    """Writes ``texts`` by their paths below ``folder`` (``own/mine.toml``) and reads them; it blocks."""

    def read() -> FileDependencies:
        for name, text in texts.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        loaded = read_watchlists(folder / "bundled", folder / "own")
        return files(loaded.lists, list_files=ListFolders(folder / "bundled", folder / "own", loaded.lists))

    return read
