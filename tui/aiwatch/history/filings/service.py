"""Filings of many symbols: what is kept first, then each host by itself, one symbol after the other.

Nothing raises for a host that fails: a `FilingReport` says what is the matter and keeps what was known before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from aiwatch.errors import AiwatchError, RateLimited, Refused, SourceError, Unreachable
from aiwatch.history.spending.cache import ReportCache
from aiwatch.market.data_sources import FILING_HOSTS
from aiwatch.market.filings.filing import FilingPage, FilingReport
from aiwatch.market.filings.hosts import host_of
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol

FRESH = timedelta(hours=1)
"""How old a report may be before its host is asked again."""
KEPT = timedelta(days=7)
"""How long a report is kept that could not be asked for again."""
PATIENCE = timedelta(minutes=10)
"""How long a host is left alone that does not answer at all, where it does not wish for longer."""
_NOT_THE_SYMBOL = (401, 403)


class FilingClient(Protocol):
    """Who is asked for the filings of one symbol."""

    async def filings(self, symbol: Symbol) -> FilingPage:
        """What its company has filed. Raises a `SourceError`."""
        ...


class FilingReports:
    """Asks ``clients`` by the name of their host; ``unasked`` says of the others why they are not asked."""

    def __init__(
        self,
        clients: Mapping[str, FilingClient],
        unasked: Mapping[str, str],
        cache: ReportCache[FilingReport],
        clock: Clock,
    ) -> None:
        self._clients = clients
        self._unasked = unasked
        self._cache = cache
        self._clock = clock
        self._kept: dict[str, FilingReport] | None = None
        self._resting: dict[str, tuple[datetime, str]] = {}

    async def load(self, symbols: Sequence[Symbol]) -> tuple[FilingReport, ...]:
        """The reports of ``symbols`` in their order, asked for where what is kept is older than an hour. The hosts are
        asked at the same time, each by itself."""
        kept = await self._all_kept()
        before = dict(kept)
        due: dict[str, list[Symbol]] = {}
        reports: dict[Symbol, FilingReport] = {}
        for symbol in dict.fromkeys(symbols):
            host, known = host_of(symbol), kept.get(symbol.text)
            if host is None:
                where = symbol.exchange.code
                reports[symbol] = FilingReport(symbol.text, problem=f"no host here has filings of {where}")
            elif known is not None and known.as_of is not None and self._clock() - known.as_of < FRESH:
                reports[symbol] = known
            else:
                due.setdefault(host.name, []).append(symbol)
        try:
            for answers in await asyncio.gather(*(self._ask_all(name, each) for name, each in due.items())):
                reports |= answers
        finally:
            if kept != before:
                await asyncio.to_thread(self._cache.write, dict(kept))
        return tuple(reports[symbol] for symbol in symbols)

    async def _all_kept(self) -> dict[str, FilingReport]:
        """What is kept and not too old; read once."""
        if self._kept is None:
            self._kept = await asyncio.to_thread(self._cache.read)
        now = self._clock()
        for key, report in list(self._kept.items()):
            if report.as_of is None or not -FRESH < now - report.as_of < KEPT:
                del self._kept[key]
        return self._kept

    async def _ask_all(self, name: str, symbols: Sequence[Symbol]) -> dict[Symbol, FilingReport]:
        kept = await self._all_kept()
        title = next(host.title for host in FILING_HOSTS if host.name == name)
        reports = {}
        for symbol in symbols:
            answer = await self._ask(name, symbol)
            if isinstance(answer, str):
                known = kept.get(symbol.text) or FilingReport(symbol.text, title)
                reports[symbol] = replace(known, problem=answer)
            else:
                report = FilingReport(symbol.text, title, answer.filings, self._clock(), _refused_words(answer))
                reports[symbol] = kept[symbol.text] = report
        return reports

    async def _ask(self, name: str, symbol: Symbol) -> FilingPage | str:
        """What the host lists, or why it does not."""
        if name not in self._clients:
            return self._unasked.get(name, f"{name} is not asked")
        until, why = self._resting.get(name, (self._clock(), ""))
        if self._clock() < until:
            return why
        try:
            return await self._clients[name].filings(symbol)
        except SourceError as error:
            problem = f"{error.host}: {error}{f' ({error.hint})' if error.hint else ''}"
            if (silence := _silence(error)) is not None:
                self._resting[name] = self._clock() + silence, problem
            return problem
        except AiwatchError as error:
            return str(error)


def _silence(error: SourceError) -> timedelta | None:
    """How long the host of ``error`` is left alone; ``None`` where it is about one symbol."""
    if isinstance(error, RateLimited):
        return max(PATIENCE, timedelta(seconds=error.retry_after or 0))
    is_down = isinstance(error, Refused) and (error.status in _NOT_THE_SYMBOL or error.status >= 500)
    return PATIENCE if is_down or isinstance(error, Unreachable) else None


def _refused_words(page: FilingPage) -> str:
    """What is said of the rows of ``page`` that were refused; empty without one."""
    if not page.refused:
        return ""
    total = len(page.refused) + len(page.filings)
    return f"{len(page.refused)} of {total} rows refused: {page.refused[0]}"
