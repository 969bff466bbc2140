"""What Yahoo says through yfinance: daily bars with dividends and splits, coming dates, quarterly cash flow.

Imports pandas through yfinance: for the child process alone.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from aiwatch.errors import Garbled
from aiwatch.history.worker.messages import (
    Answer,
    AskBars,
    AskCashFlow,
    AskEarnings,
    CashFlowAnswer,
    EarningsAnswer,
    FaultAnswer,
    FaultKind,
    Quarter,
)
from aiwatch.history.worker.routed_session import RoutedSession, StatusError
from aiwatch.history.worker.yahoo_frames import bars_of
from aiwatch.market.symbol import parse_symbol

REQUEST_SECONDS = 10.0
"""How long one of yfinance's requests may take; the cookie's takes 30 all the same, so the whole question has a
deadline of its own, outside of this process."""

_OPERATING, _SPENT, _FREE = "OperatingCashFlow", "CapitalExpenditure", "FreeCashFlow"


class YahooHistory:
    """yfinance, set up to say what went wrong, to keep its caches in ``cache``, and to ask ``base_url``."""

    def __init__(self, base_url: str, cache: Path) -> None:
        import yfinance  # type: ignore[import-untyped]

        warnings.simplefilter("ignore")  # after the import, which switches some on
        yfinance.config.debug.hide_exceptions = False
        yfinance.set_tz_cache_location(str(cache))
        self._yfinance = yfinance
        self._forget = yfinance.data.YfData.cache_get.cache_clear
        """yfinance keeps answers for its whole life, garbled ones too."""
        self._session = RoutedSession(base_url)

    def answer(self, question: AskBars | AskEarnings | AskCashFlow) -> Answer:
        """What Yahoo says, a fault included."""
        self._forget()
        asks: dict[type, Callable[[Any, Any], Answer]] = {
            AskBars: self._bars,
            AskEarnings: self._earnings,
            AskCashFlow: self._cash_flow,
        }
        try:
            ticker = self._yfinance.Ticker(question.symbol, session=self._session)
            return asks[type(question)](ticker, question)
        except Exception as error:  # whatever yfinance raises is an answer too
            return fault_answer(error)

    def _bars(self, ticker: Any, question: AskBars) -> Answer:
        options: dict[str, Any] = {"period": "max"} if question.first is None else {"start": question.first}
        frame = ticker.history(
            interval="1d", auto_adjust=False, actions=True, repair=False, timeout=REQUEST_SECONDS, **options
        )
        meta = ticker.history_metadata
        return bars_of(frame, meta, parse_symbol(question.symbol), question.first, datetime.now(UTC))

    def _earnings(self, ticker: Any, question: AskEarnings) -> Answer:
        calendar = ticker.calendar or {}
        return EarningsAnswer(
            sorted(day for day in calendar.get("Earnings Date") or [] if isinstance(day, date)),
            _date_or_none(calendar.get("Ex-Dividend Date")),
            _date_or_none(calendar.get("Dividend Date")),
        )

    def _cash_flow(self, ticker: Any, question: AskCashFlow) -> Answer:
        frame = ticker.get_cash_flow(freq="quarterly", pretty=False)
        quarters = []
        for end in frame.columns:
            figures = [_figure(frame, name, end) for name in (_OPERATING, _SPENT, _FREE)]
            if any(figure is not None for figure in figures):
                quarters.append(Quarter(end.date(), *figures))
        quarters.sort(key=lambda quarter: quarter.end, reverse=True)
        return CashFlowAnswer(*_reported_in(ticker, quarters))


def _figure(frame: Any, name: str, end: Any) -> float | None:
    if name not in frame.index:
        return None
    value = float(frame.loc[name, end])
    return value if math.isfinite(value) else None


def _reported_in(ticker: Any, quarters: list[Quarter]) -> tuple[str, list[Quarter], date | None]:
    """The currency of the reports, the ``quarters``, and the end of the last fiscal year, as far as Yahoo says them."""
    try:
        info = ticker.get_info()
        stamp = info.get("lastFiscalYearEnd")
        year_end = datetime.fromtimestamp(stamp, UTC).date() if isinstance(stamp, int | float) else None
        return str(info.get("financialCurrency") or ""), quarters, year_end
    except Exception:  # the figures are worth having without them
        return "", quarters, None


def _date_or_none(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


_UNKNOWN = ("YFPricesMissingError", "YFTzMissingError", "YFTickerMissingError")
_TIMED_OUT = ("Timeout", "ReadTimeout", "ConnectTimeout", "TimeoutError")
_UNREACHABLE = ("DNSError", "ConnectionError", "ProxyError", "SSLError", "CertificateVerifyError", "IncompleteRead",
                "RequestException")  # fmt: skip


def fault_answer(error: Exception) -> FaultAnswer:
    """What ``error`` means: by the host's status, else by the name of the type, which is yfinance's or curl_cffi's."""
    names = [kind.__name__ for kind in type(error).__mro__]
    status = error.status if isinstance(error, StatusError) else 0
    text = f"answered with status {status}" if status else _words_of(error)
    if isinstance(error, Garbled):
        return FaultAnswer(FaultKind.GARBLED, str(error))
    if status == 429 or "YFRateLimitError" in names:
        return FaultAnswer(FaultKind.RATE_LIMITED, "too many requests (429)", 429)
    if status == 404 or any(name in _UNKNOWN for name in names):
        return FaultAnswer(FaultKind.UNKNOWN, text, 404)
    if status or "HTTPError" in names:
        answered = status or getattr(getattr(error, "response", None), "status_code", 0) or 0
        return FaultAnswer(FaultKind.REFUSED, text, answered)
    if any(name in _TIMED_OUT for name in names):
        return FaultAnswer(FaultKind.TIMED_OUT, text)
    if any(name in _UNREACHABLE for name in names):
        return FaultAnswer(FaultKind.UNREACHABLE, text)
    return FaultAnswer(FaultKind.GARBLED, text)


_CURL_BEFORE, _CURL_AFTER = "Failed to perform, ", ". See https://curl.se"
_LONGEST_TEXT = 200


def _words_of(error: Exception) -> str:
    """The type and the words of ``error``, without what curl says to programmers."""
    text = str(error).removeprefix(_CURL_BEFORE).partition(_CURL_AFTER)[0]
    line = " ".join(text.split())[:_LONGEST_TEXT]
    return f"{type(error).__name__}: {line}" if line else type(error).__name__
