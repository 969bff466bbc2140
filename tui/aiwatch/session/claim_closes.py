"""The end closes of the ledger's claims, adjusted for what was paid out and split since."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from aiwatch.market.symbol import parse_symbol

if TYPE_CHECKING:
    from aiwatch.history.analysis.past_closes import PastClose
    from aiwatch.history.opened import HistoryParts
    from aiwatch.ledger.records import Claim

BETWEEN = 1.0
"""Seconds between two symbols: a claim is no reason to press a host."""
BEFORE = timedelta(days=7)
"""How long before the earliest close days are asked for: the day before an ex-date is needed too."""


async def adjusted_closes(
    claims: Iterable[Claim], parts: HistoryParts, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> AsyncIterator[dict[str, float]]:
    """The adjusted end closes by the claim's id: by what is kept at once, then ever more as days are fetched."""
    closes = past_closes(claims)
    if not closes:
        return
    adjusted = await parts.board.adjusted_closes(closes)
    yield adjusted
    first = min(past.day for past in closes) - BEFORE
    lacking = await parts.service.lacking(list(dict.fromkeys(past.symbol for past in closes)), first)
    for symbol in dict.fromkeys(past.symbol for past in closes if past.symbol in lacking or past.key not in adjusted):
        if symbol in lacking:
            await parts.service.renew(symbol, first)
        else:
            await parts.service.learn_events(symbol, first)
        yield await parts.board.adjusted_closes(closes)
        await pause(BETWEEN)


def past_closes(claims: Iterable[Claim]) -> list[PastClose]:
    """The end closes that claims name, of their first symbol."""
    from aiwatch.history.analysis.past_closes import PastClose

    return [
        PastClose(claim.id, parse_symbol(claim.symbols[0]), claim.end_date, float(claim.end_close))
        for claim in claims
        if claim.symbols and claim.end_date is not None and claim.end_close is not None
    ]
