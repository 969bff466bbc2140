"""The picker of columns and the menu of the order, by their keys."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.board import drawing
from aiwatch.board.column import of_quote
from aiwatch.board.columns import BY_KEY
from aiwatch.screens.dialogs.columns import ColumnPicker
from aiwatch.screens.dialogs.sort import SortMenu
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.reader import read_watchlists
from aiwatch.widgets.board.board import Board
from tests.screens.stage import Stage, healthy, lists, on_stage, priced

SMALL = (60, 20)
RALLY = ["603757.SS", "002837.SZ", "300870.SZ", "002536.SZ"]


def board(stage: Stage) -> Board:
    return stage.dashboard.lists.board


def shown(stage: Stage) -> list[str]:
    return [str(stock.symbol) for stock in board(stage).shown]


def head(stage: Stage) -> str:
    return stage.text("#board").splitlines()[0]


async def quoted(stage: Stage) -> None:
    """Two pairs of stocks with the same change in percent, and turnovers that differ."""
    await stage.take(
        priced("603757.SS", 101.0, 100.0, turnover=1e8, vwap=100.5),
        priced("002837.SZ", 102.0, 100.0, turnover=5e8, vwap=101.5),
        priced("300870.SZ", 101.0, 100.0, turnover=8e8, vwap=100.7),
        priced("002536.SZ", 102.0, 100.0, turnover=2e8, vwap=101.1),
        health=healthy(),
    )


async def test_a_column_is_picked_moved_and_shown_and_the_list_keeps_it() -> None:
    async with on_stage((300, 50)) as stage:
        await quoted(stage)
        before = board(stage).columns_shown
        await stage.press("C")
        assert isinstance(stage.app.screen, ColumnPicker)
        below = len(BY_KEY) - 1 - list(BY_KEY).index("vwap")
        await stage.press("G", *("k",) * below, "space")
        assert "[x] VWAP" in stage.text("#dialog")
        await stage.press(*("K",) * 24)
        await stage.press("enter")
        assert board(stage).columns_shown.index("vwap") < 4
        assert set(board(stage).columns_shown) == {*before, "vwap"}
        assert "VWAP" in head(stage)
        assert "101.50" in stage.row("002837.SZ")
        await stage.press("]")
        assert "vwap" not in board(stage).columns_shown
        await stage.press("[")
        assert "vwap" in board(stage).columns_shown


async def test_leaving_the_picker_changes_nothing_and_r_goes_back_to_the_usual() -> None:
    async with on_stage((300, 50)) as stage:
        await stage.press("C", "j", "j", "space", "escape")
        assert board(stage).columns == ()
        await stage.press("C", "space", "enter")
        assert "symbol" not in board(stage).columns_shown
        await stage.press("C", "r", "enter")
        assert board(stage).columns == ()
        assert "symbol" in board(stage).columns_shown


async def test_what_must_stay_says_why() -> None:
    async with on_stage((120, 40)) as stage:
        await stage.press("C", *("j",) * 12, "space")
        assert "Age always stays" in stage.text("#dialog-note")
        await stage.press("g", "space", "j", "space")
        assert "Name stays: a row says whose figures it shows" in stage.text("#dialog-note")


async def test_the_picker_says_what_has_no_room() -> None:
    async with on_stage(SMALL) as stage:
        await stage.press("C")
        assert stage.widths() == {60}
        assert "without room on this screen" in stage.text("#dialog-note")
        await stage.press("j", "j", "j", "j")
        row = next(line for line in stage.text("#dialog").splitlines() if "Chg   " in line)
        assert "no room" in row
        assert "Esc leaves it" in stage.text("#dialog-keys")
        await stage.resize(300, 50)
        await stage.until(lambda: "no room" not in stage.text("#dialog"))


@pytest.fixture
def mine(tmp_path: Path) -> ListFolders:
    """One list, as if it came with aiwatch, and an empty folder of one's own."""
    (tmp_path / "bundled").mkdir()
    text = '# kept\nname = "Mine"\ndescription = "One."\n\n[[stock]]\nsymbol = "NVDA"\nname = "NVIDIA"\n'
    (tmp_path / "bundled" / "mine.toml").write_text(text, "utf-8")
    return ListFolders(tmp_path / "bundled", tmp_path / "own", read_watchlists(tmp_path / "bundled").lists)


async def test_columns_chosen_are_written_into_the_list_s_file_and_undone(mine: ListFolders) -> None:
    read = await asyncio.to_thread(mine.read)
    async with on_stage((120, 40), watchlists=read.lists, list_files=mine, start_list="mine") as stage:
        await stage.press("C", "space", "enter")
        await stage.until(lambda: stage.dashboard.session.lists.lists[0].columns != ())
        assert "symbol" not in board(stage).columns_shown
        written = await asyncio.to_thread((mine.own / "mine.toml").read_text, "utf-8")
        assert written.startswith("# kept")
        assert 'columns = ["name", "last"' in " ".join(written.split()).replace("[ ", "[")
        await stage.press("z")
        await stage.until(lambda: stage.dashboard.session.lists.lists[0].columns == ())
        assert "symbol" in board(stage).columns_shown


