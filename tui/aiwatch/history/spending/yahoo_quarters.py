"""Yahoo's quarterly cash flow as quarters of capital spending.

Yahoo names the last day of a quarter; that it has three months is its own ``periodType``. Which quarter of which fiscal
year it is follows from the last day of the company's last fiscal year, where Yahoo says that.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from aiwatch.history.worker.messages import CashFlowAnswer
from aiwatch.ledger.delivered.quarters import Quarter

SOURCE = "Yahoo"
TAG = "Capital Expenditure"
_TURN = timedelta(days=7)
"""A fiscal year that ends in the first days of a month ends with the month before."""


def quarters_of(answer: CashFlowAnswer) -> tuple[Quarter, ...]:
    """The quarters of ``answer`` with a figure, the earliest first. Yahoo writes spending as a negative number; a
    positive one is none, and left out."""
    quarters = []
    for sent in sorted(answer.quarters, key=lambda quarter: quarter.end):
        spent = sent.capital_expenditure
        if spent is None or spent > 0:
            continue
        year, number = fiscal_place(sent.end, answer.year_end)
        amount = Decimal(round(-spent))
        quarters.append(Quarter(_start(sent.end), sent.end, amount, answer.currency, year, number, SOURCE, TAG))
    return tuple(quarters)


def fiscal_place(end: date, year_end: date | None) -> tuple[int | None, int | None]:
    """The fiscal year, called by the year in which it ends, and the quarter of a quarter that ends on ``end``; nothing
    where ``year_end`` is not known, or the quarter is none of that calendar."""
    if year_end is None:
        return None, None
    last, closing = end - _TURN, year_end - _TURN
    behind = (closing.month - last.month) % 12
    if behind % 3:
        return None, None
    year = last.year + (last.month > closing.month)
    return year, 4 - behind // 3


def _start(end: date) -> date:
    """The first day of the three months to ``end``."""
    month = end.month - 3 + (1 if (end + timedelta(days=1)).month != end.month else 0)
    year, at = end.year + (month - 1) // 12, (month - 1) % 12 + 1
    if (end + timedelta(days=1)).day == 1:
        return date(year, at, 1)
    return date(year, at, min(end.day, 28)) + timedelta(days=1)
