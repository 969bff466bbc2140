"""An event study by the market model, for dates that a reader gives. Imports pandas.

Abnormal return of a session: the share's return less what its line on the benchmark's return gives, a line fitted over
the sessions −140 to −21 before the event. It is summed over windows around day 0, the first session on or after the
date in the share's market. (MacKinlay, Event Studies in Economics and Finance, 1997.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from aiwatch.history.analysis.frames import load_closes
from aiwatch.history.analysis.results import ESTIMATION, WINDOWS, StudiedEvent, Study, WindowSummary

LEAST_ESTIMATED = 60
"""Sessions of the estimation window that must be there."""
LEAST_FOR_T = 10
"""Fewer events than these are shown one by one, without a t."""


def study_stored(path: Path, symbols: Sequence[str], dates: Sequence[date], benchmark: str) -> Study:
    """Each of ``symbols`` on each of ``dates``, of the adjusted closes kept in the file at ``path``.

    Raises `sqlite3.Error` for a file that cannot be read.
    """
    closes = load_closes(path, [*symbols, benchmark])
    notes = [f"{text}: no bars are kept" for text in closes.lacking]
    if benchmark in closes.lacking:
        return Study(benchmark, [], [], notes)
    frame = closes.adjusted
    events = [
        study_event(frame[text].dropna(), frame[benchmark].dropna(), text, day)
        for text in symbols
        if text in frame.columns
        for day in dates
    ]
    summaries = [_summary(at, events) for at in range(len(WINDOWS))]
    counted = sum(event.why == "" for event in events)
    if counted < LEAST_FOR_T:
        notes.append(f"{counted} events: fewer than {LEAST_FOR_T} make no test, so no t is given")
    if len(symbols) > 1 and counted > 1:
        notes.append("Events of one date share the market's day: they are not independent")
    if len(dates) > 1 and (max(dates) - min(dates)).days / (len(dates) - 1) < WINDOWS[-1].last * 7 / 5:
        notes.append("Windows of dates so near to each other overlap: they are not independent")
    notes.append("Day 0 is the first session on or after the date there: evening news of New York is Asia's next day")
    return Study(benchmark, events, summaries, notes)


def study_event(own: pd.Series, market: pd.Series, symbol: str, asked: date) -> StudiedEvent:
    """One event. Returns are simple ones between sessions that both have."""
    returns = pd.concat([own, market], axis=1, keys=["own", "market"]).dropna().pct_change().dropna()
    zero = int(returns.index.searchsorted(pd.Timestamp(asked)))
    if zero == len(returns):
        return StudiedEvent(symbol, asked, None, why="no session on or after it is kept")
    day = returns.index[zero].date()
    estimation = returns.iloc[max(0, zero + ESTIMATION.first) : max(0, zero + ESTIMATION.last + 1)]
    if len(estimation) < LEAST_ESTIMATED:
        why = f"{len(estimation)} sessions before it to estimate from, at least {LEAST_ESTIMATED} are needed"
        return StudiedEvent(symbol, asked, day, estimated=len(estimation), why=why)
    slope, intercept = np.polyfit(estimation["market"], estimation["own"], 1)
    abnormal = returns["own"] - (intercept + slope * returns["market"])
    sums = []
    for window in WINDOWS:
        first, last = zero + window.first, zero + window.last
        reaches = first >= 0 and last < len(returns)
        sums.append(float(abnormal.iloc[first : last + 1].sum()) * 100 if reaches else None)
    return StudiedEvent(symbol, asked, day, float(intercept) * 100, float(slope), len(estimation), sums)


def _summary(at: int, events: Sequence[StudiedEvent]) -> WindowSummary:
    values = [value for event in events if event.abnormal and (value := event.abnormal[at]) is not None]
    name, count = str(WINDOWS[at]), len(values)
    if not values:
        return WindowSummary(name, 0, None, None, None)
    mean, median = float(np.mean(values)), float(np.median(values))
    positive = sum(value > 0 for value in values) / count * 100
    spread = float(np.std(values, ddof=1)) if count > 1 else 0.0
    t = mean / (spread / math.sqrt(count)) if count >= LEAST_FOR_T and spread else None
    return WindowSummary(name, count, mean, median, positive, t)
