"""What a position is worth: quantity and cost of the file beside the last price, per stock and per list. Pure.

Figures are floats. Price, quantity and cost are floats already, the sums are shown in a few digits and never kept, and
a double tells cents up to some ten trillions; the ledger's pledged sums, which are kept to the last digit, are
`Decimal`.

The gain of the day counts from the previous close. When the position was opened is not known, so one opened today is
counted as if it had been held since yesterday.

What is held after a row of purchases and sales: one quantity at one average cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from msgspec import Struct

from aiwatch.market.exchange_rates import ExchangeRate, pairs_between, rate_between
from aiwatch.market.exchanges import TRADED_IN
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist import Stock

_MOVING = (Trading.TRADED, Trading.AUCTION)
"""What a stock does that has a change of the day."""


class Position(Struct, frozen=True):
    """A position at its last price, in ``currency``; ``value`` and ``quantity`` are negative for one sold short.

    ``day_gain`` is ``None`` for a stock that has not traded this session, or has no previous close; ``gain`` and
    ``gain_percent`` (of what it cost) are ``None`` without a cost.
    """

    currency: str
    quantity: float
    cost: float | None
    value: float
    day_gain: float | None
    gain: float | None
    gain_percent: float | None

    @property
    def paid(self) -> float | None:
        """What it cost, or brought when it was sold short; never negative."""
        return None if self.cost is None else abs(self.quantity) * self.cost


class Sums(Struct, frozen=True):
    """The positions of one currency added up, or all of them converted to it.

    ``value`` counts each of ``valued``, ``day_gain`` the ``moved`` that have one, ``gain`` and ``gain_percent`` the
    ``costed`` whose cost is known; a figure to which nothing counts is ``None``.
    """

    currency: str
    value: float
    valued: int
    day_gain: float | None
    moved: int
    gain: float | None
    gain_percent: float | None
    costed: int


class Holdings(Struct, frozen=True):
    """The positions of a list: ``held`` counts them, and ``sums`` has each currency of those that are priced.

    ``converted`` is all of them in the currency asked for, ``None`` when none was, when it is theirs already, or when
    any of the rates is missing; ``rates`` are those used, ``unconverted`` the currencies without one to ``target``,
    the currency asked for. ``currencyless`` counts those priced in a currency that is not known: no sum has them.
    """

    held: int
    sums: tuple[Sums, ...]
    converted: Sums | None = None
    rates: tuple[ExchangeRate, ...] = ()
    unconverted: tuple[str, ...] = ()
    target: str = ""
    currencyless: int = 0


def position_of(stock: Stock, quote: Quote | None) -> Position | None:
    """The position in ``stock`` at the price of ``quote``; ``None`` without a position or without a price."""
    quantity, cost = stock.quantity, stock.cost
    if not quantity or quote is None or quote.last <= 0:
        return None
    change = quote.last - quote.previous_close if quote.previous_close and quote.trading in _MOVING else None
    gain = None if cost is None else quantity * (quote.last - cost)
    spent = abs(quantity) * (cost or 0.0)
    return Position(
        currency=quote.currency,
        quantity=quantity,
        cost=cost,
        value=quantity * quote.last,
        day_gain=None if change is None else quantity * change,
        gain=gain,
        gain_percent=gain / spent * 100 if gain is not None and spent else None,
    )


def holdings_of(stocks: Iterable[Stock], quotes: Mapping[Symbol, Quote], currency: str = "") -> Holdings | None:
    """The positions in ``stocks`` added up, in each currency and also in ``currency`` if one is given; ``None`` when
    there is no position."""
    held = [stock for stock in stocks if stock.quantity]
    if not held:
        return None
    positions = [position for stock in held if (position := position_of(stock, quotes.get(stock.symbol))) is not None]
    priced = [position for position in positions if position.currency]
    currencyless = len(positions) - len(priced)
    codes = sorted({position.currency for position in priced})
    sums = tuple(_sums(code, [(position, 1.0) for position in priced if position.currency == code]) for code in codes)
    foreign = [code for code in codes if code != currency]
    if not currency or not foreign:
        return Holdings(len(held), sums, target=currency, currencyless=currencyless)
    rates = {code: rate for code in foreign if (rate := rate_between(code, currency, quotes)) is not None}
    unconverted = tuple(code for code in foreign if code not in rates)
    factors = {currency: 1.0} | {code: rate.rate for code, rate in rates.items()}
    converted = (
        None if unconverted else _sums(currency, [(position, factors[position.currency]) for position in priced])
    )
    return Holdings(len(held), sums, converted, tuple(rates.values()), unconverted, currency, currencyless)


def rate_symbols(stocks: Iterable[Stock], currency: str) -> tuple[Symbol, ...]:
    """The exchange rates to follow so that the positions in ``stocks`` can be said in ``currency``."""
    symbols = {stock.symbol for stock in stocks if stock.quantity}
    likely = {symbol.currency or TRADED_IN.get(symbol.exchange.code, "") for symbol in symbols}
    return pairs_between(likely, currency) if currency else ()


def _sums(currency: str, positions: list[tuple[Position, float]]) -> Sums:
    """The sum of positions, each times its rate to ``currency``."""
    day_gains = [position.day_gain * rate for position, rate in positions if position.day_gain is not None]
    gains = [position.gain * rate for position, rate in positions if position.gain is not None]
    paid = sum(position.paid * rate for position, rate in positions if position.paid is not None)
    return Sums(
        currency=currency,
        value=sum(position.value * rate for position, rate in positions),
        valued=len(positions),
        day_gain=sum(day_gains) if day_gains else None,
        moved=len(day_gains),
        gain=sum(gains) if gains else None,
        gain_percent=sum(gains) / paid * 100 if paid else None,
        costed=len(gains),
    )


COST_STEP = Decimal("0.000001")
"""The step to which a computed cost is rounded."""


@dataclass(frozen=True, slots=True)
class Lot:
    """One purchase, or a sale when ``quantity`` (in shares) is negative.

    ``cost`` is what one share cost, in the stock's currency and with its fees; ``None`` when that is not known.
    """

    quantity: Decimal
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Holding:
    """``quantity`` shares (negative: sold short) at an average ``cost``, ``None`` when a lot's cost is not known."""

    quantity: float
    cost: float | None


def holding_of(lots: Iterable[Lot]) -> Holding | None:
    """What is held after ``lots``, in their order, by the average-cost method; ``None`` when nothing is.

    A purchase moves the average, a sale leaves it alone; a sale of more than is held sells the rest short at
    the price of that sale. An average is rounded to a millionth.
    """
    held: Decimal = Decimal(0)
    average: Decimal | None = None
    for lot in lots:
        left = held + lot.quantity
        if held * lot.quantity > 0:
            average = _average(held, average, lot)
        elif held * left <= 0:  # the first lot, or one that sells more than is held
            average = lot.cost
        held = left
    if not held:
        return None
    return Holding(float(held), None if average is None else float(average))


def _average(held: Decimal, average: Decimal | None, lot: Lot) -> Decimal | None:
    if average is None or lot.cost is None:
        return None
    whole = held * average + lot.quantity * lot.cost
    return (whole / (held + lot.quantity)).quantize(COST_STEP, ROUND_HALF_EVEN)
