"""What the archive knows, read at once before the first paint. Makes nothing and changes nothing.

The archive reports whatever is wrong with the file when it opens it to write; here it is as good as empty.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiwatch.archive import NO_LAST_STATE, LastState
from aiwatch.archive.rows import ALERT_COLUMNS, DAY_COLUMNS, row_to_alert, row_to_day, to_quote
from aiwatch.archive.schema import as_text, check_file, check_tables, version_of
from aiwatch.market.calendar.hours import midnight
from aiwatch.market.calendar.session import Day
from aiwatch.market.quote import AHEAD, Quote, is_ahead
from aiwatch.market.symbol import Symbol
from aiwatch.watchlist.alerts.rules import Alert

DAYS_BEHIND, DAYS_AHEAD = 12, 20
"""The days around today that are read: the longest holidays on both sides."""

ALERTS_BEHIND = 500
"""Alerts that are read at most, the newest."""

_ALERTS_SINCE = 2
"""The first version of the file that has alerts."""
_CHECKED_BYTES = 2 * 2**20
"""A file up to this size is looked through before it is trusted, which takes some milliseconds."""
_ABSURD = 1e9
"""No price reaches this."""
_WAIT = 0.05
"""Seconds to wait at most for a file that another program holds."""
_TICKS = "SELECT group_concat(price) FROM (SELECT price FROM ticks WHERE symbol = ? AND at >= ? ORDER BY at LIMIT 1000)"


def recall(path: Path, symbols: Collection[Symbol], now: datetime) -> LastState:
    """What is kept at ``path`` of ``symbols``, of currencies, of the days around ``now``, and the last alerts; nothing
    when it cannot be read."""
    if not path.exists():
        return NO_LAST_STATE
    with suppress(Exception):  # whatever is wrong with the file, the screen opens
        check_file(path)
        return _recalled(path, symbols, now)
    return NO_LAST_STATE


def _recalled(path: Path, symbols: Collection[Symbol], now: datetime) -> LastState:
    # While nobody has it open, SQLite has to know: else it would make files beside it, which a folder may not take.
    is_open = path.with_name(f"{path.name}-wal").exists()
    address = f"{path.absolute().as_uri()}?{'mode=ro' if is_open else 'immutable=1'}"
    with closing(sqlite3.connect(address, uri=True, timeout=_WAIT)) as connection:
        connection.text_factory = as_text
        check_tables(connection)
        _check_pages(connection, path)
        has_alerts = version_of(connection) >= _ALERTS_SINCE
        quotes = _quotes(connection, {symbol.text: symbol for symbol in symbols}, now)
        prices = {quote.symbol: day_prices for quote in quotes if (day_prices := _prices(connection, quote))}
        alerts = _alerts(connection, now) if has_alerts else ()
        return LastState(quotes, prices, _days(connection, now.date()), alerts)


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `sqlite3.DatabaseError` for a damaged file, unless it is too large to look at before the first paint."""
    if path.stat().st_size <= _CHECKED_BYTES and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("malformed")


def _quotes(connection: sqlite3.Connection, symbols: dict[str, Symbol], now: datetime) -> tuple[Quote, ...]:
    rows = connection.execute("SELECT symbol, as_of, told FROM quotes WHERE typeof(symbol) = 'text'")
    recalled = (to_quote(row, symbols.get(row[0])) for row in rows if row[0] in symbols or row[0].endswith("=X"))
    return tuple(quote for quote in recalled if quote is not None and not is_ahead(quote, now))


def _prices(connection: sqlite3.Connection, quote: Quote) -> tuple[float, ...]:
    """The prices of the local day of ``quote``, oldest first."""
    zone = ZoneInfo(quote.symbol.zone)
    start = midnight(quote.as_of.astimezone(zone).date(), zone)
    (joined,) = connection.execute(_TICKS, (quote.symbol.text, int(start.timestamp()))).fetchone()
    try:
        prices = tuple(map(float, joined.split(","))) if isinstance(joined, str) else ()
    except ValueError:
        return ()
    return tuple(price for price in prices if 0 < price < _ABSURD)


def _days(connection: sqlite3.Connection, today: date) -> tuple[Day, ...]:
    first, last = today - timedelta(days=DAYS_BEHIND), today + timedelta(days=DAYS_AHEAD)
    rows = connection.execute(
        f"SELECT {DAY_COLUMNS} FROM sessions WHERE day BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
    )
    return tuple(day for row in rows if (day := row_to_day(row)) is not None)


def _alerts(connection: sqlite3.Connection, now: datetime) -> tuple[Alert, ...]:
    """The last alerts, newest first."""
    rows = connection.execute(f"SELECT {ALERT_COLUMNS} FROM alerts ORDER BY fired_at DESC LIMIT {ALERTS_BEHIND}")
    alerts = (alert for row in rows if (alert := row_to_alert(row)) is not None)
    return tuple(alert for alert in alerts if alert.fired_at <= now + AHEAD)
