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
from aiwatch.market.quote import limit_prices
from aiwatch.market.symbol import BSE, Board, Symbol

LEAST_RETURNS = 20
"""Fewer returns than these make no volatility, beta or correlation."""
BETA_SESSIONS = 250
CHINA_SESSIONS, USUAL_SESSIONS = 244, 252
"""Sessions of a year, mainland China's and others'."""
_LIMIT_ROUNDING = 0.02
"""A close that is lower than the limit by more is none, however reference and limit are rounded."""
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
    pairs = np.column_stack([closes.to_numpy(), benchmark.reindex(closes.index).to_numpy()])
    shared = pairs[~np.isnan(pairs).any(axis=1)]
    returns = (shared[1:] / shared[:-1] - 1)[-BETA_SESSIONS:]
    if len(returns) < LEAST_RETURNS:
        return None, len(returns)
    covariance = np.cov(returns, rowvar=False)
    market = float(covariance[1, 1])
    return (float(covariance[0, 1]) / market if market else None), len(returns)


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
        [listed(row) for row in values.to_numpy()],
        counts.to_numpy().tolist(),
    )


def listed(values: np.ndarray) -> list[float | None]:
    """``values`` to four digits, ``None`` for those that are none."""
    return [None if math.isnan(value) else value for value in values.astype("float64").round(4).tolist()]


def limit_streak(symbol: Symbol, raw: pd.Series, events: Iterable[Event], *, from_listing: bool) -> int | None:
    """The longest run of closes at limit up, on unadjusted closes; ``None`` where no limit is known.

    The limit is of the reference price, which an ex-date lowers. The first five sessions of a listing have none, when
    ``from_listing`` the first close is the first there is.
    """
    limit = symbol.daily_limit
    if limit is None:
        return None
    traded, by_day = raw.dropna(), events_by_day(events)
    closes = traded.to_numpy()
    rises = np.flatnonzero(closes[1:] >= closes[:-1] * (1 + limit / 100) - _LIMIT_ROUNDING) + 1
    ex_dates = traded.index.searchsorted([pd.Timestamp(day) for day in by_day]) if by_day else ()
    longest = run = last = 0
    for at in sorted({*map(int, rises), *map(int, ex_dates)}):
        if not 0 < at < len(closes) or (from_listing and at < FREE_SESSIONS):
            continue
        day, before = traded.index[at].date(), float(closes[at - 1])
        if symbol.board is Board.CHINEXT and day < _CHINEXT_TWENTY:
            continue
        reference = round(before * step_of(by_day.get(day, []), before), 2)
        up, _ = limit_prices(reference, limit, inwards=symbol.exchange is BSE)
        if abs(closes[at] - up) < 0.005:
            run = run + 1 if last == at - 1 else 1
            longest, last = max(longest, run), at
    return longest
