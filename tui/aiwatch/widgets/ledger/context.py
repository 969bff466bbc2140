"""What the views of the ledger read it by: the ledger, its rates, the currency asked for, the day, the quotes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct, field

from aiwatch.ledger.amounts import (
    Converted,
    Rate,
    chosen_rates,
    convert,
    convert_record,
    digits_of,
    fx_symbols,
    implied_rates,
    money,
    plain,
    rate_period,
    sign_before,
)
from aiwatch.ledger.links import STALE_AFTER_DAYS, conflicts_of, is_stale
from aiwatch.ledger.records import Commitment, Ledger, Mark, Record
from aiwatch.market.data_sources import credit_of
from aiwatch.market.quote import Quote
from aiwatch.market.state import MarketState
from aiwatch.market.symbol import Symbol

if TYPE_CHECKING:
    from aiwatch.ledger.delivered.quarters import Reports
    from aiwatch.ledger.reports.basket import Basket
    from aiwatch.ledger.reports.checked_claims import CheckedClaim, ClaimHistory

FLAG = "⚑"
"""Stands on a record with which another statement conflicts."""
AGED = "◷"
"""Stands on a record whose newest source is old, or has no date."""
YOURS = "✎"
"""Stands on a record of the user's own."""
DOUBTFUL = "~"
"""Stands behind a source of lower confidence."""
UNKNOWN = "?"
"""Stands for a sum that is not stated."""
PRINTED = "*"
"""Stands behind a sum in another currency that the source itself prints."""

CURRENCIES = ("", "USD", "CNY", "EUR")
"""What the currency key walks through; the first is as printed."""


def feed_rates(quotes: Mapping[Symbol, Quote], mark: str = "") -> tuple[Rate, ...]:
    """The feed's own rates, each with its day. ``mark`` says that they are not the market's (``DEMO``)."""
    usd_cny, eur_usd = fx_symbols()
    rates = []
    for symbol, base, quote_currency in ((usd_cny, "USD", "CNY"), (eur_usd, "EUR", "USD")):
        quote = quotes.get(symbol)
        if quote is not None and quote.last > 0:
            basis = credit_of(quote.source) + (f", {mark}: simulated" if mark else "")
            rate = Decimal(str(round(quote.last, max(4, quote.decimals))))
            rates.append(Rate(base, quote_currency, rate, quote.as_of.date(), basis))
    return tuple(rates)


class LedgerContext(Struct, frozen=True):
    """One moment's reading. ``today`` is the UTC day, ``stale_days`` the age of a source from which its records are
    to be verified again, ``convention`` the colours of gains and losses."""

    ledger: Ledger
    today: datetime.date
    quotes: Mapping[Symbol, Quote] = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    currency: str = ""
    stale_days: int = STALE_AFTER_DAYS
    convention: str = "auto"
    claim_history: ClaimHistory | None = None
    """What kept days say of the claims; ``None`` before anybody looked."""
    mark: str = ""
    """A word for prices that are not the market's; empty where they are."""
    reports: Reports | None = None
    """What companies report to have spent; ``None`` before anybody was asked."""
    basket: Basket | None = None
    """The prices of those who pay or are paid; ``None`` before anybody looked."""

    @property
    def adjusted_closes(self) -> Mapping[str, float]:
        """End closes of claims, by the claim's id, that history adjusted to today's prices."""
        return {} if self.claim_history is None else self.claim_history.adjusted

    def checks(self, claim_id: str) -> Sequence[CheckedClaim]:
        """A claim as held against the closes that are kept; nothing where none are."""
        return () if self.claim_history is None else self.claim_history.checked.get(claim_id, ())

    def converted(self, amount: Decimal, currency: str) -> Converted | None:
        """``amount`` in the currency asked for; ``None`` without a rate."""
        return convert(amount, currency, self.currency, self.rates)

    def is_stale(self, record: Record) -> bool:
        """Whether the record should be verified again."""
        return is_stale(self.ledger, record, self.today, self.stale_days)

    def flags(self, record: Record) -> int:
        """The conflicts that mark ``record``."""
        return sum(conflict.marks_records for conflict in conflicts_of(self.ledger, record))

    def source_words(self, record: Record) -> tuple[str, ...]:
        """The record's source with the marks of doubt and of the user's own: ``Feishare~``, ``✎ mine``."""
        article = self.ledger.sources[record.source]
        low = DOUBTFUL if article.confidence == "low" else ""
        own = YOURS if record.mark is Mark.YOURS else ""
        name = article.short or article.id
        return f"{own}{name}{low}", f"{own}{name[:5]}{low}"

    def rate_words(self) -> str:
        """The rates to and from the currency asked for, each with its basis and day."""
        used = [rate for rate in self.rates if self.currency in (rate.base, rate.quote)]
        return " · ".join(rate_text(self.ledger, rate) for rate in used) or f"no rate to {self.currency} is known"


