"""The tables of the archive and their version (SQLite's ``user_version``).

Moments are whole microseconds since 1970, UTC, so that they come back exactly; dates are ISO 8601 text.
"""

from __future__ import annotations

import errno
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiwatch.files.bounded import require_regular

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
    # the alerts of the watchlists' rules; `rearmed` once the person let the rule fire again
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
_EARLIEST, _LATEST = (int((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) / _MICROSECOND) for year in (2000, 2100))
BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file, by the end of its name."""


class FutureVersion(Exception):
    """The file was written by a later aiwatch."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}, and this aiwatch knows {VERSION}")
        self.version = version


def prepare(connection: sqlite3.Connection) -> None:
    """Make sure that the tables are there, also those that an earlier version had not yet or that somebody dropped.

    Raises `FutureVersion`, and `sqlite3.Error` for an unusable file.
    """
    version = version_of(connection)
    if check_tables(connection) and version == VERSION:
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


def check_tables(connection: sqlite3.Connection) -> bool:
    """Whether all tables are there. Raises `sqlite3.DatabaseError` for one of other columns, a view or a trigger."""
    kinds = dict(connection.execute("SELECT name, type FROM sqlite_master"))
    for name, kind in kinds.items():
        if kind in ("view", "trigger") or (name in TABLES and kind != "table"):
            raise sqlite3.DatabaseError(f"malformed: {name!r} is a {kind}")
    for name in TABLES.keys() & kinds.keys():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        if columns != _columns_of(name):
            raise sqlite3.DatabaseError(f"malformed: the table {name} has other columns")
    return TABLES.keys() <= kinds.keys()


def _columns_of(name: str) -> list[str]:
    words = [column.split()[0] for column in TABLES[name].split(", PRIMARY KEY (")[0].split(", ")]
    return [word for word in words if word]


def check_file(path: Path) -> None:
    """Raise `sqlite3.DatabaseError` where ``path``, or what SQLite keeps beside it, is there and no regular file: to
    open a named pipe or a device would wait for ever."""
    for file in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        try:
            require_regular(file, file.stat().st_mode)
        except FileNotFoundError:
            continue
        except OSError as error:
            if error.errno == errno.EINVAL:
                raise sqlite3.DatabaseError(f"malformed: {file.name}: {error.strerror}") from None
            return  # a folder, or one that may not be looked at: SQLite says so, and does not wait


def as_text(data: bytes) -> str:
    """A text as the file has it; what is not UTF-8 is replaced, so that one bad row does not hide the others."""
    return data.decode("utf-8", "replace")


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
    """The moment of microseconds since 1970.

    Raises `OverflowError` for one that is not of this century, before which and after which there is no arithmetic to
    be trusted, and `TypeError` for what is no number.
    """
    if not _EARLIEST <= number < _LATEST:
        raise OverflowError(f"{number} is no moment of an archive")
    return _EPOCH + number * _MICROSECOND
