"""A list goes while a jump, a row or the palette still names it: another is shown, and the screen stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.screens.dashboard.screen import DashboardScreen
from aiwatch.session.layout import Panel
from aiwatch.session.navigation import Place
from aiwatch.watchlist import ALL_LISTS
from aiwatch.widgets.board.overview import Overview
from tests.screens.dashboard.test_editing import editing
from tests.screens.stage import shown


def left(screen: DashboardScreen, symbol: str = "") -> None:
    """Remember a place on a list that is gone, with the cursor on ``symbol``, and go back to it."""
    at: Symbol | None = parse_symbol(symbol) if symbol else None
    screen.session.trail.leave(Place(Panel.BOARD, "gone", at, "all", "", ""))
    screen.action_jump_back()


WAYS: dict[str, tuple[Callable[[DashboardScreen], object], str]] = {
    "a jump back stays where it is": (left, "mine"),
    "a jump back goes to the stock on another list": (lambda screen: left(screen, "0700.HK"), "shipped"),
    "a jump back to a stock that is nowhere": (lambda screen: left(screen, "TSLA"), "mine"),
    "a row of all lists": (lambda screen: screen.lists.on_overview_opened(Overview.Opened("gone")), "mine"),
    "the palette, a start, an edit": (lambda screen: screen.lists.open("gone"), "mine"),
    "all lists are always there": (lambda screen: screen.lists.open(ALL_LISTS), ALL_LISTS),
}


@pytest.mark.parametrize("way", WAYS)
async def test_another_list_is_shown_in_place_of_one_that_is_gone(way: str, tmp_path: Path) -> None:
    go, shows = WAYS[way]
    async with editing(tmp_path) as stage:
        go(stage.dashboard)
        await stage.pilot.pause()
        assert stage.app._exception is None
        assert stage.dashboard.lists.chosen == shows
        if shows == "shipped":
            assert shown(stage) == ["0700.HK"]
