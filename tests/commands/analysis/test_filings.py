"""``aiwatch filings``, against the embedded exchange over real sockets: tables, forms, statuses, what was not had."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch.commands.analysis import filings as command
from aiwatch.commands.analysis.fetching import NOTHING, SOME
from aiwatch.commands.analysis.filings import filings
from aiwatch.config.paths import find_places
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOSTS = ("SEC", "CNINFO", "HKEX")
THREE = ("MSFT", "002837.SZ", "0700.HK")


@pytest.fixture
async def exchange(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Exchange]:
    """An exchange at the addresses that the command reads; no other host can be reached."""
    monkeypatch.setattr(command, "utc_now", lambda: NOW)
    async with Exchange(universe=universe(1), rate=0, clock=lambda: NOW) as exchange:
        for name in HOSTS:
            monkeypatch.setenv(f"AIWATCH_{name}_URL", exchange.host(name.lower()).url)
        yield exchange


async def run(*arguments: str) -> Result:
    """Run the command in a thread, as it has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, filings, [*arguments])


async def test_filings_are_printed_newest_first_and_marked_with_their_commitments(exchange: Exchange) -> None:
    result = await run(*THREE, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = json.loads(result.stdout)
    assert {row["symbol"]: row["host"] for row in rows} == dict(zip(THREE, ("SEC", "cninfo", "HKEXnews"), strict=True))
    days = [row["date"] for row in rows]
    assert days == sorted(days, reverse=True)
    assert min(days) >= "2026-10-28"
    marked = {row["symbol"]: row["ledger"] for row in rows}
    assert "C011" in marked["MSFT"]
    assert marked["002837.SZ"] == []
    assert {row["link"] for row in rows} == {None}, "nothing simulated leads to a real host"
    texts = [f"{row['publisher']} {row['title']}".casefold() for row in rows]
    assert [text for text in texts if "simulated" not in text] == []
    asked = [exchange.requests(name.lower()).value for name in HOSTS]
    assert asked == [2, 2, 2], "a number is looked up in a list, and then the filings"

    table = (await run(*THREE)).stdout
    assert table.splitlines()[0].split() == ["Date", "Symbol", "Form", "Title", "Publisher", "Ledger", "Link"]
    assert "MSFT" in table
    lines = list(csv.DictReader(io.StringIO((await run(*THREE, "--csv")).stdout)))
    assert [line["title"] for line in lines] == [row["title"] for row in rows]
    few = json.loads((await run(*THREE, "--days", "7", "--json")).stdout)
    assert few == [row for row in rows if date.fromisoformat(row["date"]) >= date(2026, 11, 20)]
    assert [exchange.requests(name.lower()).value for name in HOSTS] == asked, "what is new is kept"


async def test_headlines_are_asked_for_where_they_are_switched_on_and_wanted(
    exchange: Exchange, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await run("MSFT", "--headlines")
    assert refused.exit_code == 2
    assert "sources.yahoo_news.enabled" in refused.stderr
    settings = find_places(os.environ).settings
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[sources]\nyahoo_news.enabled = true\nsina_news.enabled = true\n", encoding="utf-8")
    for name in ("YAHOO_NEWS", "SINA_NEWS"):
        monkeypatch.setenv(f"AIWATCH_{name}_URL", exchange.host(name.lower()).url)
    assert not any(row["headline"] for row in json.loads((await run("MSFT", "--json")).stdout))
    assert exchange.requests("yahoo_news").value == exchange.requests("sina_news").value == 0
    result = await run("MSFT", "603757.SS", "--headlines", "--json")
    assert result.exit_code == 0, result.stderr
    news = [row for row in json.loads(result.stdout) if row["headline"]]
    assert {(row["symbol"], row["host"]) for row in news} >= {("MSFT", "Yahoo news"), ("603757.SS", "Sina 7×24")}
    assert all("simulated" in f"{row['title']} {row['publisher']}".casefold() for row in news)
    assert "headline" in (await run("MSFT", "--headlines")).stdout
    await exchange.fail("yahoo_news", Fault(FaultKind.STATUS, status=429))
    failed = await run("NVDA", "--headlines")
    assert failed.exit_code == SOME
    assert "NVDA: 127.0.0.1" in failed.stderr


async def test_days_without_a_filing_are_said_and_csv_keeps_its_header(exchange: Exchange) -> None:
    result = await run("NVDA", "--days", "1", "--csv")
    assert result.exit_code == 0
    assert result.stdout.split() == ["date,at,symbol,form,title,publisher,ledger,link,host,headline"]
    assert result.stderr == "Nothing was filed since 2026-11-26. Look further back with --days.\n"


async def test_a_list_and_a_ledger_that_cannot_be_read_still_give_filings(exchange: Exchange, home: Path) -> None:
    own = find_places(os.environ).ledger
    own.mkdir(parents=True)
    (own / "commitments.toml").write_text("[[commitment]\n", encoding="utf-8")
    result = await run("liquid-cooling-rally", "--json")
    assert result.exit_code == 0, result.stderr
    assert "No filing is marked" in result.stderr
    rows = json.loads(result.stdout)
    assert len({row["symbol"] for row in rows}) > 2
    assert all(row["ledger"] == [] for row in rows)


async def test_a_company_that_is_not_in_the_ledger_is_looked_up(exchange: Exchange) -> None:
    result = await run("AMD", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)
    assert exchange.tally("sec").targets[0] == "/files/company_tickers.json"


async def test_a_host_that_fails_is_named_and_the_others_are_printed(exchange: Exchange) -> None:
    await exchange.fail("sec", Fault(FaultKind.STATUS, status=403))
    await exchange.fail("hkex", Fault(FaultKind.HTML))
    result = await run(*THREE)
    assert result.exit_code == SOME
    assert "MSFT: 127.0.0.1" in result.stderr
    assert "user_agent" in result.stderr
    assert "0700.HK: 127.0.0.1" in result.stderr
    assert "002837.SZ" in result.stdout
    nothing = await run("MSFT", "9984.T")
    assert nothing.exit_code == NOTHING
    assert nothing.stdout == ""
    assert "9984.T: no host here has filings of TSE" in nothing.stderr
    await exchange.heal("sec")
    await exchange.heal("hkex")
    assert (await run(*THREE)).exit_code == 0


@pytest.mark.parametrize(("symbol", "host"), [("NOSUCH", "sec"), ("002838.SZ", "cninfo"), ("0701.HK", "hkex")])
async def test_a_code_that_a_host_does_not_know_is_said(exchange: Exchange, symbol: str, host: str) -> None:
    await exchange.fail(host, Fault(FaultKind.UNKNOWN))
    result = await run(symbol)
    assert result.exit_code == NOTHING
    assert "no company files under" in result.stderr


async def test_what_is_neither_list_nor_symbol_is_refused() -> None:
    result = await run("no such list")
    assert result.exit_code == 2
    assert "Neither a watchlist nor a symbol" in result.stderr


async def test_without_a_name_the_sec_is_not_asked(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIWATCH_SEC_URL")
    result = await run("MSFT")
    assert result.exit_code == NOTHING
    assert "sources.sec.user_agent" in result.stderr
    assert exchange.requests("sec").value == 0
