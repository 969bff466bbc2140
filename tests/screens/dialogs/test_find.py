"""Finding a stock anywhere: by every name it has, on the lists, in the ledger, online; and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.widgets import OptionList

from aiwatch.errors import Unreachable
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import LOOKED_UP, pinyin
from aiwatch.watchlist.directory import Entry
from tests.screens.dashboard.test_editing import FOUR, editing, in_file, press
from tests.screens.stage import Stage, on_stage


def offered(stage: Stage) -> list[str]:
    """The symbols of the rows."""
    rows = stage.app.screen.query_one("#found", OptionList)
    return [str(option.prompt).split()[0] for option in rows.options]


async def typed(stage: Stage, text: str) -> None:
    """Open the dialog and type ``text``, a key a letter."""
    await stage.press("f")
    await stage.press(*("space" if letter == " " else letter for letter in text))


async def go_to(stage: Stage, symbol: str) -> None:
    """Open the dialog, type ``symbol``, and choose the row below the first."""
    await typed(stage, symbol)
    await stage.press("down", "enter")
    await stage.until(lambda: stage.current == symbol)


def board_title(stage: Stage) -> str:
    """The list that is shown."""
    return stage.dashboard.panels.board.border_title or ""


@pytest.mark.parametrize(
    ("text", "symbol", "tab"),
    [
        ("nvda", "NVDA", "Chips"),
        ("600406", "600406.SS", "Looked up"),
        ("Moon", "000811.SZ", "Named in the articles"),
        ("英维克", "002837.SZ", "Named in the articles"),
        ("foundry", "2330.TW", "Chips"),
        ("invic", "002837.SZ", "Named in the articles"),
    ],
    ids=["symbol", "in no list", "English", "Chinese", "role", "as an article prints it"],
)
async def test_enter_goes_to_the_stock_wherever_it_is(text: str, symbol: str, tab: str) -> None:
    async with on_stage(start_list="power") as stage:
        await typed(stage, text)
        assert offered(stage)[0] == symbol
        await stage.press("enter")
        assert stage.current == symbol
        assert tab in board_title(stage)


async def test_pinyin_and_its_initials_find_a_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    async def learn(names: Sequence[str]) -> bool:
        monkeypatch.setitem(pinyin._learnt, "英维克", ("ywk", "yingweike"))
        return "英维克" in names

    async with on_stage(start_list="power", learn_names=learn) as stage:
        for text in ("ywk", "yingw"):
            await typed(stage, text)
            assert offered(stage)[0] == "002837.SZ"
            await stage.press("escape")


async def test_a_stock_of_no_list_comes_to_a_list_that_is_written_nowhere(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        followed = stage.dashboard.session.lists.followed
        assert parse_symbol("INTC") not in followed()
        for text in ("INTC", "TSM"):
            await go_to(stage, text)
        lists = stage.dashboard.session.lists
        assert stage.dashboard.lists.chosen == LOOKED_UP
        assert [stock.symbol.text for stock in lists.lists[-1].stocks] == ["INTC", "TSM"]
        assert parse_symbol("INTC") in followed()
        await lists.reload()
        assert lists.lists[-1].key == LOOKED_UP
        await press(stage, "d")
        assert [stock.symbol.text for stock in lists.lists[-1].stocks] == ["INTC"]
        await press(stage, "d")
        assert LOOKED_UP not in stage.dashboard.lists.keys
        assert in_file(tmp_path) == FOUR
        assert [path.name for path in (tmp_path / "own").iterdir()] == ["mine.toml"]


async def test_the_list_of_those_looked_up_takes_more_and_has_columns(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await typed(stage, "INTC")
        await stage.press("down", "enter")
        await stage.press("a", "T", "S", "M", "enter")
        lists = stage.dashboard.session.lists
        await stage.until(lambda: [stock.symbol.text for stock in lists.lists[-1].stocks] == ["INTC", "TSM"])
        await press(stage, "C", "space", "enter")
        await stage.until(lambda: bool(stage.dashboard.lists.columns_of(LOOKED_UP)))
        assert stage.dashboard.kept_layout.now().list != LOOKED_UP, "the next start is on a list of a file"
        assert in_file(tmp_path) == FOUR


async def test_a_looked_up_stock_moves_to_a_list_of_a_file(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await go_to(stage, "INTC")
        await press(stage, "K")
        await stage.until(lambda: bool(said))
        assert said[-1] == "This list stands in no file: m moves a stock to a list that does"
        await press(stage, "m", "enter")
        await stage.until(lambda: LOOKED_UP not in stage.dashboard.lists.keys)
        assert in_file(tmp_path) == [*FOUR, "INTC"]


async def test_a_on_a_row_adds_the_stock_to_the_list_in_front(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await typed(stage, "tencent")
        await stage.press("down", "a")
        await stage.until(lambda: len(in_file(tmp_path)) == 5)
        assert in_file(tmp_path) == [*FOUR, "0700.HK"]
        await stage.until(lambda: stage.current == "0700.HK")
        await typed(stage, "tencent")
        await stage.press("down", "a")
        assert "Tencent is in Mine already" in stage.text()


async def test_letters_on_a_row_and_up_from_the_first_go_back_to_the_box() -> None:
    async with on_stage() as stage:
        await typed(stage, "nv")
        await stage.press("down", "i")
        assert stage.app.screen.query_one("#add-text").has_focus
        assert stage.app.screen.choice.box.value == "nvi"  # type: ignore[attr-defined]
        await stage.press("down", "up")
        assert stage.app.screen.query_one("#add-text").has_focus


async def test_a_source_is_asked_last_and_may_fail(tmp_path: Path) -> None:
    async def search(text: str) -> Sequence[Entry]:
        if text == "rivian":
            return [Entry(parse_symbol("RIVN"), "Rivian")]
        raise Unreachable("yahoo", "cannot reach query1.finance.yahoo.com")

    async with editing(tmp_path, search=search) as stage:
        await typed(stage, "rivian")
        await stage.until(lambda: offered(stage)[:1] == ["RIVN"])
        await stage.press("down", "enter")
        assert stage.current == "RIVN"
        await typed(stage, "tenc")
        await stage.until(lambda: "Online search failed (cannot reach" in stage.text())
        assert offered(stage)[0] == "0700.HK"
        await stage.press("escape")


async def test_b_goes_back_from_what_was_found() -> None:
    async with on_stage(start_list="power") as stage:
        before = (stage.dashboard.lists.chosen, stage.current)
        await typed(stage, "nvda")
        await stage.press("enter")
        await stage.until(lambda: stage.current == "NVDA")
        await stage.press("b")
        await stage.until(lambda: (stage.dashboard.lists.chosen, stage.current) == before)
