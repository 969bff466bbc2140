"""The log of alerts in the archive: kept, re-armed, bounded, taken over from an earlier version, and read back."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from aiwatch.archive.pending import MOST_ALERTS, Pending
from aiwatch.archive.recall import ALERTS_BEHIND, recall
from aiwatch.archive.rows import alert_to_row, row_to_alert
from aiwatch.archive.schema import VERSION
from aiwatch.archive.store import ALERT_DAYS, Store
from aiwatch.market.calendar.session import session_at
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist.alerts.rules import Alert, Trigger
from tests.archive.kept import MINUTE, NOW, contents, looked_into, make_quote, put, rows, settled, started, write

ALERT = Alert(parse_symbol("002837.SZ"), Trigger.ABOVE, 60.0, 60.05, 2, NOW - MINUTE, NOW, "15 min delayed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the archive is to be."""
    return tmp_path / "archive.sqlite"


def write_alerts(path: Path, *alerts: Alert) -> None:
    """Write ``alerts`` to the archive at ``path``."""
    pending = Pending()
    pending.add_alerts(alerts)
    with closing(Store.open(path)) as store:
        store.write(pending, session_at)


def recalled(path: Path) -> tuple[Alert, ...]:
    """The alerts that the next start would know."""
    return recall(path, [], NOW).alerts


@pytest.mark.parametrize("trigger", list(Trigger))
def test_every_alert_comes_back_as_it_was(path: Path, trigger: Trigger) -> None:
    alert = replace(ALERT, trigger=trigger)
    write_alerts(path, alert)
    assert recalled(path) == (alert,)


def test_the_newest_come_first_and_not_all(path: Path) -> None:
    alerts = [replace(ALERT, fired_at=NOW - number * MINUTE) for number in range(ALERTS_BEHIND + 5)]
    write_alerts(path, *reversed(alerts))
    assert recalled(path) == tuple(alerts[:ALERTS_BEHIND])


def test_what_was_rearmed_takes_the_place_of_what_had_fired(path: Path) -> None:
    write_alerts(path, ALERT)
    write_alerts(path, replace(ALERT, rearmed=True))
    assert recalled(path) == (replace(ALERT, rearmed=True),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"symbol": "?"},
        {"rule": "beside"},
        {"level": None},
        {"value": "much"},
        {"value": float("inf")},
        {"decimals": 99},
        {"as_of": 10**20},
        {"caveat": 7},
    ],
)
def test_a_row_that_does_not_read_is_left_out(wrong: dict[str, Any]) -> None:
    names = ("fired_at", "symbol", "rule", "level", "value", "decimals", "as_of", "caveat", "rearmed")
    row = dict(zip(names, alert_to_row(ALERT), strict=True))
    assert row_to_alert(tuple(row.values())) == ALERT  # type: ignore[arg-type]
    assert row_to_alert(tuple((row | wrong).values())) is None  # type: ignore[arg-type]


def test_control_characters_stay_out() -> None:
    row = alert_to_row(replace(ALERT, caveat="late\x1b[31m\n"))
    assert row_to_alert(row) == replace(ALERT, caveat="late[31m")


def test_a_file_of_the_version_before_is_read_and_gets_the_table(path: Path) -> None:
    write(path, make_quote())
    with looked_into(path) as connection:
        connection.execute("DROP TABLE alerts")
        connection.execute("PRAGMA user_version = 1")
    before = recall(path, [make_quote().symbol], NOW)
    assert (before.quotes, before.alerts) == ((make_quote(),), ())
    write_alerts(path, ALERT)
    assert rows(path, "PRAGMA user_version") == [(VERSION,)]
    after = recall(path, [make_quote().symbol], NOW)
    assert (after.quotes, after.alerts) == ((make_quote(),), (ALERT,))


def test_old_alerts_and_those_beyond_the_most_are_pruned(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiwatch.archive.store.MOST_ALERTS", 3)
    old = replace(ALERT, fired_at=NOW - timedelta(days=ALERT_DAYS, minutes=1))
    write_alerts(path, old, ALERT)
    with closing(Store.open(path)) as store:
        assert store.prune(NOW) == 1
        assert recalled(path) == (ALERT,)
    alerts = [replace(ALERT, fired_at=NOW - number * MINUTE) for number in range(5)]
    write_alerts(path, *alerts)
    with closing(Store.open(path)) as store:
        assert store.prune(NOW) == 2
        assert store.counts()["alerts"] == 3
    assert recalled(path) == tuple(alerts[:3])


def test_what_waits_for_a_file_is_bounded() -> None:
    pending = Pending()
    assert not pending
    pending.add_alerts(replace(ALERT, fired_at=NOW - number * MINUTE) for number in range(MOST_ALERTS + 10))
    assert pending
    assert len(pending.alerts) == MOST_ALERTS


async def test_an_alert_is_written_at_once_though_quotes_wait(path: Path) -> None:
    async with started(path, write_seconds=3600) as archive:
        archive.keep((make_quote(),))
        archive.keep((make_quote(last=60.0),))
        archive.keep_alerts((ALERT,))
        await settled(archive)
        assert await settled_rows(path) == [(60.05,)]


async def test_a_damaged_file_is_put_aside_and_the_alert_kept_in_the_new_one(path: Path) -> None:
    await asyncio.to_thread(put, path, b"no database" * 1000)
    async with started(path) as archive:
        archive.keep_alerts((ALERT,))
        await settled(archive)
        assert await settled_rows(path) == [(60.05,)]
    assert "was damaged" in str(archive.trouble)


async def test_a_file_of_a_later_version_is_left_alone(path: Path) -> None:
    await asyncio.to_thread(write, path, make_quote())
    with looked_into(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = await asyncio.to_thread(contents, path)
    async with started(path) as archive:
        archive.keep_alerts((ALERT,))
        await settled(archive)
    assert "later aiwatch" in str(archive.trouble)
    assert await asyncio.to_thread(contents, path) == before


async def settled_rows(path: Path) -> list[tuple[Any, ...]]:
    """The values of all alerts in the file."""
    return await asyncio.to_thread(rows, path, "SELECT value FROM alerts")
