"""Filings and headlines of many symbols: what is kept first, then each host by itself, one symbol after the other.

Nothing raises for a host that fails: a `FilingReport` says what is the matter and keeps what was known before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from aiwatch.errors import AiwatchError, RateLimited, Refused, SourceError, Unreachable
from aiwatch.feed.backoff import RATE_LIMIT_RESTS, NoSilence, SharedSilence
from aiwatch.history.notices import rest_words
from aiwatch.history.spending.cache import ReportCache
from aiwatch.market.data_sources import FILING_HOSTS, NEWS_HOSTS, FilingHost
from aiwatch.market.filings.filing import Filing, FilingPage, FilingReport, newest_first
from aiwatch.market.filings.hosts import host_of, news_hosts_of
from aiwatch.market.state import Clock
from aiwatch.market.symbol import Symbol

FRESH = timedelta(hours=1)
"""How old a report may be before its host is asked again."""
KEPT = timedelta(days=7)
"""How long a report is kept that could not be asked for again, and a headline that its host lists no more."""
PATIENCE = timedelta(minutes=10)
"""How long a host is left alone that does not answer at all, where it does not wish for longer."""
_NOT_THE_SYMBOL = (401, 403)
_HOSTS: Mapping[str, FilingHost] = {host.name: host for host in (*FILING_HOSTS, *NEWS_HOSTS)}


class FilingClient(Protocol):
    """Who is asked for the filings of one symbol, or for the headlines about it."""

    async def filings(self, symbol: Symbol) -> FilingPage:
        """What its company has filed. Raises a `SourceError`."""
        ...


class FilingReports:
    """Asks ``clients`` by the name of their host; ``unasked`` says of the others why they are not asked.

    Headlines are only asked for at hosts that are among the clients, and are then given with the filings. ``sleep``
    waits the pause between two questions to a host that wants one. ``silence`` is the feed of a screen: a host that it
    asks for quotes too rests for both.
    """

    def __init__(
        self,
        clients: Mapping[str, FilingClient],
        unasked: Mapping[str, str],
        cache: ReportCache[FilingReport],
        clock: Clock,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        silence: SharedSilence | None = None,
    ) -> None:
        self._clients = clients
        self._unasked = unasked
        self._cache = cache
        self._clock = clock
        self._sleep = sleep
        self._silence = silence or NoSilence()
        self._kept: dict[str, FilingReport] | None = None
        self._resting: dict[str, tuple[datetime, str]] = {}
        self._turns: dict[str, asyncio.Lock] = {name: asyncio.Lock() for name in _HOSTS}

    @property
    def has_news(self) -> bool:
        """Whether any host of headlines is asked."""
        return any(host.name in self._clients for host in NEWS_HOSTS)

    async def kept(self, symbols: Sequence[Symbol]) -> tuple[FilingReport, ...]:
        """What is kept of ``symbols``, however old; nobody is asked."""
        reports = await self._all_kept()
        places = [(symbol, name) for symbol in dict.fromkeys(symbols) for name in self._hosts_of(symbol)]
        return tuple(report for place in places if (report := reports.get(_key(*place))) is not None)

    async def load(
        self, symbols: Sequence[Symbol], arrived: Callable[[FilingReport], None] = lambda report: None
    ) -> tuple[FilingReport, ...]:
        """The reports of ``symbols`` in their order, those of headlines behind: asked for where what is kept is older
        than an hour. The hosts are asked at the same time, each by itself; ``arrived`` is given each report as it
        comes."""
        stored_reports = await self._all_kept()
        before = dict(stored_reports)
        due: dict[str, list[Symbol]] = {}
        reports: dict[tuple[Symbol, str], FilingReport] = {}
        places: list[tuple[Symbol, str]] = []
        for symbol in dict.fromkeys(symbols):
            names = self._hosts_of(symbol)
            for name in names:
                places.append((symbol, name))
                if (stored := stored_reports.get(_key(symbol, name))) is not None and self._is_fresh(stored):
                    reports[symbol, name] = stored
                else:
                    due.setdefault(name, []).append(symbol)
            if host_of(symbol) is None:
                places.append((symbol, ""))
                reports[symbol, ""] = FilingReport(
                    symbol.text, problem=f"no host here has filings of {symbol.exchange.code}"
                )
        for report in reports.values():
            arrived(report)
        try:
            for answers in await asyncio.gather(*(self._ask_all(name, each, arrived) for name, each in due.items())):
                reports |= answers
        finally:
            if stored_reports != before:
                await asyncio.to_thread(self._cache.write, dict(stored_reports))
        return tuple(reports[place] for place in places)

    def _hosts_of(self, symbol: Symbol) -> list[str]:
        """The names of those who are to be asked for ``symbol``."""
        host = host_of(symbol)
        news = [each.name for each in news_hosts_of(symbol) if each.name in self._clients]
        return [*((host.name,) if host is not None else ()), *news]

    def _is_fresh(self, report: FilingReport) -> bool:
        return report.as_of is not None and self._clock() - report.as_of < FRESH

    async def _all_kept(self) -> dict[str, FilingReport]:
        """What is kept and not too old; read once."""
        if self._kept is None:
            read = await asyncio.to_thread(self._cache.read)
            if self._kept is None:  # else another was quicker, and may have kept something meanwhile
                self._kept = read
        now = self._clock()
        for key, report in list(self._kept.items()):
            if report.as_of is None or not -FRESH < now - report.as_of < KEPT:
                del self._kept[key]
        return self._kept

    async def _ask_all(
        self, name: str, symbols: Sequence[Symbol], arrived: Callable[[FilingReport], None]
    ) -> dict[tuple[Symbol, str], FilingReport]:
        host, reports = _HOSTS[name], {}
        is_first = True
        for symbol in symbols:
            async with self._turns[name]:  # one question at a time for all who ask
                report = (await self._all_kept()).get(_key(symbol, name))
                if report is None or not self._is_fresh(report):
                    if host.pause and not is_first and not self._rest(host):
                        await self._sleep(host.pause)
                    is_first = False
                    report = await self._asked(host, symbol)
            reports[symbol, name] = report
            arrived(report)
        return reports

    async def _asked(self, host: FilingHost, symbol: Symbol) -> FilingReport:
        """The report of one question; kept where it was answered."""
        reports = await self._all_kept()
        key = _key(symbol, host.name)
        stored = reports.get(key) or FilingReport(symbol.text, host.title)
        answer = await self._ask(host, symbol)
        if isinstance(answer, str):
            return replace(stored, problem=answer)
        now = self._clock()
        filings = _with_older(answer.filings, stored.filings, now) if host.is_news else answer.filings
        reports[key] = FilingReport(symbol.text, host.title, filings, now, _refused_words(answer))
        return reports[key]

    def _rest(self, host: FilingHost) -> str:
        """Why the host is left alone now; empty where it may be asked."""
        now = self._clock()
        until, why = self._resting.get(host.name, (now, ""))
        if now < until:
            return why
        seconds = self._silence.silent_seconds(host.shares_host) if host.shares_host else 0.0
        return rest_words(host.title, now + timedelta(seconds=seconds), "429") if seconds else ""

    async def _ask(self, host: FilingHost, symbol: Symbol) -> FilingPage | str:
        """What the host lists, or why it does not."""
        client = self._clients.get(host.name)
        if client is None:
            return self._unasked.get(host.name, f"{host.name} is not asked")
        if why := self._rest(host):
            return why
        try:
            return await client.filings(symbol)
        except SourceError as error:
            problem = f"{error.host}: {error}{f' ({error.hint})' if error.hint else ''}"
            if (rest := _rest_after(error)) is not None:
                self._resting[host.name] = self._clock() + rest, problem
            if isinstance(error, RateLimited) and host.shares_host:
                self._silence.keep_silent(host.shares_host, max(RATE_LIMIT_RESTS[0], error.retry_after or 0.0))
            return problem
        except AiwatchError as error:
            return str(error)


def _key(symbol: Symbol, name: str) -> str:
    """Under what a report is kept: the symbol, of headlines behind the name of their host."""
    return f"{name} {symbol.text}" if _HOSTS[name].is_news else symbol.text


def _with_older(new: Sequence[Filing], stored: Iterable[Filing], now: datetime) -> tuple[Filing, ...]:
    """Headlines ``new`` with those that were known before and are not too old: a host lists only its newest."""
    newer = {(headline.title, headline.at) for headline in new}
    older = [each for each in stored if (each.title, each.at) not in newer and now - each.moment < KEPT]
    return newest_first([*new, *older])


def _rest_after(error: SourceError) -> timedelta | None:
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
