"""The commands of history on what is kept, with no host to be reached: what they print, and how they end."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch.commands.analysis import fetching
from aiwatch.commands.analysis.fetching import HistoryRequest
from aiwatch.commands.group import commands
from aiwatch.history.opened import HistoryParts
from aiwatch.history.results import Bars
from aiwatch.history.store import HistoryStore
from aiwatch.market.bars import Interval, Series
from aiwatch.market.symbol import Symbol
from tests.history.analysis.closes import leveraged, wave
from tests.market.bars.fixtures import daily, dividend

NOWHERE = "http://127.0.0.1:9"
COUNT = 300
TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HistoryStore]:
    for name in ("TENCENT", "SINA", "YAHOO", "ECB", "TENCENT_HISTORY", "SINA_HISTORY"):
        monkeypatch.setenv(f"AIWATCH_{name}_URL", NOWHERE)
    monkeypatch.setenv("COLUMNS", "120")
    store = HistoryStore.open(home / ".cache" / "aiwatch" / "history.sqlite3")
    yield store
    store.close()


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


def _long(symbol: str, slope: float, *, ago: int = 0) -> Series:
    """Bars of more than a year, up to the last weekday, or some days ``ago``: then hosts are asked for the others."""
    days = [day for back in range(COUNT * 2) if (day := TODAY - timedelta(days=ago + back)).weekday() < 5]
    closes = [round(close, 3) for close in leveraged(wave(COUNT), slope)]
    ex_date = TODAY - timedelta(days=40)
    return daily(closes, [dividend(ex_date, 0.5)], first=days[COUNT - 1], symbol=symbol)


def test_bars_that_are_kept_are_printed_though_no_host_answers(store: HistoryStore) -> None:
    store.write(_long("002837.SZ", 1, ago=5))
    result = _run("history", "002837.SZ")
    assert result.exit_code == 0
    assert "002837.SZ  day bars, adjusted, CNY, tencent" in result.stdout
    assert "dividend 0.5" in result.stdout
    assert f"no connection to {NOWHERE.removeprefix('http://')}" in result.stderr
    raw = json.loads(_run("history", "002837.SZ", "--raw", "--json", "--range", "max").stdout)
    adjusted = list(csv.DictReader(io.StringIO(_run("history", "002837.SZ", "--csv", "--range", "max").stdout)))
    assert len(raw) == len(adjusted) == COUNT
    assert (raw[0]["basis"], adjusted[0]["basis"]) == ("unadjusted", "adjusted")
    assert raw[0]["close"] > float(adjusted[0]["close"])
    assert raw[-1]["close"] == float(adjusted[-1]["close"])
    weeks = json.loads(_run("history", "002837.SZ", "--json", "--interval", "week", "--range", "6mo").stdout)
    assert 20 <= len(weeks) <= 28


def test_a_first_run_without_network_says_so_and_ends() -> None:
    result = _run("history", "002837.SZ", "603757.SS")
    assert result.exit_code == 4
    assert result.stdout == ""
    assert "Tencent: no connection to 127.0.0.1:9" in result.stderr
    assert "603757.SS: Tencent rests until" in result.stderr
    fetched = _run("history", "--fetch", "002837.SZ")
    assert fetched.exit_code == 4
    assert fetched.stdout == "0 of 1 symbols have bars: 0 in this range\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("history",), "Name symbols or lists to print, or --fetch a list."),
        (("history", "NVDA", "--fetch", "x"), "Name symbols or lists to print, or --fetch a list."),
        (("history", "no such thing"), "Neither a watchlist nor a symbol"),
        (("history", "NVDA", "--range", "2w"), "'2w' is not one of"),
        (("study", "NVDA"), "Missing option '--on'"),
        (("study", "NVDA", "002837.SZ", "--on", "2025-07-22"), "name the one they are studied against"),
        (("study", "NVDA", "--on", "July"), "does not match the format"),
        (("claims",), "Say what to do with them: --check"),
        (("claims", "--check", "R99"), "no claim is called 'R99'"),
        (("compare",), "Missing argument"),
    ],
)
def test_what_cannot_be_meant_is_said(arguments: tuple[str, ...], words: str) -> None:
    result = _run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_comparison_has_its_figures_in_every_form(store: HistoryStore) -> None:
    for symbol, slope in (("002837.SZ", 1.0), ("603757.SS", 1.5), ("000300.SS", 0.5)):
        store.write(_long(symbol, slope))
    text = _run("compare", "002837.SZ", "603757.SS", "--benchmark", "000300.SS", "--range", "max")
    assert text.exit_code == 0
    assert "sessions shared by all" in text.stdout
    assert "basket" in text.stdout
    comparison = json.loads(_run("compare", "002837.SZ", "603757.SS", "--json", "--raw").stdout)
    assert [row["symbol"] for row in comparison["rows"]] == ["002837.SZ", "603757.SS"]
    assert comparison["benchmark"]["symbol"] == "000300.SS"
    rows = list(csv.DictReader(io.StringIO(_run("compare", "603757.SS", "--benchmark", "none", "--csv").stdout)))
    assert rows[0]["symbol"] == "603757.SS"
    assert rows[0]["return_20"]


def test_pairs_are_correlated_with_their_number(store: HistoryStore) -> None:
    store.write(_long("002837.SZ", 1))
    store.write(_long("603757.SS", -1))
    text = _run("correlate", "002837.SZ", "603757.SS")
    assert "Correlation of daily log returns" in text.stdout
    assert "Basket" not in text.stdout, "there is none in a correlation"
    assert "-1.00" in text.stdout
    (pair,) = json.loads(_run("correlate", "002837.SZ", "603757.SS", "--weekly", "--json").stdout)
    assert (pair["symbol"], pair["other"], pair["sampled"]) == ("002837.SZ", "603757.SS", "weekly")
    assert pair["returns"] >= 50
    alone = _run("correlate", "002837.SZ")
    assert alone.exit_code == 4
    assert "Two symbols with bars are needed" in alone.stderr


def test_a_study_of_one_event_has_no_t(store: HistoryStore) -> None:
    store.write(_long("002837.SZ", 1))
    store.write(_long("603757.SS", 0.9))
    on = (TODAY - timedelta(days=60)).isoformat()
    result = _run("study", "002837.SZ", "--on", on, "--benchmark", "603757.SS")
    assert result.exit_code == 0
    assert "fewer than 10 make no test" in result.stdout
    (row,) = csv.DictReader(
        io.StringIO(_run("study", "002837.SZ", "--on", on, "--benchmark", "603757.SS", "--csv").stdout)
    )
    assert row["estimated"] == "120"
    studied = json.loads(_run("study", "002837.SZ", "--on", on, "--benchmark", "603757.SS", "--json").stdout)
    assert studied["summaries"][0]["t"] is None


def test_claims_are_held_against_kept_closes_alone_when_offline(store: HistoryStore) -> None:
    closes = [136.15, 140, 150, 160, 170, 248.5]
    store.write(daily(closes, [dividend(date(2025, 8, 12), 0.6)], first=date(2025, 8, 8), symbol="300870.SZ"))
    result = _run("claims", "--check", "r03", "--offline")
    assert result.exit_code == 0
    assert "R03 300870.SZ 82.52 %, unadjusted closes: fits one pair" in result.stdout
    assert "15 pairs tried, 2025-08-08 to 2025-08-15, tencent of 2025-09-01" in result.stdout
    assert "R03 300870.SZ 82.52 %, adjusted closes: fits none of 15" in result.stdout
    assert "a dividend of 0.6 with the ex-date 2025-08-12" in " ".join(result.stdout.split())
    rows = json.loads(_run("claims", "--check", "--offline", "--json").stdout)
    assert {row["id"]: row["verdict"] for row in rows if row["basis"] == "unadjusted"} == {
        "R01": "no closes are kept of it, and none came",
        "R02": "no closes are kept of it, and none came",
        "R03": "fits one pair",
        "R04": "no closes are kept of it, and none came",
    }


def test_without_any_closes_claims_end_with_4() -> None:
    result = _run("claims", "--check", "R01", "--offline")
    assert result.exit_code == 4
    assert "no closes are kept of it" in result.stdout


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_an_interrupted_fetch_says_how_far_it_came_and_goes_on_from_there(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    asked = []
    number = signal.Signals[name]

    async def bars_of(history: HistoryParts, symbol: Symbol, request: HistoryRequest) -> Bars:
        asked.append(symbol.text)
        if len(asked) == 2:
            os.kill(os.getpid(), number)
            await asyncio.sleep(60)
        return Bars(symbol, Interval.DAY, problem="nothing")

    monkeypatch.setattr(fetching, "_bars_of", bars_of)
    before = signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may ignore it
    try:
        result = _run("history", "--fetch", "liquid-cooling-rally")
    finally:
        signal.signal(number, before)
    assert result.exit_code == 128 + number
    assert "Interrupted: 1 of 4 are kept. Run the same command to go on from there." in result.stderr
    assert len(asked) == 2
