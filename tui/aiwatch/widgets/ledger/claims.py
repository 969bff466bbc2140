"""What is said of a claim about a share price: as printed, as checked, and what the price has done since."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from aiwatch.ledger.amounts import plain
from aiwatch.ledger.records import Claim
from aiwatch.market.quote import Quote, Trading
from aiwatch.market.symbol import Symbol, parse_symbol

_SIGNS = {"=": "", "": "", ">=": "≥ ", "<=": "≤ "}


def printed_percent(claim: Claim) -> str:
    """The printed move: ``> +98 %``; an en dash where none is printed."""
    if claim.percent is None:
        return "–"
    return (
        f"{_SIGNS.get(claim.operator, claim.operator + ' ')}{'+' if claim.percent > 0 else ''}{plain(claim.percent)} %"
    )


def checked_percent(claim: Claim) -> str:
    """The move that the closes show: ``+98.48 %``; empty when it was not checked."""
    return "" if claim.checked_percent is None else f"{claim.checked_percent:+.2f} %"


def verdict_forms(claim: Claim) -> tuple[str, ...]:
    """The checked move with its window, or why there is none."""
    if claim.checked_percent is not None:
        move, start, end = checked_percent(claim), day(claim.base_date), day(claim.end_date)
        year = claim.end_date.year if claim.end_date else ""
        return f"{start} → {end} {year} {move}", f"{start} → {end} {move}", move
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


def since_then(claim: Claim, quotes: Mapping[Symbol, Quote]) -> float | None:
    """The move in percent from the end close of the claim to the last price, neither adjusted for dividends or
    splits; ``None`` without either."""
    if claim.end_close is None or not claim.symbols:
        return None
    quote = quotes.get(parse_symbol(claim.symbols[0]))
    if quote is None or quote.trading in (Trading.AUCTION, Trading.DELISTED):
        return None
    return (quote.last / float(claim.end_close) - 1) * 100
