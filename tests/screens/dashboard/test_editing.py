"""The keys that edit lists: what they do to the files, what the screen shows then, and what it says."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, OptionList

from aiwatch.errors import Unreachable
from aiwatch.market.symbol import parse_symbol
from aiwatch.watchlist import pinyin
from aiwatch.watchlist.directory import Entry
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.reader import WatchlistFolder, read_watchlists
from tests.screens.bursts import burst
from tests.screens.stage import Stage, on_stage, shown

MINE = """\
# mine
name = "Mine"
description = "Four of my own."
order = 0

[[stock]]
symbol = "600406.SS"
name = "NARI Technology"

# the second
[[stock]]
symbol = "002028.SZ"
name = "Sieyuan Electric"
name_zh = "思源电气"

[[stock]]
symbol = "NVDA"
name = "NVIDIA"

[[stock]]
symbol = "AMD"
name = "AMD"
"""
SHIPPED = 'name = "Shipped"\ndescription = "x"\norder = 1\n\n[[stock]]\nsymbol = "0700.HK"\nname = "Tencent"\n'
FOUR = ["600406.SS", "002028.SZ", "NVDA", "AMD"]


@asynccontextmanager
async def editing(folder: Path, **options: Any) -> AsyncIterator[Stage]:
    """The screen on ``own/mine.toml`` and ``bundled/shipped.toml`` below ``folder``."""
    bundled, own = folder / "bundled", folder / "own"

    def write() -> tuple[WatchlistFolder, ListFolders]:
        for path, text in ((bundled / "shipped.toml", SHIPPED), (own / "mine.toml", MINE)):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        loaded = read_watchlists(bundled, own)
        return loaded, ListFolders(bundled, own, loaded.lists)

    loaded, files = await asyncio.to_thread(write)
    options = {"start_list": "mine", **options}
    async with on_stage((80, 24), watchlists=loaded.lists, list_files=files, **options) as stage:
        yield stage


def written(folder: Path, name: str = "own/mine") -> dict[str, Any]:
    """What stands in a list's file."""
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def in_file(folder: Path, name: str = "own/mine") -> list[str]:
    return [stock["symbol"] for stock in written(folder, name)["stock"]]


async def settled(stage: Stage, group: str = "edit") -> None:
    """Wait until nothing of ``group`` is under way."""
    await stage.until(lambda: not any(worker.group == group and not worker.is_finished for worker in stage.app.workers))


async def press(stage: Stage, *keys: str) -> None:
    await stage.press(*keys)
    await settled(stage)


async def test_d_removes_the_stock_at_once_and_z_brings_it_back(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "j", "d")
        assert shown(stage) == in_file(tmp_path) == ["600406.SS", "NVDA", "AMD"]
        assert stage.current == "NVDA", "the cursor stays on its row"
        assert said == ["Removed Sieyuan Electric (002028.SZ) from Mine · z undoes"]
        await press(stage, "z")
        assert shown(stage) == FOUR
        assert (tmp_path / "own/mine.toml").read_text(encoding="utf-8") == MINE
        assert said[-1] == "Undone: removed Sieyuan Electric (002028.SZ) from Mine"
        await press(stage, "z")
        assert said[-1] == "There is nothing to undo"


async def test_marks_have_a_sign_and_d_takes_all_of_them(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "space", "space", "k")
        assert [line.strip("│ ")[:1] for line in stage.text("#board").splitlines()[1:5]] == ["*", "»", "N", "A"]
        assert stage.dashboard.panels.board.border_subtitle == "2 marked: Esc clears"
        await press(stage, "d")
        assert in_file(tmp_path) == ["NVDA", "AMD"]
        assert said == ["Removed 2 stocks from Mine · z undoes"]
        assert stage.dashboard.panels.board.border_subtitle == ""
        await press(stage, "z")
        assert in_file(tmp_path) == FOUR


async def test_escape_and_another_list_take_the_marks_away(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        board = stage.dashboard.lists.board
        await press(stage, "space")
        assert {str(symbol) for symbol in board.picked} == {"600406.SS"}
        await press(stage, "k", "space")
        assert not board.picked
        await press(stage, "space", "escape")
        assert not board.picked
        await press(stage, "space", "]", "[")
        assert not board.picked


async def test_j_and_k_with_shift_move_the_stock_and_the_cursor_goes_with_it(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "J")
        await press(stage, "J")
        assert shown(stage) == in_file(tmp_path) == ["002028.SZ", "NVDA", "600406.SS", "AMD"]
        assert stage.current == "600406.SS"
        await press(stage, "K")
        assert in_file(tmp_path) == ["002028.SZ", "600406.SS", "NVDA", "AMD"]
        assert said == [], "what can be seen need not be said"
        assert '# the second\n[[stock]]\nsymbol = "002028.SZ"' in (tmp_path / "own/mine.toml").read_text()
        await press(stage, "z", "z", "z")
        assert in_file(tmp_path) == FOUR


async def test_marked_stocks_move_together(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "j", "space", "space", "K")
        assert in_file(tmp_path) == ["002028.SZ", "NVDA", "600406.SS", "AMD"]
        assert len(stage.dashboard.lists.board.picked) == 2, "marks stay"


@pytest.mark.parametrize(("keys", "why"), [(("s",), "sorted"), (("/", "N", "enter"), "filtered")])
async def test_moving_in_a_sorted_or_filtered_list_explains_itself(
    tmp_path: Path, keys: tuple[str, ...], why: str, said: list[str]
) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, *("slash" if key == "/" else key for key in keys), "J")
        assert in_file(tmp_path) == FOUR
        assert said[-1].startswith(f"The list is {why}: clear that")


