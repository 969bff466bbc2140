"""``aiwatch quotes`` over real sockets against the embedded exchange."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aiwatch.commands import quotes as command
from aiwatch.config.paths import bundled
from aiwatch.config.settings import Flags
from aiwatch.market.calendar.session import Day
from aiwatch.runtime import trading_days
from aiwatch.simulator.faults import Fault, FaultKind
from aiwatch.simulator.server import Exchange
from aiwatch.watchlist import Watchlist
from aiwatch.watchlist.reader import read_watchlists

MORNING = datetime(2025, 8, 15, 2, 0, tzinfo=UTC)
KEYS = [
    "symbol",
    "name",
    "name_zh",
    "last",
    "previous_close",
    "change",
    "change_percent",
    "open",
    "high",
    "low",
    "volume",
    "turnover",
    "currency",
    "as_of",
    "received_at",
    "delay_minutes",
    "session",
    "bid",
    "ask",
    "limit_up",
    "limit_down",
    "extended",
    "extended_change_percent",
    "extended_session",
    "extended_as_of",
    "source",
    "status",
]


@pytest.fixture
def settings(home: Path) -> Path:
    """A settings file that leaves out the host that has no address in the environment."""
    path = home / "config.toml"
    path.write_text("[sources.yahoo_quote]\nenabled = false\n", encoding="utf-8")
    return path


@pytest.fixture
async def exchange(settings: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Exchange]:
    """An exchange whose prices stand still, at the addresses the command reads; no other host can be reached."""
    monkeypatch.setattr(command, "utc_now", lambda: MORNING)
    monkeypatch.setattr(trading_days, "ask_calendars", no_days)
    async with Exchange(rate=0, clock=lambda: MORNING) as exchange:
        monkeypatch.setenv("AIWATCH_TENCENT_URL", exchange.tencent_url)
        monkeypatch.setenv("AIWATCH_YAHOO_URL", exchange.yahoo_url)
        monkeypatch.setenv("AIWATCH_SINA_URL", exchange.sina_url)
        monkeypatch.setenv("AIWATCH_ECB_URL", exchange.ecb_url)
        monkeypatch.setenv("AIWATCH_CONFIG", str(settings))
        yield exchange


async def no_days(first: date, last: date) -> tuple[Day, ...]:
    """Calendars that know nothing, without the child process that would work them out."""
    return ()


def _bundled_lists() -> tuple[Watchlist, ...]:
    return read_watchlists(bundled("watchlists")).lists


async def run(*arguments: str, flags: Flags | None = None) -> Result:
    """Run the command in a thread, as it has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, command.quotes, list(arguments), obj=flags)


async def fail_everywhere(exchange: Exchange, fault: Fault) -> None:
    for host in ("tencent", "sina", "yahoo"):
        await exchange.fail(host, fault)


async def rows(*arguments: str) -> list[dict[str, Any]]:
    result = await run("--json", *arguments)
    decoded = json.loads(result.stdout)
    assert isinstance(decoded, list)
    return decoded


async def test_json_has_the_keys_of_the_format_in_their_order(exchange: Exchange) -> None:
    result = await rows("002837", "hk700", "nvda", "TYO:9984", "^HSI")
    assert [row["symbol"] for row in result] == ["002837.SZ", "0700.HK", "NVDA", "9984.T", "^HSI"]
    assert all(list(row) == KEYS for row in result)
    assert tuple(KEYS) == command.FIELDS


async def test_prices_outside_the_session_are_printed_in_every_form(exchange: Exchange, settings: Path) -> None:
    exchange.market.extended = "post"
    address = f'base_url = "{exchange.urls.yahoo}"\ncookie_url = "{exchange.urls.yahoo_cookie}"\n'
    consent = f'consent_url = "{exchange.urls.yahoo}/consent"\n'
    text = f"[sources.yahoo_quote]\nenabled = true\n{address}{consent}"
    await asyncio.to_thread(settings.write_text, text, encoding="utf-8")
    stock = exchange.market.stocks["NVDA"]
    close, last = stock.listing.previous_close / 100, stock.last / 100
    nvda, envicool = await rows("NVDA", "002837.SZ")
    change = round((last / close - 1) * 100, 2)
    label = [nvda[key] for key in ("last", "extended", "extended_change_percent", "extended_session", "extended_as_of")]
    assert label == [close, last, change, "post", "2025-08-15T02:00:00Z"]
    assert envicool["extended"] is envicool["extended_session"] is None
    table = (await run("NVDA", "002837.SZ")).stdout.splitlines()
    assert "Pre/post" in table[0]
    assert any(f"{last:.2f} {change:+.2f} % post" in line for line in table)
    (line,) = csv.DictReader(io.StringIO((await run("--csv", "NVDA")).stdout))
    assert (line["extended"], line["extended_session"]) == (f"{last:g}", "post")
    assert "Pre/post" not in (await run("002837.SZ")).stdout, "a column of nothing is left out"


