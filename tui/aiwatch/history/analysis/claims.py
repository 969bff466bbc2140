"""Claims about a rise or fall, held against all pairs of real closes. Imports no pandas.

A percentage of two decimals is fitted by few pairs of closes, "over 66 %" by many: how many were tried and how many fit
is said with every verdict, and how likely a made-up percentage is fitted as well.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from aiwatch.history.events import knows_events
from aiwatch.history.store import HistoryStore
from aiwatch.ledger.records import Claim
from aiwatch.ledger.reports.checked_claims import CheckedClaim, ClaimPair
from aiwatch.market.bars import Basis, Event, EventKind, Interval, Series, adjusted
from aiwatch.market.symbol import Symbol, parse_symbol

MOST_SESSIONS = 60
"""Sessions between the two closes at most, and before the claim's end."""
SESSIONS_AFTER = 20
"""Sessions after the claim's end that are tried too: an article may have counted to a later day."""
LEAST_CHANCE = 60.0
"""The percentage from which the chance of a made-up one is worked out; half of the claimed where that is smaller."""


def is_checkable(claim: Claim) -> bool:
    """Whether closes can bear ``claim`` out: it names a share and a percentage, and its days are known."""
    return claim.percent is not None and bool(claim.symbols) and claim.end_date is not None


def check_kept(
    claim: Claim, store: HistoryStore | None, tells_events: Collection[str], source: str = ""
) -> tuple[CheckedClaim, ...]:
    """``claim``, which `is_checkable`, against the closes that ``store`` has of each of its symbols, unadjusted and
    adjusted; ``None`` has none.

    Of several sources the one with the most days counts, or ``source`` alone. ``tells_events`` are the sources whose
    bars come with dividends and splits; where nobody said which there were, nothing is claimed of adjusted closes.
    Raises `sqlite3.Error` for a file that cannot be read.
    """
    results: list[CheckedClaim] = []
    for symbol in map(parse_symbol, claim.symbols):
        series = _longest(store, symbol, source) if store is not None else None
        if store is None or series is None:
            results.append(_unchecked(claim, symbol, "unadjusted", "no closes are kept of it, and none came"))
            continue
        unadjusted, since_adjusted = check_both(claim, series)
        if not series.events and not knows_events(store, series, tells_events, unadjusted.first):
            since_adjusted = _unchecked(claim, symbol, "adjusted", "its dividends and splits are not known")
        results += (unadjusted, since_adjusted)
    return tuple(results)


def check_claim(claim: Claim, series: Series) -> CheckedClaim:
    """``claim`` against the closes of ``series``, which may be adjusted or not: it says which.

    Raises `ValueError` for a claim without a percentage.
    """
    if claim.percent is None:
        raise ValueError(f"{claim.id} claims no percentage")
    days, closes = _around(series, claim.end_date)
    least, most = accepted(claim.percent, claim.operator)
    every = [
        (at, to, (closes[to] / closes[at] - 1) * 100)
        for to in range(len(closes))
        for at in range(max(0, to - MOST_SESSIONS), to)
    ]
    pairs = [
        ClaimPair(days[at], days[to], closes[at], closes[to], percent, to - at)
        for at, to, percent in every
        if least <= percent < most
    ]
    return CheckedClaim(
        claim.id,
        series.symbol.text,
        _claimed(claim),
        str(series.basis),
        series.source,
        series.as_of.date().isoformat(),
        days[0] if days else None,
        days[-1] if days else None,
        len(every),
        pairs,
        verdict_of(len(pairs), len(every)),
        chance_of([percent for _, _, percent in every], claim.percent, claim.operator),
        "" if pairs else _why_none(claim, series),
    )


def check_both(claim: Claim, series: Series) -> tuple[CheckedClaim, ...]:
    """``claim`` against the unadjusted ``series`` and against the same adjusted; where it fits neither, no event
    explains anything."""
    unadjusted, since_adjusted = check_claim(claim, series), check_claim(claim, adjusted(series))
    return unadjusted, since_adjusted if unadjusted.pairs else replace(since_adjusted, why="")


