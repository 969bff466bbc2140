"""The chart of the selected stock: its view, the whole screen, what is said while bars come, and what it is compared
with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from aiwatch.history.results import Bars
from aiwatch.market.bars import Basis, Interval, Range, Series
from aiwatch.market.symbol import Symbol, parse_symbol
from aiwatch.screens.dashboard.chart import loading
from aiwatch.session.layout import Panel, ScreenLayout
from aiwatch.widgets.chart.chart import Chart
from tests.screens.stage import MORNING, Stage, on_stage, priced
from tests.widgets.chart.fixtures import NOW, SHANGHAI, walk


class History:
    """Bars under the test's control: those ``kept``, and those that hosts give once ``gate`` is open."""

    def __init__(self, kept: str = "", asked: str = "", wait: float = 27_000) -> None:
        self.problems = {"kept": kept, "asked": asked}
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[tuple[str, Range]] = []
        self.used = 0
        self.breaks = 0
        self.notices: tuple[str, ...] = ()
        self.unknown: dict[str, str] = {}
        self._wait = wait

    def _bars(self, symbol: Symbol, count: int, problem: str) -> Bars:
        problem = self.unknown.get(str(symbol), problem)
        if problem:
            return Bars(symbol, Interval.DAY, problem=problem, next_try=MORNING + timedelta(seconds=self._wait))
        bars = walk(count)
        series = Series(
            symbol=symbol,
            interval=Interval.DAY,
            source="tencent",
            basis=Basis.UNADJUSTED,
            zone=SHANGHAI,
            as_of=NOW,
            bars=(*bars[:-1], bars[-1]._replace(final=False)),
            complete_from=date(2025, 1, 1),
        )
        return Bars(symbol, Interval.DAY, series, notices=self.notices)

    async def kept(self, symbol: Symbol, span: Range) -> Bars:
        return replace(self._bars(symbol, 40, self.problems["kept"]), is_kept=True, notices=())

    async def bars(self, symbol: Symbol, span: Range) -> Bars:
        self.asked.append((str(symbol), span))
        await self.gate.wait()
        self.breaks -= 1
        if self.breaks >= 0:
            raise RuntimeError("out of order")
        return self._bars(symbol, 120, self.problems["asked"])

    async def note_use(self) -> None:
        self.used += 1


@asynccontextmanager
async def charting(history: History | None, size: tuple[int, int] = (120, 36), **more: Any) -> AsyncIterator[Stage]:
    """The screen with ``history``."""

    async def open_history() -> History:
        assert history is not None
        return history

    async with on_stage(size, history=open_history if history else None, **more) as stage:
        await stage.take(priced("002837.SZ", 60.0, 58.02))
        yield stage


def chart_of(stage: Stage) -> Chart:
    chart = stage.dashboard.panels.stock.chart
    assert chart is not None
    return chart


async def drawn(stage: Stage) -> None:
    """Wait until there are bars on the chart."""
    await stage.until(lambda: "Tencent" in stage.text("#stock-panel"))


def area(stage: Stage, name: str) -> int:
    return stage.app.screen.query_one(f"#{name}-panel").region.area


async def test_the_chart_is_the_first_view_and_the_next_ones_are_by_the_key_of_views() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        panels = stage.dashboard.panels
        assert "▸Chart  Figures  Ledger" in stage.text("#stock-panel")
        await stage.press("3")
        assert stage.app.focused is chart_of(stage)
        await stage.press("v")
        assert panels.stock.chart is None
        assert stage.app.focused is panels.stock.figures
        assert "SSE main" in stage.text("#stock")
        await stage.press("v")
        assert "touching its sector" in stage.text("#stock").splitlines()[0]
        assert "SSE main" not in stage.text("#stock")
        await stage.press("V", "V")
        assert stage.app.focused is chart_of(stage)
        await stage.press("1", "v")
        assert "▸Chart" in stage.text("#stock-panel"), "elsewhere the key is about the ledger's views"
        assert "▸Pledges" in stage.text("#commitments-panel")


async def test_a_click_on_a_name_shows_that_view() -> None:
    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        frame = stage.text("#stock-panel").splitlines()[0]
        await stage.pilot.click("#stock-panel", offset=(cell_len(frame[: frame.index("Figures")]) + 2, 0))
        await stage.until(lambda: "▸Figures" in stage.text("#stock-panel"))


