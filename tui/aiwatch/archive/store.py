"""The archive's file while it is open in one thread: plain blocking reads and writes, each one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

from aiwatch.archive.pending import Pending, close_day, rate_pair
from aiwatch.archive.rows import ALERT_COLUMNS, DAY_COLUMNS, alert_to_row, day_to_row, row_to_day, to_row
from aiwatch.archive.schema import TABLES, as_text, check_file, check_tables, prepare, to_number, version_of
from aiwatch.market.calendar.session import Day, SessionAt
from aiwatch.market.quote import AHEAD, Quote

BUSY_SECONDS = 1.0
"""How long a write waits for another aiwatch to finish its own."""
PAGES_KIB = 512
"""Kibibytes of the file that are held in memory; SQLite would take two megabytes for the look at the whole file when it
is opened, and keep them."""

TICK_DAYS, QUOTE_DAYS, SESSION_DAYS, ALERT_DAYS, YEARS = 10, 400, 30, 400, 5
"""How long things are kept: ticks, the last quote of a symbol no longer followed, past sessions, alerts; closes and
rates."""
MOST_ALERTS = 5_000
"""Alerts kept at most, the newest."""

_QUOTE = """INSERT INTO quotes VALUES (?, ?, ?) ON CONFLICT (symbol)
DO UPDATE SET as_of = excluded.as_of, told = excluded.told WHERE excluded.as_of >= as_of OR as_of > ?"""
_TICK = "INSERT INTO ticks VALUES (?, ?, ?) ON CONFLICT (symbol, at) DO UPDATE SET price = excluded.price"
_RATE = """INSERT INTO rates VALUES (?, ?, ?, ?) ON CONFLICT (pair, day)
DO UPDATE SET rate = excluded.rate, as_of = excluded.as_of WHERE excluded.as_of >= as_of OR as_of > ?"""
_CLOSE = """INSERT INTO closes VALUES (?, ?, ?, ?) ON CONFLICT (symbol, day)
DO UPDATE SET price = excluded.price, as_of = excluded.as_of WHERE excluded.as_of >= as_of OR as_of > ?"""

_LAST_DAYS = """SELECT exchange, max(day) FROM sessions
WHERE typeof(exchange) = 'text' AND typeof(day) = 'text' AND day <= ? GROUP BY exchange"""

_PRUNE_ALERTS = """DELETE FROM alerts
WHERE fired_at < (SELECT fired_at FROM alerts ORDER BY fired_at DESC LIMIT 1 OFFSET ?)"""


class Store:
    """An open archive. Every method raises `sqlite3.Error` when the file cannot be used."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.text_factory = as_text

    @classmethod
    def open(cls, path: Path, *, most_pages: int | None = None) -> Self:
        """Open the file at ``path``, making it and its folder when they are not there.

        ``most_pages`` bounds its size in pages of 4 kB. Raises `sqlite3.Error`, `OSError` for the folder, and
        `FutureVersion` for a file of a later aiwatch.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        check_file(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            if most_pages is not None:
                connection.execute(f"PRAGMA max_page_count = {most_pages:d}")
            prepare(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA cache_size = -{PAGES_KIB}")
            damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if damage != "ok":
                raise sqlite3.DatabaseError(f"database disk image is malformed: {damage}")
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    @classmethod
    def look(cls, path: Path) -> Self:
        """Open an existing file to read it; nothing is made or changed. Raises `sqlite3.Error`."""
        address = f"{path.absolute().as_uri()}?mode=ro"
        check_file(path)
        return cls(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None))

    def close(self) -> None:
        """Close the file; what the last writes left beside it goes into it."""
        self.connection.close()

    def write(self, pending: Pending, sessions: SessionAt) -> None:
        """Keep what is ``pending``; an older quote never replaces a newer one, whichever run wrote that, but for
        one of a time that has not come yet."""
        quotes = pending.quotes.values()
        rates = ((rate_pair(quote.symbol), quote) for quote in quotes)
        closes = ((close_day(quote, sessions), quote) for quote in quotes)
        told_rates = [
            (pair, quote.as_of.date().isoformat(), quote.last, to_number(quote.as_of), _ahead(quote))
            for pair, quote in rates
            if pair
        ]
        told_closes = [
            (quote.symbol.text, day, quote.last, to_number(quote.as_of), _ahead(quote)) for day, quote in closes if day
        ]
        self._write(
            (_QUOTE, [(*to_row(quote), _ahead(quote)) for quote in quotes]),
            (_TICK, [(symbol, at, price) for (symbol, at), price in pending.ticks.items()]),
            (_RATE, told_rates),
            (_CLOSE, told_closes),
            (_insert("alerts", ALERT_COLUMNS), map(alert_to_row, pending.alerts.values())),
        )

    def write_days(self, days: Iterable[Day]) -> None:
        """Keep what calendars say of ``days``."""
        self._write((_insert("sessions", DAY_COLUMNS), map(day_to_row, days)))

    def days(self, first: date, last: date) -> tuple[Day, ...]:
        """What is kept of the local days from ``first`` to ``last``."""
        rows = self.connection.execute(
            f"SELECT {DAY_COLUMNS} FROM sessions WHERE day BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
        )
        return tuple(day for row in rows if (day := row_to_day(row)) is not None)

    def last_days(self, until: date = date(2099, 12, 31)) -> dict[str, str]:
        """The last local date (ISO) up to ``until`` that is known of each exchange, by its code."""
        return dict(self.connection.execute(_LAST_DAYS, (until.isoformat(),)))

    def fact(self, name: str) -> str:
        """A fact kept about the archive; empty when there is none."""
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Keep a fact about the archive."""
        self._write(("INSERT OR REPLACE INTO facts VALUES (?, ?)", [(name, value)]))

    def prune(self, now: datetime) -> int:
        """Delete what is too old to be of use; returns how many rows that was."""
        before = self.connection.total_changes
        old = now - timedelta(days=366 * YEARS)
        second = int(now.timestamp())
        self._write(
            ("DELETE FROM ticks WHERE at < ?", [(second - TICK_DAYS * 86_400,)]),
            (
                "DELETE FROM ticks WHERE at < (SELECT as_of / 1000000 - 86400 FROM quotes WHERE symbol = ticks.symbol)",
                [()],
            ),
            ("DELETE FROM quotes WHERE as_of < ?", [(to_number(now - timedelta(days=QUOTE_DAYS)),)]),
            ("DELETE FROM sessions WHERE day < ?", [((now - timedelta(days=SESSION_DAYS)).date().isoformat(),)]),
            ("DELETE FROM alerts WHERE fired_at < ?", [(to_number(now - timedelta(days=ALERT_DAYS)),)]),
            (_PRUNE_ALERTS, [(MOST_ALERTS - 1,)]),
            ("DELETE FROM closes WHERE day < ?", [(old.date().isoformat(),)]),
            ("DELETE FROM rates WHERE day < ?", [(old.date().isoformat(),)]),
        )
        return self.connection.total_changes - before

    def examine(self) -> tuple[int, dict[str, int]]:
        """The file's version and the rows of each table, after a look at every page.

        Raises `FutureVersion`, and `sqlite3.DatabaseError` for what is damaged.
        """
        version = version_of(self.connection)
        damage = self.connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if damage != "ok":
            raise sqlite3.DatabaseError(f"database disk image is malformed: {damage}")
        if not check_tables(self.connection):
            raise sqlite3.DatabaseError("malformed: a table is missing")
        return version, self.counts()

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: self.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}

    def _write(self, *statements: tuple[str, Iterable[tuple[object, ...]]]) -> None:
        """Run every statement with its rows, all or none."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            for statement, rows in statements:
                self.connection.executemany(statement, rows)
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise


def _ahead(quote: Quote) -> int:
    """The time after which a kept ``as_of`` is a mistake: of a clock that was wrong then, or of the file."""
    return to_number(quote.received_at + AHEAD)


def _insert(table: str, columns: str) -> str:
    marks = ", ".join("?" * (columns.count(",") + 1))
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})"
