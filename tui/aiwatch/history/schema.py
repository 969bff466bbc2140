"""The tables of the history file and their version (SQLite's ``user_version``).

A daily bar's ``stamp`` is its local date at 00:00 UTC as seconds since 1970, an intraday bar's the second it starts at.
Prices are unadjusted. A daily bar is kept once it is final; ``final`` 0 is an intraday bar that was still under way.
"""

from __future__ import annotations

import sqlite3

VERSION = 1
"""The version this program writes. The file can be fetched again, so one of another version is begun anew."""

TABLES: dict[str, str] = {
    # whose bars they are; `complete_from` is empty where all there is was asked for, `complete_to` the last final date
    "series": "id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, interval TEXT NOT NULL, source TEXT NOT NULL, "
    "basis TEXT NOT NULL, zone TEXT NOT NULL, currency TEXT NOT NULL, fetched_at INTEGER NOT NULL, "
    "complete_from TEXT NOT NULL, complete_to TEXT NOT NULL, UNIQUE(symbol, interval, source)",
    "bars": "series INTEGER, stamp INTEGER, open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, "
    "close REAL NOT NULL, volume INTEGER, amount REAL, final INTEGER NOT NULL, PRIMARY KEY(series, stamp)",
    "events": "symbol TEXT, day TEXT, kind TEXT, value REAL NOT NULL, source TEXT, "
    "PRIMARY KEY(symbol, day, kind, source)",
    # sessions without a bar, and when the source was last asked for them
    "gaps": "series INTEGER, day TEXT, asked_at INTEGER NOT NULL, PRIMARY KEY(series, day)",
    # single facts, such as when a chart was last looked at
    "facts": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
}
"""Every table by its name, with its columns."""

_WITH_ROWID = frozenset({"series"})


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables that are not there. Raises `sqlite3.DatabaseError` ("malformed") for a file of another version or
    with other columns."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    kinds = dict(connection.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
    if version == VERSION and kinds.keys() == TABLES.keys() and _are_sound(connection):
        return
    if kinds:
        raise sqlite3.DatabaseError(f"malformed: tables of version {version}, and this aiwatch knows {VERSION}")
    connection.execute("BEGIN IMMEDIATE")
    for name, columns in TABLES.items():
        ending = "" if name in _WITH_ROWID else " WITHOUT ROWID"
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}){ending}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _are_sound(connection: sqlite3.Connection) -> bool:
    for name, columns in TABLES.items():
        head = columns.partition(", PRIMARY KEY(")[0].partition(", UNIQUE(")[0]
        expected = [column.split()[0] for column in head.split(", ")]
        if [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] != expected:
            return False
    return True
