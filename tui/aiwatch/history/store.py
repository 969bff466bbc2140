"""The history file while it is open in one thread: plain blocking reads and writes, each one transaction.

The file is believed as far as it holds what aiwatch writes: a value of another type, or one that can be no time, name
or price, is reported as SQLite reports a damaged page, so that the file is put aside and fetched anew.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from aiwatch.archive.schema import check_file
from aiwatch.files.bounded import reason_of
from aiwatch.history.schema import prepare
from aiwatch.market.bars import Bar, Basis, Event, EventKind, Interval, Series
from aiwatch.market.symbol import Symbol, parse_symbol

Read = TypeVar("Read", bound=Callable[..., Any])
BUSY_SECONDS = 2.0
"""How long a write waits for another aiwatch to finish its own."""
MINUTE_DAYS = 10
"""How long intraday bars are kept."""
PAGES_KIB = 512
"""Kibibytes of the file that are held in memory: a year of a symbol is 30, and each is read once."""
SAME_PRICE = 0.0005
"""Two final closes of a day differ when they are a tick apart and by more than this share of the price."""

_UNSOUND = " OR ".join(
    [
        "typeof(stamp) != 'integer'",
        "stamp NOT BETWEEN -5364662400 AND 7258118400",
        *(f"typeof({name}) != 'real' OR abs({name}) > 1e15" for name in ("open", "high", "low", "close")),
        "typeof(volume) NOT IN ('integer', 'null')",
        "typeof(amount) NOT IN ('real', 'null')",
    ]
)
"""What no bar of ours is, as SQL says it; its day lies between the years 1800 and 2200."""
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY_SECONDS = 86_400
_ALL = -(2**62)
"""A stamp before that of any bar."""


class KeptBars(NamedTuple):
    """What is known of a series without reading its bars: their number, and that of the sessions missing.

    ``complete_to`` is the last final date, ``complete_from`` the first date asked for (``None``: all there is).
    """

    source: str
    fetched_at: datetime
    complete_from: date | None
    complete_to: date | None
    bar_count: int
    gap_count: int = 0


class Conflict(NamedTuple):
    """Two sources' final closes of a day that are not the same price."""

    day: date
    source: str
    close: float
    other_source: str
    other_close: float


def raises_malformed(read: Read) -> Read:
    """``read``, with `sqlite3.DatabaseError` ("malformed") in place of whatever the values of a file make it raise."""

    @wraps(read)
    def guarded(*arguments: Any, **named: Any) -> Any:
        try:
            return read(*arguments, **named)
        except sqlite3.Error:
            raise
        except Exception as error:
            raise sqlite3.DatabaseError(f"malformed: {reason_of(error)}") from error

    return guarded  # type: ignore[return-value]  # of the same signature


