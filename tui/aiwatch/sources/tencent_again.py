"""Tencent's lines that come again with nothing new but their time, as those of stocks do in which nobody trades."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol
from aiwatch.sources import figures
from aiwatch.sources.tencent_fields import LAYOUTS
from aiwatch.sources.tencent_quote import moment_of

MOST = 16_384
"""Lines remembered at most, half a kilobyte each."""

_TIME = re.compile(rb"~(\d{14}|\d{4}[-/]\d\d[-/]\d\d \d\d:\d\d:\d\d)~")


class KnownLines:
    """The last line of each stock that traded, in two parts, before its time and after it, with what it was read as.

    Of such a stock a line's time says nothing but ``as_of``, so a line that is else the same need not be read again,
    which costs ten times what comparing it does.
    """

    def __init__(self) -> None:
        self._held: dict[Symbol, tuple[bytes, bytes, Quote]] = {}

    def again(self, symbol: Symbol, code: str, content: bytes, received_at: datetime) -> Quote | None:
        """The quote of a line that is known; ``None`` for one that has to be read. Raises `Doubt` as reading does."""
        held = self._held.get(symbol)
        if held is None or not (content.startswith(held[0]) and content.endswith(held[1])):
            return None
        time = content[len(held[0]) : len(content) - len(held[1])]
        if not time.isascii() or b"~" in time:
            return None
        as_of = moment_of(time.decode("ascii"), LAYOUTS[code[:2]].zone)
        figures.check_time(as_of, received_at)
        return replace(held[2], as_of=as_of, received_at=received_at)

    def note(self, code: str, content: bytes, quote: Quote) -> None:
        """Remember that ``content`` was read as ``quote``."""
        if quote.trading is not Trading.TRADED or quote.open is None:
            return
        found = _TIME.search(content)
        if found is None or moment_of(found[1].decode("ascii"), LAYOUTS[code[:2]].zone) != quote.as_of:
            return
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[quote.symbol] = content[: found.start(1)], content[found.end(1) :], quote