async def test_json_tells_what_the_source_sent(exchange: Exchange) -> None:
    row = (await rows("002837.SZ"))[0]
    stock = exchange.market.stocks["002837.SZ"]
    assert row["name"] == "Envicool"
    assert row["name_zh"] == "英维克"
    assert row["last"] == stock.last / 100
    assert row["previous_close"] == 63.82
    assert row["change"] == pytest.approx(row["last"] - 63.82, abs=0.005)
    assert row["change_percent"] == pytest.approx(row["change"] / 63.82 * 100, abs=0.01)
    assert row["volume"] == stock.volume, "in shares"
    assert row["turnover"] == pytest.approx(stock.turnover / 100, abs=1), "in yuan"
    assert (row["limit_up"], row["limit_down"]) == (70.2, 57.44)
    assert row["currency"] == "CNY"
    assert row["as_of"] == row["received_at"] == "2025-08-15T02:00:00Z"
    assert row["delay_minutes"] == 0
    assert row["session"] == "open"
    assert row["source"] == "tencent"
    assert row["status"] == "traded"


async def test_json_types(exchange: Exchange) -> None:
    kinds = {str: ["symbol", "name", "currency", "as_of", "received_at", "session", "source", "status"]}
    for row in await rows("603757.SS", "002837.SZ", "MSFT"):
        for kind, keys in kinds.items():
            assert all(isinstance(row[key], kind) for key in keys)
        assert isinstance(row["volume"], int)
        assert isinstance(row["delay_minutes"], int)
        assert all(isinstance(row[key], int | float) for key in ("last", "previous_close", "high", "low", "change"))


async def test_what_was_not_sent_is_null(exchange: Exchange) -> None:
    tokyo, unknown = await rows("9984.T", "ZZZZ")
    assert tokyo["source"] == "yahoo"
    assert [tokyo[key] for key in ("limit_up", "limit_down", "bid", "ask", "turnover")] == [None] * 5
    assert unknown["status"] == "unknown"
    assert unknown["name"] == "ZZZZ"
    refusal = (await run("--json", "ZZZZ", "830799.BJ")).stderr
    assert "ZZZZ: no source knows it: check its spelling" in refusal
    assert "830799.BJ: no source knows it: Beijing's stocks have new codes" in refusal
    values = {"symbol", "name", "session", "status"}
    assert {key for key, value in unknown.items() if value is not None} == values


async def test_a_suspended_stock_has_no_change(exchange: Exchange) -> None:
    exchange.market.suspend("002837.SZ")
    row = (await rows("002837.SZ"))[0]
    assert (row["status"], row["change"], row["change_percent"]) == ("suspended", None, None)
    assert row["last"] == 63.82


async def test_csv(exchange: Exchange) -> None:
    result = await run("--csv", "002837.SZ", "ZZZZ")
    assert result.exit_code == command.SOME_MISSING
    lines = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(lines[0]) == KEYS
    assert [line["symbol"] for line in lines] == ["002837.SZ", "ZZZZ"]
    assert float(lines[0]["last"]) == exchange.market.stocks["002837.SZ"].last / 100
    assert lines[1]["last"] == ""
    assert "\r" not in result.stdout


async def test_the_table_is_for_people(exchange: Exchange) -> None:
    exchange.market.trade("002837.SZ", 70.20)
    result = await run("002837.SZ", "9984.T", "ZZZZ")
    head, envicool, tokyo, unknown = result.stdout.splitlines()
    assert head.split()[:4] == ["Symbol", "Name", "Last", "Change"]
    assert "As of" in head
    assert envicool.startswith("002837.SZ  Envicool 英维克")
    for words in ("70.20", "+6.38", "+10.00", " M  ", "¥", "2025-08-15 10:00:00 Shenzhen", "tencent", "traded"):
        assert words in envicool
    assert "yahoo" in tokyo
    assert "unknown" in unknown
    assert unknown.count("–") >= 6