def ledger_context(
    ledger: Ledger,
    market: MarketState,
    currency: str = "",
    *,
    stale_days: int = STALE_AFTER_DAYS,
    convention: str = "auto",
    mark: str = "",
    reports: Reports | None = None,
    claim_history: ClaimHistory | None = None,
    basket: Basket | None = None,
) -> LedgerContext:
    """The reading of this moment; the feed's rates go before those that the articles imply."""
    rates = chosen_rates(feed_rates(market.quotes, mark), implied_rates(ledger))
    today = market.clock().date()
    return LedgerContext(
        ledger,
        today,
        market.quotes,
        rates,
        currency,
        stale_days,
        convention,
        claim_history=claim_history,
        mark=mark,
        reports=reports,
        basket=basket,
    )


def rate_text(ledger: Ledger, rate: Rate) -> str:
    """A rate in words: ``1 USD = 7.0 CNY, implied by 000 line 19, dated 2025-08-15``."""
    basis = rate.basis
    for implied in ledger.fx.values():
        if basis.startswith("implied") and (implied.base, implied.quote, implied.rate) == (
            rate.base,
            rate.quote,
            rate.rate,
        ):
            basis = f"implied by {implied.source} line {implied.line}"
            break
    return f"1 {rate.base} = {rate.rate} {rate.quote}, {basis}{f', {rate.day}' if rate.day else ''}"


def converted_forms(context: LedgerContext, commitment: Commitment) -> tuple[str, ...]:
    """The sum in the currency asked for, with its qualifier and in the digits of the source; as printed where the
    source prints that currency itself; ``?`` where no sum is printed, ``no rate`` where none is known."""
    if commitment.amount is None:
        return (UNKNOWN,)
    result = convert_record(commitment, context.currency, context.rates)
    if result is None:
        return ("no rate",)
    before, after = sign_before(commitment), rate_period(commitment)
    if result.rate is None:
        sums = [money(result.amount, result.currency) + (PRINTED if result.printed else "")]
    else:
        sums = [money(result.amount, result.currency, size) for size in (digits_of(commitment.amount), 3)]
    sign = before if before and not before.endswith(" ") else ""  # a word stands in the column beside this one
    forms = [f"{before}{form}{tail}" for form in sums for tail in ((after, "/y") if after else ("",))]
    return (*forms, f"{sign}{sums[-1]}{'/y' if after else ''}")


def sums_forms(sums: Iterable[tuple[str, Decimal]]) -> tuple[str, ...]:
    """Sums of several currencies, never added: exactly, then in three digits."""
    parts = tuple(sums)
    return tuple(" + ".join(money(amount, code, digits) for code, amount in parts) for digits in (None, 3))


def figure(number: Decimal) -> tuple[str, ...]:
    """A number of pieces: grouped, then by unit: ``2,000,000``, ``2 M``; ``100,000``, ``100 k``."""
    grouped = f"{number:,}"
    for power, unit in ((6, "M"), (3, "k")):
        if number >= Decimal(1).scaleb(power) and number >= 10_000:
            return grouped, f"{plain(number.scaleb(-power))} {unit}"
    return (plain(number),)
