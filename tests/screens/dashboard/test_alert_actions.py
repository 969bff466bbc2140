"""Alerts on the screen: told, rung, notified, logged, re-armed, set in a dialog, and shown with the stock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import Checkbox, Input

from aiwatch.archive import LastState
from aiwatch.config.paths import bundled
from aiwatch.config.settings import AlertSettings
from aiwatch.market.symbol import parse_symbol
from aiwatch.screens.dialogs.alert_log import AlertLog
from aiwatch.screens.dialogs.alert_rules import AlertDialog, Wrong, read_number, read_rules
from aiwatch.watchlist import AlertRules, Stock, Watchlist
from aiwatch.watchlist.alerts.rules import Alert, Trigger
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.reader import read_watchlist
from tests.screens.stage import MORNING, NIGHT, Stage, on_stage, priced

SYMBOL = parse_symbol("002837.SZ")
OTHER = parse_symbol("603757.SS")
TOLD = Alert(SYMBOL, Trigger.ABOVE, 60.0, 60.5, 2, MORNING, MORNING)


def list_of(**rules: Any) -> tuple[Watchlist, ...]:
    """One list whose first stock has ``rules``."""
    stocks = Stock(SYMBOL, "Envicool", alerts=AlertRules(**rules)), Stock(OTHER, "Dayuan")
    return (Watchlist("mine", "Mine", "A list.", stocks, Path("mine.toml")),)


@asynccontextmanager
async def watching(*, size: tuple[int, int] = (160, 45), **options: Any) -> AsyncIterator[Stage]:
    """A stage that watches for a price above 60."""
    async with on_stage(size, **({"watchlists": list_of(above=60), "start_list": "mine"} | options)) as stage:
        await stage.until(lambda: stage.dashboard._is_watching)
        yield stage


def toasts(stage: Stage) -> list[tuple[str, str]]:
    """The severity and the words of every toast."""
    loud: list[tuple[str, str]] = [(toast.severity, toast.message) for toast in stage.app._notifications]
    return loud + [("information", words) for words in stage.messages[len(loud) :]]


# Telling


async def test_an_alert_is_told_once_marked_and_kept() -> None:
    saved: list[Alert] = []
    async with watching(keep_alerts=saved.extend) as stage:
        await stage.take(priced("002837.SZ", 59.9, 58.0))
        assert toasts(stage) == []
        assert "◆" not in stage.row("002837.SZ")
        await stage.take(priced("002837.SZ", 60.5, 58.0))
        await stage.take(priced("002837.SZ", 60.6, 58.0))
        assert toasts(stage) == [("warning", "Envicool 002837.SZ above 60: 60.50")]
        assert "◆ Envicool" in stage.row("002837.SZ")
        assert "above 60: fired 10:00:00 at 60.50" in stage.text("#stock")
        assert saved == [TOLD] == list(stage.dashboard.session.alerts.log)


async def test_a_price_that_is_not_just_traded_is_told_with_its_caveat() -> None:
    async with watching(clock=lambda: NIGHT) as stage:
        await stage.take(priced("002837.SZ", 60.5, 58.0))
        caveat = "market closed: price of its last session"
        assert toasts(stage) == [("information", f"Envicool 002837.SZ above 60: 60.50 ({caveat})")]


async def test_demo_prices_say_so_and_nothing_of_them_is_kept() -> None:
    async with watching(mark="DEMO") as stage:
        await stage.take(priced("002837.SZ", 60.5, 58.0))
        assert toasts(stage) == [("information", "Envicool 002837.SZ above 60: 60.50 (DEMO: simulated prices)")]
        await stage.press("L")
        assert "DEMO: not kept" in stage.text()
        assert "DEMO: simulated prices" in stage.text("#alert-rows")


async def test_what_was_told_before_a_restart_is_not_told_again_but_marked() -> None:
    async with watching(remembered=LastState(alerts=(TOLD,))) as stage:
        await stage.take(priced("002837.SZ", 61.0, 58.0))
        assert toasts(stage) == []
        assert "◆ Envicool" in stage.row("002837.SZ")


async def test_a_quote_from_memory_tells_nothing_until_a_source_confirms_it() -> None:
    quote = priced("002837.SZ", 61.0, 58.0)
    async with watching(remembered=LastState(quotes=(quote,))) as stage:
        assert toasts(stage) == []
        await stage.take(quote)
        assert len(toasts(stage)) == 1


async def test_many_alerts_at_once_are_one_toast() -> None:
    async with watching(watchlists=list_of(above=60, limit=True, change_percent=5, volume_ratio=2)) as stage:
        await stage.take(priced("002837.SZ", 63.8, 58.0, low=52.2, volume_ratio=2.5))
        ((_, message),) = toasts(stage)
        assert message.splitlines()[0] == "Envicool 002837.SZ above 60: 63.80"
        assert message.splitlines()[-1] == "and 3 more: L shows the log"
        assert len(stage.dashboard.session.alerts.log) == 6


@pytest.mark.parametrize(
    ("expected", "environment", "rings", "sequences"),
    [
        ("auto", {}, 1, []),
        ("auto", {"TERM": "xterm-kitty"}, 1, ["\x1b]99;;aiwatch: Envicool 002837.SZ above 60: 60.50\a"]),
        ("off", {"TERM": "xterm-kitty"}, 0, []),
    ],
)
async def test_the_terminal_is_told_as_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, expected: str, environment: dict[str, str], rings: int, sequences: list[str]
) -> None:
    rung: list[str] = []
    written: list[str] = []
    monkeypatch.setattr(App, "bell", lambda self: rung.append("bell"))
    monkeypatch.setattr(HeadlessDriver, "write", lambda self, data: written.append(data))
    async with watching(alerts=AlertSettings(expected), variables=environment) as stage:
        written.clear()
        await stage.take(priced("002837.SZ", 60.5, 58.0))
        assert len(rung) == rings
        assert [item for item in written if item.startswith("\x1b]")] == sequences


# The log


async def test_the_empty_log_says_how_an_alert_is_set() -> None:
    async with watching() as stage:
        await stage.press("L")
        assert "sets one" in stage.text("#alert-empty")
        await stage.press("escape")
        assert not isinstance(stage.app.screen, AlertLog)


async def test_a_rule_is_rearmed_in_the_log() -> None:
    saved: list[Alert] = []
    async with watching(keep_alerts=saved.extend) as stage:
        await stage.take(priced("002837.SZ", 60.5, 58.0))
        await stage.press("L")
        row = stage.text("#alert-rows").splitlines()[0].split()
        assert row[2:] == ["10:00:00", "002837.SZ", "above", "60:", "60.50"]
        await stage.press("x")
        assert saved == [TOLD, replace(TOLD, rearmed=True)]
        assert "re-armed" in stage.text("#alert-rows")
        await stage.press("x")
        assert toasts(stage)[-1][1].endswith("it fires again by itself in its next session")
        await stage.press("escape")
        assert "◆" not in stage.row("002837.SZ")
        assert "re-armed, waits" in stage.text("#stock")
        await stage.take(priced("002837.SZ", 60.6, 58.0), priced("002837.SZ", 59.0, 58.0))
        await stage.take(priced("002837.SZ", 60.7, 58.0))
        assert [alert.value for alert in stage.dashboard.session.alerts.log] == [60.7, 60.5]
        assert "◆" in stage.row("002837.SZ")


# The dialog


@pytest.mark.parametrize(
    ("text", "number"),
    [("", None), ("  ", None), ("60", 60.0), (" 60.5 ", 60.5), (".5", 0.5), ("5 %", 5.0), ("15,500", 15500.0)],
)
def test_a_number_is_read(text: str, number: float | None) -> None:
    assert read_number("above", text) == number


@pytest.mark.parametrize("text", ["x", "-1", "0", "1e3", "６０", "1.2.3", "nan", "%"])
def test_what_is_no_number_is_refused(text: str) -> None:
    if text == "%":
        assert read_number("above", text) is None
        return
    with pytest.raises(Wrong, match=r"must be more than 0|is no number"):
        read_number("above", text)


def test_rules_that_shut_each_other_out_are_refused() -> None:
    texts = {"above": "60", "below": "70", "change_percent": "", "volume_ratio": ""}
    with pytest.raises(Wrong, match="must be more than the price below, 70"):
        read_rules(texts, limit=False)
    assert read_rules(texts | {"below": "50"}, limit=True) == AlertRules(above=60, below=50, limit=True)


MINE = """\
# what I hold
name = "Mine"
description = "A list."
order = 0

