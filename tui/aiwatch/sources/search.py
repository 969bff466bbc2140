"""Looking for stocks at a data host by what a person types: a name, a part of one, a code."""

from __future__ import annotations

import unicodedata
from types import TracebackType
from typing import Protocol, Self

from msgspec import Struct

from aiwatch.market.symbol import Symbol

LONGEST_TEXT = 40
"""The most characters that are sent of a text."""
LONGEST_NAME = 60
MOST_ENTRIES = 100
"""Entries of an answer that are read; a host sends ten or so."""


class StockMatch(Struct, frozen=True):
    """A stock that a host knows under a text, and that aiwatch can follow.

    ``name`` is in Latin letters and ``name_zh`` Chinese, empty where the host gave none; ``exchange`` is the market in
    the host's words, ``source`` the host's name.
    """

    symbol: Symbol
    name: str
    name_zh: str
    exchange: str
    source: str


class Search(Protocol):
    """A host that can be searched. Opened and closed with ``async with``; nothing is sent before the first `find`."""

    name: str
    """The name of its source: ``tencent``."""
    title: str
    """Its name as people know it: ``Tencent``."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def find(self, text: str) -> tuple[StockMatch, ...]:
        """What the host knows under ``text``, in its order; nothing for a text without a letter or digit.

        Raises a `SourceError` when there is no usable answer.
        """
        ...


def searchable(text: str) -> str:
    """``text`` as it is sent: on one line, without control characters, cut; empty without a letter or digit."""
    clean = "".join(character if character.isprintable() else " " for character in unicodedata.normalize("NFKC", text))
    words = " ".join(clean.split())[:LONGEST_TEXT].strip()
    return words if any(map(str.isalnum, words)) else ""
