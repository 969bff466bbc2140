"""Where the cursor is after undoing, which stock is offered first, one convention a screen, boxes to tick."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from aiwatch.formatting.text import home_convention, in_front
from aiwatch.market.symbol import parse_symbol
from aiwatch.session.directory import is_guess
from aiwatch.session.layout import ScreenLayout
from aiwatch.session.lists import restored
from aiwatch.watchlist import ALL_LISTS, ALL_STOCKS, Stock, Watchlist
from aiwatch.watchlist.directory import Entry
from aiwatch.widgets.tick_box import TickBox
from tests.screens.dashboard.test_editing import FOUR, editing, in_file, look_for, offered, press, settled
from tests.screens.dashboard.test_pictures import fill
from tests.screens.stage import Stage, colour_in, healthy, lists, on_stage, priced, shown

# Undoing


@pytest.mark.parametrize("row", range(4))
async def test_undo_brings_the_cursor_back_to_the_row_that_came_back(tmp_path: Path, row: int) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, *["j"] * row, "d")
        assert stage.current != FOUR[row]
        await press(stage, "z")
        assert stage.current == FOUR[row]
        await press(stage, "d")
        assert in_file(tmp_path) == [text for text in FOUR if text != FOUR[row]], "the same stock goes again"


async def test_undo_goes_to_the_list_where_the_edit_was_made_and_shows_what_the_filter_hid(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "j", "space", "space", "d")
        assert shown(stage) == ["600406.SS", "AMD"]
        await press(stage, "]")
        assert stage.dashboard.lists.chosen == "shipped"
        stage.dashboard.lists.board.filter_text = "tencent"
        await press(stage, "z")
        assert stage.dashboard.lists.chosen == "mine"
        assert shown(stage) == FOUR
        assert stage.current == "002028.SZ"


async def test_undoing_what_removed_nothing_leaves_the_cursor(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "j", "J")
        await press(stage, "z")
        assert stage.current == "002028.SZ"


def a_list(key: str, *texts: str) -> Watchlist:
    stocks = tuple(Stock(parse_symbol(text), text) for text in texts)
    return Watchlist(key, key, "", stocks, Path(f"{key}.toml"))


@pytest.mark.parametrize(
    ("before", "after", "back"),
    [
        ({"a": ["AMD"]}, {"a": ["AMD", "NVDA"]}, ("a", "NVDA")),
        ({"a": ["AMD", "NVDA"]}, {"a": ["AMD"]}, None),
        ({"a": ["AMD"], "b": ["NVDA"]}, {"a": ["NVDA", "AMD"], "b": []}, ("a", "NVDA")),
        ({"a": ["AMD"]}, {"a": ["AMD"], "b": ["NVDA"]}, None),
        ({}, {}, None),
    ],
)
def test_what_came_back(
    before: dict[str, list[str]], after: dict[str, list[str]], back: tuple[str, str] | None
) -> None:
    both = [[a_list(key, *texts) for key, texts in of.items()] for of in (before, after)]
    result = restored(*both)
    assert (result and (result[0], str(result[1]))) == back


# Adding


@pytest.mark.parametrize(
    ("symbol", "name", "guess"),
    [
        ("GZMT", "", True),
        ("BRK-X", "", True),
        ("GZMT", "Guizhou", False),
        ("600519.SS", "", False),
        ("0700.HK", "", False),
        ("^FOO", "", False),
    ],
)
def test_what_is_but_a_guess(symbol: str, name: str, guess: bool) -> None:
    assert is_guess(Entry(parse_symbol(symbol), name)) is guess


async def test_a_guess_is_offered_last_and_never_chosen_by_itself(tmp_path: Path) -> None:
    async with editing(tmp_path, search=None) as stage:
        for typed in ("gzmt", "abc", "zz-b"):
            await look_for(stage, typed)
            assert offered(stage) == [typed.upper()]
            assert f"use {typed.upper()} as a US ticker (not checked)" in stage.text()
            await press(stage, "enter")
            assert "↓ chooses what is offered" in stage.text()
            assert in_file(tmp_path) == FOUR
            await press(stage, "escape")
        await look_for(stage, "amd")
        assert "not checked" not in stage.text()
        await press(stage, "escape")
        await look_for(stage, "gzmt")
        await press(stage, "down", "enter")
        await settled(stage, "ask")
        assert in_file(tmp_path)[1] == "GZMT"


# Colours


@pytest.mark.parametrize(
    ("symbols", "convention", "home", "shown_as"),
    [
        (["600519.SS", "002837.SZ"], "auto", "", "red-up"),
        (["600519.SS", "002837.SZ"], "auto", "en_US.UTF-8", "red-up"),
        (["NVDA", "0700.HK"], "auto", "zh_CN.UTF-8", "green-up"),
        (["600519.SS", "NVDA"], "auto", "zh_CN.UTF-8", "red-up"),
        (["600519.SS", "NVDA"], "auto", "zh_TW", "red-up"),
        (["600519.SS", "NVDA"], "auto", "en_GB.UTF-8", "green-up"),
        (["600519.SS", "NVDA"], "auto", "ja_JP@calendar=japanese", "red-up"),
        (["600519.SS", "NVDA"], "auto", "zh_HK.UTF-8", "green-up"),
        (["600519.SS", "NVDA"], "auto", "C", "green-up"),
        ([], "auto", "zh_CN.UTF-8", "red-up"),
        ([], "auto", "", "green-up"),
        (["600519.SS"], "green-up", "zh_CN.UTF-8", "green-up"),
        (["NVDA"], "monochrome", "", "monochrome"),
        (["NVDA"], "colour-blind", "zh_CN", "colour-blind"),
    ],
)
def test_one_convention_by_the_list_in_front(symbols: list[str], convention: str, home: str, shown_as: str) -> None:
    assert in_front(map(parse_symbol, symbols), convention, home_convention(home)) == shown_as


@pytest.mark.parametrize(("home", "gain"), [("en_US.UTF-8", "up"), ("zh_CN.UTF-8", "down")])
async def test_a_mixed_list_and_all_lists_have_one_colour_for_a_gain(tmp_path: Path, home: str, gain: str) -> None:
    quotes = [priced(text, 11.0, 10.0) for text in (*FOUR, "0700.HK")]
    async with editing(tmp_path, variables={"LANG": home}) as stage:
        await stage.take(*quotes, health=healthy())
        colour = stage.app.theme_variables[gain].lower()
        await press(stage, "G")
        for text in FOUR[:3]:
            assert colour_in(stage, "#board", "+", text) == colour
        stage.dashboard.lists.chosen = ALL_LISTS
        await stage.settle()
        assert stage.dashboard.colours_in_force == ("green-up" if gain == "up" else "red-up")
        for name in ("Mine", "Shipped"):
            assert colour_in(stage, "#overview", "+", name) == colour
        stage.dashboard.lists.open("shipped")
        await stage.settle()
        assert stage.dashboard.colours_in_force == "green-up", "a list of one market has that market's"


SIGNED = re.compile(r"[+-] ?[0-9]+[.][0-9]{2}")


def colours_of_changes(stage: Stage) -> dict[str, set[str]]:
    """The colours of all rises (``+``) and all falls (``-``) to be seen, the cursor's row and what lies lit apart."""
    colours: dict[str, set[str]] = {"+": set(), "-": set()}
    theme = stage.app.theme_variables
    sides = {theme[name].lower() for name in ("up", "down")}
    for strip in stage.strips():
        for text, style, _ in strip:
            change = SIGNED.search(text)
            colour = style.color.triplet.hex if style and style.color and style.color.triplet else ""
            if change and colour in sides:
                colours[change[0][0]].add(colour)
    return colours


