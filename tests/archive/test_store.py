"""What is written, what is read before the first paint, and what is pruned."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aiwatch.archive import NO_LAST_STATE
from aiwatch.archive.pending import MOST_TICKS, Pending, close_day
from aiwatch.archive.recall import recall
from aiwatch.archive.schema import TABLES, VERSION
from aiwatch.archive.store import PAGES_KIB, Store
from aiwatch.market.calendar.session import Calendar, session_at
from aiwatch.market.quote import Trading
from aiwatch.market.symbol import parse_symbol
from tests.archive.kept import MINUTE, NOW, make_quote, rows, write
from tests.market.days import GOLDEN_WEEK, local, trading

ENVICOOL, NVDA = parse_symbol("002837.SZ"), parse_symbol("NVDA")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the archive is to be."""
    return tmp_path / "state" / "archive.sqlite"


def test_there_is_nothing_to_recall_at_first_and_nothing_is_made(path: Path) -> None:
    assert recall(path, [ENVICOOL], NOW) is NO_LAST_STATE
    assert not path.parent.exists()


def test_what_was_written_is_recalled(path: Path) -> None:
    write(
        path, *(make_quote(last=50 + number, at=NOW + 3 * number * MINUTE) for number in range(5)), make_quote("NVDA")
    )
    write(path, make_quote("CNY=X", 7.1, decimals=4))
    result = recall(path, [ENVICOOL], NOW + 12 * MINUTE)
    assert {quote.symbol.text: quote.last for quote in result.quotes} == {"002837.SZ": 54, "CNY=X": 7.1}
    assert result.prices[ENVICOOL] == (50, 51, 52, 53, 54)
    assert result.quotes[0].as_of in (NOW + 12 * MINUTE, NOW)
    assert rows(path, "PRAGMA user_version") == [(VERSION,)]


def test_only_the_day_of_the_last_quote_is_recalled_by_the_exchanges_own_clock(path: Path) -> None:
    evening = local("US", "2026-11-20T15:59")  # already Saturday in Shanghai
    write(path, make_quote("NVDA", 99, local("US", "2026-11-19T15:59")), make_quote("NVDA", 100, evening - 9 * MINUTE))
    write(path, make_quote("NVDA", 101, evening))
    assert recall(path, [NVDA], NOW).prices == {NVDA: (100, 101)}


def test_little_of_the_file_is_held_in_memory(path: Path) -> None:
    with closing(Store.open(path)) as store:
        assert store.connection.execute("PRAGMA cache_size").fetchone() == (-PAGES_KIB,)


def test_an_older_quote_never_takes_the_place_of_a_newer_one(path: Path) -> None:
    write(path, make_quote(last=60))
    write(path, make_quote(last=59, at=NOW - MINUTE))
    assert [quote.last for quote in recall(path, [ENVICOOL], NOW).quotes] == [60]
    pending = Pending()
    pending.add([make_quote(last=60), make_quote(last=59, at=NOW - MINUTE)])
    assert [quote.last for quote in pending.quotes.values()] == [60]


def test_ticks_are_bounded_however_fast_they_come(path: Path) -> None:
    start = local("SSE", "2026-11-23T00:00")
    write(path, *(make_quote(last=50 + number, at=start + timedelta(seconds=20 * number)) for number in range(4320)))
    assert rows(path, "SELECT count(*) FROM ticks") == [(480,)]
    pending = Pending()
    pending.add(make_quote(at=NOW + number * 4 * MINUTE) for number in range(MOST_TICKS + 10))
    assert len(pending.ticks) == MOST_TICKS


def test_only_trades_become_ticks(path: Path) -> None:
    write(path, make_quote(trading=Trading.AUCTION))
    assert rows(path, "SELECT count(*) FROM ticks") == [(0,)]
    assert rows(path, "SELECT count(*) FROM quotes") == [(1,)]