def accepted(percent: Decimal, operator: str) -> tuple[float, float]:
    """The percentages that print as ``percent``: half of its last digit either way; for "over" the run up to the next
    whole step, as ">98" is said of 98 and a bit. The upper end is not included."""
    exponent = percent.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    if operator in (">", ">="):
        return float(percent), float(percent + step)
    if operator in ("<", "<="):
        return float(percent - step), float(percent)
    return float(percent - step / 2), float(percent + step / 2)


def verdict_of(fitting: int, tried: int) -> str:
    """In words: *fits one pair*, *fits 7*, *fits none of 435*."""
    if not tried:
        return "no closes to check it against"
    if not fitting:
        return f"fits none of {tried}"
    return "fits one pair" if fitting == 1 else f"fits {fitting}"


def chance_of(percents: Sequence[float], percent: Decimal, operator: str) -> float | None:
    """How often a made-up percentage, between `LEAST_CHANCE` and the largest of ``percents``, would be fitted by one of
    them as well; in percent. ``None`` without a larger one, or for a fall."""
    lowest = LEAST_CHANCE if percent > LEAST_CHANCE else float(percent) / 2
    highest = max(percents, default=0.0)
    if percent <= 0 or highest <= lowest:
        return None
    below, above = accepted(percent, operator)
    before, after = above - float(percent), float(percent) - below  # a made-up one that far away prints the same
    covered, reached = 0.0, lowest
    for middle in sorted(percents):
        start, end = max(reached, middle - before), min(highest, middle + after)
        if end > start:
            covered += end - start
            reached = end
    return covered / (highest - lowest) * 100


def _longest(store: HistoryStore, symbol: Symbol, source: str) -> Series | None:
    """The longest kept daily series of ``symbol``; ``None`` without one."""
    rows = [row for row in store.kept(symbol, Interval.DAY) if source in ("", row.source)]
    best = max(rows, key=lambda row: row.bar_count, default=None)
    return None if best is None else store.read(symbol, Interval.DAY, best.source)


def _unchecked(claim: Claim, symbol: Symbol, basis: str, why: str) -> CheckedClaim:
    return CheckedClaim(claim.id, symbol.text, _claimed(claim), basis, "", "", None, None, 0, [], why)


def _claimed(claim: Claim) -> str:
    """What is claimed: ``>98 %``."""
    return f"{claim.operator.replace('=', '')}{claim.percent} %"


def _around(series: Series, end: date | None) -> tuple[list[date], list[float]]:
    """The final closes within `MOST_SESSIONS` before the claim's ``end`` and `SESSIONS_AFTER` after it."""
    bars = [(series.day_of(bar), bar.close) for bar in series.bars if bar.final]
    if end is not None:
        until = sum(day <= end for day, _ in bars)
        bars = bars[max(0, until - MOST_SESSIONS - 1) : until + SESSIONS_AFTER]
    return [day for day, _ in bars], [close for _, close in bars]


def _why_none(claim: Claim, series: Series) -> str:
    """What may explain that no pair fits: an event between the days that the claim fits unadjusted."""
    if series.basis is not Basis.ADJUSTED or claim.base_date is None or claim.end_date is None:
        return ""
    between = [event for event in series.events if claim.base_date < event.day <= claim.end_date]
    if not between:
        return ""
    words = ", ".join(map(_event_words, between))
    return (
        f"{words} lies between {claim.base_date} and {claim.end_date}: adjusted for it the earlier close is lower, and "
        "the rise larger. The claim is of prices as they were paid"
    )


def _event_words(event: Event) -> str:
    kind = "a dividend of" if event.kind is EventKind.DIVIDEND else "a split of"
    return f"{kind} {event.value:g} with the ex-date {event.day}"
