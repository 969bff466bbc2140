"""Sums as the ledger writes them: every printed digit, a sign, and a unit of millions, billions or trillions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from aiwatch.ledger.records import Commitment
from aiwatch.market.money import SIGNS

NOT_STATED = "not stated"
_UNITS = ((12, "trn"), (9, "bn"), (6, "M"))
_BEFORE = ("over", "about")


def money(amount: Decimal, currency: str, digits: int | None = None) -> str:
    """``amount`` in whole units of ``currency`` as ``$20.64 bn``: exactly, or in ``digits`` significant digits."""
    sign = SIGNS.get(currency, currency + " ")
    if digits is not None:
        amount = significant(amount, digits)
    for power, unit in _UNITS:
        if abs(amount) >= Decimal(1).scaleb(power):
            return f"{sign}{plain(amount.scaleb(-power))} {unit}"
    return sign + plain(amount)


def plain(number: Decimal) -> str:
    """``number`` without exponent and without zeros at the end of its decimals."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def significant(number: Decimal, digits: int) -> Decimal:
    """``number`` rounded half up to ``digits`` significant digits."""
    if not number:
        return number
    step = Decimal(1).scaleb(number.adjusted() - digits + 1)
    return number.quantize(step, ROUND_HALF_UP)


def printed_amount(commitment: Commitment, *, first_only: bool = False) -> str:
    """The sum as printed, first currency first: ``¥3.5 trn ($500 bn)``, ``over ¥1 trn ($140 bn)``, ``not stated``.

    ``first_only`` leaves the other currencies out. Without a sum the qualifier stands alone (``trillions,
    unquantified``). A yearly rate that is no single year's sum reads ``… a year``.
    """
    if commitment.amount is None:
        return commitment.qualifier or NOT_STATED
    stated = dict(commitment.stated)
    first = money(stated.pop(commitment.first_stated), commitment.first_stated)
    others = ", ".join(money(amount, currency) for currency, amount in stated.items() if not first_only)
    before = f"{commitment.qualifier} " if commitment.qualifier in _BEFORE else ""
    one_year = commitment.period_start and commitment.period_start == commitment.period_end
    after = " a year" if commitment.annual and not one_year else ""
    return f"{before}{first}{f' ({others})' if others else ''}{after}"
