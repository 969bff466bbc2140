"""Filings as a dashboard reads them: kept ones at once, what comes as it comes, problems once with whom they are of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aiwatch.errors import Unreachable
from aiwatch.history.filings.service import FilingReports
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.filings import MOST_ROWS, FilingsReader, ShownFilings
from tests.ledger.bundled import bundled_ledger
from tests.screens.filings.given import FakeHosts

ORACLE, ENVICOOL, SOFTBANK = map(parse_symbol, ("ORCL", "002837.SZ", "9984.T"))
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(name="time")
def _time() -> Time:
    return Time()


@pytest.fixture(name="hosts")
def _hosts(tmp_path: Path, time: Time) -> FakeHosts:
    bundled_ledger()  # read before the event loop is guarded
    return FakeHosts(tmp_path / "filings", time)


def _reader(hosts: FakeHosts) -> FilingsReader:
    return FilingsReader(hosts.open, bundled_ledger)


async def test_the_first_look_asks_and_the_next_begins_with_what_is_kept(hosts: FakeHosts, time: Time) -> None:
    seen: list[ShownFilings] = []
    shown = await _reader(hosts).read((ORACLE, ENVICOOL), seen.append, settled=0)
    assert [(row.filing.symbol, row.filing.form) for row in shown.rows] == [
        ("ORCL", "8-K"),
        ("002837.SZ", "8-K"),
        ("ORCL", "10-Q"),
        ("002837.SZ", "10-Q"),
    ]
    assert seen[0] == ShownFilings(is_asking=True)
    assert seen[-1] == shown
    assert not shown.is_asking
    time.now += timedelta(hours=2)
    seen.clear()
    await _reader(hosts).read((ORACLE,), seen.append, settled=0)
    assert (len(seen[0].rows), seen[0].is_asking) == (2, True), "kept, while the host is asked"
    assert hosts.asked == ["ORCL", "002837.SZ", "ORCL"]


async def test_a_filing_is_marked_by_the_ledger_of_the_moment(hosts: FakeHosts) -> None:
    shown = await _reader(hosts).read((ORACLE, ENVICOOL), lambda shown: None, settled=0)
    marked = {(row.filing.symbol, row.filing.form): row.records for row in shown.rows}
    ledger = bundled_ledger()
    nearest = ledger.commitments[marked["ORCL", "8-K"][0]]
    names = {ledger.entities[party].name for party in (*nearest.payers, *nearest.recipients)}
    assert {"OpenAI", "Oracle"} <= names
    assert marked["002837.SZ", "8-K"], "its title names a party"
    assert marked["002837.SZ", "10-Q"] == ()


async def test_a_problem_is_said_once_with_whom_it_is_of(hosts: FakeHosts, time: Time) -> None:
    await _reader(hosts).read((ORACLE,), lambda shown: None, settled=0)
    hosts.error = Unreachable("data.sec.gov", "no connection")
    time.now += timedelta(hours=2)
    item = await _reader(hosts).read((ORACLE,), lambda shown: None, settled=0)
    (words,) = item.problems
    assert words.startswith("data.sec.gov: no connection · shown as listed on 2")
    assert len(item.rows) == 2
    few = await _reader(hosts).read((SOFTBANK, parse_symbol("MSFT")), lambda shown: None, settled=0)
    assert set(few.problems) == {"9984.T: no host here has filings of TSE", "MSFT: data.sec.gov: no connection"}
    many = tuple(map(parse_symbol, ("AMD", "MSFT", "META", "AMZN")))
    assert (await _reader(hosts).read(many, lambda shown: None, settled=0)).problems == (
        "4 stocks: data.sec.gov: no connection",
    )


async def test_the_newest_rows_are_shown_and_no_more(hosts: FakeHosts) -> None:
    symbols = tuple(parse_symbol(f"A{letter}{second}") for letter in "ABCDEFGHIJKLMNOP" for second in "ABCDEFGHIJKLMN")
    shown = await _reader(hosts).read(symbols, lambda shown: None, settled=0)
    assert len(shown.rows) == MOST_ROWS < 2 * len(symbols)
    assert [row.filing.moment for row in shown.rows] == sorted((r.filing.moment for r in shown.rows), reverse=True)


async def test_a_slip_of_our_own_is_said_too() -> None:
    async def broken() -> FilingReports:
        raise OSError("no room")

    shown = await FilingsReader(broken, bundled_ledger).read((ORACLE,), lambda shown: None, settled=0)
    assert (shown.problems, shown.is_asking) == (("OSError: no room",), False)
