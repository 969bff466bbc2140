"""The figures of one or two series of closes, each with its trap. Imports pandas.

Volatility and correlation are of log returns; beta is covariance over variance of simple ones, as fund reports have it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from aiwatch.history.analysis.results import SPANS, Correlation
from aiwatch.market.bars import Event
from aiwatch.market.bars.adjustment import FREE_SESSIONS, events_by_day, step_of
from aiwatch.market.money import limit_prices
from aiwatch.market.symbol import BSE, Board, Symbol

LEAST_RETURNS = 20
"""Fewer returns than these make no volatility, beta or correlation."""
BETA_SESSIONS = 250
CHINA_SESSIONS, USUAL_SESSIONS = 244, 252
"""Sessions of a year, mainland China's and others'."""
_CHINEXT_TWENTY = date(2020, 8, 24)
"""Since when ChiNext's limit is 20 %; nothing is claimed of the days before."""


def drawdown(closes: pd.Series) -> float | None:
    """The deepest fall from a running high, in percent (0 or negative)."""
    present = closes.dropna()
    return None if present.empty else float((present / present.cummax() - 1).min() * 100)


def volatility(closes: pd.Series, sessions: int) -> float | None:
    """The standard deviation of daily log returns times the root of a year's ``sessions``, in percent."""
    returns = log_returns(closes)
    return None if len(returns) < LEAST_RETURNS else float(returns.std(ddof=1) * math.sqrt(sessions) * 100)


def log_returns(closes: pd.Series) -> pd.Series:
    """From each of its own sessions to the next."""
    present = closes.dropna()
    return np.log(present / present.shift(1)).dropna()


def simple_returns(closes: pd.DataFrame) -> pd.DataFrame:
    """Each column's returns from its own last session, on the dates of all."""
    return pd.DataFrame({text: closes[text].dropna().pct_change() for text in closes.columns}, index=closes.index)


def beta(closes: pd.Series, benchmark: pd.Series) -> tuple[float | None, int]:
    """Covariance over variance of the last `BETA_SESSIONS` returns that both have, and how many those are.

    Returns between sessions that both have, so that a suspension is one return of both.
    """
    both = pd.concat([closes, benchmark], axis=1).dropna().pct_change().dropna().iloc[-BETA_SESSIONS:]
    own, market = both.iloc[:, 0], both.iloc[:, 1]
    if len(both) < LEAST_RETURNS or not market.var():
        return None, len(both)
    return float(own.cov(market) / market.var()), len(both)


def span_returns(closes: pd.Series) -> list[float | None]:
    """The return over the last `SPANS` of its own sessions, in percent."""
    present = closes.dropna()
    return [
        float(present.iloc[-1] / present.iloc[-1 - span] - 1) * 100 if len(present) > span else None for span in SPANS
    ]


def ranks(returns: list[list[float | None]]) -> list[list[int | None]]:
    """The place of each row in each column, 1 the best; ``None`` stays it, and counts for none."""
    columns = [
        pd.Series(column, dtype="float64").rank(ascending=False, method="min") for column in zip(*returns, strict=True)
    ]
    return [
        [None if math.isnan(column.iloc[at]) else int(column.iloc[at]) for column in columns]
        for at in range(len(returns))
    ]


def basket(returns: pd.DataFrame, start: pd.Timestamp) -> pd.Series:
    """100 at ``start``, then chained means of the members' daily returns: rebalanced each day, which is not the mean of
    rebased prices. A member without a session is left out that day."""
    mean = returns.loc[returns.index > start].mean(axis=1).dropna()
    chained = 100 * (1 + mean).cumprod()
    return pd.concat([pd.Series([100.0], index=[start]), chained])


def correlation(closes: pd.DataFrame, *, weekly: bool, last: int | None = None) -> Correlation:
    """Correlations of log returns, each pair of those that it shares, ``None`` under `LEAST_RETURNS`.

    Weekly returns are from Friday to Friday: across markets the closes of a date are hours apart, so that daily ones
    understate. ``last`` counts the newest returns.
    """
    sampled = closes.resample("W-FRI").last() if weekly else closes
    returns = pd.DataFrame({text: log_returns(sampled[text]) for text in sampled.columns}, index=sampled.index)
    if last is not None:
        returns = returns.iloc[-last:]
    present = returns.notna().astype("int64")
    counts = present.T @ present
    values = returns.corr(min_periods=LEAST_RETURNS)
    texts = list(closes.columns)
    return Correlation(
        texts,
        weekly,
        [[None if math.isnan(value) else round(float(value), 4) for value in values.loc[text]] for text in texts],
        [[int(count) for count in counts.loc[text]] for text in texts],
    )


def limit_streak(symbol: Symbol, raw: pd.Series, events: Iterable[Event], *, from_listing: bool) -> int | None:
    """The longest run of closes at limit up, on unadjusted closes; ``None`` where no limit is known.

    The limit is of the reference price, which an ex-date lowers. The first five sessions of a listing have none, when
    ``from_listing`` the first close is the first there is.
    """
    limit = symbol.daily_limit
    if limit is None:
        return None
    by_day = events_by_day(events)
    longest = run = 0
    before: float | None = None
    for at, (stamp, close) in enumerate(raw.dropna().items()):
        day = stamp.date()
        is_free = (from_listing and at < FREE_SESSIONS) or (symbol.board is Board.CHINEXT and day < _CHINEXT_TWENTY)
        if before is not None and not is_free:
            reference = round(before * step_of(by_day.get(day, []), before), 2)
            up, _ = limit_prices(reference, limit, inwards=symbol.exchange is BSE)
            run = run + 1 if abs(close - up) < 0.005 else 0
            longest = max(longest, run)
        before = close
    return longest