def test_rates_are_kept_a_day(path: Path) -> None:
    write(path, make_quote("CNY=X", 7.1), make_quote("EURUSD=X", 1.1))
    write(path, make_quote("CNY=X", 7.2, NOW + MINUTE))
    write(path, make_quote("CNY=X", 7.3, NOW + timedelta(days=1)))
    assert rows(path, "SELECT pair, day, rate FROM rates ORDER BY pair, day") == [
        ("EURUSD", "2026-11-23", 1.1),
        ("USDCNY", "2026-11-23", 7.2),
        ("USDCNY", "2026-11-24", 7.3),
    ]


@pytest.mark.parametrize(
    ("symbol", "moment", "day"),
    [
        ("002837.SZ", "2026-11-23T14:59", None),
        ("002837.SZ", "2026-11-23T12:00", None),
        ("002837.SZ", "2026-11-23T15:00", "2026-11-23"),
        ("002837.SZ", "2026-11-23T16:14", "2026-11-23"),
        ("002837.SZ", "2026-11-23T18:14", None),
        ("NVDA", "2026-11-20T16:00", "2026-11-20"),
        ("NVDA", "2026-11-20T16:40", None),
        ("CNY=X", "2026-11-21T00:00", None),
    ],
)
def test_a_price_of_just_after_the_close_tells_that_days_close(symbol: str, moment: str, day: str | None) -> None:
    at = local(parse_symbol(symbol).exchange.code, moment)
    assert close_day(make_quote(symbol, at=at), session_at) == day
    assert close_day(make_quote(symbol, at=at, trading=Trading.SUSPENDED), session_at) is None


def test_closes_follow_the_calendar(path: Path) -> None:
    half = Calendar([trading("HKEX", "2026-12-24", ("09:30", "", "", "12:00"), half=True)])
    pending = Pending()
    pending.add([make_quote("0700.HK", 600, local("HKEX", "2026-12-24T12:10"))])
    with closing(Store.open(path)) as store:
        store.write(pending, half)
    assert rows(path, "SELECT symbol, day, price FROM closes") == [("0700.HK", "2026-12-24", 600)]


def test_days_are_kept_and_recalled_around_today(path: Path) -> None:
    with closing(Store.open(path)) as store:
        store.write_days(GOLDEN_WEEK)
        assert set(store.days(GOLDEN_WEEK[0].date, GOLDEN_WEEK[-1].date)) == set(GOLDEN_WEEK)
        assert store.last_days() == {"SSE": "2026-10-08"}
    result = recall(path, [], local("SSE", "2026-10-01T10:00"))
    assert set(result.days) == set(GOLDEN_WEEK)
    assert recall(path, [], local("SSE", "2027-10-01T10:00")).days == ()


def test_pruning_deletes_what_is_of_no_use(path: Path) -> None:
    write(path, make_quote(at=NOW - timedelta(days=2)), make_quote("NVDA", at=NOW - timedelta(days=12)))
    write(path, make_quote(at=NOW), make_quote("0700.HK", at=NOW - timedelta(days=500)))
    with closing(Store.open(path)) as store:
        store.write_days([*GOLDEN_WEEK, trading("SSE", "2026-11-23")])
        assert store.prune(NOW) > 0
        assert store.prune(NOW) == 0
        counts = store.counts()
    assert set(counts) == set(TABLES)
    assert (counts["quotes"], counts["ticks"], counts["sessions"]) == (2, 1, 1)
    assert {quote.symbol.text for quote in recall(path, [ENVICOOL, NVDA], NOW).quotes} == {"002837.SZ", "NVDA"}


def test_a_row_that_does_not_read_is_left_out(path: Path) -> None:
    write(path, make_quote(), make_quote("NVDA"))
    with closing(Store.open(path)) as store:
        store.connection.execute("UPDATE quotes SET told = '{' WHERE symbol = 'NVDA'")
        store.connection.execute("UPDATE ticks SET price = 'much' WHERE symbol = '002837.SZ'")
    result = recall(path, [ENVICOOL, NVDA], NOW)
    assert [quote.symbol for quote in result.quotes] == [ENVICOOL]
    assert result.prices == {}
