"""What stands in the order book: the orders at a limit price that seal a stock there."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aiwatch.market.quote import Level, Quote


class Seal(Struct, frozen=True):
    """Orders that hold a stock at its limit: ``side`` 1 at limit up (buyers wait), -1 at limit down (sellers wait).

    ``price`` is the limit; ``shares`` stand there, which is ``lots`` round lots (``None`` where the lot is not known)
    and ``amount`` in units of ``currency``.
    """

    side: int
    price: float
    shares: int
    lots: int | None
    amount: float
    currency: str


def seal(quote: Quote) -> Seal | None:
    """The seal of a stock at its limit up without any seller, or at its limit down without any buyer; else ``None``.

    ``None`` also when the source says no sizes, for then nothing is known of the amount.
    """
    side = quote.at_limit
    if not side:
        return None
    waiting, price, size = (quote.bids, quote.bid, quote.bid_size) if side > 0 else _selling(quote)
    opposite = (quote.asks or quote.ask) if side > 0 else (quote.bids or quote.bid)
    if waiting:
        price, size = waiting[0]
    if opposite or price is None or not size or abs(price - quote.last) > 0.5 * 10.0**-quote.decimals:
        return None
    lot = quote.lot or quote.symbol.lot
    return Seal(
        side=side,
        price=price,
        shares=size,
        lots=size // lot if lot else None,
        amount=round(price * size, 2),
        currency=quote.currency,
    )


def _selling(quote: Quote) -> tuple[Sequence[Level], float | None, int | None]:
    return quote.asks, quote.ask, quote.ask_size
