"""The ledger's claims beside price history: their end closes adjusted since, and all pairs of closes that fit them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from aiwatch.ledger.reports.checked_claims import ClaimHistory
from aiwatch.market.symbol import parse_symbol

if TYPE_CHECKING:
    from aiwatch.history.analysis.past_closes import PastClose
    from aiwatch.history.opened import HistoryParts
    from aiwatch.ledger.records import Claim

BETWEEN = 1.0
"""Seconds between two symbols: a claim is no reason to press a host."""
BEFORE = timedelta(days=110)
"""How long before the earliest close days are asked for: the sixty sessions that a claim is held against, with the
longest holidays among them."""


async def claim_history(
    claims: Iterable[Claim], parts: HistoryParts, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> AsyncIterator[ClaimHistory]:
    """What kept days say of ``claims``: by what is kept at once, then ever more as days are fetched."""
    claims = list(claims)
    closes = past_closes(claims)
    if not closes:
        return

    async def read() -> ClaimHistory:
        return ClaimHistory(await parts.board.adjusted_closes(closes), await parts.board.checked_claims(claims))

    history = await read()
    yield history
    first = min(past.day for past in closes) - BEFORE
    lacking = await parts.service.lacking(list(dict.fromkeys(past.symbol for past in closes)), first)
    for symbol in dict.fromkeys(
        past.symbol for past in closes if past.symbol in lacking or past.key not in history.adjusted
    ):
        if symbol in lacking:
            await parts.service.renew(symbol, first)
        else:
            await parts.service.learn_events(symbol, first)
        yield await read()
        await pause(BETWEEN)


def past_closes(claims: Iterable[Claim]) -> list[PastClose]:
    """The end closes that claims name, of their first symbol."""
    from aiwatch.history.analysis.past_closes import PastClose

    return [
        PastClose(claim.id, parse_symbol(claim.symbols[0]), claim.end_date, float(claim.end_close))
        for claim in claims
        if claim.symbols and claim.end_date is not None and claim.end_close is not None
    ]
