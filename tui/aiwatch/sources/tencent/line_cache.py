"""Tencent's lines that come again with nothing new but their time, as those of stocks do in which nobody trades."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol
from aiwatch.sources import parsing
from aiwatch.sources.parsing import InvalidLine
from aiwatch.sources.tencent.fields import LAYOUTS
from aiwatch.sources.tencent.quote import moment_of

MOST = 16_384
"""Lines remembered at most, half a kilobyte each."""

_TRADED = Trading.TRADED
_TIME = re.compile(rb"~(\d{14}|\d{4}[-/]\d\d[-/]\d\d \d\d:\d\d:\d\d)~")


class LineCache:
    """The last line of each stock, with what it was read as.

    Of a stock that has traded a line's time says nothing but ``as_of``, so a line that is else the same need not be
    read again, which costs ten times what comparing it does.
    """

    def __init__(self) -> None:
        self._held: dict[Symbol, tuple[bytes, Quote]] = {}

    def again(self, symbol: Symbol, code: str, content: bytes, received_at: datetime) -> Quote | None:
        """The quote of a known line; ``None`` for one that has to be read. Raises `InvalidLine` as reading does."""
        held = self._held.get(symbol)
        if held is None or len(held[0]) != len(content):
            return None
        before, quote = held
        time_match = _TIME.search(before)
        if time_match is None or quote.trading is not _TRADED or quote.open is None:
            return None
        start, end = time_match.span(1)
        if content[:start] != before[:start] or content[end:] != before[end:]:
            return None
        zone = LAYOUTS[code[:2]].zone
        try:
            if moment_of(before[start:end].decode("ascii"), zone) != quote.as_of:
                return None
            as_of = moment_of(content[start:end].decode("ascii"), zone)
        except (InvalidLine, UnicodeDecodeError):  # the reader of the line reports it
            return None
        parsing.check_time(as_of, received_at)
        return replace(quote, as_of=as_of, received_at=received_at)

    def note(self, content: bytes, quote: Quote) -> None:
        """Remember that ``content`` was read as ``quote``."""
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[quote.symbol] = content, quote
