"""Reported spending for the ledger: what is kept first, then the SEC, then Yahoo, one company after the other.

Nothing raises for a host that fails: a `Report` says what is the matter and keeps what was known before.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from msgspec.structs import replace

from aiwatch.errors import AiwatchError, SourceError
from aiwatch.history.spending.cache import ReportCache
from aiwatch.history.spending.yahoo_quarters import quarters_of
from aiwatch.history.worker.messages import CashFlowAnswer
from aiwatch.history.worker_questions import Answered
from aiwatch.ledger.delivered.quarters import Quarter, Report
from aiwatch.ledger.records import Entity
from aiwatch.market.state import Clock
from aiwatch.market.symbol import US, Symbol, parse_symbol

FRESH = timedelta(hours=20)
"""How old a report may be before its host is asked again: companies report four times a year."""
PATIENCE = timedelta(minutes=10)
"""How long a company is not asked for again after a failure."""
UNNAMED = "the SEC is not asked: it wants to know who asks, in sources.sec.user_agent"


class Sec(Protocol):
    """Who is asked for the company facts of the SEC."""

    async def number(self, symbol: Symbol) -> int:
        """The number under which a company reports. Raises a `SourceError`."""
        ...

    async def spending(self, cik: int) -> tuple[Quarter, ...]:
        """The quarters of a company by its number. Raises a `SourceError`."""
        ...


AskCashFlow = Callable[[Symbol], Awaitable[Answered[CashFlowAnswer]]]
"""Asks Yahoo for the quarterly cash flow of a company."""


class SpendingReports:
    """Asks ``sec`` (``None``: it does not know who asks) and ``cash_flow`` (``None``: Yahoo is switched off)."""

    def __init__(
        self, sec: Sec | None, cash_flow: AskCashFlow | None, cache: ReportCache[Report], clock: Clock
    ) -> None:
        self._sec = sec
        self._cash_flow = cash_flow
        self._cache = cache
        self._clock = clock
        self._kept: dict[str, Report] | None = None
        self._failed: dict[str, Report] = {}

    async def kept(self, companies: Iterable[Entity]) -> tuple[Report, ...]:
        """What is kept of ``companies``; no host is asked."""
        reports = await self._all_kept()
        return tuple(
            replace(reports[key], entity=company.id) for company in companies if (key := _key(company)) in reports
        )

    async def load(self, companies: Sequence[Entity]) -> AsyncIterator[tuple[Entity, Report | None]]:
        """Each of ``companies`` twice: before it is asked for, without a report, and then with it. One whose report is
        new enough, or could not be had a moment ago, is not asked for."""
        reports = await self._all_kept()
        for company in companies:
            key = _key(company)
            recent = self._recent(key, reports)
            if recent is not None:
                yield company, replace(recent, entity=company.id)
                continue
            yield company, None
            report = await self._ask(company, reports.get(key))
            if report.as_of == (reports[key].as_of if key in reports else None):
                self._failed[key] = replace(report, as_of=self._clock())
            else:
                reports[key] = report
                await asyncio.to_thread(self._cache.write, dict(reports))
            yield company, report

    async def _all_kept(self) -> dict[str, Report]:
        if self._kept is None:
            self._kept = await asyncio.to_thread(self._cache.read)
        return self._kept

    def _recent(self, key: str, reports: dict[str, Report]) -> Report | None:
        """The report that needs no asking: a new one, or the failure of a moment ago with what was known before."""
        now, stored, failed = self._clock(), reports.get(key), self._failed.get(key)
        if stored is not None and stored.as_of is not None and -FRESH < now - stored.as_of < FRESH:
            return stored
        if failed is not None and failed.as_of is not None and now - failed.as_of < PATIENCE:
            return replace(failed, as_of=stored.as_of if stored is not None else None)
        return None

    async def _ask(self, company: Entity, stored: Report | None) -> Report:
        """What ``company`` reports: by the SEC where it has a number there or its main listing is
        American, else by Yahoo."""
        problems: list[str] = []
        for ask in (self._ask_sec, self._ask_yahoo):
            answer = await ask(company)
            if isinstance(answer, str):
                problems += [answer] if answer else []
            else:
                return Report(company.id, answer, self._clock(), "; ".join(problems))
        before = stored or Report(company.id)
        return replace(before, problem="; ".join(problems) or "nobody can be asked")

    async def _ask_sec(self, company: Entity) -> tuple[Quarter, ...] | str:
        main = [symbol for symbol in map(parse_symbol, company.symbols[:1]) if symbol.exchange is US]
        if company.cik is None and not main:
            return ""
        if self._sec is None:
            return UNNAMED
        try:
            cik = company.cik if company.cik is not None else await self._sec.number(main[0])
            return await self._sec.spending(cik)
        except SourceError as error:
            return f"{error.host}: {error}{f' ({error.hint})' if error.hint else ''}"
        except AiwatchError as error:
            return str(error)

    async def _ask_yahoo(self, company: Entity) -> tuple[Quarter, ...] | str:
        if self._cash_flow is None or not company.symbols:
            return ""
        symbol = parse_symbol(company.symbols[0])
        answered = await self._cash_flow(symbol)
        if answered.answer is None:
            return answered.problem
        return quarters_of(answered.answer) or f"Yahoo has no capital spending of {symbol}"


def _key(company: Entity) -> str:
    """What a company's report is kept under: where it is asked for."""
    return f"{company.cik or ''} {' '.join(company.symbols[:1])}"