class HistoryStore:
    """An open history file. Every method raises `sqlite3.Error` when the file cannot be used."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file at ``path``, making it and its folder when they are not there.

        Raises `sqlite3.Error`, and `OSError` for the folder.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        check_file(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA cache_size = -{PAGES_KIB}")
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    @classmethod
    def look(cls, path: Path) -> Self:
        """Open an existing file to read it; nothing is made or changed. Raises `sqlite3.Error`."""
        check_file(path)
        address = f"{path.absolute().as_uri()}?mode=ro"
        return cls(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None))

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @raises_malformed
    def kept(self, symbol: Symbol, interval: Interval) -> tuple[KeptBars, ...]:
        """What is kept of ``symbol``, a source each, the most lately fetched first."""
        rows = self.connection.execute(
            "SELECT source, fetched_at, complete_from, complete_to, (SELECT count(*) FROM bars WHERE series = id), "
            "(SELECT count(*) FROM gaps WHERE series = id) "
            "FROM series WHERE symbol = ? AND interval = ? ORDER BY fetched_at DESC",
            (symbol.text, interval),
        )
        return tuple(
            KeptBars(source, _moment(fetched), _day_or_none(first), _day_or_none(last), *counts)
            for source, fetched, first, last, *counts in rows
        )

    @raises_malformed
    def read(self, symbol: Symbol, interval: Interval, source: str, first: date | None = None) -> Series | None:
        """The bars of ``symbol`` by ``source`` from the local date ``first`` on, with all events; ``None`` without."""
        row = self.connection.execute(
            "SELECT id, basis, zone, currency, fetched_at, complete_from FROM series "
            "WHERE symbol = ? AND interval = ? AND source = ?",
            (symbol.text, interval, source),
        ).fetchone()
        if row is None:
            return None
        number, basis, zone, currency, fetched_at, complete_from = row
        least = _ALL if first is None else _stamp(first) - (_DAY_SECONDS if interval.is_intraday else 0)
        self.check(number, least)
        when = _moment if interval.is_intraday else _date_of
        bars = tuple(
            Bar(when(stamp), opened, high, low, close, volume, amount, bool(final))
            for stamp, opened, high, low, close, volume, amount, final in self.connection.execute(
                "SELECT stamp, open, high, low, close, volume, amount, final FROM bars "
                "WHERE series = ? AND stamp >= ? ORDER BY stamp",
                (number, least),
            )
        )
        return Series(
            symbol=symbol,
            interval=interval,
            source=source,
            basis=Basis(basis),
            zone=_text(zone),
            as_of=_moment(fetched_at),
            bars=bars,
            events=self.events(symbol),
            currency=_text(currency),
            missing=tuple(
                date.fromisoformat(day)
                for (day,) in self.connection.execute("SELECT day FROM gaps WHERE series = ? ORDER BY day", (number,))
            ),
            complete_from=_day_or_none(complete_from),
        )

    def check(self, number: int, least: int = _ALL) -> None:
        """Raise `sqlite3.DatabaseError` ("malformed") where a bar of the series ``number`` is none, from the
        stamp ``least`` on: what is read is what is checked."""
        if self.connection.execute(
            f"SELECT 1 FROM bars WHERE series = ? AND stamp >= ? AND ({_UNSOUND}) LIMIT 1", (number, least)
        ).fetchone():
            raise sqlite3.DatabaseError("malformed: a bar that is none")

    @raises_malformed
    def events(self, symbol: Symbol) -> tuple[Event, ...]:
        """The dividends and splits of ``symbol``, oldest first: all of the one source that knows the most."""
        by_source: dict[str, list[Event]] = {}
        for day, kind, value, source in self.connection.execute(
            "SELECT day, kind, value, source FROM events WHERE symbol = ? ORDER BY day", (symbol.text,)
        ):
            event = Event(date.fromisoformat(day), EventKind(kind), _finite(value), _text(source))
            by_source.setdefault(source, []).append(event)
        by_count: list[list[Event]] = sorted(by_source.values(), key=len)
        return tuple(by_count[-1]) if by_count else ()

    def write(self, *several: Series) -> None:
        """Keep the final bars and the events of unadjusted series, over what was kept of them, in one transaction.

        Intraday bars are kept while they are under way too. Raises `ValueError` for adjusted prices, which every
        further event rewrites.
        """
        if any(series.basis is not Basis.UNADJUSTED for series in several):
            raise ValueError("adjusted prices are computed, never kept")
        with self._transaction():
            for series in several:
                self._write(series)

    @raises_malformed
    def _write(self, series: Series) -> None:
        is_intraday = series.interval.is_intraday
        bars = [bar for bar in series.bars if bar.final or is_intraday]
        number = self._series_id(series, [bar for bar in bars if bar.final])
        self.connection.executemany(
            "INSERT OR REPLACE INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(number, _stamp(bar.when), *bar[1:7], int(bar.final)) for bar in bars],
        )
        self._write_events(series)
        if bars:
            first, last = series.day_of(bars[0]).isoformat(), series.day_of(bars[-1]).isoformat()
            self.connection.execute("DELETE FROM gaps WHERE series = ? AND day BETWEEN ? AND ?", (number, first, last))
        as_of = _number(series.as_of)
        self.connection.executemany(
            "INSERT OR REPLACE INTO gaps VALUES (?, ?, ?)", [(number, day.isoformat(), as_of) for day in series.missing]
        )

    def write_events(self, series: Series) -> None:
        """Keep the events of ``series`` and none of its bars."""
        with self._transaction():
            self._write_events(series)

    def _write_events(self, series: Series) -> None:
        self.connection.executemany(
            "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?)",
            [
                (series.symbol.text, event.day.isoformat(), event.kind, event.value, event.source or series.source)
                for event in series.events
            ],
        )

    def _series_id(self, series: Series, final: Sequence[Bar]) -> int:
        """The row of ``series``, made or brought up to date; its completeness grows, it never shrinks."""
        key = (series.symbol.text, series.interval, series.source)
        row = self.connection.execute(
            "SELECT id, complete_from, complete_to FROM series WHERE symbol = ? AND interval = ? AND source = ?", key
        ).fetchone()
        first = series.complete_from.isoformat() if series.complete_from else ""
        last = series.day_of(final[-1]).isoformat() if final else ""
        if row is None:
            cursor = self.connection.execute(
                "INSERT INTO series (symbol, interval, source, basis, zone, currency, fetched_at, complete_from, "
                "complete_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, series.basis, series.zone, series.currency, _number(series.as_of), first, last),
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid
        number, known_first, known_last = row
        is_joined = not first or not known_last or first <= _after(known_last)
        self.connection.execute(
            "UPDATE series SET basis = ?, zone = ?, currency = ?, fetched_at = ?, complete_from = ?, complete_to = ? "
            "WHERE id = ?",
            (
                series.basis,
                series.zone,
                series.currency,
                _number(series.as_of),
                min(first, known_first) if is_joined else first,
                max(last, known_last),
                number,
            ),
        )
        return int(number)

    @raises_malformed
    def conflicts(self, symbol: Symbol, most: int = 5) -> tuple[Conflict, ...]:
        """The newest days on which two sources' final closes differ by more than the last printed digit."""
        rows = self.connection.execute(
            "SELECT a.stamp, s.source, a.close, t.source, b.close FROM series s "
            "JOIN series t ON t.symbol = s.symbol AND t.interval = s.interval AND s.source < t.source "
            "JOIN bars a ON a.series = s.id JOIN bars b ON b.series = t.id AND b.stamp = a.stamp "
            "WHERE s.symbol = ? AND s.interval = ? AND a.final AND b.final "
            "AND abs(a.close - b.close) > max(0.0101, a.close * ?) ORDER BY a.stamp DESC LIMIT ?",
            (symbol.text, Interval.DAY, SAME_PRICE, most),
        )
        return tuple(Conflict(_date_of(stamp), *rest) for stamp, *rest in rows)

    @raises_malformed
    def symbols(self, interval: Interval = Interval.DAY) -> tuple[Symbol, ...]:
        """The symbols that any bars are kept of."""
        rows = self.connection.execute("SELECT DISTINCT symbol FROM series WHERE interval = ?", (interval,))
        return tuple(parse_symbol(text) for (text,) in rows)

    @raises_malformed
    def gap_asked_at(self, symbol: Symbol, interval: Interval, source: str) -> datetime | None:
        """When ``source`` was last asked for sessions that it lacks; ``None`` when it lacks none."""
        row = self.connection.execute(
            "SELECT max(asked_at) FROM gaps JOIN series ON series.id = gaps.series "
            "WHERE symbol = ? AND interval = ? AND source = ?",
            (symbol.text, interval, source),
        ).fetchone()
        return None if row is None or row[0] is None else _moment(row[0])

    def fact(self, name: str) -> str:
        """A fact kept about the file; empty when there is none."""
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Keep a fact about the file."""
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def prune(self, now: datetime) -> int:
        """Delete intraday bars older than `MINUTE_DAYS`; returns how many."""
        cursor = self.connection.execute(
            "DELETE FROM bars WHERE stamp < ? AND series IN (SELECT id FROM series WHERE interval LIKE '%m')",
            (_number(now - timedelta(days=MINUTE_DAYS)),),
        )
        return cursor.rowcount

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise


def closes_of(store: HistoryStore, symbol: Symbol, source: str) -> list[tuple[int, float, int | None]]:
    """Stamp, close and volume of every daily bar: what an analysis reads of sixty symbols at once.

    Raises `sqlite3.Error`.
    """
    of_series = "symbol = ? AND interval = ? AND source = ?", (symbol.text, Interval.DAY, source)
    for (number,) in store.connection.execute(f"SELECT id FROM series WHERE {of_series[0]}", of_series[1]):
        store.check(number)
    return store.connection.execute(
        f"SELECT stamp, close, volume FROM bars JOIN series ON series.id = bars.series WHERE {of_series[0]} "
        "ORDER BY stamp",
        of_series[1],
    ).fetchall()


def _stamp(when: date | datetime) -> int:
    return _number(when) if isinstance(when, datetime) else (when.toordinal() - _EPOCH_DAY) * _DAY_SECONDS


def _number(moment: datetime) -> int:
    return int(moment.timestamp())


def _text(value: object) -> str:
    """``value``, which is a text. Raises `TypeError`."""
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r}")
    return value


def _finite(value: float) -> float:
    """``value``, which is a finite number. Raises `TypeError` or `ValueError`."""
    if not math.isfinite(value):
        raise ValueError(f"no number: {value!r}")
    return value


def _moment(number: int) -> datetime:
    return datetime.fromtimestamp(number, UTC)


def _date_of(stamp: int) -> date:
    return date.fromordinal(stamp // _DAY_SECONDS + _EPOCH_DAY)


def _day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _after(day: str) -> str:
    """The date after ``day``: bars asked from there on join those up to it."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
