"""The chart of a list: the basket of its stocks against its benchmark, beside all lists and over the whole screen."""

from __future__ import annotations

import pytest

from aiwatch.screens.comparison.screen import CompareScreen
from aiwatch.screens.dashboard.chart import list_loading
from aiwatch.watchlist import ALL_LISTS
from tests.screens.comparison.fixtures import FakeLists
from tests.screens.dashboard.chart.charting import History, chart_of, charting, drawn
from tests.screens.stage import Stage, focused


async def _lists(stage: Stage) -> None:
    """Show all lists, and wait for the chart of the first."""
    stage.dashboard.lists.chosen = ALL_LISTS
    stage.dashboard.panels.board.front.focus()
    await stage.until(lambda: "average of" in stage.text("#chart"))


def _key(stage: Stage) -> str:
    return stage.dashboard.lists.overview.current


async def test_beside_all_lists_stands_the_basket_of_the_cursors_against_its_benchmark() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        await _lists(stage)
        panel, first = stage.dashboard.panels.stock, _key(stage)
        watchlist = stage.dashboard.session.lists.get(first)
        assert watchlist is not None
        assert panel.watchlist == watchlist
        assert watchlist.name in stage.text("#stock-panel").splitlines()[0]
        assert "Figures" not in stage.text("#stock-panel").splitlines()[0], "figures and ledger are a stock's"
        await stage.until(lambda: history.asked[-1][0] == str(watchlist.benchmark))
        text = stage.text("#chart")
        count = len(watchlist.stocks)
        assert f"1 average of all {count}" in text
        assert "2 CSI 300" in text
        await stage.resize(200, 60)
        await stage.until(lambda: "equal weight, rebalanced daily" in stage.text("#chart"))
        await stage.press("j")
        await stage.until(lambda: _key(stage) != first and panel.watchlist is not watchlist)
        assert panel.watchlist is not None
        assert panel.watchlist.name in stage.text("#stock-panel").splitlines()[0]


async def test_a_stock_takes_the_place_of_the_list_again() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        before = stage.text("#stock-panel").splitlines()[0]
        await _lists(stage)
        stage.dashboard.lists.chosen = "liquid-cooling-rally"
        await stage.until(lambda: "average of" not in stage.text("#chart") and "candles" in stage.text("#chart"))
        assert stage.text("#stock-panel").splitlines()[0] == before
        assert stage.dashboard.panels.stock.watchlist is None


async def test_i_shows_the_lists_chart_over_the_screen_and_up_and_down_go_through_the_lists() -> None:
    history = History()
    async with charting(history, (120, 36)) as stage:
        await drawn(stage)
        await _lists(stage)
        await stage.press("i")
        assert stage.app.screen.query_one("#stock-panel").region.width == 120
        assert focused(stage) == "chart"
        assert "average of" in stage.text("#chart")
        first = _key(stage)
        await stage.press("j")
        await stage.until(lambda: _key(stage) != first)
        await stage.until(lambda: "average of" in stage.text("#chart"))
        await stage.press("k", "i")
        assert _key(stage) == first
        assert focused(stage) == "overview"


async def test_minutes_of_a_list_are_not_shown_and_it_is_said() -> None:
    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        await _lists(stage)
        await stage.press("comma", "comma")
        await stage.until(lambda: "A list is shown over days" in stage.text("#chart"))
        assert ". shows a longer range" in stage.text("#chart")
        await stage.press("full_stop")
        await stage.until(lambda: "average of" in stage.text("#chart"))
        assert "candles" not in stage.text("#chart"), "a basket has closes alone"


async def test_days_that_no_source_has_are_said_and_what_is_kept_stays() -> None:
    history = History(asked="Tencent: no connection")
    async with charting(history, (200, 60)) as stage:
        await drawn(stage)
        await _lists(stage)
        await stage.until(lambda: "more could not be had" in stage.text("#chart"))
        assert "Tencent: no connection" in stage.text("#chart")


async def test_without_any_days_the_chart_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(stored="nothing", asked="Tencent: no connection")
    async with charting(history, (160, 45)) as stage:
        stage.dashboard.lists.chosen = ALL_LISTS
        await stage.until(lambda: "tried again in a minute" in stage.text("#chart"))
        assert "Tencent: no connection" in stage.text("#chart")


async def test_an_unexpected_failure_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*arguments: object) -> None:
        raise RuntimeError("out of order")

    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        monkeypatch.setattr(list_loading, "kept_basket", broken)
        stage.dashboard.lists.chosen = ALL_LISTS
        await stage.until(lambda: "RuntimeError: out of order" in stage.text("#chart"))


async def test_the_key_of_comparisons_opens_the_screen_that_compares_the_list() -> None:
    async with charting(History(), (160, 45), list_history=FakeLists()) as stage:
        await drawn(stage)
        await _lists(stage)
        await stage.press("equals_sign")
        await stage.until(lambda: isinstance(stage.app.screen, CompareScreen))


async def test_a_live_price_of_the_stock_before_does_not_draw_over_the_list() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        await _lists(stage)
        await stage.until(lambda: "Loading" not in stage.text("#chart"))
        drawn_before = chart_of(stage).drawn
        stage.dashboard.actions.chart._move()
        await stage.settle()
        assert chart_of(stage).drawn == drawn_before


async def test_without_history_the_panel_stays_with_its_stock() -> None:
    async with charting(None, (160, 45)) as stage:
        stage.dashboard.lists.chosen = ALL_LISTS
        await stage.settle()
        assert stage.dashboard.panels.stock.watchlist is None
        await stage.press("i")
        await stage.until(lambda: "Price history is not kept here" in stage.text("#stock-panel"))
