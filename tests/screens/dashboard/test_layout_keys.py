"""The keys of the layout: full screen and widths; and that the next start looks as the last run was left."""

from __future__ import annotations

import pytest

from aiwatch.session.layout import LEAST_SHARE, MOST_SHARE, USUAL_SHARE, Panel, ScreenLayout
from aiwatch.themes import LIGHT
from tests.screens.stage import Stage, on_stage

PANELS = {1: "board-panel", 2: "commitments-panel", 3: "stock-panel", 4: "record-panel"}


def seen(stage: Stage) -> list[int]:
    """The panels on the screen."""
    return [number for number, panel in PANELS.items() if stage.app.screen.query_one(f"#{panel}").region.area > 0]


@pytest.mark.parametrize("size", [(160, 45), (110, 30)])
async def test_a_panel_has_the_whole_screen_and_gives_it_back(size: tuple[int, int]) -> None:
    async with on_stage(size) as stage:
        for number, name in PANELS.items():
            await stage.press(str(number), "w")
            assert seen(stage) == [number]
            panel = stage.app.screen.query_one(f"#{name}")
            assert panel.region.width == size[0], name
            assert panel.region.height >= size[1] - 5, name
            await stage.press("w")
            assert seen(stage) == [1, 2, 3, 4], name


async def test_the_whole_screen_goes_to_the_panel_one_goes_to() -> None:
    async with on_stage() as stage:
        await stage.press("w", "tab")
        assert seen(stage) == [2]
        assert "▸2 Commitments" in stage.text("#narrow-tabs")
        await stage.press("escape")
        assert seen(stage) == [1]


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_where_only_one_has_room_it_has_the_screen_already(size: tuple[int, int]) -> None:
    async with on_stage(size, start_list="named-in-the-articles") as stage:
        for key in ("w", "<", ">"):
            await stage.press(key)
            assert seen(stage) == [1]
        words = stage.messages
        assert words == ["There is room for one panel only"]
        assert not stage.dashboard.panels.full
        assert stage.dashboard.panels.left_share == USUAL_SHARE


async def test_the_columns_are_made_wider_and_narrower() -> None:
    async with on_stage((200, 50)) as stage:
        left = stage.app.screen.query_one("#board-panel")
        usual = left.region.width
        for key in ("greater_than_sign", "ctrl+right"):
            before = left.region.width
            await stage.press(key)
            assert left.region.width == before + 10
        for key in ("less_than_sign", "ctrl+left", "<"):
            before = left.region.width
            await stage.press(key)
            assert left.region.width == before - 10
        await stage.press(">")
        assert left.region.width == usual


async def test_neither_column_goes() -> None:
    async with on_stage((160, 45)) as stage:
        for key, share in (("<", LEAST_SHARE), (">", MOST_SHARE)):
            await stage.press(*[key] * 12)
            assert stage.dashboard.panels.left_share == share
            assert stage.app.screen.query_one("#board-panel").region.width == round(160 * share / 100)
            assert seen(stage) == [1, 2, 3, 4]
        await stage.resize(80, 24)
        assert stage.app.screen.query_one("#board-panel").region.width == 80


async def test_every_change_is_told() -> None:
    layouts: list[ScreenLayout] = []
    async with on_stage((160, 45), keep_layout=layouts.append) as stage:
        assert layouts == []
        await stage.press("]", "v", "n", ">", "u", "3", "w")
        stage.app.theme = LIGHT.name
        await stage.settle()
    assert layouts[-1] == ScreenLayout(
        Panel.STOCK, True, 65, "hyperscalers", "pledges", "chinese", "red-up", LIGHT.name
    )


async def test_the_next_start_looks_as_the_last_run_was_left() -> None:
    stored = ScreenLayout(Panel.RECORD, True, 50, "chips", "deals", "chinese", "green-up", LIGHT.name)
    layouts: list[ScreenLayout] = []
    async with on_stage(layout=stored, keep_layout=layouts.append) as stage:
        assert seen(stage) == [4]
        assert stage.app.focused is stage.dashboard.panels.record.detail
        assert stage.dashboard.kept_layout.now() == stored
        await stage.press("w", "1")
        assert stage.dashboard.panels.board.border_title == "1 Chips"
        assert stage.app.screen.query_one("#board-panel").region.width == 80
        assert "▸Deals" in stage.text("#commitments-panel")
    assert layouts[-1].full is False


async def test_all_lists_are_remembered_too() -> None:
    async with on_stage(layout=ScreenLayout(list="*")) as stage:
        assert stage.dashboard.panels.board.border_title == "1 Lists"
        assert stage.app.focused is stage.dashboard.lists.overview


async def test_what_a_person_wrote_or_typed_goes_before_what_is_kept() -> None:
    stored = ScreenLayout(list="chips", names="chinese", colours="red-up", theme=LIGHT.name)
    options = frozenset({"start_list", "names", "colours", "theme"})
    async with on_stage(layout=stored, given=options, start_list="power") as stage:
        looks = stage.dashboard.kept_layout.now()
        assert (looks.list, looks.names, looks.colours, looks.theme) == ("power", "english", "auto", "aiwatch-dark")


async def test_what_is_not_there_any_more_is_as_usual() -> None:
    stored = ScreenLayout(list="gone", view="gone", names="gone", colours="gone", theme="gone")
    async with on_stage(layout=stored) as stage:
        assert stage.dashboard.kept_layout.now() == ScreenLayout(
            list="liquid-cooling-rally", view="all", names="english", colours="auto", theme="aiwatch-dark"
        )
