"""Currency conversion with one dated rate a pair, each of them named. Rates are never chained."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from aiwatch.ledger.records import FxRate, Ledger


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
    """A converted ``amount`` in whole units, and the ``rate`` used (``None``: it was that currency already)."""

    amount: Decimal
    currency: str
    rate: Rate | None


def implied_rates(ledger: Ledger) -> tuple[Rate, ...]:
    """One rate a pair out of the articles' own sums: the one that is printed most often, the first of equals."""
    pairs: dict[tuple[str, str], list[FxRate]] = {}
    for rate in ledger.fx.values():
        pairs.setdefault((rate.base, rate.quote), []).append(rate)
    chosen = []
    for (base, quote), found in pairs.items():
        value, times = Counter(rate.rate for rate in found).most_common(1)[0]
        first = next(rate for rate in found if rate.rate == value)
        basis = f"implied by source {first.source} ({first.id}, {times} of {len(found)} sums)"
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
