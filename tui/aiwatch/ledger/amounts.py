"""Sums as the ledger writes them: every printed digit, a sign, and a unit of millions, billions or trillions.

Currency conversion with one dated rate a pair, each of them named. Rates are never chained.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from aiwatch.ledger.records import Commitment, FxRate, Ledger, Signal
from aiwatch.market.exchanges import SIGNS
from aiwatch.market.symbol import Symbol, parse_symbol

NOT_STATED = "not stated"
_UNITS = ((12, "trn"), (9, "bn"), (6, "M"))
SIGNS_OF_QUALIFIERS = {"over": ">", "about": "~", "at least": "≥", "up to": "≤", "below": "<"}
"""The signs for words that go with a figure, where there is little room."""
_LEAST_DIGITS = 3


def money(amount: Decimal, currency: str, digits: int | None = None) -> str:
    """``amount`` in whole units of ``currency`` as ``$20.64 bn``: exactly, or in ``digits`` significant digits."""
    sign = SIGNS.get(currency, currency + " ")
    if digits is not None:
        amount = significant(amount, digits)
    for power, unit in _UNITS:
        if abs(amount) >= Decimal(1).scaleb(power):
            return f"{sign}{plain(amount.scaleb(-power))} {unit}"
    return sign + plain(amount)


def printed_value(record: Signal) -> str:
    """The value of a signal with its unit, its digits grouped where they are more than four: ``100,000 chips``."""
    value = record.value
    return f"{f'{int(value):,}' if value.isdecimal() and len(value) > 4 else value} {record.unit}".strip()


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
    """The sum as printed, with its qualifier, first currency first: ``planned ¥3.5 trn ($500 bn)``, ``over ¥1 trn``.

    ``first_only`` leaves the other currencies out. Without a sum the qualifier stands alone (``trillions,
    unquantified``). A yearly rate that is no single year's sum reads ``… a year``.
    """
    if commitment.amount is None:
        return commitment.qualifier or NOT_STATED
    stated = dict(commitment.stated)
    first = money(stated.pop(commitment.first_stated), commitment.first_stated)
    further = ", ".join(money(amount, currency) for currency, amount in stated.items() if not first_only)
    before = f"{commitment.qualifier} " if commitment.qualifier else ""
    return f"{before}{first}{f' ({further})' if further else ''}{rate_period(commitment)}"


def rate_period(commitment: Commitment) -> str:
    """`` a year`` behind a yearly rate that is no single year's sum."""
    one_year = commitment.period_start and commitment.period_start == commitment.period_end
    return " a year" if commitment.annual and not one_year else ""


def short_qualifier(word: str) -> str:
    """A qualifier in few cells, with the space that it needs: ``>``, ``~``, ``plan. ``."""
    if word in SIGNS_OF_QUALIFIERS:
        return SIGNS_OF_QUALIFIERS[word]
    first = word.partition(" ")[0]
    return f"{first if len(first) < 6 else first[:4] + '.'} " if first else ""


def sign_before(commitment: Commitment) -> str:
    """What goes with a sum in few cells: its qualifier; ``≤`` for a guarantee, which is the most it can come to."""
    is_bound = commitment.kind == "guarantee" and not commitment.qualifier
    return short_qualifier("up to" if is_bound else commitment.qualifier)


def digits_of(amount: Decimal) -> int:
    """The significant digits of a printed sum, at least three: a converted one claims no more of them."""
    return max(_LEAST_DIGITS, len(amount.normalize().as_tuple().digits))


class Rate(Struct, frozen=True):
    """``rate`` units of ``quote`` for one ``base`` on ``day``; ``basis`` says whose rate it is."""

    base: str
    quote: str
    rate: Decimal
    day: datetime.date | None
    basis: str

    def __str__(self) -> str:
        return f"{self.rate} {self.quote} per {self.base}, {self.basis}{f', {self.day}' if self.day else ''}"


class Converted(Struct, frozen=True):
    """A converted ``amount`` in whole units, and the ``rate`` used (``None``: it was that currency already, or is
    ``printed`` in it beside its own)."""

    amount: Decimal
    currency: str
    rate: Rate | None
    printed: bool = False


def fx_symbols() -> tuple[Symbol, ...]:
    """The exchange rates that are followed beside the stocks, in Yahoo's spelling."""
    return parse_symbol("CNY=X"), parse_symbol("EURUSD=X")


def implied_rates(ledger: Ledger) -> tuple[Rate, ...]:
    """One rate a pair out of the articles' own sums: the one that is printed most often, the first of equals."""
    pairs: dict[tuple[str, str], list[FxRate]] = {}
    for rate in ledger.fx.values():
        pairs.setdefault((rate.base, rate.quote), []).append(rate)
    chosen = []
    for (base, quote), rates in pairs.items():
        value, times = Counter(rate.rate for rate in rates).most_common(1)[0]
        first = next(rate for rate in rates if rate.rate == value)
        basis = f"implied by source {first.source} ({first.id}, {times} of {len(rates)} sums)"
        chosen.append(Rate(base, quote, value, ledger.sources[first.source].dated, basis))
    return tuple(chosen)


def chosen_rates(feed: Iterable[Rate], implied: Iterable[Rate]) -> tuple[Rate, ...]:
    """One rate a pair: the feed's where it has one (either way round), else the implied one."""
    chosen: dict[frozenset[str], Rate] = {}
    for rate in (*feed, *implied):
        chosen.setdefault(frozenset((rate.base, rate.quote)), rate)
    return tuple(chosen.values())


def convert(amount: Decimal, currency: str, target: str, rates: Iterable[Rate]) -> Converted | None:
    """``amount`` of ``currency`` in ``target`` by the one rate of that pair, either way round; ``None`` without one."""
    if currency == target:
        return Converted(amount, target, None)
    for rate in rates:
        if (rate.base, rate.quote) == (currency, target):
            return Converted(amount * rate.rate, target, rate)
        if (rate.quote, rate.base) == (currency, target):
            return Converted(amount / rate.rate, target, rate)
    return None


def convert_record(record: Commitment, target: str, rates: Iterable[Rate]) -> Converted | None:
    """A commitment's sum in ``target``: as it is printed in that currency, else by the one rate of the pair."""
    if record.amount is None:
        return None
    stated = dict(record.stated).get(target)
    if stated is not None:
        return Converted(stated, target, None, printed=target != record.currency)
    return convert(record.amount, record.currency, target, rates)


def convert_all(records: Iterable[Commitment], target: str, rates: Iterable[Rate]) -> tuple[Converted, ...] | None:
    """The sums of ``records`` in ``target``; ``None`` when a rate is missing, since a part is no total."""
    all_rates = tuple(rates)
    parts = []
    for record in records:
        part = convert_record(record, target, all_rates)
        if part is None:
            return None
        parts.append(part)
    return tuple(parts)