async def test_m_moves_to_another_list_and_makes_it_ones_own(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "j", "m")
        assert "Move to" in stage.text()
        await press(stage, "enter")
        await stage.until(lambda: len(shown(stage)) == 3)
        assert in_file(tmp_path, "own/shipped") == ["0700.HK", "002028.SZ"]
        assert in_file(tmp_path) == ["600406.SS", "NVDA", "AMD"]
        assert "# the second" in (tmp_path / "own/shipped.toml").read_text()
        assert said[-1].startswith("Moved Sieyuan Electric (002028.SZ) from Mine to Shipped · z undoes\nshipped is")
        await press(stage, "z")
        assert shown(stage) == FOUR
        assert not (tmp_path / "own/shipped.toml").exists()


async def test_n_begins_a_list_and_shows_it(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "N", "enter")
        assert "A list needs a name" in stage.text()
        box = stage.app.screen.query_one("#list-name", Input)
        box.value = "mine"
        await press(stage, "enter")
        assert "There is a list called mine already" in stage.text()
        box.value = "mine two"
        await press(stage, "enter")
        await stage.until(lambda: stage.dashboard.lists.chosen == "mine-two")
        assert written(tmp_path, "own/mine-two")["name"] == "mine two"
        assert "No stock in this list" in stage.text("#board")
        await press(stage, "d")
        assert said[-1] == "There is no stock here: a adds one"
        await press(stage, "z")
        assert not (tmp_path / "own/mine-two.toml").exists()


async def test_r_renames_the_list(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "R")
        box = stage.app.screen.query_one("#list-name", Input)
        assert box.value == "Mine"
        box.value = "Yours"
        await press(stage, "enter")
        await stage.until(lambda: "▸Yours" in stage.text())
        assert (tmp_path / "own/mine.toml").read_text() == MINE.replace('"Mine"', '"Yours"')
        await press(stage, "R", "escape")
        assert len(said) == 1


async def test_among_all_lists_the_keys_are_about_lists(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "[", "R")
        assert stage.app.screen.query_one("#list-name", Input).value == "Mine"
        await press(stage, "escape", "d")
        assert "Delete Mine with 4 stocks?" in stage.text()
        await press(stage, "n")
        assert (tmp_path / "own/mine.toml").exists()
        await press(stage, "d", "y")
        await stage.until(lambda: len(stage.dashboard.session.lists.lists) == 1)
        assert said[-1] == "Deleted mine.toml · z undoes"
        await press(stage, "z")
        assert in_file(tmp_path) == FOUR
        for key in ("a", "J", "m", "space"):
            await press(stage, key)
            assert said[-1] == "Open a list first: Enter opens the one the cursor is on"


async def test_a_list_that_ships_is_not_deleted(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "[", "j", "d", "y")
        await stage.until(lambda: bool(said))
        assert said[-1].startswith("Shipped.toml ships with aiwatch and cannot be deleted. Lists of your own can")


