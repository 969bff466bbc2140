"""The keys that narrow and sort the board."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from textual.widgets import Input

from aiwatch.board.columns import USUAL
from aiwatch.market.quote import Quote
from aiwatch.watchlist import ALL_LISTS, pinyin
from aiwatch.widgets.board.lists_view import SORTS
from aiwatch.widgets.filter_box import FilterTrouble
from tests.screens.stage import Stage, board_title, focused, healthy, on_stage, priced, shown

NARROW = (80, 24)
RALLY = ["603757.SS", "002837.SZ", "300870.SZ", "002536.SZ"]


async def test_the_filter_narrows_while_it_is_typed() -> None:
    async with on_stage() as stage:
        await stage.press("slash")
        assert isinstance(stage.app.focused, Input)
        await stage.press(*"pump")
        assert shown(stage) == ["603757.SS", "002536.SZ"]
        assert "300870.SZ" not in stage.text("#board")
        await stage.press("enter")
        assert focused(stage) == "board"
        assert shown(stage) == ["603757.SS", "002536.SZ"]
        assert "pump" in stage.text("#board-panel"), "a filter that is on can be seen"
        await stage.press("escape")
        assert shown(stage) == RALLY
        assert focused(stage) == "board"


async def test_the_filter_compares_columns_and_follows_the_quotes() -> None:
    async with on_stage() as stage:
        await stage.take(*rally(), health=healthy())
        await stage.press("slash", *"change% > 1 and turnover > 2亿", "enter")
        assert shown(stage) == ["002837.SZ", "300870.SZ"]
        await stage.take(
            priced("300870.SZ", 240.0, 240.0, turnover=0.8e9), priced("603757.SS", 49.0, 47.14, turnover=3e8)
        )
        assert shown(stage) == ["603757.SS", "002837.SZ"]
        await stage.press("escape")
        assert shown(stage) == RALLY


async def test_what_is_wrong_with_a_filter_stands_under_it_and_the_last_good_one_stays() -> None:
    async with on_stage(NARROW) as stage:
        await stage.take(*rally(), health=healthy())
        await stage.press("slash", *"change%")
        assert shown(stage) == RALLY, "the name of a column is no word to look for while it is typed"
        assert "a column is compared, as in change% > 3" in stage.text("FilterTrouble")
        await stage.press(*" > 5")
        assert shown(stage) == ["002837.SZ"]
        assert not any(line.display for line in stage.dashboard.query(FilterTrouble))
        await stage.press(*" and turnovr > 1")
        said = " ".join(stage.text("FilterTrouble").split())
        assert said.startswith("character 17: 'turnovr' is no column; did you mean 'turnover'?")
        assert "still “change% > 5" in said
        assert shown(stage) == ["002837.SZ"]
        await stage.press("enter", "escape")
        assert shown(stage) == RALLY
        assert not any(line.display for line in stage.dashboard.query(FilterTrouble))


async def test_the_filter_finds_chinese_names_by_pinyin_once_that_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "_learnt", {})
    asked: list[str] = []
    may_go = asyncio.Event()

    async def learn(names: Sequence[str]) -> bool:
        asked.extend(names)
        await may_go.wait()
        await asyncio.to_thread(pinyin.learn_here, names)
        return True

    async with on_stage(learn_names=learn) as stage:
        await stage.press("slash", *"yingwei")
        assert shown(stage) == [], "not learnt yet"
        may_go.set()
        await stage.until(lambda: bool(shown(stage)))
        assert {"英维克", "大元泵业"} <= set(asked)
        stage.dashboard.lists.filter_box.value = "ywk"
        await stage.pilot.pause()
        assert shown(stage) == ["002837.SZ"]


async def test_the_bottom_row_names_no_key_that_would_be_typed() -> None:
    async with on_stage() as stage:
        assert "/ filter" in stage.text("KeyLine")
        await stage.press("slash", "x")
        await stage.settle()
        named = stage.text("KeyLine").split()
        assert "F3" in named
        assert not [key for key in named if len(key) == 1]
        box = stage.text("FilterBox")
        assert box.startswith(" x"), "it begins where the rows do"


async def test_escape_leaves_the_filter_while_typing() -> None:
    async with on_stage() as stage:
        await stage.press("slash", "x", "y")
        assert "No stock matches “xy”" in stage.text("#board")
        await stage.press("escape")
        assert shown(stage) == RALLY
        assert focused(stage) == "board"
        assert stage.dashboard.lists.filter_box.region.area == 0


async def test_an_empty_filter_goes_away_with_enter() -> None:
    async with on_stage() as stage:
        await stage.press("slash", "enter")
        assert stage.dashboard.lists.filter_box.region.area == 0
        assert focused(stage) == "board"


async def test_letters_typed_into_the_filter_are_no_keys() -> None:
    async with on_stage() as stage:
        await stage.press("slash", *"q1nup?]s")
        assert stage.dashboard.lists.filter_box.value == "q1nup?]s"
        assert stage.app.is_running
        assert stage.dashboard.panels.convention == "auto"
        assert board_title(stage) == "1 Liquid-cooling rally"


async def test_the_filter_finds_chinese_names_and_printed_ones() -> None:
    async with on_stage() as stage:
        for typed, result in (("英维", "002837.SZ"), ("oulutong", "300870.SZ"), ("3757", "603757.SS")):
            await stage.press("slash")
            stage.dashboard.lists.filter_box.value = typed
            await stage.pilot.pause()
            assert shown(stage) == [result]
            await stage.press("escape")


@pytest.mark.parametrize(
    ("typed", "lists", "stocks"),
    [
        ("himile", ["named-in-the-articles", "power"], ["002595.SZ"]),
        ("power", ["power"], []),
        ("英维克", ["named-in-the-articles", "liquid-cooling-rally"], ["002837.SZ"]),
        ("nothing of that name", [], []),
    ],
)
async def test_a_filter_in_all_lists_searches_all_of_them(typed: str, lists: list[str], stocks: list[str]) -> None:
    async with on_stage(NARROW, start_list="named-in-the-articles") as stage:
        panel = stage.dashboard.lists
        await stage.press("[")
        every = rows(stage)
        await stage.press("3", "slash")
        panel.filter_box.value = typed
        await stage.pilot.pause()
        assert stage.dashboard.panels.front == 1
        assert panel.chosen == ALL_LISTS, "no other tab is opened"
        assert set(rows(stage)) >= set(lists)
        assert bool(rows(stage)) is bool(lists)
        assert ("No list has a stock that matches" in stage.text()) is not bool(lists)
        await stage.press("enter")
        assert stage.app.focused is panel.front
        if stocks:
            await stage.press("enter")
            assert panel.chosen in lists
            assert shown(stage) == stocks, "the list that is opened shows what was looked for"
            panel.chosen = ALL_LISTS
        await stage.press("escape")
        panel.chosen = ALL_LISTS
        await stage.pilot.pause()
        assert rows(stage) == every


def rows(stage: Stage) -> list[str]:
    """The keys of the lists in the rows of all of them."""
    return [option.id for option in stage.dashboard.lists.overview.options if option.id]


async def test_a_filter_of_all_lists_that_cannot_be_read_is_explained() -> None:
    async with on_stage(NARROW) as stage:
        stage.dashboard.lists.chosen = ALL_LISTS
        await stage.settle()
        every = rows(stage)
        await stage.press("slash")
        stage.dashboard.lists.filter_box.value = "change% > "
        await stage.pilot.pause()
        assert stage.dashboard.lists.query_one(FilterTrouble).has_class("-shown")
        assert rows(stage) == every


async def test_the_sort_key_takes_columns_that_are_shown_alone() -> None:
    for size in ((60, 20), NARROW, (100, 30), (160, 45)):
        async with on_stage(size) as stage:
            await stage.take(*rally(), health=healthy())
            board = stage.dashboard.lists.board
            walked = []
            for _ in range(len(USUAL) + 1):
                await stage.press("s")
                walked.append(board.sort_key)
                if not board.sort_key:
                    break
            visible = board.columns_shown
            first = [key for key in SORTS if key in visible]
            assert walked == [*first, *(key for key in visible if key not in SORTS), ""]


async def test_sorting_walks_through_the_columns_and_back_to_the_file() -> None:
    async with on_stage((200, 50)) as stage:
        await stage.take(*rally(), health=healthy())
        orders = {}
        for key in SORTS[1:]:
            await stage.press("s")
            assert stage.dashboard.lists.board.sort_key == key
            orders[key] = shown(stage)
        assert orders["change_percent"] == ["002837.SZ", "300870.SZ", "603757.SS", "002536.SZ"]
        assert orders["turnover"] == ["002536.SZ", "300870.SZ", "002837.SZ", "603757.SS"]
        assert orders["to_limit"][0] == "002837.SZ"
        assert orders["symbol"] == sorted(RALLY)


async def test_the_order_turns_round_and_the_head_says_so() -> None:
    async with on_stage((200, 50)) as stage:
        await stage.take(*rally(), health=healthy())
        await stage.press("s")
        head = stage.text("#board").splitlines()[0]
        assert "↓Chg %" in head
        before = shown(stage)
        await stage.press("S")
        assert shown(stage) == before[::-1]
        assert "↑Chg %" in stage.text("#board").splitlines()[0]


async def test_sorting_keeps_the_cursor_on_its_stock() -> None:
    async with on_stage() as stage:
        await stage.take(*rally(), health=healthy())
        await stage.press("j", "s")
        assert stage.current == "002837.SZ"
        assert stage.row("002837.SZ").lstrip().startswith("▌")


def rally() -> list[Quote]:
    """The four stocks of the rally; Envicool is at its limit."""
    return [
        priced("603757.SS", 47.61, 47.14, turnover=0.1e9),
        priced("002837.SZ", 63.82, 58.02, turnover=0.5e9),
        priced("300870.SZ", 248.5, 240.0, turnover=0.8e9),
        priced("002536.SZ", 29.0, 29.62, turnover=1.4e9),
    ]


async def test_the_arrows_go_from_list_to_list_as_they_go_from_view_to_view() -> None:
    async with on_stage((80, 24), start_list="power") as stage:
        titles = []
        for key in ("right", "l", "left", "h", "left", "left"):
            await stage.press(key)
            titles.append(board_title(stage))
        assert titles == [
            "1 Cooling",
            "1 Liquid-cooling rally",
            "1 Cooling",
            "1 Power",
            "1 Named in the articles",
            "1 Lists",
        ]
        await stage.press("right")
        assert board_title(stage) == "1 Named in the articles", "from the rows of all lists too"
