"""The tables of the archive and their version (SQLite's ``user_version``).

Moments are whole microseconds since 1970, UTC, so that they come back exactly; dates are ISO 8601 text.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

VERSION = 2
"""The version this program writes. A file of a later one is left alone."""

TABLES: dict[str, str] = {
    # the last quote of each symbol; `told` is a JSON object of the figures
    "quotes": "symbol TEXT PRIMARY KEY, as_of INTEGER NOT NULL, told TEXT NOT NULL",
    # the last price of each `TICK_SECONDS`; `at` is the bucket's first second since 1970
    "ticks": "symbol TEXT, at INTEGER, price REAL NOT NULL, PRIMARY KEY (symbol, at)",
    # the last price of each pair of currencies a UTC day: units of the second for one of the first
    "rates": "pair TEXT, day TEXT, rate REAL NOT NULL, as_of INTEGER NOT NULL, PRIMARY KEY (pair, day)",
    # the price each local trading day closed at, as seen after the close
    "closes": "symbol TEXT, day TEXT, price REAL NOT NULL, as_of INTEGER NOT NULL, PRIMARY KEY (symbol, day)",
    # what calendars say of each local day; without an open it is a holiday
    "sessions": "exchange TEXT, day TEXT, opens INTEGER, break_starts INTEGER, break_ends INTEGER, closes INTEGER, "
    "is_half INTEGER NOT NULL, PRIMARY KEY (day, exchange)",
    # what was told of the watchlists' rules; `rearmed` once the person let the rule fire again
    "alerts": "fired_at INTEGER, symbol TEXT, rule TEXT, level REAL, value REAL NOT NULL, decimals INTEGER NOT NULL, "
    "as_of INTEGER NOT NULL, caveat TEXT NOT NULL, rearmed INTEGER NOT NULL, "
    "PRIMARY KEY (fired_at, symbol, rule, level)",
    # single facts about the archive itself
    "facts": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
}
"""Every table by its name, with its columns."""

TICK_SECONDS = 180
"""How far apart kept ticks are: 480 of a symbol in 24 hours at the most."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class FutureVersion(Exception):
    """The file was written by a later aiwatch."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}, and this aiwatch knows {VERSION}")
        self.version = version


def prepare(connection: sqlite3.Connection) -> None:
    """Make sure that the tables are there, also those that an earlier version had not yet.

    Raises `FutureVersion`, and `sqlite3.Error` for an unusable file.
    """
    version = version_of(connection)
    if version == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}) WITHOUT ROWID")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the file, 0 for a new one. Raises `FutureVersion` for a later one than `VERSION`."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise FutureVersion(version)
    return int(version)


def to_number(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def to_moment(number: int) -> datetime:
    """The moment of microseconds since 1970. Raises `OverflowError` or `TypeError` for what is none."""
    return _EPOCH + number * _MICROSECOND