async def test_a_file_deleted_elsewhere_comes_back_with_z(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        stage.dashboard.show_lists(await stage.dashboard.session.lists.reload())
        (tmp_path / "own/mine.toml").unlink()
        stage.dashboard.show_lists(await stage.dashboard.session.lists.reload())
        assert said == ["mine.toml is gone, and its list with it · z brings it back"]
        await press(stage, "z")
        assert in_file(tmp_path) == FOUR
        assert stage.dashboard.session.lists.lists[0].name == "Mine"


async def test_an_edit_that_cannot_be_made_is_explained(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        (tmp_path / "own/mine.toml").write_text(MINE + "oops\n")
        await press(stage, "d")
        assert said[-1].startswith(f"{tmp_path / 'own/mine.toml'}:")
        assert said[-1].endswith("Mend the file; it is as it was.")


async def test_without_files_nothing_can_be_edited(said: list[str]) -> None:
    async with on_stage() as stage:
        await press(stage, "d")
        assert said == ["The lists cannot be edited here"]


async def test_the_demo_says_that_edits_are_not_kept(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path, mark="DEMO") as stage:
        await press(stage, "d")
        [words] = said
        assert words == ("Removed NARI Technology (600406.SS) from Mine · z undoes\nedits are not kept")


async def test_the_keys_are_the_boards_alone(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "2", "d", "J", "z")
        assert in_file(tmp_path) == FOUR
        assert said == ["The ledger cannot be edited here"], "z takes back what was added to the ledger there"


# Adding


async def look_for(stage: Stage, text: str) -> None:
    """Open the dialog and type ``text`` at once."""
    await press(stage, "a")
    stage.app.screen.query_one("#add-text", Input).value = text
    await stage.pilot.pause()


def offered(stage: Stage) -> list[str]:
    target = stage.app.screen.query_one("#found", OptionList)
    return [str(option.prompt).split()[0] for option in target.options]


async def test_a_adds_what_is_known_by_name_below_the_cursor(tmp_path: Path, said: list[str]) -> None:
    async with editing(tmp_path) as stage:
        await look_for(stage, "tenc")
        assert offered(stage)[0] == "0700.HK"
        await press(stage, "enter")
        await stage.until(lambda: len(shown(stage)) == 5)
        assert in_file(tmp_path) == ["600406.SS", "0700.HK", "002028.SZ", "NVDA", "AMD"]
        assert stage.current == "0700.HK"
        assert said == ["Added Tencent (0700.HK) to Mine · z undoes"]


async def test_a_number_that_may_be_two_things_offers_both(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await look_for(stage, "000001")
        assert offered(stage) == ["000001.SZ", "000001.SS"]
        assert "000001 may mean several: choose one" in stage.text()
        assert "Shanghai, index" in stage.text()
        await press(stage, "down", "enter")
        await stage.until(lambda: len(shown(stage)) == 5)
        assert in_file(tmp_path)[1] == "000001.SS"


async def test_what_is_in_the_list_already_is_said(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await look_for(stage, "nvda")
        await press(stage, "enter")
        assert "NVIDIA is in Mine already" in stage.text()
        assert "in this list" in stage.text()
        await press(stage, "escape")
        assert in_file(tmp_path) == FOUR


async def test_pinyin_initials_find_a_chinese_name_once_they_are_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = asyncio.Event()

    async def learn(names: Sequence[str]) -> bool:
        assert "思源电气" in names
        await learnt.wait()
        monkeypatch.setitem(pinyin._learnt, "思源电气", ("sydq", "siyuandianqi"))
        return True

    async with editing(tmp_path, learn_names=learn) as stage:
        await look_for(stage, "sydq")
        assert offered(stage) == ["SYDQ"]
        learnt.set()
        await stage.until(lambda: offered(stage)[0] == "002028.SZ")


async def test_a_source_is_asked_when_typing_rests(tmp_path: Path) -> None:
    asked = []

    async def search(text: str) -> Sequence[Entry]:
        asked.append(text)
        return [Entry(parse_symbol("INTC"), "Intel", "英特尔"), Entry(parse_symbol("NVDA"), "NVIDIA Corporation")]

    async with editing(tmp_path, search=search) as stage:
        await look_for(stage, "intc")
        assert offered(stage) == ["INTC"]
        assert "use INTC as a US ticker (not checked)" in stage.text()
        await stage.until(lambda: "Intel 英特尔" in stage.text())
        assert asked == ["intc"]
        assert offered(stage) == ["INTC", "NVDA"]
        await press(stage, "enter")
        await stage.until(lambda: len(shown(stage)) == 5)
        assert written(tmp_path)["stock"][1] == {"symbol": "INTC", "name": "Intel", "name_zh": "英特尔"}


@pytest.mark.parametrize(("text", "is_added"), [("INTC", True), ("intc", True), ("ZZZQ", False)])
async def test_enter_waits_for_the_source_that_knows_the_ticker(tmp_path: Path, text: str, is_added: bool) -> None:
    async def search(_text: str) -> Sequence[Entry]:
        return [Entry(parse_symbol("INTC"), "Intel", "英特尔"), Entry(parse_symbol("TSM"), "TSMC")]

    async with editing(tmp_path, search=search) as stage:
        await burst(stage, "a", f"paste:{text}", "enter")
        if is_added:
            await stage.until(lambda: len(shown(stage)) == 5)
            assert written(tmp_path)["stock"][1]["symbol"] == "INTC"
        else:
            await stage.until(lambda: "No match for sure" in stage.text())
            assert in_file(tmp_path) == FOUR


async def test_a_source_that_cannot_be_asked_is_no_obstacle(tmp_path: Path) -> None:
    async def search(text: str) -> Sequence[Entry]:
        raise Unreachable("yahoo", f"Yahoo does not answer about {text}")

    async with editing(tmp_path, search=search) as stage:
        await look_for(stage, "tsla")
        await stage.until(lambda: "Online search failed (Yahoo does not answer about tsla)" in stage.text())
        await press(stage, "down", "enter")
        await stage.until(lambda: len(shown(stage)) == 5)
        assert "TSLA" in in_file(tmp_path)
