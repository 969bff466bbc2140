"""How the screen was left: written whole, read strictly, and never in the way of the screen."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from aiwatch.config.paths import find_places
from aiwatch.config.settings import Flags, Settings
from aiwatch.runtime.archive import layout_of_demo, opened_layout, recall_layout
from aiwatch.runtime.load import load_all
from aiwatch.session import layout as module
from aiwatch.session.layout import LayoutKeeper, Panel, ScreenLayout, layout_at_start, read_layout, write_layout

ONE = ScreenLayout(Panel.STOCK, True, 45, "power", "deals", "chinese", "red-up", "nord")


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "layout.json"


def test_what_is_written_is_read(path: Path) -> None:
    write_layout(path, ONE)
    assert read_layout(path) == (ONE, "")
    write_layout(path, ScreenLayout())
    assert read_layout(path) == (ScreenLayout(), "")
    assert [file.name for file in path.parent.iterdir()] == ["layout.json"]


def test_no_file_is_no_problem_but_a_first_start(path: Path) -> None:
    assert read_layout(path) == (ScreenLayout(welcomed=False), "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "not a layout: Input data was truncated"),
        (b"{", "not a layout: Input data was truncated"),
        (b"\xff\x00", "not a layout: JSON is malformed: invalid character (byte 0)"),
        (b"[]", "not a layout: Expected `object`, got `array`"),
        (b'{"panel": 9}', "not a layout: Invalid enum value 9 - at `$.panel`"),
        (b'{"left_share": 5}', "not a layout: Expected `int` >= 30 - at `$.left_share`"),
        (b'{"left_height": -1}', "not a layout: Expected `int` >= 0 - at `$.left_height`"),
        (b'{"list": 1}', "not a layout: Expected `str`, got `int` - at `$.list`"),
    ],
)
def test_a_broken_file_is_told_and_nothing_of_it_used(path: Path, text: bytes, why: str) -> None:
    path.parent.mkdir()
    path.write_bytes(text)
    assert read_layout(path) == (ScreenLayout(), f"{path}: {why}; the screen looks as usual")


def test_what_another_version_kept_too_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"panel": 2, "later": {"x": 1}}')
    assert read_layout(path) == (ScreenLayout(panel=Panel.COMMITMENTS), "")


def test_a_file_of_before_there_were_heights_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"panel": 1, "full": false, "left_share": 55, "list": "chips"}')
    assert read_layout(path) == (ScreenLayout(left_share=55, list="chips"), "")


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    layout, problem = read_layout(path)
    assert layout == ScreenLayout()
    assert problem.startswith(f"{path}: cannot be read: ")


async def test_the_newest_is_written_when_it_is_left(path: Path) -> None:
    async with LayoutKeeper(path, wait=3600) as keeper:
        keeper.keep(ScreenLayout(panel=Panel.COMMITMENTS))
        keeper.keep(ONE)
        await asyncio.sleep(0)
        assert not await asyncio.to_thread(path.exists)
    assert await asyncio.to_thread(read_layout, path) == (ONE, "")


async def test_it_is_also_written_while_the_screen_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = asyncio.Event()
    loop = asyncio.get_running_loop()

    def write(to: Path, layout: ScreenLayout) -> None:
        write_layout(to, layout)
        loop.call_soon_threadsafe(written.set)

    monkeypatch.setattr(module, "write_layout", write)
    async with LayoutKeeper(path, wait=0) as keeper, asyncio.timeout(20):
        for layout in (ONE, ScreenLayout(panel=Panel.RECORD)):
            keeper.keep(layout)
            await written.wait()
            written.clear()
            assert await asyncio.to_thread(read_layout, path) == (layout, "")


async def test_nothing_told_is_nothing_written(path: Path) -> None:
    async with LayoutKeeper(path, wait=0):
        pass
    assert not await asyncio.to_thread(path.exists)


async def test_a_folder_that_cannot_be_written_is_told_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    async with LayoutKeeper(tmp_path / "state" / "layout.json", wait=3600) as keeper:
        keeper.keep(ONE)
    assert "the layout cannot be kept: " in keeper.trouble


async def test_a_run_begins_with_what_the_last_one_left(home: Path) -> None:
    def recalled() -> tuple[ScreenLayout, str] | None:
        return recall_layout(load_all(Flags()))

    read = await asyncio.to_thread(load_all, Flags())
    async with opened_layout(read, await asyncio.to_thread(recalled)) as stored:
        assert (stored.layout, stored.troubles()) == (ScreenLayout(welcomed=False), ())
        stored.keep(ONE)
    assert await asyncio.to_thread(recalled) == (ONE, "")
    places = find_places({"XDG_STATE_HOME": str(home / ".local/state")})
    assert places.layout == home / ".local/state/aiwatch/layout.json"
    await asyncio.to_thread(places.layout.write_text, "broken")
    async with opened_layout(read, await asyncio.to_thread(recalled)) as stored:
        assert "layout.json: not a layout: " in stored.troubles()[0]
    settings = home / ".config/aiwatch/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("remember_layout = false\n")
    assert await asyncio.to_thread(recalled) is None
    async with opened_layout(read, None) as stored:
        stored.keep(ScreenLayout(panel=Panel.COMMITMENTS))
    assert places.layout.with_name("layout.json.bad").read_text() == "broken"
    assert not places.layout.exists()


async def test_a_demo_welcomes_who_has_seen_no_screen_yet_and_keeps_nothing(home: Path) -> None:
    read = await asyncio.to_thread(load_all, Flags())
    for seen in (False, True):
        async with opened_layout(read, await asyncio.to_thread(layout_of_demo, read), keeps=False) as stored:
            assert stored.layout == ScreenLayout(welcomed=seen)
            stored.keep(ONE)
        assert await asyncio.to_thread(read.places.layout.exists) is seen
        async with opened_layout(read, await asyncio.to_thread(recall_layout, read)) as stored:
            stored.keep(stored.layout)


KEPT = ScreenLayout(Panel.RECORD, True, 50, "chips", "deals", "chinese", "green-up", "nord")
LISTS, VIEWS = ("power", "chips", "*"), ("all", "deals")


@pytest.mark.parametrize(
    ("options", "stored", "start"),
    [
        ({}, KEPT, KEPT),
        ({}, replace(KEPT, list="*"), replace(KEPT, list="*")),
        (
            {},
            replace(KEPT, list="gone", view="gone", names="gone", colours="gone"),
            replace(KEPT, list="power", view="all", names="english", colours="auto"),
        ),
        ({"start_list"}, KEPT, replace(KEPT, list="power")),
        ({"names", "colours"}, KEPT, replace(KEPT, names="english", colours="auto")),
    ],
)
def test_the_screen_begins_as_it_was_left_unless_a_person_says_otherwise(
    options: set[str], stored: ScreenLayout, start: ScreenLayout
) -> None:
    settings = replace(Settings(), start_list="power", given=frozenset(options))
    assert layout_at_start(stored, settings, LISTS, VIEWS) == start
