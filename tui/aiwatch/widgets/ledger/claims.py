"""What is said of a claim about a share price: as printed, as checked, and what the price has done since."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aiwatch.ledger.amounts import money, plain
from aiwatch.ledger.records import Claim
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol, parse_symbol

if TYPE_CHECKING:
    from aiwatch.ledger.reports.checked_claims import CheckedClaim

_SIGNS = {"=": "", "": "", ">=": "≥ ", "<=": "≤ "}


def printed_percent(claim: Claim) -> str:
    """The printed move or sum: ``> +98 %``, ``+$319 bn``; an en dash where none is printed."""
    sign = _SIGNS.get(claim.operator, claim.operator + " ")
    if claim.percent is not None:
        return f"{sign}{'+' if claim.percent > 0 else ''}{plain(claim.percent)} %"
    if claim.amount is None:
        return "–"
    return f"{sign}{money(claim.amount, claim.currency)}"


def live_caps(claim: Claim, quotes: Mapping[Symbol, Quote]) -> tuple[tuple[str, float, str], ...]:
    """What the companies a sum is compared with are worth now: symbol, market value, its currency. Only values in the
    currency of the claim are comparable, and only those whose quote has one."""
    if claim.amount is None or not claim.operator.strip("="):
        return ()
    quoted = ((text, quotes.get(parse_symbol(text))) for text in claim.symbols)
    return tuple(
        (text, quote.market_cap, quote.currency)
        for text, quote in quoted
        if quote is not None and quote.market_cap is not None and quote.currency == claim.currency
    )


def holds_now(claim: Claim, caps: tuple[tuple[str, float, str], ...]) -> bool | None:
    """Whether the claimed sum exceeds every one of ``caps``, or stays under them as its operator says; ``None`` when
    one of its symbols has no value."""
    if claim.amount is None or len(caps) < len(claim.symbols) or not caps:
        return None
    amount = float(claim.amount)
    return all(amount > cap if claim.operator.startswith(">") else amount < cap for _, cap, _ in caps)


def checked_percent(claim: Claim) -> str:
    """The move that the closes show: ``+98.48 %``; empty when it was not checked."""
    return "" if claim.checked_percent is None else f"{claim.checked_percent:+.2f} %"


def verdict_forms(claim: Claim, checks: Sequence[CheckedClaim] = ()) -> tuple[str, ...]:
    """The checked move with its window, or why there is none; with how many pairs of the closes kept here fit, where
    ``checks`` say it of unadjusted ones."""
    if claim.checked_percent is not None:
        move, start, end = checked_percent(claim), day(claim.base_date), day(claim.end_date)
        year = claim.end_date.year if claim.end_date else ""
        forms = f"{start} → {end} {year} {move}", f"{start} → {end} {move}", move
        fits = next((check.verdict for check in checks if check.basis == "unadjusted" and check.tried), "")
        return (f"{forms[0]}, {fits}", f"{forms[1]}, {fits}", *forms[1:]) if fits else forms
    if claim.repeats:
        return (f"repeats {claim.repeats}",)
    undated = "undated" if is_undated(claim) else ""
    words = ", ".join(word for word in (claim.verdict, undated) if word)
    return words, claim.verdict


def is_undated(claim: Claim) -> bool:
    """Whether nothing says from when to when the claim is about."""
    return claim.base_date is None and not claim.repeats


def day(date: datetime.date | None) -> str:
    """``15 Aug``."""
    return "" if date is None else f"{date.day} {date:%b}"


def since_then(
    claim: Claim, quotes: Mapping[Symbol, Quote], adjusted: Mapping[str, float] | None = None
) -> float | None:
    """The move in percent from the end close of the claim to the last price; ``None`` without either.

    ``adjusted`` has end closes, by claim, that history adjusted for what was paid out and split since; without one
    the printed close stands as it was.
    """
    if claim.end_close is None or not claim.symbols:
        return None
    quote = quotes.get(parse_symbol(claim.symbols[0]))
    if quote is None or quote.trading in (Trading.AUCTION, Trading.DELISTED):
        return None
    base = (adjusted or {}).get(claim.id, float(claim.end_close))
    return (quote.last / base - 1) * 100
