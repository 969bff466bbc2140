"""The screen follows the watchlist files, whichever way an editor writes them."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from aiwatch.config.paths import bundled
from aiwatch.watchlist.folders import ListFolders
from aiwatch.watchlist.reader import WatchlistFolder, read_watchlists
from tests.screens.stage import Stage, on_stage, shown

POWER = """\
name = "Mine"
description = "Two of my own."
order = 0

[[stock]]
symbol = "600406.SS"
name = "NARI Technology"

[[stock]]
symbol = "002028.SZ"
name = "Sieyuan Electric"
"""
THIRD = POWER + '\n[[stock]]\nsymbol = "601179.SS"\nname = "China XD Electric"\n'


@asynccontextmanager
async def watching(folder: Path, text: str = POWER) -> AsyncIterator[Stage]:
    """The screen on the bundled lists and on ``mine.toml`` in ``folder``, which it follows."""

    def read() -> tuple[WatchlistFolder, ListFolders]:
        (folder / "mine.toml").write_text(text, encoding="utf-8")
        loaded = read_watchlists(bundled("watchlists"), folder)
        return loaded, ListFolders(bundled("watchlists"), folder, loaded.lists)

    loaded, files = await asyncio.to_thread(read)
    async with on_stage(
        watchlists=loaded.lists, list_problems=loaded.problems, list_files=files, start_list="mine"
    ) as stage:
        yield stage


def tabs(stage: Stage) -> list[str]:
    return [title for _, title in stage.dashboard.lists.tab_line.tabs]


def renamed(path: Path) -> None:
    """As vim writes: the old file moves to a backup, the text goes into a new one, the backup goes."""
    swap, backup = path.with_name(".mine.toml.swp"), path.with_name("mine.toml~")
    swap.write_bytes(b"b0VIM")
    path.rename(backup)
    path.write_text(THIRD, encoding="utf-8")
    backup.unlink()
    swap.unlink()


def truncated(path: Path) -> None:
    """As nano writes: the file is emptied and then filled."""
    with path.open("w", encoding="utf-8") as file:
        file.flush()
        for line in THIRD.splitlines(keepends=True):
            file.write(line)
            file.flush()


def replaced(path: Path) -> None:
    """As most graphical editors write: a whole new file is moved over the old one."""
    fresh = path.with_name("mine.toml.tmp")
    fresh.write_text(THIRD, encoding="utf-8")
    fresh.replace(path)


def streamed(path: Path) -> None:
    """With sed itself, which moves a new file over the old one."""
    tail = THIRD.removeprefix(POWER).replace("\n", "\\n")
    subprocess.run(["sed", "-i", f"$ s/$/{tail}/", str(path)], check=True, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("save", [renamed, truncated, replaced, streamed])
async def test_a_saved_file_is_on_the_screen_whichever_way_it_was_written(
    tmp_path: Path, save: Callable[[Path], None]
) -> None:
    async with watching(tmp_path) as stage:
        await stage.press("j")
        assert stage.current == "002028.SZ"
        generation = stage.dashboard.session.dependencies.feed.feed.generation
        await asyncio.to_thread(save, tmp_path / "mine.toml")
        await stage.until(lambda: len(shown(stage)) == 3)
        assert shown(stage)[-1] == "601179.SS"
        assert stage.current == "002028.SZ", "the cursor stays on its stock"
        assert stage.dashboard.session.dependencies.feed.feed.generation == generation + 1, "the new stock is asked for"
        assert "601179.SS" in [str(symbol) for symbol in stage.dashboard.session.dependencies.feed.feed._symbols]
        assert not stage.dashboard.session.lists.problems
        assert tabs(stage)[0] == "Mine"


async def test_a_mistake_keeps_the_list_and_is_said_with_its_line_until_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    async with watching(tmp_path) as stage:
        wrong = THIRD.replace('symbol = "002028', 'symbl = "002028').replace("601179.SS", "601179.XX")
        await asyncio.to_thread(path.write_text, wrong, encoding="utf-8")
        await stage.until(lambda: bool(stage.dashboard.session.lists.problems))
        await stage.settle()
        said = " ".join(stage.text("NoticeLine").split())
        assert "mine.toml:10: unknown key 'symbl', did you mean 'symbol'?" in said
        assert "mine.toml:14:" in said, "all problems of a file are told at once"
        assert "(mine.toml still shows its last good version)" in said
        assert shown(stage) == ["600406.SS", "002028.SZ"]
        await stage.press("]")
        assert shown(stage), "the other lists go on"
        await stage.press("[")
        await asyncio.to_thread(path.write_text, THIRD, encoding="utf-8")
        await stage.until(lambda: len(shown(stage)) == 3)
        assert not stage.dashboard.session.lists.problems
        assert not stage.dashboard.notice.display


async def test_a_removed_file_takes_its_tab_with_it_and_a_new_one_brings_one(tmp_path: Path) -> None:
    async with watching(tmp_path) as stage:
        assert tabs(stage)[0] == "Mine"
        await asyncio.to_thread((tmp_path / "mine.toml").unlink)
        await stage.until(lambda: tabs(stage)[0] == "Named in the articles")
        assert stage.dashboard.lists.chosen == "named-in-the-articles", "the list that now stands in its place is shown"
        gone = "mine.toml is gone, and its list with it · z brings it back"
        await stage.until(lambda: stage.messages == [gone])
        second = POWER.replace('"Mine"', '"Other"')
        await asyncio.to_thread((tmp_path / "other.toml").write_text, second, encoding="utf-8")
        await stage.until(lambda: tabs(stage)[1] == "Other")
        assert stage.dashboard.lists.chosen == "named-in-the-articles"


async def test_a_list_under_the_name_of_a_bundled_one_gives_it_back_when_it_goes(tmp_path: Path) -> None:
    async with watching(tmp_path) as stage:
        mine = tmp_path / "cooling.toml"
        await asyncio.to_thread(mine.write_text, POWER.replace('"Mine"', '"My cooling"'), encoding="utf-8")
        await stage.until(lambda: "My cooling" in tabs(stage))
        assert "Cooling" not in tabs(stage)
        await asyncio.to_thread(mine.unlink)
        await stage.until(lambda: "Cooling" in tabs(stage))


async def test_a_folder_that_is_made_later_is_followed_too(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    files = ListFolders(await asyncio.to_thread(bundled, "watchlists"), folder)
    async with on_stage(list_files=files) as stage:
        await asyncio.to_thread(folder.mkdir)
        await asyncio.to_thread((folder / "mine.toml").write_text, POWER, encoding="utf-8")
        await stage.until(lambda: "Mine" in tabs(stage))


async def test_other_stocks_keep_their_place_on_a_scrolled_board(tmp_path: Path) -> None:
    many = POWER + "".join(
        f'\n[[stock]]\nsymbol = "6011{number:02}.SS"\nname = "Number {number}"\n' for number in range(60)
    )
    async with watching(tmp_path, many) as stage:
        board = stage.dashboard.lists.board
        await stage.press("G", "k", "k")
        place, current = board.scroll_offset.y, stage.current
        assert place > 0
        await asyncio.to_thread((tmp_path / "mine.toml").write_text, many + THIRD[len(POWER) :], encoding="utf-8")
        await stage.until(lambda: len(shown(stage)) == 63)
        assert stage.current == current
        assert board.scroll_offset.y == place