async def test_columns_of_the_file_are_shown() -> None:
    own = replace(lists()[0], columns=("name", "turnover", "last", "pe"))
    async with on_stage((160, 45), watchlists=(own, *lists()[1:]), start_list=own.key) as stage:
        assert board(stage).columns_shown == ("name", "turnover", "last", "pe", "age")
        await stage.press("]")
        assert "change_percent" in board(stage).columns_shown


async def test_columns_and_order_are_a_list_s_own() -> None:
    async with on_stage((120, 40), start_list="named-in-the-articles") as stage:
        await stage.press("[")
        await stage.press("C")
        assert len(stage.app.screen_stack) == 1
        stage.dashboard.panels.board.action_order()
        assert len(stage.app.screen_stack) == 1


async def test_rows_stand_by_several_columns_and_the_head_numbers_them() -> None:
    async with on_stage((300, 50)) as stage:
        await quoted(stage)
        await stage.press("O")
        assert isinstance(stage.app.screen, SortMenu)
        assert "The file's order" in stage.text("#dialog-note")
        await stage.press("j", "j", "j", "enter")
        await stage.press("j", "j", "j", "enter")
        assert "By Chg % falling, then Turnover falling" in stage.text("#dialog-note")
        assert shown(stage) == ["002837.SZ", "002536.SZ", "300870.SZ", "603757.SS"]
        await stage.press("minus")
        assert shown(stage) == ["002536.SZ", "002837.SZ", "603757.SS", "300870.SZ"]
        await stage.press("1")
        assert "By Turnover rising, then Chg % falling" in stage.text("#dialog-note")
        assert shown(stage)[0] == "603757.SS"
        await stage.press("escape")
        assert "↑¹Turnover" in head(stage)
        assert "↓²Chg %" in head(stage)
        await stage.press("O", "G", "backspace", "0", "O")
        assert shown(stage) == RALLY
        assert not {"¹", "²", "↓", "↑"} & set(head(stage))


async def test_an_order_is_remembered_for_its_list() -> None:
    async with on_stage((160, 45)) as stage:
        await quoted(stage)
        await stage.press("O", *("j",) * 3, "enter", "escape")
        await stage.press("]", "s")
        assert board(stage).sort_key == "turnover"
        await stage.press("[")
        assert board(stage).order == (("change_percent", True),)
        await stage.press("]")
        assert board(stage).order == (("turnover", True),)
        await stage.press("]")
        assert board(stage).order == (("turnover", True),), "a list without an order of its own follows the newest"


async def test_a_single_key_takes_the_place_of_several() -> None:
    async with on_stage((160, 45)) as stage:
        await quoted(stage)
        await stage.press("O", *"jjj", "enter", "j", "enter", "escape")
        assert board(stage).order == (("change_percent", True), ("change", True))
        await stage.press("S")
        assert board(stage).order == (("change_percent", False), ("change", True))
        await stage.press("s")
        assert board(stage).order == (("turnover", True),)


@pytest.mark.parametrize("key", ["C", "O"])
async def test_the_dialogs_fit_a_small_screen(key: str) -> None:
    async with on_stage(SMALL) as stage:
        await stage.press(key)
        dialog = stage.app.screen.query_one("#dialog").region
        assert (dialog.right, dialog.bottom) <= SMALL
        assert stage.app.screen.query_one("#dialog-keys").region.bottom <= dialog.bottom
        rows = stage.app.screen.query_one("DialogRows").region
        assert rows.height >= 8
        await stage.press("G")
        assert list(BY_KEY.values())[-1].words in stage.text("#dialog")
        await stage.press("escape")
        assert len(stage.app.screen_stack) == 1


async def test_a_column_of_the_table_is_in_every_dialog_and_on_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "shares of a board lot"
    column = of_quote("lot", "Lot", words, drawing.count_cell, filter_names=("lot",), width=6)
    monkeypatch.setitem(BY_KEY, "lot", column)
    async with on_stage((300, 50)) as stage:
        await stage.take(priced("002837.SZ", 102.0, 100.0, lot=123), health=healthy())
        await stage.press("C", "G")
        assert any("[ ] Lot" in line and words in line for line in stage.text("#dialog").splitlines())
        await stage.press("space", "enter")
        assert "Lot" in head(stage)
        assert "123" in stage.row("002837.SZ")
        await stage.press("O", "G")
        assert words in stage.text("#dialog")
        await stage.press("enter", "escape")
        assert board(stage).order == (("lot", True),)
        assert shown(stage)[0] == "002837.SZ"
        await stage.press("/", *"lot > 100", "enter")
        assert shown(stage) == ["002837.SZ"]
        await stage.press("question_mark", "end")
        assert any("Lot " in line and words in line for line in stage.text("#help").splitlines())
