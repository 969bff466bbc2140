"""What companies have filed, as it is shown of a stock or of a list: what is kept at once, then what the hosts list."""

from __future__ import annotations

import asyncio
from asyncio import sleep
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from aiwatch.history.filings.service import FilingReports
from aiwatch.ledger.records import Ledger
from aiwatch.ledger.reports.parties import records_named
from aiwatch.market.filings.filing import FilingReport, MarkedFiling
from aiwatch.market.symbol import Symbol
from aiwatch.session.dependencies import OpenFilings

MOST_ROWS = 200
"""Filings that are shown at most, the newest."""
SETTLED = 0.3
"""Seconds for which a stock is looked at before its host is asked."""
TOGETHER = 0.5
"""Seconds in which what comes is shown together."""
_FEW = 3
"""Symbols that are named; of more their number is said."""


class ShownFilings(Struct, frozen=True):
    """The filings known now, newest first, and ``problems`` in words; ``is_asking`` while hosts still are asked."""

    rows: tuple[MarkedFiling, ...] = ()
    problems: tuple[str, ...] = ()
    is_asking: bool = False


class FilingsReader:
    """Reads filings from what ``open_filings`` gives, and marks them by what ``ledger`` gives at the time.

    Nothing raises, whatever fails: the problem is a sentence.
    """

    def __init__(self, open_filings: OpenFilings, ledger: Callable[[], Ledger]) -> None:
        self._open = open_filings
        self._ledger = ledger

    async def read(
        self, symbols: Sequence[Symbol], show: Callable[[ShownFilings], None], settled: float = SETTLED
    ) -> ShownFilings:
        """Give ``show`` what is kept of ``symbols``, then what the hosts list, as it comes; the last is returned too.
        The hosts are asked after ``settled`` seconds, so that a stock that is only passed costs no question."""
        collected = _Collected(symbols, self._ledger(), show)
        try:
            reports = await self._open()
            for report in await reports.kept(symbols):
                collected.take(report)
            collected.publish()
            await sleep(settled)
            await self._load(reports, symbols, collected)
        except Exception as error:  # whatever it is, it is said, and the screen goes on
            collected.failure = f"{type(error).__name__}: {error}"
        return collected.publish(is_asking=False)

    async def _load(self, reports: FilingReports, symbols: Sequence[Symbol], collected: _Collected) -> None:
        loop = asyncio.get_running_loop()
        timers: list[asyncio.TimerHandle] = []

        def arrived(report: FilingReport) -> None:
            collected.take(report)
            if not timers:
                timers.append(loop.call_later(TOGETHER, publish))

        def publish() -> None:
            timers.clear()
            collected.publish()

        try:
            await reports.load(symbols, arrived)
        finally:
            for timer in timers:
                timer.cancel()


class _Collected:
    """The reports that have come so far; each is marked once."""

    def __init__(self, symbols: Sequence[Symbol], ledger: Ledger, show: Callable[[ShownFilings], None]) -> None:
        self._is_one = len(symbols) == 1
        self._ledger = ledger
        self._show = show
        self.failure = ""
        """Why there are no more; empty while nothing failed but hosts."""
        self._reports: dict[tuple[str, str], FilingReport] = {}
        self._marked: dict[tuple[str, str], list[MarkedFiling]] = {}

    def take(self, report: FilingReport) -> None:
        """Take a report in place of the one of the same host before."""
        key = report.symbol, report.host
        self._reports[key] = report
        self._marked[key] = [
            MarkedFiling(filing, records_named(self._ledger, filing.symbol, filing.title)) for filing in report.filings
        ]

    def publish(self, *, is_asking: bool = True) -> ShownFilings:
        """Show what has come, the newest first."""
        rows = [marked for each in self._marked.values() for marked in each]
        rows.sort(key=lambda marked: marked.filing.moment, reverse=True)
        said = (*_problems(self._reports.values(), self._is_one), self.failure)
        problems = () if is_asking else tuple(filter(None, said))
        shown = ShownFilings(tuple(rows[:MOST_ROWS]), problems, is_asking)
        self._show(shown)
        return shown


def _problems(reports: Iterable[FilingReport], is_one: bool) -> Iterable[str]:
    """Each problem once, with the symbols that it is said of, or how many, where there are several."""
    symbols: dict[str, list[str]] = {}
    for report in reports:
        if report.problem:
            when = (
                f" · shown as listed on {report.as_of.astimezone():%d %b %H:%M}"
                if report.as_of and report.filings
                else ""
            )
            symbols.setdefault(report.problem + when, []).append(report.symbol)
    for problem, names in symbols.items():
        who = ", ".join(names) if len(names) <= _FEW else f"{len(names)} stocks"
        yield problem if is_one else f"{who}: {problem}"
