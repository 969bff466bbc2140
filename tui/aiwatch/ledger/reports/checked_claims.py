"""A claim about a share price as held against real closes: which pairs of days fit, and the same words everywhere."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

MOST_PAIRS = 10
"""Pairs that a text names."""


class ClaimPair(Struct, frozen=True):
    """Two closes whose change fits a claim: days, closes, change in percent, sessions between."""

    base_date: date
    end_date: date
    base_close: float
    end_close: float
    percent: float
    sessions: int


class CheckedClaim(Struct, frozen=True):
    """A claim against all pairs of closes. ``basis`` is ``unadjusted`` or ``adjusted``, ``tried`` the pairs tried,
    ``chance`` the share of percentages that some pair would fit as well, in percent."""

    id: str
    symbol: str
    claim: str
    basis: str
    source: str
    as_of: str
    first: date | None
    last: date | None
    tried: int
    pairs: list[ClaimPair]
    verdict: str
    chance: float | None = None
    why: str = ""

    @property
    def lines(self) -> list[str]:
        """What stands under the verdict: what was tried, the pairs that fit, how telling that is, and why none does."""
        if not self.tried:
            return []
        lines = [f"{self.tried} pairs tried, {self.first} to {self.last}, {self.source} of {self.as_of}"]
        lines += [
            f"{pair.base_date} {pair.base_close:g} → {pair.end_date} {pair.end_close:g} = {pair.percent:+.3f} %, "
            f"{pair.sessions} sessions"
            for pair in self.pairs[:MOST_PAIRS]
        ]
        if len(self.pairs) > MOST_PAIRS:
            lines.append(f"and {len(self.pairs) - MOST_PAIRS} more")
        if self.chance is not None and self.pairs:
            lines.append(f"a made-up percentage would fit some pair in {self.chance:.1f} % of cases")
        return [*lines, *([self.why] if self.why else [])]


class ClaimHistory(Struct, frozen=True):
    """What kept days say of claims, by the claim's id: its end close ``adjusted`` to today's prices, and the claim
    ``checked`` against all pairs of closes."""

    adjusted: dict[str, float] = {}
    checked: dict[str, tuple[CheckedClaim, ...]] = {}
