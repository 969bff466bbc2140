"""The ledger of a running dashboard: the records, what is wrong with the user's files, and reading them again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from aiwatch.errors import FileError
from aiwatch.ledger.links import forget
from aiwatch.session.dependencies import FileDependencies

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from aiwatch.files.fingerprint import Stamp
    from aiwatch.history.service import HistoryService
    from aiwatch.history.spending.service import SpendingReports
    from aiwatch.ledger.delivered.quarters import Reports
    from aiwatch.ledger.imports.answers import Answers
    from aiwatch.ledger.imports.own_files import Written
    from aiwatch.ledger.loader import LedgerFiles
    from aiwatch.ledger.records import Entity
    from aiwatch.ledger.reports.basket import Basket
    from aiwatch.ledger.reports.checked_claims import ClaimHistory
    from aiwatch.session.dependencies import ListHistory


class LedgerChange(Struct, frozen=True):
    """What a reading changed: whether the files differ from those read before, and whether the ledger does."""

    files: bool = False
    ledger: bool = False


class LedgerSession:
    """Holds the ledger. A bad file leaves it as it was."""

    def __init__(self, files: FileDependencies) -> None:
        self.ledger = files.ledger
        self.problems: tuple[str, ...] = ()
        """What is wrong with the user's files now, in sentences."""
        self.currency = ""
        """The ISO 4217 code that sums are also shown in; empty for as printed alone."""
        self.reports: Reports | None = None
        """What companies report to have spent; ``None`` before anybody was asked."""
        self.claim_history: ClaimHistory | None = None
        """What price history says of the claims; ``None`` before anybody looked."""
        self.basket: Basket | None = None
        """The prices of those who pay or are paid, month by month; ``None`` before anybody looked."""
        self._files = files.ledger_files
        self._folders = files.ledger_folders
        self._written: list[Written] = []
        self._stamp: Stamp | None = None
        self._reading = asyncio.Lock()

    @property
    def has_files(self) -> bool:
        """Whether there are files to read again."""
        return self._files is not None

    async def reload(self, *, after_edit: bool = False) -> LedgerChange:
        """Read the ledger, in a thread, if its files changed since; nothing is read twice at a time. While it is being
        read nothing is done, but ``after_edit`` waits and looks again: that reading may have begun before the edit."""
        files = self._files
        if files is None or (self._reading.locked() and not after_edit):
            return LedgerChange()
        async with self._reading:
            return await self._read(files)

    async def _read(self, files: LedgerFiles) -> LedgerChange:
        stamp = await asyncio.to_thread(files.stamp)
        if stamp == self._stamp:
            return LedgerChange()
        self._stamp, before = stamp, self.ledger
        try:
            self.ledger = await asyncio.to_thread(files.load)
            self.problems = ()
        except FileError as error:
            self.problems = (_problem_sentence(error),)
            if not before.complete:
                self.ledger = await asyncio.to_thread(files.load, own=False)
        if self.ledger is before:
            return LedgerChange(files=True)
        forget(before)
        return LedgerChange(files=True, ledger=True)

    @property
    def is_editable(self) -> bool:
        """Whether there is a folder into which records of the reader's own can be written."""
        return self._folders is not None

    async def add(self, answers: Answers) -> str:
        """Write the record that ``answers`` make into the reader's own file, in a thread; gives its id. The ledger is
        not read again by this. Raises `EditError` and `FileError`; nothing is changed then."""
        from aiwatch.ledger.imports.own_files import add_record

        assert self._folders is not None
        written = await asyncio.to_thread(add_record, *self._folders, answers)
        self._written.append(written)
        return written.id

    async def undo(self) -> str:
        """Take the last record back that was added; gives its id, empty when there is none. Raises `EditError`."""
        from aiwatch.ledger.imports.own_files import take_back

        if not self._written:
            return ""
        await asyncio.to_thread(take_back, self._written[-1])
        return self._written.pop().id

    async def ask_closes(self, history: ListHistory) -> AsyncIterator[None]:
        """Hold the claims against price history, what is kept of it first: once for each change."""
        from aiwatch.session.claim_closes import claim_history

        async for said in claim_history(self.ledger.claims.values(), await history.parts()):
            if said != self.claim_history:
                self.claim_history = said
                yield

    async def ask_spending(self, spending: SpendingReports, mark: str = "") -> AsyncIterator[Reports]:
        """What the payers of the ledger's pledges report, ever more of it: what is kept, then each company in turn.
        ``mark`` is a word for figures that are made up."""
        from aiwatch.ledger.delivered.quarters import companies

        async for reports in spending_of(companies(self.ledger), spending, mark):
            self.reports = reports
            yield reports

    async def ask_basket(self, history: HistoryService, mark: str = "") -> Basket:
        """The basket of those who pay or are paid, from the prices that are kept, worked out in a thread; no host is
        asked. ``mark`` is a word for prices that are made up."""
        from aiwatch.ledger.reports.basket import basket_of, party_symbols
        from aiwatch.market.bars import Interval, Range
        from aiwatch.market.symbol import parse_symbol

        symbols = [parse_symbol(text) for text in party_symbols(self.ledger)]
        stored = [(await history.kept(symbol, Range.FIVE_YEARS, Interval.DAY)).series for symbol in symbols]
        several = [series for series in stored if series is not None]
        self.basket = await asyncio.to_thread(basket_of, several, len(symbols), mark)
        return self.basket


async def spending_of(payers: Sequence[Entity], spending: SpendingReports, mark: str = "") -> AsyncIterator[Reports]:
    """What ``payers`` report: what is kept of all of them first, then more with each that was asked for."""
    from aiwatch.ledger.delivered.quarters import Reports

    by_payer = await spending.kept(payers)
    reports = Reports({report.entity: report for report in by_payer}, total=len(payers), mark=mark)
    yield reports
    async for company, report in spending.load(payers):
        if report is None:
            reports = replace(reports, asking=company.name)
        else:
            reports = replace(reports.with_report(report), asking="", done=reports.done + 1)
        yield reports


def _problem_sentence(error: FileError) -> str:
    """The first problem with its file and line, and how many more there are."""
    more = len(error.problems) - 1
    tail = f" (and {more} more: `aiwatch check` lists them)" if more else ""
    return f"{error.problems[0]}{tail}; still showing the last good ledger"