@pytest.mark.parametrize(("home", "mixed"), [("zh_CN.UTF-8", "red-up"), ("ko_KR", "red-up"), ("de_DE", "green-up")])
async def test_every_panel_of_a_screen_has_the_same_colour_for_a_gain(home: str, mixed: str) -> None:
    options: dict[str, Any] = {"start_list": "named-in-the-articles", "variables": {"LANG": home}}
    async with on_stage((200, 60), **options) as stage:
        await fill(stage)
        await stage.take(priced("000300.SS", 4160.0, 4202.0), priced("^HSI", 25500.0, 25000.0), health=healthy())
        for key in (*(watchlist.key for watchlist in lists()), ALL_STOCKS, ALL_LISTS):
            stage.dashboard.lists.open(key)
            await stage.settle()
            in_force = stage.dashboard.colours_in_force
            if key in (ALL_STOCKS, ALL_LISTS):
                assert in_force == mixed
            gain, loss = ("down", "up") if in_force == "red-up" else ("up", "down")
            theme = {name: colour.lower() for name, colour in stage.app.theme_variables.items()}
            assert colours_of_changes(stage) == {"+": {theme[gain]}, "-": {theme[loss]}}, (key, in_force)


@pytest.mark.parametrize(("home", "says"), [("", True), ("C.UTF-8", True), ("POSIX", True), ("en_GB.UTF-8", False)])
async def test_the_first_start_says_which_colours_there_are_where_the_locale_does_not(home: str, says: bool) -> None:
    options: dict[str, Any] = {"layout": ScreenLayout(welcomed=False), "variables": {"LANG": home}}
    async with on_stage((160, 45), **options) as stage:
        words = " ".join(stage.text("NoticeLine").split())
        assert ("mixed lists: green is up, u changes" in words) is says
        await stage.press("escape")
        assert "green is up" not in stage.text()


# Boxes


async def test_a_box_says_by_its_signs_whether_it_is_on(tmp_path: Path) -> None:
    async with editing(tmp_path) as stage:
        await press(stage, "A")
        await stage.until(lambda: bool(stage.app.screen.query(TickBox)))
        box = stage.app.screen.query_one(TickBox)
        await stage.until(lambda: "[ ] Hits the daily limit" in stage.text())
        box.focus()
        await press(stage, "space")
        assert "[x] Hits the daily limit" in stage.text()
        await press(stage, "space")
        assert "[ ] Hits the daily limit" in stage.text()


async def test_the_column_picker_says_which_columns_are_off() -> None:
    async with on_stage((80, 24)) as stage:
        await stage.press("C")
        await stage.until(lambda: "[x] " in stage.text())
        assert "[ ] " in stage.text()
