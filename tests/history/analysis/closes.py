"""Kept closes for the tests of the analysis: a small file, made of formulas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from aiwatch.history.store import HistoryStore
from aiwatch.market.bars import Event
from tests.market.bars.fixtures import MONDAY, daily


def keep(
    path: Path, symbol: str, closes: Sequence[float], events: Sequence[Event] = (), *, first: date = MONDAY
) -> None:
    """Keep these closes on consecutive weekdays."""
    store = HistoryStore.open(path)
    series = daily([round(close, 4) for close in closes], events, first=first, symbol=symbol)
    store.write(replace(series, source="yahoo"))
    store.close()


def wave(count: int, *, size: float = 0.01, start: float = 100.0) -> list[float]:
    """Closes that go up and down by turns of three, without a trend of their own."""
    closes = [start]
    for at in range(count - 1):
        closes.append(closes[-1] * (1 + size * (1, -1, 2, -2, 1, -0.9)[at % 6]))
    return closes


def leveraged(closes: Sequence[float], slope: float, extra: Sequence[float] = ()) -> list[float]:
    """Closes whose returns are ``slope`` times those of ``closes``, plus the ``extra`` return of each session."""
    out = [50.0]
    for at in range(1, len(closes)):
        own = (closes[at] / closes[at - 1] - 1) * slope + (extra[at] if extra else 0.0)
        out.append(out[-1] * (1 + own))
    return out
