"""A frame of yfinance's history as an answer: its rows are believed as those of Yahoo's own chart are, or refused.

yfinance hands on what Yahoo sends: rows without figures, doubled ones, ends of single precision, prices in pence. It
undoes neither splits nor smaller units. Knows frames by their columns alone, so that it imports no pandas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from aiwatch.errors import Garbled
from aiwatch.history.worker.messages import BarsAnswer, DailyRow
from aiwatch.market.bars import Bar, BarsQuery, Basis, Event, EventKind, Interval, RefusedBar, Series, undo_splits
from aiwatch.market.data_sources import title_of
from aiwatch.market.symbol import Symbol
from aiwatch.sources.bars import Draft, believed
from aiwatch.sources.parsing import plain
from aiwatch.sources.yahoo.rows import cash_of, currency_of, day_row, ratio_of

SOURCE = "yahoo"
TITLE = title_of(SOURCE)
_COLUMNS = ("Open", "High", "Low", "Close", "Volume")
_EVENTS = ((EventKind.DIVIDEND, "Dividends", cash_of), (EventKind.SPLIT, "Stock Splits", ratio_of))


def bars_of(
    frame: Any, meta: Mapping[str, Any], symbol: Symbol, first: date | None, received_at: datetime
) -> BarsAnswer:
    """The days of ``symbol`` in a ``frame`` with the ``meta`` that came with it, as they were paid.

    Raises `Garbled` for a frame of another symbol or format, and for one most of which cannot be believed.
    """
    if meta.get("symbol", symbol.text) != symbol.text:
        raise Garbled(TITLE, f"a history that is not of {symbol}")
    if missing := [name for name in (*_COLUMNS, *(column for _, column, _ in _EVENTS)) if name not in frame.columns]:
        raise Garbled(TITLE, f"a history without {', '.join(missing)}")
    currency, scale = currency_of(meta, symbol)
    events, unread = _events(frame)
    event_days = {event.day for event in events}
    drafts = [draft._replace(explained=draft.bar is not None and draft.bar.when in event_days) for draft in
              _drafts(frame, symbol)]  # fmt: skip
    bars, refused = believed(BarsQuery(symbol, Interval.DAY, first), drafts, received_at, TITLE)
    whole = undo_splits(
        Series(
            symbol=symbol,
            interval=Interval.DAY,
            source=SOURCE,
            basis=Basis.UNADJUSTED,
            zone=symbol.zone,
            as_of=received_at,
            bars=bars,
            events=tuple(events),
            currency=currency,
        )
    )
    return BarsAnswer(
        currency,
        [_row(whole.day_of(bar), bar, scale) for bar in whole.bars],
        [_scaled(event, scale) for event in whole.events],
        [*refused, *unread],
    )


def _drafts(frame: Any, symbol: Symbol) -> Iterator[Draft]:
    columns = [frame[name].tolist() for name in _COLUMNS]
    for stamp, *figures in zip(frame.index, *columns, strict=True):
        day = _day_of(stamp)
        if day is None:
            yield Draft(plain(str(stamp), 30), None, "no time")
        else:
            yield day_row(day, figures, symbol)


def _events(frame: Any) -> tuple[list[Event], list[RefusedBar]]:
    """The dividends and splits of a frame, oldest first, whose other rows have a nought there; and what is neither."""
    events: list[Event] = []
    refused: list[RefusedBar] = []
    for kind, name, read in _EVENTS:
        for stamp, sent in zip(frame.index, frame[name].tolist(), strict=True):
            if not _is_sent(sent):
                continue
            day, value = _day_of(stamp), read(sent)
            if day is None or value is None:
                refused.append(RefusedBar(plain(str(stamp), 30), f"a {kind} that cannot be read"))
            else:
                events.append(Event(day, kind, value, SOURCE))
    return sorted(events), refused


def _is_sent(value: Any) -> bool:
    """Whether a cell says anything: a nought says that nothing happened, and pandas has several nothings."""
    if value is None or isinstance(value, (int, float)):
        return bool(value) and value == value  # not a number is not itself
    return type(value).__name__ not in ("NAType", "NaTType")


def _day_of(stamp: Any) -> date | None:
    """The local date of a stamp, which may be none."""
    try:
        day = stamp.date()
    except (AttributeError, ValueError):
        return None
    return day if isinstance(day, date) and day == day else None


def _row(day: date, bar: Bar, scale: float) -> DailyRow:
    opened, high, low, close = (_rounded(price * scale) for price in (bar.open, bar.high, bar.low, bar.close))
    return DailyRow(day, opened, high, low, close, bar.volume)


def _scaled(event: Event, scale: float) -> Event:
    return event if event.kind is EventKind.SPLIT else event._replace(value=_rounded(event.value * scale))


def _rounded(price: float) -> float:
    """``price`` without the noise of its 32 bits and of the splits' factors: seven digits are what Yahoo sends."""
    return float(f"{price:.7g}")
