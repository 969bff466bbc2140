"""Kept daily closes as frames: a row a date, a column a symbol. Imports pandas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
from msgspec import Struct

from aiwatch.history.store import HistoryStore, closes_of
from aiwatch.market.bars import Event, Interval
from aiwatch.market.bars.adjustment import events_by_day, step_of
from aiwatch.market.symbol import Symbol, parse_symbol

FX_DAYS = 7
"""Days that a rate holds when there is none of its own: over a weekend and a holiday."""


class Closes(Struct, frozen=True):
    """``raw`` and ``adjusted`` closes; the symbols that bars are kept of with their sources, currencies and events;
    ``lacking`` are those without."""

    raw: pd.DataFrame
    adjusted: pd.DataFrame
    sources: Mapping[str, str]
    currencies: Mapping[str, str]
    events: Mapping[str, tuple[Event, ...]]
    lacking: tuple[str, ...]

    def of(self, adjusted: bool) -> pd.DataFrame:
        """The closes of one basis."""
        return self.adjusted if adjusted else self.raw


def load_closes(path: Path, symbols: Sequence[str], last: date | None = None) -> Closes:
    """The closes of ``symbols`` up to ``last`` from the history file at ``path``, each by the source whose last day is
    the newest. Raises `sqlite3.Error` for a file that cannot be read."""
    store = HistoryStore.look(path)
    try:
        raw: dict[str, pd.Series] = {}
        sources: dict[str, str] = {}
        currencies: dict[str, str] = {}
        events: dict[str, tuple[Event, ...]] = {}
        for text in dict.fromkeys(symbols):
            symbol = parse_symbol(text)
            rows = [row for row in store.kept(symbol, Interval.DAY) if row.bar_count]
            if not rows:
                continue
            source = max(rows, key=lambda row: (row.complete_to or date.min, row.bar_count)).source
            raw[text] = _series(store, symbol, source, last)
            sources[text] = source
            currencies[text] = _currency(store, symbol, source)
            events[text] = store.events(symbol)
    finally:
        store.close()
    adjusted = {text: adjusted_closes(closes, events[text]) for text, closes in raw.items()}
    return Closes(
        pd.DataFrame(raw).sort_index(),
        pd.DataFrame(adjusted).sort_index(),
        sources,
        currencies,
        events,
        tuple(text for text in dict.fromkeys(symbols) if text not in raw),
    )


def adjusted_closes(closes: pd.Series, events: Iterable[Event]) -> pd.Series:
    """Unadjusted ``closes`` of one symbol adjusted for ``events``, as `aiwatch.market.bars.adjusted` does it."""
    by_day = events_by_day(events)
    adjusted = closes.astype("float64")
    for day in sorted(by_day):
        before = closes.index.searchsorted(pd.Timestamp(day))
        if 0 < before < len(closes):
            adjusted.iloc[:before] *= step_of(by_day[day], float(closes.iloc[before - 1]))
    return adjusted


def in_currency(closes: pd.DataFrame, currencies: Mapping[str, str], target: str, rates: pd.DataFrame) -> pd.DataFrame:
    """``closes`` in ``target`` (ISO 4217) at each day's rate. ``rates`` has Yahoo's pairs: ``CNY=X`` is yuan a dollar.

    A column whose currency has no rate is left out.
    """
    filled = rates.reindex(rates.index.union(closes.index)).ffill(limit=FX_DAYS).reindex(closes.index)

    def dollar(currency: str) -> pd.Series | None:
        """Units of ``currency`` for a dollar."""
        if currency == "USD":
            return pd.Series(1.0, index=closes.index)
        return filled.get(f"{currency}=X")

    into = dollar(target)
    out = {}
    for text in closes.columns:
        of = dollar(currencies[text])
        if currencies[text] == target:
            out[text] = closes[text]
        elif of is not None and into is not None:
            out[text] = closes[text] / of * into
    return pd.DataFrame(out, index=closes.index)


def pairs_for(currencies: Iterable[str], target: str) -> list[str]:
    """Yahoo's symbols of the rates that turn ``currencies`` into ``target``."""
    needed = {currency for currency in currencies if currency and currency != target}
    if not target or not needed:
        return []
    return sorted(f"{currency}=X" for currency in needed | {target} if currency != "USD")


def _series(store: HistoryStore, symbol: Symbol, source: str, last: date | None) -> pd.Series:
    rows = closes_of(store, symbol, source)
    index = pd.to_datetime([row[0] for row in rows], unit="s")
    series = pd.Series([row[1] for row in rows], index=index, dtype="float64")
    return series if last is None else series[: pd.Timestamp(last)]


def _currency(store: HistoryStore, symbol: Symbol, source: str) -> str:
    row = store.connection.execute(
        "SELECT currency FROM series WHERE symbol = ? AND interval = ? AND source = ?",
        (symbol.text, Interval.DAY, source),
    ).fetchone()
    return symbol.currency or (str(row[0]) if row else "")