async def test_without_history_there_is_no_view_of_it_and_the_key_says_why() -> None:
    async with charting(None) as stage:
        assert "▸Figures  Ledger" in stage.text("#stock-panel")
        await stage.press("i")
        await stage.until(lambda: "Price history is not kept here" in stage.text("#stock-panel"))
        await stage.press("i")
        assert "SSE main" in stage.text("#stock")


async def test_i_shows_the_chart_over_the_screen_and_goes_back() -> None:
    history = History()
    async with charting(history) as stage:
        await drawn(stage)
        before, panels = stage.current, stage.dashboard.panels
        await stage.press("i")
        assert stage.app.screen.query_one("#stock-panel").region.width == 120
        assert panels.front is Panel.STOCK
        assert stage.app.focused is chart_of(stage)
        assert history.asked[0] == (before, Range.YEAR)
        assert history.used >= 1
        await stage.press("i")
        assert panels.front is Panel.BOARD
        assert stage.app.focused is panels.board.board
        assert stage.app.screen.query_one("#board-panel").region.area > 0


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
@pytest.mark.parametrize(
    ("keys", "front", "is_full"),
    [
        (("i", "1"), Panel.BOARD, False),
        (("i", "tab"), Panel.RECORD, False),
        (("2", "i", "i"), Panel.COMMITMENTS, False),
        (("3", "v", "i", "escape"), Panel.STOCK, False),
        (("i", "w"), Panel.STOCK, False),
        (("2", "w", "i", "4"), Panel.RECORD, True),
        (("i", "v"), Panel.STOCK, False),
    ],
)
async def test_leaving_the_chart_gives_the_screen_back(
    size: tuple[int, int], keys: tuple[str, ...], front: Panel, is_full: bool
) -> None:
    told: list[ScreenLayout] = []
    async with charting(History(), size, keep_layout=told.append) as stage:
        await drawn(stage)
        await stage.press(*keys)
        panels, is_narrow = stage.dashboard.panels, size[0] < 100
        assert not panels.stock.is_whole
        assert (panels.front, panels.full) == (front, is_full and not is_narrow)
        seen = [name for name in ("board", "commitments", "stock", "record") if area(stage, name)]
        if is_narrow:
            with_chart = {"board", "stock"} if front is Panel.BOARD else set()
            assert set(seen) == with_chart or seen == [front.name.lower()]
        else:
            assert len(seen) == (1 if is_full else 4)
        assert (stage.dashboard.kept_layout.now().panel, stage.dashboard.kept_layout.now().full) == (
            panels.front,
            panels.full,
        )


async def test_the_chart_over_the_screen_is_not_kept_but_views_and_looks_are() -> None:
    told: list[ScreenLayout] = []
    async with charting(History(), (160, 45), keep_layout=told.append) as stage:
        await drawn(stage)
        await stage.press("i", "full_stop", "vertical_line", "backslash")
        await stage.settle()
    assert told[-1] == ScreenLayout(
        list="liquid-cooling-rally",
        view="all",
        names="english",
        colours="auto",
        theme="aiwatch-dark",
        chart_range="ytd",
        chart_candles=False,
        chart_adjusted=False,
    )
    kept = replace(told[-1], chart_range="1mo", stock_view="ledger")
    async with charting(History(), (160, 45), layout=kept) as stage:
        assert "▸Ledger" in stage.text("#stock-panel")
        await stage.press("i")
        await drawn(stage)
        assert "▸1M" in stage.text("#chart")
        assert (chart_of(stage).view.candles, chart_of(stage).view.adjusted) == (False, False)


async def test_a_range_or_a_view_that_is_none_is_as_usual() -> None:
    async with charting(History(), (160, 45), layout=ScreenLayout(stock_view="gone", chart_range="2y")) as stage:
        await drawn(stage)
        assert "▸6M" in stage.text("#chart")


async def test_escape_leaves_the_crosshair_then_the_chart_then_the_panel() -> None:
    async with charting(History()) as stage:
        await drawn(stage)
        await stage.press("3", "i", "left")
        assert chart_of(stage).cursor_at is not None
        await stage.press("escape")
        assert chart_of(stage).cursor_at is None
        assert stage.dashboard.panels.stock.is_whole
        await stage.press("escape")
        assert not stage.dashboard.panels.stock.is_whole
        assert stage.dashboard.panels.front is Panel.STOCK
        await stage.press("escape")
        assert stage.dashboard.panels.front is Panel.BOARD


