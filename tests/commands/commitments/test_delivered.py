"""``aiwatch ledger delivered``, against the embedded exchange: tables, forms, statuses, and what could not be had."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from aiwatch.commands.commitments import delivered as ledger_delivered
from aiwatch.commands.commitments.ledger import ledger
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.listings import universe
from aiwatch.simulator.server import Exchange
from tests.ledger.delivered.hosts import NOW


@pytest.fixture
async def exchange(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Exchange]:
    """An exchange at the addresses that the command reads; no other host can be reached."""
    monkeypatch.setattr(ledger_delivered, "utc_now", lambda: NOW)
    async with Exchange(universe=universe(1), rate=0, clock=lambda: NOW, anything=True) as exchange:
        for name, url in (("TENCENT", exchange.tencent_url), ("SINA", exchange.sina_url), ("SEC", exchange.sec_url)):
            monkeypatch.setenv(f"AIWATCH_{name}_URL", url)
        monkeypatch.setenv("AIWATCH_YAHOO_URL", exchange.yahoo_url)
        yield exchange


async def run(*arguments: str, columns: int = 120) -> Result:
    """Run the command in a thread, as it has an event loop of its own."""
    return await asyncio.to_thread(CliRunner(env={"COLUMNS": str(columns)}).invoke, ledger, [*arguments])


async def test_pledges_are_printed_beside_what_is_reported_and_asked_once(exchange: Exchange) -> None:
    result = await run("delivered")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "C011 FY2025 · Google; Microsoft; Amazon; Meta (combined) → own capex · guided" in result.stdout
    assert "16 of 16 quarters" in result.stdout
    assert "Microsoft  $" in result.stdout
    assert "fiscal year to June · SEC, filed 2025-08-04" in result.stdout
    assert "ByteDance  not listed: it reports to nobody" in result.stdout
    assert exchange.requests("sec").value == 5, "the list of numbers, then four companies"
    narrow = await run("delivered", columns=60)
    assert max(map(cell_len, narrow.stdout.splitlines())) <= 60
    assert exchange.requests("sec").value == 5, "what is new is kept"

    rows = json.loads((await run("--json", "delivered")).stdout)
    by_id = {row["id"]: row for row in rows}
    assert float(by_id["C011"]["percent"]) > 50
    assert by_id["C012"]["delivered"] is None
    assert {quarter["currency"] for quarter in by_id["C014"]["companies"][0]["quarters"]} == {"CNY"}
    table = list(csv.DictReader(io.StringIO((await run("delivered", "--csv")).stdout)))
    assert sum(row["id"] == "C011" for row in table) == 16
    assert {row["amount"] for row in table if row["name"] == "ByteDance"} == {""}
    assert (await run("delivered", "--markdown")).stdout.startswith("| id |")


async def test_a_host_that_is_down_is_named_and_the_status_says_so(exchange: Exchange) -> None:
    await exchange.fail("sec", Fault(FaultKind.STATUS, status=403))
    await exchange.fail("yahoo", Fault(FaultKind.STATUS, status=503))
    result = await run("delivered")
    assert result.exit_code == ledger_delivered.NOTHING
    assert "Alphabet: 127.0.0.1" in result.stderr
    assert "user_agent" in result.stderr
    assert "%" not in result.stdout
    assert "not known, of $320 bn" in result.stdout
    await exchange.heal("sec")
    assert (await run("delivered")).exit_code == ledger_delivered.SOME
