"""The Compare screen: opened on a list, its ranges and views, and words where there is nothing to compare."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from aiwatch.history.analysis.results import Comparison
from aiwatch.history.worker_questions import Answered
from aiwatch.market.bars import Range
from aiwatch.screens.comparison.screen import CompareScreen
from tests.screens.comparison.fixtures import FakeLists
from tests.screens.stage import Stage, lists, on_stage

COOLING = next(watchlist for watchlist in lists() if watchlist.key == "liquid-cooling-rally")
SYMBOLS = [stock.symbol.text for stock in COOLING.stocks]


@asynccontextmanager
async def comparing(history: FakeLists, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Stage]:
    """The dashboard on the list of four, with ``history``."""
    async with on_stage(size, list_history=history, watchlists=(COOLING,)) as stage:
        yield stage


def screen_of(stage: Stage) -> CompareScreen:
    screen = stage.app.screen
    assert isinstance(screen, CompareScreen)
    return screen


async def opened(stage: Stage) -> None:
    """Press the key, and wait for the figures."""
    await stage.press("I")
    await stage.until(lambda: isinstance(stage.app.screen, CompareScreen) and "average of" in stage.text())


async def test_a_list_is_compared_with_its_benchmark_and_left_by_the_same_key() -> None:
    history = FakeLists()
    async with comparing(history) as stage:
        await opened(stage)
        assert [symbol for symbol, _ in history.asked] == [*SYMBOLS, "000300.SS"]
        assert {span for _, span in history.asked} == {Range.YEAR}
        assert history.used == 1
        (request,) = history.requests
        assert (request.symbols, request.benchmark, request.adjusted) == (SYMBOLS, "000300.SS", True)
        text = stage.text()
        assert "14 Feb 2025 to 13 Jun 2025, 120 shared sessions" in text
        assert "average of 4" in text
        assert "Correlation of daily returns; a pair shares 119" in text
        for stock in COOLING.stocks:
            assert stock.name in text
        await stage.press("I")
        assert not isinstance(stage.app.screen, CompareScreen)


async def test_the_lines_hold_the_one_under_the_cursor() -> None:
    async with comparing(FakeLists()) as stage:
        await opened(stage)
        await stage.press("G")
        await stage.until(lambda: screen_of(stage).figures.current == SYMBOLS[-1])
        await stage.settle()
        assert "3 Feilong" in stage.text("ComparisonLines")
        await stage.press("k")
        await stage.until(lambda: f"3 {COOLING.stocks[2].name}" in stage.text("ComparisonLines"))


async def test_ranges_and_bases_are_compared_anew() -> None:
    history = FakeLists()
    async with comparing(history) as stage:
        await opened(stage)
        await stage.press("full_stop")
        await stage.until(lambda: len(history.requests) == 2)
        assert history.asked[-1][1] is Range.FIVE_YEARS
        await stage.press("full_stop", "full_stop")
        await stage.until(lambda: len(history.requests) == 3)
        assert history.requests[-1].first is None, "as far back as there is"
        await stage.press("backslash")
        await stage.until(lambda: len(history.requests) == 4)
        assert not history.requests[-1].adjusted
        await stage.until(lambda: "max · as paid" in stage.text("#compare-title"))


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_a_narrow_screen_shows_one_view_at_a_time(size: tuple[int, int]) -> None:
    async with comparing(FakeLists(), size) as stage:
        await opened(stage)
        assert "Correlation of" not in stage.text()
        assert "average of 4" in stage.text("FigureList")
        await stage.press("v")
        await stage.until(lambda: "Correlation of" in stage.text())
        assert stage.widths() == {size[0]}
        await stage.press("v")
        await stage.until(lambda: "Correlation of" not in stage.text())


async def test_what_is_done_is_said_meanwhile_and_can_be_left() -> None:
    history = FakeLists()
    history.gate.clear()
    async with comparing(history) as stage:
        await stage.press("I")
        await stage.until(lambda: "0 of 5  603757.SS" in stage.text())
        assert "4 stocks: days that are not kept are fetched first." in stage.text()
        await stage.press("escape")
        assert not isinstance(stage.app.screen, CompareScreen)
        assert history.requests == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answered(problem="The comparison failed: Yahoo: no answer within 15 s"), "no answer within 15 s"),
        (Answered(Comparison(None, None, 0, [], notes=["No session is shared by all"])), "No session is shared by all"),
    ],
)
async def test_where_nothing_came_of_it_the_screen_says_why(answer: Answered[Comparison], words: str) -> None:
    async with comparing(FakeLists(answer)) as stage:
        await stage.press("I")
        await stage.until(lambda: isinstance(stage.app.screen, CompareScreen) and words in stage.text())
        assert "Nothing to compare" in stage.text()


async def test_an_error_of_any_kind_is_words_and_r_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    history = FakeLists()
    with monkeypatch.context() as broken:
        broken.setattr(history, "compare", None)
        async with comparing(history) as stage:
            await stage.press("I")
            await stage.until(lambda: "TypeError" in stage.text())
            broken.undo()
            await stage.press("r")
            await stage.until(lambda: "shared sessions" in stage.text())


async def test_stocks_without_bars_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    history = FakeLists()
    history.problems = dict.fromkeys([*SYMBOLS, "000300.SS"], "Tencent: no connection")
    async with comparing(history) as stage:
        await opened(stage)
        assert "Tencent: no connection" in stage.text("ComparisonLines")
        await stage.resize(220, 45)
        await stage.until(lambda: "2 more could not be had" in stage.text("ComparisonLines"))


async def test_the_row_of_a_list_is_compared_too() -> None:
    history = FakeLists()
    async with comparing(history) as stage:
        stage.dashboard.lists.chosen = "*"
        await stage.settle()
        await stage.press("I")
        await stage.until(lambda: isinstance(stage.app.screen, CompareScreen))


async def test_without_history_it_is_said(said: list[str]) -> None:
    async with on_stage(watchlists=(COOLING,)) as stage:
        await stage.press("I")
        assert said == ["Price history is not kept here"]
