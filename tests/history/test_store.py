"""The history file: what goes in comes out, what is not final stays out, and a broken file is begun anew."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.history.keeper import HistoryKeeper
from aiwatch.history.store import HistoryStore, closes_of
from aiwatch.market.bars import Interval, adjusted
from aiwatch.market.symbol import parse_symbol
from tests.market.bars.fixtures import FETCHED, MONDAY, daily, dividend, minutes, split, weekdays

ENVICOOL = parse_symbol("002837.SZ")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[HistoryStore]:
    opened = HistoryStore.open(tmp_path / "cache" / "history.sqlite3")
    yield opened
    opened.close()


def test_a_series_comes_back_as_it_went_in(store: HistoryStore) -> None:
    events = [dividend(MONDAY, 0.5)._replace(source="yahoo"), split(date(2025, 8, 6), 2)._replace(source="yahoo")]
    series = replace(daily([10, 11, 12, 13], events), missing=(date(2025, 8, 1),), complete_from=MONDAY)
    store.write(series)
    assert store.read(ENVICOOL, Interval.DAY, "tencent") == series
    assert store.read(ENVICOOL, Interval.DAY, "sina") is None
    (stored,) = store.kept(ENVICOOL, Interval.DAY)
    assert stored == ("tencent", FETCHED, MONDAY, date(2025, 8, 7), 4, 1)
    part = store.read(ENVICOOL, Interval.DAY, "tencent", date(2025, 8, 6))
    assert part is not None
    assert [bar.close for bar in part.bars] == [12, 13]
    assert part.events == series.events


def test_a_day_that_is_not_final_is_not_kept(store: HistoryStore) -> None:
    series = daily([10, 11])
    store.write(replace(series, bars=(series.bars[0], series.bars[1]._replace(final=False))))
    stored = store.read(ENVICOOL, Interval.DAY, "tencent")
    assert stored is not None
    assert [bar.close for bar in stored.bars] == [10]
    assert store.kept(ENVICOOL, Interval.DAY)[0].complete_to == MONDAY


def test_adjusted_prices_are_never_kept(store: HistoryStore) -> None:
    with pytest.raises(ValueError, match="never kept"):
        store.write(adjusted(daily([10, 11], [dividend(date(2025, 8, 5), 1)])))


def test_a_minute_under_way_is_kept_and_replaced(store: HistoryStore) -> None:
    opens = datetime(2025, 8, 4, 1, 30, tzinfo=UTC)
    first = minutes([opens, opens + timedelta(minutes=1)], [10, 11])
    store.write(replace(first, bars=(first.bars[0], first.bars[1]._replace(final=False))))
    store.write(replace(first, bars=(first.bars[1]._replace(close=11.5, high=12),)))
    stored = store.read(ENVICOOL, Interval.MINUTE, "tencent", MONDAY)
    assert stored is not None
    assert [(bar.when, bar.close, bar.final) for bar in stored.bars] == [
        (opens, 10, True),
        (opens + timedelta(minutes=1), 11.5, True),
    ]


def test_old_minutes_are_pruned_and_days_stay(store: HistoryStore) -> None:
    opens = datetime(2025, 8, 4, 1, 30, tzinfo=UTC)
    store.write(minutes([opens, opens + timedelta(days=5)], [10, 11]))
    store.write(daily([10, 11, 12]))
    assert store.prune(opens + timedelta(days=11)) == 1
    assert store.kept(ENVICOOL, Interval.MINUTE)[0].bar_count == 1
    assert store.kept(ENVICOOL, Interval.DAY)[0].bar_count == 3


@pytest.mark.parametrize(
    ("first_from", "second_start", "second_from", "complete_from"),
    [
        (MONDAY, 5, date(2025, 8, 9), MONDAY),  # joined to what was kept: it reaches further back than was asked
        (MONDAY, 25, date(2025, 9, 8), date(2025, 9, 8)),  # a hole between the two
        (MONDAY, 0, None, None),  # all there is
        (None, 5, date(2025, 8, 9), None),
    ],
)
def test_what_is_complete_grows_while_the_parts_touch(
    store: HistoryStore,
    first_from: date | None,
    second_start: int,
    second_from: date | None,
    complete_from: date | None,
) -> None:
    store.write(replace(daily([10] * 5), complete_from=first_from))
    start = weekdays(MONDAY, second_start + 1)[-1]
    store.write(replace(daily([11] * 3, first=start), complete_from=second_from))
    (stored,) = store.kept(ENVICOOL, Interval.DAY)
    assert stored.complete_from == complete_from


def test_a_gap_is_kept_until_it_is_filled(store: HistoryStore) -> None:
    series = daily([10, 11, 12])
    missing = weekdays(MONDAY, 3)[1]
    store.write(replace(series, bars=(series.bars[0], series.bars[2]), missing=(missing,)))
    stored = store.read(ENVICOOL, Interval.DAY, "tencent")
    assert stored is not None
    assert stored.missing == (missing,)
    assert store.gap_asked_at(ENVICOOL, Interval.DAY, "tencent") == FETCHED
    store.write(series)
    assert store.gap_asked_at(ENVICOOL, Interval.DAY, "tencent") is None


@pytest.mark.parametrize(("closes", "days"), [([10, 11, 12], []), ([10, 11.01, 12], []), ([10, 11.5, 12.2], [2, 1])])
def test_two_sources_that_differ_by_more_than_a_cent_are_both_named(
    store: HistoryStore, closes: list[float], days: list[int]
) -> None:
    store.write(daily([10, 11, 12]))
    store.write(replace(daily(closes), source="sina"))
    conflicts = store.conflicts(ENVICOOL)
    assert [conflict.day for conflict in conflicts] == [weekdays(MONDAY, 3)[at] for at in days]
    for conflict, at in zip(conflicts, days, strict=True):
        assert (conflict.source, conflict.close) == ("sina", closes[at])
        assert (conflict.other_source, conflict.other_close) == ("tencent", [10, 11, 12][at])


def test_the_events_of_one_source_are_not_counted_twice(store: HistoryStore) -> None:
    store.write(daily([10, 11], [dividend(MONDAY, 0.5)]))
    both = [dividend(MONDAY, 0.5), dividend(date(2025, 8, 5), 0.2)]
    store.write(replace(daily([10, 11], both), source="yahoo"))
    assert [(event.value, event.source) for event in store.events(ENVICOOL)] == [(0.5, "yahoo"), (0.2, "yahoo")]


def _write_garbage(path: Path) -> None:
    path.write_bytes(b"no database at all, and long enough to be looked at" * 40)


def _other_version(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bars (a)")
        connection.execute("PRAGMA user_version = 9")
    connection.close()


def _other_columns(path: Path) -> None:
    HistoryStore.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE bars ADD COLUMN more")
    connection.close()


@pytest.mark.parametrize("break_it", [_write_garbage, _other_version, _other_columns])
async def test_a_broken_file_is_put_aside_and_begun_anew(
    tmp_path: Path, break_it: Callable[[Path], None], now: datetime
) -> None:
    path = tmp_path / "history.sqlite3"
    await asyncio.to_thread(break_it, path)
    series = daily([10, 11])
    async with HistoryKeeper(path, lambda: now) as keeper:
        await keeper.run(lambda store: store.write(series), None)
        assert await keeper.run(lambda store: store.read(ENVICOOL, Interval.DAY, "tencent"), None) == series
        assert "was damaged" in keeper.trouble
    asides = await asyncio.to_thread(lambda: list(tmp_path.glob("history.sqlite3.corrupt-*[0-9]")))
    assert len(asides) == 1


SPOILED = {
    "bytes for a price": "UPDATE bars SET close = x'ff'",
    "a text for a price": "UPDATE bars SET open = 'ten'",
    "an endless price": "UPDATE bars SET high = 9e999",
    "a text for a volume": "UPDATE bars SET volume = 'much'",
    "bytes for an amount": "UPDATE bars SET amount = x'00'",
    "the year 9999": "UPDATE bars SET stamp = 253402300799 WHERE stamp = (SELECT max(stamp) FROM bars)",
    "a time that is none": "UPDATE bars SET stamp = 'soon' WHERE stamp = (SELECT max(stamp) FROM bars)",
    "no such basis": "UPDATE series SET basis = 'bent'",
    "bytes for a zone": "UPDATE series SET zone = x'ff'",
    "bytes for a currency": "UPDATE series SET currency = x'ff'",
    "fetched in no year": f"UPDATE series SET fetched_at = {2**62}",
    "fetched at a word": "UPDATE series SET fetched_at = 'soon'",
    "complete from no day": "UPDATE series SET complete_from = 'always'",
    "an event on no day": "INSERT INTO events VALUES ('002837.SZ', 'never', 'split', 2, 'tencent')",
    "an event of no kind": "INSERT INTO events VALUES ('002837.SZ', '2026-01-05', 'gift', 2, 'tencent')",
    "an endless event": "INSERT INTO events VALUES ('002837.SZ', '2026-01-05', 'split', 9e999, 'tencent')",
    "a text for an event": "INSERT INTO events VALUES ('002837.SZ', '2026-01-05', 'split', 'two', 'tencent')",
    "a gap on no day": "INSERT INTO gaps VALUES (1, x'ff', 0)",
}


@pytest.mark.parametrize("name", SPOILED)
async def test_a_value_that_can_be_none_puts_the_file_aside(tmp_path: Path, name: str, now: datetime) -> None:
    path = tmp_path / "history.sqlite3"
    series = daily([10, 11])

    def spoil() -> None:
        with closing(HistoryStore.open(path)) as store:
            store.write(series)
            store.connection.execute(SPOILED[name])

    await asyncio.to_thread(spoil)
    async with HistoryKeeper(path, lambda: now) as keeper:
        assert await keeper.run(lambda store: store.read(ENVICOOL, Interval.DAY, "tencent"), None) is None
        assert "was damaged" in keeper.trouble


async def test_a_day_that_is_none_keeps_nothing_from_being_written(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "history.sqlite3"

    def spoil() -> None:
        with closing(HistoryStore.open(path)) as store:
            store.write(daily([10, 11]))
            store.connection.execute("UPDATE series SET complete_to = 'ever'")

    await asyncio.to_thread(spoil)
    series = replace(daily([10, 11, 12]), complete_from=date(2026, 1, 2))
    async with HistoryKeeper(path, lambda: now) as keeper:
        await keeper.run(lambda store: store.write(series), None)
        assert await keeper.run(lambda store: store.read(ENVICOOL, Interval.DAY, "tencent"), None) == series


def test_an_analysis_believes_no_bar_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    for name in ("bytes for a price", "an endless price", "the year 9999"):
        with closing(HistoryStore.open(path)) as store:
            store.write(daily([10, 11]))
            store.connection.execute(SPOILED[name])
            with pytest.raises(sqlite3.DatabaseError, match="malformed"):
                closes_of(store, ENVICOOL, "tencent")
        path.unlink()


async def test_a_folder_that_cannot_be_made_is_named_and_nothing_raises(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "cache").write_text("a file")
    async with HistoryKeeper(tmp_path / "cache" / "history.sqlite3", lambda: now) as keeper:
        assert await keeper.run(lambda store: store.fact("used"), "nothing") == "nothing"
        assert "cannot be used" in keeper.trouble


def test_a_file_that_is_looked_at_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    store = HistoryStore.open(path)
    store.write(daily([10]))
    store.close()
    looked = HistoryStore.look(path)
    assert looked.symbols() == (ENVICOOL,)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        looked.note("a", "b")
    looked.close()


def test_facts_are_kept(store: HistoryStore) -> None:
    assert store.fact("used") == ""
    store.note("used", "2025-08-15")
    assert store.fact("used") == "2025-08-15"
