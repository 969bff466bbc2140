"""Made-up reports without a network: what the embedded exchange says for the SEC, and a cash flow as Yahoo's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from aiwatch.history.spending.cache import ReportCache
from aiwatch.history.spending.service import SpendingReports
from aiwatch.history.worker.messages import CashFlowAnswer, Quarter
from aiwatch.history.worker_questions import Answered
from aiwatch.ledger.delivered.companyfacts import PATH, spending_in
from aiwatch.ledger.delivered.quarters import Quarter as Reported
from aiwatch.ledger.delivered.quarters import Report
from aiwatch.market.symbol import Symbol
from aiwatch.simulator.wire.sec import SecPage

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
_ENDS = (date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31))
_SPENT = (24.6e9, 38.7e9, 31.5e9, 29.8e9, 27.0e9)


class MadeUpHosts:
    """Both hosts. ``asked`` counts what was asked; ``problem`` is what Yahoo says instead, when it is set."""

    def __init__(self, problem: str = "") -> None:
        self.asked: list[str] = []
        self.problem = problem

    async def number(self, symbol: Symbol) -> int:
        return {"GOOGL": 1652044, "MSFT": 789019, "AMZN": 1018724, "META": 1326801}.get(symbol.text, 7)

    async def spending(self, cik: int) -> tuple[Reported, ...]:
        """A company's quarters by the SEC."""
        self.asked.append(f"sec {cik}")
        return spending_in(SecPage().reply(PATH.format(cik=cik), NOW, ()).body)

    async def cash_flow(self, symbol: Symbol) -> Answered[CashFlowAnswer]:
        """A company's quarters by Yahoo: Alibaba's year ends in March, Tencent's in December."""
        self.asked.append(f"yahoo {symbol}")
        if self.problem:
            return Answered(problem=self.problem)
        quarters = [Quarter(end, None, -spent) for end, spent in zip(_ENDS, _SPENT, strict=True)]
        year_end = date(2025, 3, 31) if symbol.text == "9988.HK" else date(2025, 12, 31)
        return Answered(CashFlowAnswer("CNY", quarters[::-1], year_end))

    def reports(self, folder: Path) -> SpendingReports:
        """The service on these hosts, its cache in ``folder``."""
        return SpendingReports(self, self.cash_flow, ReportCache(folder / "reports.msgpack", Report), lambda: NOW)
