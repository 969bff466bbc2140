"""Claims beside price history: what is kept at once, then each share that lacks days, or its dividends, asked once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from aiwatch.history.analysis.past_closes import PastClose
from aiwatch.ledger.records import Claim
from aiwatch.ledger.reports.checked_claims import CheckedClaim
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.session.claim_closes import BEFORE, BETWEEN, claim_history, past_closes
from tests.ledger.bundled import bundled_ledger

pytestmark = pytest.mark.usefixtures("whole_ledger")
ENDS = {"R01": "603757.SS", "R02": "002837.SZ", "R03": "300870.SZ", "R04": "002536.SZ"}


@pytest.fixture(name="whole_ledger")
def _whole_ledger() -> None:
    """Read before a loop runs."""
    bundled_ledger()


class FakeCloses:
    """Price history of claims: ``known`` closes by the claim's id, and what was asked for."""

    def __init__(self, listed: dict[str, float], lacking: Sequence[str] = ()) -> None:
        self.known = listed
        self.coming = {"R02": 30.0}
        self.lack = [parse_symbol(text) for text in lacking]
        self.checked: dict[str, CheckedClaim] = {}
        self.asked: list[tuple[str, str, date]] = []

    async def parts(self) -> Any:
        return SimpleNamespace(board=self, service=self)

    async def was_used(self) -> bool:
        return False

    async def adjusted_closes(self, closes: Sequence[PastClose]) -> dict[str, float]:
        return {past.key: self.known[past.key] for past in closes if past.key in self.known}

    async def checked_claims(self, claims: Sequence[Claim]) -> dict[str, tuple[CheckedClaim, ...]]:
        return {claim.id: (self.checked[claim.id],) for claim in claims if claim.id in self.checked}

    async def lacking(self, symbols: Sequence[Symbol], first: date) -> tuple[Symbol, ...]:
        return tuple(symbol for symbol in symbols if symbol in self.lack)

    async def renew(self, symbol: Symbol, first: date) -> None:
        self.asked.append(("days", symbol.text, first))
        self.known |= self.coming

    async def learn_events(self, symbol: Symbol, first: date) -> str:
        self.asked.append(("events", symbol.text, first))
        return ""


def _claims() -> list[Claim]:
    return list(bundled_ledger().claims.values())


async def test_what_is_kept_comes_first_and_only_what_lacks_is_asked_for() -> None:
    history = FakeCloses({"R01": 23.57, "R03": 248.5}, lacking=["002837.SZ"])
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    answers = [answer.adjusted async for answer in claim_history(_claims(), await history.parts(), pause)]
    assert answers[0] == {"R01": 23.57, "R03": 248.5}
    assert answers[-1] == {"R01": 23.57, "R03": 248.5, "R02": 30.0}
    first = date(2025, 8, 15) - BEFORE
    assert history.asked == [("days", "002837.SZ", first), ("events", "002536.SZ", first)]
    assert pauses == [BETWEEN, BETWEEN]


async def test_without_a_claim_that_names_its_close_nothing_is_asked() -> None:
    history = FakeCloses({})
    claims = [claim for claim in _claims() if claim.end_close is None]
    assert claims
    assert [answer async for answer in claim_history(claims, await history.parts())] == []
    assert history.asked == []


def test_each_claim_of_the_articles_that_names_a_close_is_held_against_it() -> None:
    closes = past_closes(_claims())
    assert {past.key: past.symbol.text for past in closes} == ENDS
    assert {past.day for past in closes} == {date(2025, 8, 15)}