async def test_keys_of_the_chart_count_from_the_board_and_only_while_there_is_one() -> None:
    async with charting(History(), (160, 45)) as stage:
        await drawn(stage)
        assert ", . range" in stage.text("#chart")
        await stage.press("vertical_line", "full_stop")
        assert stage.app.focused is stage.dashboard.panels.board.board
        assert (chart_of(stage).view.has_candles, chart_of(stage).range) == (False, Range.YEAR_TO_DATE)
        await stage.press("3")
        assert ", . range" in stage.text("KeyLine")
        await stage.press("3", "v")
        assert ", . range" not in stage.text("KeyLine")
        await stage.press("full_stop", "shift+left")
        assert stage.dashboard.panels.stock.look.range == "ytd"


async def test_up_and_down_in_the_chart_go_through_the_list() -> None:
    history = History()
    async with charting(history) as stage:
        await drawn(stage)
        await stage.press("i", "j")
        assert stage.current == "002837.SZ"
        await stage.until(lambda: history.asked[-1][0] == "002837.SZ")
        await stage.press("up")
        assert stage.current == "603757.SS"


async def test_what_is_kept_is_there_before_a_host_answers() -> None:
    history = History()
    history.gate.clear()
    async with charting(history) as stage:
        await drawn(stage)
        await stage.until(lambda: "kept, as of" in stage.text("#chart"))
        history.gate.set()
        await stage.until(lambda: "kept" not in stage.text("#chart"))


@pytest.mark.parametrize("wait", [40, 4000])
async def test_without_bars_it_says_why_and_when_it_is_tried_again_and_tries(
    monkeypatch: pytest.MonkeyPatch, wait: int
) -> None:
    history = History(kept="nothing", asked="Tencent: no connection", wait=wait)
    slept: list[float] = []
    again = asyncio.Event()

    async def pause(seconds: float) -> None:
        slept.append(seconds)
        await again.wait()

    monkeypatch.setattr(loading, "sleep", pause)
    async with charting(history) as stage:
        await stage.until(lambda: "Tencent: no connection" in stage.text("#stock-panel"))
        when = (MORNING + timedelta(seconds=wait)).astimezone()
        form = "%H:%M:%S" if wait == 40 else "%H:%M"
        assert f"next try at {when:{form}}" in stage.text("#chart")
        assert slept == [wait]
        history.problems["asked"] = ""
        again.set()
        monkeypatch.undo()
        await stage.until(lambda: "Tencent ·" in stage.text("#chart"))


async def test_an_unexpected_failure_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    again = asyncio.Event()

    async def pause(seconds: float) -> None:
        await again.wait()

    monkeypatch.setattr(loading, "sleep", pause)
    history = History(kept="nothing")
    history.breaks = 1
    async with charting(history) as stage:
        await stage.until(lambda: "RuntimeError: out of order" in stage.text("#stock-panel"))
        assert "next try at" in stage.text("#chart")
        monkeypatch.undo()
        again.set()
        await drawn(stage)


async def test_kept_bars_stay_with_the_failure_beside_them() -> None:
    history = History()
    history.notices = ("Yahoo: no answer in time", "Kept, as of 14 Aug 2025 (tencent)")
    async with charting(history, (160, 45)) as stage:
        await stage.until(lambda: "Yahoo: no answer in time" in stage.text("#chart"))
        text = stage.text("#chart")
        assert "kept, as of 15 Aug" in text
        assert "next try at" in text
        assert "Kept, as of 14" not in text


async def test_a_host_that_hangs_is_named_as_such_and_keys_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SLOW", 0.05)
    history = History(kept="nothing")
    history.gate.clear()
    async with charting(history) as stage:
        await stage.until(lambda: "each host is given 15 s" in stage.text("#chart"))
        await stage.press("j")
        assert stage.current == "002837.SZ"
        history.gate.set()
        await drawn(stage)