[[stock]]
symbol = "002837.SZ"
name = "Envicool"
alerts = { above = 60, limit = true } # mine
"""


@asynccontextmanager
async def with_file(tmp_path: Path) -> AsyncIterator[tuple[Stage, Path]]:
    """A stage on a list in a file of its own."""
    path = tmp_path / "mine.toml"

    def read() -> tuple[Watchlist, ListFolders]:
        path.write_text(MINE, encoding="utf-8")
        result = read_watchlist(path)
        return result, ListFolders(bundled("watchlists"), tmp_path, (result,))

    loaded, files = await asyncio.to_thread(read)
    async with watching(watchlists=(loaded,), list_files=files) as stage:
        await stage.take(priced("002837.SZ", 59.0, 58.0))
        yield stage, path


async def written(path: Path) -> str:
    """What stands in the file."""
    return await asyncio.to_thread(path.read_text, encoding="utf-8")


async def test_the_dialog_writes_the_rules_into_the_file_and_they_are_watched(tmp_path: Path) -> None:
    async with with_file(tmp_path) as (stage, path):
        await stage.press("A")
        assert isinstance(stage.app.screen, AlertDialog)
        assert "last 59.00 CNY, limits 63.80 and 52.20" in stage.text("#prices")
        assert stage.app.screen.query_one("#above", Input).value == "60"
        assert stage.app.screen.query_one("#limit", Checkbox).value
        await stage.press(*"58.5", "tab", *"70", "enter")
        assert "Price above: must be more than the price below, 70" in stage.text("#problem")
        await stage.press("tab", *"50", "enter")
        await stage.until(
            lambda: stage.dashboard.session.lists.lists[0].stocks[0].alerts == AlertRules(58.5, 50, limit=True)
        )
        assert ("warning", "Envicool 002837.SZ above 58.5: 59.00") in toasts(stage)
        text = await written(path)
        assert "alerts = { above = 58.5, below = 50, limit = true } # mine" in text.replace(".0", "")
        assert text.startswith("# what I hold\n")


async def test_the_dialog_takes_the_rules_away(tmp_path: Path) -> None:
    async with with_file(tmp_path) as (stage, path):
        await stage.press("A")
        await stage.pilot.click("#clear")
        await stage.until(lambda: stage.dashboard.session.lists.lists[0].stocks[0].alerts is None)
        assert "alerts" not in await written(path)


async def test_a_dialog_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    async with with_file(tmp_path) as (stage, path):
        for leave in (["escape"], [*"77", "escape"], ["enter"]):
            await stage.press("A", *leave)
            await stage.until(lambda: not isinstance(stage.app.screen, AlertDialog))
        await stage.until(lambda: not any(worker.group == "alert" for worker in stage.app.workers))
        assert await written(path) == MINE


async def test_without_files_the_dialog_says_that_it_cannot_write() -> None:
    async with watching() as stage:
        await stage.press("A", *"61", "enter")
        await stage.until(lambda: bool(toasts(stage)))
        assert [words for _, words in toasts(stage)] == ["The lists cannot be edited here"]


async def test_among_all_lists_no_stock_is_chosen() -> None:
    async with watching() as stage:
        await stage.press("]", "]", "A")
        assert toasts(stage)[-1][1] == "Put the cursor on a stock of a list first"
