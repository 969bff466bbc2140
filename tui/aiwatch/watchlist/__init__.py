"""Watchlist files: named stocks in TOML, read and checked strictly."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from aiwatch.market.symbol import Symbol


class Stock(Struct, frozen=True):
    """A stock of a watchlist. Only ``symbol`` and ``name`` are always there; ``line`` is its place in the file."""

    symbol: Symbol
    name: str
    name_zh: str = ""
    role: str = ""
    printed_as: str = ""
    line: int = 0


class Watchlist(Struct, frozen=True):
    """A watchlist file: ``key`` is the file's name without ``.toml``, ``name`` what its tab shows.

    ``order`` is the list's wish among the others: the lowest first, ``None`` after all that have one.
    """

    key: str
    name: str
    description: str
    stocks: tuple[Stock, ...]
    path: Path
    order: int | None = None