async def test_a_watchlist_by_its_name_or_its_key(exchange: Exchange) -> None:
    for name in ("liquid-cooling-rally", "Liquid-cooling rally"):
        result = await rows("--watchlist", name)
        assert [row["symbol"] for row in result] == ["603757.SS", "002837.SZ", "300870.SZ", "002536.SZ"]
    both = await rows("-w", "power", "-w", "cooling", "603308.SS")
    assert len(both) == 6
    assert len({row["symbol"] for row in both}) == 6


async def test_without_a_name_every_list_is_priced(exchange: Exchange) -> None:
    result = await run("--json")
    assert result.exit_code == command.ALL_PRICED, result.stderr
    asked = {row["symbol"] for row in json.loads(result.stdout)}
    listed = {str(stock.symbol) for item in await asyncio.to_thread(_bundled_lists) for stock in item.stocks}
    assert asked == listed


async def test_the_status_says_how_many_were_priced(exchange: Exchange) -> None:
    assert (await run("002837.SZ", "NVDA")).exit_code == 0
    assert (await run("002837.SZ", "ZZZZ")).exit_code == 3
    assert (await run("ZZZZ")).exit_code == 4


async def test_a_source_that_is_down_is_told_and_the_other_prices(exchange: Exchange) -> None:
    await exchange.fail("tencent", Fault(FaultKind.STATUS, status=500))
    result = await run("--json", "002837.SZ")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["source"] == "sina"
    assert f"{exchange.tencent_url.removeprefix('http://')}: HTTP 500" in result.stderr


async def test_with_every_source_down_nothing_is_made_up(exchange: Exchange) -> None:
    await fail_everywhere(exchange, Fault(FaultKind.REFUSE))
    result = await run("--json", "002837.SZ", "9984.T")
    assert result.exit_code == 4
    decoded = json.loads(result.stdout)
    assert [(row["last"], row["status"]) for row in decoded] == [(None, "not answered")] * 2
    assert "no connection to 127.0.0.1" in result.stderr


async def test_a_line_that_cannot_be_is_refused_and_told(exchange: Exchange) -> None:
    for host, code in (("tencent", "sz002837"), ("sina", "sz002837"), ("yahoo", "002837.SZ")):
        await exchange.fail(host, Fault(FaultKind.ZERO_PRICE, symbol=code))
    result = await run("--json", "002837.SZ", "603757.SS")
    assert result.exit_code == 3
    assert json.loads(result.stdout)[0]["last"] is None
    assert "002837.SZ: refused: " in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2837.SZ"], ["symbol '2837.SZ'", "six digits", "002837.SZ, 600519.SS, 0700.HK, NVDA, BRK-B, 9984.T"]),
        (["000001"], ["000001.SZ, a share in Shenzhen", "write 000001.SZ or sz000001"]),
        (["ABC.XX"], ["no exchange with the suffix .XX"]),
        (["--watchlist", "coling"], ["no watchlist is called 'coling'", "cooling", "liquid-cooling-rally"]),
        (["--json", "--csv", "NVDA"], ["--json and --csv exclude each other"]),
    ],
)
async def test_what_cannot_be_asked_is_said_before_anything_is(
    exchange: Exchange, arguments: list[str], words: list[str]
) -> None:
    result = await run(*arguments)
    assert result.exit_code == 2
    assert all(word in result.stderr for word in words)
    assert result.stdout == ""
    assert exchange.requests("tencent").value == exchange.requests("yahoo").value == 0


async def test_the_users_own_watchlists_count(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("lists")
    text = 'name = "Mine"\ndescription = "x"\n[[stock]]\nsymbol = "AMD"\nname = "My AMD"\n'
    await asyncio.to_thread((folder / "mine.toml").write_text, text, encoding="utf-8")
    result = await run("--json", "-w", "mine", flags=Flags(watchlists=str(folder)))
    assert [row["name"] for row in json.loads(result.stdout)] == ["My AMD"]
