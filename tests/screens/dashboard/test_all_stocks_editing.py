"""Editing where the stocks of all lists stand together: each edit is made in the stock's own list."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from aiwatch.watchlist import ALL_STOCKS
from tests.screens.dashboard.test_editing import FOUR, MINE, editing, in_file, look_for, press, settled, written
from tests.screens.stage import Stage, shown

ALL = [*FOUR, "0700.HK"]


async def among_all(stage: Stage, *keys: str) -> None:
    """Go to the tab of all stocks and press ``keys`` there."""
    stage.dashboard.lists.open(ALL_STOCKS)
    await press(stage, *keys)


def is_among_all(stage: Stage) -> bool:
    return stage.dashboard.lists.chosen == ALL_STOCKS


async def test_removing_and_undoing_bring_the_cursor_back(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await among_all(stage, "j", "d")
        assert in_file(tmp_path) == ["600406.SS", "NVDA", "AMD"]
        assert said[-1] == "Removed Sieyuan Electric (002028.SZ) from Mine · z undoes"
        assert (shown(stage), stage.current) == ([text for text in ALL if text != "002028.SZ"], "NVDA")
        await press(stage, "G", "z")
        assert (tmp_path / "own/mine.toml").read_text(encoding="utf-8") == MINE
        assert (shown(stage), stage.current) == (ALL, "002028.SZ")
        assert is_among_all(stage)


async def test_marks_of_several_lists_go_and_come_back_together(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await among_all(stage, "j", "space", "G", "space", "d")
        assert in_file(tmp_path) == ["600406.SS", "NVDA", "AMD"]
        assert written(tmp_path, "own/shipped").get("stock", []) == []
        assert shown(stage) == ["600406.SS", "NVDA", "AMD"]
        assert said[-1].startswith(
            "Removed Sieyuan Electric (002028.SZ) from Mine, removed Tencent (0700.HK) from Shipped · z undoes"
        )
        await press(stage, "z")
        assert shown(stage) == ALL
        assert not (tmp_path / "own/shipped.toml").exists()
        assert stage.current == "002028.SZ"


async def test_what_cannot_be_done_in_one_list_is_done_in_none(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        (tmp_path / "own/shipped.toml").write_text("oops\n", encoding="utf-8")
        await among_all(stage, "space", "G", "space", "d")
        assert in_file(tmp_path) == FOUR
        assert "shipped.toml" in said[-1]
        await press(stage, "z")
        await stage.until(lambda: said[-1] == "There is nothing to undo")


async def test_adding_writes_below_the_stock_in_its_own_list(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        stage.dashboard.lists.open(ALL_STOCKS)
        await stage.press("j", "j")
        await look_for(stage, "0005.HK")
        assert "Mine" in stage.text()
        await press(stage, "enter")
        await settled(stage, "ask")
        assert in_file(tmp_path) == ["600406.SS", "002028.SZ", "NVDA", "0005.HK", "AMD"]
        assert stage.current == "0005.HK"
        assert is_among_all(stage)
        await press(stage, "z")
        assert shown(stage) == ALL


async def test_stocks_change_places_in_their_own_list(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await among_all(stage, "J")
        assert in_file(tmp_path) == ["002028.SZ", "600406.SS", "NVDA", "AMD"]
        assert (shown(stage)[:2], stage.current) == (["002028.SZ", "600406.SS"], "600406.SS")
        await press(stage, "z")
        assert shown(stage) == ALL


async def test_a_stock_moves_from_its_own_list_to_another(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await among_all(stage, "G", "m")
        await press(stage, "enter")
        await settled(stage, "ask")
        assert in_file(tmp_path) == [*FOUR, "0700.HK"]
        assert stage.current == "0700.HK"
        assert is_among_all(stage)
        await press(stage, "z", "g", "space", "G", "space", "m")
        await stage.until(lambda: "The marked stocks are of several lists: move those of one list at a time" in said)


async def test_alerts_are_set_in_the_stocks_own_list(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await among_all(stage, "G", "A")
        await stage.until(lambda: bool(stage.app.screen.query("#above")))
        stage.app.screen.query_one("#above", Input).value = "700"
        await press(stage, "enter")
        await settled(stage, "alert")
        await settled(stage)
        assert written(tmp_path, "own/shipped")["stock"][0]["alerts"] == {"above": 700}


async def test_keys_about_a_whole_list_ask_for_one(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        for key in ("R", "I", "C"):
            await among_all(stage, key)
            assert said.pop() == "Here stand the stocks of all lists: open one of them first"
            assert len(stage.app.screen_stack) == 1
