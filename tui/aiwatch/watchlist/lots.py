"""What is held after a row of purchases and sales: one quantity at one average cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

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

    A purchase moves the average, a sale leaves it alone; whoever sells more than they hold has sold the rest short at
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