async def test_the_live_price_moves_the_last_bar_and_is_not_kept() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        for last in (41.5, 42.25):
            quote = priced("603757.SS", last, 40.0, open=40.5, high=43.0, low=40.0, volume=10_000)
            await stage.take(replace(quote, as_of=NOW))
            stage.dashboard.actions.chart._move()
            await stage.settle()
            assert f"{last:.2f}" in stage.text("#chart").splitlines()[0]
        drawn_before = chart_of(stage).drawn
        stage.dashboard.actions.chart._move()
        await stage.settle()
        assert chart_of(stage).drawn == drawn_before, "a price that stays draws nothing"


async def test_walking_quickly_asks_hosts_for_where_it_ends() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        history.asked.clear()
        await stage.press("j", "j", "j")
        await stage.until(lambda: bool(history.asked) and history.asked[-1][0] == "002536.SZ")
        assert [symbol for symbol, _ in history.asked if symbol == "300870.SZ"] == []
        assert "Loading" not in stage.text("#chart")


async def test_a_chart_that_is_not_to_be_seen_asks_nothing() -> None:
    history = History()
    async with charting(history, layout=ScreenLayout(stock_view="figures")) as stage:
        await stage.press("j", "k")
        assert history.asked == []
    async with charting(history, (80, 24)) as stage:
        await drawn(stage)
        history.asked.clear()
        await stage.press("2")
        stage.dashboard.select(parse_symbol("002837.SZ"))
        await stage.settle()
        assert history.asked == []
        await stage.press("3")
        await stage.until(lambda: history.asked[-1][0] == "002837.SZ")


@pytest.mark.parametrize(("size", "rows"), [((160, 45), 20), ((200, 60), 20), ((100, 30), 8), ((80, 24), 5)])
async def test_the_board_has_the_rows_of_its_list_and_the_chart_the_rest(size: tuple[int, int], rows: int) -> None:
    async with charting(History(), size) as stage:
        await drawn(stage)
        board, chart = stage.dashboard.panels.board.board, chart_of(stage)
        assert board.size.height == 1 + 4
        assert chart.size.height >= rows
        await stage.press("]")
        await stage.settle()
        needed = 1 + len(stage.dashboard.lists.symbols)
        assert board.size.height == needed or board.region.height >= (size[1] - 2) // 4


async def test_where_too_few_rows_are_left_the_board_has_them_all() -> None:
    async with charting(History(), (80, 20)) as stage:
        assert stage.app.screen.query_one("#stock-panel").region.area == 0
        assert stage.app.screen.query_one("#board-panel").region.height == 17


@pytest.mark.parametrize(
    ("keys", "span"), [((), Range.YEAR), (("full_stop", "full_stop", "full_stop"), Range.FIVE_YEARS)]
)
async def test_a_longer_range_is_asked_for(keys: tuple[str, ...], span: Range) -> None:
    history = History()
    async with charting(history) as stage:
        await drawn(stage)
        await stage.press(*keys)
        await stage.until(lambda: history.asked[-1][1] is span)


async def test_the_chart_is_compared_with_what_is_chosen_and_no_longer() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        await stage.press("equals_sign", "enter")
        await stage.until(lambda: "2 CSI 300" in stage.text("#chart"))
        assert history.asked[-1][0] == "000300.SS"
        await stage.press("j")
        await stage.until(lambda: "1 Envicool" in stage.text("#chart") and "2 CSI 300" in stage.text("#chart"))
        await stage.press("equals_sign", *"MSFT", "enter")
        await stage.until(lambda: "2 Microsoft" in stage.text("#chart"))
        await stage.press("equals_sign", *"average", "enter")
        await stage.until(lambda: "average of all 4" in stage.text("#chart"))
        await stage.press("equals_sign", "enter")
        await stage.until(lambda: "2 " not in stage.text("#chart").splitlines()[1])
        await stage.press("equals_sign", "escape")
        assert "candles" in stage.text("#chart")


async def test_what_cannot_be_compared_is_said() -> None:
    history = History()
    history.unknown = {"000300.SS": "Tencent: no connection"}
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        await stage.press("equals_sign", "enter")
        await stage.until(lambda: "not compared with CSI 300: Tencent: no connection" in stage.text("#chart"))


async def test_a_stock_selected_meanwhile_has_its_own_bars() -> None:
    history = History()
    async with charting(history, (160, 45)) as stage:
        await drawn(stage)
        another = next(
            stock.symbol for stock in stage.dashboard.lists.board.shown if stock.symbol.text != stage.current
        )
        stage.dashboard.select(another)
        await stage.until(lambda: history.asked[-1][0] == str(another))
