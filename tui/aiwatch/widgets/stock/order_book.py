"""The order book of a stock, a row a step, and the orders that hold it at its limit."""

from __future__ import annotations

from itertools import zip_longest

from textual.content import Content

from aiwatch.formatting.text import NOTHING, money, price
from aiwatch.market.order_book import Seal, seal
from aiwatch.market.quote import Level, Quote

_BID, _ASK = "Shares, bid", "Ask, shares"
LEAST_STEPS = 2
"""Steps of the fuller side from which on there is a book to show: a single bid and ask stand among the figures."""


def depth_rows(quote: Quote) -> list[Content]:
    """The seal, where the stock is held at its limit, and the book, best prices first, sizes in shares."""
    held = seal(quote)
    rows = [Content.styled(seal_words(held), "$limit")] if held is not None else []
    if max(len(quote.bids), len(quote.asks)) < LEAST_STEPS:
        return rows
    buying = [_step(level, quote.decimals) for level in quote.bids]
    selling = [_step(level, quote.decimals) for level in quote.asks]
    widths = [max(len(step[place]) for step in (*buying, *selling)) for place in (0, 1)]
    room = max(sum(widths) + 1, len(_BID))
    rows.append(Content.styled(f"{_BID:>{room}}   {_ASK}", "$quiet"))
    for bid, ask in zip_longest(buying, selling):
        left = f"{bid[1]:>{widths[1]}} {bid[0]:>{widths[0]}}" if bid else ""
        right = f"{ask[0]:>{widths[0]}} {ask[1]:>{widths[1]}}" if ask else ""
        rows.append(Content(f"{left:>{room}}   {right}".rstrip()))
    return rows


def seal_words(held: Seal) -> str:
    """``Sealed at limit up: 21,300 lots, ¥136 M``; in shares where the lot is not known."""
    side = "up" if held.side > 0 else "down"
    waiting = f"{held.shares:,} shares" if held.lots is None else f"{held.lots:,} lot{'' if held.lots == 1 else 's'}"
    return f"Sealed at limit {side}: {waiting}, {money(held.amount, held.currency)}"


def _step(level: Level, decimals: int) -> tuple[str, str]:
    return price(level[0], decimals), NOTHING if level[1] is None else f"{level[1]:,}"
